//! What holds of every profile and every world.

use crate::line::{Line, run, steps};
use crate::world::{Bench, PROVIDERS};
use ordain_engine::plan::Plan;
use ordain_model::diagnostic::Diagnostics;
use ordain_model::verdict::Verdict;
use proptest::prelude::*;
use serde_json::json;

/// One requirement of a small language over the laboratory's kinds.
fn requirement(name: usize, choice: usize, level: usize) -> String {
    let days = ["7d", "30d", "90d", "365d"][level % 4];
    let (kind, selector, must) = match choice % 7 {
        0 => ("lab_log", "true", format!("retention = at_least(\"{days}\")")),
        1 => ("lab_log", "self.tags.team == \"x\"", format!("retention = at_least(\"{days}\")")),
        2 => ("lab_cluster", "true", format!("log_retention = at_least(\"{days}\")")),
        3 => ("lab_cluster", "self.tags.team == \"x\"", "public_access = false".to_owned()),
        4 => ("lab_cluster", "true", "logging = superset_of([\"audit\"])".to_owned()),
        5 => (
            "lab_cluster",
            "self.name != \"c0\"",
            "allowlist = within([\"10.0.0.0/8\", \"203.0.113.0/24\"])".to_owned(),
        ),
        _ => (
            "lab_bucket",
            "true",
            format!("retention = {{ \"logs/\" = at_least(\"{days}\"), \"logs/a/\" = at_least(\"30d\") }}"),
        ),
    };
    format!("require \"{kind}\" \"r{name}\" {{\n  where = {selector}\n  must {{\n    {must}\n  }}\n}}\n")
}

pub fn world(seed: &[usize]) -> Bench {
    let bench = Bench::default();
    for (at, seed) in seed.iter().enumerate() {
        let tags = [json!({"team": "x"}), json!({}), json!("?denied")][seed % 3].clone();
        let retention = ["1d", "30d", "400d", "unlimited", "?denied"][seed / 3 % 5];
        let yes = seed / 7 % 2 == 0;
        let allowlist =
            [json!(["0.0.0.0/0"]), json!([]), json!(["10.1.0.0/16"]), json!(["198.51.100.0/24"])][seed / 5 % 4].clone();
        let cell = ["1/eu", "2/us"][seed / 2 % 2];
        bench.put(&format!("lab:{cell}/lab_log/%2Fcluster%2Fc{at}"), json!({"tags": tags, "retention": retention}));
        bench.put(&format!("lab:{cell}/lab_cluster/c{at}"), json!({"name": format!("c{at}"), "tags": tags, "logging": if yes { json!([]) } else { json!(["api"]) }, "allowlist": allowlist, "public_access": yes, "private_access": seed / 11 % 2 == 0}));
        bench.put(
            &format!("lab:{cell}/lab_bucket/b{at}"),
            json!({"retention[\"logs/\"]": retention, "retention[\"logs/a/\"]": "7d"}),
        );
    }
    bench
}

