//! Reports as people see them, made by hand.

use crate::report::change::{BlastRadius, Calls, Change, Ledger, LedgerEntry, Movement, Origin, Step, Undo, Withheld};
use crate::report::finding::{ControlReference, Finding, RequirementSummary};
use crate::report::{Conclusion, Headline, Population, Remark, Report, World};
use crate::style::Style;
use ordain_engine::plan::Direction;
use ordain_language::config::{Gravity, Strength};
use ordain_model::schema::{WriteClass, WriteToken};
use ordain_model::verdict::Verdict;
use std::collections::BTreeMap;

fn report(command: &'static str, verdict: Conclusion, text: &str) -> Report {
    let headline = Headline { verdict, text: text.to_owned(), counts: BTreeMap::new(), observed: BTreeMap::new() };
    let world = World {
        source: "estate",
        not_evidence: Some("read from the estate estate.json".to_owned()),
        taken_at: "2026-11-20T09:00:00Z".into(),
        ..World::default()
    };
    Report { world: Some(world), ..Report::new(command, headline) }
}

fn control() -> Vec<ControlReference> {
    vec![ControlReference { framework: "soc2".into(), id: "CC7.2".into(), strength: Strength::Convention }]
}

fn origin() -> Origin {
    Origin {
        requirement: "require.aws_cloudwatch_log_group.kept".into(),
        title: "Logs are kept for a year".into(),
        view: None,
        bound: "at_least(365d)".into(),
        place: "main.hcl:20".into(),
        module: "".into(),
        controls: control(),
    }
}

fn step() -> Step {
    let change = Change {
        setting: "retention".to_owned(),
        before: "90d".to_owned(),
        after: "400d".to_owned(),
        direction: Direction::Tighten,
        lost: None,
        shuts_out: Vec::new(),
        undo: Undo { possible: true, detail: Some("310 days become deletable".into()) },
        origins: vec![origin()],
    };
    Step {
        number: 1,
        object: "aws:111111111111/eu-west-1/aws_cloudwatch_log_group/app".to_owned(),
        unit: "retention".into(),
        changes: vec![change],
        class: WriteClass::DestructiveOnDecrease,
        after: Vec::new(),
        prerequisite: false,
        narrows_access: false,
        exceptions: BTreeMap::new(),
        upcoming: BTreeMap::new(),
        preconditions: Vec::new(),
        token: WriteToken::None,
        blast_radius: BlastRadius { objects: 1, requirements: vec![origin().requirement], views: Vec::new() },
        calls: Calls { look: 1, write: 1, read_back: 1, total: 4, waits: Vec::new() },
    }
}

fn finding(verdict: Verdict, step: Option<usize>) -> Finding {
    Finding {
        id: "0123456789abcdef".into(),
        verdict,
        enforced: true,
        object: "aws:111111111111/eu-west-1/aws_eks_cluster/main".to_owned(),
        setting: Some("public_access_cidrs".to_owned()),
        live: (verdict != Verdict::Unknown).then(|| "[0.0.0.0/0]".to_owned()),
        bound: Some("within(203.0.113.0/24)".into()),
        reason: (verdict == Verdict::Unknown).then(|| "denied: eks:DescribeCluster".to_owned()),
        step,
        no_step: (verdict == Verdict::Unmet && step.is_none()).then(|| "no step: nothing is left".to_owned()),
        withheld: None,
        requirement: "require.aws_eks_cluster.office".into(),
        title: "The API answers the office only".into(),
        severity: Gravity::High,
        place: "main.hcl:31".into(),
        controls: control(),
        owner: Some("platform".into()),
        exception: None,
        since: None,
    }
}

fn requirement() -> RequirementSummary {
    RequirementSummary {
        address: "require.aws_cloudwatch_log_group.kept".into(),
        title: "Logs are kept for a year".into(),
        target: "production".into(),
        severity: Gravity::High,
        enforced: true,
        verdict: Some(Verdict::Unmet),
        matched: 3,
        counts: BTreeMap::from([("met", 2), ("unmet", 1)]),
        place: "main.hcl:18".into(),
        controls: control(),
    }
}

