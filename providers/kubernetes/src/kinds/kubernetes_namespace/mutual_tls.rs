//! Who may speak plaintext to the pods of each namespace, as Istio resolves it.
//!
//! ```text
//! a pod without a proxy       plaintext, whatever a policy says
//! a pod with one              the oldest policy that selects it, else the oldest of its namespace, else the mesh's oldest
//!                             (that of the root namespace); a policy that leaves the mode unset passes on; nothing is permissive
//! one of its ports            what the policy that selects it says of the port, where it says something
//! ```

use crate::label_selector::Index;
use crate::listed::{Listed, Mode, PeerAuthentication, Pod};
use crate::metadata::{BYPASS_INBOUND, EXCLUDED_INBOUND, INCLUDED_INBOUND, REDIRECTION};
use ordain_model::observation::{Reading, Reason};
use ordain_model::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The modes, from the weakest.
pub(super) const MODES: &[&str] = &["plaintext", "permissive", "strict"];

/// Where the mesh's own policies lie: `meshConfig.rootNamespace` as Istio sets it unless told otherwise.
pub(super) const ROOT: &str = "istio-system";

/// Policies and pods by namespace, or why they are not all known.
pub(super) struct MutualTls<'a>(Result<Known<'a>, &'a Reason>);

struct Known<'a> {
    served: bool,
    policies: BTreeMap<&'a str, Vec<&'a PeerAuthentication>>,
    pods: BTreeMap<&'a str, Vec<&'a Pod>>,
}

impl<'a> MutualTls<'a> {
    pub(super) fn of(listed: &'a Listed) -> MutualTls<'a> {
        let policies = listed.peer_authentications.all();
        MutualTls(policies.and_then(|policies| {
            let pods = listed.pods.all()?;
            let mut by: BTreeMap<&str, Vec<&PeerAuthentication>> = BTreeMap::new();
            for policy in policies {
                by.entry(&policy.metadata.namespace).or_default().push(policy);
            }
            // The oldest first, and of the same age the first name.
            by.values_mut().for_each(|of| of.sort_by_key(|policy| age(policy)));
            let mut pods_by: BTreeMap<&str, Vec<&Pod>> = BTreeMap::new();
            for pod in pods.iter().filter(|pod| !pod.has_ended()) {
                pods_by.entry(&pod.metadata.namespace).or_default().push(pod);
            }
            Ok(Known { served: listed.peer_authentications.served, policies: by, pods: pods_by })
        }))
    }

    /// The weakest mode of any pod of a namespace; without pods, that of one with a proxy. It is held where a policy of the
    /// namespace could not make it strict.
    pub(super) fn mode(&self, namespace: &str) -> Reading {
        let known = match &self.0 {
            Ok(known) => known,
            Err(reason) => return Reading::Unknown((*reason).clone()),
        };
        let live = known.weakest(namespace, known.declared(namespace));
        let value = Value::string(word(live));
        let holders = known.holders(namespace);
        match holders.is_empty() {
            true => Reading::Value(value),
            false => Reading::Held(value, listing(&holders).into()),
        }
    }
}

fn age(policy: &PeerAuthentication) -> (&str, &str) {
    (&policy.metadata.creation_timestamp, &policy.metadata.name)
}

/// The policy of a whole namespace: the oldest without a selector.
pub(super) fn of_namespace<'a>(
    policies: impl IntoIterator<Item = &'a PeerAuthentication>,
) -> Option<&'a PeerAuthentication> {
    policies.into_iter().filter(|policy| policy.is_of_namespace()).min_by_key(|policy| age(policy))
}

/// Both modes of plaintext are one: nothing is encrypted.
fn word(mode: Mode) -> &'static str {
    match mode {
        Mode::Unset | Mode::Permissive => MODES[1],
        Mode::Disable => MODES[0],
        Mode::Strict => MODES[2],
    }
}

/// The mode that a written value asks for.
pub(super) fn written(value: &str) -> &'static str {
    match value {
        "strict" => "STRICT",
        "permissive" => "PERMISSIVE",
        _ => "DISABLE",
    }
}

impl<'a> Known<'a> {
    fn policies(&self, namespace: &str) -> &[&'a PeerAuthentication] {
        self.policies.get(namespace).map_or(&[], Vec::as_slice)
    }

    /// The mode of a pod with a proxy that no policy of its own selects.
    fn declared(&self, namespace: &str) -> Mode {
        let said =
            |namespace| of_namespace(self.policies(namespace).iter().copied()).map(|policy| policy.spec.mtls.mode);
        let set = [namespace, ROOT].into_iter().filter_map(said).find(|mode| *mode != Mode::Unset);
        set.unwrap_or(Mode::Permissive)
    }

