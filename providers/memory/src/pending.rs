//! [`Pending`]: the writes of an apply that the estate's file does not hold yet, in a file beside it.
//!
//! Rewriting an estate after every wave would cost its whole length each time. So a wave is one line of
//! `ESTATE.pending`, and the estate is rewritten once, when its last user is done. Who opens an estate reads both; after a
//! kill the file stays, and the next apply takes it over.
//!
//! ```text
//! {"estate":"sha256:..."}                                what the estate held: the writes come on top of it
//! [{"object":"...","setting":"...","value":...}, ...]    a wave; a line without its end was never durable
//! ```
//! Its writer locks it, so that a second apply on the same estate is refused. The system takes the lock from the dead.

use ordain_model::address::{ObjectAddress, SettingName};
use ordain_model::digest::Digest;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// One value that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Write {
    pub object: ObjectAddress,
    pub setting: SettingName,
    pub value: Json,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    estate: Digest,
}

/// What an apply that did not end left, or one that is under way has written so far.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Left {
    /// Digest of what the estate held.
    pub on: Digest,
    /// In their order.
    pub writes: Vec<Write>,
    bytes: Vec<u8>,
}

/// Where the writes of an estate wait.
pub(crate) fn beside(estate: &Path) -> PathBuf {
    let mut name = estate.file_name().unwrap_or_default().to_owned();
    name.push(".pending");
    estate.with_file_name(name)
}

/// Reads what stands beside an estate. Read it before the estate: whoever folds it in removes it last.
pub(crate) fn read(estate: &Path) -> io::Result<Option<Left>> {
    let path = beside(estate);
    let bytes = match fs::read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    let odd = |error: serde_json::Error| {
        io::Error::new(io::ErrorKind::InvalidData, format!("`{}` does not read: {error}", path.display()))
    };
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
    // An apply that was killed before its first wave has written nothing.
    let Some(head) = lines.next() else { return Ok(None) };
    let on = serde_json::from_slice::<Head>(head).map_err(odd)?.estate;
    let mut writes = Vec::new();
    for line in lines {
        writes.extend(serde_json::from_slice::<Vec<Write>>(line).map_err(odd)?);
    }
    Ok(Some(Left { on, writes, bytes }))
}

/// The pending file of an apply that is under way, locked.
pub(crate) struct Pending {
    path: PathBuf,
    file: File,
    /// How much of it is durable and whole.
    length: u64,
}

impl Pending {
    /// Takes over what is there, which has to be what was read; nothing where nothing is.
    pub(crate) fn take_over(estate: &Path, read: Option<&Left>) -> io::Result<Option<Pending>> {
        let path = beside(estate);
        let file = match OpenOptions::new().append(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other?,
        };
        lock(&file)?;
        let bytes = fs::read(&path)?;
        match read.map_or_else(|| !bytes.contains(&b'\n'), |left| left.bytes == bytes) {
            true => Ok(Some(Pending { path, length: bytes.len() as u64, file })),
            false => Err(busy()),
        }
    }

    /// Begins a new one, on top of what an estate holds.
    pub(crate) fn begin(estate: &Path, content: &str) -> io::Result<Pending> {
        let path = beside(estate);
        let created = OpenOptions::new().append(true).create_new(true).open(&path);
        let file = created.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => busy(),
            _ => error,
        })?;
        lock(&file)?;
        file.set_permissions(fs::metadata(estate)?.permissions())?;
        let mut pending = Pending { path, file, length: 0 };
        pending.line(&Head { estate: Digest::of(content.as_bytes()) })?;
        // A file is durable only with the directory entry that leads to it.
        File::open(estate.parent().unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(pending)
    }

    /// Appends a wave, which is durable when this returns. After an error none of it is there.
    pub(crate) fn append(&mut self, wave: &[Write]) -> io::Result<()> {
        self.line(&wave)
    }

    fn line(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        let written = self.file.write_all(&bytes).and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => self.length += bytes.len() as u64,
            // What is there of the line has to go: the next one would follow it.
            Err(_) => self.file.set_len(self.length)?,
        }
        written
    }

    /// Removes it, once the estate holds its writes.
    pub(crate) fn remove(self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }
}

fn lock(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(busy()),
        // Not every file system has locks.
        Err(TryLockError::Error(_)) | Ok(()) => Ok(()),
    }
}

fn busy() -> io::Error {
    io::Error::new(io::ErrorKind::ResourceBusy, "another apply is writing to it")
}