#[test]
fn a_plan_opens_with_the_verdict_and_closes_with_the_count() {
    let mut plan = report("plan", Conclusion::Unknown, "3 of 6 obligations met, 2 unmet (1 with a step), 1 unknown.");
    plan.headline.counts = BTreeMap::from([("met", 3), ("unknown", 1), ("unmet", 2)]);
    plan.population = vec![Population {
        cell: "aws:111111111111/eu-west-1".to_owned(),
        kind: "aws_cloudwatch_log_group".into(),
        listed: 5,
        enforced: 3,
        observed: 0,
        unknown: 1,
        unselected: 1,
        incomplete: Some("denied: logs:DescribeLogGroups".to_owned()),
    }];
    plan.requirements = vec![requirement()];
    plan.uncovered = vec!["aws:111111111111/us-east-1".to_owned()];
    let denied =
        Remark { about: "target t".to_owned(), text: "denied: organizations:ListAccounts".to_owned(), place: None };
    plan.uncovered_incomplete = vec![denied];
    plan.steps = vec![step()];
    plan.findings = vec![finding(Verdict::Unmet, None), finding(Verdict::Unknown, None)];
    let text = super::FORMAT.text(&plan, Style::PLAIN);
    assert_eq!(
        text,
        "\
Unknown: 3 of 6 obligations met, 2 unmet (1 with a step), 1 unknown. Not evidence: read from the estate estate.json.
Settings as of 2026-11-20T09:00:00Z, unanchored.

Population
  aws:111111111111/eu-west-1
    aws_cloudwatch_log_group  5 listed, 3 selected, 1 perhaps, 1 by none, the list is not complete: denied: logs:DescribeLogGroups
  no target covers aws:111111111111/us-east-1
  target t: what it does not cover is not known: denied: organizations:ListAccounts

Requirements on production
  unmet          Logs are kept for a year  main.hcl:18
                 3 objects, 2 met, 1 unmet

Ordain will make these changes

  ~ aws:111111111111/eu-west-1/aws_cloudwatch_log_group/app
      retention: 90d -> 400d
        Logs are kept for a year: at_least(365d)
          main.hcl:20  soc2 CC7.2 (convention)
      only a decrease would make data deletable  [step 1]

Unmet without a step
  unmet     aws:111111111111/eu-west-1/aws_eks_cluster/main#public_access_cidrs
      no step: nothing is left
      is [0.0.0.0/0], must be within(203.0.113.0/24)
      The API answers the office only (high)
          main.hcl:31  soc2 CC7.2 (convention)  owner platform

Unknown: could not be read
  unknown   aws:111111111111/eu-west-1/aws_eks_cluster/main#public_access_cidrs
      denied: eks:DescribeCluster
      must be within(203.0.113.0/24)
      The API answers the office only (high)
          main.hcl:31  soc2 CC7.2 (convention)  owner platform

Plan: 1 setting to change in 1 step, 0 of them to loosen. 1 unmet without a step. 1 unknown.
"
    );
}

#[test]
fn a_plan_without_steps_says_whether_anything_is_left() {
    let met = report("plan", Conclusion::Met, "6 of 6 obligations met.");
    assert!(
        super::FORMAT
            .text(&met, Style::PLAIN)
            .ends_with("\n\nNo changes. Every setting that the profile binds meets it.\n")
    );
    let mut unknown = report("plan", Conclusion::Unknown, "5 of 6 obligations met, 1 unknown.");
    unknown.findings = vec![finding(Verdict::Unknown, None)];
    let text = super::FORMAT.text(&unknown, Style::PLAIN);
    assert!(!text.contains("meets it"), "{text}");
    let vacuous = report("plan", Conclusion::Vacuous, "the profile demands nothing of what is there.");
    assert!(!super::FORMAT.text(&vacuous, Style::PLAIN).contains("meets it"));
}

#[test]
fn an_assertion_over_several_targets_is_on_none() {
    let mut plan = report("plan", Conclusion::Met, "1 of 1 obligations met.");
    plan.requirements = vec![RequirementSummary { target: "".into(), ..requirement() }];
    let text = super::FORMAT.text(&plan, Style::PLAIN);
    assert!(text.contains("\nAssertions\n") && !text.contains("Requirements on"), "{text}");
}

#[test]
fn what_is_withheld_is_listed_once() {
    let mut plan = report("plan", Conclusion::Unmet, "");
    let mut held = finding(Verdict::Unmet, None);
    held.no_step = Some("no step: restarts".to_owned());
    held.withheld = Some("aws:1/r/k/i#s".to_owned());
    plan.findings = vec![held];
    plan.withheld = vec![Withheld {
        address: "aws:1/r/k/i#s".to_owned(),
        before: "1".to_owned(),
        after: "2".to_owned(),
        why: "no step: restarts".to_owned(),
        managers: Vec::new(),
        origins: vec![origin()],
    }];
    let text = super::FORMAT.text(&plan, Style::PLAIN);
    assert_eq!(text.matches("no step: restarts").count(), 1, "{text}");
    plan.withheld.clear();
    let text = super::FORMAT.text(&plan, Style::PLAIN);
    assert!(
        text.contains("Unmet without a step"),
        "a report without the list of what is withheld still says it: {text}"
    );
}

