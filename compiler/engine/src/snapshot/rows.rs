//! [`Rows`]: the lines of a snapshot one after the other, each value typed by the schema; never more than one of them at a time.

use super::{FORMAT, Header, envelope};
use crate::observed::{List, Names, Record, TargetObserved};
use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Severity, nearest};
use ordain_model::digest::{Digest, Merkle};
use ordain_model::observation::Reason;
use ordain_model::provider::Providers;
use ordain_model::schema::Kind;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Read};
use std::sync::Arc;

mod object;

use object::{Head, Key, Line};

/// The longest line that is read, in bytes. The header is the longest: it names every owner that was asked for.
const LONGEST_LINE: usize = 1 << 28;

/// What is wrong with a line.
struct Flaw {
    what: String,
    help: Option<String>,
}

impl Flaw {
    fn at(self, file: &str, line: usize) -> Box<Diagnostic> {
        let detail = format!("`{file}`, line {line}: {}", self.what);
        let diagnostic = Diagnostic::new(code::SNAPSHOT_FILE, Severity::Error, detail);
        Box::new(match self.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        })
    }
}

impl From<String> for Flaw {
    fn from(what: String) -> Flaw {
        Flaw { what, help: None }
    }
}

/// A line of the world, read.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// Of a kind in a cell, what its list lacks; its objects follow.
    List(Arc<Cell>, Text, List),
    /// An object of the list before it.
    Object(Record),
}

/// The lines of a snapshot. Its digests are checked on the way: what was read counts once [`Rows::next`] has said that nothing
/// is left.
pub struct Rows<'a> {
    input: &'a mut dyn BufRead,
    file: &'a str,
    providers: Providers<'a>,
    buffer: Vec<u8>,
    number: usize,
    last: String,
    names: Names,
    head: Option<Head>,
    digest: Merkle,
    header: Header,
}

impl<'a> Rows<'a> {
    /// Reads the header. `file` is the snapshot as the user gave it.
    ///
    /// # Errors
    /// It is no snapshot, its header was changed, or it holds what the providers of this run do not know.
    pub fn open(
        input: &'a mut dyn BufRead,
        file: &'a str,
        providers: Providers<'a>,
    ) -> Result<Rows<'a>, Box<Diagnostic>> {
        let mut buffer = Vec::new();
        let header = next(input, &mut buffer, LONGEST_LINE)
            .and_then(|text| header(text.ok_or_else(|| "the file is empty".to_owned())?, providers));
        Ok(Rows {
            input,
            file,
            providers,
            header: header.map_err(|flaw| flaw.at(file, 1))?,
            buffer,
            number: 1,
            last: String::new(),
            names: Names::default(),
            head: None,
            digest: Merkle::default(),
        })
    }

    /// By target, what it covered and what answered.
    #[must_use]
    pub fn targets(&self) -> &BTreeMap<Text, TargetObserved> {
        &self.header.targets
    }

    /// Digests of the world and of what answered, as the header says them.
    #[must_use]
    pub fn digests(&self) -> (Digest, Digest) {
        (self.header.world, self.header.envelope)
    }

    /// The address of the line that was read last. Addresses ascend.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.last
    }

    /// The next line; none at the end.
    ///
    /// # Errors
    /// The line does not read, or at the end: the world is not the one whose digest the header says.
    #[expect(clippy::should_implement_trait, reason = "an error ends it")]
    pub fn next(&mut self) -> Result<Option<Row>, Box<Diagnostic>> {
        self.number += 1;
        let mut buffer = std::mem::take(&mut self.buffer);
        let row = next(self.input, &mut buffer, LONGEST_LINE).and_then(|text| match text {
            Some(text) => self.row(text).map(Some),
            None => self.end(),
        });
        self.buffer = buffer;
        row.map_err(|flaw| flaw.at(self.file, self.number))
    }

    fn row(&mut self, text: &str) -> Result<Row, Flaw> {
        self.digest.push(text.as_bytes());
        let line: Line<'_> =
            serde_json::from_str(text).map_err(|error| format!("this is no line of a snapshot: {}", plain(&error)))?;
        match (&line.list, &line.object) {
            (Some(Key(list)), None) => self.list(list, line.incomplete, line.only),
            (None, Some(Key(object))) => self.object(object, &line).map(Row::Object),
            _ => Err("expected either `list` or `object`".to_owned().into()),
        }
    }

    fn end(&mut self) -> Result<Option<Row>, Flaw> {
        self.number -= 1;
        let world = std::mem::take(&mut self.digest).root();
        match world == self.header.world {
            true => Ok(None),
            false => Err(changed("world", self.header.world, world)),
        }
    }

    fn list(&mut self, address: &str, incomplete: Option<Reason>, only: Option<BTreeSet<Text>>) -> Result<Row, Flaw> {
        self.ascending(address)?;
        let malformed = || format!("`{address}` is not the address of a kind in a cell");
        let (cell, kind) = address.rsplit_once('/').ok_or_else(malformed)?;
        let kind = find_kind(kind, self.providers)?;
        let cell = Cell::parse(cell).filter(|parsed| parsed.to_string() == cell).ok_or_else(malformed)?;
        let (attributes, settings) = (BTreeMap::new(), BTreeMap::new());
        self.head = Some(Head { kind, prefix: format!("{address}/"), attributes, settings });
        Ok(Row::List(Arc::new(cell), self.names.share(kind.name), List { incomplete, only, objects: Vec::new() }))
    }

    fn object(&mut self, address: &str, line: &Line<'_>) -> Result<Record, Flaw> {
        self.ascending(address)?;
        let Some(head) = self.head.as_mut().filter(|head| address.starts_with(&head.prefix)) else {
            return Err(format!("`{address}` stands under no list of its kind and cell").into());
        };
        head.record(address, line, &mut self.names)
    }

    fn ascending(&mut self, address: &str) -> Result<(), Flaw> {
        if *address <= *self.last {
            return Err(format!(
                "`{address}` stands after `{}`: lines are sorted by address, each address once",
                self.last
            )
            .into());
        }
        self.last.clear();
        self.last.push_str(address);
        Ok(())
    }
}

