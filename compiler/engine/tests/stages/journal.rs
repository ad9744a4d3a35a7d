//! One journal for many applies: what is in doubt is named and found out, somebody else's lines are appended behind, who
//! took over stops who had been there, and whoever changes a line is found out.

use crate::line::{Held, Line, Notes, ledger, record, record_under, steps};
use crate::world::{Bench, Fault, PROVIDERS};
use ordain_engine::journal::{Event, Found, Journal, Line as JournalLine, Selection, Standing, sent};
use ordain_engine::plan::Plan;
use ordain_model::digest::Digest;
use serde_json::json;
use std::sync::atomic::Ordering::SeqCst;

const LOGS: &str =
    "require \"lab_log\" \"kept\" {\n  where = true\n  must {\n    retention = at_least(\"365d\")\n  }\n}\n";

fn bench(ids: &[&str]) -> Bench {
    let bench = Bench::default();
    for id in ids {
        bench.put(&format!("lab:1/eu/lab_log/{id}"), json!({"retention": "30d"}));
    }
    bench
}

fn plan(bench: &Bench) -> Plan {
    Line::of(LOGS, bench).plan()
}

fn events(notes: &Notes) -> Vec<JournalLine> {
    let mut standing = Standing::default();
    notes.lines.iter().map(|text| standing.take(text).unwrap()).collect()
}

/// A journal as a kill leaves it right behind the intents of the first wave.
fn killed(bench: &Bench, plan: &Plan) -> Notes {
    let mut notes = Notes::new(bench);
    record(plan, bench, &mut notes).unwrap();
    let intents = plan.steps.len();
    notes.lines.truncate(1 + intents);
    notes.reopen();
    notes
}

#[test]
fn a_kill_between_intent_and_outcome_is_a_doubt_and_the_next_apply_says_what_it_was() {
    let bench = bench(&["a", "b", "c", "d"]);
    let first = plan(&bench);
    let mut notes = killed(&bench, &first);
    // All four were written; since then somebody moved `b` back, changed `c`, and `d` is gone.
    bench.put("lab:1/eu/lab_log/b", json!({"retention": "30d"}));
    bench.put("lab:1/eu/lab_log/c", json!({"retention": "90d"}));
    bench.0.lock().unwrap().objects.remove(&first.steps[3].object);
    let doubts: Vec<String> =
        Journal::open(&mut notes).unwrap().doubts().map(|doubt| format!("{} {}", doubt.apply, doubt.step)).collect();
    assert_eq!(doubts, ["000007 0", "000007 1", "000007 2", "000007 3"]);
    notes.reopen();
    notes.name = "000008";
    record_under(&Held::of(&first, 8), &plan(&bench), &bench, &mut notes).unwrap();
    let found: Vec<(usize, Found)> = events(&notes)
        .into_iter()
        .filter_map(|line| match line.event {
            Event::Found { step, found, .. } => Some((step, found)),
            _ => None,
        })
        .collect();
    let moved = |text: &str| Found::Moved(text.into());
    assert_eq!(
        found,
        [
            (0, Found::Applied),
            (1, Found::NotApplied),
            (2, moved("`retention` is \"90d\"")),
            (3, moved("the object is no more"))
        ]
    );
    notes.reopen();
    assert_eq!(Journal::open(&mut notes).unwrap().doubts().count(), 0);
}

#[test]
fn what_cannot_be_read_stays_in_doubt() {
    let bench = bench(&["a"]);
    let first = plan(&bench);
    let mut notes = killed(&bench, &first);
    bench.put("lab:1/eu/lab_log/a", json!({"retention": "30d"}));
    let again = plan(&bench);
    bench.fault("lab:1/eu/lab_log/a:retention", Fault::GoDark);
    notes.name = "000008";
    record_under(&Held::of(&first, 8), &again, &bench, &mut notes).unwrap();
    notes.reopen();
    let names: Vec<String> = Journal::open(&mut notes).unwrap().doubts().map(|doubt| doubt.apply.to_string()).collect();
    // The first one is found out before the world goes dark; the second is in doubt by its own outcome.
    assert_eq!(names, ["000008"]);
}

