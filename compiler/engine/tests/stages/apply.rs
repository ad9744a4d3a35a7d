//! Apply does what the plan says, once, and says what became of every step.

use crate::line::{Line, Notes, ledger, record, record_until, run};
use crate::world::{Bench, Fault, PROVIDERS};
use ordain_engine::apply::WAVE;
use ordain_engine::journal::{Event, Ledger, Line as JournalLine};
use ordain_model::address::ObjectAddress;
use ordain_model::digest::Digest;
use ordain_model::stop::Stop;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

const LOGS: &str = "require \"lab_log\" \"kept\" {\n  where = self.tags.team == \"x\"\n  must {\n    retention = at_least(\"365d\")\n  }\n}\n";

/// Logs that all have to change.
fn bench(ids: impl Iterator<Item = String>) -> Bench {
    let bench = Bench::default();
    for id in ids {
        bench.put(&format!("lab:1/eu/lab_log/{id}"), json!({"tags": {"team": "x"}, "retention": "30d"}));
    }
    bench
}

fn abc() -> Bench {
    bench(["a", "b", "c"].into_iter().map(String::from))
}

#[test]
fn after_apply_there_is_nothing_to_do_and_a_second_apply_writes_nothing() {
    let bench = abc();
    let plan = Line::of(LOGS, &bench).plan();
    assert_eq!(ledger(&run(&plan, &bench)), ["a retention applied", "b retention applied", "c retention applied"]);
    let after = Line::of(LOGS, &bench);
    assert!(after.plan().steps.is_empty());
    assert_eq!(after.findings.conclusion().exit().code(), 0);
    let written = bench.events().iter().filter(|event| event.starts_with("write")).count();
    let again = run(&plan, &bench);
    assert_eq!(ledger(&again), ["a retention already", "b retention already", "c retention already"]);
    assert!(again.as_planned());
    assert_eq!(bench.events().iter().filter(|event| event.starts_with("write")).count(), written);
}

#[test]
fn what_moved_is_refused_and_the_others_go_on() {
    let bench = abc();
    let plan = Line::of(LOGS, &bench).plan();
    bench.put("lab:1/eu/lab_log/a", json!({"tags": {"team": "x"}, "retention": "90d"}));
    bench.put("lab:1/eu/lab_log/b", json!({"tags": {"team": "y"}, "retention": "30d"}));
    let ledger = ledger(&run(&plan, &bench));
    assert_eq!(ledger[0], "a retention refused: `retention` is \"90d\" now, and was \"30d\" when the plan was made");
    assert_eq!(
        ledger[1],
        "b retention refused: `tags` of lab:1/eu/lab_log/b is {\"team\":\"y\"} now, and decided the plan"
    );
    assert_eq!(ledger[2], "c retention applied");
    assert_eq!(bench.get("lab:1/eu/lab_log/a#retention"), "\"90d\"");
}

#[test]
fn what_went_is_refused() {
    let bench = abc();
    let plan = Line::of(LOGS, &bench).plan();
    bench.0.lock().unwrap().objects.remove(&ObjectAddress::parse("lab:1/eu/lab_log/a").unwrap());
    let done = run(&plan, &bench);
    assert_eq!(ledger(&done)[0], "a retention refused: the object is no more");
    assert!(!done.as_planned());
}

#[test]
fn a_write_is_judged_by_what_is_read_back() {
    let bench = bench(["dark", "ignored", "late", "lost", "raced", "refused", "silent"].into_iter().map(String::from));
    let plan = Line::of(LOGS, &bench).plan();
    let faults = [
        ("dark", Fault::GoDark),
        ("ignored", Fault::Ignore),
        ("late", Fault::Late),
        ("lost", Fault::LoseAnswer),
        ("raced", Fault::Race),
        ("refused", Fault::Refuse),
        ("silent", Fault::Silence),
    ];
    for (id, fault) in faults {
        bench.fault(&format!("lab:1/eu/lab_log/{id}:retention"), fault);
    }
    assert_eq!(
        ledger(&run(&plan, &bench)),
        [
            "dark retention in_doubt: the connection broke; it could not be read back: nobody answers",
            "ignored retention unverified: the API accepted the change and the old value is still there",
            "late retention applied",
            "lost retention applied",
            "raced retention raced: `retention` is \"7d\" now, and was \"30d\" when the plan was made",
            "refused retention failed: the API refuses",
            "silent retention in_doubt: the connection broke; the old value is still there",
        ]
    );
}