fn header(text: &str, providers: Providers<'_>) -> Result<Header, Flaw> {
    let format: Option<String> =
        serde_json::from_str::<Json>(text).ok().and_then(|json| Some(json.get("format")?.as_str()?.to_owned()));
    match format.as_deref() {
        Some(FORMAT) => {}
        Some(other) => return Err(format!("expected the format `{FORMAT}`, found `{other}`").into()),
        None => return Err(format!("expected the header of a snapshot with `\"format\":\"{FORMAT}\"`").into()),
    }
    let header: Header =
        serde_json::from_str(text).map_err(|error| format!("the header is not complete: {}", plain(&error)))?;
    for kind in header.targets.values().flat_map(|target| target.reads.kinds.keys()) {
        find_kind(kind, providers)?;
    }
    let envelope = envelope(&header.targets);
    match envelope == header.envelope {
        true => Ok(header),
        false => Err(changed("header", header.envelope, envelope)),
    }
}

fn find_kind(name: &str, providers: Providers<'_>) -> Result<&'static Kind, Flaw> {
    providers.kind(name).ok_or_else(|| {
        let near = nearest(name, providers.kinds().map(|kind| kind.name));
        Flaw {
            what: format!("no provider has the kind `{name}`"),
            help: near.map(|near| format!("The nearest kind is `{near}`.")),
        }
    })
}

fn changed(what: &str, says: Digest, is: Digest) -> Flaw {
    let help = "The file was changed or cut after it was written. Take the snapshot again.".to_owned();
    Flaw { what: format!("the header says {says} of the {what}, and it is {is}"), help: Some(help) }
}

/// The next line without its break; `None` at the end. A line of more bytes than `most` is refused before it fills memory.
fn next<'a>(input: &mut dyn BufRead, buffer: &'a mut Vec<u8>, most: usize) -> Result<Option<&'a str>, Flaw> {
    buffer.clear();
    let mut line = input.take(most as u64 + 1);
    let read = line.read_until(b'\n', buffer).map_err(|error| format!("it cannot be read: {error}"))?;
    if read > most {
        return Err(format!("the line is longer than {most} bytes").into());
    }
    let text = std::str::from_utf8(buffer).map_err(|error| format!("byte {} is not UTF-8", error.valid_up_to() + 1))?;
    Ok((read > 0).then(|| text.strip_suffix('\n').unwrap_or(text)))
}

/// A JSON error without the line number, which is always 1.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let at = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&at).map_or(text.clone(), |text| format!("{text} at column {}", error.column()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_line_without_an_end_is_refused_before_it_fills_memory() {
        let mut endless = std::io::BufReader::new(std::io::repeat(b'0'));
        let mut buffer = Vec::new();
        let flaw = super::next(&mut endless, &mut buffer, 1000).err().map(|flaw| flaw.what);
        assert_eq!(flaw.as_deref(), Some("the line is longer than 1000 bytes"));
        assert_eq!(buffer.len(), 1001);
        assert_eq!(super::next(&mut &b"1234\n5"[..], &mut buffer, 5).ok().flatten(), Some("1234"));
    }
}
