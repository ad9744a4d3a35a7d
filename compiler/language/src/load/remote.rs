//! Modules from elsewhere: a `source` becomes a place in a package that the lock file pins, and whose digest is what the lock
//! file says.

use super::{Loader, MOST_PACKED};
use crate::files::{File, belongs};
use crate::grammar::argument;
use crate::imports::{Import, command, problem, unlocked};
use crate::lock::{Entry, Lock};
use crate::path;
use crate::syntax::{Block, Expression, Node};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported};
use ordain_model::module::{self, Found, Locked, ModuleSource, Remote, Repository, Request, Wanted};
use ordain_model::package::Package;
use ordain_model::source::Span;
use ordain_model::version::Constraint;
use std::sync::Arc;

/// Where a module's directory is: in the working tree, or in a package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// The package's place in [`Loader::packages`].
    pub(super) package: Option<usize>,
    /// Relative to the working directory or to the package's top.
    pub(super) directory: String,
}

/// A package that is what the lock file says.
pub(super) struct Held {
    /// Whether it came from the machine that reads it.
    local: bool,
    /// [`Repository::name`]: how its files are called.
    pub(super) name: String,
    pub(super) package: Arc<Package>,
}

impl Held {
    /// The `.hcl` files that stand directly in a directory of the package.
    pub(super) fn module(&self, directory: &str) -> Vec<File> {
        let within = if directory == "." { String::new() } else { format!("{directory}/") };
        let files = self.package.files().range(within.clone()..).take_while(|(path, _)| path.starts_with(&within));
        let named = files.filter_map(|(path, bytes)| Some((path.get(within.len()..)?, bytes)));
        let own = named.filter(|(name, _)| !name.contains('/') && belongs(name));
        own.map(|(name, bytes)| File { name: name.to_owned(), bytes: bytes.clone() }).collect()
    }
}

/// A place that a `module` block names, and which entry of the lock file led there.
pub(super) struct Named {
    pub(super) place: Place,
    pub(super) request: Option<Request>,
    pub(super) locked: Option<Locked>,
}

