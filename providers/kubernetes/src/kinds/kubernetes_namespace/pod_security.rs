//! The levels of pod security that a namespace's labels ask for.

use crate::metadata::Labels;
use ordain_model::observation::{Cause, Reading, Reason};
use ordain_model::value::Value;

/// The levels, from the weakest.
pub(super) const LEVELS: &[&str] = &["privileged", "baseline", "restricted"];

/// The label behind a setting.
pub(super) fn label(setting: &str) -> Option<&'static str> {
    match setting {
        "pod_security_audit" => Some("pod-security.kubernetes.io/audit"),
        "pod_security_enforce" => Some("pod-security.kubernetes.io/enforce"),
        "pod_security_warn" => Some("pod-security.kubernetes.io/warn"),
        _ => None,
    }
}

/// The level that a label asks for. Without it the API server's own default holds, which no API shows: the weakest is all
/// that is certain.
pub(super) fn level(labels: &Labels, label: &str) -> Reading {
    let said = labels.get(label).map_or(LEVELS[0], |level| level);
    if LEVELS.contains(&said) {
        return Reading::Value(Value::string(said));
    }
    Reading::Unknown(Reason::new(
        Cause::Unreadable,
        format!("label `{label}`: `{said}` is none of {}", LEVELS.join(", ")),
    ))
}