/// The words of a ledger, and how often each stands in it.
fn words(ledger: &Ledger) -> BTreeMap<&'static str, usize> {
    let mut words = BTreeMap::new();
    ledger.entries.iter().for_each(|entry| *words.entry(entry.outcome.word()).or_default() += 1);
    words
}

#[test]
fn who_is_asked_to_stop_finishes_what_was_sent_and_says_what_was_not_reached() {
    let bench = bench((0..3 * WAVE).map(|number| format!("log-{number:03}")));
    let plan = Line::of(LOGS, &bench).plan();
    let (stop, mut notes) = (bench.0.lock().unwrap().stop.clone(), Notes::new(&bench));
    // Whichever step of the second wave is written first: then at most one is under way in each of eight threads.
    (WAVE..2 * WAVE).for_each(|at| bench.fault(&format!("lab:1/eu/lab_log/log-{at:03}:retention"), Fault::Stop));
    let done = record_until(&stop, &plan, &bench, &mut notes).unwrap();
    let written = bench.events().iter().filter(|event| event.starts_with("write")).count();
    assert!((WAVE + 1..=WAVE + 8).contains(&written), "{written} writes: the wave under way is cut short");
    assert_eq!(words(&done), [("applied", written), ("not_reached", 3 * WAVE - written)].into());
    assert!(!done.as_planned() && done.error.is_none());
    // The journal ends, with one outcome for every step.
    let events: Vec<Event> =
        notes.lines.iter().map(|line| serde_json::from_str::<JournalLine>(line).unwrap().event).collect();
    let outcomes = events.iter().filter_map(|event| match event {
        Event::Outcome { step, .. } => Some(*step),
        _ => None,
    });
    assert_eq!(outcomes.collect::<BTreeSet<_>>().len(), 3 * WAVE);
    assert_eq!(events.last(), Some(&Event::Ended));
    assert_eq!(events.iter().filter(|event| matches!(event, Event::Intent { .. })).count(), 2 * WAVE);
    // What is left is planned again, and is done by the next apply.
    let left = Line::of(LOGS, &bench).plan();
    assert_eq!(left.steps.len(), 3 * WAVE - written);
    bench.0.lock().unwrap().faults.clear();
    assert!(run(&left, &bench).as_planned());
}

#[test]
fn who_is_asked_to_stop_before_the_first_write_writes_nothing() {
    let bench = abc();
    let plan = Line::of(LOGS, &bench).plan();
    let (stop, mut notes) = (Stop::default(), Notes::new(&bench));
    stop.ask();
    let done = record_until(&stop, &plan, &bench, &mut notes).unwrap();
    assert_eq!(words(&done), [("not_reached", 3)].into());
    assert!(bench.events().iter().all(|event| !event.starts_with("write")));
}

#[test]
fn what_decides_a_step_and_what_it_changes_are_one_look_at_an_object() {
    let bench = abc();
    let plan = Line::of(LOGS, &bench).plan();
    bench.0.lock().unwrap().looks = 0;
    run(&plan, &bench);
    // Before its write and after it.
    assert_eq!(bench.0.lock().unwrap().looks, 2 * plan.steps.len());
}

#[test]
fn two_plans_that_have_nothing_in_common_do_not_disturb_each_other() {
    let bench = abc();
    let line = Line::of(LOGS, &bench);
    let [one, other] = ["a", "b"].map(|id| line.plan_with(&[&format!("lab:1/eu/lab_log/{id}")], &[]));
    assert_ne!(one.digest, other.digest);
    assert_eq!(ledger(&run(&one, &bench)), ["a retention applied"]);
    assert_eq!(ledger(&run(&other, &bench)), ["b retention applied"]);
    assert_eq!(bench.get("lab:1/eu/lab_log/c#retention"), "\"30d\"");
}

#[test]
fn what_depends_on_a_step_that_failed_is_skipped() {
    let profile = "require \"lab_cluster\" \"closed\" {\n  where = true\n  must {\n    public_access = false\n  }\n}\n";
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_cluster/a", json!({"public_access": true, "private_access": false}));
    bench.put("lab:1/eu/lab_cluster/b", json!({"public_access": true, "private_access": true}));
    let plan = Line::of(profile, &bench).plan();
    bench.fault("lab:1/eu/lab_cluster/a:private", Fault::Refuse);
    assert_eq!(
        ledger(&run(&plan, &bench)),
        [
            "a private failed: the API refuses",
            "a access skipped: `private` of lab:1/eu/lab_cluster/a comes first and was not done",
            "b access applied",
        ]
    );
    assert_eq!(bench.get("lab:1/eu/lab_cluster/a#public_access"), "true");
}

