//! The law of a profile that is made of a world: the world satisfies it as it is; what becomes stricter still does, what
//! becomes weaker than everything that was found does not.

#![allow(clippy::unwrap_used, reason = "what a test sets up must hold, or the test fails")]

use super::*;
use crate::arguments::baseline::Groups;
use crate::arguments::outside::Outside;
use crate::output::{Looks, Output};
use crate::profile;
use ordain_engine::plan::{Inputs, Why, plan};
use ordain_engine::snapshot;
use ordain_language::inputs::Missing;
use ordain_model::address::SettingName;
use ordain_model::cidr::CidrSet;
use ordain_model::direction::Direction;
use ordain_model::observation::KindReads;
use ordain_model::retention::Retention;
use ordain_model::schema::{Kind, Setting};
use ordain_model::types::{Type, encode};
use ordain_model::value::Value;
use ordain_model::verdict::Verdict;
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};
use std::fs;
use std::path::{Path, PathBuf};

const CELL: &str = "aws:111111111111/eu-west-1";
const BLOCKS: [&str; 5] = ["10.0.0.0/8", "10.1.0.0/16", "203.0.113.0/25", "203.0.113.128/25", "198.51.100.7/32"];

/// Where flow logs go: views of one field, or of two.
const PATHS: [&str; 2] = [
    "arn:aws:logs:eu-west-1:111111111111:log-group:aws_cloudwatch_log_group-0",
    "arn:aws:logs:eu-west-1:111111111111:log-group:aws_cloudwatch_log_group-1",
];

/// A stream of choices, from which everything random is made.
struct Choices(Vec<u32>, usize);

impl Choices {
    fn below(&mut self, most: usize) -> usize {
        self.1 += 1;
        self.0[self.1 % self.0.len()].wrapping_add(self.1 as u32) as usize % most.max(1)
    }

    fn some<'a>(&mut self, of: &[&'a str]) -> Vec<&'a str> {
        of.iter().copied().filter(|_| self.below(2) == 0).collect()
    }

    /// A value that the API accepts.
    fn value(&mut self, setting: &Setting) -> Value {
        for _ in 0..20 {
            let value = match setting.of {
                Type::Bool => Value::Bool(self.below(2) == 0),
                Type::Integer => Value::integer(self.below(40) as i64),
                Type::Enum(members) => Value::string(members[self.below(members.len())]),
                Type::Retention => Value::Retention(match self.below(8) {
                    0 => Retention::Disabled,
                    1 => Retention::Unlimited,
                    other => Retention::Days([1, 7, 14, 30, 90, 365][other - 2]),
                }),
                Type::Strings(members) => Value::set(self.some(members.unwrap_or(&["a", "b", "c"]))),
                // What is empty has to be nobody in other settings too.
                Type::Cidrs => Value::Cidrs(CidrSet::parse([BLOCKS[self.below(5)], BLOCKS[self.below(5)]]).unwrap()),
                _ => Value::string(["a", "b"][self.below(2)]),
            };
            if setting.domain.legal(&value) {
                return value;
            }
        }
        Value::Null
    }

    fn object(&mut self, kind: &Kind, id: &str) -> Json {
        let (mut settings, mut unknown, mut not_applicable) = (Map::new(), Map::new(), Map::new());
        for setting in kind.settings.iter().filter(|setting| setting.join.is_none()) {
            if let Some(key) = key(kind, setting) {
                settings.insert(setting.name.into(), json!({ key: encode(&self.value(setting)) }));
                continue;
            }
            let path = format!("settings.{}", setting.name);
            match self.below(16) {
                0 => drop(unknown.insert(path, "denied: nobody may".into())),
                1 => drop(not_applicable.insert(path, "it has none".into())),
                _ => drop(settings.insert(setting.name.into(), encode(&self.value(setting)))),
            }
        }
        let attributes = kind.attributes.iter().map(|of| (of.name.into(), self.attribute(of.name, of.of, id)));
        let attributes: Map<String, Json> = attributes.collect();
        json!({ "attributes": attributes, "settings": settings, "unknown": unknown, "not_applicable": not_applicable })
    }

    fn attribute(&mut self, name: &str, of: Type, id: &str) -> Json {
        match (name, of) {
            ("class", _) => "STANDARD".into(),
            ("name", _) => id.into(),
            (_, Type::Bool) => false.into(),
            (_, Type::Cidrs) => json!(["203.0.113.10/32"]),
            (_, Type::Integer) => 1.into(),
            (_, Type::Strings(_)) => json!(self.some(&PATHS)),
            (_, Type::Tags) => json!({}),
            (_, Type::Ratio) => 1.into(),
            (_, Type::Size) => "1GiB".into(),
            (_, Type::Instant) => "2026-01-01T00:00:00Z".into(),
            (_, Type::Version) => "1.30".into(),
            _ => "x".into(),
        }
    }

    fn estate(&mut self) -> Json {
        let kinds = providers::all().kinds().map(|kind| {
            let objects = (0..self.below(4)).map(|at| format!("{}-{at}", kind.name));
            let objects: Map<String, Json> = objects.map(|id| (id.clone(), self.object(kind, &id))).collect();
            (kind.name.to_owned(), Json::Object(objects))
        });
        let mut kinds: Map<String, Json> = kinds.collect();
        if self.below(4) == 0 {
            kinds.remove("aws_instance");
        }
        json!({ "as_of": "2026-11-20T09:00:00Z", "cells": { CELL: kinds } })
    }
}

