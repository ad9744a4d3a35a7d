//! What is given with `--only`, `--except`, `--allow` and `--baselined` names something: what names nothing is a slip that
//! would go unseen.

use crate::arguments::Selection;
use crate::run::Run;
use ordain_engine::findings::{Findings, Judgement, Subject};
use ordain_engine::observed::Observed;
use ordain_engine::plan::labels;
use ordain_model::address::SettingAddress;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity, nearest};
use std::collections::BTreeSet;

/// Checks every address. One that names something which complies already names something: it stays right when the
/// plan it was written for was applied.
///
/// # Errors
/// One names nothing.
pub fn check(findings: &Findings, observed: &Observed, selection: &Selection, run: &mut Run) -> Result<(), Reported> {
    let unread = |address: &&String| !is_read(observed, address);
    if !selection.allow.is_empty() {
        let settings: BTreeSet<String> = settings(findings).map(ToString::to_string).collect();
        for address in selection.allow.iter().filter(unread).filter(|address| !settings.contains(*address)) {
            report("--allow", address, "no setting of this profile", settings.iter().map(String::as_str), run);
        }
    }
    if !selection.only.is_empty() || !selection.except.is_empty() {
        let names = names(findings);
        let what = "no requirement, object, setting, target, severity or risk of this profile";
        for (flag, parts) in [("--only", &selection.only), ("--except", &selection.except)] {
            for part in parts.iter().filter(unread).filter(|part| !names.contains(*part)) {
                report(flag, part, what, names.iter().map(String::as_str), run);
            }
        }
    }
    if !selection.baselined.is_empty() {
        let names = baselined(findings);
        for address in selection.baselined.iter().filter(|address| !names.contains(*address)) {
            let what = "nothing that is baselined";
            report("--baselined", address, what, names.iter().map(String::as_str), run);
        }
    }
    run.diagnostics.check()
}

/// Every address and id that `--baselined` takes.
fn baselined(findings: &Findings) -> BTreeSet<String> {
    let rows = findings.findings.iter().filter(|finding| finding.judgement == Judgement::Baselined);
    let names = rows.filter_map(|finding| {
        let Subject::Setting(setting) = &finding.subject else { return None };
        let claim = findings.claim(finding);
        let group = &findings.exceptions.get(finding.exception? as usize)?.address;
        let claimed = [claim.address.to_string(), finding.id(claim).to_string(), group.to_string()];
        Some([setting.to_string(), setting.object.to_string()].into_iter().chain(claimed))
    });
    names.flatten().collect()
}

/// Whether an address is a setting that was read: also the field of another object through which a view complies,
/// which no finding names.
fn is_read(observed: &Observed, address: &str) -> bool {
    let Some(address) = SettingAddress::parse(address) else { return false };
    let list = observed.list(&address.object.cell, &address.object.kind);
    let record = list.and_then(|list| list.get(&address.object.id));
    record.is_some_and(|record| record.reading(&address.setting).is_some())
}

/// Every setting that a finding or a field is about.
fn settings(findings: &Findings) -> impl Iterator<Item = &SettingAddress> {
    let subjects = findings.findings.iter().filter_map(|finding| match &finding.subject {
        Subject::Setting(setting) => Some(setting),
        _ => None,
    });
    subjects.chain(findings.fields.iter().map(|field| &field.address))
}

/// Everything that `--only` and `--except` take: settings, their objects and views, requirements, the modules above them,
/// and labels.
fn names(findings: &Findings) -> BTreeSet<String> {
    let views = findings.fields.iter().flat_map(|field| &field.origins).filter_map(|origin| origin.view.as_ref());
    let settings =
        settings(findings).chain(views).flat_map(|setting| [setting.to_string(), setting.object.to_string()]);
    let claims = findings.claims.iter().flat_map(|claim| {
        let ends = claim.address.match_indices(['.', '[']).map(|(at, _)| at).chain([claim.address.len()]);
        ends.filter_map(|end| claim.address.get(..end)).map(str::to_owned).collect::<Vec<_>>()
    });
    settings.chain(claims).chain(labels(findings)).collect()
}

fn report<'a>(flag: &str, address: &str, what: &str, names: impl Iterator<Item = &'a str>, run: &mut Run) {
    let diagnostic =
        Diagnostic::new(code::UNKNOWN_SUBJECT, Severity::Error, format!("`{flag} {address}` names {what}."));
    run.diagnostics.push(match nearest(address, names) {
        Some(near) => diagnostic.help("Did you mean this?").paste(format!("{flag} '{near}'")),
        None => diagnostic.help("Take an address as `ordain plan` prints it, in quotes."),
    });
}
