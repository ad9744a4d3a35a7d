//! [`Calls`]: what carrying out a step costs, from what the provider publishes.

use super::Step;
use ordain_model::Text;
use ordain_model::address::ObjectAddress;
use ordain_model::observation::KindReads;
use ordain_model::schema::Kind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The calls of a step, each counted once: further pages, repeated asking and what is sent again after a failure come on
/// top of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calls {
    /// One look at everything on which it rests. There are two: together with all other steps before the first write,
    /// where one list serves many, and immediately before its own.
    pub look: usize,
    /// The write, with what it reads to keep the rest of its document.
    pub write: usize,
    /// Reading back.
    pub read_back: usize,
    /// What is called until the change has ended, as often as it takes.
    pub waits: BTreeSet<Text>,
}

impl Calls {
    /// The calls of a step.
    pub(crate) fn of(step: &Step, kinds: &dyn Fn(&str) -> Option<&'static Kind>) -> Calls {
        let look = |(object, reads): (&&ObjectAddress, &KindReads)| {
            let Some(kind) = kinds(&object.kind) else { return 0 };
            let attributes = reads.attributes.iter().filter_map(|name| kind.attribute(name)).flat_map(|of| of.actions);
            let settings =
                reads.settings.iter().filter_map(|name| kind.setting(&name.name)).flat_map(|of| of.read_actions);
            kind.list_actions.iter().chain(attributes).chain(settings).collect::<BTreeSet<_>>().len()
        };
        let reads = step.reads();
        let unit = kinds(&step.object.kind).and_then(|kind| kind.unit(&step.unit));
        Calls {
            look: reads.iter().map(look).sum(),
            write: unit.map_or(0, |unit| unit.calls.len()),
            read_back: reads.get_key_value(&step.object).map_or(0, look),
            waits: unit.into_iter().flat_map(|unit| unit.waits).map(|call| (*call).into()).collect(),
        }
    }

    /// All of them: both looks, the write, reading back.
    #[must_use]
    pub fn total(&self) -> usize {
        2 * self.look + self.write + self.read_back
    }
}
