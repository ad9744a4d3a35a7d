//! The provider contract (`docs/provider-contract.md`), by its numbers: what is published, for every provider; reading and
//! writing, for every setting of every kind, in an estate. `tests/aws` holds the live provider to the promises about
//! reading and writing.

use ordain_aws::Aws;
use ordain_kubernetes::Kubernetes;
use ordain_memory::Estate;
use ordain_model::Text;
use ordain_model::address::{ObjectAddress, SettingName};
use ordain_model::diagnostic::Diagnostics;
use ordain_model::observation::{KindReads, Object, ObjectRead, Observation, ReadSet, Reading};
use ordain_model::provider::{Change, Progress, Provider, Providers, World};
use ordain_model::schema::{Kind, Setting};
use ordain_model::types::{Type, encode};
use ordain_model::value::Value;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

static AWS: Aws = Aws { pace: ordain_aws::pace::Pace::Half };
static ALL: &[&dyn Provider] = &[&AWS, &Kubernetes];

fn kinds() -> impl Iterator<Item = &'static Kind> {
    Providers(ALL).kinds()
}

#[track_caller]
fn none(promise: &str, findings: Vec<String>) {
    assert!(findings.is_empty(), "promise {promise}:\n  {}\n", findings.join("\n  "));
}

/// Legal values of a setting, at least two, in the order in which they are tried.
fn values(setting: &Setting) -> Vec<Value> {
    let candidates: Vec<Json> = match setting.of {
        Type::Bool => vec![json!(false), json!(true)],
        Type::String => vec![
            json!("arn:aws:kms:eu-west-1:111111111111:key/one"),
            json!("arn:aws:kms:eu-west-1:111111111111:key/two"),
        ],
        Type::Integer => (1..=3).map(|number| json!(number)).collect(),
        Type::Duration => vec![json!("7d"), json!("30d")],
        Type::Retention => ["7d", "30d", "365d", "unlimited"].map(|text| json!(text)).to_vec(),
        Type::Ratio => vec![json!("0.25"), json!("0.5")],
        Type::Size => vec![json!("1GiB"), json!("10GiB")],
        Type::Instant => vec![json!("2027-01-31T00:00:00Z"), json!("2028-01-31T00:00:00Z")],
        Type::Version => vec![json!("1.29"), json!("1.30")],
        Type::Enum(members) => members.iter().map(|member| json!(member)).collect(),
        Type::Cidrs => vec![json!(["10.0.0.0/8"]), json!(["192.0.2.0/24", "10.0.0.0/8"])],
        Type::Strings(None) => vec![json!(["a"]), json!(["a", "b"])],
        Type::Strings(Some(members)) => vec![json!([members[0]]), json!(members)],
        Type::Tags => Vec::new(),
    };
    let legal =
        candidates.iter().filter_map(|json| setting.of.decode(json).ok()).filter(|value| setting.domain.legal(value));
    legal.collect()
}

/// A setting's name, with a key that its kind accepts where it is keyed.
fn name(setting: &Setting) -> SettingName {
    let Some(keyed) = &setting.keyed else { return SettingName::plain(setting.name) };
    let key = ["logs/", "tcp/5432"].into_iter().find_map(|key| (keyed.check)(key).ok());
    SettingName { name: setting.name.into(), key: Some(key.expect("a key that is accepted")) }
}

/// The settings of a kind that an object owns: views are other objects' fields.
fn own(kind: &'static Kind) -> impl Iterator<Item = &'static Setting> {
    kind.settings.iter().filter(|setting| setting.join.is_none())
}

struct Unwatched;

impl Progress for Unwatched {
    fn step(&self, _: &str) {}
}

/// A cell of a kind's provider.
fn cell(kind: &Kind) -> &'static str {
    match kind.provider() {
        "aws" => "aws:111111111111/eu-west-1",
        "kubernetes" => "kubernetes:production",
        other => panic!("no cell of {other}"),
    }
}

