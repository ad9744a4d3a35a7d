//! [`Lines`]: the journal's file: lines that are appended under the file's lock, and read from either end.

use crate::journal::{PLAN, REVERT};
use ordain_model::Text;
use ordain_model::journal::JournalStore;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Most bytes that are read at once, unless a line is longer.
const PORTION: u64 = 1 << 20;

/// The journal's file.
#[derive(Debug)]
pub(super) struct Lines {
    root: PathBuf,
    /// The bytes that were read or appended: whole lines.
    end: u64,
    /// Where those begin that were read from the end on; none where none were.
    start: Option<u64>,
}

impl Lines {
    /// The journal below this directory.
    pub(super) fn below(root: PathBuf) -> Lines {
        Lines { root, end: 0, start: None }
    }

    fn path(&self) -> PathBuf {
        self.root.join("journal.jsonl")
    }

    fn keep(&self, plan: &str, revert: &str) -> io::Result<String> {
        let applies = self.root.join("applies");
        fs::create_dir_all(&applies)?;
        let (directory, name) = next(&applies)?;
        write_new(&directory.join(PLAN), &format!("{plan}\n"))?;
        write_new(&directory.join(REVERT), &format!("{revert}\n"))?;
        // The journal is there before anything is written, so that its own entry is durable too.
        OpenOptions::new().append(true).create(true).open(self.path())?.sync_all()?;
        // A file is durable only with the directory entries that lead to it.
        for path in [&directory, &applies, &self.root] {
            File::open(path)?.sync_all()?;
        }
        Ok(name)
    }

    /// The first bytes behind the known end that are whole lines. The file is locked, so that nobody is in the middle of one.
    fn news(&self, file: &mut File) -> io::Result<Vec<u8>> {
        if file.metadata()?.len() < self.end {
            return Err(io::Error::other("it is shorter than it was: lines were cut off"));
        }
        file.seek(SeekFrom::Start(self.end))?;
        let mut bytes = Vec::new();
        loop {
            let more = file.take(PORTION).read_to_end(&mut bytes)?;
            // What stands behind the last line break was being written when its process died, and was never promised.
            let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            if whole > 0 || more == 0 {
                bytes.truncate(whole);
                return Ok(bytes);
            }
        }
    }

    /// The last bytes before the known start that are whole lines.
    fn olds(&mut self, file: &mut File) -> io::Result<Vec<u8>> {
        let until = match self.start {
            Some(start) => start,
            None => {
                self.end = last_line(file)?;
                self.end
            }
        };
        let mut bytes = Vec::new();
        let mut from = until;
        while from > 0 {
            let size = from.min(PORTION);
            from -= size;
            let mut more = vec![0; usize::try_from(size).map_err(io::Error::other)?];
            file.seek(SeekFrom::Start(from))?;
            file.read_exact(&mut more)?;
            more.append(&mut bytes);
            bytes = more;
            let first = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
            if from > 0 && first < bytes.len() {
                bytes.drain(..first);
                from += first as u64;
                break;
            }
        }
        self.start = Some(from);
        Ok(bytes)
    }

    /// What a way of reading finds while nobody writes.
    fn locked(
        &mut self,
        way: impl FnOnce(&mut Lines, &mut File) -> io::Result<Vec<u8>>,
    ) -> Result<Vec<String>, String> {
        let name = self.path().display().to_string();
        let failed = |error: io::Error| format!("`{name}`: {error}");
        let mut file = match File::open(self.path()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.end == 0 => return Ok(Vec::new()),
            opened => opened.map_err(failed)?,
        };
        file.lock_shared().map_err(failed)?;
        let bytes = way(self, &mut file).map_err(failed)?;
        let text = String::from_utf8(bytes).map_err(|_| failed(io::Error::other("it is not UTF-8")))?;
        Ok(text.lines().map(String::from).collect())
    }

    fn write(&mut self, lines: &[String]) -> io::Result<bool> {
        let mut file = OpenOptions::new().read(true).write(true).open(self.path())?;
        file.lock()?;
        if !self.news(&mut file)?.is_empty() {
            return Ok(false);
        }
        file.set_len(self.end)?;
        file.seek(SeekFrom::Start(self.end))?;
        let mut text = lines.join("\n");
        text.push('\n');
        if let Err(error) = file.write_all(text.as_bytes()).and_then(|()| file.sync_data()) {
            // No part of what was not promised stays, where that can be helped.
            let _ = file.set_len(self.end);
            return Err(error);
        }
        self.end += text.len() as u64;
        Ok(true)
    }
}

impl JournalStore for Lines {
    fn begin(&mut self, plan: &str, revert: &str) -> Result<Text, String> {
        let name = self.keep(plan, revert);
        name.map(Text::from).map_err(|error| format!("`{}` cannot be written: {error}", self.root.display()))
    }

    fn read(&mut self) -> Result<Vec<String>, String> {
        self.locked(|lines, file| {
            let bytes = lines.news(file)?;
            lines.end += bytes.len() as u64;
            Ok(bytes)
        })
    }

    fn back(&mut self) -> Result<Vec<String>, String> {
        self.locked(Lines::olds)
    }

    fn line(&mut self, number: u64) -> Result<String, String> {
        let found = File::open(self.path()).and_then(|file| {
            let skip = usize::try_from(number).map_err(io::Error::other)?;
            BufReader::new(file).lines().nth(skip).unwrap_or_else(|| Err(io::Error::other("it is shorter")))
        });
        found.map_err(|error| format!("`{}`, line {}: {error}", self.path().display(), number + 1))
    }

    fn append(&mut self, lines: &[String]) -> Result<bool, String> {
        self.write(lines).map_err(|error| format!("`{}`: {error}", self.path().display()))
    }
}

/// Where the last whole line of a file ends.
fn last_line(file: &mut File) -> io::Result<u64> {
    let mut end = file.metadata()?.len();
    let mut bytes = vec![0; 4096];
    while end > 0 {
        let size = end.min(4096);
        file.seek(SeekFrom::Start(end - size))?;
        let part = &mut bytes[..usize::try_from(size).map_err(io::Error::other)?];
        file.read_exact(part)?;
        match part.iter().rposition(|byte| *byte == b'\n') {
            Some(at) => return Ok(end - size + at as u64 + 1),
            None => end -= size,
        }
    }
    Ok(0)
}

/// Creates the directory after the last one.
fn next(applies: &Path) -> io::Result<(PathBuf, String)> {
    let mut number = 0;
    for entry in fs::read_dir(applies)? {
        let name = entry?.file_name();
        number = number.max(name.to_str().and_then(|name| name.parse::<u64>().ok()).unwrap_or(0));
    }
    loop {
        number += 1;
        let name = format!("{number:06}");
        let directory = applies.join(&name);
        match fs::create_dir(&directory) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            done => return done.map(|()| (directory, name)),
        }
    }
}

/// Writes a file that is not there yet, durable.
pub(super) fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
