//! Addresses given with `--only` and `--allow` name something: one that names nothing is a slip that would go unseen.

use crate::arguments::Selection;
use crate::run::Run;
use ordain_engine::findings::{Findings, Outcome};
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity, nearest};

/// Checks every address.
///
/// # Errors
/// One names nothing.
pub fn check(findings: &Findings, selection: &Selection, run: &mut Run) -> Result<(), Reported> {
    let changes = findings.fields.iter().filter(|field| matches!(field.outcome, Outcome::Change(_)));
    let changes: Vec<String> = changes.map(|field| field.address.to_string()).collect();
    for address in selection.allow.iter().filter(|address| !changes.contains(address)) {
        report("--allow", address, "no change", changes.iter().map(String::as_str), run);
    }
    if !selection.only.is_empty() {
        let names = names(findings);
        for address in selection.only.iter().filter(|address| !names.contains(address.as_str())) {
            report(
                "--only",
                address,
                "no requirement, object or setting of this profile",
                names.iter().map(String::as_str),
                run,
            );
        }
    }
    run.diagnostics.check()
}

/// Every address that `--only` takes: fields, their objects and views, requirements, and the modules above them.
fn names(findings: &Findings) -> std::collections::BTreeSet<String> {
    let fields = findings.fields.iter().flat_map(|field| {
        let views = field.origins.iter().filter_map(|origin| origin.view.as_ref());
        let views = views.flat_map(|view| [view.to_string(), view.object.to_string()]);
        [field.address.to_string(), field.address.object.to_string()].into_iter().chain(views)
    });
    let claims = findings.claims.iter().flat_map(|claim| {
        let ends = claim.address.match_indices(['.', '[']).map(|(at, _)| at).chain([claim.address.len()]);
        ends.filter_map(|end| claim.address.get(..end)).map(str::to_owned).collect::<Vec<_>>()
    });
    fields.chain(claims).collect()
}

fn report<'a>(flag: &str, address: &str, what: &str, names: impl Iterator<Item = &'a str>, run: &mut Run) {
    let diagnostic =
        Diagnostic::new(code::UNKNOWN_SUBJECT, Severity::Error, format!("`{flag} {address}` names {what}."));
    run.diagnostics.push(match nearest(address, names) {
        Some(near) => diagnostic.help("Did you mean this?").paste(format!("{flag} '{near}'")),
        None => diagnostic.help("Take an address as `ordain plan` prints it, in quotes."),
    });
}
