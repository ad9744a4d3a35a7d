//! An estate says what it holds, refuses what it cannot mean, and is written whole or not at all.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

#[path = "estate/pending.rs"]
mod pending;

use ordain_memory::Estate;
use ordain_model::address::{ObjectAddress, SettingName};
use ordain_model::bound::Bound;
use ordain_model::diagnostic::Diagnostics;
use ordain_model::domain::{Days, Domain, Lengths};
use ordain_model::observation::{Cause, KindReads, Object, ReadSet, Reading, Reason};
use ordain_model::provider::{Argument, Change, Progress, Provider, Providers, Purpose, Target, World};
use ordain_model::schema::{Attribute, Exposes, Keyed, Kind, Rule, Setting, Stricter, WriteClass};
use ordain_model::stop::Stop;
use ordain_model::types::Type;
use ordain_model::value::Value;
use std::fs;
use std::path::PathBuf;

struct Lab;

impl Provider for Lab {
    fn name(&self) -> &'static str {
        "lab"
    }

    fn kinds(&self) -> &'static [&'static Kind] {
        static KINDS: &[&Kind] = &[&BUCKET];
        KINDS
    }

    fn arguments(&self) -> &'static [Argument] {
        &[]
    }

    fn connect(&self, _: &Target, _: Purpose, _: &Stop) -> Result<Box<dyn World>, Reason> {
        Err(Reason::new(Cause::Unreachable, "a laboratory"))
    }
}

static BUCKET: Kind = Kind {
    name: "lab_bucket",
    summary: "A bucket.",
    page: "",
    attributes: &[Attribute { name: "tags", of: Type::Tags, summary: "Tags.", actions: &[] }],
    settings: &[
        setting("open", Type::Bool, Domain::Any, None),
        setting("sources", Type::Cidrs, Domain::Any, None),
        setting("encryption", Type::Enum(&["none", "aes256", "kms"]), Domain::Any, None),
        setting(
            "retention",
            Type::Retention,
            Domain::Retention(WEEKS),
            Some(Keyed {
                what: "key prefix",
                covers: |a, b| b.starts_with(a),
                overlaps: |a, b| a.starts_with(b) || b.starts_with(a),
                order: str::cmp,
                sums: |_| false,
                check: prefix,
            }),
        ),
    ],
    deprecated: &[],
    rules: &[Rule {
        when: "open",
        is: || Bound::exactly(&Value::Bool(false)),
        then: "sources",
        must: Bound::nobody,
        local: None,
        why: "Nobody reaches what is closed",
    }],
    units: &[],
    terraform: &[],
    list_actions: &[],
};

const WEEKS: Lengths =
    Lengths { days: Days::Range { least: 7, greatest: 700, step: 7 }, disabled: false, unlimited: false };

fn prefix(key: &str) -> Result<ordain_model::Text, String> {
    match key.strip_prefix('/') {
        Some(rest) => Ok(rest.into()),
        None => Ok(key.into()),
    }
}

const fn setting(name: &'static str, of: Type, domain: Domain, keyed: Option<Keyed>) -> Setting {
    Setting {
        name,
        summary: "A setting.",
        of,
        domain,
        stricter: Stricter::Greater,
        keyed,
        join: None,
        unit: name,
        class: WriteClass::Safe,
        exposes: Exposes::Nothing,
        read_actions: &[],
        write_actions: &[],
        source: "",
    }
}

struct Silent;

impl Progress for Silent {
    fn step(&self, _: &str) {}
}

const ESTATE: &str = r#"{
  "as_of": "2026-11-01T00:00:00Z",
  "cells": {
    "lab:1/eu": {
      "lab_bucket": {
        "audit": {
          "attributes": { "tags": { "team": "x" } },
          "settings": { "encryption": "aes256", "retention": { "logs/": "91d" } }
        },
        "held": {
          "settings": { "encryption": "kms" },
          "held": { "settings.encryption": "a policy" },
          "unknown": { "attributes.tags": "denied: tags" },
          "not_applicable": { "settings.retention[\"logs/\"]": "no lifecycle here" }
        }
      }
    },
    "lab:2/eu": { "lab_bucket": {} }
  },
  "incomplete": { "lab:2/eu/lab_bucket": "throttled: gave up" }
}"#;

fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("estate.json");
    fs::write(&path, text).unwrap();
    (directory, path)
}

fn open(path: &std::path::Path) -> Result<Estate, Vec<String>> {
    let mut diagnostics = Diagnostics::default();
    let opened = Estate::open(path, "estate.json", Providers(&[&Lab]), &mut diagnostics);
    opened.map_err(|_| diagnostics.items().iter().map(|item| item.detail.clone()).collect())
}

fn everything() -> ReadSet {
    let settings = [SettingName::plain("encryption"), SettingName::keyed("retention", "logs/")].into();
    let reads = KindReads { attributes: ["tags".into()].into(), settings, ..KindReads::default() };
    ReadSet { kinds: [("lab_bucket".into(), reads)].into() }
}

fn object(estate: &Estate, address: &str) -> Object {
    let reads = everything().kinds.into_values().next().unwrap();
    estate.read(&ObjectAddress::parse(address).unwrap(), &reads.attributes, &reads.settings).unwrap().object.unwrap()
}

fn change(value: &str) -> Change {
    let values = [(SettingName::plain("encryption"), Value::string(value))].into();
    let object = ObjectAddress::parse("lab:1/eu/lab_bucket/audit").unwrap();
    Change { object, unit: "encryption".into(), values, kept: Default::default(), token: "t".into() }
}

#[test]
fn an_estate_says_what_it_holds_and_why_it_does_not() {
    let (_keep, path) = file(ESTATE);
    let estate = open(&path).unwrap();
    let seen = estate.observe(&everything(), &Silent);
    assert_eq!(&*seen.envelope.taken_at, "2026-11-01T00:00:00Z");
    assert_eq!(seen.envelope.estate.as_deref(), Some("estate.json"));
    let cells: Vec<String> = seen.cells.keys().map(|cell| cell.to_string()).collect();
    assert_eq!(cells, ["lab:1/eu", "lab:2/eu"]);
    let lists: Vec<_> = seen.cells.values().map(|kinds| &kinds["lab_bucket"]).collect();
    assert_eq!(lists[0].incomplete, None);
    assert_eq!(lists[1].incomplete, Some(Reason::new(Cause::Throttled, "gave up")));
    let held = &lists[0].objects["held"];
    assert_eq!(held.setting(&SettingName::plain("encryption")), Reading::Held(Value::string("kms"), "a policy".into()));
    assert_eq!(
        held.setting(&SettingName::keyed("retention", "logs/")),
        Reading::NotApplicable("no lifecycle here".into())
    );
    assert_eq!(held.attribute("tags"), Reading::Unknown(Reason::new(Cause::Denied, "tags")));
}

#[test]
fn what_is_not_said_is_not_known() {
    let (_keep, path) = file(&ESTATE.replace("\"encryption\": \"aes256\", ", ""));
    let reading = object(&open(&path).unwrap(), "lab:1/eu/lab_bucket/audit").setting(&SettingName::plain("encryption"));
    assert_eq!(reading, Reading::Unknown(Reason::new(Cause::NotCollected, "the estate does not say `encryption`")));
}

#[test]
fn a_kind_that_a_cell_does_not_mention_is_not_known_to_be_absent() {
    let quiet = ESTATE
        .replace("\"lab:2/eu\": { \"lab_bucket\": {} }", "\"lab:2/eu\": {}, \"lab:3/eu\": { \"lab_bucket\": {} }");
    let (_keep, path) = file(&quiet.replace("\"lab:2/eu/lab_bucket\": \"throttled: gave up\"", ""));
    let estate = open(&path).unwrap();
    let seen = estate.observe(&everything(), &Silent);
    let why: Vec<_> = seen.cells.values().map(|kinds| kinds["lab_bucket"].incomplete.clone()).collect();
    let silent = Reason::new(Cause::NotCollected, "the estate does not say `lab_bucket`");
    assert_eq!(why, [None, Some(silent.clone()), None]);
    let address = ObjectAddress::parse("lab:2/eu/lab_bucket/audit").unwrap();
    assert_eq!(estate.read(&address, &Default::default(), &Default::default()), Err(silent));
    assert_eq!(estate.cells().len(), 3);
}

