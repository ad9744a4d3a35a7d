//! [`Tree`]: the root module and every module it imports, each file read and parsed once.

mod remote;

use crate::beside::Beside;
use crate::config::Packaged;
use crate::files::{File, FileProblem, Files};
use crate::imports::Import;
use crate::lock::Lock;
use crate::parse::parse;
use crate::path;
use crate::syntax::{Block, Expression, Syntax};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported, Severity};
use ordain_model::digest::Digest;
use ordain_model::module::{Locked, Request};
use ordain_model::source::{SourceId, Sources, Span};
use remote::{Held, Named, Place};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most modules in a profile, each import counted.
const MOST_MODULES: usize = 1_000;
/// Deepest chain of imports.
const DEEPEST: usize = 32;
/// Most bytes of all packages of a profile together, whatever they hold.
const MOST_PACKED: u64 = 256 << 20;
/// Most bytes of text in a profile.
const MOST_BYTES: usize = 64 << 20;

/// Every module of a profile: the root first, importers before what they import.
pub(crate) struct Tree {
    pub(crate) modules: Vec<Loaded>,
}

/// One import of a module.
pub(crate) struct Loaded {
    /// `module.a.module.b`; empty for the root.
    pub(crate) path: Text,
    /// What stands in its directory.
    pub(crate) folder: Arc<Folder>,
    /// The modules it imports, by name: places in [`Tree::modules`].
    pub(crate) children: BTreeMap<Text, usize>,
    /// Who imports it; nobody the root.
    importer: Option<Importer>,
}

/// What a `module` block says.
struct Importer {
    /// The importer's place in [`Tree::modules`].
    at: usize,
    source: Text,
    span: Span,
    request: Option<Request>,
    locked: Option<Locked>,
}

/// Why a directory was not read.
#[derive(Clone)]
struct Unread {
    kind: Wrong,
    /// Half a sentence.
    words: String,
}

/// What is wrong: the path, the sort of thing that stands there, or what is in it.
#[derive(Clone, Copy)]
enum Wrong {
    Path,
    Sort,
    Content,
}

impl Unread {
    fn of(problem: &FileProblem, directory: &str) -> Unread {
        let kind = match problem {
            FileProblem::Missing => Wrong::Path,
            FileProblem::NotADirectory => Wrong::Sort,
            FileProblem::Unreadable(_) => Wrong::Content,
        };
        Unread { kind, words: problem.sentence(directory) }
    }
}

/// A directory of `.hcl` files.
pub(crate) struct Folder {
    place: Place,
    pub(crate) beside: Arc<Beside>,
    pub(crate) files: Vec<Syntax>,
    pub(crate) digest: Digest,
}

impl Loaded {
    /// The content from elsewhere that it is a folder of.
    pub(crate) fn packaged(&self) -> Option<Packaged> {
        let Importer { request, locked, span, .. } = self.importer.as_ref()?;
        let (request, locked) = (request.clone()?, locked.clone()?);
        Some(Packaged { request, locked, folder: self.folder.place.directory.as_str().into(), span: *span })
    }
}

impl Folder {
    /// Whether it lies in the working tree, not in a package.
    pub(crate) fn is_local(&self) -> bool {
        self.place.package.is_none()
    }

    /// The top-level blocks of every file, in order.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.files.iter().flat_map(|file| &file.body.blocks)
    }
}

