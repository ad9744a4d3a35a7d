//! `kubernetes_workload`: what pods are made from, what they may do, and what keeps them running.

mod budget;
mod change;
mod image;
mod security;

use super::{Derived, by_hand, includes, object};
use crate::label_selector::LabelSelector;
use crate::listed::{DisruptionBudget, List, Listed, PodSpec, Template, Workload};
use crate::metadata::{Labels, MIRROR, Metadata};
use crate::request::Request;
use image::Image;
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::domain::Domain;
use ordain_model::observation::{KindReads, Listing, Object, Reading, Reason};
use ordain_model::provider::Change;
use ordain_model::schema::{Attribute, Exposes, Kind, Setting, Stricter, Unit, WriteClass, WriteToken};
use ordain_model::types::Type;
use ordain_model::value::Value;
use std::collections::{BTreeMap, BTreeSet};

const CONTAINERS: &str = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";
const IMAGES: &str = "https://kubernetes.io/docs/concepts/containers/images/";

/// The kind.
pub static KIND: Kind = Kind {
    name: "kubernetes_workload",
    summary: "What makes pods: a deployment, stateful set, daemon set, job, cron job, or a replica set or pod of its own. Its id \
              is `KIND:NAMESPACE:NAME`, for example `Deployment:payments:api`.",
    page: include_str!("kubernetes_workload.md"),
    attributes: &[
        Attribute {
            name: "images",
            of: Type::Strings(None),
            summary: "Its images, as they are written.",
            actions: &[],
        },
        Attribute { name: "kind", of: Type::String, summary: "`Deployment`, `StatefulSet`, ...", actions: &[] },
        Attribute { name: "labels", of: Type::Tags, summary: "Its labels.", actions: &[] },
        Attribute { name: "name", of: Type::String, summary: "Its name.", actions: &[] },
        Attribute { name: "namespace", of: Type::String, summary: "Its namespace.", actions: &[] },
        Attribute {
            name: "namespace_labels",
            of: Type::Tags,
            summary: "The labels of its namespace.",
            actions: &["list namespaces"],
        },
        Attribute { name: "pod_labels", of: Type::Tags, summary: "The labels of its pods.", actions: &[] },
    ],
    settings: &[
        Setting {
            name: "disruption_budget",
            summary: "What the disruption budgets that are about its pods do for it.",
            of: Type::Enum(budget::STATES),
            domain: Domain::Except(budget::OTHERS, "a budget that does nothing, or too much, is nobody's aim"),
            stricter: Stricter::Later,
            keyed: None,
            join: None,
            unit: "disruption_budget",
            class: WriteClass::Safe,
            exposes: Exposes::Nothing,
            read_actions: &["list poddisruptionbudgets.policy"],
            write_actions: &[
                "create poddisruptionbudgets.policy",
                "delete poddisruptionbudgets.policy",
                "patch poddisruptionbudgets.policy",
            ],
            source: "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
        },
        by_hand(
            "host_namespaces",
            "Namespaces of the node that its pods share.",
            (Type::Strings(Some(security::HOST_NAMESPACES)), Stricter::Subset),
            &[],
            CONTAINERS,
        ),
        by_hand(
            "images_latest",
            "Whether any of its images is whatever was pushed last: the tag `latest`, or none, without a digest.",
            (Type::Bool, Stricter::False),
            &[],
            IMAGES,
        ),
        by_hand(
            "images_pinned",
            "Whether every image is given by its digest, so that it can only ever be one content.",
            (Type::Bool, Stricter::True),
            &[],
            IMAGES,
        ),
        by_hand(
            "mounts_token",
            "Whether a token of the service account is mounted into its pods: as they say, else as the service account says, else yes.",
            (Type::Bool, Stricter::False),
            &["list serviceaccounts"],
            "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
        ),
        by_hand("privileged", "Whether any container is privileged.", (Type::Bool, Stricter::False), &[], CONTAINERS),
        by_hand(
            "read_only_root",
            "Whether no container writes to its own file system.",
            (Type::Bool, Stricter::True),
            &[],
            "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
        ),
        by_hand(
            "registries",
            "Registries from which its images come; `docker.io` where none is named.",
            (Type::Strings(None), Stricter::Subset),
            &[],
            IMAGES,
        ),
        by_hand(
            "replicas",
            "How many pods it keeps.",
            (Type::Integer, Stricter::Greater),
            &[],
            "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/",
        ),
        by_hand(
            "run_as_non_root",
            "Whether no container can run as root.",
            (Type::Bool, Stricter::True),
            &[],
            CONTAINERS,
        ),
        by_hand(
            "spread_over",
            "Labels of nodes over which its pods have to spread, for example `topology.kubernetes.io/zone`.",
            (Type::Strings(None), Stricter::Superset),
            &[],
            "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/",
        ),
    ],
    deprecated: &[],
    rules: &[],
    units: &[Unit {
        name: "disruption_budget",
        token: WriteToken::condition("fieldManager"),
        calls: LISTS,
        waits: &[],
    }],
    terraform: &[],
    list_actions: &[
        "list cronjobs.batch",
        "list daemonsets.apps",
        "list deployments.apps",
        "list jobs.batch",
        "list pods",
        "list replicasets.apps",
        "list statefulsets.apps",
    ],
};

