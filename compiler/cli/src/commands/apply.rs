//! `ordain apply`: makes the changes of a plan, after somebody said `yes`.

use super::{plan, show};
use crate::anchor;
use crate::approvals;
use crate::arguments::{Apply, Selection};
use crate::clock;
use crate::heads;
use crate::interrupt;
use crate::journal::{self, Now};
use crate::profile::{self, Profile};
use crate::progress::Line;
use crate::providers;
use crate::run::Run;
use crate::undone;
use crate::worlds;
use ordain_engine::apply::{Runner, apply};
use ordain_engine::approval::Consent;
use ordain_engine::findings::Findings;
use ordain_engine::journal::{Doubt, Head, Journal, Ledger, Statement};
use ordain_engine::observed::Observed;
use ordain_engine::plan::{Brakes, Plan, schemas};
use ordain_language::inputs::Missing;
use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::cidr::CidrSet;
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity};
use ordain_model::digest::Digest;
use ordain_model::instant::Clock;
use ordain_model::provider::Purpose;
use ordain_model::schema::Kind;
use ordain_model::stop::Stop;
use ordain_model::types::encode;
use ordain_report::assemble;
use ordain_report::report::Report;
use ordain_store::journal::Store;
use std::collections::BTreeSet;
use std::io::{self, IsTerminal};
use std::path::Path;

/// What is about to be applied, and where its targets are.
pub struct Prepared {
    /// The profile that the plan was made from, as it is now.
    pub profile: Profile,
    /// What to do.
    pub plan: Plan,
    /// What the plan was made from, where it was made now.
    judged: Option<(Findings, Observed)>,
    /// By what right it is applied, where it needs approvals.
    consent: Consent,
    /// Where its journal is kept.
    store: Box<dyn Store>,
}

/// Plans, asks, applies, and closes with the ledger.
pub fn run(arguments: &Apply, run: &mut Run) -> Result<Exit, Reported> {
    let prepared = match arguments.path.is_file() {
        true => from_file(arguments, run)?,
        false => from_profile(arguments, run)?,
    };
    finish(arguments, &prepared, run)
}

/// Shows the plan, asks, applies, and closes with the ledger.
///
/// # Errors
/// Nobody said yes, or nothing can be applied.
pub fn finish(arguments: &Apply, prepared: &Prepared, run: &mut Run) -> Result<Exit, Reported> {
    let Prepared { plan, judged, store, .. } = prepared;
    if !run.json {
        let shown = judged
            .as_ref()
            .map_or_else(|| assemble::show(plan), |(findings, observed)| assemble::plan(findings, plan, observed));
        run.show(shown)?;
    }
    let Done { ledger, name, head } = carry_out(arguments, prepared, run)?;
    let mut report = assemble::apply(plan, &ledger, judged.as_ref().map(|(findings, observed)| (findings, observed)));
    name_files(&mut report, &ledger, name.as_deref(), arguments, &**store);
    let exit = report.headline.verdict.exit();
    let signed = match head.filter(|_| arguments.changing.signing.sign_head) {
        None => Ok(()),
        Some(_) if ledger.error.is_some() => {
            Err(run.fail(code::JOURNAL_HEAD, "The journal does not hold all of it: its head is not signed."))
        }
        Some(head) => {
            let statement = Statement::new(&head, &store.name(), clock::now());
            let said = heads::keep(&statement, &arguments.changing.signing, &**store, run);
            said.map(|said| run.output.remark(&if run.json { String::new() } else { format!("{said}\n") }))
        }
    };
    run.show(report)?;
    signed.map(|()| exit)
}

fn from_profile(arguments: &Apply, run: &mut Run) -> Result<Prepared, Reported> {
    let outside = &arguments.changing.outside;
    let profile = profile::compile(&arguments.path, outside, Missing::Refused, run)?;
    let observed = worlds::observe(&profile, None, run)?;
    let (findings, plan) = plan::judge(&profile, &observed, &arguments.selection, run)?;
    let consent = approvals::check(&plan, None, &profile, outside, run)?;
    let store = open(arguments, &profile, run)?;
    Ok(Prepared { profile, plan, judged: Some((findings, observed)), consent, store })
}