#[test]
fn two_applies_of_different_cells_share_the_chain() {
    let bench = bench(&["a"]);
    let plan = plan(&bench);
    let other = Bench::default();
    other.put("lab:2/eu/lab_log/z", json!({"retention": "30d"}));
    let mut theirs = Notes { name: "000009", ..Notes::new(&other) };
    record(&self::plan(&other), &other, &mut theirs).unwrap();
    // The other's beginning comes in between ours and our intents.
    let mut ours = Notes { others: vec![(1, events(&theirs).remove(0))], ..Notes::new(&bench) };
    assert_eq!(ledger(&record(&plan, &bench, &mut ours).unwrap()), ["a retention applied"]);
    let applies: Vec<String> = events(&ours).iter().map(|line| line.apply.to_string()).collect();
    assert_eq!(applies, ["000007", "000009", "000007", "000007", "000007"]);
}

#[test]
fn whoever_was_taken_over_writes_no_further() {
    let bench = bench(&["a", "b"]);
    let plan = plan(&bench);
    let mut later = Notes { name: "000008", ..Notes::new(&bench) };
    record_under(&Held::of(&plan, 8), &plan, &bench, &mut later).unwrap();
    let begun = events(&later).remove(0);
    bench.put("lab:1/eu/lab_log/a", json!({"retention": "30d"}));
    bench.put("lab:1/eu/lab_log/b", json!({"retention": "30d"}));
    let written = || bench.events().iter().filter(|event| event.starts_with("write")).count();
    let before = written();
    let mut notes = Notes { others: vec![(1, begun)], ..Notes::new(&bench) };
    let done = record(&plan, &bench, &mut notes).unwrap();
    let why = "alice on build (process 42) took over lab:1/eu at 2027-01-15T08:00:00Z: the lease had lapsed";
    assert_eq!(done.error.as_deref(), Some(why));
    assert_eq!(ledger(&done), [format!("a retention not_reached: {why}"), format!("b retention not_reached: {why}")]);
    assert_eq!(written(), before);
}

#[test]
fn whose_lease_lapses_sends_no_further_write() {
    let bench = bench(&["a", "b", "c"]);
    let plan = plan(&bench);
    let leases = Held::of(&plan, 7);
    leases.writes.store(1, SeqCst);
    let done = record_under(&leases, &plan, &bench, &mut Notes::new(&bench)).unwrap();
    let words: Vec<&str> = done.entries.iter().map(|entry| entry.outcome.word()).collect();
    assert_eq!(words.iter().filter(|word| **word == "applied").count(), 1);
    assert_eq!(words.iter().filter(|word| **word == "not_reached").count(), 2);
    assert_eq!(bench.events().iter().filter(|event| event.starts_with("write")).count(), 1);
}

#[test]
fn a_line_that_was_edited_moved_or_removed_breaks_the_chain() {
    let bench = bench(&["a", "b"]);
    let mut notes = Notes::new(&bench);
    record(&plan(&bench), &bench, &mut notes).unwrap();
    type Change = fn(&mut Vec<String>);
    let broken = |change: Change| {
        let mut notes = notes.clone();
        notes.reopen();
        change(&mut notes.lines);
        Journal::open(&mut notes).err().unwrap_or_default()
    };
    assert_eq!(broken(|_| {}), "");
    let changes: [(&str, Change); 7] = [
        ("line 3 follows", |lines| lines[1] = lines[1].replace("\"step\":0", "\"step\":1")),
        ("line 4 follows", |lines| lines[2] = lines[2].replace("\"step\":1", "\"step\":0")),
        ("line 2 follows", |lines| lines.swap(1, 2)),
        ("line 2 follows", |lines| drop(lines.remove(1))),
        ("line 1 follows", |lines| drop(lines.remove(0))),
        ("line 2 does not read", |lines| lines[1] = "{}".into()),
        ("line 2 is not in the form", |lines| lines[1] = lines[1].replace(",\"at\"", ", \"at\"")),
    ];
    for (said, change) in changes {
        let error = broken(change);
        assert!(error.starts_with(&format!("the journal is not whole: {said}")), "{said}: {error}");
    }
}

