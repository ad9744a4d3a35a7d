//! The kinds, one file each: what it is, how the lists of a cluster read as its objects, and what a change of it asks for.
//! No SDK, no network.

use crate::listed::Listed;
use crate::request::Request;
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::domain::Domain;
use ordain_model::observation::{Cause, KindReads, Listing, Object, Reading, Reason};
use ordain_model::provider::Change;
use ordain_model::schema::{Exposes, Kind, Setting, Stricter, WriteClass};
use ordain_model::types::Type;

/// What a kind makes of the lists of a cluster. The only thing that a kind adds to this crate.
trait Derived {
    /// Its objects, with what is asked for and nothing else. What a list hides that broke off is unknown.
    fn list(listed: &Listed, reads: &KindReads) -> Listing;

    /// The namespaces whose lists are enough to read one object; none where all are needed.
    fn namespaces(_id: &str) -> Option<Vec<Text>> {
        None
    }

    /// What a change of one unit asks of the API server, in this order. The lists that the unit's calls name were read
    /// just before.
    ///
    /// # Errors
    /// Why nothing can be asked for.
    fn requests(change: &Change, _listed: &Listed) -> Result<Vec<Request>, Reason> {
        Err(no_write(change))
    }
}

/// Declares the modules, lists their kinds and hands calls on to them. The one list that a new kind is added to.
macro_rules! declare {
    ($($kind:ident,)*) => {
        $(pub mod $kind;)*

        /// Every kind, sorted by name.
        pub static KINDS: &[&Kind] = &[$(&$kind::KIND,)*];

        /// The objects of a kind in a cluster, with what is asked for.
        #[must_use]
        pub fn list(kind: &str, listed: &Listed, reads: &KindReads) -> Listing {
            match kind {
                $(stringify!($kind) => <$kind::Objects as Derived>::list(listed, reads),)*
                _ => Listing { incomplete: Some(no_kind(kind)), objects: [].into() },
            }
        }

        /// The namespaces whose lists are enough to read one object of a kind; none where all are needed.
        #[must_use]
        pub fn namespaces(kind: &str, id: &str) -> Option<Vec<Text>> {
            match kind {
                $(stringify!($kind) => <$kind::Objects as Derived>::namespaces(id),)*
                _ => None,
            }
        }

        /// What a change asks of the API server, in this order.
        ///
        /// # Errors
        /// Why nothing can be asked for.
        pub fn requests(change: &Change, listed: &Listed) -> Result<Vec<Request>, Reason> {
            match &*change.object.kind {
                $(stringify!($kind) => <$kind::Objects as Derived>::requests(change, listed),)*
                kind => Err(no_kind(kind)),
            }
        }
    };
}

declare! {
    kubernetes_cluster,
    kubernetes_namespace,
    kubernetes_role,
    kubernetes_workload,
}

fn no_kind(kind: &str) -> Reason {
    Reason::new(Cause::Failed, format!("there is no kind `{kind}`"))
}

fn no_write(change: &Change) -> Reason {
    Reason::new(Cause::Failed, format!("nothing changes `{}` of {}", change.unit, change.object.kind))
}

/// A setting that is only reported: who may set what it comes to is a person.
const fn by_hand(
    name: &'static str,
    summary: &'static str,
    (of, stricter): (Type, Stricter),
    read_actions: &'static [&'static str],
    source: &'static str,
) -> Setting {
    Setting {
        name,
        summary,
        of,
        domain: Domain::Any,
        stricter,
        keyed: None,
        join: None,
        unit: "by_hand",
        class: WriteClass::Manual,
        exposes: Exposes::Nothing,
        read_actions,
        write_actions: &[],
        source,
    }
}

/// Whether the object of this id is asked for.
fn includes(reads: &KindReads, id: &str) -> bool {
    reads.only.as_ref().is_none_or(|only| only.contains(id))
}

/// An object with every attribute and setting that is asked for.
fn object(
    reads: &KindReads,
    attribute: impl Fn(&str) -> Option<Reading>,
    setting: impl Fn(&SettingName) -> Option<Reading>,
) -> Object {
    Object {
        attributes: reads
            .attributes
            .iter()
            .map(|name| (name.clone(), attribute(name).unwrap_or_else(|| unread(name))))
            .collect(),
        settings: reads
            .settings
            .iter()
            .map(|name| (name.clone(), setting(name).unwrap_or_else(|| unread(&name.to_string()))))
            .collect(),
    }
}

fn unread(name: &str) -> Reading {
    Reading::Unknown(Reason::new(Cause::NotCollected, format!("`{name}` was not collected")))
}

#[cfg(test)]
mod tests;
