//! The line in one call: a profile's text and a world become findings and a plan.

use crate::world::{Bench, PROVIDERS, Silent};
use ordain_engine::apply::{Runner, apply};
use ordain_engine::approval::Consent;
use ordain_engine::constraints::{Constraints, constrain};
use ordain_engine::findings::{Findings, Judgement, Subject, compare};
use ordain_engine::graph::{Graph, order};
use ordain_engine::journal::{Event, Journal, Ledger, Line as JournalLine, Standing, Stood, Who};
use ordain_engine::observed::{Observed, Worlds, observe};
use ordain_engine::plan::{Inputs, Plan, plan};
use ordain_language::compile;
use ordain_language::files::{File, FileProblem, Files};
use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::diagnostic::Diagnostics;
use ordain_model::digest::{Digest, canonical};
use ordain_model::instant::{Clock, Instant};
use ordain_model::journal::JournalStore;
use ordain_model::lease::Leases;
use ordain_model::provider::World;
use ordain_model::source::Sources;
use ordain_model::stop::Stop;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;

/// The text of each directory's one file.
struct Profile(BTreeMap<String, String>);

impl Files for Profile {
    fn module(&self, directory: &str) -> Result<Vec<File>, FileProblem> {
        match self.0.get(directory) {
            Some(text) => Ok(vec![File { name: "main.hcl".into(), bytes: text.clone().into_bytes() }]),
            None => Err(FileProblem::Missing),
        }
    }
}

/// A control that profiles here may cite.
const HEAD: &str = "# The target stands last.\ncontrol \"demo\" \"1\" {\n  edition = \"1\"\n  title = \"One\"\n  citation = \"none\"\n}\n";

/// The target of every profile here that declares none. Its brakes hold nothing of what these profiles do.
const TARGET: &str = "\ntarget \"lab\" \"bench\" {\n  keep_access = [\"203.0.113.10/32\"]\n  max_changes = 5000\n  max_percent = 100\n}\n";

/// Compiles and constrains; the messages, one per line, when it fails or warns.
pub fn constraints(profile: &str) -> (Option<Constraints>, String) {
    constraints_of(profile, &[])
}

/// The same of a profile and the modules in directories below it, by name.
fn constraints_of(profile: &str, modules: &[String]) -> (Option<Constraints>, String) {
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let root = if profile.contains("target \"lab\"") { profile.to_owned() } else { format!("{HEAD}{profile}{TARGET}") };
    let below = modules.iter().enumerate().map(|(at, text)| (format!("m{at}"), text.clone()));
    let files = Profile(below.chain([(".".to_owned(), root)]).collect());
    let config = compile(".", &files, &Default::default(), PROVIDERS, &mut sources, &mut diagnostics);
    let constraints = config.and_then(|config| constrain(config, &sources, PROVIDERS, &mut diagnostics)).ok();
    let said = diagnostics.into_sorted().into_iter().map(|item| {
        let labels: Vec<String> =
            item.labels.iter().map(|label| format!("{}: {}", sources.place(label.span), label.text)).collect();
        format!("{} | {} | {} | {}\n", item.code.name, item.detail, labels.join(" ; "), item.help.unwrap_or_default())
    });
    (constraints, said.collect())
}

/// What one run of the line gave.
pub struct Line {
    pub constraints: Constraints,
    pub graph: Graph,
    pub observed: Observed,
    pub findings: Findings,
}

impl Line {
    pub fn of(profile: &str, bench: &Bench) -> Line {
        Line::over(profile, &worlds(bench))
    }

    /// A profile that imports these modules, in this order: the first is `m0` wherever it stands.
    pub fn of_modules(modules: &[String], order: &[usize], bench: &Bench) -> Line {
        let import =
            |at: &usize| format!("module \"m{at}\" {{\n  source = \"./m{at}\"\n  targets = [target.lab.bench]\n}}\n");
        Line::from(constraints_of(&order.iter().map(import).collect::<String>(), modules), &worlds(bench))
    }

    pub fn over(profile: &str, worlds: &Worlds) -> Line {
        Line::from(constraints(profile), worlds)
    }

    fn from((constraints, said): (Option<Constraints>, String), worlds: &Worlds) -> Line {
        let constraints = constraints.unwrap_or_else(|| panic!("{said}"));
        let graph = order(&constraints, &mut Diagnostics::default()).unwrap();
        let observed = observe(&constraints, &graph, worlds, &Silent);
        let findings = compare(&constraints, &graph, &observed, &Default::default());
        Line { constraints, graph, observed, findings }
    }

