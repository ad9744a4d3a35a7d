//! [`Arguments`]: what a `target "kubernetes"` block may say beyond what every target may.

use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::observation::{Cause, Reason};
use ordain_model::provider::{Argument, ArgumentType, Purpose, Target};
use ordain_model::types::Type;
use ordain_model::value::Value;
use std::collections::BTreeSet;

/// The arguments, sorted by name.
pub const ARGUMENTS: &[Argument] = &[
    text("apply_as", "User that `apply` impersonates; needed where reading impersonates one. Reading never does."),
    text(
        "cluster",
        "The cluster's name in addresses. Left out: its name in the kubeconfig. In a pod nothing else names it.",
    ),
    text("context", "Context of the kubeconfig. Left out: its current one."),
    text(
        "kubeconfig",
        "Path of the kubeconfig. Left out: `KUBECONFIG`, else the one in the home directory, else the service \
                        account of the pod that Ordain runs in.",
    ),
    text("read_as", "User that reading impersonates: a user's name, or `system:serviceaccount:NAMESPACE:NAME`."),
];

const fn text(name: &'static str, summary: &'static str) -> Argument {
    Argument { name, of: ArgumentType::Plain(Type::String), summary }
}

/// The arguments of one target, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// The cluster's name in addresses.
    pub cluster: Option<Text>,
    /// Context of the kubeconfig.
    pub context: Option<Text>,
    /// Path of the kubeconfig.
    pub kubeconfig: Option<Text>,
    /// User that reading impersonates.
    pub read_as: Option<Text>,
    /// User that apply impersonates.
    pub apply_as: Option<Text>,
}

impl Arguments {
    /// Reads a target's arguments.
    ///
    /// # Errors
    /// Which argument says something that cannot be.
    pub fn read(target: &Target) -> Result<Arguments, Reason> {
        let text = |name: &str| match target.arguments.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match value.as_str() {
                Some("") | None => {
                    Err(Reason::new(Cause::Failed, format!("{name}: expected a text that is not empty")))
                }
                Some(text) => Ok(Some(Text::from(text))),
            },
        };
        Ok(Arguments {
            cluster: text("cluster")?,
            context: text("context")?,
            kubeconfig: text("kubeconfig")?,
            read_as: text("read_as")?,
            apply_as: text("apply_as")?,
        })
    }

    /// Whom a connection impersonates.
    ///
    /// # Errors
    /// Reading impersonates somebody, and nobody says who changes: the credentials themselves are not meant to.
    pub fn impersonates(&self, purpose: Purpose) -> Result<Option<&Text>, Reason> {
        match (purpose, &self.read_as, &self.apply_as) {
            (Purpose::Read, user, _) | (Purpose::Apply, None, user) => Ok(user.as_ref()),
            (Purpose::Apply, Some(_), Some(user)) => Ok(Some(user)),
            (Purpose::Apply, Some(_), None) => {
                let why = "the target has a `read_as` and no `apply_as`: name the user that `apply` impersonates";
                Err(Reason::new(Cause::NoCredentials, why))
            }
        }
    }

    /// How the cluster differs from those of the cells.
    #[must_use]
    pub fn differ(&self, cells: &BTreeSet<Cell>) -> Option<String> {
        let declared = cell(self.cluster.as_ref()?);
        let other = cells.iter().find(|cell| **cell != declared)?;
        Some(format!("{other} was covered and {declared} is declared"))
    }

    /// The cluster, where the target names it; the kubeconfig does otherwise.
    #[must_use]
    pub fn reaches(&self) -> Option<BTreeSet<Cell>> {
        self.cluster.as_ref().map(|name| BTreeSet::from([cell(name)]))
    }
}

/// The cell of a cluster.
#[must_use]
pub fn cell(cluster: &str) -> Cell {
    Cell { provider: "kubernetes".into(), scope: vec![cluster.into()] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, Value)]) -> Result<Arguments, Reason> {
        let arguments = pairs.iter().map(|(name, value)| ((*name).into(), value.clone())).collect();
        Arguments::read(&Target { name: "prod".into(), provider: "kubernetes".into(), arguments })
    }

    #[test]
    fn arguments_are_sorted_and_none_is_needed() {
        assert!(ARGUMENTS.is_sorted_by(|a, b| a.name < b.name));
        assert_eq!(read(&[]).unwrap(), Arguments::default());
        assert_eq!(read(&[("context", Value::string(""))]).unwrap_err().detail.split(':').next(), Some("context"));
    }

    #[test]
    fn reading_never_impersonates_who_applies() {
        let arguments = read(&[("apply_as", Value::string("ordain-apply"))]).unwrap();
        assert_eq!(arguments.impersonates(Purpose::Read), Ok(None));
        assert_eq!(arguments.impersonates(Purpose::Apply).unwrap().map(|user| &**user), Some("ordain-apply"));
        let reads = read(&[("read_as", Value::string("ordain-read"))]).unwrap();
        assert!(reads.impersonates(Purpose::Read).unwrap().is_some());
        assert!(reads.impersonates(Purpose::Apply).unwrap_err().detail.contains("no `apply_as`"));
    }

    #[test]
    fn a_cluster_that_is_named_is_the_only_cell() {
        let named = read(&[("cluster", Value::string("prod"))]).unwrap();
        assert_eq!(named.reaches(), Some(BTreeSet::from([cell("prod")])));
        assert_eq!(named.differ(&BTreeSet::from([cell("prod")])), None);
        let said = named.differ(&BTreeSet::from([cell("staging")])).unwrap();
        assert_eq!(said, "kubernetes:staging was covered and kubernetes:prod is declared");
        assert_eq!(read(&[]).unwrap().reaches(), None);
    }
}