/// A key of a keyed setting: the first of these that is one.
fn key(kind: &Kind, setting: &Setting) -> Option<&'static str> {
    let keyed = setting.keyed.as_ref()?;
    ["tcp/5432", "logs/"].into_iter().find(|key| (keyed.check)(key).is_ok()).filter(|_| !kind.name.is_empty())
}

/// A folder with an estate.
struct Place(tempfile::TempDir);

impl Place {
    fn new(estate: &Json) -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        place.estate(estate);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn estate(&self, estate: &Json) {
        fs::write(self.path("estate.json"), estate.to_string()).unwrap();
    }

    fn compile(&self, name: &str) -> (Profile, Run) {
        let mut run = quiet();
        let compiled = profile::compile(&self.path(name), &Outside::default(), Missing::Refused, &mut run);
        (compiled.unwrap_or_else(|_| panic!("{:#?}", errors(&run))), run)
    }

    /// A snapshot of everything.
    fn snapshot(&self) -> PathBuf {
        let target = format!("estate = {}", ordain_model::value::quote(self.path("estate.json").to_str().unwrap()));
        let targets = [Target { name: "aws.old".into(), lines: vec![target] }];
        let mut reads = ReadSet::default();
        for kind in providers::all().kinds() {
            let keyed =
                kind.settings.iter().filter_map(|setting| Some(SettingName::keyed(setting.name, key(kind, setting)?)));
            let settings = keyed.chain(
                ["tcp/22"]
                    .into_iter()
                    .filter(|_| kind.name == "aws_security_group")
                    .map(|key| SettingName::keyed("ingress_from", key)),
            );
            reads.kinds.insert(kind.name.into(), KindReads { settings: settings.collect(), ..KindReads::default() });
        }
        let probe = written::probe(&targets, &BTreeMap::from([("aws.old".into(), reads)]));
        fs::create_dir(self.path("old")).unwrap();
        fs::write(self.path("old/main.hcl"), written::main(&targets, None) + &probe).unwrap();
        let (old, mut run) = self.compile("old");
        let observed = read_all(&old, &mut run);
        let lines: Vec<String> = snapshot::lines(&observed).map(|line| format!("{line}\n")).collect();
        fs::write(self.path("world.snapshot"), lines.concat()).unwrap();
        self.path("world.snapshot")
    }

    /// How the new profile judges the estate as it is now.
    fn judged(&self) -> (Profile, Observed, Findings) {
        let (profile, mut run) = self.compile("new");
        assert!(run.diagnostics.items().is_empty(), "{:#?}", run.diagnostics);
        let observed = read_all(&profile, &mut run);
        let findings = judge(&profile, &observed);
        (profile, observed, findings)
    }
}

fn errors(run: &Run) -> Vec<&str> {
    let errors = run.diagnostics.items().iter().filter(|message| message.severity == Severity::Error);
    errors.map(|message| message.detail.as_str()).collect()
}

fn read_all(profile: &Profile, run: &mut Run) -> Observed {
    worlds::observe(profile, None, run).unwrap_or_else(|_| panic!("{:#?}", errors(run)))
}

fn quiet() -> Run {
    Run::new(Output::new(Looks { plain: true, unicode: false, still: true }), "init", true, true)
}

fn arguments(place: &Place, profile: bool) -> Init {
    Init {
        json: false,
        directory: place.path("new"),
        from_live: false,
        from_snapshot: Some(place.snapshot()),
        target: Vec::new(),
        profile: profile.then(|| "soc2".to_owned()),
        groups: Groups { ends: None, reason: "Found".into(), owner: profile.then(|| "platform".to_owned()) },
    }
}

