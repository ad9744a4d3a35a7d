//! The estate's file: read once, written whole and at once, refused when somebody else wrote it in between.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file and what it held when it was last read or written here.
pub(crate) struct EstateFile {
    path: PathBuf,
    text: String,
}

impl EstateFile {
    /// Reads a file. Links are followed once, so that writing replaces the file and not the link.
    pub(crate) fn read(path: &Path) -> io::Result<EstateFile> {
        let path = fs::canonicalize(path)?;
        let bytes = fs::read(&path)?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to() + 1;
            io::Error::new(io::ErrorKind::InvalidData, format!("byte {at} is not UTF-8"))
        })?;
        Ok(EstateFile { path, text })
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Replaces the whole content: whoever reads the file sees the old one or the new one.
    pub(crate) fn replace(&mut self, text: String) -> io::Result<()> {
        if fs::read(&self.path)? != self.text.as_bytes() {
            return Err(io::Error::other("it changed on disk since it was read"));
        }
        let directory = self.path.parent().unwrap_or(Path::new("."));
        let mut next = tempfile::NamedTempFile::new_in(directory)?;
        next.write_all(text.as_bytes())?;
        next.as_file().set_permissions(fs::metadata(&self.path)?.permissions())?;
        next.as_file().sync_all()?;
        next.persist(&self.path).map_err(|error| error.error)?;
        fs::File::open(directory)?.sync_all()?;
        self.text = text;
        Ok(())
    }
}
