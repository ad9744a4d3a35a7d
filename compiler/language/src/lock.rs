//! [`Lock`]: which content of the modules from elsewhere a profile was checked with. The file stands beside the root module
//! and is written by [`render`], in HCL, so that a merge reads like one of the profile itself.

use crate::files::{File, Files};
use crate::load::utf8;
use crate::parse::parse;
use crate::path;
use crate::syntax::{Attribute, Block, Node};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported, Severity};
use ordain_model::digest::Digest;
use ordain_model::module::{LOCK, Locked, ModuleSource, Repository, Request, Wanted};
use ordain_model::source::{Sources, Span};
use ordain_model::version::Constraint;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What stands first in the file.
const HEAD: &str = "# Written by `ordain modules update`: which content of modules from elsewhere this profile uses.\n";

/// The entries of a lock file.
#[derive(Debug, Default)]
pub(crate) struct Lock(BTreeMap<Request, Entry>);

/// What a request is locked to, and where that stands.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) locked: Locked,
    /// The block's header.
    pub(crate) span: Span,
    /// The digest's text.
    pub(crate) digest: Span,
}

/// The text of a lock file.
#[must_use]
pub fn render(entries: &BTreeMap<Request, Locked>) -> String {
    let mut text = HEAD.to_owned();
    for (request, locked) in entries {
        let mut lines = lines(request, locked);
        lines.push(("checksum", checksum(request, locked).to_string().into()));
        let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        // Writing to a string does not fail. What is written here needs no escapes: sources and constraints are plain.
        let _ = writeln!(text, "\npackage \"{}\" {{", request.repository);
        for (name, value) in lines {
            let _ = writeln!(text, "  {name:width$} = \"{value}\"");
        }
        text.push_str("}\n");
    }
    text
}

/// The lines of an entry but its checksum, in order.
fn lines(request: &Request, locked: &Locked) -> Vec<(&'static str, Text)> {
    let wanted = match &request.wanted {
        Wanted::Default => None,
        Wanted::Version(constraint) => Some(("constraint", constraint.clone())),
        Wanted::Reference(reference) => Some(("ref", reference.clone())),
    };
    let version = locked.version.clone().map(|version| ("version", version));
    let revision = Some(("revision", locked.revision.clone())).filter(|(_, revision)| !revision.is_empty());
    [wanted, version, revision, Some(("digest", locked.digest.to_string().into()))].into_iter().flatten().collect()
}

/// Over the repository and the lines of its entry. The digest says nothing of the version that the content is called: this
/// ties the two together, so that neither an edit nor half of a merge passes for what was locked. It is no signature.
fn checksum(request: &Request, locked: &Locked) -> Digest {
    let lines = lines(request, locked).into_iter().map(|(name, value)| format!("{name}={value}\n"));
    Digest::of(format!("{}\n{}", request.repository, lines.collect::<String>()).as_bytes())
}

impl Lock {
    /// The lock file of a root module; an empty one where none is.
    ///
    /// # Errors
    /// It cannot be read, or has a mistake.
    pub(crate) fn open(
        directory: &str,
        files: &dyn Files,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) -> Result<Lock, Reported> {
        let name = path::join(directory, LOCK);
        match files.lock(directory) {
            Ok(None) => Ok(Lock::default()),
            Ok(Some(file)) => Lock::read(&name, &file, sources, diagnostics),
            Err(problem) => {
                Err(diagnostics.push(Diagnostic::new(code::LOCK_FILE, Severity::Error, problem.sentence(&name))))
            }
        }
    }

    /// Reads a lock file; every mistake in it is reported.
    ///
    /// # Errors
    /// It has a mistake: then nothing in it is used.
    fn read(name: &str, file: &File, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Result<Lock, Reported> {
        let text = utf8(name, &file.bytes).map_err(|diagnostic| diagnostics.push(*diagnostic))?;
        let id = sources.add(name, text);
        let mut own = Diagnostics::default();
        let syntax = parse(sources, id, &mut own);
        let mut lock = Lock::default();
        for attribute in &syntax.body.attributes {
            own.push(mistake(attribute.name.span, "only `package` blocks stand in a lock file"));
        }
        for block in &syntax.body.blocks {
            match entry(block).and_then(|(request, entry)| lock.add(request, entry)) {
                Ok(()) => {}
                Err(diagnostic) => drop(own.push(*diagnostic)),
            }
        }
        let ended = own.check();
        for diagnostic in own.into_sorted() {
            diagnostics.push(diagnostic);
        }
        ended.map(|()| lock)
    }

    /// The entry for a request.
    pub(crate) fn get(&self, request: &Request) -> Option<&Entry> {
        self.0.get(request)
    }

    /// The entries for a repository, whatever is wanted of it.
    pub(crate) fn of<'a>(&'a self, repository: &'a Repository) -> impl Iterator<Item = (&'a Wanted, &'a Entry)> {
        let entries = self.0.iter().filter(move |(request, _)| request.repository == *repository);
        entries.map(|(request, entry)| (&request.wanted, entry))
    }

    /// Everything that is locked.
    pub(crate) fn into_entries(self) -> BTreeMap<Request, Locked> {
        self.0.into_iter().map(|(request, entry)| (request, entry.locked)).collect()
    }

