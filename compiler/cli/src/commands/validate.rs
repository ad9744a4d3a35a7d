//! `ordain validate`: the line up to constraints, without credentials or network.

use crate::arguments::Validate;
use crate::profile;
use crate::run::Run;
use ordain_language::inputs::Missing;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;
use ordain_report::assemble;

/// Says whether the profile compiles. With `-strict` warnings, and what cannot be decided without a world, count as errors.
pub fn run(arguments: &Validate, run: &mut Run) -> Result<Exit, Reported> {
    let profile = profile::compile(&arguments.directory, &arguments.outside, Missing::Undecided, run)?;
    let doubtful = !run.diagnostics.items().is_empty() || !profile.constraints.undecided.is_empty();
    let mut report = assemble::validate(&profile.constraints);
    report.inputs.anchor = profile.anchor().map(|digest| digest.to_string());
    run.show(report)?;
    Ok(if arguments.strict && doubtful { Exit::Error } else { Exit::Fine })
}