#[test]
fn preconditions_are_read_again_at_each_write() {
    let profile = "require \"lab_cluster\" \"closed\" {\n  where = self.tags.team == \"x\"\n  must {\n    public_access = false\n  }\n}\n";
    let bench = Bench::default();
    let json = json!({"tags": {"team": "x"}, "public_access": true, "private_access": false});
    bench.put("lab:1/eu/lab_cluster/a", json);
    let plan = Line::of(profile, &bench).plan();
    bench.fault("lab:1/eu/lab_cluster/a:private", Fault::Retag);
    assert_eq!(
        ledger(&run(&plan, &bench)),
        ["a private applied", "a access refused: `tags` of lab:1/eu/lab_cluster/a is {} now, and decided the plan",]
    );
    assert_eq!(bench.get("lab:1/eu/lab_cluster/a#public_access"), "true");
}

#[test]
fn a_plan_whose_own_prerequisite_is_done_goes_on() {
    let profile = "require \"lab_cluster\" \"closed\" {\n  where = true\n  must {\n    public_access = false\n  }\n}\n";
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_cluster/a", json!({"public_access": true, "private_access": false}));
    let plan = Line::of(profile, &bench).plan();
    bench.put("lab:1/eu/lab_cluster/a", json!({"public_access": true, "private_access": true}));
    assert_eq!(ledger(&run(&plan, &bench)), ["a private already", "a access applied"]);
}

#[test]
fn intents_are_durable_before_the_writes_of_a_wave_and_outcomes_before_the_next() {
    let bench = bench((0..WAVE + 10).map(|number| format!("log-{number:03}")));
    let plan = Line::of(LOGS, &bench).plan();
    let mut notes = Notes::new(&bench);
    record(&plan, &bench, &mut notes).unwrap();
    let events: Vec<String> = bench
        .events()
        .iter()
        .map(|event| {
            event.split(' ').take(if event.starts_with("append") { 2 } else { 1 }).collect::<Vec<_>>().join(" ")
        })
        .collect();
    let mut expected = vec!["begin".to_owned(), "append 1".to_owned()];
    for wave in [WAVE, 10] {
        expected.push(format!("append {wave}"));
        expected.extend(std::iter::repeat_n("write".to_owned(), wave));
        expected.push(format!("append {wave}"));
    }
    expected.push("append 1".to_owned());
    assert_eq!(events, expected);
}

#[test]
fn the_journal_is_a_chain_with_every_step_once() {
    let bench = abc();
    let plan = Line::of(LOGS, &bench).plan();
    let mut notes = Notes::new(&bench);
    record(&plan, &bench, &mut notes).unwrap();
    let mut previous = Digest::of(b"");
    let mut outcomes = Vec::new();
    for text in &notes.lines {
        let line: JournalLine = serde_json::from_str(text).unwrap();
        assert_eq!(line.previous, previous);
        previous = Digest::of(text.as_bytes());
        outcomes.extend(match line.event {
            Event::Outcome { step, .. } => Some(step),
            _ => None,
        });
    }
    outcomes.sort_unstable();
    assert_eq!(outcomes, [0, 1, 2]);
}

#[test]
fn nothing_is_written_without_a_journal() {
    let bench = bench((0..WAVE + 1).map(|number| format!("log-{number:03}")));
    let plan = Line::of(LOGS, &bench).plan();
    let full = |most: usize| Notes { fail_after: Some(most), ..Notes::new(&bench) };
    let none = record(&plan, &bench, &mut full(0));
    assert!(none.unwrap_err().contains("the disk is full"));
    let written = || bench.events().iter().filter(|event| event.starts_with("write")).count();
    assert_eq!(written(), 0);
    // It fails at the first wave's intents: everything is not reached.
    let reached = record(&plan, &bench, &mut full(1)).unwrap();
    assert!(reached.entries.iter().all(|entry| entry.outcome.word() == "not_reached"));
    assert_eq!(written(), 0);
    // It fails at the first wave's outcomes: at most one wave was written.
    let mut notes = full(1 + WAVE);
    let reached = record(&plan, &bench, &mut notes).unwrap();
    assert_eq!(written(), WAVE);
    let words: Vec<&str> = reached.entries.iter().map(|entry| entry.outcome.word()).collect();
    assert_eq!(words.iter().filter(|word| **word == "not_reached").count(), 1);
    assert_eq!(words.iter().filter(|word| **word == "in_doubt").count(), WAVE);
    assert!(reached.error.unwrap().contains("the disk is full"));
}

