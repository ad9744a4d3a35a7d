//! [`Objects`]: a journal in an object store: S3 and what speaks like it, Azure Blob Storage, Google Cloud Storage.
//!
//! ```text
//! s3://bucket/prefix/journal/000000000057.jsonl  the lines of one wave, by the number of the first; created, never replaced
//!                    applies/000001/plan.json    as it was applied
//!                                   revert.json  there before the first write
//!                    leases/CELL.json            who writes to the cell, and until when
//! ```
//! Everything rests on one condition that all of these stores honour: an object is created only where there is none
//! (`If-None-Match: *`), and the lease is replaced only while it is what was read (`If-Match`).

mod lease;
mod reach;

pub use lease::Pace;

use crate::journal::{PLAN, REVERT, Store, lease_name};
use futures_util::{StreamExt, TryStreamExt};
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

/// Objects that are read at once.
const AT_ONCE: usize = 16;

/// A prefix of a bucket or container.
#[derive(Clone, Debug)]
pub struct Objects {
    name: String,
    prefix: Path,
    store: Arc<dyn ObjectStore>,
    runtime: Arc<Runtime>,
    pace: Pace,
}

/// The journal below a prefix.
#[derive(Debug)]
struct Lines {
    objects: Objects,
    /// How many lines were read or appended.
    known: u64,
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

impl Lines {
    fn segment(&self, first: u64) -> Path {
        self.objects.path(&["journal", &format!("{first:012}.jsonl")])
    }

    async fn news(&self) -> Result<Vec<String>, String> {
        let objects = &self.objects;
        let mut listed = objects.store.list(Some(&objects.path(&["journal"])));
        let mut firsts = Vec::new();
        while let Some(meta) = listed.try_next().await.map_err(|error| objects.failed(&error))? {
            let name = meta.location.filename().and_then(|name| name.strip_suffix(".jsonl"));
            firsts.extend(name.and_then(|name| name.parse::<u64>().ok()).filter(|first| *first >= self.known));
        }
        firsts.sort_unstable();
        let texts = firsts.iter().map(|first| self.segment(*first));
        let texts = futures_util::stream::iter(texts.map(|path| async move { objects.get(&path).await }));
        let texts: Vec<Option<String>> = texts.buffered(AT_ONCE).try_collect().await?;
        let mut lines: Vec<String> = Vec::new();
        for (first, text) in firsts.into_iter().zip(texts) {
            let next = self.known + lines.len() as u64;
            if first != next {
                return Err(format!("`{}`: the lines from {} to {first} were removed", objects.name, next + 1));
            }
            lines.extend(text.unwrap_or_default().lines().map(String::from));
        }
        Ok(lines)
    }
}

impl JournalStore for Lines {
    fn begin(&mut self, plan: &str, revert: &str) -> Result<Text, String> {
        self.objects.runtime.block_on(self.objects.keep(plan, revert))
    }

    fn read(&mut self) -> Result<Vec<String>, String> {
        let lines = self.objects.runtime.block_on(self.news())?;
        self.known += lines.len() as u64;
        Ok(lines)
    }

    fn append(&mut self, lines: &[String]) -> Result<bool, String> {
        let text = format!("{}\n", lines.join("\n"));
        let created = self.objects.runtime.block_on(self.objects.create(&self.segment(self.known), &text))?;
        if created {
            self.known += lines.len() as u64;
        }
        Ok(created)
    }
}

impl Store for Objects {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn journal(&self) -> Box<dyn JournalStore> {
        Box::new(Lines { objects: self.clone(), known: 0 })
    }

    fn lease(&self, cells: &BTreeSet<Cell>, who: &str, now: Instant) -> Result<Box<dyn Leases>, String> {
        let taken = lease::take(self, cells, who, now)?;
        Ok(Box::new(taken))
    }

    fn holder(&self, cell: &Cell) -> Result<Option<Holder>, String> {
        let record = self.runtime.block_on(lease::read(self, &self.lease_path(cell)))?;
        Ok(record.and_then(|(record, _)| record.until.map(|_| record.holder)))
    }

    fn revert(&self, apply: &str) -> Result<String, String> {
        let found = self.runtime.block_on(self.get(&self.path(&["applies", apply, REVERT])))?;
        found.ok_or_else(|| format!("`{}` has no apply {apply}", self.name))
    }

    fn undo(&self, apply: &str) -> String {
        format!("ordain log -journal {} -revert {apply} > revert.json && ordain apply revert.json", self.name)
    }
}

impl Objects {
    fn lease_path(&self, cell: &Cell) -> Path {
        self.path(&["leases", &format!("{}.json", lease_name(cell))])
    }
}
