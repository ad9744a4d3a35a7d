//! [`Session`]: the program in a folder of its own, and the console blocks of a page run in it one after the other.
//!
//! ````markdown
//! ```console
//! $ ordain plan . -detailed-exitcode
//! ...what it prints...
//! (exit code 2)
//! ```
//! ````
//! A command is a line of shell after `$ `. What follows, up to the next command, is what it prints on both streams; an
//! exit code other than 0 stands last. Where stdout goes to a file of the page's folder (`> expected/plan.txt`), that file
//! is compared too.

use crate::page::{Page, fences};
use crate::snapshot;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder and the program.
pub struct Session {
    folder: tempfile::TempDir,
    program: PathBuf,
    environment: BTreeMap<String, String>,
}

impl Session {
    /// A session with an empty folder.
    #[must_use]
    pub fn new(program: &Path) -> Session {
        let folder = tempfile::tempdir().expect("a folder");
        Session { folder, program: program.to_path_buf(), environment: BTreeMap::new() }
    }

    /// Sets a variable for every command.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Session {
        let _ = self.environment.insert(name.into(), value.into());
        self
    }

    /// A path in the folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    pub fn place(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    /// Copies a folder of the checkout to the same place in the session's folder.
    pub fn copy(&self, folder: &str) {
        copy(folder, self.folder.path());
    }

    /// Runs the commands of a console block in `directory`, and returns the block with what they print now.
    /// `cargo run --` stands for the program, run at the top.
    #[must_use]
    pub fn console(&self, directory: &str, block: &str) -> String {
        let mut text = String::new();
        for command in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
            let (line, directory) = match command.strip_prefix("cargo run -- ") {
                Some(arguments) => (format!("ordain {arguments}"), ""),
                None => (command.to_string(), directory),
            };
            text.push_str(&format!("$ {command}\n{}", self.shell(directory, &line)));
        }
        text
    }

    fn shell(&self, directory: &str, line: &str) -> String {
        let programs = self.program.parent().expect("a program has a folder").display();
        let mut command = Command::new("sh");
        let output = command
            .args(["-c", &format!("{{ {line}\n}} 2>&1")])
            .current_dir(self.path(directory))
            .stdin(Stdio::null())
            // A session has its own home, and nobody's name, runner or credentials.
            .env_clear()
            .env("PATH", format!("{programs}:/usr/local/bin:/usr/bin:/bin"))
            .env("HOME", self.folder.path())
            .env("NO_COLOR", "1")
            .envs(&self.environment)
            .output()
            .expect("a shell");
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        match output.status.code() {
            Some(0) => text,
            code => format!("{text}(exit code {})\n", code.map_or("none: a signal".into(), |code| code.to_string())),
        }
    }
}

/// Copies a folder of the checkout to the same place below another folder.
pub fn copy(folder: &str, below: &Path) {
    std::fs::create_dir_all(below.join(folder)).expect("a folder");
    let from = snapshot::root().join(folder);
    for entry in std::fs::read_dir(&from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let path = entry.expect("an entry").path();
        let name = format!("{folder}/{}", path.file_name().and_then(|name| name.to_str()).expect("UTF-8 names"));
        match path.is_dir() {
            true => copy(&name, below),
            false => drop(std::fs::copy(&path, below.join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"))),
        }
    }
}

/// Runs an example: its README's console blocks, as [`walkthrough`] does. Compares the files of its `expected` folder too.
///
/// # Errors
/// What differs.
pub fn example(folder: &str, session: &Session) -> Result<(), String> {
    let mut problems = Vec::new();
    problems.extend(walkthrough(&format!("{folder}/README.md"), folder, session).err());
    for name in files(&session.path(&format!("{folder}/expected"))) {
        let path = format!("{folder}/expected/{name}");
        let now = std::fs::read_to_string(session.path(&path)).map_err(|error| format!("{path}: {error}"))?;
        problems.extend(snapshot::file(&path, &now).err());
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

/// Runs the console blocks of a document in a copy of an example, beside a copy of `profiles/`. Compares the document with
/// what it is now, or rewrites it.
///
/// # Errors
/// What differs, or that the document runs nothing.
pub fn walkthrough(page: &str, folder: &str, session: &Session) -> Result<(), String> {
    session.copy("profiles");
    session.copy(folder);
    let text = std::fs::read_to_string(snapshot::root().join(page)).map_err(|error| format!("{page}: {error}"))?;
    if !text.contains("```console\n$ ") {
        return Err(format!("{page} runs nothing"));
    }
    snapshot::file(page, &fences(&text, |info, block| (info == "console").then(|| session.console(folder, block)))?)
}

/// Runs every page of a folder of the checkout, as [`page`] does; the folder has some.
pub fn pages(folder: &str, program: &Path) {
    let names = files(&snapshot::root().join(folder));
    assert!(!names.is_empty(), "{folder} has no pages");
    let problems: Vec<String> =
        names.iter().filter_map(|name| page(&format!("{folder}/{name}"), program).err()).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Runs a page: every case in a folder of its own, with the files that the page gives it.
///
/// # Errors
/// What differs, or what stands in the way.
pub fn page(path: &str, program: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(snapshot::root().join(path)).map_err(|error| format!("{path}: {error}"))?;
    let parsed = Page::parse(&text).map_err(|problem| format!("{path}: {problem}"))?;
    let mut new = String::new();
    for (at, part) in parts(&text).into_iter().enumerate() {
        let session = Session::new(program);
        if let Some(case) = at.checked_sub(1).and_then(|at| parsed.cases.get(at)) {
            case.files().iter().for_each(|(name, text)| session.place(name, text));
        }
        new.push_str(&fences(part, |info, block| (info == "console").then(|| session.console("", block)))?);
    }
    snapshot::file(path, &new)
}

/// The page cut before every case.
fn parts(text: &str) -> Vec<&str> {
    let mut cuts: Vec<usize> = text.match_indices("\n## ").map(|(at, _)| at + 1).collect();
    cuts.insert(0, 0);
    cuts.push(text.len());
    cuts.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect()
}

/// Names of the files directly in a folder, sorted; none when it is not there.
#[must_use]
pub fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter(|entry| entry.path().is_file());
    let mut names: Vec<String> = files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