/// A waiver of the first requirement, for the objects whose ids end with 0.
fn waiver(requirement: &str) -> String {
    let kind = requirement.split('"').nth(1).unwrap();
    let term = "granted = \"2026-10-01\"\n  expires = \"2026-12-01\"";
    let why = "reason = \"why\"\n  owner = \"me\"";
    format!(
        "waiver \"w\" {{\n  require = require.{kind}.r0\n  where = endswith(self.id, \"0\")\n  {why}\n  {term}\n}}\n"
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn what_is_waived_is_not_demanded_and_nothing_else_changes(choices in prop::collection::vec((0usize..7, 0usize..4), 1..6), seeds in prop::collection::vec(0usize..1000, 1..5)) {
        let blocks: Vec<String> = choices.iter().enumerate().map(|(name, (choice, level))| requirement(name, *choice, *level)).collect();
        let (all, bench) = (blocks.concat(), world(&seeds));
        let plain = Line::of(&all, &bench);
        let waived = Line::of(&format!("{all}{}", waiver(&blocks[0])), &bench);
        let without = blocks[0].replacen("where = ", "where = !endswith(self.id, \"0\") && ", 1);
        let without = Line::of(&[without, blocks[1..].concat()].concat(), &bench);
        prop_assert_eq!(steps(&waived.plan()), steps(&without.plan()));
        prop_assert_eq!(plain.findings.findings.len(), waived.findings.findings.len());
        for (before, after) in plain.findings.findings.iter().zip(&waived.findings.findings) {
            let (before, after) = (before.judgement.verdict(), after.judgement.verdict());
            match after {
                Verdict::Waived => prop_assert!(matches!(before, Verdict::Unmet | Verdict::Broken)),
                Verdict::Unmet => prop_assert!(matches!(before, Verdict::Unmet | Verdict::Broken)),
                same => prop_assert_eq!(same, before),
            }
        }
        // Every waived obligation is the waived requirement's, on an object that the waiver matches.
        let excepted = waived.findings.findings.iter().filter(|finding| finding.judgement.verdict() == Verdict::Waived);
        for finding in excepted {
            prop_assert!(waived.findings.claim(finding).address.ends_with(".r0"));
            let ordain_engine::findings::Subject::Setting(setting) = &finding.subject else { panic!("no setting") };
            prop_assert!(setting.object.id.ends_with('0'));
        }
    }

    #[test]
    fn the_order_of_requirements_changes_nothing(choices in prop::collection::vec((0usize..7, 0usize..4), 1..7), seeds in prop::collection::vec(0usize..1000, 1..5), turn in 0usize..6) {
        let blocks: Vec<String> = choices.iter().enumerate().map(|(name, (choice, level))| requirement(name, *choice, *level)).collect();
        let mut turned = blocks.clone();
        turned.rotate_left(turn % blocks.len());
        let bench = world(&seeds);
        let (a, b) = (Line::of(&blocks.concat(), &bench), Line::of(&turned.concat(), &bench));
        prop_assert_eq!(a.verdicts(), b.verdicts());
        prop_assert_eq!(steps(&a.plan()), steps(&b.plan()));
        prop_assert_eq!(a.observed.world, b.observed.world);
    }

    #[test]
    fn the_order_of_modules_changes_nothing(choices in prop::collection::vec((0usize..7, 0usize..4), 1..6), seeds in prop::collection::vec(0usize..1000, 1..5), turn in 0usize..6, back in any::<bool>()) {
        let modules: Vec<String> = choices.iter().enumerate().map(|(name, (choice, level))| requirement(name, *choice, *level)).collect();
        let straight: Vec<usize> = (0..modules.len()).collect();
        let mut order = straight.clone();
        order.rotate_left(turn % modules.len());
        if back {
            order.reverse();
        }
        let bench = world(&seeds);
        let (a, b) = (Line::of_modules(&modules, &straight, &bench), Line::of_modules(&modules, &order, &bench));
        prop_assert_eq!(a.verdicts(), b.verdicts());
        prop_assert_eq!(a.plan().steps, b.plan().steps);
        // Nor does it matter whether they are modules at all.
        prop_assert_eq!(steps(&a.plan()), steps(&Line::of(&modules.concat(), &bench).plan()));
    }

    #[test]
    fn applying_a_plan_leaves_no_step_and_loses_no_obligation(choices in prop::collection::vec((0usize..7, 0usize..4), 1..6), seeds in prop::collection::vec(0usize..1000, 1..5)) {
        let profile: String = choices.iter().enumerate().map(|(name, (choice, level))| requirement(name, *choice, *level)).collect();
        let bench = world(&seeds);
        let untouched = bench.0.lock().unwrap().objects.clone();
        let before = Line::of(&profile, &bench);
        let plan = before.plan();
        for written in [&plan, &plan.revert(PROVIDERS)] {
            let mut diagnostics = Diagnostics::default();
            let read = Plan::parse(&written.text(), "plan.json", PROVIDERS, &mut diagnostics);
            prop_assert_eq!(read.as_ref(), Ok(written), "{:?}", diagnostics.items());
        }
        let done = run(&plan, &bench);
        prop_assert!(done.as_planned(), "{:?}", done.entries);
        let after = Line::of(&profile, &bench);
        prop_assert!(after.plan().steps.is_empty(), "{:?}", steps(&after.plan()));
        // As many verdicts as obligations, before and after; no verdict gets worse, and every step cured something.
        prop_assert_eq!(before.findings.findings.len(), after.findings.findings.len());
        for (old, new) in before.findings.findings.iter().zip(&after.findings.findings) {
            prop_assert_eq!((old.claim, &old.subject), (new.claim, &new.subject));
            prop_assert!(new.judgement.verdict() <= old.judgement.verdict());
        }
        let unmet = |line: &Line| line.findings.findings.iter().filter(|finding| finding.judgement.verdict() == Verdict::Unmet).count();
        prop_assert!(plan.steps.is_empty() || unmet(&after) < unmet(&before));
        // Each obligation stands in exactly one target's group.
        let counted: u64 = after.findings.groups.iter().map(|group| group.counts.values().sum::<u64>()).sum();
        prop_assert_eq!(counted as usize, after.findings.findings.len());
        // The way back leads to where it began, and its own way back to the plan's end.
        let back = plan.revert(PROVIDERS);
        let undone = run(&back, &bench);
        prop_assert!(undone.as_planned(), "{:?}", undone.entries);
        prop_assert_eq!(&bench.0.lock().unwrap().objects, &untouched);
        prop_assert!(run(&back.revert(PROVIDERS), &bench).as_planned());
        prop_assert!(Line::of(&profile, &bench).plan().steps.is_empty());
    }
}
