//! `ordain plan`: what does not comply, and the smallest change that makes it.

use super::fail_on;
use crate::arguments::{Plan as Arguments, Selection};
use crate::profile::{self, Profile};
use crate::run::Run;
use crate::terraform;
use crate::worlds;
use crate::{files, journal};
use ordain_engine::approval;
use ordain_engine::findings::{Findings, compare};
use ordain_engine::observed::Observed;
use ordain_engine::plan::{Inputs, Plan, plan};
use ordain_language::inputs::Missing;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;
use ordain_report::assemble;
use std::path::Path;

/// Prints the plan and, where asked, writes it to a file.
pub fn run(arguments: &Arguments, run: &mut Run) -> Result<Exit, Reported> {
    if let Some(path) = &arguments.out {
        files::replaceable(path, "ordain.plan/").map_err(|error| run.unwritable(path, &error))?;
    }
    fail_on::check(&arguments.failing, run)?;
    run.wants(&arguments.formats)?;
    let profile = profile::compile(&arguments.directory, &arguments.outside, Missing::Refused, run)?;
    let observed = worlds::observe(&profile, arguments.snapshot.as_deref(), run)?;
    let (findings, plan) = judge(&profile, &observed, &arguments.selection, run)?;
    if arguments.snapshot.is_none() {
        let store = journal::open(arguments.journal.as_deref(), Some(&profile), &arguments.directory, run)?;
        journal::warn(&*store, &findings, &observed, run);
    }
    if let Some(path) = &arguments.out {
        files::write(path, |file| writeln!(file, "{}", plan.text())).map_err(|error| run.unwritable(path, &error))?;
    }
    let mut report = assemble::plan(&findings, &plan, &observed);
    if let (Some(world), Some(path)) = (&mut report.world, &arguments.snapshot) {
        world.snapshot = Some(path.display().to_string());
    }
    let detailed = arguments.detailed_exitcode || !arguments.failing.fail_on.is_empty();
    let exit = fail_on::exit(&report, &arguments.failing).brief(detailed);
    run.show(report)?;
    if let Some(path) = arguments.out.as_ref().filter(|_| arguments.formats.printed().next().is_none() && !run.json) {
        run.print(&saved(&plan, path))?;
    }
    // The process ends here. The system takes a million objects back at once; one by one takes as long as reading them.
    std::mem::forget((observed, findings, plan));
    Ok(exit)
}

/// Where a plan is now, and what to do with it.
pub fn saved(plan: &Plan, path: &Path) -> String {
    let path = path.display();
    let approve = match plan.inputs.approvals.is_empty() {
        true => String::new(),
        false => format!(" To approve it: ordain approve {path}."),
    };
    format!("\nSaved the plan to {path}.{approve} To make exactly these changes: ordain apply {path}\n")
}

/// Compares what was read with what is demanded, and plans what cures it.
///
/// # Errors
/// An address on the command line names nothing.
pub fn judge(
    profile: &Profile,
    observed: &Observed,
    selection: &Selection,
    run: &mut Run,
) -> Result<(Findings, Plan), Reported> {
    let set = |addresses: &[String]| addresses.iter().map(|address| address.as_str().into()).collect();
    let baselined = set(&selection.baselined);
    let mut findings = compare(&profile.constraints, &profile.graph, observed, &baselined);
    findings.warn(&mut run.diagnostics);
    let anchor = profile.anchored.as_ref().map(|anchored| &anchored.anchor);
    anchor.into_iter().for_each(|anchor| findings.hold(anchor));
    let managed = terraform::managed(&selection.terraform_state, run)?;
    managed.mark(&mut findings);
    let inputs = Inputs {
        only: set(&selection.only),
        except: set(&selection.except),
        allow: set(&selection.allow),
        terraform_states: managed.states,
        baselined,
        emergency: selection.emergency.as_deref().map(Into::into),
        ..inputs(profile, observed, run)
    };
    super::selection::check(&findings, observed, selection, run)?;
    let plan = approval::ask(plan(&findings, inputs), &profile.constraints, anchor);
    if let Some(anchor) = anchor {
        approval::floor(&plan, &profile.constraints, anchor, &mut run.diagnostics);
        run.diagnostics.check()?;
    }
    Ok((findings, plan))
}

/// What a profile is judged by, whatever is asked for on the command line.
pub fn inputs(profile: &Profile, observed: &Observed, run: &Run) -> Inputs {
    Inputs {
        directory: profile.directory.to_string_lossy().as_ref().into(),
        commit: profile::commit(profile, &run.sources),
        anchor: profile.anchor(),
        ..Inputs::of(&profile.constraints, observed, env!("CARGO_PKG_VERSION"))
    }
}
