//! `ordain explain`: the page of a diagnostic, a kind or a function, what a requirement demands, or everything that bears on one setting.

use super::plan;
use crate::arguments::{Explain, Selection};
use crate::profile::{self, Profile};
use crate::run::Run;
use crate::{providers, worlds};
use ordain_engine::findings::{Findings, Subject};
use ordain_engine::observed::Observed;
use ordain_language::functions;
use ordain_language::inputs::Missing;
use ordain_model::address::SettingAddress;
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity, nearest};
use ordain_report::assemble;
use ordain_report::report::Report;
use std::collections::BTreeSet;

/// Prints the page, or the explanation.
pub fn run(arguments: &Explain, run: &mut Run) -> Result<Exit, Reported> {
    if let Some(page) = page(&arguments.what) {
        return run.show(page).map(|()| Exit::Fine);
    }
    if ["require.", "assert.", "module."].iter().any(|start| arguments.what.starts_with(start)) {
        return requirement(arguments, run);
    }
    let Some(address) = SettingAddress::parse(&arguments.what) else { return Err(unknown(arguments, run)) };
    let profile = profile::compile(&arguments.directory, &arguments.outside, Missing::Refused, run)?;
    let observed = worlds::observe(&profile, arguments.snapshot.as_deref(), run)?;
    let report = report(&address, &profile, &observed, run)?;
    run.show(report).map(|()| Exit::Fine)
}

/// The page of a diagnostic's code, a kind or a function. No name is two of them.
fn page(what: &str) -> Option<Report> {
    let code = || code::find(what).map(|code| assemble::page(code.name, code.page));
    let kind = || providers::all().kind(what).map(|kind| assemble::page(kind.name, kind.page));
    let function = || functions::find(what).map(|function| assemble::page(function.name, function.page()));
    code().or_else(kind).or_else(function)
}

/// Every name that has a page.
fn pages() -> impl Iterator<Item = &'static str> {
    let kinds = providers::all().kinds().map(|kind| kind.name);
    code::CODES.iter().map(|code| code.name).chain(kinds).chain(functions::all().iter().map(|function| function.name))
}

/// What a requirement demands: no world is read.
fn requirement(arguments: &Explain, run: &mut Run) -> Result<Exit, Reported> {
    let profile = profile::compile(&arguments.directory, &arguments.outside, Missing::Undecided, run)?;
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
    let detail = format!("`{what}` is no diagnostic's code, no kind, no function and no address.");
    let diagnostic = Diagnostic::new(code::UNKNOWN_SUBJECT, Severity::Error, detail);
    run.diagnostics.push(match nearest(what, pages()) {
        Some(near) => diagnostic.help("Did you mean this?").paste(format!("ordain explain {near}")),
        None => diagnostic
            .help("A setting's address stands in every plan: the object, `#`, the setting. For example:")
            .paste("ordain explain 'aws:111111111111/eu-west-1/aws_s3_bucket/logs#encryption' DIR"),
    })
}

/// What bears on a setting of an object.
///
/// # Errors
/// Nothing of the profile does.
pub fn report(
    address: &SettingAddress,
    profile: &Profile,
    observed: &Observed,
    run: &mut Run,
) -> Result<Report, Reported> {
    let (findings, plan) = plan::judge(profile, observed, &Selection::default(), run)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_has_two_pages() {
        let mut seen = BTreeSet::new();
        let twice: Vec<&str> = pages().filter(|name| !seen.insert(*name)).collect();
        assert!(twice.is_empty(), "{twice:?}");
        assert!(pages().all(|name| page(name).is_some_and(|report| report.page.is_some_and(|page| page.name == name))));
    }
}
