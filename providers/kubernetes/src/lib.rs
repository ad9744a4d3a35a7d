//! Kubernetes: its kinds, as pure functions over what the API server lists.
//!
//! ```text
//! pages of lists -> Listed -> kinds::list -> Listing (an object's attributes and settings, each a value or a reason)
//! ```
//! Kinds name the lists that they need as actions (`list networkpolicies.networking.k8s.io`), and nothing else is listed for
//! them. What a list that broke off hides is unknown.

pub mod action;
pub mod kinds;
pub mod label_selector;
pub mod listed;
pub mod metadata;
pub mod page;
pub mod request;
pub mod resource;

use ordain_model::observation::{Cause, Reason};
use ordain_model::provider::{Argument, Provider, Purpose, Target, World};
use ordain_model::schema::Kind;
use ordain_model::stop::Stop;

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
        &[]
    }

    fn connect(&self, _: &Target, _: Purpose, _: &Stop) -> Result<Box<dyn World>, Reason> {
        Err(Reason::new(Cause::Unreachable, "this build cannot reach a cluster: give the target an `estate`"))
    }
}
