//! [`Listed`]: everything that was listed of one cluster, typed, and why the rest was not. What the kinds read.

use crate::page::Page;
use crate::resource::Resource;
use ordain_model::Text;
use ordain_model::observation::{Cause, Reason};
use serde::de::DeserializeOwned;

mod admission;
mod disruption_budget;
mod namespace;
mod network_policy;
mod other_policy;
mod peer_authentication;
mod pod;
mod rbac;
mod workload;

pub use admission::Admission;
pub use disruption_budget::DisruptionBudget;
pub use namespace::Namespace;
pub use network_policy::{Direction, NetworkPolicy};
pub use other_policy::OtherPolicy;
pub use peer_authentication::{Mode, PeerAuthentication};
pub use pod::{Container, ENFORCES, Pod, PodSpec, SpreadConstraint};
pub use rbac::{AggregationRule, Binding, Role, RoleReference, Rule, Subject};
pub use workload::{ServiceAccount, Template, Workload};

/// What was listed of one resource.
#[derive(Clone, Debug)]
pub struct List<T> {
    /// Its objects, as they came.
    pub items: Vec<T>,
    /// Why there may be more of them.
    pub incomplete: Option<Reason>,
    /// Whether the server serves the resource. One that it does not serve has no objects, and its list is complete.
    pub served: bool,
    /// Which state of the cluster it shows.
    pub resource_version: Text,
}

impl<T> Default for List<T> {
    /// A list that nobody asked for.
    fn default() -> List<T> {
        let incomplete = Some(Reason::new(Cause::NotCollected, "was not listed"));
        List { items: Vec::new(), incomplete, served: true, resource_version: "".into() }
    }
}

impl<T> List<T> {
    /// All of its objects.
    ///
    /// # Errors
    /// Why some of them may be missing.
    pub fn all(&self) -> Result<&[T], &Reason> {
        self.incomplete.as_ref().map_or(Ok(&self.items), Err)
    }
}

/// Takes in what the API answers to the requests for one list.
pub trait Intake {
    /// One page, in its order. Gives back what asks for the next one; none after the last, with which the list is
    /// complete. An object that does not read as its API documents it leaves the list incomplete.
    ///
    /// # Errors
    /// The answer is no list.
    fn page(&mut self, resource: &Resource, body: &[u8]) -> Result<Option<String>, Reason>;

    /// The list broke off, or could not be asked for.
    fn broke(&mut self, why: Reason);

    /// The server does not serve the resource.
    fn unserved(&mut self);

    /// The list begins anew: the state that its pages showed is gone.
    fn restart(&mut self);

    /// Which state of the cluster it shows; empty before the first page.
    fn resource_version(&self) -> &Text;
}

