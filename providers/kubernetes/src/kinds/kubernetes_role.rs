//! `kubernetes_role`: what a role allows, what it comes to, and who has it.

mod aggregation;
mod power;

use super::{Derived, by_hand, includes, object};
use crate::listed::{Binding, Listed, Role};
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::observation::{KindReads, Listing, Reading, Reason};
use ordain_model::schema::{Attribute, Kind, Setting, Stricter};
use ordain_model::types::Type;
use ordain_model::value::Value;
use power::{ESCALATIONS, Power, Powers};
use std::collections::{BTreeMap, BTreeSet};

const BINDINGS: &[&str] =
    &["list clusterrolebindings.rbac.authorization.k8s.io", "list rolebindings.rbac.authorization.k8s.io"];

/// Which secrets a role reads, from the most.
const SECRETS: &[&str] = &["all", "named", "none"];

/// Something that a role's rules or bindings come to. Who should have which role is not for a program to decide.
const fn derived(
    name: &'static str,
    summary: &'static str,
    (of, stricter): (Type, Stricter),
    read_actions: &'static [&'static str],
) -> Setting {
    let source = "https://kubernetes.io/docs/reference/access-authn-authz/rbac/";
    by_hand(name, summary, (of, stricter), read_actions, source)
}

/// The kind.
pub static KIND: Kind = Kind {
    name: "kubernetes_role",
    summary: "A role of a namespace or of the cluster. Its id is `Role:NAMESPACE:NAME` or `ClusterRole:NAME`.",
    page: include_str!("kubernetes_role.md"),
    attributes: &[
        Attribute {
            name: "is_bound",
            of: Type::Bool,
            summary: "Whether a binding gives it to anybody.",
            actions: BINDINGS,
        },
        Attribute {
            name: "is_bound_in_cluster",
            of: Type::Bool,
            summary: "Whether a binding gives it to anybody for every namespace.",
            actions: BINDINGS,
        },
        Attribute {
            name: "is_cluster_role",
            of: Type::Bool,
            summary: "Whether it is a role of the cluster.",
            actions: &[],
        },
        Attribute {
            name: "is_default",
            of: Type::Bool,
            summary: "Whether Kubernetes itself made it: by its label, or a name that begins with `system:`.",
            actions: &[],
        },
        Attribute { name: "labels", of: Type::Tags, summary: "Its labels.", actions: &[] },
        Attribute { name: "name", of: Type::String, summary: "Its name.", actions: &[] },
        Attribute {
            name: "namespace",
            of: Type::String,
            summary: "Its namespace; null for a role of the cluster.",
            actions: &[],
        },
    ],
    settings: &[
        derived(
            "bound_subjects",
            "Who has it: `User:NAME`, `Group:NAME`, `ServiceAccount:NAMESPACE:NAME`.",
            (Type::Strings(None), Stricter::Subset),
            BINDINGS,
        ),
        derived(
            "bound_to_everybody",
            "Whether a subject stands for everybody who reaches the API server, or for every service account.",
            (Type::Bool, Stricter::False),
            BINDINGS,
        ),
        derived(
            "escalates",
            "Ways in which its subjects get at more than it says.",
            (Type::Strings(Some(ESCALATIONS)), Stricter::Subset),
            &[],
        ),
        derived(
            "reads_secrets",
            "Which secrets its subjects read where it is bound: all, those that it names, or none.",
            (Type::Enum(SECRETS), Stricter::Later),
            &[],
        ),
        derived(
            "wildcard_on_secrets",
            "Whether it allows every verb, those of tomorrow included, on secrets.",
            (Type::Bool, Stricter::False),
            &[],
        ),
    ],
    deprecated: &[],
    rules: &[],
    units: &[],
    terraform: &[],
    list_actions: &["list clusterroles.rbac.authorization.k8s.io", "list roles.rbac.authorization.k8s.io"],
};

/// What the lists of a cluster say of its roles.
pub(super) struct Objects;