/// Loads the module in a directory and everything it imports. What could not be loaded is reported and left out.
///
/// # Errors
/// The root module could not be read.
pub(crate) fn load(
    directory: &str,
    files: &dyn Files,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Result<Tree, Reported> {
    let mut loader = Loader::new(directory, files, sources, diagnostics);
    let modules = loader.tree()?;
    for import in std::mem::take(&mut loader.missing) {
        loader.report_unlocked(&import);
    }
    Ok(Tree { modules })
}

/// Every import of a profile, as far as the lock file leads.
///
/// # Errors
/// The root module could not be read.
pub(crate) fn imports(
    directory: &str,
    files: &dyn Files,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<Import>, Reported> {
    let mut loader = Loader::new(directory, files, sources, diagnostics);
    let modules = loader.tree()?;
    let import = |Loaded { path, importer, .. }: Loaded| {
        importer.map(|Importer { source, span, request, locked, .. }| Import { path, source, request, locked, span })
    };
    Ok(modules.into_iter().filter_map(import).chain(loader.missing).collect())
}

struct Loader<'a> {
    root: String,
    files: &'a dyn Files,
    sources: &'a mut Sources,
    diagnostics: &'a mut Diagnostics,
    folders: BTreeMap<Place, Result<Arc<Folder>, Unread>>,
    lock: Option<Result<Lock, Reported>>,
    packages: Vec<Held>,
    /// Bytes of all packages.
    held: u64,
    /// Places in `packages`; none where somebody was told why there is none.
    requests: BTreeMap<Request, Option<usize>>,
    /// Imports that are not in the lock file, or whose package is not what it says.
    missing: Vec<Import>,
    bytes: usize,
}

impl<'a> Loader<'a> {
    fn new(
        directory: &str,
        files: &'a dyn Files,
        sources: &'a mut Sources,
        diagnostics: &'a mut Diagnostics,
    ) -> Loader<'a> {
        Loader {
            root: path::join(".", directory),
            files,
            sources,
            diagnostics,
            folders: BTreeMap::new(),
            lock: None,
            packages: Vec::new(),
            held: 0,
            requests: BTreeMap::new(),
            missing: Vec::new(),
            bytes: 0,
        }
    }

    fn tree(&mut self) -> Result<Vec<Loaded>, Reported> {
        let place = Place { package: None, directory: self.root.clone() };
        let folder = self.folder(&place).map_err(|problem| {
            let detail = format!("the profile in `{}`: {}", place.directory, problem.words);
            self.diagnostics.push(Diagnostic::new(code::UNREADABLE_MODULE, Severity::Error, detail))
        })?;
        let mut modules = vec![Loaded { path: "".into(), folder, children: BTreeMap::new(), importer: None }];
        let mut at = 0;
        while at < modules.len() {
            self.imports(&mut modules, at);
            at += 1;
        }
        Ok(modules)
    }

    /// Loads what one module imports, each name once: the second block of a name is reported with the declarations.
    fn imports(&mut self, modules: &mut Vec<Loaded>, importer: usize) {
        let folder = Arc::clone(&modules[importer].folder);
        for block in folder.blocks().filter(|block| &*block.kind.text == "module") {
            let (Some(name), Some(source)) = (block.labels.first(), source(block)) else { continue };
            if modules[importer].children.contains_key(&name.text) {
                continue;
            }
            let path = member(&modules[importer].path, "module", &name.text);
            let Some(named) = self.named(&folder.place, &path, block, source) else { continue };
            let Ok(folder) = self.import(modules, importer, &named, source) else { continue };
            let child = modules.len();
            modules[importer].children.insert(name.text.clone(), child);
            let Named { request, locked, .. } = named;
            let written = self.sources.slice(source.span).trim_matches('"').into();
            let importer = Some(Importer { at: importer, source: written, span: source.span, request, locked });
            modules.push(Loaded { path, folder, children: BTreeMap::new(), importer });
        }
    }

    fn import(
        &mut self,
        modules: &[Loaded],
        importer: usize,
        named: &Named,
        source: &Expression,
    ) -> Result<Arc<Folder>, Reported> {
        let chain = chain(modules, importer);
        if let Some(from) = chain.iter().position(|(above, _)| above.place == named.place) {
            return Err(self.cycle(&chain[from].0.beside.called, &chain[..from], source.span));
        }
        if chain.len() >= DEEPEST || modules.len() >= MOST_MODULES {
            let detail = format!("a profile has at most {MOST_MODULES} modules, imported at most {DEEPEST} deep");
            return Err(self.diagnostics.push(Diagnostic::error(code::TOO_LARGE, source.span, detail)));
        }
        self.folder(&named.place).map_err(|problem| {
            let written = self.sources.slice(source.span).trim_matches('"');
            let detail = format!("the module `{written}`: {}", problem.words);
            let diagnostic = Diagnostic::error(code::UNREADABLE_MODULE, source.span, detail);
            self.diagnostics.push(match (&named.request, problem.kind) {
                (None, Wrong::Path) => {
                    diagnostic.help("A path is relative to the directory of the file that names it.")
                }
                (None, Wrong::Sort) => diagnostic.help("A module is a directory of `.hcl` files: name the directory."),
                _ => diagnostic,
            })
        })
    }

    /// `edges`, innermost first, lead from the module in `directory` down to the importer whose `last` names it again.
    fn cycle(&mut self, directory: &str, edges: &[(&Folder, Option<Span>)], last: Span) -> Reported {
        let spans = edges.iter().rev().filter_map(|(_, span)| *span).chain([last]);
        let spans: Vec<Span> = spans.collect();
        let steps: Vec<String> = spans
            .iter()
            .map(|span| format!("{} at {}", self.sources.slice(*span), self.sources.place(*span)))
            .collect();
        let detail = format!("the module in `{directory}` imports itself: {}", steps.join(" -> "));
        let diagnostic = Diagnostic::new(code::IMPORT_CYCLE, Severity::Error, detail).label(last, "closes the cycle");
        let labelled =
            spans.iter().rev().skip(1).fold(diagnostic, |diagnostic, span| diagnostic.label(*span, "on the way"));
        self.diagnostics.push(labelled)
    }

    /// A directory's files, read once however often it is imported.
    fn folder(&mut self, place: &Place) -> Result<Arc<Folder>, Unread> {
        if let Some(known) = self.folders.get(place) {
            return known.clone();
        }
        let folder = self.read(place).map(Arc::new);
        self.folders.insert(place.clone(), folder.clone());
        folder
    }

    fn read(&mut self, place: &Place) -> Result<Folder, Unread> {
        let directory = self.called(place);
        let package = place.package.and_then(|at| self.packages.get(at)).map(|held| Arc::clone(&held.package));
        let mut files = match place.package.and_then(|at| self.packages.get(at)) {
            Some(held) => held.module(&place.directory),
            None => self.files.module(&place.directory).map_err(|problem| Unread::of(&problem, &directory))?,
        };
        files.sort_by(|one, other| one.name.cmp(&other.name));
        if files.is_empty() {
            return Err(Unread { kind: Wrong::Path, words: format!("no `.hcl` file stands in `{directory}`") });
        }
        let texts: Vec<(String, String)> = files.into_iter().filter_map(|file| self.text(&directory, file)).collect();
        let bytes = ordain_model::digest::canonical(&texts)
            .map_err(|error| Unread { kind: Wrong::Content, words: error.to_string() })?;
        let add = |(name, text): &(String, String)| self.sources.add(&beneath(&directory, name), text);
        let ids: Vec<SourceId> = texts.iter().map(add).collect();
        let files = ids.into_iter().map(|id| parse(self.sources, id, self.diagnostics)).collect();
        let beside = Beside { called: directory.into(), directory: place.directory.clone(), package };
        Ok(Folder { place: place.clone(), beside: Arc::new(beside), files, digest: Digest::of(&bytes) })
    }

    /// A file's text; one that is no text is reported and left out.
    fn text(&mut self, directory: &str, file: File) -> Option<(String, String)> {
        let name = beneath(directory, &file.name);
        self.bytes += file.bytes.len();
        if self.bytes > MOST_BYTES {
            let detail = format!("`{name}` would bring the profile's text above {} MiB", MOST_BYTES >> 20);
            self.diagnostics.push(Diagnostic::new(code::TOO_LARGE, Severity::Error, detail));
            return None;
        }
        match utf8(&name, &file.bytes) {
            Ok(text) => Some((file.name, text.to_owned())),
            Err(diagnostic) => {
                self.diagnostics.push(*diagnostic);
                None
            }
        }
    }
}

