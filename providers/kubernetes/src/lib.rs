//! Kubernetes: its kinds, as pure functions over what the API server lists, and the connection to live clusters.
//!
//! ```text
//! pages of lists -> Listed -> kinds::list -> Listing (an object's attributes and settings, each a value or a reason)
//! ```
//! Kinds name the lists that they need as actions (`list networkpolicies.networking.k8s.io`), and nothing else is listed for
//! them. What a list that broke off hides is unknown.

pub mod action;
pub mod arguments;
pub mod cluster_role;
#[cfg(feature = "live")]
mod connection;
pub mod kinds;
pub mod label_selector;
pub mod listed;
pub mod metadata;
pub mod page;
pub mod request;
pub mod resource;

use ordain_model::address::Cell;
use ordain_model::observation::Reason;
use ordain_model::provider::{Argument, Provider, Purpose, Target, World};
use ordain_model::schema::Kind;
use ordain_model::stop::Stop;
use std::collections::BTreeSet;

/// The provider.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kubernetes;

impl Provider for Kubernetes {
    fn name(&self) -> &'static str {
        "kubernetes"
    }

    fn kinds(&self) -> &'static [&'static Kind] {
        kinds::KINDS
    }

    fn arguments(&self) -> &'static [Argument] {
        arguments::ARGUMENTS
    }

    fn differs(&self, target: &Target, cells: &BTreeSet<Cell>, _all: bool) -> Option<String> {
        arguments::Arguments::read(target).map_or_else(|why| Some(why.detail.to_string()), |said| said.differ(cells))
    }

    fn reaches(&self, target: &Target) -> Option<BTreeSet<Cell>> {
        arguments::Arguments::read(target).ok()?.reaches()
    }

    #[cfg(feature = "live")]
    fn connect(&self, target: &Target, purpose: Purpose, stop: &Stop) -> Result<Box<dyn World>, Reason> {
        connection::connect(target, purpose, stop)
    }

    #[cfg(not(feature = "live"))]
    fn connect(&self, target: &Target, _: Purpose, _: &Stop) -> Result<Box<dyn World>, Reason> {
        arguments::Arguments::read(target)?;
        let detail = "this build cannot reach a cluster: build with `--features kubernetes-live`, or give the target an `estate`";
        Err(Reason::new(ordain_model::observation::Cause::Unreachable, detail))
    }
}
