//! What a change of a namespace asks of the API server.

use super::{mutual_tls, pod_security};
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
        "mtls" => Ok(vec![peer_authentication(change, listed)?]),
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

/// The policy of the namespace: the one that counts where there is one, else a new one. Only what Ordain makes is marked.
fn peer_authentication(change: &Change, listed: &Listed) -> Result<Request, Reason> {
    let policies = resource("peerauthentications.security.istio.io")?;
    let namespace = &change.object.id;
    let all = listed.peer_authentications.all().map_err(Reason::clone)?;
    let counts = mutual_tls::of_namespace(all.iter().filter(|of| of.metadata.namespace == *namespace));
    let name = counts.map_or_else(|| "ordain".into(), |policy| policy.metadata.name.clone());
    let mode = change.values.values().find_map(Value::as_str).map(mutual_tls::written).unwrap_or_default();
    let mut metadata = json!({ "name": &*name, "namespace": &**namespace });
    if counts.is_none_or(|policy| policy.metadata.is_marked()) {
        metadata["annotations"] = json!({ MARK: &*change.token });
    }
    let body = json!({
        "apiVersion": policies.api_version(),
        "kind": policies.kind,
        "metadata": metadata,
        "spec": { "mtls": { "mode": mode } },
    });
    let (namespace, manager) = (Some(namespace.clone()), manager(&change.unit));
    Ok(Request::Apply { resource: policies, namespace, name, manager, body })
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