impl Derived for Objects {
    fn list(listed: &Listed, reads: &KindReads) -> Listing {
        let (cluster_roles, roles) = (&listed.cluster_roles, &listed.roles);
        let bound = Bound::of(listed);
        let powers = aggregation::powers(&cluster_roles.items);
        let of_cluster = cluster_roles.items.iter().zip(powers).map(|(role, powers)| View {
            role,
            id: format!("ClusterRole:{}", role.metadata.name),
            // Roles that were not listed may be among those that it aggregates.
            powers: match (&role.aggregation_rule, &cluster_roles.incomplete) {
                (Some(_), Some(why)) => Err(why),
                _ => Ok(powers),
            },
        });
        let of_namespaces = roles.items.iter().map(|role| View {
            role,
            id: format!("Role:{}:{}", role.metadata.namespace, role.metadata.name),
            powers: Ok(Powers::of(&role.rules)),
        });
        let views = of_cluster.chain(of_namespaces).filter(|view| includes(reads, &view.id));
        let read = |view: View<'_>| {
            let object = object(reads, |name| attribute(&view, &bound, name), |name| setting(&view, &bound, name));
            (Text::from(view.id), object)
        };
        Listing {
            incomplete: cluster_roles.incomplete.clone().or_else(|| roles.incomplete.clone()),
            objects: views.map(read).collect(),
        }
    }
}

/// A role with what it comes to.
struct View<'a> {
    role: &'a Role,
    id: String,
    powers: Result<Powers, &'a Reason>,
}

/// Who has each role, by its id, or why that is not all known.
struct Bound<'a>(Result<BTreeMap<String, Subjects>, &'a Reason>);

/// Who has a role.
#[derive(Default)]
struct Subjects {
    words: BTreeSet<String>,
    everybody: bool,
    in_cluster: bool,
}

impl<'a> Bound<'a> {
    fn of(listed: &'a Listed) -> Bound<'a> {
        let of_cluster = listed.cluster_role_bindings.all();
        Bound(of_cluster.and_then(|of_cluster| {
            let mut bound: BTreeMap<String, Subjects> = BTreeMap::new();
            for binding in of_cluster.iter().chain(listed.role_bindings.all()?) {
                let subjects = bound.entry(id_of(binding)).or_default();
                for subject in &binding.subjects {
                    subjects.words.insert(subject.word(&binding.metadata.namespace));
                    subjects.everybody |= subject.is_everybody();
                    subjects.in_cluster |= binding.metadata.namespace.is_empty();
                }
            }
            Ok(bound)
        }))
    }

    fn read(&self, id: &str, value: impl Fn(&Subjects) -> Value) -> Reading {
        match &self.0 {
            Err(reason) => Reading::Unknown((*reason).clone()),
            Ok(bound) => Reading::Value(value(bound.get(id).unwrap_or(&Subjects::default()))),
        }
    }
}

/// The id of the role that a binding gives.
fn id_of(binding: &Binding) -> String {
    let (role, namespace) = (&binding.role_ref, &binding.metadata.namespace);
    match &*role.kind {
        "Role" => format!("Role:{namespace}:{}", role.name),
        _ => format!("ClusterRole:{}", role.name),
    }
}

fn attribute(view: &View<'_>, bound: &Bound<'_>, name: &str) -> Option<Reading> {
    let metadata = &view.role.metadata;
    let value = match name {
        "is_bound" => return Some(bound.read(&view.id, |subjects| Value::Bool(!subjects.words.is_empty()))),
        "is_bound_in_cluster" => return Some(bound.read(&view.id, |subjects| Value::Bool(subjects.in_cluster))),
        "is_cluster_role" => Value::Bool(metadata.namespace.is_empty()),
        "is_default" => Value::Bool(view.role.is_default()),
        "labels" => metadata.tags(),
        "name" => Value::String(metadata.name.clone()),
        "namespace" if metadata.namespace.is_empty() => Value::Null,
        "namespace" => Value::String(metadata.namespace.clone()),
        _ => return None,
    };
    Some(Reading::Value(value))
}

fn setting(view: &View<'_>, bound: &Bound<'_>, setting: &SettingName) -> Option<Reading> {
    let powers = |value: fn(Powers) -> Value| {
        Some(view.powers.map_or_else(|why| Reading::Unknown(why.clone()), |powers| Reading::Value(value(powers))))
    };
    match &*setting.name {
        "bound_subjects" => {
            Some(bound.read(&view.id, |subjects| Value::set(subjects.words.iter().map(String::as_str))))
        }
        "bound_to_everybody" => Some(bound.read(&view.id, |subjects| Value::Bool(subjects.everybody))),
        "escalates" => powers(|powers| Value::set(powers.escalations())),
        "reads_secrets" => powers(|powers| Value::string(secrets(powers))),
        "wildcard_on_secrets" => powers(|powers| Value::Bool(powers.has(Power::WildcardOnSecrets))),
        _ => None,
    }
}

fn secrets(powers: Powers) -> &'static str {
    match (powers.has(Power::ReadSecrets), powers.has(Power::ReadNamedSecrets)) {
        (true, _) => SECRETS[0],
        (false, true) => SECRETS[1],
        (false, false) => SECRETS[2],
    }
}

#[cfg(test)]
mod tests;
