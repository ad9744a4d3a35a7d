//! [`Files`]: the port through which a profile's files arrive. The command line reads them; this crate never does.

use ordain_model::digest::Digest;
use ordain_model::module::{Found, Locked, PackageProblem, Repository, Request};

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