/// The text of a file's bytes.
///
/// # Errors
/// Which byte is not UTF-8, and on which line.
pub fn utf8<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, Box<Diagnostic>> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        let byte = bytes.get(at).copied().unwrap_or_default();
        let detail = format!("`{name}` is not UTF-8: byte {at} (line {line}) is 0x{byte:02x}");
        let help = "Save the file as UTF-8.";
        Box::new(Diagnostic::new(code::NOT_UTF8, Severity::Error, detail).help(help))
    })
}

/// The name of a file in a directory, as messages and reports write it.
fn beneath(directory: &str, name: &str) -> String {
    if directory == "." { name.to_owned() } else { format!("{}/{name}", directory.trim_end_matches('/')) }
}

/// The module and its importers, innermost first, each with the place where it is imported.
fn chain(modules: &[Loaded], at: usize) -> Vec<(&Folder, Option<Span>)> {
    let importer = |at: &usize| modules[*at].importer.as_ref().map(|importer| importer.at);
    let steps = std::iter::successors(Some(at), importer);
    steps.map(|at| (&*modules[at].folder, modules[at].importer.as_ref().map(|importer| importer.span))).collect()
}

/// What a `module` block says its source is.
fn source(block: &Block) -> Option<&Expression> {
    block.body.attributes.iter().find(|attribute| &*attribute.name.text == "source").map(|attribute| &attribute.value)
}

/// The address of something in a module: `module.a.require.KIND.NAME`.
pub(crate) fn member(module: &str, what: &str, name: &str) -> Text {
    if module.is_empty() { format!("{what}.{name}").into() } else { format!("{module}.{what}.{name}").into() }
}

impl FileProblem {
    /// Half a sentence about a directory.
    pub(crate) fn sentence(&self, directory: &str) -> String {
        match self {
            FileProblem::Missing => format!("there is no directory `{directory}`"),
            FileProblem::NotADirectory => format!("`{directory}` is not a directory"),
            FileProblem::Unreadable(words) => format!("`{directory}` cannot be read ({words})"),
        }
    }
}
