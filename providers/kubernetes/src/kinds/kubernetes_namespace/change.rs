//! What a change of a namespace asks of the API server.

use super::pod_security;
use crate::listed::{Direction, Listed};
use crate::metadata::MARK;
use crate::request::{Request, manager};
use crate::resource::Resource;
use ordain_model::Text;
use ordain_model::observation::{Cause, Reason};
use ordain_model::provider::Change;
use ordain_model::value::Value;
use serde_json::json;

/// What a change asks for, in this order.
pub(super) fn requests(change: &Change, listed: &Listed) -> Result<Vec<Request>, Reason> {
    match &*change.unit {
        "default_deny_egress" => default_deny(change, listed, Direction::Egress),
        "default_deny_ingress" => default_deny(change, listed, Direction::Ingress),
        unit => match pod_security::label(unit) {
            Some(label) => Ok(vec![labelled(change, label)?]),
            None => Err(super::super::no_write(change)),
        },
    }
}

fn resource(name: &str) -> Result<&'static Resource, Reason> {
    Resource::named(name).ok_or_else(|| Reason::new(Cause::Failed, format!("there is no resource `{name}`")))
}

/// The policy that Ordain makes.
fn policy_name(direction: Direction) -> Text {
    match direction {
        Direction::Egress => "ordain-default-deny-egress".into(),
        Direction::Ingress => "ordain-default-deny-ingress".into(),
    }
}

/// The policy is made, or taken away where Ordain made it.
fn default_deny(change: &Change, listed: &Listed, direction: Direction) -> Result<Vec<Request>, Reason> {
    let policies = resource("networkpolicies.networking.k8s.io")?;
    let (namespace, name) = (&change.object.id, policy_name(direction));
    if change.values.values().any(|value| *value == Value::Bool(true)) {
        let body = json!({
            "apiVersion": policies.api_version(),
            "kind": policies.kind,
            "metadata": { "name": &*name, "namespace": &**namespace, "annotations": { MARK: &*change.token } },
            "spec": { "podSelector": {}, "policyTypes": [format!("{direction:?}")] },
        });
        let (namespace, manager) = (Some(namespace.clone()), manager(&change.unit));
        return Ok(vec![Request::Apply { resource: policies, namespace, name, manager, body }]);
    }
    let denying = listed.network_policies.all().map_err(Reason::clone)?.iter();
    let mut denying = denying.filter(|of| of.metadata.namespace == *namespace && of.denies_by_default(direction));
    if let Some(other) = denying.find(|of| of.metadata.name != name || !of.metadata.is_marked()) {
        let why = format!("network policy `{}` is not one that Ordain made: delete it by hand", other.metadata.name);
        return Err(Reason::new(Cause::Failed, why));
    }
    Ok(vec![Request::Delete { resource: policies, namespace: Some(namespace.clone()), name }])
}

/// The label of a level.
fn labelled(change: &Change, label: &str) -> Result<Request, Reason> {
    let namespaces = resource("namespaces")?;
    let level = change.values.values().find_map(Value::as_str).unwrap_or_default();
    let (name, manager) = (change.object.id.clone(), manager(&change.unit));
    let body = json!({
        "apiVersion": namespaces.api_version(),
        "kind": namespaces.kind,
        "metadata": { "name": &*name, "labels": { label: level } },
    });
    Ok(Request::Apply { resource: namespaces, namespace: None, name, manager, body })
}
