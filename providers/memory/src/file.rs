//! The estate's file: read once, written whole and at once, refused when somebody else wrote it in between.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A file and what it held when it was last read or written here.
pub(crate) struct EstateFile {
    path: PathBuf,
    text: String,
    stamp: (u64, SystemTime),
}

/// The longest estate that is read, in bytes.
const LONGEST: u64 = 1 << 30;

/// The bytes of a file. A pipe or a device is none: it could have no end, and cannot be written back.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > LONGEST {
        true => Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is longer than 1 GiB")),
        false => Ok(bytes),
    }
}

impl EstateFile {
    /// Reads a file. Links are followed once, so that writing replaces the file and not the link.
    pub(crate) fn read(path: &Path) -> io::Result<EstateFile> {
        let path = fs::canonicalize(path)?;
        let stamp = stamp(&path)?;
        let bytes = bytes(&path)?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to() + 1;
            io::Error::new(io::ErrorKind::InvalidData, format!("byte {at} is not UTF-8"))
        })?;
        Ok(EstateFile { path, text, stamp })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether the file still holds what was read.
    pub(crate) fn check(&self) -> io::Result<()> {
        match bytes(&self.path)? == self.text.as_bytes() {
            true => Ok(()),
            false => Err(changed()),
        }
    }

    /// The same by length and time only, which does not cost the file's length. What this misses, [`EstateFile::replace`] sees.
    pub(crate) fn glance(&self) -> io::Result<()> {
        match stamp(&self.path)? == self.stamp {
            true => Ok(()),
            false => self.check(),
        }
    }

    /// Replaces the whole content: whoever reads the file sees the old one or the new one.
    pub(crate) fn replace(&mut self, text: String) -> io::Result<()> {
        self.check()?;
        let directory = self.path.parent().unwrap_or(Path::new("."));
        let mut next = tempfile::NamedTempFile::new_in(directory)?;
        next.write_all(text.as_bytes())?;
        next.as_file().set_permissions(fs::metadata(&self.path)?.permissions())?;
        next.as_file().sync_all()?;
        next.persist(&self.path).map_err(|error| error.error)?;
        fs::File::open(directory)?.sync_all()?;
        self.text = text;
        self.stamp = stamp(&self.path)?;
        Ok(())
    }
}

/// Length and time of the last change.
fn stamp(path: &Path) -> io::Result<(u64, SystemTime)> {
    let found = fs::metadata(path)?;
    Ok((found.len(), found.modified()?))
}

fn changed() -> io::Error {
    io::Error::other("it changed on disk since it was read")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_no_estate() {
        let said = EstateFile::read(Path::new("/dev/null")).err().map(|error| error.to_string());
        assert_eq!(said.as_deref(), Some("it is no regular file"), "a device may have no end");
    }
}