#[test]
fn a_question_is_answered_with_the_steps_it_is_about() {
    let bench = bench(&["a", "b"]);
    let mut notes = Notes::new(&bench);
    let plan = plan(&bench);
    record(&plan, &bench, &mut notes).unwrap();
    let lines = events(&notes);
    let count = |selection: Selection| {
        let mut meant = selection.ask();
        lines.iter().filter(|line| meant.take(line)).count()
    };
    let all = Selection::default;
    assert_eq!(count(all()), 6);
    assert_eq!(count(Selection { object: Some("lab:1/eu/lab_log/a".into()), ..all() }), 4, "begun, two, ended");
    assert_eq!(count(Selection { object: Some("lab:1/eu".into()), ..all() }), 6);
    assert_eq!(count(Selection { object: Some("lab:1/eu/lab_log/a#retention".into()), ..all() }), 4);
    assert_eq!(count(Selection { object: Some("lab:2/eu".into()), ..all() }), 0);
    assert_eq!(count(Selection { requirement: Some("require.lab_log.kept".into()), ..all() }), 6);
    assert_eq!(count(Selection { requirement: Some("require.lab_log.other".into()), ..all() }), 0);
    assert_eq!(count(Selection { plan: Some(plan.digest.short().into()), ..all() }), 6);
    assert_eq!(count(Selection { plan: Some("000007".into()), ..all() }), 6);
    assert_eq!(count(Selection { plan: Some("ffff".into()), ..all() }), 0);
    assert_eq!(count(Selection { who: Some("alice".into()), ..all() }), 6);
    assert_eq!(count(Selection { who: Some("bob".into()), ..all() }), 0);
    assert_eq!(count(Selection { steps: Some([("000007".into(), 1)].into()), ..all() }), 4);
    assert_eq!(count(Selection { steps: Some([("000008".into(), 1)].into()), ..all() }), 0);
    let at = lines[0].at;
    assert_eq!(count(Selection { since: Some(at), ..all() }), 6);
    assert_eq!(count(Selection { since: Some(at.plus(1)), ..all() }), 0);
    assert_eq!(count(Selection { until: Some(at), ..all() }), 0);
}

#[test]
fn what_there_is_to_undo_is_what_was_written_or_may_have_been() {
    let bench = bench(&["a", "b", "c", "d"]);
    let plan = plan(&bench);
    // As planned already; moved; lost on the way; written.
    bench.put("lab:1/eu/lab_log/a", json!({"retention": "365d"}));
    bench.put("lab:1/eu/lab_log/b", json!({"retention": "7d"}));
    bench.fault("lab:1/eu/lab_log/c:retention", Fault::GoDark);
    let mut notes = Notes::new(&bench);
    record(&plan, &bench, &mut notes).unwrap();
    let parse = |text: &String| -> JournalLine { serde_json::from_str(text).unwrap() };
    let mut lines: Vec<JournalLine> = notes.lines.iter().map(parse).collect();
    assert_eq!(sent(&lines, plan.digest), Some([2, 3].into()));
    assert_eq!(sent(&lines, Digest::of(b"another plan")), None);
    // An intent without an outcome is in doubt, until somebody looked.
    lines.retain(|line| !matches!(line.event, Event::Outcome { step: 3, .. }));
    assert_eq!(sent(&lines, plan.digest), Some([2, 3].into()));
    let found = Event::Found { of: notes.name.into(), step: 3, found: Found::NotApplied };
    lines.push(JournalLine { apply: "000008".into(), event: found, ..lines[0].clone() });
    assert_eq!(sent(&lines, plan.digest), Some([2].into()));
    let undo = plan.undoing(PROVIDERS, |step| step == 2);
    assert_eq!(steps(&undo), ["c retention \"365d\" -> \"30d\""]);
}

