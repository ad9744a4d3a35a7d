//! [`Tree`]: the root module and every module it imports, each file read and parsed once.

use crate::files::{File, FileProblem, Files};
use crate::parse::parse;
use crate::path;
use crate::syntax::{Block, Expression, Node, Syntax};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported, Severity};
use ordain_model::digest::Digest;
use ordain_model::source::{SourceId, Sources, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most modules in a profile, each import counted.
const MOST_MODULES: usize = 1_000;
/// Deepest chain of imports.
const DEEPEST: usize = 32;
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
    /// The importer's place in [`Tree::modules`], and where it names the source.
    importer: Option<(usize, Span)>,
}

/// A directory of `.hcl` files.
pub(crate) struct Folder {
    pub(crate) directory: Text,
    pub(crate) files: Vec<Syntax>,
    pub(crate) digest: Digest,
}

impl Folder {
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
    let mut loader = Loader { files, sources, diagnostics, folders: BTreeMap::new(), bytes: 0 };
    let directory = path::join(".", directory);
    let folder = loader.folder(&directory).map_err(|problem| {
        let detail = format!("the profile in `{directory}`: {problem}");
        loader.diagnostics.push(Diagnostic::new(code::UNREADABLE_MODULE, Severity::Error, detail))
    })?;
    let mut modules = vec![Loaded { path: "".into(), folder, children: BTreeMap::new(), importer: None }];
    let mut at = 0;
    while at < modules.len() {
        loader.imports(&mut modules, at);
        at += 1;
    }
    Ok(Tree { modules })
}

struct Loader<'a> {
    files: &'a dyn Files,
    sources: &'a mut Sources,
    diagnostics: &'a mut Diagnostics,
    folders: BTreeMap<String, Result<Arc<Folder>, String>>,
    bytes: usize,
}

impl Loader<'_> {
    /// Loads what one module imports, each name once: the second block of a name is reported with the declarations.
    fn imports(&mut self, modules: &mut Vec<Loaded>, importer: usize) {
        let folder = Arc::clone(&modules[importer].folder);
        for block in folder.blocks().filter(|block| &*block.kind.text == "module") {
            let (Some(name), Some(source)) = (block.labels.first(), source(block)) else { continue };
            if modules[importer].children.contains_key(&name.text) {
                continue;
            }
            let Ok(folder) = self.import(modules, importer, source) else { continue };
            let child = modules.len();
            modules[importer].children.insert(name.text.clone(), child);
            let path = member(&modules[importer].path, "module", &name.text);
            modules.push(Loaded { path, folder, children: BTreeMap::new(), importer: Some((importer, source.span)) });
        }
    }

    fn import(&mut self, modules: &[Loaded], importer: usize, source: &Expression) -> Result<Arc<Folder>, Reported> {
        let written = self.local(source)?;
        let directory = path::join(&modules[importer].folder.directory, &written);
        let chain = chain(modules, importer);
        if let Some(from) = chain.iter().position(|(directory_above, _)| ***directory_above == *directory) {
            return Err(self.cycle(&directory, &chain[..from], source.span));
        }
        if chain.len() >= DEEPEST || modules.len() >= MOST_MODULES {
            let detail = format!("a profile has at most {MOST_MODULES} modules, imported at most {DEEPEST} deep");
            return Err(self.diagnostics.push(Diagnostic::error(code::TOO_LARGE, source.span, detail)));
        }
        self.folder(&directory).map_err(|problem| {
            let detail = format!("the module `{written}`: {problem}");
            let help = "A path is relative to the directory of the file that names it.";
            self.diagnostics.push(Diagnostic::error(code::UNREADABLE_MODULE, source.span, detail).help(help))
        })
    }

    /// The path that `source` says.
    fn local(&mut self, source: &Expression) -> Result<Text, Reported> {
        let Node::String(written) = &source.node else {
            let detail =
                "a module's `source` is a path in quotes, without variables: it is read before any value is known";
            return Err(self.diagnostics.push(Diagnostic::error(code::MODULE_SOURCE, source.span, detail)));
        };
        if path::is_local(written) {
            return Ok(written.clone());
        }
        let detail = format!(
            "this version imports modules from local paths, and `{written}` is none: it starts with neither `./` nor `../`"
        );
        let diagnostic = Diagnostic::error(code::MODULE_SOURCE, source.span, detail);
        let local = !written.contains("::") && !written.contains("://") && !written.starts_with('/');
        Err(self.diagnostics.push(if local {
            diagnostic.paste(format!("source = \"./{written}\""))
        } else {
            diagnostic
        }))
    }

    /// `edges`, innermost first, lead from the module in `directory` down to the importer whose `last` names it again.
    fn cycle(&mut self, directory: &str, edges: &[(&Text, Option<Span>)], last: Span) -> Reported {
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

    /// A directory's files, read once however often it is imported; the error is half a sentence.
    fn folder(&mut self, directory: &str) -> Result<Arc<Folder>, String> {
        if let Some(known) = self.folders.get(directory) {
            return known.clone();
        }
        let folder = self.read(directory).map(Arc::new);
        self.folders.insert(directory.to_owned(), folder.clone());
        folder
    }

    fn read(&mut self, directory: &str) -> Result<Folder, String> {
        let mut files = self.files.module(directory).map_err(|problem| problem.sentence(directory))?;
        files.sort_by(|one, other| one.name.cmp(&other.name));
        if files.is_empty() {
            return Err(format!("no `.hcl` file stands in `{directory}`"));
        }
        let texts: Vec<(String, String)> = files.into_iter().filter_map(|file| self.text(directory, file)).collect();
        let bytes = ordain_model::digest::canonical(&texts).map_err(|error| error.to_string())?;
        let add = |(name, text): &(String, String)| self.sources.add(&path::join(directory, name), text);
        let ids: Vec<SourceId> = texts.iter().map(add).collect();
        let files = ids.into_iter().map(|id| parse(self.sources, id, self.diagnostics)).collect();
        Ok(Folder { directory: directory.into(), files, digest: Digest::of(&bytes) })
    }

    /// A file's text; one that is no text is reported and left out.
    fn text(&mut self, directory: &str, file: File) -> Option<(String, String)> {
        let name = path::join(directory, &file.name);
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
pub(crate) fn utf8<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, Box<Diagnostic>> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        let byte = bytes.get(at).copied().unwrap_or_default();
        let detail = format!("`{name}` is not UTF-8: byte {at} (line {line}) is 0x{byte:02x}");
        let help = "Save the file as UTF-8.";
        Box::new(Diagnostic::new(code::NOT_UTF8, Severity::Error, detail).help(help))
    })
}

/// The module and its importers, innermost first, each with the place where it is imported.
fn chain(modules: &[Loaded], at: usize) -> Vec<(&Text, Option<Span>)> {
    let importer = |at: &usize| modules[*at].importer.map(|(above, _)| above);
    let steps = std::iter::successors(Some(at), importer);
    steps.map(|at| (&modules[at].folder.directory, modules[at].importer.map(|(_, span)| span))).collect()
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
    fn sentence(&self, directory: &str) -> String {
        match self {
            FileProblem::Missing => format!("there is no directory `{directory}`"),
            FileProblem::NotADirectory => format!("`{directory}` is not a directory"),
            FileProblem::Unreadable(words) => format!("`{directory}` cannot be read ({words})"),
        }
    }
}
