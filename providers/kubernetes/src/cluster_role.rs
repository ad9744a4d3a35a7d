//! [`ClusterRole`]: the rules that a run takes, no more and no fewer, each with what asks for it.
//!
//! What every user may do is not among them: asking the server for its version, for what it serves, and who one is
//! (`system:public-info-viewer`, `system:discovery`, `system:basic-user`).

use crate::action::Action;
use crate::arguments::Arguments;
use crate::kinds::KINDS;
use ordain_model::Text;
use ordain_model::observation::{ReadSet, Reason};
use ordain_model::provider::{Purpose, Target};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Rules, and what asks for each of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusterRole {
    /// By resource.
    rules: BTreeMap<&'static str, Rule>,
    /// Users that are impersonated.
    users: BTreeSet<Text>,
}

/// What is done with one resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Rule {
    verbs: BTreeSet<&'static str>,
    /// Kinds, and what of them: `kubernetes_namespace.default_deny_ingress`.
    asked: BTreeSet<String>,
}

impl ClusterRole {
    /// Adds what reading one set from a target takes, and for apply changing another.
    ///
    /// # Errors
    /// What the target's arguments say and cannot be.
    pub fn add(&mut self, target: &Target, reads: &ReadSet, writes: &ReadSet, purpose: Purpose) -> Result<(), Reason> {
        let arguments = Arguments::read(target)?;
        self.users.extend(arguments.impersonates(purpose)?.cloned());
        for (name, asked) in &reads.kinds {
            let Some(kind) = KINDS.iter().find(|kind| kind.name == &**name) else { continue };
            self.allow(kind.name, kind.list_actions);
            for attribute in asked.attributes.iter().filter_map(|name| kind.attribute(name)) {
                self.allow(&format!("{}.{}", kind.name, attribute.name), attribute.actions);
            }
            for setting in asked.settings.iter().filter_map(|name| kind.setting(&name.name)) {
                self.allow(&format!("{}.{}", kind.name, setting.name), setting.read_actions);
            }
        }
        for (name, changed) in writes.kinds.iter().filter(|_| purpose == Purpose::Apply) {
            let Some(kind) = KINDS.iter().find(|kind| kind.name == &**name) else { continue };
            for setting in changed.settings.iter().filter_map(|name| kind.setting(&name.name)) {
                let asked = format!("{}.{}", kind.name, setting.name);
                self.allow(&asked, setting.write_actions);
                let lists = kind.unit(setting.unit).map_or(&[][..], |unit| unit.calls);
                self.allow(&asked, lists);
            }
        }
        Ok(())
    }