/// What a change of a budget reads before it writes.
const LISTS: &[&str] = &[
    "list cronjobs.batch",
    "list daemonsets.apps",
    "list deployments.apps",
    "list jobs.batch",
    "list pods",
    "list replicasets.apps",
    "list statefulsets.apps",
    "patch poddisruptionbudgets.policy",
];

/// A workload, whatever makes its pods.
struct View<'a> {
    kind: &'static str,
    metadata: &'a Metadata,
    /// Labels of its pods.
    labels: &'a Labels,
    /// The pods that it counts as its own.
    selector: Option<&'a LabelSelector>,
    pod: &'a PodSpec,
    /// How many pods it keeps, where that is what it does.
    replicas: Option<i64>,
}

impl View<'_> {
    fn id(&self) -> String {
        format!("{}:{}:{}", self.kind, self.metadata.namespace, self.metadata.name)
    }

    fn images(&self) -> impl Iterator<Item = Image<'_>> {
        self.pod.every_container().map(|container| Image::parse(&container.image))
    }
}

/// Everything that makes pods and that nothing else made.
fn views(listed: &Listed) -> Vec<View<'_>> {
    let replicated = [
        ("Deployment", &listed.deployments),
        ("ReplicaSet", &listed.replica_sets),
        ("StatefulSet", &listed.stateful_sets),
    ];
    let replicated = replicated.into_iter().flat_map(|(kind, list)| {
        let one = |of: &Workload| Some(of.spec.replicas.unwrap_or(1));
        list.items.iter().map(move |of| of_template(kind, of, &of.spec.template, one(of)))
    });
    let others = [("DaemonSet", &listed.daemon_sets), ("Job", &listed.jobs)];
    let others = others
        .into_iter()
        .flat_map(|(kind, list)| list.items.iter().map(move |of| of_template(kind, of, &of.spec.template, None)));
    let cron_jobs = listed.cron_jobs.items.iter();
    let cron_jobs = cron_jobs.map(|of| of_template("CronJob", of, &of.spec.job_template.spec.template, None));
    let pods =
        listed.pods.items.iter().filter(|pod| !pod.has_ended() && !pod.metadata.annotations.contains_key(MIRROR));
    let pods = pods.map(|pod| View {
        kind: "Pod",
        metadata: &pod.metadata,
        labels: &pod.metadata.labels,
        selector: None,
        pod: &pod.spec,
        replicas: None,
    });
    let all = replicated.chain(others).chain(cron_jobs).chain(pods);
    all.filter(|view| !view.metadata.owner_references.iter().any(|owner| owner.controller)).collect()
}

fn of_template<'a>(kind: &'static str, of: &'a Workload, template: &'a Template, replicas: Option<i64>) -> View<'a> {
    View {
        kind,
        metadata: &of.metadata,
        labels: &template.metadata.labels,
        selector: Some(&of.spec.selector),
        pod: &template.spec,
        replicas,
    }
}

/// What the lists of a cluster say of its workloads.
pub(super) struct Objects;

impl Derived for Objects {
    fn list(listed: &Listed, reads: &KindReads) -> Listing {
        let views = views(listed);
        let around = Around::of(listed, &views);
        let read = |(at, view): (usize, &View<'_>)| -> Option<(Text, Object)> {
            let id = view.id();
            let object =
                || object(reads, |name| attribute(view, &around, name), |name| setting(at, view, &around, name));
            includes(reads, &id).then(|| (id.as_str().into(), object()))
        };
        let objects = views.iter().enumerate().filter_map(read).collect();
        Listing { incomplete: incomplete(listed), objects }
    }

    fn namespaces(id: &str) -> Option<Vec<Text>> {
        Some(vec![id.split(':').nth(1)?.into()])
    }

    fn requests(change: &Change, listed: &Listed) -> Result<Vec<Request>, Reason> {
        change::requests(change, listed)
    }
}

