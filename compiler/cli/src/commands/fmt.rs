//! `ordain fmt`: files in the one style. A file that does not parse stays as it is, and the others are still formatted.

use crate::arguments::fmt::Fmt;
use crate::files;
use crate::run::Run;
use ordain_language::format::{difference, format};
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;
use serde_json::json;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Formats what is named: files, the `.hcl` files of directories, and standard input where `-` stands.
pub fn run(arguments: &Fmt, run: &mut Run) -> Result<Exit, Reported> {
    let mut changed = false;
    let mut files = Vec::new();
    for path in paths(arguments, run) {
        // What was reported of one file says nothing about the next.
        let Ok((name, before)) = read(&path, run) else { continue };
        let id = run.sources.add(&name, &before);
        let Ok(after) = format(&run.sources, id, &mut run.diagnostics) else { continue };
        changed |= before != after;
        files.push(json!({"path": name, "changed": before != after}));
        show(arguments, &path, (&name, &before, &after), run)?;
    }
    let formatted = run.diagnostics.check();
    if run.json {
        run.document(json!({"format": "ordain.fmt/1", "files": files}))?;
    }
    formatted?;
    Ok(if arguments.check && changed { Exit::Unmet } else { Exit::Fine })
}

/// Writes, lists and prints one file as the flags say. Standard input is written to standard output.
fn show(
    arguments: &Fmt,
    path: &Path,
    (name, before, after): (&str, &str, &str),
    run: &mut Run,
) -> Result<(), Reported> {
    let stdin = is_stdin(path);
    let (list, write) = (arguments.list && !stdin, arguments.write && !stdin && !arguments.check);
    if before != after
        && write
        && let Err(error) = files::rewrite(path, after)
    {
        run.unwritable(path, &error);
        return Ok(());
    }
    if run.json {
        return Ok(());
    }
    if before != after && list {
        run.print(&format!("{name}\n"))?;
    }
    if arguments.diff {
        return run.print(&difference(name, before, after));
    }
    match list || write || arguments.check {
        true => Ok(()),
        false => run.print(after),
    }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// The name and the text of a file.
fn read(path: &Path, run: &mut Run) -> Result<(String, String), Reported> {
    let stdin = is_stdin(path);
    let name = if stdin { "<stdin>".to_owned() } else { path.display().to_string() };
    let read = if stdin { from_stdin() } else { files::read(path) };
    let bytes = read.map_err(|error| run.unreadable(path, &error))?;
    match ordain_language::utf8(&name, &bytes) {
        Ok(text) => Ok((name, text.to_owned())),
        Err(diagnostic) => Err(run.diagnostics.push(*diagnostic)),
    }
}

fn from_stdin() -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(files::LONGEST + 1).read_to_end(&mut bytes)?;
    files::bounded(bytes)
}

/// What the arguments name, each once, in order. What is missing was reported.
fn paths(arguments: &Fmt, run: &mut Run) -> Vec<PathBuf> {
    let mut seen = BTreeSet::new();
    let mut paths = Vec::new();
    for path in &arguments.paths {
        let found = match is_stdin(path) || !path.is_dir() {
            true => Ok(vec![path.clone()]),
            false => files::profiles(path, arguments.recursive),
        };
        match found {
            Ok(found) => paths.extend(found.into_iter().filter(|path| seen.insert(path.clone()))),
            Err(error) => drop::<Reported>(run.unreadable(path, &error)),
        }
    }
    paths
}
