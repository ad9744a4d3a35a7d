//! `ordain explain`: a diagnostic's page, a kind's page, or everything that bears on one setting.

use super::plan;
use crate::arguments::{Explain, Selection};
use crate::run::Run;
use crate::{profile, providers, worlds};
use ordain_engine::findings::{Findings, Subject};
use ordain_model::address::SettingAddress;
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity, nearest};
use ordain_report::assemble;
use std::collections::BTreeSet;

/// Prints the page, or the explanation.
pub fn run(arguments: &Explain, run: &mut Run) -> Result<Exit, Reported> {
    let page = code::find(&arguments.what).map(|code| code.page);
    let page = page.or_else(|| providers::all().kind(&arguments.what).map(|kind| kind.page));
    if let Some(page) = page {
        return run.print(page).map(|()| Exit::Fine);
    }
    match SettingAddress::parse(&arguments.what) {
        Some(address) => setting(&address, arguments, run),
        None => Err(unknown(arguments, run)),
    }
}

fn unknown(arguments: &Explain, run: &mut Run) -> Reported {
    let what = &arguments.what;
    let detail = format!("`{what}` is no diagnostic's code, no kind and no setting's address.");
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

fn setting(address: &SettingAddress, arguments: &Explain, run: &mut Run) -> Result<Exit, Reported> {
    let profile = profile::compile(&arguments.directory, &arguments.variables, run)?;
    let observed = worlds::observe(&profile, arguments.snapshot.as_deref(), run)?;
    let (findings, plan) = plan::judge(&profile, &arguments.directory, &observed, &Selection::default(), run)?;
    match assemble::explain(address, &profile.constraints, &findings, &plan, &observed) {
        Some(report) => run.show(report).map(|()| Exit::Fine),
        None => Err(unbound(address, &findings, run)),
    }
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
