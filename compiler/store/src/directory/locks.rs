//! [`Locks`]: leases on one machine: locked files. The system gives a lock back when the process that has it ends, however
//! it ends, so that a lease lapses with its holder and never before.

use crate::journal::{held, lease_name};
use ordain_model::address::Cell;
use ordain_model::digest::canonical;
use ordain_model::instant::Instant;
use ordain_model::lease::{Holder, Leases};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;
use tempfile::NamedTempFile;

/// How often a lock is tried, and how long apart: whoever only asks who holds it has it for a moment.
const TRIES: (u32, Duration) = (10, Duration::from_millis(20));

/// Leases that this process holds.
#[derive(Debug)]
pub(super) struct Locks {
    held: BTreeMap<Cell, Lock>,
}

#[derive(Debug)]
struct Lock {
    token: u64,
    /// Locked for as long as it is open.
    _file: File,
}

impl Locks {
    /// Takes the leases of cells, all or none.
    pub(super) fn take(root: &Path, cells: &BTreeSet<Cell>, who: &str, now: Instant) -> Result<Locks, String> {
        let mut held = BTreeMap::new();
        for cell in cells {
            held.insert(cell.clone(), lock(root, cell, who, now)?);
        }
        Ok(Locks { held })
    }
}

impl Leases for Locks {
    fn tokens(&self) -> BTreeMap<Cell, u64> {
        self.held.iter().map(|(cell, lock)| (cell.clone(), lock.token)).collect()
    }

    /// A lock does not lapse while its holder lives: whoever holds one has it for every request.
    fn owned(&self, cell: &Cell) -> Result<(), String> {
        match self.held.contains_key(cell) {
            true => Ok(()),
            false => Err(format!("nobody took the lease of {cell}")),
        }
    }
}

fn lock(root: &Path, cell: &Cell, who: &str, now: Instant) -> Result<Lock, String> {
    let failed = |error: io::Error| format!("the lease of {cell} cannot be taken in `{}`: {error}", root.display());
    fs::create_dir_all(root).map_err(failed)?;
    let path = root.join(format!("{}.lock", lease_name(cell)));
    // Never removed: two processes that lock two files of one name would both hold the lease.
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(failed)?;
    for _ in 0..TRIES.0 {
        match file.try_lock() {
            Ok(()) => {
                let token = record(root, cell).map_err(failed)?.map_or(0, |last| last.token) + 1;
                let holder = Holder { token, who: who.into(), since: now };
                write(root, cell, &holder).map_err(failed)?;
                return Ok(Lock { token, _file: file });
            }
            Err(TryLockError::WouldBlock) => sleep(TRIES.1),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
    }
    Err(held(cell, record(root, cell).map_err(failed)?.as_ref()))
}

/// Who holds the lease of a cell now.
pub(super) fn holder(root: &Path, cell: &Cell) -> Result<Option<Holder>, String> {
    let failed = |error: io::Error| format!("the lease of {cell} cannot be read in `{}`: {error}", root.display());
    let file = match File::open(root.join(format!("{}.lock", lease_name(cell)))) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(failed)?,
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => record(root, cell).map_err(failed),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// Who took the lease last.
fn record(root: &Path, cell: &Cell) -> io::Result<Option<Holder>> {
    match fs::read(root.join(format!("{}.json", lease_name(cell)))) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        read => Ok(Some(serde_json::from_slice(&read?)?)),
    }
}

/// Whole or not at all: a token that was given out is never given out again.
fn write(root: &Path, cell: &Cell, holder: &Holder) -> io::Result<()> {
    let mut file = NamedTempFile::new_in(root)?;
    file.write_all(&canonical(holder)?)?;
    file.as_file().sync_all()?;
    file.persist(root.join(format!("{}.json", lease_name(cell)))).map_err(|error| error.error)?;
    File::open(root)?.sync_all()
}
