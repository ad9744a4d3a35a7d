//! [`parse`]: the lines of a snapshot become [`Observed`] again, line by line, each value typed by the schema.

use super::{FORMAT, Header, Other, envelope};
use crate::observed::{List, Names, Observed, Record};
use ordain_model::Text;
use ordain_model::address::{Cell, SettingName, parse_id};
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported, Severity, nearest};
use ordain_model::digest::{Digest, Merkle};
use ordain_model::observation::{Object, Reading, Reason};
use ordain_model::provider::Providers;
use ordain_model::schema::Kind;
use ordain_model::sorted::Sorted;
use ordain_model::types::Type;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value as Json;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Read};
use std::sync::Arc;

/// The longest line that is read, in bytes. The header is the longest: it names every owner that was asked for.
const LONGEST_LINE: usize = 1 << 28;

/// Reads a snapshot. `name` is the file as the user gave it.
///
/// # Errors
/// It is no snapshot, it was changed, or it holds what the providers of this run do not know; `diagnostics` says where.
pub fn parse(
    input: &mut dyn BufRead,
    name: &str,
    providers: Providers<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Observed, Reported> {
    let mut reader = Reader::default();
    reader.run(input, providers).map_err(|flaw| {
        let place = format!("`{name}`, line {}: ", reader.number);
        let diagnostic = Diagnostic::new(code::SNAPSHOT_FILE, Severity::Error, place + &flaw.what);
        diagnostics.push(match flaw.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        })
    })?;
    Ok(reader.observed)
}

/// What is wrong with a line.
struct Flaw {
    what: String,
    help: Option<String>,
}

impl From<String> for Flaw {
    fn from(what: String) -> Flaw {
        Flaw { what, help: None }
    }
}

/// A line of the world.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    #[serde(borrow)]
    list: Option<Key<'a>>,
    #[serde(borrow)]
    object: Option<Key<'a>>,
    incomplete: Option<Reason>,
    only: Option<BTreeSet<Text>>,
    #[serde(borrow, default)]
    attributes: Pairs<'a, &'a RawValue>,
    #[serde(borrow, default)]
    settings: Pairs<'a, &'a RawValue>,
    #[serde(borrow, default)]
    other: Pairs<'a, Other>,
}

/// The entries of a JSON object, keys borrowed where they have no escapes.
struct Pairs<'a, T>(Vec<(Cow<'a, str>, T)>);

#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Reads line after line.
struct Reader {
    number: usize,
    last: String,
    observed: Observed,
    names: Names,
    lists: Option<Lists>,
}

impl Default for Reader {
    fn default() -> Reader {
        Reader { number: 1, last: String::new(), observed: Observed::empty(), names: Names::default(), lists: None }
    }
}

/// The list whose objects are being read, with the names of its kind.
struct Lists {
    cell: Arc<Cell>,
    kind: &'static Kind,
    /// `CELL/KIND/`.
    prefix: String,
    list: List,
    attributes: BTreeMap<String, (Text, Type)>,
    settings: BTreeMap<String, (SettingName, Type)>,
}

impl Reader {
    fn run(&mut self, input: &mut dyn BufRead, providers: Providers<'_>) -> Result<(), Flaw> {
        let mut buffer = Vec::new();
        let header = self.header(
            next(input, &mut buffer, LONGEST_LINE)?.ok_or_else(|| "the file is empty".to_owned())?,
            providers,
        )?;
        let mut world = Merkle::default();
        loop {
            self.number += 1;
            let Some(text) = next(input, &mut buffer, LONGEST_LINE)? else { break };
            world.push(text.as_bytes());
            let line: Line<'_> = serde_json::from_str(text)
                .map_err(|error| format!("this is no line of a snapshot: {}", plain(&error)))?;
            match (&line.list, &line.object) {
                (Some(Key(list)), None) => self.list(list, line.incomplete, line.only, providers)?,
                (None, Some(Key(object))) => self.object(object, &line)?,
                _ => return Err("expected either `list` or `object`".to_owned().into()),
            }
        }
        self.close();
        self.number -= 1;
        self.observed.world = world.root();
        match self.observed.world == header.world {
            true => Ok(()),
            false => Err(changed("world", header.world, self.observed.world)),
        }
    }

    fn header(&mut self, text: &str, providers: Providers<'_>) -> Result<Header, Flaw> {
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
        self.observed.targets = header.targets.clone();
        self.observed.envelope = envelope(&header.targets);
        match self.observed.envelope == header.envelope {
            true => Ok(header),
            false => Err(changed("header", header.envelope, self.observed.envelope)),
        }
    }

    fn list(
        &mut self,
        address: &str,
        incomplete: Option<Reason>,
        only: Option<BTreeSet<Text>>,
        providers: Providers<'_>,
    ) -> Result<(), Flaw> {
        self.ascending(address)?;
        self.close();
        let malformed = || format!("`{address}` is not the address of a kind in a cell");
        let (cell, kind) = address.rsplit_once('/').ok_or_else(malformed)?;
        let kind = find_kind(kind, providers)?;
        let cell = Cell::parse(cell).filter(|parsed| parsed.to_string() == cell).ok_or_else(malformed)?;
        let cell = match self.observed.cells.get_key_value(&cell) {
            Some((known, _)) => known.clone(),
            None => Arc::new(cell),
        };
        let list = List { incomplete, only, objects: Vec::new() };
        let (attributes, settings) = (BTreeMap::new(), BTreeMap::new());
        self.lists = Some(Lists { cell, kind, prefix: format!("{address}/"), list, attributes, settings });
        Ok(())
    }

