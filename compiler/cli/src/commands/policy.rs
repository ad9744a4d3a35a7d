//! `ordain policy`: the least IAM policy that this profile needs, no action more.

mod document;
mod needs;

use crate::arguments::policy::{Policy, PolicyFormat, PolicyPrincipal, PolicyPurpose};
use crate::profile;
use crate::providers;
use crate::run::Run;
use ordain_language::inputs::Missing;
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;
use ordain_model::provider::Purpose;
use serde_json::json;

/// Prints the policy.
pub fn run(arguments: &Policy, run: &mut Run) -> Result<Exit, Reported> {
    let profile = profile::compile(&arguments.directory, &arguments.outside, Missing::Refused, run)?;
    let purpose = match arguments.purpose {
        PolicyPurpose::Read => Purpose::Read,
        PolicyPurpose::Apply => Purpose::Apply,
    };
    let mut granted = providers::Grants::default();
    for (name, declaration) in profile.constraints.config.targets.iter().filter(|(_, target)| target.estate.is_none()) {
        let needs = needs::of(&profile, name);
        if let Err(reason) = granted.add(&declaration.target, &needs.reads, &needs.writes, purpose) {
            run.fail(code::TARGET_ARGUMENT, format!("Target `{name}`: {}.", reason.detail));
        }
    }
    run.diagnostics.check()?;
    let statements = document::statements(&granted, arguments.principal == PolicyPrincipal::Caller, purpose);
    if statements.is_empty() {
        let estates = profile.constraints.config.targets.values().any(|target| target.estate.is_some());
        let why = if estates { "Its targets are estates, which need no permission." } else { "Nothing is read." };
        return Err(run.fail(code::NO_POLICY, format!("There is no action to allow. {why}")));
    }
    let name = if purpose == Purpose::Read { "ordain-read" } else { "ordain-apply" };
    if run.json {
        run.document(json!({"format": "ordain.policy/1", "name": name, "policy": document::policy(&statements)}))?;
        return Ok(Exit::Fine);
    }
    let text = match arguments.format {
        PolicyFormat::Cloudformation => document::cloudformation(name, &statements),
        PolicyFormat::Json => document::json(&statements),
        PolicyFormat::Terraform => document::terraform(name, &statements),
    };
    run.print(&text)?;
    Ok(Exit::Fine)
}