    /// One version of one repository is one content.
    fn add(&mut self, request: Request, entry: Entry) -> Result<(), Box<Diagnostic>> {
        let name = request.repository.name(&entry.locked);
        let twin = self.of(&request.repository).find(|(wanted, other)| {
            **wanted == request.wanted
                || (request.repository.name(&other.locked) == name && other.locked != entry.locked)
        });
        if let Some((_, other)) = twin {
            let detail = format!("`{name}` is locked twice");
            return Err(Box::new(mistake(entry.span, detail).label(other.span, "and here")));
        }
        self.0.insert(request, entry);
        Ok(())
    }
}

fn mistake(span: Span, detail: impl Into<String>) -> Diagnostic {
    let help = "Lock anew what the modules say, and look at what changed.";
    Diagnostic::new(code::LOCK_FILE, Severity::Error, detail).label(span, "").help(help).paste("ordain modules update")
}

fn entry(block: &Block) -> Result<(Request, Entry), Box<Diagnostic>> {
    let wrong = |span: Span, detail: String| Err(Box::new(mistake(span, detail)));
    let (true, [label]) = (&*block.kind.text == "package", block.labels.as_slice()) else {
        return wrong(block.header(), "only `package` blocks with one label stand in a lock file".into());
    };
    let repository = match label.text.parse() {
        Ok(ModuleSource::Remote(remote)) if *remote.repository.to_string() == *label.text => remote.repository,
        _ => return wrong(label.span, format!("`{}` is no repository", label.text.escape_debug())),
    };
    let mut lines = Lines::read(block)?;
    let wanted = match (lines.take("constraint"), lines.take("ref")) {
        (None, None) => Wanted::Default,
        (Some((constraint, _)), None) => Wanted::Version(constraint),
        (None, Some((reference, _))) => Wanted::Reference(reference),
        (Some(_), Some((_, span))) => return wrong(span, "a package is locked for a constraint or for a `ref`".into()),
    };
    let version = lines.take("version");
    if let Some(span) = contradiction(&wanted, version.as_ref(), block.header()) {
        return wrong(span, "the version is not one that the constraint admits".into());
    }
    let revision = lines.take("revision");
    let (revision, span) = revision.unwrap_or_else(|| ("".into(), block.header()));
    if !is_revision(&repository, &revision) {
        return wrong(span, format!("`{}` is no revision of `{repository}`", revision.escape_debug()));
    }
    let (digest, span) = lines.take("digest").unwrap_or_else(|| ("".into(), block.header()));
    let Some(parsed) = Digest::parse(&digest) else {
        return wrong(span, "a package has a `digest`: `sha256:` and 64 hexadecimal digits".into());
    };
    let written = lines.take("checksum");
    lines.end()?;
    let locked = Locked { version: version.map(|(version, _)| version), revision, digest: parsed };
    let request = Request { repository, wanted };
    match written {
        Some((written, _)) if *written == *checksum(&request, &locked).to_string() => {}
        Some((_, span)) => {
            return wrong(span, "the lines of this entry are not those that its checksum is over".into());
        }
        None => return wrong(block.header(), "a package has a `checksum`".into()),
    }
    Ok((request, Entry { locked, span: block.header(), digest: span }))
}

/// Where a version stands that its constraint does not admit, or that is none.
fn contradiction(wanted: &Wanted, version: Option<&(Text, Span)>, block: Span) -> Option<Span> {
    match (wanted, version) {
        (Wanted::Version(constraint), Some((version, span))) => {
            let constraint = Constraint::parse(constraint);
            let good =
                constraint.zip(semver::Version::parse(version).ok()).is_some_and(|(of, version)| of.admits(&version));
            (!good).then_some(*span)
        }
        (Wanted::Version(_), None) => Some(block),
        (_, Some((_, span))) => Some(*span),
        (_, None) => None,
    }
}

/// Whether a text is what the repository's kind calls a revision. It is handed to Git and to registries.
fn is_revision(repository: &Repository, text: &str) -> bool {
    match repository {
        Repository::Git(_) => {
            matches!(text.len(), 40 | 64) && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
        }
        Repository::Registry { .. } => Digest::parse(text).is_some(),
        Repository::Profile(_) => text.is_empty(),
    }
}

/// The arguments of a block, taken one after the other.
struct Lines<'a>(BTreeMap<&'a str, (Text, Span, &'a Attribute)>);

impl<'a> Lines<'a> {
    fn read(block: &'a Block) -> Result<Lines<'a>, Box<Diagnostic>> {
        let mut lines = BTreeMap::new();
        for attribute in &block.body.attributes {
            let Node::String(text) = &attribute.value.node else {
                return Err(Box::new(mistake(attribute.value.span, "the values of a lock file are texts in quotes")));
            };
            lines.insert(&*attribute.name.text, (text.clone(), attribute.value.span, attribute));
        }
        match block.body.blocks.first() {
            Some(inner) => Err(Box::new(mistake(inner.header(), "a `package` block holds no blocks"))),
            None => Ok(Lines(lines)),
        }
    }

    fn take(&mut self, name: &str) -> Option<(Text, Span)> {
        self.0.remove(name).map(|(text, span, _)| (text, span))
    }

    fn end(self) -> Result<(), Box<Diagnostic>> {
        match self.0.into_iter().next() {
            None => Ok(()),
            Some((name, (_, _, attribute))) => {
                Err(Box::new(mistake(attribute.name.span, format!("a `package` block has no argument `{name}`"))))
            }
        }
    }
}
