//! Findings: one per control, by the worst verdict of what serves it.

use super::observation::Observation;
use super::{by_word, props, prose, token, uuid};
use crate::report::Report;
use crate::report::finding::ControlSummary;
use ordain_model::verdict::Verdict;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Observations of each control, by framework and id.
pub(super) type Related<'o, 'r> = BTreeMap<(&'o str, &'o str), Vec<&'o Observation<'r>>>;

/// The observations that bear on each control.
pub(super) fn observations<'o, 'r>(observations: &'o [Observation<'r>]) -> Related<'o, 'r> {
    let mut related = Related::new();
    for of in observations {
        for control in of.controls() {
            related.entry((&*control.framework, &*control.id)).or_default().push(of);
        }
    }
    related
}

/// Whether a control is satisfied, and for what reason; none where nothing says either.
pub(super) fn state(control: &ControlSummary) -> Option<(&'static str, &'static str)> {
    match control.verdict {
        Some(Verdict::Met) => Some(("satisfied", "pass")),
        Some(Verdict::Unmet | Verdict::Broken) => Some(("not-satisfied", "fail")),
        Some(Verdict::Unknown | Verdict::Waived | Verdict::Baselined) => Some(("not-satisfied", "other")),
        Some(Verdict::ProviderFixed | Verdict::NotApplicable) | None => None,
    }
}

fn id(control: &ControlSummary) -> String {
    token(&format!("{}-{}", control.framework, control.id))
}

/// The controls that were looked at.
pub(super) fn reviewed(report: &Report) -> Value {
    let controls: Vec<Value> = report.controls.iter().map(|control| json!({ "control-id": id(control) })).collect();
    match controls.is_empty() {
        true => {
            json!({ "control-selections": [{ "description": "All of none: the profile cites no control.", "include-all": {} }] })
        }
        false => json!({ "control-selections": [{ "include-controls": controls }] }),
    }
}

/// Its JSON form.
pub(super) fn finding(control: &ControlSummary, related: &Related<'_, '_>) -> Value {
    let name = format!("{} {}", control.framework, control.id);
    let word = control.verdict.map_or("vacuous", Verdict::word);
    let (state, reason) = state(control).unwrap_or(("not-satisfied", "other"));
    let of = related.get(&(&*control.framework, &*control.id)).map(Vec::as_slice).unwrap_or_default();
    let counts = by_word(of.iter().map(|of| of.word()));
    let counts = counts.iter().map(|(word, number)| format!("{number} {word}")).collect::<Vec<_>>().join(", ");
    let mut finding = json!({
        "uuid": uuid(&format!("finding {name}")),
        "title": prose(&name),
        "description": prose(&format!("{name} is {word}. Observations: {counts}.")),
        "props": props([("verdict", word.to_owned()), ("framework", control.framework.to_string()), ("control", control.id.to_string())].into_iter()),
        "target": {
            "type": "objective-id",
            "target-id": id(control),
            "status": { "state": state, "reason": reason, "remarks": prose(&format!("the verdict is {word}")) },
        },
    });
    if let Some(finding) = finding.as_object_mut() {
        let list =
            |name: &str, uuids: Vec<String>| uuids.into_iter().map(|uuid| json!({ name: uuid })).collect::<Vec<_>>();
        let observed = list("observation-uuid", of.iter().map(|of| of.uuid()).collect());
        let risks = list("risk-uuid", of.iter().filter_map(|of| of.risk()).collect());
        for (name, list) in [("related-observations", observed), ("related-risks", risks)] {
            if !list.is_empty() {
                finding.insert(name.into(), json!(list));
            }
        }
    }
    finding
}

/// What was looked at and has no finding.
pub(super) fn exclusions(report: &Report) -> String {
    let without = report.controls.iter().filter(|control| state(control).is_none());
    let why = |control: &ControlSummary| match control.verdict {
        Some(Verdict::ProviderFixed) => "the evidence is the provider's",
        _ => "nothing that serves it applies to anything",
    };
    let said = without.map(|control| format!("{} {} ({})", control.framework, control.id, why(control)));
    match said.collect::<Vec<_>>() {
        said if said.is_empty() => "Every control that was looked at has a finding.".to_owned(),
        said => format!("Without a finding: {}.", said.join(", ")),
    }
}