#[test]
fn loosening_is_marked_and_what_is_withheld_says_how_to_allow_it() {
    let mut plan = report("plan", Conclusion::Unmet, "");
    let mut loosening = step();
    loosening.changes[0].direction = Direction::Loosen;
    loosening.changes[0].lost = Some("310 days become deletable".into());
    plan.steps = vec![loosening];
    plan.withheld = vec![Withheld {
        address: "aws:1/r/k/i#s".to_owned(),
        before: "1".to_owned(),
        after: "2".to_owned(),
        why: "no step: restarts; to allow it: --allow 'aws:1/r/k/i#s'".to_owned(),
        managers: Vec::new(),
        origins: vec![origin()],
    }];
    let text = super::FORMAT.text(&plan, Style::PLAIN);
    assert!(text.contains("  ! aws:111111111111"), "{text}");
    assert!(text.contains("310 days become deletable"), "{text}");
    assert!(text.contains("--allow 'aws:1/r/k/i#s'"), "{text}");
    assert!(text.ends_with("Plan: 1 setting to change in 1 step, 1 of them to loosen. 1 withheld.\n"), "{text}");
}

#[test]
fn an_apply_closes_with_its_ledger() {
    let mut apply = report("apply", Conclusion::Failed, "1 of 2 steps not as planned.");
    let entry = |number, outcome, detail: Option<&str>| LedgerEntry {
        number,
        object: format!("aws:1/r/k/{number}"),
        unit: "u".into(),
        outcome,
        detail: detail.map(Into::into),
    };
    apply.ledger = Some(Ledger {
        plan: "sha256:00".to_owned(),
        entries: vec![entry(1, "applied", None), entry(2, "refused", Some("it is 7d now"))],
        counts: BTreeMap::from([("applied", 1), ("refused", 1)]),
        journal: Some(".ordain".to_owned()),
        apply: Some("000001".into()),
        revert: None,
    });
    let text = super::FORMAT.text(&apply, Style::PLAIN);
    let ledger = &text[text.find("Ledger").unwrap()..];
    assert_eq!(
        ledger,
        "\
Ledger
  applied     aws:1/r/k/1  u
  refused     aws:1/r/k/2  u
              it is 7d now

Apply: 1 applied, 1 refused.
Journal: .ordain, apply 000001
"
    );
}

#[test]
fn drift_names_what_moved() {
    let mut drift = report("drift", Conclusion::Unmet, "1 unmet.");
    drift.drift = vec![
        Movement {
            after: Some("7d".to_owned()),
            since: Some("new"),
            bound: Some("at_least(365d)".into()),
            ..Movement::bare("violation", "a#r".to_owned())
        },
        Movement {
            before: Some("400d".to_owned()),
            after: Some("7d".to_owned()),
            ..Movement::bare("moved_out", "a#r".to_owned())
        },
        Movement::bare("gone", "b".to_owned()),
    ];
    drift.unresolved = vec![Remark { about: "target t".to_owned(), text: "denied".to_owned(), place: None }];
    let text = super::FORMAT.text(&drift, Style::PLAIN);
    for part in [
        "  ~ a#r  new\n      is 7d\n      must be at_least(365d)\n",
        "      400d -> 7d\n",
        "Drift: 1 violation, 1 moved out, 1 gone.\n",
        "target t: not every cell is known: denied",
    ] {
        assert!(text.contains(part), "{part}\n---\n{text}");
    }
}

#[test]
fn names_from_the_world_cannot_steer_the_terminal() {
    let mut plan = report("plan", Conclusion::Unmet, "\u{1b}[2J");
    let mut row = finding(Verdict::Unmet, None);
    row.object = "aws:1/r/k/\u{1b}[31m".to_owned();
    row.owner = Some("\u{202e}\u{9b}".into());
    plan.findings = vec![row];
    let text = super::FORMAT.text(&plan, Style::PLAIN);
    assert!(!text.chars().any(|c| c == '\u{202e}' || (c.is_control() && c != '\n')), "{text:?}");
}

#[test]
fn a_thousand_findings_take_no_time_to_speak_of() {
    let mut plan = report("plan", Conclusion::Unmet, "");
    plan.findings = (0..1_000).map(|_| finding(Verdict::Unmet, None)).collect();
    let text = super::FORMAT.text(&plan, Style::PLAIN);
    assert_eq!(text.matches("is [0.0.0.0/0]").count(), 1_000);
}

#[test]
fn what_findings_on_one_subject_have_in_common_is_said_once() {
    let mut plan = report("plan", Conclusion::Unknown, "");
    plan.findings = vec![finding(Verdict::Unknown, None), finding(Verdict::Unknown, None)];
    plan.findings[1].title = "Another".into();
    let text = super::FORMAT.text(&plan, Style::PLAIN);
    assert_eq!(text.matches("denied: eks:DescribeCluster").count(), 1, "{text}");
    assert!(text.contains("The API answers the office only") && text.contains("Another"), "{text}");
    plan.findings[1].reason = Some("failed: eks:DescribeCluster".to_owned());
    let text = super::FORMAT.text(&plan, Style::PLAIN);
    assert!(text.contains("denied: eks:DescribeCluster") && text.contains("failed: eks:DescribeCluster"), "{text}");
}