#[test]
fn writes_are_one_file_at_once_and_keep_everything_else() {
    let (_keep, path) = file(ESTATE);
    let estate = open(&path).unwrap();
    estate.write(&change("kms")).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), ESTATE, "nothing is on disk before the commit");
    estate.commit().unwrap();
    drop(estate);
    let written = fs::read_to_string(&path).unwrap();
    let (old, new): (serde_json::Value, serde_json::Value) =
        (serde_json::from_str(ESTATE).unwrap(), serde_json::from_str(&written).unwrap());
    let mut expected = old.clone();
    expected["cells"]["lab:1/eu"]["lab_bucket"]["audit"]["settings"]["encryption"] = "kms".into();
    assert_eq!(new, expected);
    assert!(written.ends_with("}\n"));
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
    let again = open(&path).unwrap();
    assert_eq!(
        object(&again, "lab:1/eu/lab_bucket/audit").setting(&SettingName::plain("encryption")),
        Reading::Value(Value::string("kms"))
    );
    again.write(&change("none")).unwrap();
    again.commit().unwrap();
    again.write(&change("kms")).unwrap();
    again.commit().unwrap();
    drop(again);
    assert_eq!(fs::read_to_string(&path).unwrap(), written, "the same content is the same bytes");
}

#[test]
fn a_file_that_somebody_else_changed_is_not_overwritten() {
    let (_keep, path) = file(ESTATE);
    let estate = open(&path).unwrap();
    estate.write(&change("kms")).unwrap();
    let other = ESTATE.replace("\"91d\"", "\"98d\"");
    fs::write(&path, &other).unwrap();
    assert!(estate.commit().unwrap_err().detail.contains("it changed on disk since it was read"));
    assert_eq!(fs::read_to_string(&path).unwrap(), other);
    // None of the wave's writes happened.
    let reading = object(&estate, "lab:1/eu/lab_bucket/audit").setting(&SettingName::plain("encryption"));
    assert_eq!(reading, Reading::Value(Value::string("aes256")));
}

#[test]
fn what_the_api_would_refuse_is_refused() {
    let (_keep, path) = file(ESTATE);
    let estate = open(&path).unwrap();
    let mut gone = change("kms");
    gone.object = ObjectAddress::parse("lab:1/eu/lab_bucket/none").unwrap();
    assert!(estate.write(&gone).unwrap_err().detail.contains("is not in the estate"));
    let mut held = change("none");
    held.object = ObjectAddress::parse("lab:1/eu/lab_bucket/held").unwrap();
    assert!(estate.write(&held).is_err());
    let mut odd = change("kms");
    odd.unit = "retention".into();
    odd.values = [(SettingName::keyed("retention", "logs/"), Type::Retention.decode(&"90d".into()).unwrap())].into();
    assert!(
        estate.write(&odd).unwrap_err().detail.contains("the API accepts no `\"90d\"`"),
        "90 days are no whole weeks"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), ESTATE);
}

#[test]
fn an_empty_list_is_nobody_only_where_it_is_switched_off() {
    let with = |more: &str| file(&ESTATE.replacen("\"settings\": {", &format!("\"settings\": {{ {more}, "), 1));
    for unclear in ["\"sources\": []", "\"sources\": [], \"open\": true"] {
        let (_keep, path) = with(unclear);
        let flaws = open(&path).err().unwrap();
        assert!(flaws[0].contains("write `[\"0.0.0.0/0\", \"::/0\"]`"), "{flaws:?}");
    }
    let (_keep, path) = with("\"sources\": [], \"open\": false");
    let estate = open(&path).unwrap();
    let mut opened = change("kms");
    opened.unit = "open".into();
    opened.values = [(SettingName::plain("open"), Value::Bool(true))].into();
    assert!(estate.write(&opened).unwrap_err().detail.contains("nobody only where `open` says so"));
}

