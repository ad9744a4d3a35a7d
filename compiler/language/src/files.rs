//! [`Files`]: the port through which a profile's files arrive. The command line reads them; this crate never does.

use crate::template_file::Template;
use ordain_model::digest::Digest;
use ordain_model::module::{Found, Locked, PackageProblem, Repository, Request};
use ordain_model::source::SourceId;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Where modules live. Paths are as [`crate::path::join`] gives them: `/` as separator, relative ones relative to the
/// working directory.
pub trait Files {
    /// Every file that stands directly in a directory and [`belongs`] to its module, sorted by name.
    ///
    /// # Errors
    /// Why the directory, or a file in it, could not be read.
    fn module(&self, directory: &str) -> Result<Vec<File>, FileProblem>;

    /// The lock file of a root module: [`ordain_model::module::LOCK`] in its directory, none where none is.
    ///
    /// # Errors
    /// Why it could not be read.
    fn lock(&self, directory: &str) -> Result<Option<File>, FileProblem> {
        let _ = directory;
        Ok(None)
    }

    /// The package that was locked. Whether its digest is the locked one is checked by who asks.
    ///
    /// # Errors
    /// Why there is none.
    fn package(&self, repository: &Repository, locked: &Locked) -> Result<Found, PackageProblem> {
        let _ = (repository, locked);
        Err(PackageProblem::Offline)
    }

    /// The digest of what a source publishes under a request now, whatever a cache, a vendored copy or a lock file says.
    ///
    /// # Errors
    /// Why it is not known.
    fn published(&self, request: &Request) -> Result<Digest, PackageProblem> {
        let _ = request;
        Err(PackageProblem::Offline)
    }

    /// The bytes of a plain file below a module's directory; the path is as [`ordain_model::package::inside`] admits it. What
    /// a link leads to counts as where it leads.
    ///
    /// # Errors
    /// Why there are none.
    fn content(&self, directory: &str, path: &str) -> Result<Vec<u8>, ContentProblem> {
        let _ = (directory, path);
        Err(ContentProblem::Missing)
    }

    /// The paths, relative to it, of the plain files below `path` in a module's directory, an empty one for the directory
    /// itself: those that at most `depth` directories stand around, in any order. Links to directories are not followed.
    ///
    /// # Errors
    /// Why it is not known which there are.
    fn names(&self, directory: &str, path: &str, depth: usize) -> Result<Vec<String>, ContentProblem> {
        let _ = (directory, path, depth);
        Err(ContentProblem::Missing)
    }
}

/// The files of one module, as its expressions read them. Whoever asks twice is told the same.
pub trait ModuleFiles {
    /// As [`Files::content`].
    ///
    /// # Errors
    /// Why there are none.
    fn content(&self, path: &str) -> Result<Arc<[u8]>, ContentProblem>;

    /// As [`Files::names`], sorted.
    ///
    /// # Errors
    /// Why it is not known which there are.
    fn names(&self, path: &str, depth: usize) -> Result<Arc<[String]>, ContentProblem>;

    /// The source that stands for a template, so that messages can show its lines.
    fn source(&self, path: &str, text: &str) -> SourceId;

    /// The template that a file holds, whose text is given.
    fn template(&self, path: &str, text: &str) -> Arc<Template> {
        Template::read(text, self.source(path, text)).into()
    }
}

/// [`Files::content`] among files that are at hand, by their paths.
///
/// # Errors
/// Why there is no content.
pub fn content_of<B: AsRef<[u8]>>(files: &BTreeMap<String, B>, path: &str) -> Result<Vec<u8>, ContentProblem> {
    match files.get(path).map(AsRef::as_ref) {
        Some(bytes) if bytes.len() as u64 > LARGEST_CONTENT => Err(ContentProblem::TooLarge),
        Some(bytes) => Ok(bytes.to_vec()),
        None if below(files, path).next().is_some() => Err(ContentProblem::NoFile("a directory")),
        None => Err(ContentProblem::Missing),
    }
}

/// [`Files::names`] among files that are at hand, by their paths; `.` is the directory that these are relative to.
#[must_use]
pub fn names_of<B>(files: &BTreeMap<String, B>, directory: &str, depth: usize) -> Vec<String> {
    let near = |name: &&str| name.matches('/').count() <= depth;
    below(files, directory).filter(near).map(str::to_owned).collect()
}

/// The paths of the files below a directory, relative to it.
fn below<'a, B>(files: &'a BTreeMap<String, B>, directory: &str) -> impl Iterator<Item = &'a str> {
    let within = if directory == "." { String::new() } else { format!("{directory}/") };
    files.range(within.clone()..).map_while(move |(path, _)| path.strip_prefix(&within))
}

/// Most bytes of a file that an expression reads.
pub const LARGEST_CONTENT: u64 = 16 << 20;
/// Most bytes that the expressions of a profile read.
pub const MOST_CONTENT: u64 = 64 << 20;
/// Most files that a `fileset` looks at.
pub const MOST_NAMES: usize = 10_000;

/// Why a file has no content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContentProblem {
    /// Nothing is there.
    Missing,
    /// It is no plain file: what it is instead, with its article.
    NoFile(&'static str),
    /// A link leads out of the module.
    Outside,
    /// It is larger than [`LARGEST_CONTENT`], or with it what is read than [`MOST_CONTENT`].
    TooLarge,
    /// There are more than [`MOST_NAMES`].
    TooMany,
    /// The system's own words.
    Unreadable(String),
}

impl fmt::Display for ContentProblem {
    /// What follows the path in a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ContentProblem::Missing => f.write_str("is not among the module's files"),
            ContentProblem::NoFile(what) => write!(f, "is {what}, and only plain files are read"),
            ContentProblem::Outside => f.write_str("is a link that leads out of the module"),
            ContentProblem::TooLarge => {
                let (one, all) = (LARGEST_CONTENT >> 20, MOST_CONTENT >> 20);
                write!(f, "is too large: of one file at most {one} MiB are read, for a profile at most {all} MiB")
            }
            ContentProblem::TooMany => write!(f, "has more than {MOST_NAMES} files below it"),
            ContentProblem::Unreadable(words) => write!(f, "cannot be read ({words})"),
        }
    }
}

/// A place without any file: for what is read by itself.
pub(crate) struct NoFiles;

impl Files for NoFiles {
    fn module(&self, _: &str) -> Result<Vec<File>, FileProblem> {
        Err(FileProblem::Missing)
    }
}

/// The ending of a file of profile tests.
pub const TEST_ENDING: &str = ".test.hcl";

/// Whether a file of this name is part of the module in its directory. Hidden files are not, nor are profile tests, which
/// stand beside the profile that they test.
#[must_use]
pub fn belongs(name: &str) -> bool {
    name.ends_with(".hcl") && !name.ends_with(TEST_ENDING) && !name.starts_with('.')
}

/// A file as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name within its directory, for example `main.hcl`.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why a file or directory could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileProblem {
    /// There is no such directory.
    Missing,
    /// It is there but is not a directory.
    NotADirectory,
    /// The system's own words.
    Unreadable(String),
}
