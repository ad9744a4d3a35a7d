//! An object's line becomes a [`Record`], each value typed by the schema.

use super::super::Other;
use super::Flaw;
use crate::observed::{Names, Record};
use ordain_model::Text;
use ordain_model::address::{SettingName, parse_id};
use ordain_model::diagnostic::nearest;
use ordain_model::observation::{Object, Reading, Reason};
use ordain_model::schema::Kind;
use ordain_model::sorted::Sorted;
use ordain_model::types::Type;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value as Json;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A line of the world.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line<'a> {
    #[serde(borrow)]
    pub(super) list: Option<Key<'a>>,
    #[serde(borrow)]
    pub(super) object: Option<Key<'a>>,
    pub(super) incomplete: Option<Reason>,
    pub(super) only: Option<BTreeSet<Text>>,
    #[serde(borrow, default)]
    attributes: Pairs<'a, &'a RawValue>,
    #[serde(borrow, default)]
    settings: Pairs<'a, &'a RawValue>,
    #[serde(borrow, default)]
    other: Pairs<'a, Other>,
}

/// The entries of a JSON object, keys borrowed where they have no escapes.
pub(super) struct Pairs<'a, T>(Vec<(Cow<'a, str>, T)>);

#[derive(serde::Deserialize)]
pub(super) struct Key<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

/// The list whose objects are being read, with the names of its kind.
pub(super) struct Head {
    pub(super) kind: &'static Kind,
    /// `CELL/KIND/`.
    pub(super) prefix: String,
    pub(super) attributes: BTreeMap<String, (Text, Type)>,
    pub(super) settings: BTreeMap<String, (SettingName, Type)>,
}

impl Head {
    pub(super) fn record(&mut self, address: &str, line: &Line<'_>, names: &mut Names) -> Result<Record, Flaw> {
        let id = parse_id(&address[self.prefix.len()..])
            .ok_or_else(|| format!("`{address}` is not the address of an object"))?;
        let (mut attributes, mut settings) =
            (Vec::with_capacity(line.attributes.0.len()), Vec::with_capacity(line.settings.0.len()));
        for (name, json) in &line.attributes.0 {
            let (name, of) = self.attribute(name, names)?;
            attributes.push((name, Reading::Value(read(address, of, json.get())?)));
        }
        for (name, json) in &line.settings.0 {
            let (name, of) = self.setting(name, names)?;
            settings.push((name, Reading::Value(read(address, of, json.get())?)));
        }
        for (name, other) in &line.other.0 {
            match name.split_once('.') {
                Some(("attributes", name)) => {
                    let (name, of) = self.attribute(name, names)?;
                    attributes.push((name, reading(address, of, other)?));
                }
                Some(("settings", name)) => {
                    let (name, of) = self.setting(name, names)?;
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
        Ok(Record { id, object: Object { attributes, settings } })
    }

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

fn unknown(sort: &str, kind: &Kind, name: &str, near: Option<&str>) -> Flaw {
    let help = near.map(|near| format!("The nearest {sort} is `{near}`."));
    Flaw { what: format!("`{}` has no {sort} `{name}`", kind.name), help }
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
