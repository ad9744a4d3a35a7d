//! [`compile`]: a directory and the values of its variables become constraints, in the order of reading and changing.

use crate::anchor::Anchored;
use crate::approvals;
use crate::arguments::outside::Outside;
use crate::arguments::variables::{Given, Variables};
use crate::files::{self, Disk};
use crate::providers;
use crate::run::Run;
use ordain_engine::constraints::{Constraints, constrain};
use ordain_engine::graph::{Graph, order};
use ordain_language::anchor::Reach;
use ordain_language::files::{File, Files};
use ordain_language::inputs::{Input, Inputs, Missing};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::commit::Commit;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity};
use ordain_model::digest::Digest;
use ordain_model::module::LOCK;
use ordain_model::source::Sources;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Variables of the environment start with this.
const PREFIX: &str = "ORDAIN_VAR_";

/// A profile that compiles, with everything that is known of it before a world is read.
#[derive(Debug)]
pub struct Profile {
    /// Where its root module is.
    pub directory: PathBuf,
    /// What it demands.
    pub constraints: Constraints,
    /// What is read and changed before what.
    pub graph: Graph,
    /// The anchor under which it was compiled.
    pub anchored: Option<Anchored>,
}

impl Profile {
    /// The anchor's digest; none where nothing from outside says what must be in the profile.
    #[must_use]
    pub fn anchor(&self) -> Option<Digest> {
        self.anchored.as_ref().map(|anchored| anchored.anchor.digest)
    }

    /// Checks the profile against its anchor, now that it is known what its targets reach.
    ///
    /// # Errors
    /// It lacks something.
    pub fn anchor_holds(&self, reach: &BTreeMap<Text, Reach>, run: &mut Run) -> Result<(), Reported> {
        let Some(anchored) = &self.anchored else { return Ok(()) };
        anchored.check_reached(&self.constraints, reach, &Disk::of(&self.directory, run.offline), run)
    }
}

/// Compiles a profile with what the runner gives: no credentials, and no network but for modules that are locked and not at
/// hand, and for versions that an anchor wants proved.
///
/// # Errors
/// It does not compile, or is not what the anchor demands; the messages are in the run.
pub fn compile(directory: &Path, outside: &Outside, missing: Missing, run: &mut Run) -> Result<Profile, Reported> {
    let anchored = Anchored::read(outside, directory, run)?;
    let inputs = Inputs { missing, ..inputs(&outside.variables, run)? };
    compile_inputs(directory, &inputs, anchored, run)
}

/// Compiles a profile with these values of its variables, under an anchor where there is one.
///
/// # Errors
/// It does not compile, or is not what the anchor demands; the messages are in the run.
pub fn compile_inputs(
    directory: &Path,
    inputs: &Inputs,
    anchored: Option<Anchored>,
    run: &mut Run,
) -> Result<Profile, Reported> {
    let disk = Disk::of(directory, run.offline);
    let mut profile = Profile { anchored, ..compile_files(directory, &disk, inputs, run)? };
    if let Some(anchored) = &profile.anchored {
        anchored.check_declared(&mut profile.constraints, &disk, run)?;
    }
    Ok(profile)
}

/// Compiles a profile of these files, which nobody judges yet.
///
/// # Errors
/// It does not compile; the messages are in the run.
pub fn compile_files(directory: &Path, files: &dyn Files, inputs: &Inputs, run: &mut Run) -> Result<Profile, Reported> {
    let Some(name) = directory.to_str() else {
        return Err(run.fail(code::ARGUMENT, format!("The directory name `{}` is not UTF-8.", directory.display())));
    };
    let providers = providers::all();
    let config = ordain_language::compile(name, files, inputs, providers, &mut run.sources, &mut run.diagnostics)?;
    approvals::check_signers(&config.approvals, run)?;
    let constraints = constrain(config, &run.sources, providers, &mut run.diagnostics)?;
    let graph = order(&constraints, &mut run.diagnostics)?;
    Ok(Profile { directory: directory.to_owned(), constraints, graph, anchored: None })
}

/// The commit that a profile was checked out from. Modules from elsewhere do not count: the lock file, which does, pins them.
#[must_use]
pub fn commit(profile: &Profile, sources: &Sources) -> Option<Commit> {
    let files = committed(profile, sources);
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (&**path, &**bytes)).collect();
    ordain_store::commit::commit(&profile.directory, &files)
}

/// The files that a profile is made of in the working tree, as they were read: their paths and bytes.
#[must_use]
pub fn committed(profile: &Profile, sources: &Sources) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for module in profile.constraints.config.modules.iter().filter(|module| module.local) {
        let own = module.files.iter().map(|file| sources.get(*file));
        files.extend(own.map(|file| (file.name.to_string(), file.text.as_bytes().to_vec())));
        files.extend(module.contents.iter().map(|(name, bytes)| (name.to_string(), bytes.to_vec())));
    }
    let path = profile.directory.join(LOCK);
    files.extend(files::read(&path).ok().map(|bytes| (path.to_string_lossy().into_owned(), bytes)));
    files
}

/// Values from the environment and the command line.
///
/// # Errors
/// One of them does not read.
pub fn inputs(variables: &Variables, run: &mut Run) -> Result<Inputs, Reported> {
    let mut inputs = Inputs { environment: environment(run)?, ..Inputs::default() };
    for (place, given) in variables.0.iter().enumerate() {
        match input(given, place + 1, run) {
            Ok(input) => inputs.arguments.push(input),
            // Every argument that does not read is reported.
            Err(_) => continue,
        }
    }
    run.diagnostics.check()?;
    Ok(inputs)
}

fn environment(run: &mut Run) -> Result<BTreeMap<String, String>, Reported> {
    let mut found = BTreeMap::new();
    for (name, value) in std::env::vars_os() {
        let Some(variable) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)) else { continue };
        match value.into_string() {
            Ok(value) => found.insert(variable.to_owned(), value),
            // The value is not repeated: it may be a secret.
            Err(_) => return Err(run.fail(code::ARGUMENT, format!("The value of `{PREFIX}{variable}` is not UTF-8."))),
        };
    }
    Ok(found)
}

fn input(given: &Given, place: usize, run: &mut Run) -> Result<Input, Reported> {
    match given {
        Given::Variable(text) => match text.split_once('=') {
            Some((name, value)) => Ok(Input::Variable { name: name.trim().to_owned(), text: value.to_owned() }),
            None => {
                // What was given is not repeated: it may be a secret.
                let detail = format!("Of the `-var` and `-var-file` given, number {place} has no `=`.");
                let diagnostic = Diagnostic::new(code::ARGUMENT, Severity::Error, detail);
                Err(run
                    .diagnostics
                    .push(diagnostic.help("Give the variable's name and its value.").paste("-var 'NAME=VALUE'")))
            }
        },
        Given::File(path) => match files::read(path) {
            Ok(bytes) => Ok(Input::File(File { name: path.to_string_lossy().into_owned(), bytes })),
            Err(error) => Err(run.unreadable(path, &error)),
        },
    }
}
