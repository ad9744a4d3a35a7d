//! `ordain policy`: the least IAM policy or cluster role that this profile needs, no action more.

mod document;
mod needs;

use crate::arguments::policy::{Policy, PolicyFormat, PolicyPrincipal, PolicyPurpose};
use crate::profile::{self, Profile};
use crate::providers;
use crate::run::Run;
use ordain_language::inputs::Missing;
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;
use ordain_model::provider::Purpose;
use serde_json::{Value as Json, json};

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
    let caller = arguments.principal == PolicyPrincipal::Caller;
    let printed = Printed { statements: document::statements(&granted, caller, purpose), granted, caller, purpose };
    if run.json {
        if printed.statements.is_empty() && printed.granted.cluster.is_empty(caller) {
            return Err(printed.nothing(&profile, "", run));
        }
        run.document(printed.json())?;
        return Ok(Exit::Fine);
    }
    let text = printed.text(arguments.format, &profile, run)?;
    run.print(&text)?;
    Ok(Exit::Fine)
}

/// What is allowed, ready to be printed.
struct Printed {
    /// The IAM policy's statements.
    statements: Vec<Json>,
    granted: providers::Grants,
    caller: bool,
    purpose: Purpose,
}

impl Printed {
    fn name(&self) -> &'static str {
        if self.purpose == Purpose::Read { "ordain-read" } else { "ordain-apply" }
    }

    fn json(&self) -> Json {
        let mut document = json!({"format": "ordain.policy/1", "name": self.name()});
        if !self.statements.is_empty() {
            document["policy"] = document::policy(&self.statements);
        }
        if !self.granted.cluster.is_empty(self.caller) {
            document["cluster_role"] = self.granted.cluster.object(self.name(), self.caller);
        }
        document
    }

    /// The policy, or the role: the form says which, and the targets do where no form is asked for.
    fn text(&self, format: Option<PolicyFormat>, profile: &Profile, run: &mut Run) -> Result<String, Reported> {
        let cluster = !self.granted.cluster.is_empty(self.caller);
        let role = match format {
            None => self.statements.is_empty() && cluster,
            Some(format) => format == PolicyFormat::ClusterRole,
        };
        match role {
            true if cluster => return Ok(self.granted.cluster.manifest(self.name(), self.caller)),
            true => return Err(self.nothing(profile, " in a cluster", run)),
            false if self.statements.is_empty() && cluster => return Err(self.nothing(profile, " in an account", run)),
            false if self.statements.is_empty() => return Err(self.nothing(profile, "", run)),
            false => {}
        }
        if format.is_none() && cluster {
            run.output.remark("For the targets that are clusters: ordain policy --format cluster-role\n");
        }
        Ok(match format {
            Some(PolicyFormat::Cloudformation) => document::cloudformation(self.name(), &self.statements),
            Some(PolicyFormat::Terraform) => document::terraform(self.name(), &self.statements),
            Some(PolicyFormat::Json | PolicyFormat::ClusterRole) | None => document::json(&self.statements),
        })
    }

    fn nothing(&self, profile: &Profile, place: &str, run: &mut Run) -> Reported {
        let estates = profile.constraints.config.targets.values().any(|target| target.estate.is_some());
        let why = if estates { "Its targets are estates, which need no permission." } else { "Nothing is read." };
        let why = if place.is_empty() { why } else { "No target is one." };
        run.fail(code::NO_POLICY, format!("There is no action to allow{place}. {why}"))
    }
}