/// A plan file as it stands. Its targets are found in the profile that it was made from, which must not have changed.
fn from_file(arguments: &Apply, run: &mut Run) -> Result<Prepared, Reported> {
    let plan = show::read(&arguments.path, run)?;
    let Selection { only, except, allow, terraform_state, baselined, emergency } = &arguments.selection;
    let chosen = ![only, except, allow, baselined].into_iter().all(Vec::is_empty);
    if chosen || !terraform_state.is_empty() || emergency.is_some() {
        let detail = "`--only`, `--except`, `--allow`, `--terraform-state`, `--baselined` and `--emergency` decide what a \
                      plan holds: give them to `ordain plan`.";
        return Err(run.fail(code::ARGUMENT, detail));
    }
    let profile = current(&plan, arguments, run)?;
    let store = open(arguments, &profile, run)?;
    match plan.inputs.reverts {
        // It rests on nothing but the values that it undoes, whatever became of the profile since.
        Some(digest) => undoes(&plan, &undone::applied(digest, &*store, run)?, arguments, run)?,
        None => holds(&plan, &profile, arguments, run)?,
    }
    prepare(plan, Some(&arguments.path), (profile, store), arguments, run)
}

/// The profile that a plan was made from, as it is now.
///
/// # Errors
/// It does not compile, or not under the anchor under which the plan was made.
pub fn current(plan: &Plan, arguments: &Apply, run: &mut Run) -> Result<Profile, Reported> {
    let directory = Path::new(&*plan.inputs.directory);
    let profile = profile::compile(directory, &arguments.changing.outside, Missing::Refused, run)?;
    same_anchor(&profile, plan, run)?;
    profile.anchor_holds(&anchor::planned(plan), run)?;
    Ok(profile)
}

/// Where the journal is kept.
///
/// # Errors
/// It is nowhere that this build reaches.
pub fn open(arguments: &Apply, profile: &Profile, run: &mut Run) -> Result<Box<dyn Store>, Reported> {
    journal::open(arguments.changing.journal.as_deref(), Some(profile), &profile.directory, run)
}

/// A plan that may be applied, with the profile in which its targets are found. `path` is its file, beside which approvals lie.
///
/// # Errors
/// Its targets are no more what they were, or it lacks approvals.
pub fn prepare(
    plan: Plan,
    path: Option<&Path>,
    (profile, store): (Profile, Box<dyn Store>),
    arguments: &Apply,
    run: &mut Run,
) -> Result<Prepared, Reported> {
    reached(&profile, &plan, run)?;
    let consent = approvals::check(&plan, path, &profile, &arguments.changing.outside, run)?;
    Ok(Prepared { profile, plan, judged: None, consent, store })
}

/// A digest proves that nobody changed a plan by accident, not who made it: it is what the profile makes of the values that
/// it names, and not too old.
fn holds(plan: &Plan, profile: &Profile, arguments: &Apply, run: &mut Run) -> Result<(), Reported> {
    let name = arguments.path.display();
    let used = |kind: &&'static Kind| plan.inputs.schemas.contains_key(kind.provider());
    if plan.inputs.schemas != schemas(providers::all().kinds().filter(used)) {
        let detail = format!(
            "`{name}`: its kinds are not those of this version, and decided it (it was made by {}).",
            plan.inputs.version
        );
        return Err(run.fail(code::PLAN_FILE, detail));
    }
    if let Some(age) = clock::age(&plan.inputs.taken_at).filter(|_| !plan.inputs.estate) {
        worlds::young(age, &arguments.max_age, run)?;
    }
    unchanged(profile, plan, Path::new(&*plan.inputs.directory), run)?;
    let anchor = profile.anchored.as_ref().map(|anchored| &anchored.anchor);
    plan.follows(&profile.constraints, &profile.graph, anchor, providers::all()).map_err(|what| {
        let detail = format!("`{name}`: it does not follow from the profile: {what}.");
        let diagnostic = Diagnostic::new(code::PLAN_FILE, Severity::Error, detail);
        run.diagnostics.push(diagnostic.help("Make the plan again with `ordain plan -out FILE`."))
    })
}

/// A plan that undoes is what Ordain makes of the plan that was applied.
fn undoes(plan: &Plan, done: &Plan, arguments: &Apply, run: &mut Run) -> Result<(), Reported> {
    match plan.undoes(done, providers::all()) {
        true => Ok(()),
        false => {
            let detail =
                format!("`{}`: it is not the plan that undoes {}.", arguments.path.display(), done.digest.short());
            let diagnostic = Diagnostic::new(code::PLAN_FILE, Severity::Error, detail);
            Err(run.diagnostics.push(diagnostic.help("Make it with `ordain revert PLAN -out FILE`.")))
        }
    }
}

