//! `ordain baseline write`: begins a baseline, or removes from it what is resolved. What is new is listed only when asked for.

use super::FILE;
use super::groups::groups;
use super::summary::{document, summary};
use crate::arguments::baseline::Write;
use crate::profile::Profile;
use crate::run::Run;
use crate::{files, profile, worlds};
use ordain_engine::findings::compare;
use ordain_engine::ratchet::{Ratchet, ratchet};
use ordain_language::baseline_file::{Group, HEAD, Shrunk, render, shrink};
use ordain_language::inputs::Missing;
use ordain_language::path;
use ordain_model::Text;
use ordain_model::diagnostic::Reported;
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What is written, and why.
pub struct Written {
    /// The files that change, with their texts.
    pub files: BTreeMap<PathBuf, String>,
    /// Entries that are gone from them.
    pub removed: u64,
    /// Entries that stay.
    pub kept: u64,
    /// Groups that are new.
    pub groups: Vec<Group>,
    /// Whether there was no baseline before.
    pub begun: bool,
}

/// Writes the baseline and says what became of it.
pub fn run(arguments: &Write, run: &mut Run) -> Result<(), Reported> {
    let profile = profile::compile(&arguments.directory, &arguments.outside, Missing::Refused, run)?;
    let observed = worlds::observe(&profile, arguments.snapshot.as_deref(), run)?;
    let findings = compare(&profile.constraints, &profile.graph, &observed, &BTreeSet::new());
    let owner = arguments.groups.owner.as_deref().map(Text::from);
    let ratchet = ratchet(&profile.constraints, &findings, owner.as_ref());
    // As the sources are called.
    let root = path::join(".", &arguments.directory.to_string_lossy());
    let file = PathBuf::from(path::join(&root, FILE));
    let baselines = &profile.constraints.config.baselines;
    let begun = baselines.is_empty() && file.symlink_metadata().is_err();
    let groups = match begun || arguments.add {
        true => {
            let taken = baselines.iter().filter_map(|group| group.address.strip_prefix("baseline.")).map(Text::from);
            groups(&ratchet.new, taken.collect(), &arguments.groups, &observed, run)?
        }
        false => Vec::new(),
    };
    let (mut files, removed) = shrunk(&profile, &ratchet, run);
    if !groups.is_empty() {
        let text = match files.remove(&file) {
            Some(text) => text,
            None => there(&file, run)?,
        };
        files.insert(file, text + &render(&groups));
    }
    let listed: u64 = baselines.iter().map(|group| group.findings.len() as u64).sum();
    let written = Written { files, removed, kept: listed.saturating_sub(removed), groups, begun };
    save(&written, run)?;
    if run.json {
        return run.document(document(&written, &ratchet));
    }
    run.print(&summary(&written, &ratchet))
}

/// The root module's files without what is resolved, and how many entries that takes out.
fn shrunk(profile: &Profile, ratchet: &Ratchet, run: &Run) -> (BTreeMap<PathBuf, String>, u64) {
    let entries = profile.constraints.config.baselines.iter().flat_map(|group| &group.findings);
    let resolved = entries.filter(|(id, _)| ratchet.resolved.contains_key(*id));
    let resolved: BTreeSet<Text> = resolved.map(|(_, entry)| entry.written.clone()).collect();
    let root = profile.constraints.config.modules.first();
    let (mut files, mut removed) = (BTreeMap::new(), 0);
    for id in root.iter().flat_map(|root| &root.files) {
        let Shrunk { text, removed: some } = shrink(&run.sources, *id, &resolved);
        if some > 0 {
            files.insert(PathBuf::from(&*run.sources.get(*id).name), text);
            removed += some;
        }
    }
    (files, removed)
}

/// What stands in the file already; its head where there is none.
fn there(file: &Path, run: &mut Run) -> Result<String, Reported> {
    match files::read(file) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| {
            let error = std::io::Error::new(ErrorKind::InvalidData, "it is not UTF-8");
            run.unreadable(file, &error)
        }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(HEAD.to_owned()),
        Err(error) => Err(run.unreadable(file, &error)),
    }
}

/// Each file whole or not at all. One that is already without resolved entries is as good as before, whatever becomes of
/// the others.
fn save(written: &Written, run: &mut Run) -> Result<(), Reported> {
    for (path, text) in &written.files {
        let saved = match path.symlink_metadata().is_err() {
            true => files::write_new(path, |file| file.write_all(text.as_bytes())),
            false => files::rewrite(path, text),
        };
        saved.map_err(|error| run.unwritable(path, &error))?;
    }
    Ok(())
}
