//! The commands, one file each.

mod apply;
mod approve;
mod baseline;
mod completions;
mod console;
mod diff;
mod drift;
mod explain;
mod fail_on;
mod fmt;
mod graph;
mod init;
mod log;
mod modules;
mod plan;
mod policy;
mod report;
mod revert;
mod schema;
mod selection;
mod show;
mod snapshot;
mod test;
mod validate;

use crate::arguments::{Arguments, Command};
use crate::output::Output;
use crate::run::Run;
use ordain_model::conclusion::Exit;

/// Carries out a command and prints everything it has to say.
#[must_use]
pub fn run(arguments: &Arguments, output: Output) -> Exit {
    let command = &arguments.command;
    let mut run = Run::new(output, name(command), json(command), arguments.offline);
    let ended = match command {
        Command::Apply(arguments) => apply::run(arguments, &mut run),
        Command::Approve(arguments) => approve::run(arguments, &mut run),
        Command::Baseline(arguments) => baseline::run(arguments, &mut run),
        Command::Completions(arguments) => completions::run(arguments, &mut run),
        Command::Console(arguments) => console::run(arguments, &mut run),
        Command::Diff(arguments) => diff::run(arguments, &mut run),
        Command::Drift(arguments) => drift::run(arguments, &mut run),
        Command::Explain(arguments) => explain::run(arguments, &mut run),
        Command::Fmt(arguments) => fmt::run(arguments, &mut run),
        Command::Graph(arguments) => graph::run(arguments, &mut run),
        Command::Init(arguments) => init::run(arguments, &mut run),
        Command::Log(arguments) => log::run(arguments, &mut run),
        Command::Modules(arguments) => modules::run(arguments, &mut run),
        Command::Plan(arguments) => plan::run(arguments, &mut run),
        Command::Policy(arguments) => policy::run(arguments, &mut run),
        Command::Report(arguments) => report::run(arguments, &mut run),
        Command::Revert(arguments) => revert::run(arguments, &mut run),
        Command::Schema(arguments) => schema::run(arguments, &mut run),
        Command::Show(arguments) => show::run(arguments, &mut run),
        Command::Snapshot(arguments) => snapshot::run(arguments, &mut run),
        Command::Test(arguments) => test::run(arguments, &mut run),
        Command::Validate(arguments) => validate::run(arguments, &mut run),
    };
    run.finish();
    ended.unwrap_or(Exit::Error)
}

fn name(command: &Command) -> &'static str {
    match command {
        Command::Apply(_) => "apply",
        Command::Approve(_) => "approve",
        Command::Baseline(_) => "baseline",
        Command::Completions(_) => "completions",
        Command::Console(_) => "console",
        Command::Diff(_) => "diff",
        Command::Drift(_) => "drift",
        Command::Explain(_) => "explain",
        Command::Fmt(_) => "fmt",
        Command::Graph(_) => "graph",
        Command::Init(_) => "init",
        Command::Log(_) => "log",
        Command::Modules(_) => "modules",
        Command::Plan(_) => "plan",
        Command::Policy(_) => "policy",
        Command::Report(_) => "report",
        Command::Revert(_) => "revert",
        Command::Schema(_) => "schema",
        Command::Show(_) => "show",
        Command::Snapshot(_) => "snapshot",
        Command::Test(_) => "test",
        Command::Validate(_) => "validate",
    }
}

fn json(command: &Command) -> bool {
    match command {
        Command::Apply(arguments) => arguments.changing.json,
        Command::Approve(arguments) => arguments.json,
        Command::Baseline(arguments) => arguments.action.json(),
        Command::Console(arguments) => arguments.json,
        Command::Diff(arguments) => arguments.json,
        Command::Drift(arguments) => arguments.formats.json(),
        Command::Explain(arguments) => arguments.json,
        Command::Fmt(arguments) => arguments.json,
        Command::Graph(arguments) => arguments.json,
        Command::Init(arguments) => arguments.json,
        Command::Modules(arguments) => arguments.json,
        Command::Plan(arguments) => arguments.formats.json(),
        Command::Policy(arguments) => arguments.json,
        Command::Report(arguments) => arguments.formats.json(),
        Command::Revert(arguments) => arguments.changing.json,
        Command::Schema(arguments) => arguments.json,
        Command::Show(arguments) => arguments.json,
        Command::Snapshot(arguments) => arguments.json,
        Command::Test(arguments) => arguments.json,
        Command::Validate(arguments) => arguments.json,
        // What it prints is for a shell; a journal has lines of its own.
        Command::Completions(_) | Command::Log(_) => false,
    }
}
