//! `ordain modules update`: chooses the content of modules and writes the lock file. What a module imports is known once its own
//! content is, so this goes from importers to what they import until nothing is missing.

use super::{listing, name, read};
use crate::arguments::modules::Update;
use crate::files::{self, Disk};
use crate::run::Run;
use ordain_language::files::{File, FileProblem, Files};
use ordain_language::imports::{self, Import, problem};
use ordain_language::lock;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported, Severity, nearest};
use ordain_model::module::{Found, LOCK, Locked, PackageProblem, Repository, Request};
use ordain_model::source::{Sources, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The entries of a lock file.
type Entries = BTreeMap<Request, Locked>;

/// The working tree with another lock file.
struct Candidate<'a> {
    disk: &'a Disk,
    lock: String,
}

impl Files for Candidate<'_> {
    fn module(&self, directory: &str) -> Result<Vec<File>, FileProblem> {
        self.disk.module(directory)
    }

    fn lock(&self, _: &str) -> Result<Option<File>, FileProblem> {
        Ok(Some(File { name: LOCK.to_owned(), bytes: self.lock.clone().into_bytes() }))
    }

    fn package(&self, repository: &Repository, locked: &Locked) -> Result<Found, PackageProblem> {
        self.disk.package(repository, locked)
    }
}

/// Locks what is not locked, and everything or what was named anew.
pub fn run(arguments: &Update, directory: &Path, run: &mut Run) -> Result<(), Reported> {
    let text = name(directory, run)?;
    let mut disk = Disk::of(directory, run.offline);
    let before = before(text, &disk, arguments, run)?;
    // A vendored copy is of what was locked: it has no say in what will be.
    let root = disk.modules.vendored.take();
    let mut entries = before.clone();
    if arguments.names.is_empty() {
        entries.clear();
    } else {
        for request in named(&arguments.names, text, &disk, run)? {
            entries.remove(&request);
        }
    }
    let found = settle(text, &disk, &before, &mut entries, run)?;
    let used: BTreeSet<&Request> = found.iter().filter_map(|import| import.request.as_ref()).collect();
    entries.retain(|request, _| used.contains(request));
    disk.modules.vendored = root;
    write(&directory.join(LOCK), &entries, run)?;
    listing::print(&found, &disk, run)
}

/// What the lock file says. One with mistakes is an error only where part of it is to be kept.
fn before(directory: &str, disk: &Disk, arguments: &Update, run: &mut Run) -> Result<Entries, Reported> {
    if arguments.names.is_empty() {
        let entries = imports::locked(directory, disk, &mut Sources::default(), &mut Diagnostics::default());
        return Ok(entries.unwrap_or_default());
    }
    imports::locked(directory, disk, &mut run.sources, &mut run.diagnostics)
}

/// The requests of the named modules and of what these import.
fn named(names: &[String], directory: &str, disk: &Disk, run: &mut Run) -> Result<Vec<Request>, Reported> {
    // Whatever else is wrong is said when the modules are settled: a named module may be the one that is.
    let mut ignored = Diagnostics::default();
    let known = imports::imports(directory, disk, &mut Sources::default(), &mut ignored).unwrap_or_default();
    let mut requests = Vec::new();
    for name in names {
        let path = if name.starts_with("module.") { name.clone() } else { format!("module.{name}") };
        let below = format!("{path}.");
        let of_name: Vec<&Import> =
            known.iter().filter(|import| *import.path == *path || import.path.starts_with(&below)).collect();
        if of_name.is_empty() {
            unknown(name, &known, run);
        }
        requests.extend(of_name.into_iter().filter_map(|import| import.request.clone()));
    }
    run.diagnostics.check()?;
    Ok(requests)
}

fn unknown(name: &str, known: &[Import], run: &mut Run) {
    let detail = format!("This profile imports no module `{name}`.");
    let diagnostic = Diagnostic::new(code::UNKNOWN_SUBJECT, Severity::Error, detail);
    let short = |import: &Import| import.path.trim_start_matches("module.").to_owned();
    let names: Vec<String> = known.iter().map(short).collect();
    run.diagnostics.push(match nearest(name, names.iter().map(String::as_str)) {
        Some(near) => diagnostic.help(format!("Did you mean `{near}`?")).paste(format!("ordain modules update {near}")),
        None => diagnostic.help("List the modules.").paste("ordain modules list"),
    });
}

/// Resolves what is missing until nothing is.
fn settle(
    directory: &str,
    disk: &Disk,
    before: &Entries,
    entries: &mut Entries,
    run: &mut Run,
) -> Result<Vec<Import>, Reported> {
    loop {
        let found = read(directory, &Candidate { disk, lock: lock::render(entries) }, run)?;
        let missing = found.iter().filter(|import| import.locked.is_none());
        let missing: BTreeMap<&Request, Span> =
            missing.filter_map(|import| Some((import.request.as_ref()?, import.span))).collect();
        if missing.is_empty() {
            return Ok(found);
        }
        for (request, span) in missing {
            match resolve(request, span, disk, before) {
                Ok(locked) => drop(entries.insert(request.clone(), locked)),
                Err(diagnostic) => drop(run.diagnostics.push(*diagnostic)),
            }
        }
        run.diagnostics.check()?;
    }
}

/// The content of one request. A version that was locked before and is something else now is refused.
fn resolve(request: &Request, span: Span, disk: &Disk, before: &Entries) -> Result<Locked, Box<Diagnostic>> {
    if disk.modules.offline && !matches!(request.repository, Repository::Profile(_)) {
        return Err(Box::new(problem(request, &PackageProblem::Offline, span)));
    }
    let now = disk.modules.resolve(request).map_err(|wrong| Box::new(problem(request, &wrong, span)))?;
    let same = |(known, locked): &(&Request, &Locked)| {
        known.repository == request.repository && now.version.is_some() && locked.version == now.version
    };
    match before.iter().find(same) {
        Some((_, then)) if then.digest != now.digest => {
            let name = request.repository.name(&now);
            let detail = format!(
                "`{name}` was published anew: its digest is `{}` ({}), and the lock file says `{}` ({})",
                now.digest, now.revision, then.digest, then.revision
            );
            let help = format!(
                "A version that was published does not change. Ask who publishes it; to take it all the same, remove it from `{LOCK}` first."
            );
            Err(Box::new(Diagnostic::error(code::CHANGED_MODULE, span, detail).help(help)))
        }
        _ => Ok(now),
    }
}

/// Writes the lock file where it would change; without entries there is none.
fn write(path: &Path, entries: &Entries, run: &mut Run) -> Result<(), Reported> {
    let text = lock::render(entries);
    let there = files::read(path).ok();
    if there.as_deref() == Some(text.as_bytes()) || (entries.is_empty() && there.is_none()) {
        return Ok(());
    }
    let written = match entries.is_empty() {
        true => std::fs::remove_file(path),
        false => files::write(path, |file| file.write_all(text.as_bytes())),
    };
    written.map_err(|error| run.unwritable(path, &error))
}