    pub fn plan(&self) -> Plan {
        self.plan_with(&[], &[])
    }

    pub fn plan_with(&self, only: &[&str], allow: &[&str]) -> Plan {
        let mut inputs = Inputs::of(&self.constraints, &self.observed, "0.0.0");
        inputs.only = only.iter().map(|text| (*text).into()).collect();
        inputs.allow = allow.iter().map(|text| (*text).into()).collect();
        let plan = plan(&self.findings, inputs);
        // Every plan of every test comes out once more from nothing but what it says itself.
        assert_eq!(plan.follows(&self.constraints, &self.graph, None, PROVIDERS), Ok(()));
        plan
    }

    /// Each finding in one line: `requirement subject verdict (why)`.
    pub fn verdicts(&self) -> Vec<String> {
        let line = |finding: &ordain_engine::findings::Finding| {
            let claim = self.findings.claim(finding);
            let name = claim.address.rsplit('.').next().unwrap();
            let subject = match &finding.subject {
                Subject::Target(target) => format!("target {target}"),
                Subject::Listing(cell, kind) => format!("list {cell}/{kind}"),
                Subject::Count(cell, kind) => format!("count {cell}/{kind}"),
                Subject::Setting(setting) => format!("{}#{}", setting.object.id, setting.setting),
                Subject::Assertion => "assertion".into(),
            };
            let why = match &finding.judgement {
                Judgement::Unmet(Some(why)) => format!(": {why}"),
                Judgement::Unknown(reason) => format!(": {}", reason.detail),
                Judgement::Broken(why) | Judgement::NotApplicable(why) | Judgement::ProviderFixed(why) => {
                    format!(": {why}")
                }
                Judgement::Met | Judgement::Waived | Judgement::Baselined | Judgement::Unmet(None) => String::new(),
            };
            format!("{name} {subject} {}{why}", finding.judgement.verdict().word())
        };
        self.findings.findings.iter().map(line).collect()
    }
}

pub fn worlds(bench: &Bench) -> Worlds {
    let world: Box<dyn World> = Box::new(bench.clone());
    Worlds::from([("lab.bench".into(), Ok(world))])
}

/// Each step in one line: `id setting before -> after`.
pub fn steps(plan: &Plan) -> Vec<String> {
    let line = |step: &ordain_engine::plan::Step| {
        let changes = step.changes.iter().map(|(name, change)| format!("{name} {} -> {}", change.before, change.after));
        format!("{} {}", step.object.id, changes.collect::<Vec<_>>().join(", "))
    };
    plan.steps.iter().map(line).collect()
}

/// A journal in memory, which shares the world's log so that the order of both is seen.
#[derive(Clone)]
pub struct Notes {
    pub bench: Bench,
    /// The name of the apply that appends.
    pub name: &'static str,
    pub fail_after: Option<usize>,
    pub lines: Vec<String>,
    /// How many of the lines whoever appends knows.
    pub known: usize,
    /// How many stand before those that were read from the end on.
    pub start: Option<usize>,
    /// What somebody else appends first, before the line of that number.
    pub others: Vec<(usize, JournalLine)>,
    pub revert: String,
}

impl Notes {
    pub fn new(bench: &Bench) -> Notes {
        let (lines, others, revert) = (Vec::new(), Vec::new(), String::new());
        Notes { bench: bench.clone(), name: "000007", fail_after: None, lines, known: 0, start: None, others, revert }
    }

    /// As whoever comes next finds it.
    pub fn reopen(&mut self) {
        (self.known, self.start) = (0, None);
    }

    /// What an apply that begins now says of the lines before it.
    pub fn stood(&self) -> Stood {
        let mut standing = Standing::default();
        self.lines.iter().for_each(|text| drop(standing.take(text).unwrap()));
        standing.stood()
    }
}

impl JournalStore for Notes {
    fn begin(&mut self, _: &str, revert: &str) -> Result<Text, String> {
        self.bench.0.lock().unwrap().events.push(format!("begin {}", revert.len() > 2));
        self.revert = revert.to_owned();
        Ok(self.name.into())
    }

    /// Two lines at a time.
    fn read(&mut self) -> Result<Vec<String>, String> {
        let end = self.lines.len().min(self.known + 2);
        let news = self.lines[self.known..end].to_vec();
        self.known = end;
        Ok(news)
    }