/// Why there may be more workloads.
fn incomplete(listed: &Listed) -> Option<Reason> {
    let why = |list: &List<Workload>| list.incomplete.clone();
    let lists = [&listed.cron_jobs, &listed.daemon_sets, &listed.deployments, &listed.jobs, &listed.replica_sets];
    let first = lists.into_iter().find_map(why);
    first.or_else(|| why(&listed.stateful_sets)).or_else(|| listed.pods.incomplete.clone())
}

/// What stands around the workloads and decides about them, or why that is not all known.
struct Around<'a> {
    budgets: Result<Vec<Vec<&'a DisruptionBudget>>, &'a Reason>,
    namespaces: Result<BTreeMap<&'a str, &'a Metadata>, &'a Reason>,
    /// Service accounts that say whether their token is mounted, by namespace and name.
    accounts: Result<BTreeMap<(&'a str, &'a str), bool>, &'a Reason>,
}

impl<'a> Around<'a> {
    fn of(listed: &'a Listed, views: &[View<'_>]) -> Around<'a> {
        let namespaces = listed.namespaces.all();
        let accounts = listed.service_accounts.all();
        Around {
            budgets: listed.disruption_budgets.all().map(|budgets| budget::covering(views, budgets)),
            namespaces: namespaces.map(|all| all.iter().map(|of| (&*of.metadata.name, &of.metadata)).collect()),
            accounts: accounts.map(|all| {
                let mounted =
                    |account: &crate::listed::ServiceAccount| account.automount_service_account_token.unwrap_or(true);
                all.iter().map(|of| ((&*of.metadata.namespace, &*of.metadata.name), mounted(of))).collect()
            }),
        }
    }

    /// The pods' own word goes first; a service account that is not there keeps them from running at all.
    fn mounts_token(&self, view: &View<'_>) -> Reading {
        if let Some(said) = view.pod.automount_service_account_token {
            return Reading::Value(Value::Bool(said));
        }
        let name = if view.pod.service_account_name.is_empty() { "default" } else { &view.pod.service_account_name };
        match &self.accounts {
            Err(reason) => Reading::Unknown((*reason).clone()),
            Ok(accounts) => {
                let mounted = accounts.get(&(&*view.metadata.namespace, name)).copied();
                Reading::Value(Value::Bool(mounted.unwrap_or(true)))
            }
        }
    }
}

fn attribute(view: &View<'_>, around: &Around<'_>, name: &str) -> Option<Reading> {
    let value = match name {
        "images" => Value::set(view.pod.every_container().map(|container| &*container.image)),
        "kind" => Value::string(view.kind),
        "labels" => view.metadata.tags(),
        "name" => Value::String(view.metadata.name.clone()),
        "namespace" => Value::String(view.metadata.namespace.clone()),
        "namespace_labels" => match &around.namespaces {
            Err(reason) => return Some(Reading::Unknown((*reason).clone())),
            Ok(namespaces) => {
                namespaces.get(&*view.metadata.namespace).map_or_else(|| Value::object([]), |of| of.tags())
            }
        },
        "pod_labels" => Metadata { labels: view.labels.clone(), ..Metadata::default() }.tags(),
        _ => return None,
    };
    Some(Reading::Value(value))
}

fn setting(at: usize, view: &View<'_>, around: &Around<'_>, setting: &SettingName) -> Option<Reading> {
    let value = match &*setting.name {
        "disruption_budget" => {
            let state = |of: &Vec<Vec<&DisruptionBudget>>| budget::state(view, of.get(at).map_or(&[], Vec::as_slice));
            return Some(around.budgets.as_ref().map_or_else(|why| Reading::Unknown((*why).clone()), state));
        }
        "host_namespaces" => Value::set(security::host_namespaces(view.pod)),
        "images_latest" => Value::Bool(view.images().any(|image| image.is_latest())),
        "images_pinned" => Value::Bool(view.images().all(|image| image.is_pinned())),
        "mounts_token" => return Some(around.mounts_token(view)),
        "privileged" => Value::Bool(security::privileged(view.pod)),
        "read_only_root" => Value::Bool(security::read_only_root(view.pod)),
        "registries" => Value::set(view.images().map(|image| image.registry).collect::<BTreeSet<_>>()),
        "replicas" => match view.replicas {
            Some(replicas) => Value::integer(replicas),
            None => return Some(Reading::NotApplicable(format!("a {} keeps no number of pods", view.kind).into())),
        },
        "run_as_non_root" => Value::Bool(security::run_as_non_root(view.pod)),
        "spread_over" => Value::set(security::spread_over(view.pod, view.labels)),
        _ => return None,
    };
    Some(Reading::Value(value))
}

#[cfg(test)]
mod tests;
