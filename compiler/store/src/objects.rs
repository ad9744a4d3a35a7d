//! [`Objects`]: a journal in an object store: S3 and what speaks like it, Azure Blob Storage, Google Cloud Storage.
//!
//! ```text
//! s3://bucket/prefix/journal/000000001/000000001057.jsonl  the lines of one wave, by how many stand before them, and by the
//!                                                          thousands of that; created, never replaced
//!                    applies/000001/plan.json              as it was applied
//!                                   revert.json            there before the first write
//!                    heads/LINES-SIGNATURE.json            the head as somebody signed it; the signature in .json.sig
//!                    leases/CELL.json                      who writes to the cell, and until when
//! ```
//! Everything rests on one condition that all of these stores honour: an object is created only where there is none
//! (`If-None-Match: *`), and the lease is replaced only while it is what was read (`If-Match`).

mod lease;
mod lines;
mod reach;

pub use lease::Pace;

use crate::journal::{PLAN, REVERT, Store, lease_name};
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload};
use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::instant::Instant;
use ordain_model::journal::JournalStore;
use ordain_model::lease::{Holder, Leases};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::runtime::Runtime;

/// A prefix of a bucket or container.
#[derive(Clone, Debug)]
pub struct Objects {
    name: String,
    prefix: Path,
    store: Arc<dyn ObjectStore>,
    runtime: Arc<Runtime>,
    pace: Pace,
}

impl Objects {
    /// The prefix that an address names: `s3://BUCKET/PREFIX`, `gs://BUCKET/PREFIX` or `az://CONTAINER/PREFIX`. Nothing is
    /// asked of the network yet.
    ///
    /// # Errors
    /// The address or what the environment says of credentials does not read.
    pub fn at(address: &str) -> Result<Objects, String> {
        let variables =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Objects::with(address, &variables.collect())
    }

    /// The same with these variables in place of the environment's.
    ///
    /// # Errors
    /// The address or what the variables say of credentials does not read.
    pub fn with(address: &str, variables: &BTreeMap<String, String>) -> Result<Objects, String> {
        if reach::holds_credentials(address) {
            let why = "the address of a journal holds credentials, which would be shown";
            return Err(format!("{why}: they come from the environment"));
        }
        let failed = |error: &dyn std::fmt::Display| format!("`{address}` cannot be reached: {error}");
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let (store, prefix) = reach::reach(address, variables).map_err(|error| failed(&error))?;
        Ok(Objects {
            name: address.to_owned(),
            prefix,
            store,
            runtime: Arc::new(runtime.map_err(|error| failed(&error))?),
            pace: Pace::default(),
        })
    }

    /// The same with another pace of its leases.
    #[must_use]
    pub fn with_pace(self, pace: Pace) -> Objects {
        Objects { pace, ..self }
    }

    fn path(&self, parts: &[&str]) -> Path {
        parts.iter().fold(self.prefix.clone(), |path, part| path.join(*part))
    }

    /// The content of an object; none where there is none.
    async fn get(&self, path: &Path) -> Result<Option<String>, String> {
        let bytes = match self.store.get(path).await {
            Ok(found) => found.bytes().await,
            Err(error) => Err(error),
        };
        match bytes {
            Ok(bytes) => String::from_utf8(bytes.into()).map(Some).map_err(|_| format!("`{path}` is not UTF-8")),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// Creates an object where there is none. False where there is another one.
    async fn create(&self, path: &Path, text: &str) -> Result<bool, String> {
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        let Err(error) = self.store.put_opts(path, PutPayload::from(text.to_owned()), options).await else {
            return Ok(true);
        };
        // The answer to a write that happened may be lost; repeated, it then meets itself.
        match (self.get(path).await, error) {
            (Ok(Some(there)), _) if there == text => Ok(true),
            (Ok(Some(_)), Error::AlreadyExists { .. }) => Ok(false),
            (_, error) => Err(self.failed(&error)),
        }
    }

    fn failed(&self, error: &Error) -> String {
        format!("`{}`: {error}", self.name)
    }

    async fn keep(&self, plan: &str, revert: &str) -> Result<Text, String> {
        let applies = self.store.list_with_delimiter(Some(&self.path(&["applies"]))).await;
        let applies = applies.map_err(|error| self.failed(&error))?.common_prefixes;
        let number = |path: Path| path.filename().and_then(|name| name.parse::<u64>().ok());
        let mut next = applies.into_iter().filter_map(number).max().unwrap_or(0);
        loop {
            next += 1;
            let name = format!("{next:06}");
            if self.create(&self.path(&["applies", &name, PLAN]), &format!("{plan}\n")).await?
                && self.create(&self.path(&["applies", &name, REVERT]), &format!("{revert}\n")).await?
            {
                return Ok(name.into());
            }
        }
    }
}

impl Store for Objects {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn journal(&self) -> Box<dyn JournalStore> {
        Box::new(lines::Lines::below(self.clone()))
    }

    fn lease(&self, cells: &BTreeSet<Cell>, who: &str, now: Instant) -> Result<Box<dyn Leases>, String> {
        let taken = lease::take(self, cells, who, now)?;
        Ok(Box::new(taken))
    }

    fn holder(&self, cell: &Cell) -> Result<Option<Holder>, String> {
        let record = self.runtime.block_on(lease::read(self, &self.lease_path(cell)))?;
        Ok(record.and_then(|(record, _)| record.until.map(|_| record.holder)))
    }

    fn plan(&self, apply: &str) -> Result<String, String> {
        let found = self.runtime.block_on(self.get(&self.path(&["applies", apply, PLAN])))?;
        found.ok_or_else(|| format!("`{}` has no apply {apply}", self.name))
    }

    fn keep_head(&self, name: &str, text: &str, signature: &str) -> Result<(), String> {
        // The signature first: a head without one would be told as one that does not count.
        for (name, text) in [(format!("{name}.json.sig"), signature), (format!("{name}.json"), text)] {
            let path = self.path(&["heads", &name]);
            if !self.runtime.block_on(self.create(&path, text))? {
                return Err(format!("`{}` has another `{path}`", self.name));
            }
        }
        Ok(())
    }

    fn heads(&self) -> Result<Vec<String>, String> {
        let listed = self.runtime.block_on(self.store.list_with_delimiter(Some(&self.path(&["heads"]))));
        let listed = listed.map_err(|error| self.failed(&error))?.objects;
        let names = listed.iter().filter_map(|meta| meta.location.filename()?.strip_suffix(".json"));
        let mut names: Vec<String> = names.map(String::from).collect();
        names.sort_unstable();
        Ok(names)
    }

    fn head(&self, name: &str) -> Result<(String, String), String> {
        let get = |name: String| self.runtime.block_on(self.get(&self.path(&["heads", &name])));
        let text = get(format!("{name}.json"))?.ok_or("it is not there")?;
        Ok((text, get(format!("{name}.json.sig"))?.unwrap_or_default()))
    }

    fn undo(&self, apply: &str) -> String {
        format!("ordain log -journal {} -applied {apply} > applied.json && ordain revert applied.json", self.name)
    }
}

impl Objects {
    fn lease_path(&self, cell: &Cell) -> Path {
        self.path(&["leases", &format!("{}.json", lease_name(cell))])
    }
}
