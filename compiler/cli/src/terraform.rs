//! [`managed`]: what states of Terraform say that it sets, with the code beside them.

use crate::files;
use crate::providers;
use crate::run::Run;
use ordain_engine::managed::{Code, Managed};
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity};
use std::path::Path;

/// Reads every state, and the `.tf` files of the directory in which it lies.
///
/// # Errors
/// A file cannot be read, or is no state.
pub fn managed(states: &[impl AsRef<Path>], run: &mut Run) -> Result<Managed, Reported> {
    let mut managed = Managed::default();
    for path in states.iter().map(AsRef::as_ref) {
        let text = text(path, run)?;
        let code = code(path, run)?;
        let name = path.display().to_string();
        if let Err(what) = managed.add(&name, &text, code, providers::all()) {
            let diagnostic = Diagnostic::new(code::TERRAFORM_STATE, Severity::Error, format!("`{name}`: {what}."));
            run.diagnostics.push(
                diagnostic
                    .help("Give the state that Terraform keeps, or what it shows of it.")
                    .paste("terraform show -json > state.json"),
            );
        }
    }
    run.diagnostics.check().map(|()| managed)
}

/// The code beside a state.
fn code(state: &Path, run: &mut Run) -> Result<Code, Reported> {
    let directory = state.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let paths = files::ending(directory, ".tf").map_err(|error| run.unreadable(directory, &error))?;
    let mut texts = Vec::new();
    for path in paths {
        let name = path.strip_prefix(".").unwrap_or(&path).display().to_string();
        texts.push((name, text(&path, run)?));
    }
    Ok(Code::new(texts.iter().map(|(name, text)| (&**name, &**text))))
}

fn text(path: &Path, run: &mut Run) -> Result<String, Reported> {
    let bytes = files::read(path).map_err(|error| run.unreadable(path, &error))?;
    String::from_utf8(bytes).map_err(|_| run.fail(code::NOT_UTF8, format!("`{}` is not UTF-8.", path.display())))
}