    /// The weakest mode of any pod, where those that no policy selects have this one.
    fn weakest(&self, namespace: &str, declared: Mode) -> Mode {
        let selected = self.selected(namespace);
        let modes = self.pods(namespace).iter().zip(&selected).map(|(pod, policy)| effective(pod, *policy, declared));
        modes.min().unwrap_or(declared)
    }

    fn pods(&self, namespace: &str) -> &[&'a Pod] {
        self.pods.get(namespace).map_or(&[], Vec::as_slice)
    }

    /// For each pod of a namespace the oldest policy that selects it.
    fn selected(&self, namespace: &str) -> Vec<Option<&'a PeerAuthentication>> {
        let pods = self.pods(namespace);
        let mut selected = vec![None; pods.len()];
        let mut selecting = self.policies(namespace).iter().filter(|policy| !policy.is_of_namespace()).peekable();
        if selecting.peek().is_none() {
            return selected;
        }
        let index = Index::of(pods.iter().map(|pod| &pod.metadata.labels));
        for policy in selecting {
            for at in policy.spec.selector.iter().flat_map(|selector| index.select(selector)) {
                selected[at] = selected[at].or(Some(*policy));
            }
        }
        selected
    }

    /// What would leave the namespace weaker than strict if its own policy said so.
    fn holders(&self, namespace: &str) -> BTreeSet<String> {
        if namespace == ROOT {
            return ["the mesh's own policy".to_string()].into();
        }
        if !self.served {
            return ["the absence of Istio".to_string()].into();
        }
        let selected = self.selected(namespace);
        let weak = self.pods(namespace).iter().zip(selected).filter_map(|(pod, policy)| match (proxy(pod), policy) {
            (Proxy::None, _) => Some(format!("{} without a proxy", controller(pod))),
            (Proxy::Bypassed, _) => Some(format!("{} with ports that go past the proxy", controller(pod))),
            (Proxy::Whole, policy) => policy
                .filter(|policy| of_policy(policy, Mode::Strict) != Mode::Strict)
                .map(|policy| format!("peer authentication `{}`", policy.metadata.name)),
        });
        weak.collect()
    }
}

/// How many holders are named.
const NAMED: usize = 3;

fn listing(holders: &BTreeSet<String>) -> String {
    let named: Vec<&str> = holders.iter().take(NAMED).map(String::as_str).collect();
    match holders.len().checked_sub(NAMED) {
        None | Some(0) => named.join("; "),
        Some(more) => format!("{}; and {more} more", named.join("; ")),
    }
}

/// What made a pod, which keeps its name while pods come and go.
fn controller(pod: &Pod) -> String {
    let owner = pod.metadata.owner_references.iter().find(|owner| owner.controller);
    owner.map_or_else(|| format!("Pod `{}`", pod.metadata.name), |owner| format!("{} `{}`", owner.kind, owner.name))
}

/// Whether a proxy stands between a pod and those who reach it.
#[derive(PartialEq, Eq)]
enum Proxy {
    None,
    /// Some ports go past it.
    Bypassed,
    Whole,
}

fn proxy(pod: &Pod) -> Proxy {
    let said = |name: &str| pod.metadata.annotations.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let sidecar = |container: &&crate::listed::Container| &*container.name == "istio-proxy";
    let always = |container: &&crate::listed::Container| &*container.restart_policy == "Always";
    let (containers, init) = (&pod.spec.containers, &pod.spec.init_containers);
    let beside = containers.iter().any(|of| sidecar(&of)) || init.iter().any(|of| sidecar(&of) && always(&of));
    let (past, whole) = if beside {
        (said(EXCLUDED_INBOUND).is_some() || said(INCLUDED_INBOUND).is_some_and(|ports| ports != "*"), true)
    } else {
        (said(BYPASS_INBOUND) == Some("true"), said(REDIRECTION) == Some("enabled"))
    };
    match (whole && !pod.spec.host_network, past) {
        (false, _) => Proxy::None,
        (true, true) => Proxy::Bypassed,
        (true, false) => Proxy::Whole,
    }
}

/// The weakest mode that a policy asks of the pods that it selects, on any port.
fn of_policy(policy: &PeerAuthentication, declared: Mode) -> Mode {
    let or = |mode, wider| if mode == Mode::Unset { wider } else { mode };
    let whole = or(policy.spec.mtls.mode, declared);
    policy.spec.port_level_mtls.values().map(|port| or(port.mode, whole)).fold(whole, Mode::min)
}

fn effective(pod: &Pod, policy: Option<&PeerAuthentication>, declared: Mode) -> Mode {
    match proxy(pod) {
        Proxy::None | Proxy::Bypassed => Mode::Disable,
        Proxy::Whole => policy.map_or(declared, |policy| of_policy(policy, declared)),
    }
}