    fn object(&mut self, address: &str, line: &Line<'_>) -> Result<(), Flaw> {
        self.ascending(address)?;
        let Some(lists) = self.lists.as_mut().filter(|lists| address.starts_with(&lists.prefix)) else {
            return Err(format!("`{address}` stands under no list of its kind and cell").into());
        };
        let id = parse_id(&address[lists.prefix.len()..])
            .ok_or_else(|| format!("`{address}` is not the address of an object"))?;
        let (mut attributes, mut settings) =
            (Vec::with_capacity(line.attributes.0.len()), Vec::with_capacity(line.settings.0.len()));
        for (name, json) in &line.attributes.0 {
            let (name, of) = lists.attribute(name, &mut self.names)?;
            attributes.push((name, Reading::Value(read(address, of, json.get())?)));
        }
        for (name, json) in &line.settings.0 {
            let (name, of) = lists.setting(name, &mut self.names)?;
            settings.push((name, Reading::Value(read(address, of, json.get())?)));
        }
        for (name, other) in &line.other.0 {
            match name.split_once('.') {
                Some(("attributes", name)) => {
                    let (name, of) = lists.attribute(name, &mut self.names)?;
                    attributes.push((name, reading(address, of, other)?));
                }
                Some(("settings", name)) => {
                    let (name, of) = lists.setting(name, &mut self.names)?;
                    settings.push((name, reading(address, of, other)?));
                }
                _ => {
                    return Err(
                        format!("`{name}` in `other` starts neither with `attributes.` nor with `settings.`").into()
                    );
                }
            }
        }
        let (attributes, settings) = (sorted(address, attributes)?, sorted(address, settings)?);
        lists.list.objects.push(Record { id, object: Object { attributes, settings } });
        Ok(())
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

    /// Files the list that was read.
    fn close(&mut self) {
        let Some(mut lists) = self.lists.take() else { return };
        // Addresses sort by their encoded ids, records by the ids themselves.
        lists.list.objects.sort_by(|a, b| a.id.cmp(&b.id));
        let kind = self.names.share(lists.kind.name);
        self.observed.cells.entry(lists.cell).or_default().insert(kind, lists.list);
    }
}

impl Lists {
    fn attribute(&mut self, name: &str, names: &mut Names) -> Result<(Text, Type), Flaw> {
        if let Some(known) = self.attributes.get(name) {
            return Ok(known.clone());
        }
        let known = || self.kind.attributes.iter().map(|attribute| attribute.name);
        let attribute =
            self.kind.attribute(name).ok_or_else(|| unknown("attribute", self.kind, name, nearest(name, known())))?;
        let found = (names.share(name), attribute.of);
        self.attributes.insert(name.to_owned(), found.clone());
        Ok(found)
    }

    fn setting(&mut self, name: &str, names: &mut Names) -> Result<(SettingName, Type), Flaw> {
        if let Some(known) = self.settings.get(name) {
            return Ok(known.clone());
        }
        let parsed = SettingName::parse(name).ok_or_else(|| format!("`{name}` is not the name of a setting"))?;
        let known = || self.kind.settings.iter().map(|setting| setting.name);
        let setting = self.kind.setting(&parsed.name);
        let setting =
            setting.ok_or_else(|| unknown("setting", self.kind, &parsed.name, nearest(&parsed.name, known())))?;
        if setting.keyed.is_some() != parsed.key.is_some() {
            let has = if setting.keyed.is_some() { "needs" } else { "has no" };
            return Err(format!("`{name}`: the setting `{}` of `{}` {has} key", setting.name, self.kind.name).into());
        }
        let found = (SettingName { name: names.share(&parsed.name), key: parsed.key }, setting.of);
        self.settings.insert(name.to_owned(), found.clone());
        Ok(found)
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

fn unknown(sort: &str, kind: &Kind, name: &str, near: Option<&str>) -> Flaw {
    let help = near.map(|near| format!("The nearest {sort} is `{near}`."));
    Flaw { what: format!("`{}` has no {sort} `{name}`", kind.name), help }
}

fn read(address: &str, of: Type, text: &str) -> Result<ordain_model::value::Value, Flaw> {
    of.read(text).map_err(|mismatch| format!("`{address}`: expected {}, found `{text}`", mismatch.expected).into())
}

fn decode(address: &str, of: Type, json: &Json) -> Result<ordain_model::value::Value, Flaw> {
    of.decode(json).map_err(|mismatch| format!("`{address}`: expected {}, found `{json}`", mismatch.expected).into())
}

fn reading(address: &str, of: Type, other: &Other) -> Result<Reading, Flaw> {
    Ok(match other {
        Other::Held { value, by } => Reading::Held(decode(address, of, value)?, by.clone()),
        Other::NotApplicable(why) => Reading::NotApplicable(why.clone()),
        Other::ProviderFixed(why) => Reading::ProviderFixed(why.clone()),
        Other::Unknown(reason) => Reading::Unknown(reason.clone()),
    })
}

fn sorted<K: Ord + std::fmt::Display>(
    address: &str,
    mut readings: Vec<(K, Reading)>,
) -> Result<Sorted<K, Reading>, Flaw> {
    readings.sort_by(|a, b| a.0.cmp(&b.0));
    match readings.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(pair) => Err(format!("`{address}` has two readings of `{}`", pair[0].0).into()),
        None => Ok(readings.into_iter().collect()),
    }
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

impl<T> Default for Pairs<'_, T> {
    fn default() -> Self {
        Pairs(Vec::new())
    }
}

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for Pairs<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = Vec<(Cow<'de, str>, T)>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut entries = Vec::new();
                while let Some((Key(name), value)) = map.next_entry()? {
                    entries.push((name, value));
                }
                Ok(entries)
            }
        }
        deserializer.deserialize_map(Entries(std::marker::PhantomData)).map(Pairs)
    }
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
