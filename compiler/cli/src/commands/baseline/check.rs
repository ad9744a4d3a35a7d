//! `ordain baseline check`: refuses a baseline that lists more than an earlier one, or for longer. Reads no world.

use super::FORMAT;
use crate::arguments::baseline::Check;
use crate::files::{self, Disk};
use crate::profile;
use crate::providers;
use crate::run::Run;
use ordain_engine::ratchet::grown;
use ordain_language::config::Baseline;
use ordain_language::files::{File, FileProblem, Files};
use ordain_language::inputs::{Inputs, Missing};
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostics, Reported};
use serde_json::json;
use std::path::Path;

/// Compares the two.
pub fn run(arguments: &Check, run: &mut Run) -> Result<(), Reported> {
    let before = earlier(&arguments.against, arguments, run)?;
    let profile = profile::compile(&arguments.directory, &arguments.outside, Missing::Refused, run)?;
    let now = &profile.constraints.config.baselines;
    grown(&before, now, &mut run.diagnostics);
    run.diagnostics.check()?;
    let count = |groups: &[Baseline]| groups.iter().map(|group| group.findings.len()).sum::<usize>();
    let (then, now) = (count(&before), count(now));
    if run.json {
        return run.document(json!({"format": FORMAT, "earlier": then, "listed": now}));
    }
    run.print(&format!("The baseline lists {now} of the {then} findings that it listed, and nothing else.\n"))
}

/// The groups of the earlier baseline. What else is odd about an earlier profile is no matter here.
fn earlier(path: &Path, arguments: &Check, run: &mut Run) -> Result<Vec<Baseline>, Reported> {
    let Some(name) = path.to_str() else {
        return Err(run.fail(code::ARGUMENT, format!("The file name `{}` is not UTF-8.", path.display())));
    };
    let mut said = Diagnostics::default();
    let compiled = match path.is_dir() {
        true => {
            let inputs = profile::inputs(&arguments.outside.variables, run)?;
            let disk = Disk::of(path, run.offline);
            ordain_language::compile(name, &disk, &inputs, providers::all(), &mut run.sources, &mut said)
        }
        false => {
            let bytes = files::read(path).map_err(|error| run.unreadable(path, &error))?;
            let (directory, name) = name.rsplit_once('/').unwrap_or((".", name));
            let only = Only(File { name: name.to_owned(), bytes });
            ordain_language::compile(
                directory,
                &only,
                &Inputs::default(),
                providers::all(),
                &mut run.sources,
                &mut said,
            )
        }
    };
    match compiled {
        Ok(config) => Ok(config.baselines),
        Err(reported) => {
            said.into_sorted().into_iter().for_each(|message| _ = run.diagnostics.push(message));
            Err(reported)
        }
    }
}

/// A module of one file.
struct Only(File);

impl Files for Only {
    fn module(&self, _: &str) -> Result<Vec<File>, FileProblem> {
        Ok(vec![self.0.clone()])
    }
}