#[test]
fn an_apply_whose_last_outcomes_or_end_are_not_recorded_is_no_success() {
    for (most, outcome) in [(4, "in_doubt"), (7, "applied")] {
        let bench = abc();
        let plan = Line::of(LOGS, &bench).plan();
        let mut notes = Notes { fail_after: Some(most), ..Notes::new(&bench) };
        let ledger = record(&plan, &bench, &mut notes).unwrap();
        let words: Vec<&str> = ledger.entries.iter().map(|entry| entry.outcome.word()).collect();
        assert_eq!(words, [outcome; 3]);
        assert!(!ledger.as_planned());
        assert!(ledger.error.unwrap().contains("the disk is full"));
    }
}

const OFFICE: &str = "target \"lab\" \"bench\" {\n  keep_access = [\"198.51.100.7/32\"]\n}\nrequire \"lab_cluster\" \"office\" {\n  where = true\n  must {\n    allowlist = within([\"203.0.113.0/24\", \"198.51.100.0/24\"])\n  }\n}\n";

#[test]
fn who_must_keep_access_is_not_shut_out_by_a_plan_or_by_its_revert() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_cluster/a", json!({"allowlist": ["0.0.0.0/0"], "public_access": true}));
    let plan = Line::of(OFFICE, &bench).plan();
    let cell = plan.reaches.keys().next().unwrap();
    assert_eq!(plan.inputs.brakes[cell].keep_access, Some(json!(["198.51.100.7/32"])));
    let forged = |after| {
        let mut forged = plan.clone();
        forged.steps[0].changes.values_mut().next().unwrap().after = after;
        forged
    };
    let shut = "a access blocked: 198.51.100.7/32 must keep access (keep_access) and would lose it by `allowlist`";
    assert_eq!(ledger(&run(&forged(json!(["203.0.113.0/24"])), &bench)), [shut]);
    assert_eq!(bench.get("lab:1/eu/lab_cluster/a#allowlist"), "[\"0.0.0.0/0\"]");
    // A revert that narrows is held in the same way; one that only loses others is not.
    bench.put("lab:1/eu/lab_cluster/a", json!({"allowlist": ["203.0.113.0/24"], "public_access": true}));
    let mut widened = forged(json!(["198.51.100.0/24", "203.0.113.0/24"]));
    widened.steps[0].changes.values_mut().next().unwrap().before = json!(["203.0.113.0/24"]);
    assert_eq!(ledger(&run(&widened, &bench)), ["a access applied"]);
    assert_eq!(ledger(&run(&widened.revert(PROVIDERS), &bench)), [shut]);
}

#[test]
fn the_way_back_undoes_nothing_that_was_there_before() {
    let profile = "require \"lab_cluster\" \"closed\" {\n  where = true\n  must {\n    public_access = false\n  }\n}\n";
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_cluster/a", json!({"public_access": true, "private_access": false}));
    let plan = Line::of(profile, &bench).plan();
    let mut notes = Notes::new(&bench);
    bench.put("lab:1/eu/lab_cluster/a", json!({"public_access": true, "private_access": true}));
    record(&plan, &bench, &mut notes).unwrap();
    let mut diagnostics = ordain_model::diagnostic::Diagnostics::default();
    let revert = ordain_engine::plan::Plan::parse(&notes.revert, "revert.json", PROVIDERS, &mut diagnostics).unwrap();
    assert_eq!(crate::line::steps(&revert), ["a public_access false -> true"]);
}

/// Logs are kept for a year, that of `a` for ninety days only: a waiver takes it out from one day to another.
fn waived(granted: &str, expires: &str) -> String {
    let waiver = "require \"lab_log\" \"some\" {\n  where = true\n  must {\n    retention = at_least(\"90d\")\n  }\n}\nwaiver \"w\" {\n  require = require.lab_log.kept\n  where = self.id == \"a\"\n  reason = \"why\"\n  owner = \"me\"\n";
    format!("{LOGS}{waiver}  granted = \"{granted}\"\n  expires = \"{expires}\"\n}}\n")
}

