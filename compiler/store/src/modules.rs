//! [`Modules`]: packages from a vendored copy, the cache, Git or a registry, in this order.
//!
//! | module | holds |
//! |---|---|
//! | [`archive`] | a package as a tar, and back |
//! | [`cache`] | packages by digest, in the user's cache directory |
//! | [`copies`] | packages as files beside the profile |
//! | [`git`] | repositories, through the `git` program |
//! | [`registry`] | OCI registries |

pub mod archive;
pub mod cache;
pub mod copies;
pub mod git;
pub mod registry;

use cache::Cache;
use ordain_model::Text;
use ordain_model::module::{Found, Locked, PackageProblem, Repository, Request, Wanted};
use ordain_model::package::Package;
use ordain_model::version::Constraint;
use semver::Version;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Where packages come from.
#[derive(Clone, Debug)]
pub struct Modules {
    /// Packages by digest; without one everything is fetched anew.
    pub cache: Option<Cache>,
    /// Fetch nothing.
    pub offline: bool,
    /// The root module's directory, beside which vendored copies are looked for.
    pub vendored: Option<PathBuf>,
    /// The built-in profiles, by name.
    pub profiles: fn() -> &'static BTreeMap<Text, Arc<Package>>,
}

impl Modules {
    /// The package that was locked. A vendored copy is taken as it is: whoever asks compares
    /// digests. From anywhere else it is the locked one, or what is published in its place now.
    ///
    /// # Errors
    /// Why there is none.
    pub fn find(&self, repository: &Repository, locked: &Locked) -> Result<Found, PackageProblem> {
        let vendored = repository.vendored(locked);
        let copy = self.vendored.as_ref().map(|root| copies::read(&root.join(&vendored), copies::whole));
        if let Some(package) = copy.transpose()?.flatten() {
            return Ok(Found { package: Arc::new(package), vendored: Some(vendored) });
        }
        let package = match self.kept(repository, locked)? {
            Some(package) => package,
            None if self.offline => return Err(PackageProblem::Offline),
            None => Arc::new(self.fetch(repository, &locked.revision)?),
        };
        Ok(Found { package, vendored: None })
    }

    /// What needs no network: a built-in profile, a cached package.
    fn kept(&self, repository: &Repository, locked: &Locked) -> Result<Option<Arc<Package>>, PackageProblem> {
        match repository {
            Repository::Profile(name) => self.profile(name).map(Some),
            _ => Ok(self.cache.as_ref().and_then(|cache| cache.get(&locked.digest)).map(Arc::new)),
        }
    }

    fn profile(&self, name: &Text) -> Result<Arc<Package>, PackageProblem> {
        let known =
            || (self.profiles)().keys().map(|name| Repository::Profile(name.clone()).to_string().into()).collect();
        (self.profiles)().get(name).cloned().ok_or_else(|| PackageProblem::Missing { known: known() })
    }

    fn fetch(&self, repository: &Repository, revision: &str) -> Result<Package, PackageProblem> {
        let package = match repository {
            Repository::Git(url) => git::fetch(url, revision)?,
            Repository::Registry { host, path } => registry::fetch(host, path, revision)?,
            Repository::Profile(name) => return self.profile(name).map(Arc::unwrap_or_clone),
        };
        if let Some(cache) = &self.cache {
            // A cache that cannot be written only costs the next run a download.
            let _ = cache.put(&package);
        }
        Ok(package)
    }

    /// Chooses the content of a request and fetches it.
    ///
    /// # Errors
    /// Why nothing could be chosen or fetched.
    pub fn resolve(&self, request: &Request) -> Result<Locked, PackageProblem> {
        let (version, revision) = match &request.repository {
            Repository::Git(url) => git::resolve(url, &request.wanted)?,
            Repository::Registry { host, path } => registry::resolve(host, path, &request.wanted)?,
            Repository::Profile(_) => (None, "".into()),
        };
        let digest = self.fetch(&request.repository, &revision)?.digest();
        Ok(Locked { version, revision, digest })
    }
}

/// The highest tag `vX.Y.Z` that a constraint admits, without its `v`, and what stands behind it.
///
/// # Errors
/// None does.
fn choose<T>(tags: impl IntoIterator<Item = (String, T)>, constraint: &str) -> Result<(Version, T), PackageProblem> {
    let version = |(tag, of): (String, T)| Some((Version::parse(tag.strip_prefix('v')?).ok()?, of));
    let mut versions: Vec<(Version, T)> = tags.into_iter().filter_map(version).collect();
    versions.sort_by(|(one, _), (other, _)| other.cmp(one));
    let constraint = Constraint::parse(constraint);
    match versions.iter().position(|(version, _)| constraint.as_ref().is_some_and(|of| of.admits(version))) {
        Some(at) => Ok(versions.swap_remove(at)),
        None => {
            let names = versions.iter().map(|(version, _)| version.to_string().into());
            Err(PackageProblem::NoVersion { versions: names.collect() })
        }
    }
}

/// What somebody else's program or server says, on one line, bounded, and without what stands before the host of a URL: a user
/// may have a secret there.
fn words(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("://").map(|at| at + 3) {
        let (before, after) = rest.split_at(at);
        kept.push_str(before);
        let end = after.find(['/', ' ', '\'', '"', '\n', '?']).unwrap_or(after.len());
        let (authority, tail) = after.split_at(end);
        kept.push_str(authority.rsplit('@').next().unwrap_or(authority));
        rest = tail;
    }
    kept.push_str(rest);
    let line = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|letter| !letter.is_control()).take(400).collect()
}

fn unreachable(text: impl AsRef<str>) -> PackageProblem {
    PackageProblem::Unreachable(words(text.as_ref()))
}

/// What a request names where it wants no version: a reference, or the default.
fn named<'a>(wanted: &'a Wanted, default: &'a str) -> &'a str {
    match wanted {
        Wanted::Reference(reference) => reference,
        Wanted::Default | Wanted::Version(_) => default,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_admitted_tag_is_chosen() {
        let tags =
            ["v1.9.0", "v1.10.0", "v2.0.0", "v2.1.0-rc.1", "latest", "1.99.0", "v1"].map(|tag| (tag.to_owned(), tag));
        let chosen = |constraint| choose(tags.clone(), constraint).map(|(version, tag)| (version.to_string(), tag));
        assert_eq!(chosen("~> 1.0"), Ok(("1.10.0".into(), "v1.10.0")));
        assert_eq!(chosen(">= 1"), Ok(("2.0.0".into(), "v2.0.0")));
        assert_eq!(chosen("2.1.0-rc.1"), Ok(("2.1.0-rc.1".into(), "v2.1.0-rc.1")));
        let versions = ["2.1.0-rc.1", "2.0.0", "1.10.0", "1.9.0"].map(Text::from).to_vec();
        assert_eq!(chosen("~> 3.0"), Err(PackageProblem::NoVersion { versions }));
    }

    #[test]
    fn no_secret_of_a_url_is_repeated() {
        let said = "fatal: unable to access 'https://bot:hunter2@git.example/x.git/':\n\x1b[31m 403, see ssh://key@h/y";
        assert_eq!(words(said), "fatal: unable to access 'https://git.example/x.git/': [31m 403, see ssh://h/y");
        assert!(words(&"x".repeat(9_999)).len() == 400);
    }
}