/// Refuses a plan that was made under another anchor than this run has: what was demanded then is not what is now.
fn same_anchor(profile: &Profile, plan: &Plan, run: &mut Run) -> Result<(), Reported> {
    let words = |anchor: Option<Digest>| {
        anchor.map_or_else(|| "without an anchor".to_owned(), |of| format!("under the anchor {of}"))
    };
    match (profile.anchor(), plan.inputs.anchor) {
        (here, there) if here == there => Ok(()),
        (here, there) => {
            let detail = format!("The plan was made {}; this run is {}.", words(there), words(here));
            let diagnostic = Diagnostic::new(code::ANCHOR, Severity::Error, detail);
            let help = if here.is_some() {
                "Make the plan again under this anchor."
            } else {
                "Give the anchor, or set ORDAIN_ANCHOR."
            };
            Err(run.diagnostics.push(diagnostic.help(help)))
        }
    }
}

/// The targets through which the plan reaches its cells are there, of the sort that was read, and the plan holds the
/// addresses that must keep access.
fn reached(profile: &Profile, plan: &Plan, run: &mut Run) -> Result<(), Reported> {
    for (cell, target) in &plan.reaches {
        let Some(declaration) = profile.constraints.config.targets.get(target) else {
            let detail =
                format!("The plan reaches {cell} through the target `{target}`, which the profile has no more.");
            return Err(run.fail(code::PROFILE_CHANGED, detail));
        };
        let read = plan.inputs.targets.get(target);
        if read != Some(&declaration.estate) {
            let is = worlds::sort(declaration.estate.as_ref());
            let was = read.map_or_else(|| "nothing".to_owned(), |was| worlds::sort(was.as_ref()));
            let detail = format!("The target `{target}` is {is}; what the plan was made from was {was}.");
            return Err(run.fail(code::PROFILE_CHANGED, detail));
        }
        let known = plan.inputs.brakes.get(cell).and_then(Brakes::keep_access);
        let kept = |entry: &CidrSet| known.as_ref().is_some_and(|known| entry.is_subset(known));
        let unknown = |entry: &str| CidrSet::parse([entry]).is_ok_and(|entry| !kept(&entry));
        if let Some(entry) = declaration.brakes.keep_access.iter().find(|entry| unknown(entry)) {
            let detail = format!("The plan does not hold `{entry}`, which `keep_access` of `{target}` says.");
            return Err(run.fail(code::PROFILE_CHANGED, detail));
        }
    }
    Ok(())
}

fn unchanged(profile: &Profile, plan: &Plan, directory: &Path, run: &mut Run) -> Result<(), Reported> {
    let config = &profile.constraints.config;
    let modules = config.modules.iter().map(|module| (module.path.clone(), module.digest)).collect();
    let variables = config.variables.iter().map(|(name, value)| (name.clone(), encode(value))).collect();
    let what = match (plan.inputs.modules == modules, plan.inputs.variables == variables) {
        (true, true) => return Ok(()),
        (false, _) => "a file of the profile",
        (true, false) => "a variable",
    };
    let detail = format!("Since the plan was made from `{}`, {what} has changed.", directory.display());
    let diagnostic = Diagnostic::new(code::PROFILE_CHANGED, Severity::Error, detail);
    Err(run.diagnostics.push(
        diagnostic.help("Make the plan again.").paste(format!("ordain plan {} -out plan.json", directory.display())),
    ))
}

/// Asks on the terminal. Only `yes` is a yes.
fn approve(arguments: &Apply, run: &mut Run) -> Result<(), Reported> {
    if arguments.changing.auto_approve {
        return Ok(());
    }
    if run.json || !io::stdin().is_terminal() {
        let diagnostic = Diagnostic::new(
            code::NOT_APPROVED,
            Severity::Error,
            "There is no terminal to ask on; nothing was changed.",
        );
        return Err(run.diagnostics.push(diagnostic.help("Approve beforehand.").paste(format!(
            "ordain {} -auto-approve {}",
            run.command,
            arguments.path.display()
        ))));
    }
    run.output.remark("\nMake these changes? Only `yes` is accepted: ");
    let mut answer = String::new();
    match io::stdin().read_line(&mut answer) {
        Ok(_) if answer.trim() == "yes" => Ok(()),
        _ => Err(run.fail(code::NOT_APPROVED, "The answer was not `yes`; nothing was changed.")),
    }
}

