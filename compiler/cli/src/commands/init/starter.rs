//! A starter profile that runs as it stands, on an estate.

use crate::arguments::init::Init;
use crate::files;
use crate::run::Run;
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity};
use serde_json::json;
use std::io::ErrorKind;

/// The files of a starter profile.
const FILES: &[(&str, &str)] = &[("estate.json", include_str!("estate.json")), ("main.hcl", include_str!("main.hcl"))];

/// Writes them.
pub fn run(arguments: &Init, run: &mut Run) -> Result<Exit, Reported> {
    let directory = &arguments.directory;
    let paths: Vec<_> = FILES.iter().map(|(name, text)| (directory.join(name), text)).collect();
    for (path, _) in paths.iter().filter(|(path, _)| path.symlink_metadata().is_ok()) {
        in_the_way(path, run);
    }
    run.diagnostics.check()?;
    std::fs::create_dir_all(directory).map_err(|error| run.unwritable(directory, &error))?;
    for (path, text) in &paths {
        files::write_new(path, |file| file.write_all(text.as_bytes())).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => in_the_way(path, run),
            _ => run.unwritable(path, &error),
        })?;
    }
    if run.json {
        let files: Vec<String> = paths.iter().map(|(path, _)| path.display().to_string()).collect();
        run.document(json!({"format": "ordain.init/1", "files": files}))?;
        return Ok(Exit::Fine);
    }
    let written: String = paths.iter().map(|(path, _)| format!("Wrote {}.\n", path.display())).collect();
    run.print(&format!("{written}\nNext: ordain plan {}\n", directory.display()))?;
    Ok(Exit::Fine)
}

/// Reports a file that would be overwritten.
pub fn in_the_way(path: &std::path::Path, run: &mut Run) -> Reported {
    let diagnostic = Diagnostic::new(
        code::FILE_EXISTS,
        Severity::Error,
        format!("`{}` exists; nothing was written.", path.display()),
    );
    run.diagnostics.push(diagnostic.help("Name a directory that has no such file.").paste("ordain init my-profile"))
}
