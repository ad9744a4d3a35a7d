//! [`Effective`]: what a profile demands of a setting, before any world is read.

use crate::constraints::{Claim, Constraints, Origin};
use ordain_model::address::SettingName;
use ordain_model::bound::Bound;
use ordain_model::schema::Kind;
use ordain_model::source::Span;
use std::sync::Arc;

/// What a profile demands of a setting of a kind.
#[derive(Clone, Debug)]
pub struct Effective {
    /// What all demands that some target enforces come to together, on an object that every one of them selects; none where there is none,
    /// or where the setting has one value per key and no key was asked about.
    pub bound: Option<Bound>,
    /// Every demand, in the order of the requirements' addresses.
    pub demands: Vec<Demanded>,
}

/// One demand.
#[derive(Clone, Debug)]
pub struct Demanded {
    /// Its requirement.
    pub claim: Arc<Claim>,
    /// Its line of `must`.
    pub origin: Arc<Origin>,
    /// Where the requirement says which objects it is about.
    pub selector: Span,
}

/// What is demanded of a setting. A key is bound by those that cover it too.
#[must_use]
pub fn effective(constraints: &Constraints, kind: &Kind, name: &SettingName) -> Effective {
    let (mut demands, mut bounds) = (Vec::new(), Vec::new());
    for (requirement, claim) in constraints.config.requirements.iter().zip(&constraints.claims) {
        if requirement.kind.name != kind.name {
            continue;
        }
        for (demand, origin) in requirement.demands.iter().zip(&claim.demands) {
            let covers = match (&demand.setting.keyed, &demand.key, &name.key) {
                (Some(keyed), Some(own), Some(key)) => own == key || (keyed.covers)(own, key),
                _ => true,
            };
            if demand.setting.name != &*name.name || !covers {
                continue;
            }
            if !requirement.enforced.is_empty() {
                bounds.push(&demand.bound);
            }
            let (claim, origin) = (Arc::clone(claim), Arc::clone(origin));
            demands.push(Demanded { claim, origin, selector: requirement.selector.span() });
        }
    }
    let one_value = name.key.is_some() || kind.setting(&name.name).is_some_and(|setting| setting.keyed.is_none());
    let bound = (one_value && !bounds.is_empty()).then(|| Bound::meet_all(bounds));
    Effective { bound, demands }
}