/// What was done.
struct Done {
    ledger: Ledger,
    /// The name of the apply, where there was anything to do.
    name: Option<Text>,
    /// The end of the journal then.
    head: Option<Head>,
}

/// Applies the plan under the leases of its cells, and of those where an earlier write is in doubt.
fn carry_out(arguments: &Apply, prepared: &Prepared, run: &mut Run) -> Result<Done, Reported> {
    let Prepared { profile, plan, judged, consent, store } = prepared;
    let unchanged = |error: String| format!("{error}; nothing was changed.");
    let mut lines = store.journal();
    let mut journal = Journal::open(&mut *lines).map_err(|error| run.fail(code::JOURNAL, unchanged(error)))?;
    let mut reaches = plan.reaches.clone();
    let also = judged.iter().flat_map(|(findings, _)| &findings.covering);
    reaches.extend(also.filter_map(|(cell, targets)| Some((Cell::clone(cell), targets.first()?.clone()))));
    for (cell, target) in journal.doubts().filter_map(|doubt| reached_again(&doubt, profile)) {
        reaches.entry(cell).or_insert(target);
    }
    let doubtful = journal.doubts().map(|doubt| Cell::clone(&doubt.planned.object.cell));
    let doubtful = doubtful.filter(|cell| reaches.contains_key(cell));
    let written: BTreeSet<Cell> = plan.steps.iter().map(|step| Cell::clone(&step.object.cell)).collect();
    let cells: BTreeSet<Cell> = written.iter().cloned().chain(doubtful).collect();
    if !plan.steps.is_empty() {
        approve(arguments, run)?;
    }
    let who = journal::who();
    let take = |cells| store.lease(cells, &who.to_string(), Now.now());
    let leases = match take(&cells) {
        // Somebody else writes where a write is in doubt: what became of it is theirs to find out.
        Err(_) if cells != written => take(&written),
        taken => taken,
    };
    let leases = leases.map_err(|error| run.fail(code::LEASE, unchanged(error)))?;
    if leases.tokens().is_empty() {
        worlds::connect(profile, Purpose::Apply, &Stop::default(), run)?;
        let revert = plan.revert(providers::all()).digest;
        let ledger = Ledger { plan: plan.digest, revert, entries: Vec::new(), error: None };
        return Ok(Done { ledger, name: None, head: None });
    }
    let stop = interrupt::stops((!run.json).then_some(run.output));
    let worlds = worlds::connect(profile, Purpose::Apply, &stop, run)?;
    let progress = Line::new("Applying", run.output.progress);
    let runner = Runner { who, clock: &Now, leases: &*leases, reaches, stop: &stop, consent };
    let ledger = apply(plan, providers::all(), &worlds, &runner, &mut journal, &progress);
    let ledger = ledger.map_err(|error| run.fail(code::JOURNAL, unchanged(error)))?;
    Ok(Done { ledger, name: journal.apply().cloned(), head: Some(journal.head().clone()) })
}

/// The cell in which a write is in doubt, and the target of the profile that reaches it as the apply did that announced it.
fn reached_again(doubt: &Doubt, profile: &Profile) -> Option<(Cell, Text)> {
    let (target, estate) = doubt.target.as_ref()?;
    let declaration = profile.constraints.config.targets.get(target)?;
    (declaration.estate.is_some() == *estate).then(|| (Cell::clone(&doubt.planned.object.cell), target.clone()))
}

/// Where nothing was sent there is nothing to undo.
fn name_files(report: &mut Report, closing: &Ledger, name: Option<&str>, arguments: &Apply, store: &dyn Store) {
    let sent = closing.entries.iter().any(|entry| entry.outcome.sent());
    if let (Some(ledger), Some(name)) = (&mut report.ledger, name) {
        ledger.journal = Some(store.name());
        ledger.apply = Some(name.into());
        let journal =
            arguments.changing.journal.as_ref().map(|journal| format!(" -journal {journal}")).unwrap_or_default();
        ledger.revert = sent.then(|| format!("{}{journal}", store.undo(name)));
    }
}
