//! The live half of each kind, and the way from a kind's name to it.

use super::calls::{Ask, KindCalls};
use super::scope::Scope;
use crate::kinds::each_kind;
use ordain_model::observation::{Cause, Listing, Reason};
use ordain_model::provider::Change;
use std::collections::BTreeMap;

/// Declares the modules and chooses between them by the kind's name.
macro_rules! dispatch {
    ($($kind:ident,)*) => {
        $(mod $kind;)*

        /// Lists the objects of a kind in a cell.
        pub(crate) async fn list(scope: &Scope, ask: &Ask<'_>) -> Listing {
            match ask.kind.name {
                $(stringify!($kind) => $kind::Calls::list(scope, ask).await,)*
                other => Listing { incomplete: Some(unknown(other)), objects: BTreeMap::new() },
            }
        }

        /// Sends a change.
        pub(crate) async fn write(scope: &Scope, change: &Change) -> Result<(), Reason> {
            match &*change.object.kind {
                $(stringify!($kind) => $kind::Calls::write(scope, change).await,)*
                other => Err(unknown(other)),
            }
        }

        /// How the tagging API calls a kind's objects, where the kind's own list carries no tags.
        pub(crate) fn tagged_as(kind: &str) -> Option<&'static str> {
            match kind {
                $(stringify!($kind) => $kind::Calls::TAGGED_AS,)*
                _ => None,
            }
        }
    };
}

each_kind!(dispatch);

fn unknown(kind: &str) -> Reason {
    Reason::new(Cause::Failed, format!("`{kind}` is not a kind of this provider"))
}
