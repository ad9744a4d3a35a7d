//! Digests of what a step hands to a provider and of what comes back.

use crate::plan::Plan;
use ordain_model::Text;
use ordain_model::digest::{Digest, canonical};
use ordain_model::observation::{Object, Reading};
use ordain_model::types::encode;
use serde_json::json;
use std::collections::BTreeMap;

/// The idempotency token of a step, and the marker of what it creates.
pub(crate) fn token(plan: &Plan, at: usize) -> Text {
    format!("ordain-{}-{at}", plan.digest.short()).into()
}

/// Digest of what a step hands to the provider.
pub(crate) fn call(plan: &Plan, at: usize) -> Digest {
    let step = &plan.steps[at];
    let values: BTreeMap<_, _> = step.changes.iter().map(|(name, change)| (name, &change.after)).collect();
    let call = json!({"object": step.object, "unit": step.unit, "values": values, "kept": step.kept, "token": token(plan, at)});
    // JSON that was read or made here has its canonical form.
    Digest::of(&canonical(&call).unwrap_or_default())
}

/// Digest of what a provider said to a write, and of the object as it was read back, where it was.
pub(crate) fn answer(said: Option<&Text>, read: Option<&Option<Object>>) -> Option<Digest> {
    let reading = |reading: &Reading| match reading {
        Reading::Value(value) | Reading::Held(value, _) => encode(value),
        Reading::NotApplicable(why) => json!({"not_applicable": why}),
        Reading::ProviderFixed(why) => json!({"provider_fixed": why}),
        Reading::Unknown(reason) => json!({"unknown": reason.detail}),
    };
    let read = read.map(|object| {
        let settings = object.iter().flat_map(|object| object.settings.iter());
        settings.map(|(name, value)| (name.to_string(), reading(value))).collect::<BTreeMap<_, _>>()
    });
    canonical(&json!({"said": said, "read": read})).ok().map(|bytes| Digest::of(&bytes))
}