#[test]
fn a_step_that_rests_on_a_waiver_is_refused_once_it_has_expired() {
    let bench = abc();
    let plan = Line::of(&waived("2026-10-01", "2026-11-30"), &bench).plan();
    let rests: Vec<usize> = plan.steps.iter().map(|step| step.exceptions.len()).collect();
    assert_eq!(rests, [1, 0, 0]);
    assert_eq!(plan.inputs.exceptions["waiver.w"].to_string(), "2026-12-01T00:00:00Z");
    bench.0.lock().unwrap().time = Some("2026-12-01T00:00:00Z".into());
    let why = "`waiver.w`, on which it rests, ended 2026-12-01T00:00:00Z, and it is 2026-12-01T00:00:00Z: make the plan again";
    assert_eq!(
        ledger(&run(&plan, &bench)),
        [format!("a retention refused: {why}").as_str(), "b retention applied", "c retention applied"]
    );
}

#[test]
fn a_waiver_that_ends_while_an_apply_runs_is_looked_at_again_at_the_write() {
    let bench = bench((0..WAVE).map(|at| format!("0{at:02}")).chain(["a".to_owned()]));
    let plan = Line::of(&waived("2026-10-01", "2026-11-30"), &bench).plan();
    assert_eq!(plan.steps.len(), WAVE + 1, "the waived one comes in the second wave");
    bench.0.lock().unwrap().later = Some((1, "2026-12-01T00:00:00Z".into()));
    let ended = ledger(&run(&plan, &bench));
    assert!(ended[..WAVE].iter().all(|line| line.ends_with("applied")), "{ended:?}");
    assert!(ended[WAVE].contains("a retention refused: `waiver.w`, on which it rests, ended"), "{}", ended[WAVE]);
    assert_eq!(bench.get("lab:1/eu/lab_log/a#retention"), "\"30d\"");
}

#[test]
fn a_step_is_refused_once_a_waiver_that_matches_it_has_begun() {
    let bench = abc();
    let plan = Line::of(&waived("2026-11-10", "2027-01-31"), &bench).plan();
    let begins: Vec<Vec<String>> =
        plan.steps.iter().map(|step| step.upcoming.values().map(ToString::to_string).collect()).collect();
    assert_eq!(begins, [vec!["2026-11-10T00:00:00Z".to_owned()], Vec::new(), Vec::new()]);
    bench.0.lock().unwrap().time = Some("2026-11-10T00:00:00Z".into());
    let why =
        "`waiver.w`, which excepts it, began 2026-11-10T00:00:00Z, and it is 2026-11-10T00:00:00Z: make the plan again";
    assert_eq!(
        ledger(&run(&plan, &bench)),
        [format!("a retention refused: {why}").as_str(), "b retention applied", "c retention applied"]
    );
    // What it may match counts too, and what decides whether it does is looked at again.
    let unsure = waived("2026-11-10", "2027-01-31").replace("self.tags.team == \"x\"", "true");
    let unsure = unsure.replace("self.id == \"a\"", "self.tags.team == \"a\"");
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_log/a", json!({"retention": "30d", "tags": "?denied"}));
    bench.put("lab:1/eu/lab_log/b", json!({"retention": "30d", "tags": {"team": "b"}}));
    let plan = Line::of(&unsure, &bench).plan();
    assert_eq!(plan.steps.iter().map(|step| step.upcoming.len()).collect::<Vec<_>>(), [1, 0]);
    assert_eq!(plan.steps[1].preconditions.len(), 1, "its tags");
}

#[test]
fn what_a_waiver_decides_is_refused_where_nothing_says_when_it_was_read() {
    let bench = abc();
    let plan = Line::of(&waived("2026-10-01", "2026-11-30"), &bench).plan();
    bench.0.lock().unwrap().time = Some("".into());
    let refused = "a retention refused: `waiver.w` decides whether it is to be done, and nothing says when the settings were read";
    assert_eq!(ledger(&run(&plan, &bench)), [refused, "b retention applied", "c retention applied"]);
    // It was not in force when nothing said when: it may be by now.
    let undated = Line::of(&waived("2026-10-01", "2026-11-30"), &bench).plan();
    assert_eq!(undated.steps.first().map(|step| step.upcoming.len()), Some(1));
}