impl Loader<'_> {
    /// How a place is called in messages and reports.
    pub(super) fn called(&self, place: &Place) -> String {
        match place.package.and_then(|at| self.packages.get(at)) {
            None => place.directory.clone(),
            Some(held) if place.directory == "." => held.name.clone(),
            Some(held) => format!("{}/{}", held.name, place.directory),
        }
    }

    /// Where the module is that a block imports into the module `path` whose directory is `from`. `None`: somebody was told, or it is
    /// among the unlocked.
    pub(super) fn named(&mut self, from: &Place, path: &Text, block: &Block, source: &Expression) -> Option<Named> {
        let version = self.constraint(block).ok()?;
        match (self.written(source).ok()?, version) {
            (ModuleSource::Local(written), None) => {
                let place = self.local(from, &written, source.span).ok()?;
                Some(Named { place, request: None, locked: None })
            }
            (ModuleSource::Local(_), Some((_, span))) => {
                self.no_version(span, "a directory has no versions: it is read as it stands");
                None
            }
            (ModuleSource::Remote(remote), version) => {
                self.elsewhere(from, &remote.repository, source.span).ok()?;
                let request = self.request(&remote, version).ok()?;
                let (package, locked) = self.held(&request, path, source)?;
                let place = Place { package: Some(package), directory: path::join(".", &remote.folder) };
                Some(Named { place, request: Some(request), locked: Some(locked) })
            }
        }
    }

    /// A package from elsewhere names nothing on the machine that reads it: its author does not know what is there, and would
    /// make it ask what only it reaches.
    fn elsewhere(&mut self, from: &Place, repository: &Repository, span: Span) -> Result<(), Reported> {
        let remote = from.package.and_then(|at| self.packages.get(at)).is_some_and(|held| !held.local);
        if !remote || !repository.is_local() {
            return Ok(());
        }
        let detail = format!("`{repository}` is on the machine that reads it, and this module comes from elsewhere");
        let help =
            "A package imports its own folders by `./` and `../`, and what is published where everybody reaches it.";
        Err(self.diagnostics.push(Diagnostic::error(code::MODULE_SOURCE, span, detail).help(help)))
    }

    /// What `source` says.
    fn written(&mut self, source: &Expression) -> Result<ModuleSource, Reported> {
        let Node::String(written) = &source.node else {
            let detail =
                "a module's `source` is a text in quotes, without variables: it is read before any value is known";
            return Err(self.diagnostics.push(Diagnostic::error(code::MODULE_SOURCE, source.span, detail)));
        };
        written.parse().map_err(|wrong: module::parse::NoSource| {
            let detail = format!("`{}` is no source of a module: {}", written.escape_debug(), wrong.detail);
            let diagnostic = Diagnostic::error(code::MODULE_SOURCE, source.span, detail);
            self.diagnostics.push(match wrong.meant {
                Some(meant) => diagnostic.paste(format!("source = \"{meant}\"")),
                None => diagnostic,
            })
        })
    }

    /// What `version` says, and where.
    fn constraint(&mut self, block: &Block) -> Result<Option<(Text, Span)>, Reported> {
        let Some(expression) = argument(&block.body, "version") else { return Ok(None) };
        match &expression.node {
            Node::String(text) if Constraint::parse(text).is_some() => Ok(Some((text.trim().into(), expression.span))),
            _ => {
                let seen = self.sources.slice(expression.span);
                let detail = format!("expected versions such as `\"~> 2.3\"`; seen `{seen}`");
                let diagnostic = Diagnostic::error(code::MODULE_VERSION, expression.span, detail);
                Err(self.diagnostics.push(diagnostic.paste("version = \"~> 2.3\"")))
            }
        }
    }

    fn no_version(&mut self, span: Span, detail: &str) -> Reported {
        self.diagnostics.push(Diagnostic::error(code::MODULE_VERSION, span, detail).help("Leave `version` out."))
    }

    fn request(&mut self, remote: &Remote, version: Option<(Text, Span)>) -> Result<Request, Reported> {
        let wanted = match (&remote.repository, &remote.reference, version) {
            (Repository::Profile(_), _, Some((_, span))) => {
                let detail =
                    "a built-in profile is the one of this program; `required_version` says which programs will do";
                return Err(self.no_version(span, detail));
            }
            (_, Some(_), Some((_, span))) => {
                return Err(self.no_version(span, "`?ref=` names one content, `version` chooses among tags: not both"));
            }
            (_, None, None) => Wanted::Default,
            (_, Some(reference), None) => Wanted::Reference(reference.clone()),
            (_, None, Some((constraint, _))) => Wanted::Version(constraint),
        };
        Ok(Request { repository: remote.repository.clone(), wanted })
    }

    /// A directory beside the one that names it; in a package it stays there.
    fn local(&mut self, from: &Place, written: &str, span: Span) -> Result<Place, Reported> {
        let directory = path::join(&from.directory, written);
        if from.package.is_some() && (directory == ".." || directory.starts_with("../")) {
            let detail = format!("`{written}` leads out of the package that this module is part of");
            return Err(self.diagnostics.push(Diagnostic::error(code::MODULE_SOURCE, span, detail)));
        }
        Ok(Place { package: from.package, directory })
    }

    /// The package of a request, read once however often it is imported.
    fn held(&mut self, request: &Request, path: &Text, source: &Expression) -> Option<(usize, Locked)> {
        let found = self.lock().ok()?.get(request).map(|entry| (entry.locked.clone(), entry.digest));
        let Node::String(written) = &source.node else { return None };
        let import = Import {
            path: path.clone(),
            source: written.clone(),
            request: Some(request.clone()),
            locked: found.as_ref().map(|(locked, _)| locked.clone()),
            span: source.span,
        };
        let Some((locked, digest)) = found else {
            self.missing.push(import);
            return None;
        };
        let held = match self.requests.get(request) {
            Some(known) => *known,
            None => {
                let held = self.fetch(request, &locked, path, source.span, digest).ok().map(|package| {
                    let (local, name) = (request.repository.is_local(), request.repository.name(&locked));
                    self.packages.push(Held { local, name, package });
                    self.packages.len() - 1
                });
                self.requests.insert(request.clone(), held);
                held
            }
        };
        if held.is_none() {
            self.missing.push(import);
        }
        held.map(|at| (at, locked))
    }

    fn fetch(
        &mut self,
        request: &Request,
        locked: &Locked,
        path: &Text,
        span: Span,
        digest: Span,
    ) -> Result<Arc<Package>, Reported> {
        let Found { package, vendored } = self
            .files
            .package(&request.repository, locked)
            .map_err(|wrong| self.diagnostics.push(problem(request, &wrong, span)))?;
        if package.digest() == locked.digest {
            self.held = self.held.saturating_add(package.bytes());
            if self.held <= MOST_PACKED {
                return Ok(package);
            }
            let name = request.repository.name(locked);
            let detail = format!(
                "`{name}` has {} bytes; with it the packages of this profile hold more than {} MiB",
                package.bytes(),
                MOST_PACKED >> 20
            );
            let help = "Publish modules apart from what else is in their repositories.";
            return Err(self.diagnostics.push(Diagnostic::error(code::MODULE_TOO_LARGE, span, detail).help(help)));
        }
        let (place, help, paste) = match vendored {
            Some(copy) => (
                format!(" in `{copy}`"),
                "The copy was changed after it was locked. This restores it:",
                command("vendor", "", &self.root),
            ),
            None => (
                String::new(),
                "It was changed where it is published after it was locked. If that is right, look at the change and lock it anew.",
                command("update", path, &self.root),
            ),
        };
        let name = request.repository.name(locked);
        let detail = format!(
            "the digest of `{name}`{place} is `{}`, and the lock file says `{}`",
            package.digest(),
            locked.digest
        );
        let diagnostic = Diagnostic::error(code::CHANGED_MODULE, span, detail).says("imported here");
        Err(self.diagnostics.push(diagnostic.label(digest, "locked here").help(help).paste(paste)))
    }

    /// The lock file, read when the first module from elsewhere is met.
    fn lock(&mut self) -> Result<&Lock, Reported> {
        let Loader { lock, root, files, sources, diagnostics, .. } = self;
        let read = || Lock::open(root, *files, sources, diagnostics);
        lock.get_or_insert_with(read).as_ref().map_err(|reported| *reported)
    }

    /// Reports a module that the lock file does not know.
    pub(super) fn report_unlocked(&mut self, import: &Import) {
        let Some(request) = import.request.as_ref().filter(|_| import.locked.is_none()) else { return };
        let mut diagnostic = unlocked(import, request, &self.root);
        let others: Vec<(String, Span)> = match &self.lock {
            Some(Ok(lock)) => {
                lock.of(&request.repository).map(|(wanted, Entry { span, .. })| (wanted.words(), *span)).collect()
            }
            _ => Vec::new(),
        };
        for (wanted, span) in others {
            diagnostic = diagnostic.label(span, format!("locked{wanted}"));
        }
        self.diagnostics.push(diagnostic);
    }
}
