//! [`Managed`]: what another tool sets, from the state that it keeps. What Ordain changes there, that tool's next run takes
//! back: so the change is shown where it belongs, and there is no step unless its address was named.

mod code;
mod state;

pub use code::Code;

use crate::findings::{Findings, Outcome};
use ordain_model::Text;
use ordain_model::address::ObjectAddress;
use ordain_model::digest::Digest;
use ordain_model::provider::Providers;
use ordain_model::schema::{Identity, Resource};
use ordain_model::value::Value;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// What Terraform sets, by the states that were given.
#[derive(Debug, Default)]
pub struct Managed {
    /// Every state by its file's name, with the digest of its text.
    pub states: BTreeMap<Text, Digest>,
    /// By kind and id of the object, the resources that are about it.
    instances: BTreeMap<(&'static str, Text), Vec<Instance>>,
    /// The files in which resources are written, by the state beside which they lie.
    code: BTreeMap<Text, Code>,
}

/// An instance of a resource.
#[derive(Debug)]
struct Instance {
    resource: &'static Resource,
    identity: Identity,
    /// `module.a.aws_eks_cluster.prod["k"]`
    address: Text,
    /// The name of its block, where it stands in the root module and is the block's only instance.
    block: Option<Text>,
    state: Text,
}

/// Who sets a field, and what to change there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manager {
    /// Address of the resource, as Terraform writes it.
    pub resource: Text,
    /// The state that says so.
    pub state: Text,
    /// What to change there, in the order of the kind's arguments.
    pub edits: Vec<Edit>,
    /// The same as a unified diff without context, where the source is at hand and says a literal.
    pub patch: Option<Text>,
}

/// One argument to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// The argument, with the blocks that it stands in.
    pub argument: Text,
    /// What it has to be; none where no single value of it says that.
    pub value: Option<Json>,
}

impl Managed {
    /// Takes a state: the file that Terraform keeps, or what `terraform show -json` prints. Of its values only those that
    /// name an object are kept.
    ///
    /// # Errors
    /// What it is, when it is none.
    pub fn add(&mut self, name: &str, text: &str, code: Code, providers: Providers<'_>) -> Result<(), String> {
        let name = Text::from(name);
        let resources: BTreeMap<&str, Vec<(&'static str, &'static Resource)>> = resources(providers);
        for found in state::read(text)? {
            for (kind, resource) in resources.get(&*found.of).into_iter().flatten() {
                let Some(identity) = (resource.object)(&found.values) else { continue };
                let key = (*kind, identity.id.clone());
                let (address, block) = (found.address.clone(), found.block.clone());
                let instance = Instance { resource, identity, address, block, state: name.clone() };
                self.instances.entry(key).or_default().push(instance);
            }
        }
        self.states.insert(name.clone(), Digest::of(text.as_bytes()));
        self.code.insert(name, code);
        Ok(())
    }

    /// Tells every field that is to change who sets it.
    pub fn mark(&self, findings: &mut Findings) {
        for field in findings.fields.iter_mut().filter(|_| !self.instances.is_empty()) {
            if let Outcome::Change(after) = &field.outcome {
                field.managers = self.managers(field.kind.name, &field.address.object, field.setting.name, after);
            }
        }
    }

    /// The resources that set a setting of an object, each once, in the order of their addresses.
    fn managers(&self, kind: &'static str, object: &ObjectAddress, setting: &str, after: &Value) -> Vec<Manager> {
        let about = self.instances.get(&(kind, object.id.clone())).into_iter().flatten();
        let mut managers: Vec<Manager> = Vec::new();
        for instance in about.filter(|instance| instance.identity.is(object)) {
            let arguments = instance.resource.arguments.iter().filter(|argument| argument.setting == setting);
            let edit = |argument: &ordain_model::schema::Argument| Edit {
                argument: argument.name.into(),
                value: (argument.value)(after),
            };
            let edits: Vec<Edit> = arguments.map(edit).collect();
            if edits.is_empty() {
                continue;
            }
            let code = self.code.get(&instance.state);
            let block = instance.block.as_ref();
            let patch = code.zip(block).and_then(|(code, block)| code.patch(instance.resource.name, block, &edits));
            managers.push(Manager {
                resource: instance.address.clone(),
                state: instance.state.clone(),
                edits,
                patch: patch.map(Into::into),
            });
        }
        managers.sort_by(|a, b| (&a.resource, &a.state).cmp(&(&b.resource, &b.state)));
        managers.dedup_by(|a, b| a == b);
        managers
    }
}

/// The resources of every kind, by type.
fn resources(providers: Providers<'_>) -> BTreeMap<&'static str, Vec<(&'static str, &'static Resource)>> {
    let mut of: BTreeMap<&str, Vec<(&str, &Resource)>> = BTreeMap::new();
    for kind in providers.kinds() {
        kind.terraform.iter().for_each(|resource| of.entry(resource.name).or_default().push((kind.name, resource)));
    }
    of
}
