//! [`Cache`]: packages by digest, one archive each, in the user's cache directory. A file is put there whole or not at all, and
//! its digest is computed anew whenever it is used; so runs may share it, and what is damaged counts as missing.

use super::archive;
use ordain_model::digest::Digest;
use ordain_model::package::Package;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A directory of archives.
#[derive(Clone, Debug)]
pub struct Cache(PathBuf);

impl Cache {
    /// The cache in a directory, which is created when something is put there.
    #[must_use]
    pub fn at(directory: &Path) -> Cache {
        Cache(directory.to_owned())
    }

    /// `$XDG_CACHE_HOME/ordain/modules`, or below `$HOME/.cache` where that is not set. Source: XDG Base Directory
    /// Specification 0.8, which also says that a relative path is not used.
    #[must_use]
    pub fn of_environment() -> Option<Cache> {
        let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let base = absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")))?;
        Some(Cache(base.join("ordain").join("modules")))
    }

    /// The package of a digest.
    #[must_use]
    pub fn get(&self, digest: &Digest) -> Option<Package> {
        let bytes = fs::read(self.file(digest)).ok()?;
        archive::unpack(&bytes).ok().filter(|package| package.digest() == *digest)
    }

    /// Keeps a package.
    ///
    /// # Errors
    /// The system's.
    pub fn put(&self, package: &Package) -> io::Result<()> {
        fs::create_dir_all(&self.0)?;
        let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(&self.0)?;
        file.write_all(&archive::pack(package)?)?;
        file.as_file().sync_all()?;
        file.persist(self.file(&package.digest())).map(drop).map_err(|error| error.error)
    }

    fn file(&self, digest: &Digest) -> PathBuf {
        let name: String = digest.0.iter().map(|byte| format!("{byte:02x}")).collect();
        self.0.join(format!("{name}.tar"))
    }
}
