//! [`Lines`]: the journal below a prefix: an object for each time that lines were appended. Objects are listed by the thousand
//! lines, so that whoever wants the last ones lists no more than these.

use super::Objects;
use futures_util::{StreamExt, TryStreamExt};
use object_store::ObjectStore as _;
use object_store::path::Path;
use ordain_model::Text;
use ordain_model::journal::JournalStore;

/// Objects that are read at once.
const AT_ONCE: usize = 16;

/// How many lines a group of objects begins among.
const GROUP: u64 = 1000;

/// The journal below a prefix.
#[derive(Debug)]
pub(super) struct Lines {
    objects: Objects,
    /// How many lines stand before those that are read or appended next.
    known: u64,
    /// Objects behind them that were listed, by how many lines stand before them.
    later: Vec<u64>,
    /// How many lines stand before those that were read from the end on; none where none were.
    start: Option<u64>,
    /// Objects before them that were listed, and groups that were not.
    earlier: Vec<u64>,
    groups: Vec<u64>,
}

impl Lines {
    /// The journal below this prefix.
    pub(super) fn below(objects: Objects) -> Lines {
        Lines { objects, known: 0, later: Vec::new(), start: None, earlier: Vec::new(), groups: Vec::new() }
    }

    fn group(&self, group: u64) -> Path {
        self.objects.path(&["journal", &format!("{group:09}")])
    }

    fn segment(&self, first: u64) -> Path {
        self.group(first / GROUP).join(format!("{first:012}.jsonl"))
    }

    /// The groups there are.
    async fn groups(&self) -> Result<Vec<u64>, String> {
        let listed = self.objects.store.list_with_delimiter(Some(&self.objects.path(&["journal"]))).await;
        let listed = listed.map_err(|error| self.objects.failed(&error))?.common_prefixes;
        let mut groups: Vec<u64> =
            listed.iter().filter_map(|path| path.filename().and_then(|name| name.parse().ok())).collect();
        groups.sort_unstable();
        Ok(groups)
    }

    /// The objects of a group.
    async fn list(&self, group: u64) -> Result<Vec<u64>, String> {
        let (path, mut firsts) = (self.group(group), Vec::new());
        let mut listed = self.objects.store.list(Some(&path));
        while let Some(meta) = listed.try_next().await.map_err(|error| self.objects.failed(&error))? {
            let name = meta.location.filename().and_then(|name| name.strip_suffix(".jsonl"));
            firsts.extend(name.and_then(|name| name.parse::<u64>().ok()));
        }
        firsts.sort_unstable();
        Ok(firsts)
    }

    /// The lines of objects that follow each other.
    async fn fetch(&self, firsts: &[u64]) -> Result<Vec<String>, String> {
        let Some(from) = firsts.first() else { return Ok(Vec::new()) };
        let (objects, paths) = (&self.objects, firsts.iter().map(|first| self.segment(*first)));
        let texts = futures_util::stream::iter(paths.map(|path| async move { objects.get(&path).await }));
        let texts: Vec<Option<String>> = texts.buffered(AT_ONCE).try_collect().await?;
        let mut lines: Vec<String> = Vec::new();
        for (first, text) in firsts.iter().zip(texts) {
            self.follows(from + lines.len() as u64, *first)?;
            let text = text.ok_or_else(|| format!("`{}`: line {} was removed", self.objects.name, first + 1))?;
            lines.extend(text.lines().map(String::from));
        }
        Ok(lines)
    }

    /// Lines are missing where those that are there do not follow each other.
    fn follows(&self, end: u64, next: u64) -> Result<(), String> {
        match end == next {
            true => Ok(()),
            false if end < next => {
                Err(format!("`{}`: the lines from {} to {next} were removed", self.objects.name, end + 1))
            }
            false => Err(format!("`{}`: line {} is there twice", self.objects.name, next + 1)),
        }
    }

    async fn forth(&mut self) -> Result<Vec<String>, String> {
        if self.later.is_empty() {
            let group = self.known / GROUP;
            self.later = self.list(group).await?;
            self.later.retain(|first| *first >= self.known);
            let beyond = if self.later.is_empty() { self.groups().await? } else { Vec::new() };
            if let Some(next) = beyond.into_iter().find(|next| *next > group) {
                self.later = self.list(next).await?;
            }
        }
        let Some(first) = self.later.first() else { return Ok(Vec::new()) };
        self.follows(self.known, *first)?;
        let rest = self.later.split_off(self.later.len().min(AT_ONCE));
        let firsts = std::mem::replace(&mut self.later, rest);
        let lines = self.fetch(&firsts).await?;
        self.known += lines.len() as u64;
        Ok(lines)
    }

    async fn behind(&mut self) -> Result<Vec<String>, String> {
        if self.start.is_none() {
            self.groups = self.groups().await?;
        }
        while self.earlier.is_empty() {
            match self.groups.pop() {
                Some(group) => self.earlier = self.list(group).await?,
                None => return self.follows(0, self.start.unwrap_or(0)).map(|()| Vec::new()),
            }
        }
        let firsts = self.earlier.split_off(self.earlier.len().saturating_sub(AT_ONCE));
        let lines = self.fetch(&firsts).await?;
        let first = firsts.first().copied().unwrap_or(0);
        let end = first + lines.len() as u64;
        match self.start {
            Some(start) => self.follows(end, start)?,
            None => self.known = end,
        }
        self.start = Some(first);
        Ok(lines)
    }
}

impl JournalStore for Lines {
    fn begin(&mut self, plan: &str, revert: &str) -> Result<Text, String> {
        self.objects.runtime.block_on(self.objects.keep(plan, revert))
    }

    fn read(&mut self) -> Result<Vec<String>, String> {
        let runtime = self.objects.runtime.clone();
        runtime.block_on(self.forth())
    }

    fn back(&mut self) -> Result<Vec<String>, String> {
        let runtime = self.objects.runtime.clone();
        runtime.block_on(self.behind())
    }

    fn line(&mut self, number: u64) -> Result<String, String> {
        let path = self.segment(number);
        let text = self.objects.runtime.block_on(self.objects.get(&path))?;
        let first = text.as_deref().and_then(|text| text.lines().next());
        first.map(String::from).ok_or_else(|| format!("`{}`: line {} is not there", self.objects.name, number + 1))
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