impl<T: DeserializeOwned> Intake for List<T> {
    fn page(&mut self, resource: &Resource, body: &[u8]) -> Result<Option<String>, Reason> {
        let page = Page::read(body, resource.name)?;
        self.resource_version = page.metadata.resource_version.into();
        for item in page.items {
            match serde_json::from_str(item.get()) {
                Ok(item) => self.items.push(item),
                Err(error) => self.broke(unreadable(resource, &error)),
            }
        }
        let next = Some(page.metadata.r#continue).filter(|next| !next.is_empty());
        if next.is_none() && self.incomplete.as_ref().is_some_and(|why| why.cause == Cause::NotCollected) {
            self.incomplete = None;
        }
        Ok(next)
    }

    fn broke(&mut self, why: Reason) {
        self.incomplete = Some(why);
    }

    fn unserved(&mut self) {
        *self = List { incomplete: None, served: false, ..List::default() };
    }

    fn restart(&mut self) {
        *self = List::default();
    }

    fn resource_version(&self) -> &Text {
        &self.resource_version
    }
}

fn unreadable(resource: &Resource, error: &serde_json::Error) -> Reason {
    Reason::new(Cause::Unreadable, format!("list {}: an object does not read: {error}", resource.name))
}

/// Declares what can be listed, sorted by name of the resource.
macro_rules! listed {
    ($($(#[$doc:meta])* $field:ident: $of:ty = $name:literal $versions:expr, $kind:literal, $namespaced:literal;)*) => {
        /// Every resource that a kind reads, sorted by name.
        pub static RESOURCES: &[Resource] =
            &[$(Resource { name: $name, versions: $versions, kind: $kind, namespaced: $namespaced }),*];

        /// Everything that was listed of one cluster.
        #[derive(Clone, Debug, Default)]
        pub struct Listed {
            /// The version of the API server, as it says it: `v1.33.4-eks-1a2b3c4`. None where it was not asked.
            pub version: Option<String>,
            $($(#[$doc])* pub $field: List<$of>,)*
        }

        impl Listed {
            /// The list of a resource, to be filled.
            pub fn intake(&mut self, name: &str) -> Option<&mut dyn Intake> {
                match name {
                    $($name => Some(&mut self.$field),)*
                    _ => None,
                }
            }
        }
    };
}

listed! {
    /// Policies of the administrators of a cluster, which go before network policies.
    admin_network_policies: OtherPolicy =
        "adminnetworkpolicies.policy.networking.k8s.io" &["v1alpha1"], "AdminNetworkPolicy", false;
    /// Cilium's policies for a whole cluster.
    cilium_cluster_policies: OtherPolicy =
        "ciliumclusterwidenetworkpolicies.cilium.io" &["v2"], "CiliumClusterwideNetworkPolicy", false;
    /// Cilium's policies for a namespace.
    cilium_policies: OtherPolicy = "ciliumnetworkpolicies.cilium.io" &["v2"], "CiliumNetworkPolicy", true;
    /// Policies of the administrators of a cluster, as they are called since.
    cluster_network_policies: OtherPolicy =
        "clusternetworkpolicies.policy.networking.k8s.io" &["v1alpha2"], "ClusterNetworkPolicy", false;
    /// Who has which role in the whole cluster.
    cluster_role_bindings: Binding =
        "clusterrolebindings.rbac.authorization.k8s.io" &["v1"], "ClusterRoleBinding", false;
    /// Roles of the cluster.
    cluster_roles: Role = "clusterroles.rbac.authorization.k8s.io" &["v1"], "ClusterRole", false;
    /// Cron jobs.
    cron_jobs: Workload = "cronjobs.batch" &["v1"], "CronJob", true;
    /// Daemon sets.
    daemon_sets: Workload = "daemonsets.apps" &["v1"], "DaemonSet", true;
    /// Deployments.
    deployments: Workload = "deployments.apps" &["v1"], "Deployment", true;
    /// Calico's policies for a whole cluster.
    calico_global_policies: OtherPolicy =
        "globalnetworkpolicies.crd.projectcalico.org" &["v1"], "GlobalNetworkPolicy", false;
    /// Jobs.
    jobs: Workload = "jobs.batch" &["v1"], "Job", true;
    /// Namespaces.
    namespaces: Namespace = "namespaces" &["v1"], "Namespace", false;
    /// Calico's policies for a namespace.
    calico_policies: OtherPolicy = "networkpolicies.crd.projectcalico.org" &["v1"], "NetworkPolicy", true;
    /// Network policies.
    network_policies: NetworkPolicy = "networkpolicies.networking.k8s.io" &["v1"], "NetworkPolicy", true;
    /// Istio's rules on who has to speak mutual TLS.
    peer_authentications: PeerAuthentication =
        "peerauthentications.security.istio.io" &["v1", "v1beta1"], "PeerAuthentication", true;
    /// How many of some pods may be evicted at once.
    disruption_budgets: DisruptionBudget =
        "poddisruptionbudgets.policy" &["v1"], "PodDisruptionBudget", true;
    /// Pods.
    pods: Pod = "pods" &["v1"], "Pod", true;
    /// Replica sets.
    replica_sets: Workload = "replicasets.apps" &["v1"], "ReplicaSet", true;
    /// Who has which role in a namespace.
    role_bindings: Binding = "rolebindings.rbac.authorization.k8s.io" &["v1"], "RoleBinding", true;
    /// Roles of namespaces.
    roles: Role = "roles.rbac.authorization.k8s.io" &["v1"], "Role", true;
    /// Service accounts.
    service_accounts: ServiceAccount = "serviceaccounts" &["v1"], "ServiceAccount", true;
    /// Stateful sets.
    stateful_sets: Workload = "statefulsets.apps" &["v1"], "StatefulSet", true;
    /// Where policies on what is admitted hold.
    admission_policy_bindings: Admission =
        "validatingadmissionpolicybindings.admissionregistration.k8s.io" &["v1", "v1beta1"], "ValidatingAdmissionPolicyBinding", false;
    /// Web hooks that refuse what is not admitted.
    validating_webhooks: Admission =
        "validatingwebhookconfigurations.admissionregistration.k8s.io" &["v1"], "ValidatingWebhookConfiguration", false;
}

#[cfg(test)]
mod tests;
