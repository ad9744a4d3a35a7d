//! `ordain explain`: a diagnostic's page, a kind's page, what a requirement demands, or everything that bears on one setting.

use super::plan;
use crate::arguments::{Explain, Selection};
use crate::profile::{self, Profile};
use crate::run::Run;
use crate::{providers, worlds};
use ordain_engine::findings::{Findings, Subject};
use ordain_engine::observed::Observed;
use ordain_language::inputs::Missing;
use ordain_model::address::SettingAddress;
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity, nearest};
use ordain_report::assemble;
use ordain_report::report::Report;
use std::collections::BTreeSet;
use std::path::Path;

/// Prints the page, or the explanation.
pub fn run(arguments: &Explain, run: &mut Run) -> Result<Exit, Reported> {
    let page = code::find(&arguments.what).map(|code| (code.name, code.page));
    let page = page.or_else(|| providers::all().kind(&arguments.what).map(|kind| (kind.name, kind.page)));
    if let Some((name, text)) = page {
        return run.show(assemble::page(name, text)).map(|()| Exit::Fine);
    }
    if ["require.", "assert.", "module."].iter().any(|start| arguments.what.starts_with(start)) {
        return requirement(arguments, run);
    }
    let Some(address) = SettingAddress::parse(&arguments.what) else { return Err(unknown(arguments, run)) };
    let profile = profile::compile(&arguments.directory, &arguments.variables, run)?;
    let observed = worlds::observe(&profile, arguments.snapshot.as_deref(), run)?;
    let report = report(&address, &profile, &arguments.directory, &observed, run)?;
    run.show(report).map(|()| Exit::Fine)
}

/// What a requirement demands: no world is read.
fn requirement(arguments: &Explain, run: &mut Run) -> Result<Exit, Reported> {
    let profile = profile::compile_with(&arguments.directory, &arguments.variables, Missing::Undecided, run)?;
    let constraints = &profile.constraints;
    if let Some(report) = assemble::explain_requirement(&arguments.what, constraints, &run.sources) {
        return run.show(report).map(|()| Exit::Fine);
    }
    let known = constraints.claims.iter().chain(&constraints.assertions).map(|claim| &*claim.address);
    let detail = format!("No requirement or assertion of this profile has the address `{}`.", arguments.what);
    let diagnostic = Diagnostic::new(code::UNKNOWN_SUBJECT, Severity::Error, detail);
    Err(run.diagnostics.push(match nearest(&arguments.what, known) {
        Some(near) => diagnostic.help("Did you mean this?").paste(format!("ordain explain '{near}'")),
        None => diagnostic.help("`ordain graph` shows every address."),
    }))
}

fn unknown(arguments: &Explain, run: &mut Run) -> Reported {
    let what = &arguments.what;
    let detail = format!("`{what}` is no diagnostic's code, no kind and no address.");
    let diagnostic = Diagnostic::new(code::UNKNOWN_SUBJECT, Severity::Error, detail);
    run.diagnostics.push(
        match nearest(
            what,
            code::CODES.iter().map(|code| code.name).chain(providers::all().kinds().map(|kind| kind.name)),
        ) {
            Some(near) => diagnostic.help("Did you mean this?").paste(format!("ordain explain {near}")),
            None => diagnostic
                .help("A setting's address stands in every plan: the object, `#`, the setting. For example:")
                .paste("ordain explain 'aws:111111111111/eu-west-1/aws_s3_bucket/logs#encryption' DIR"),
        },
    )
}

/// What bears on a setting of an object.
///
/// # Errors
/// Nothing of the profile does.
pub fn report(
    address: &SettingAddress,
    profile: &Profile,
    directory: &Path,
    observed: &Observed,
    run: &mut Run,
) -> Result<Report, Reported> {
    let (findings, plan) = plan::judge(profile, directory, observed, &Selection::default(), run)?;
    assemble::explain(address, &profile.constraints, &findings, &plan, observed)
        .ok_or_else(|| unbound(address, &findings, run))
}

/// Nothing in the profile bears on the setting; perhaps its name is nearly right.
fn unbound(address: &SettingAddress, findings: &Findings, run: &mut Run) -> Reported {
    let subjects = findings.findings.iter().filter_map(|finding| match &finding.subject {
        Subject::Setting(address) => Some(address.to_string()),
        _ => None,
    });
    let known: BTreeSet<String> = subjects.collect();
    let diagnostic = Diagnostic::new(
        code::UNKNOWN_SUBJECT,
        Severity::Error,
        format!("No requirement of this profile binds `{address}`."),
    );
    run.diagnostics.push(match nearest(&address.to_string(), known.iter().map(String::as_str)) {
        Some(near) => diagnostic.help("Did you mean this?").paste(format!("ordain explain '{near}'")),
        None => diagnostic.help("`ordain plan` shows which objects each requirement selects."),
    })
}