/// An estate with one object of a kind that has the first value of everything, and the file it lives in.
fn estate(kind: &'static Kind) -> (Estate, tempfile::TempDir) {
    let value = |setting: &Setting| match name(setting).key {
        Some(key) => json!({ &*key: encode(&values(setting)[0]) }),
        None => encode(&values(setting)[0]),
    };
    let settings: BTreeMap<&str, Json> = own(kind).map(|setting| (setting.name, value(setting))).collect();
    let object = json!({ "settings": settings });
    let text = json!({
        "as_of": "2026-11-20T09:00:00Z",
        "cells": { cell(kind): { kind.name: { "one": object } } },
        "incomplete": { format!("{}/{}", cell(kind), kind.name): "denied: the rest" },
    });
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("estate.json");
    std::fs::write(&path, text.to_string()).expect("a file");
    let mut diagnostics = Diagnostics::default();
    let estate = Estate::open(&path, "estate.json", Providers(ALL), &mut diagnostics);
    (
        estate.unwrap_or_else(|_| {
            panic!("{}: {:?}", kind.name, diagnostics.items().iter().map(|item| &item.detail).collect::<Vec<_>>())
        }),
        folder,
    )
}

fn address(kind: &Kind) -> ObjectAddress {
    ObjectAddress::parse(&format!("{}/{}/one", cell(kind), kind.name)).expect("an address")
}

fn reads(kind: &'static Kind) -> ReadSet {
    let of_kind = KindReads { settings: own(kind).map(name).collect(), ..KindReads::default() };
    ReadSet { kinds: [(Text::from(kind.name), of_kind)].into() }
}

fn one(observation: &Observation, kind: &Kind) -> Object {
    let listing = observation.cells.values().find_map(|kinds| kinds.get(kind.name)).expect("a listing");
    listing.objects.get("one").cloned().expect("the object")
}

#[test]
fn promise_2_every_fact_about_a_setting_is_published() {
    let mut missing = Vec::new();
    for kind in kinds() {
        for setting in kind.settings {
            let place = format!("{}.{}", kind.name, setting.name);
            let view = setting.join.is_some();
            missing.extend(
                (!setting.domain.fits(setting.of)).then(|| format!("{place}: the domain is not one of its type")),
            );
            missing.extend(setting.source.is_empty().then(|| format!("{place}: no source")));
            missing.extend((setting.unit.is_empty()).then(|| format!("{place}: no write unit")));
            missing.extend(
                (view && !setting.write_actions.is_empty()).then(|| format!("{place}: a view with a write of its own")),
            );
            missing.extend((!view && values(setting).len() < 2).then(|| format!("{place}: no two legal values")));
        }
    }
    none("2", missing);
}

#[test]
fn promise_2_every_write_unit_is_published_and_carries_something() {
    let mut wrong = Vec::new();
    for kind in kinds() {
        let units: BTreeSet<&str> = kind.units.iter().map(|unit| unit.name).collect();
        let carried: BTreeSet<&str> =
            own(kind).filter(|setting| !setting.write_actions.is_empty()).map(|setting| setting.unit).collect();
        wrong.extend(units.symmetric_difference(&carried).map(|name| format!("{}: {name}", kind.name)));
        wrong.extend((!kind.units.is_sorted_by_key(|unit| unit.name)).then(|| format!("{}: not sorted", kind.name)));
        let silent = kind.units.iter().filter(|unit| unit.calls.is_empty());
        wrong.extend(silent.map(|unit| format!("{}: {} calls nothing", kind.name, unit.name)));
    }
    none("2", wrong);
}

/// Arguments that hold one of what a setting holds: several are several resources of Terraform's.
const ONE_EACH: &[&str] = &["aws_vpc.flow_log_destination: log_destination"];

#[test]
fn promise_2_what_terraform_sets_are_settings_and_every_value_has_its_argument() {
    let mut wrong = Vec::new();
    for kind in kinds() {
        wrong.extend((!kind.terraform.is_sorted_by_key(|of| of.name)).then(|| format!("{}: not sorted", kind.name)));
        for argument in kind.terraform.iter().flat_map(|resource| resource.arguments) {
            let place = format!("{}.{}: {}", kind.name, argument.setting, argument.name);
            match own(kind).find(|setting| setting.name == argument.setting) {
                None => wrong.push(format!("{place}: no setting")),
                Some(setting) => {
                    let said: Vec<bool> = values(setting).iter().map(|of| (argument.value)(of).is_some()).collect();
                    let some = said.contains(&true) && said[1..].contains(&false);
                    wrong.extend((some && !ONE_EACH.contains(&&*place)).then(|| format!("{place}: {said:?}")));
                }
            }
        }
    }
    none("2", wrong);
}