fn is_formatted(directory: &Path) -> bool {
    let files = fs::read_dir(directory).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    files.filter(|text| !text.contains("\npackage ")).all(|text| formatted(&text) == text)
}

/// The live values of a setting of all objects of a kind.
fn live(estate: &Json, kind: &Kind, setting: &Setting) -> Vec<(String, Value)> {
    let objects = estate["cells"][CELL][kind.name].as_object().into_iter().flatten();
    let values = objects
        .filter_map(|(id, object)| Some((id.clone(), setting.of.decode(object["settings"].get(setting.name)?).ok()?)));
    values.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_world_satisfies_what_was_made_of_it(choices in proptest::collection::vec(any::<u32>(), 40..200), soc2 in any::<bool>()) {
        let mut choices = Choices(choices, 0);
        let mut estate = choices.estate();
        let place = Place::new(&estate);
        let (arguments, mut run) = (arguments(&place, soc2), quiet());
        let Ok(made) = make(&arguments, &mut run) else {
            let codes: Vec<&str> = run.diagnostics.items().iter().map(|message| message.code.name).collect();
            prop_assert_eq!(codes, ["nothing-found"]);
            return Ok(());
        };
        made.draft.write(&mut run).unwrap();
        prop_assert!(run.diagnostics.items().is_empty(), "{:#?}", run.diagnostics);
        prop_assert!(is_formatted(&place.path("new")));
        let (profile, observed, findings) = place.judged();
        let verdicts: BTreeSet<Verdict> = findings.findings.iter().map(|finding| finding.judgement.verdict()).collect();
        let mut fine = vec![Verdict::Met, Verdict::NotApplicable];
        // What the built-in profile demands may be unmet, which is listed, or unknown.
        fine.extend(soc2.then_some([Verdict::Baselined, Verdict::Unknown]).into_iter().flatten());
        prop_assert!(verdicts.iter().all(|verdict| fine.contains(verdict)), "{:#?}", findings.findings);
        let steps = plan(&findings, Inputs::of(&profile.constraints, &observed, "0.1.0"));
        // A view of which a part could not be read is unknown, which no baseline lists: the part that was read may have
        // a step. Nothing else has one.
        let unknown = findings.findings.iter().filter(|finding| finding.judgement.verdict() == Verdict::Unknown);
        let unknown: BTreeSet<&Subject> = unknown.map(|finding| &finding.subject).collect();
        let seen = |why: &Why| why.view.as_ref().is_some_and(|view| unknown.contains(&Subject::Setting(view.clone())));
        for change in steps.steps.iter().flat_map(|step| step.changes.values()) {
            prop_assert!(soc2 && change.why.iter().any(seen), "{estate}\n{change:#?}");
        }

        // One setting moves.
        let kinds: Vec<&Kind> = providers::all().kinds().collect();
        for _ in 0..8 {
            let kind = kinds[choices.below(kinds.len())];
            let setting = &kind.settings[choices.below(kind.settings.len())];
            let values = live(&estate, kind, setting);
            if setting.keyed.is_some() || values.is_empty() {
                continue;
            }
            let (id, before) = values[choices.below(values.len())].clone();
            let after = choices.value(setting);
            let was = estate["cells"][CELL][kind.name][&id]["settings"][setting.name].take();
            estate["cells"][CELL][kind.name][&id]["settings"][setting.name] = encode(&after);
            place.estate(&estate);
            let (_, _, findings) = place.judged();
            let name = format!("{CELL}/{}/{id}#{}", kind.name, setting.name);
            let own = |finding: &&ordain_engine::findings::Finding| {
                findings.claim(finding).module.is_empty() && finding.subject.to_string() == name
            };
            if let Some(finding) = findings.findings.iter().find(own) {
                let verdict = finding.judgement.verdict();
                let direction = |from: &Value, to: &Value| Direction::of(from, to, setting.of, setting.stricter);
                if direction(&before, &after) != Direction::Loosen {
                    prop_assert_eq!(verdict, Verdict::Met, "{} from {} to {}", name, before, after);
                }
                let ordered = !matches!(setting.of, Type::Strings(_) | Type::Cidrs) || values.len() == 1;
                if ordered && values.iter().all(|(_, found)| direction(&after, found) == Direction::Tighten) {
                    prop_assert_eq!(verdict, Verdict::Unmet, "{} from {} to {}", name, before, after);
                }
            }
            estate["cells"][CELL][kind.name][&id]["settings"][setting.name] = was;
        }
    }
}