#[test]
fn two_targets_on_one_estate_see_each_other() {
    let (_keep, path) = file(ESTATE);
    let one = open(&path).unwrap();
    let two = one.clone();
    one.write(&change("kms")).unwrap();
    one.commit().unwrap();
    assert_eq!(
        object(&two, "lab:1/eu/lab_bucket/audit").setting(&SettingName::plain("encryption")),
        Reading::Value(Value::string("kms"))
    );
}

#[test]
fn every_mistake_is_named_with_its_path() {
    let said = |from: &str, to: &str| {
        assert!(ESTATE.contains(from), "{from}");
        let (_keep, path) = file(&ESTATE.replacen(from, to, 1));
        open(&path).err().unwrap_or_else(|| panic!("{to} opens")).join("\n")
    };
    let at = "`estate.json`: cells[\"lab:1/eu\"].lab_bucket[\"audit\"]";
    assert_eq!(
        said("\"aes256\"", "\"aes\""),
        format!("{at}.settings.encryption: expected one of `none`, `aes256`, `kms`, found `\"aes\"`.")
    );
    assert_eq!(
        said("\"encryption\": \"aes256\"", "\"encrypton\": \"aes256\""),
        format!("{at}.settings.encrypton: `lab_bucket` has no setting `encrypton`; the nearest is `encryption`.")
    );
    assert_eq!(
        said("\"91d\"", "\"90d\""),
        format!("{at}.settings.retention[\"logs/\"]: the API accepts no `\"90d\"`."),
        "90 days are no whole weeks"
    );
    assert!(said("\"attributes\": {", "\"attribute\": {").contains("the nearest is `attributes`"));
    assert!(said("{ \"logs/\": \"91d\" }", "\"91d\"").contains("expected an object, a value per key prefix"));
    assert!(said("\"logs/\": \"91d\"", "\"/logs/\": \"91d\"").contains("write the key prefix as `logs/`"));
    assert!(
        said("\"lab_bucket\": {", "\"lab_buckt\": {")
            .contains("there is no kind `lab_buckt`; the nearest is `lab_bucket`")
    );
    assert!(said("\"lab:1/eu\"", "\"lab\"").contains("expected a cell"));
    assert!(said("\"denied: tags\"", "\"denid: tags\"").contains("`denid` is no cause"));
    assert!(said("2026-11-01T00:00:00Z", "yesterday").contains("as_of: expected the time of the estate in UTC"));
    assert!(said("\"incomplete\"", "\"partial\"").contains("partial: expected `as_of`, `cells` and `incomplete` only"));
    assert!(
        said("lab:2/eu/lab_bucket\": \"thr", "lab:3/eu/lab_bucket\": \"thr")
            .contains("a kind of a cell of this estate")
    );
    assert!(
        said("\"held\": {\n          \"settings\"", "\"audit\": {\n          \"settings\"")
            .contains("the key `audit` stands twice")
    );
    let twice = said("\"encryption\": \"aes256\"", "\"encryption\": \"aes256\", \"encryption\": \"kms\"");
    let line = ESTATE.lines().position(|line| line.contains("\"encryption\": \"aes256\"")).unwrap() + 1;
    assert!(twice.contains(&format!("the key `encryption` stands twice at line {line} column")), "{twice}");
    assert!(said("\"encryption\": \"kms\" }", "}").contains("its value must stand under `settings`"));
    let (_keep, path) = file(&"[".repeat(100_000));
    assert!(open(&path).err().unwrap()[0].contains("recursion limit"));
    assert!(open(std::path::Path::new("/no/such/estate.json")).err().unwrap()[0].contains("No such file"));
}
