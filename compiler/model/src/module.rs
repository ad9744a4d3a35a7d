//! [`ModuleSource`]: where a `module` block says its module comes from; [`Locked`]: which content that is.

pub mod parse;

use crate::Text;
use crate::digest::Digest;
use crate::package::{Package, Refusal};
use std::fmt;
use std::sync::Arc;

/// What a `source` names. [`str::parse`] reads it.
///
/// ```
/// use ordain_model::module::ModuleSource;
/// let source: ModuleSource = "git::https://git.example.com/platform/baseline.git//aws?ref=main".parse().unwrap();
/// let ModuleSource::Remote(remote) = source else { panic!() };
/// assert_eq!(remote.repository.to_string(), "git::https://git.example.com/platform/baseline.git");
/// assert_eq!((&*remote.folder, remote.reference.as_deref()), ("aws", Some("main")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModuleSource {
    /// A directory: `.`, `..`, or a path that starts with `./` or `../`, from the file that names it.
    Local(Text),
    /// A folder of what somebody publishes.
    Remote(Remote),
}

/// A folder of a repository, perhaps at a named place in its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    /// Where it is published.
    pub repository: Repository,
    /// The folder in it, `/` as separator; `.` for its top.
    pub folder: Text,
    /// `?ref=`: a branch, tag or commit; for a registry a tag or digest.
    pub reference: Option<Text>,
}

/// What is fetched, pinned and kept as a whole. Its text is its canonical spelling: what stands before `//` and `?`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Repository {
    /// `git::URL`: what Git clones.
    Git(Text),
    /// `oci://HOST/PATH`: an artifact in a registry.
    Registry {
        /// Host, with its port where one is written.
        host: Text,
        /// Name of the repository on the host.
        path: Text,
    },
    /// `ordain://NAME`: a profile that is compiled into the program.
    Profile(Text),
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Repository::Git(url) => write!(f, "git::{url}"),
            Repository::Registry { host, path } => write!(f, "oci://{host}/{path}"),
            Repository::Profile(name) => write!(f, "ordain://{name}"),
        }
    }
}

/// Which content of a repository is wanted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    /// Nothing is said: Git's default branch, a registry's tag `latest`, the profile as it is.
    Default,
    /// The highest tag `vX.Y.Z` that a constraint admits; the constraint as it is written.
    Version(Text),
    /// What `?ref=` says.
    Reference(Text),
}

impl Wanted {
    /// What follows a noun in a message: " in version `~> 2.3`", " at `main`", nothing.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Wanted::Default => String::new(),
            Wanted::Version(constraint) => format!(" in version `{constraint}`"),
            Wanted::Reference(reference) => format!(" at `{reference}`"),
        }
    }
}

/// A repository and which of its content: what an entry of the lock file is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Request {
    /// Where.
    pub repository: Repository,
    /// Which.
    pub wanted: Wanted,
}

impl fmt::Display for Request {
    /// As a part of a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`{}", self.repository, self.wanted.words())
    }
}

/// What a request was resolved to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    /// The version that was chosen, without `v`, where a version was wanted.
    pub version: Option<Text>,
    /// A commit of Git, the digest of a registry's manifest; empty for a built-in profile.
    pub revision: Text,
    /// The package's digest.
    pub digest: Digest,
}

impl Repository {
    /// How messages and reports call a module of this repository, and under which name its files stand: the address without
    /// its scheme, and which content it is. The same wherever the files are taken from.
    ///
    /// ```
    /// use ordain_model::{digest::Digest, module::{Locked, Repository}};
    /// let locked = Locked { version: Some("2.3.1".into()), revision: "4b1d".into(), digest: Digest::of(b"") };
    /// let repository = Repository::Git("ssh://git@git.example.com/platform/baseline.git".into());
    /// assert_eq!(repository.name(&locked), "git.example.com/platform/baseline.git@2.3.1");
    /// ```
    #[must_use]
    pub fn name(&self, locked: &Locked) -> String {
        let place = match self {
            Repository::Git(url) => {
                let rest = url.split_once("://").map_or(&**url, |(_, rest)| rest);
                let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
                let host = host.rsplit('@').next().unwrap_or(host);
                if host.is_empty() { path.to_owned() } else { format!("{host}/{path}") }
            }
            Repository::Registry { host, path } => format!("{host}/{path}"),
            Repository::Profile(_) => return self.to_string(),
        };
        let revision = locked.revision.strip_prefix("sha256:").unwrap_or(&locked.revision);
        let content = locked.version.as_deref().unwrap_or(revision.get(..12).unwrap_or(revision));
        format!("{place}@{content}")
    }

    /// Whether it is on the machine that reads it: a directory, or a server that only this machine reaches.
    #[must_use]
    pub fn is_local(&self) -> bool {
        match self {
            Repository::Git(url) => match url.split_once("://") {
                Some(("file", _)) => true,
                Some((_, rest)) => {
                    let authority = rest.split('/').next().unwrap_or_default();
                    parse::is_loopback(authority.rsplit('@').next().unwrap_or_default())
                }
                None => false,
            },
            Repository::Registry { host, .. } => parse::is_loopback(host),
            Repository::Profile(_) => false,
        }
    }

    /// Where a vendored copy stands, from the root module's directory.
    #[must_use]
    pub fn vendored(&self, locked: &Locked) -> String {
        let sort = match self {
            Repository::Git(url) => format!("git-{}", url.split("://").next().unwrap_or_default()),
            Repository::Registry { .. } => "oci".to_owned(),
            Repository::Profile(name) => return format!("{VENDOR}/ordain/{name}"),
        };
        format!("{VENDOR}/{sort}/{}", self.name(locked))
    }
}

/// The directory of vendored copies, beside the lock file.
pub const VENDOR: &str = "vendor";
/// The lock file, in the root module's directory.
pub const LOCK: &str = "ordain.lock";

/// A package and where it was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its files.
    pub package: Arc<Package>,
    /// The directory of the vendored copy, where it is one.
    pub vendored: Option<String>,
}

/// Why there is no package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackageProblem {
    /// It is neither vendored nor cached, and nothing may be fetched.
    Offline,
    /// It is not where it should be, or the way there is blocked; half a sentence.
    Unreachable(String),
    /// No version will do.
    NoVersion {
        /// Those there are, highest first.
        versions: Vec<Text>,
    },
    /// There is no such thing.
    Missing {
        /// What there is in its place.
        known: Vec<Text>,
    },
    /// Something in it is refused.
    Refused(Refusal),
}