    fn allow(&mut self, asked: &str, actions: &[&'static str]) {
        for action in actions.iter().filter_map(|action| Action::parse(action)) {
            let rule = self.rules.entry(action.resource).or_default();
            rule.verbs.insert(action.verb);
            rule.asked.insert(asked.to_owned());
        }
    }

    /// Whether there is nothing to allow to who acts in the cluster, or to who impersonates.
    #[must_use]
    pub fn is_empty(&self, caller: bool) -> bool {
        self.rules(caller).is_empty()
    }

    /// Whether somebody is impersonated, so that who starts the run and who acts in the cluster are two.
    #[must_use]
    pub fn impersonates(&self) -> bool {
        !self.users.is_empty()
    }

    /// The object. `caller`: for who starts the run, where somebody is impersonated.
    #[must_use]
    pub fn object(&self, name: &str, caller: bool) -> Json {
        let rules: Vec<Json> = self.rules(caller).into_iter().map(|(rule, _)| rule).collect();
        let (version, kind) = ("rbac.authorization.k8s.io/v1", "ClusterRole");
        json!({ "apiVersion": version, "kind": kind, "metadata": { "name": name }, "rules": rules })
    }

    /// The manifest, in YAML: before each rule, what asks for it.
    #[must_use]
    pub fn manifest(&self, name: &str, caller: bool) -> String {
        let mut text =
            format!("apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: {name}\nrules:\n");
        for (rule, asked) in self.rules(caller) {
            let _ = writeln!(text, "  # {asked}\n  - {rule}");
        }
        text
    }

    /// Each rule with what asks for it.
    fn rules(&self, caller: bool) -> Vec<(Json, String)> {
        if caller && self.impersonates() {
            return impersonated(&self.users)
                .into_iter()
                .map(|rule| (rule, "whom the targets impersonate".into()))
                .collect();
        }
        let rule = |(name, rule): (&&str, &Rule)| {
            let (plural, group) = name.split_once('.').unwrap_or((name, ""));
            let asked = rule.asked.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            (json!({ "apiGroups": [group], "resources": [plural], "verbs": rule.verbs }), asked)
        };
        self.rules.iter().map(rule).collect()
    }
}

/// The name of the service account that a user's name means.
fn account(user: &str) -> Option<&str> {
    user.strip_prefix("system:serviceaccount:")?.split_once(':').map(|(_, name)| name)
}

/// Rules to impersonate users. Service accounts are impersonated by their own names.
/// <https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation>
fn impersonated(users: &BTreeSet<Text>) -> Vec<Json> {
    let accounts: BTreeSet<&str> = users.iter().filter_map(|user| account(user)).collect();
    let others: BTreeSet<&Text> = users.iter().filter(|user| account(user).is_none()).collect();
    let rule = |resource: &str, names: Json| json!({ "apiGroups": [""], "resources": [resource], "resourceNames": names, "verbs": ["impersonate"] });
    let accounts = (!accounts.is_empty()).then(|| rule("serviceaccounts", json!(accounts)));
    let others = (!others.is_empty()).then(|| rule("users", json!(others)));
    accounts.into_iter().chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordain_model::address::SettingName;
    use ordain_model::observation::KindReads;
    use ordain_model::value::Value;

    fn set(attributes: &[&str], settings: &[&str]) -> ReadSet {
        let reads = KindReads {
            attributes: attributes.iter().map(|name| (*name).into()).collect(),
            settings: settings.iter().map(|name| SettingName::plain(name)).collect(),
            ..KindReads::default()
        };
        ReadSet { kinds: BTreeMap::from([("kubernetes_namespace".into(), reads)]) }
    }

    fn role(pairs: &[(&str, &str)], purpose: Purpose) -> ClusterRole {
        let arguments = pairs.iter().map(|(name, value)| ((*name).into(), Value::string(value))).collect();
        let target = Target { name: "t".into(), provider: "kubernetes".into(), arguments };
        let mut role = ClusterRole::default();
        role.add(&target, &set(&["labels"], &["default_deny_ingress"]), &set(&[], &["default_deny_ingress"]), purpose)
            .unwrap();
        role
    }

    #[test]
    fn only_what_is_asked_for_and_why() {
        let manifest = role(&[], Purpose::Read).manifest("ordain-read", false);
        let head =
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: ordain-read\nrules:\n";
        // What denies by default is asked of every API that may allow what a policy denies.
        let rules = [
            ("policy.networking.k8s.io", "adminnetworkpolicies"),
            ("cilium.io", "ciliumclusterwidenetworkpolicies"),
            ("cilium.io", "ciliumnetworkpolicies"),
            ("policy.networking.k8s.io", "clusternetworkpolicies"),
            ("crd.projectcalico.org", "globalnetworkpolicies"),
            ("", "namespaces"),
            ("crd.projectcalico.org", "networkpolicies"),
            ("networking.k8s.io", "networkpolicies"),
        ];
        let rule = |(group, plural): (&str, &str)| {
            let asked = if plural == "namespaces" { "" } else { ".default_deny_ingress" };
            format!(
                "  # kubernetes_namespace{asked}\n  - {{\"apiGroups\":[\"{group}\"],\"resources\":[\"{plural}\"],\"verbs\":[\"list\"]}}\n"
            )
        };
        let expected = head.to_owned() + &rules.map(rule).concat();
        assert_eq!(manifest, expected);
        let apply = role(&[], Purpose::Apply).object("ordain-apply", false);
        let rules = apply["rules"].as_array().unwrap().iter();
        let written: Vec<&Json> = rules.filter(|rule| rule["verbs"] != json!(["list"])).collect();
        let expected = json!({
            "apiGroups": ["networking.k8s.io"],
            "resources": ["networkpolicies"],
            "verbs": ["create", "delete", "list", "patch"],
        });
        assert_eq!(written, [&expected], "nothing else is written");
    }

    #[test]
    fn who_is_impersonated_acts_and_who_starts_the_run_may_only_impersonate() {
        let pairs = [("read_as", "system:serviceaccount:ordain:reader"), ("apply_as", "deployer")];
        let read = role(&pairs, Purpose::Read);
        let own = read.object("x", false);
        let lists = |rule: &Json| rule["verbs"] == json!(["list"]);
        assert!(own["rules"].as_array().is_some_and(|rules| rules.iter().all(lists)), "{own}");
        let caller = json!([{
            "apiGroups": [""], "resources": ["serviceaccounts"], "resourceNames": ["reader"], "verbs": ["impersonate"],
        }]);
        assert_eq!(read.object("x", true)["rules"], caller);
        let applies = role(&pairs, Purpose::Apply).object("x", true);
        assert_eq!(applies["rules"][0]["resourceNames"], json!(["deployer"]));
        let own = role(&[], Purpose::Read);
        assert_eq!(own.object("x", true), own.object("x", false), "without impersonation they are one");
    }
}
