//! AWS: its kinds, and the connection to live accounts.
//!
//! Kinds are data and pure functions and always there; the connection is behind the feature `live`, so that a build
//! without the SDK still compiles profiles, plans from snapshots and prints policies.

pub mod actions;
pub mod arguments;
#[cfg(feature = "live")]
mod connection;
pub mod kinds;
pub mod pace;
pub mod region;
pub(crate) mod terraform;
pub mod xml;

use ordain_model::address::Cell;
use ordain_model::observation::Reason;
use ordain_model::provider::{Argument, Provider, Purpose, Target, World};
use ordain_model::schema::Kind;
use ordain_model::stop::Stop;
use pace::Pace;
use std::collections::BTreeSet;

/// The provider.
#[derive(Clone, Copy, Debug, Default)]
pub struct Aws {
    /// How fast it calls.
    pub pace: Pace,
}

impl Provider for Aws {
    fn name(&self) -> &'static str {
        "aws"
    }

    fn kinds(&self) -> &'static [&'static Kind] {
        kinds::KINDS
    }

    fn arguments(&self) -> &'static [Argument] {
        arguments::ARGUMENTS
    }

    fn differs(&self, target: &Target, cells: &BTreeSet<Cell>, all: bool) -> Option<String> {
        arguments::Arguments::read(target)
            .map_or_else(|why| Some(why.detail.to_string()), |said| said.differ(cells, all))
    }

    fn reaches(&self, target: &Target) -> Option<BTreeSet<Cell>> {
        arguments::Arguments::read(target).ok()?.reaches()
    }

    #[cfg(feature = "live")]
    fn connect(&self, target: &Target, purpose: Purpose, stop: &Stop) -> Result<Box<dyn World>, Reason> {
        connection::connect(self, target, purpose, stop)
    }

    #[cfg(not(feature = "live"))]
    fn connect(&self, target: &Target, _: Purpose, _: &Stop) -> Result<Box<dyn World>, Reason> {
        arguments::Arguments::read(target)?;
        let detail = "this build cannot reach AWS: build with `--features aws`, or give the target an `estate`";
        Err(Reason::new(ordain_model::observation::Cause::Unreachable, detail))
    }
}