#[test]
fn promise_2_rules_and_views_name_what_there_is() {
    let mut lost = Vec::new();
    for kind in kinds() {
        let known = |name: &str| kind.setting(name).is_some() || kind.attribute(name).is_some();
        for rule in kind.rules {
            lost.extend(
                [rule.when, rule.then]
                    .iter()
                    .filter(|name| kind.setting(name).is_none())
                    .map(|name| format!("{}: rule on {name}", kind.name)),
            );
        }
        for join in kind.settings.iter().filter_map(|setting| setting.join.as_ref()) {
            lost.extend(
                join.needs.iter().filter(|name| !known(name)).map(|name| format!("{}: view needs {name}", kind.name)),
            );
            let owners = join.owner_kinds.iter().filter(|owner| Providers(ALL).kind(owner).is_none());
            lost.extend(owners.map(|owner| format!("{}: view of {owner}", kind.name)));
        }
    }
    none("2", lost);
}

#[test]
fn promise_3_a_declared_or_available_value_stands_beside_the_effective_one() {
    let lone = kinds().flat_map(|kind| {
        let bases = kind.settings.iter().filter_map(|setting| {
            let base = setting.name.strip_suffix("_declared").or_else(|| setting.name.strip_suffix("_available"));
            base.map(|base| (setting.name, base))
        });
        bases
            .filter(|(_, base)| kind.setting(base).is_none())
            .map(|(name, _)| format!("{}.{name}", kind.name))
            .collect::<Vec<_>>()
    });
    none("3", lone.collect());
}

#[test]
fn promises_4_5_and_7_reading_gives_what_was_asked_twice_the_same_and_says_what_may_lack() {
    for kind in kinds() {
        let (world, _folder) = estate(kind);
        let (first, second) = (world.observe(&reads(kind), &Unwatched), world.observe(&reads(kind), &Unwatched));
        assert_eq!(first.cells, second.cells, "{}", kind.name);
        let object = one(&first, kind);
        let asked: BTreeSet<SettingName> = own(kind).map(name).collect();
        let answered: BTreeSet<SettingName> = object.settings.keys().cloned().collect();
        assert_eq!((answered, object.attributes.len()), (asked, 0), "{}", kind.name);
        let listing = first.cells.values().find_map(|kinds| kinds.get(kind.name)).expect("a listing");
        assert!(listing.incomplete.is_some(), "{}", kind.name);
        let single = world.read(&address(kind), &BTreeSet::new(), &own(kind).map(name).collect());
        let expected = ObjectRead { at: first.envelope.last().clone(), object: Some(object) };
        assert_eq!(single, Ok(expected), "{}: one object reads as in the list, and says when", kind.name);
    }
}

#[test]
fn promises_12_13_and_14_a_write_changes_what_it_says_is_read_back_and_can_be_undone() {
    for kind in kinds() {
        let (world, _folder) = estate(kind);
        let before = one(&world.observe(&reads(kind), &Unwatched), kind);
        for setting in own(kind).filter(|setting| !setting.write_actions.is_empty()) {
            let (name, values) = (name(setting), values(setting));
            write(&world, kind, setting, &values[1]);
            let mut expected = before.clone();
            let _ = expected.settings.insert(name.clone(), Reading::Value(values[1].clone()));
            assert_eq!(one(&world.observe(&reads(kind), &Unwatched), kind), expected, "{}.{name}", kind.name);
            write(&world, kind, setting, &values[0]);
            assert_eq!(one(&world.observe(&reads(kind), &Unwatched), kind), before, "{}.{name} undone", kind.name);
        }
    }
}

fn write(world: &Estate, kind: &Kind, setting: &Setting, value: &Value) {
    let change = Change {
        object: address(kind),
        unit: setting.unit.into(),
        values: [(name(setting), value.clone())].into(),
        kept: BTreeMap::new(),
        token: "contract".into(),
    };
    let written = world.write(&change).and_then(|()| world.commit());
    assert_eq!(written, Ok(()), "{}.{}", kind.name, setting.name);
}