/// Two killed applies of two cells, one of them found out since, and one that ended.
fn long() -> (Bench, Notes) {
    let (here, there) = (bench(&["a", "b", "c"]), Bench::default());
    there.put("lab:2/eu/lab_log/z", json!({"retention": "30d"}));
    let first = plan(&here);
    let mut notes = killed(&here, &first);
    for (name, bench, token) in [("000008", &there, 8), ("000009", &there, 9)] {
        notes.reopen();
        let plan = plan(bench);
        notes.name = name;
        record_under(&Held::of(&plan, token), &plan, bench, &mut notes).unwrap();
        bench.put("lab:2/eu/lab_log/z", json!({"retention": "30d"}));
        if name == "000008" {
            notes.lines.truncate(notes.lines.len() - 2);
        }
    }
    notes.reopen();
    (there, notes)
}

#[test]
fn whoever_reads_on_from_the_last_apply_knows_what_whoever_reads_everything_knows() {
    let (bench, mut notes) = long();
    let mut whole = Standing::default();
    notes.lines.iter().for_each(|text| drop(whole.take(text).unwrap()));
    let began = notes.lines.iter().rposition(|text| text.contains("\"begun\"")).unwrap();
    let journal = Journal::open(&mut notes).unwrap();
    let (head, doubts) = (journal.head().clone(), journal.doubts().collect::<Vec<_>>());
    assert_eq!((&head, &doubts), (&whole.head, &whole.doubts().collect()));
    let names: Vec<String> = doubts.iter().map(|doubt| format!("{} {}", doubt.apply, doubt.step)).collect();
    assert_eq!(names, ["000007 0", "000007 1", "000007 2"], "that of 000008 was found out by 000009");
    assert!(notes.start.is_some_and(|start| began > 3 && start + 1 >= began), "{:?} of {began}", notes.start);
    notes.reopen();
    notes.name = "000010";
    let plan = plan(&bench);
    record_under(&Held::of(&plan, 10), &plan, &bench, &mut notes).unwrap();
    assert_eq!(events(&notes).len(), notes.lines.len());
}

#[test]
fn what_was_written_anew_before_the_last_apply_is_found_by_whoever_reads_everything() {
    let (_, mut notes) = long();
    let began = notes.lines.iter().rposition(|text| text.contains("\"begun\"")).unwrap();
    notes.lines[1] = notes.lines[1].replace("\"step\":0", "\"step\":1");
    assert!(Journal::open(&mut notes).is_ok());
    let mut standing = Standing::default();
    let said = notes.lines.iter().find_map(|text| standing.take(text).err()).unwrap();
    assert!(said.starts_with("line 3 follows"), "{said}");
    // A line that says of the ones before it what is not so is no better.
    let (_, mut notes) = long();
    notes.lines[began] = notes.lines[began].replace(&format!("\"lines\":{began}"), "\"lines\":1");
    let mut standing = Standing::default();
    let said = notes.lines.iter().find_map(|text| standing.take(text).err()).unwrap();
    assert!(said.ends_with("says of the lines before it what is not so"), "{said}");
    // Nor is one that names another line for the beginning of an apply.
    let (_, mut notes) = long();
    notes.lines[0] = notes.lines[0].replace("alice", "bobby");
    let said = Journal::open(&mut notes).err().unwrap();
    assert!(said.ends_with("line 1 is not the one with which the apply 000007 began"), "{said}");
}

#[test]
fn a_line_of_an_apply_that_was_taken_over_or_ended_is_no_line() {
    let (_, notes) = long();
    for apply in ["000007", "000008", "000009", "000011"] {
        let mut standing = Standing::default();
        notes.lines.iter().for_each(|text| drop(standing.take(text).unwrap()));
        let line = JournalLine {
            previous: standing.head.digest,
            apply: apply.into(),
            at: events(&notes)[0].at,
            event: Event::Ended,
        };
        let text = String::from_utf8(ordain_model::digest::canonical(&line).unwrap()).unwrap();
        // The cell of 000007 is nobody else's: it may still be running.
        assert_eq!(standing.take(&text).is_ok(), apply == "000007", "{apply}");
    }
}