    fn back(&mut self) -> Result<Vec<String>, String> {
        let end = self.start.unwrap_or_else(|| {
            self.known = self.lines.len();
            self.known
        });
        let start = end.saturating_sub(2);
        self.start = Some(start);
        Ok(self.lines[start..end].to_vec())
    }

    fn line(&mut self, number: u64) -> Result<String, String> {
        self.lines.get(number as usize).cloned().ok_or_else(|| "it is not there".into())
    }

    fn append(&mut self, lines: &[String]) -> Result<bool, String> {
        if self.fail_after.is_some_and(|most| self.lines.len() >= most) {
            return Err("the disk is full".into());
        }
        let now = self.lines.len();
        let (first, later): (Vec<_>, Vec<_>) = self.others.drain(..).partition(|(at, _)| *at <= now);
        self.others = later;
        for (_, mut line) in first {
            if let Event::Begun(begun) = &mut line.event {
                begun.stood = self.stood();
            }
            let previous = self.lines.last().map_or(Digest::of(b""), |last| Digest::of(last.as_bytes()));
            let text = canonical(&JournalLine { previous, ..line }).unwrap();
            self.lines.push(String::from_utf8(text).unwrap());
        }
        if self.known < self.lines.len() {
            return Ok(false);
        }
        self.lines.extend(lines.iter().cloned());
        self.known = self.lines.len();
        self.bench.0.lock().unwrap().events.push(format!("append {}", lines.len()));
        Ok(true)
    }
}

/// Leases of every cell, with the same token; after so many writes, of none any more.
pub struct Held {
    pub cells: Vec<Cell>,
    pub token: u64,
    pub writes: AtomicUsize,
}

impl Held {
    pub fn of(plan: &Plan, token: u64) -> Held {
        let cells = plan.reaches.keys().cloned().collect();
        Held { cells, token, writes: AtomicUsize::new(usize::MAX) }
    }
}

impl Leases for Held {
    fn tokens(&self) -> BTreeMap<Cell, u64> {
        self.cells.iter().map(|cell| (cell.clone(), self.token)).collect()
    }

    fn owned(&self, cell: &Cell) -> Result<(), String> {
        let left = self.writes.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1));
        left.map(drop).map_err(|_| format!("the lease of {cell} lapsed"))
    }
}

/// It is always the same moment.
pub struct Still;

impl Clock for Still {
    fn now(&self) -> Instant {
        Instant::of(1_800_000_000)
    }
}

/// Applies a plan and keeps its journal.
pub fn record(plan: &Plan, bench: &Bench, notes: &mut Notes) -> Result<Ledger, String> {
    record_under(&Held::of(plan, 7), plan, bench, notes)
}

/// The same until somebody asks to stop.
pub fn record_until(stop: &Stop, plan: &Plan, bench: &Bench, notes: &mut Notes) -> Result<Ledger, String> {
    record_with(&Held::of(plan, 7), stop, plan, bench, notes)
}

/// The same under these leases.
pub fn record_under(leases: &Held, plan: &Plan, bench: &Bench, notes: &mut Notes) -> Result<Ledger, String> {
    record_with(leases, &Stop::default(), plan, bench, notes)
}

fn record_with(leases: &Held, stop: &Stop, plan: &Plan, bench: &Bench, notes: &mut Notes) -> Result<Ledger, String> {
    record_in(&worlds(bench), leases, stop, plan, notes)
}

/// The same in other worlds than a bench.
pub fn record_in(
    worlds: &Worlds,
    leases: &Held,
    stop: &Stop,
    plan: &Plan,
    notes: &mut Notes,
) -> Result<Ledger, String> {
    let who = Who { user: "alice".into(), host: "build".into(), process: 42, ci: None };
    let runner =
        Runner { who, clock: &Still, leases, reaches: plan.reaches.clone(), stop, consent: &Consent::default() };
    let mut journal = Journal::open(notes)?;
    apply(plan, PROVIDERS, worlds, &runner, &mut journal, &Silent)
}

pub fn run(plan: &Plan, bench: &Bench) -> Ledger {
    record(plan, bench, &mut Notes::new(bench)).unwrap()
}

/// Each entry in one line: `id unit outcome (why)`.
pub fn ledger(ledger: &Ledger) -> Vec<String> {
    let line = |entry: &ordain_engine::journal::Entry| {
        let why = entry.outcome.detail().map(|why| format!(": {why}")).unwrap_or_default();
        format!("{} {} {}{why}", entry.object.id, entry.unit, entry.outcome.word())
    };
    ledger.entries.iter().map(line).collect()
}
