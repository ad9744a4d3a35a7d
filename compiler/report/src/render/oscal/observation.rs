//! Observations: one per row, and one per requirement that is met; and the risks of what is excepted.

use super::super::row::Row;
use super::{props, prose, uuid};
use crate::report::Report;
use crate::report::exception::Exception;
use crate::report::finding::{ControlReference, RequirementSummary};
use crate::style::harmless;
use ordain_model::instant::Moment;
use ordain_model::verdict::Verdict;
use serde_json::{Value, json};

/// What was observed.
pub(super) enum Observation<'r> {
    Whole(&'r RequirementSummary),
    Row(&'r Row<'r>),
}

impl<'r> Observation<'r> {
    /// Every row, worst first, then the requirements that are met or to which nothing applies.
    pub(super) fn all(report: &'r Report, rows: &'r [Row<'r>]) -> Vec<Observation<'r>> {
        let whole = report.requirements.iter().filter(|row| matches!(row.verdict, Some(Verdict::Met) | None));
        rows.iter().map(Observation::Row).chain(whole.map(Observation::Whole)).collect()
    }

    /// Its id, stable over runs.
    pub(super) fn id(&self) -> String {
        match self {
            Observation::Whole(summary) => format!("{} {}", summary.address, summary.target),
            Observation::Row(row) => row.id.to_owned(),
        }
    }

    pub(super) fn uuid(&self) -> String {
        uuid(&format!("observation {} {}", self.id(), self.word()))
    }

    pub(super) fn word(&self) -> &'static str {
        match self {
            Observation::Whole(summary) => summary.verdict.map_or("vacuous", Verdict::word),
            Observation::Row(row) => row.word,
        }
    }

    pub(super) fn sentence(&self) -> String {
        match self {
            Observation::Whole(summary) => format!("{}: {} ({})", self.word(), summary.title, summary.target),
            Observation::Row(row) => row.sentence(),
        }
    }

    pub(super) fn controls(&self) -> &'r [ControlReference] {
        match self {
            Observation::Whole(summary) => &summary.controls,
            Observation::Row(row) => row.controls,
        }
    }

    /// What excepts it, where that decides its verdict.
    pub(super) fn exception(&self) -> Option<&'r Exception> {
        match self {
            Observation::Row(row) if matches!(row.verdict, Some(Verdict::Waived | Verdict::Baselined)) => row.exception,
            _ => None,
        }
    }

    /// The UUID of its risk.
    pub(super) fn risk(&self) -> Option<String> {
        self.exception().map(|_| uuid(&format!("risk {}", self.id())))
    }
}

/// Its JSON form.
pub(super) fn observation(of: &Observation<'_>, time: &str) -> Value {
    let said = match of {
        Observation::Whole(summary) => vec![
            ("verdict", of.word().to_owned()),
            ("requirement", summary.address.to_string()),
            ("target", summary.target.to_string()),
            ("objects", summary.matched.to_string()),
            ("place", summary.place.to_string()),
        ],
        Observation::Row(row) => facts(row),
    };
    let mut observation = json!({
        "uuid": of.uuid(),
        "description": prose(&of.sentence()),
        "props": props(said.iter().map(|(name, value)| (*name, value.clone()))),
        "methods": ["TEST"],
        "types": ["finding"],
        "collected": time,
    });
    if let (Observation::Row(row), Some(observation)) = (of, observation.as_object_mut()) {
        let subject = json!({
            "subject-uuid": uuid(&format!("subject {}", row.object)),
            "type": "inventory-item",
            "title": prose(&row.address()),
        });
        observation.insert("subjects".into(), json!([subject]));
    }
    observation
}

fn facts(row: &Row<'_>) -> Vec<(&'static str, String)> {
    let text = |of: Option<&str>| of.unwrap_or_default().to_owned();
    vec![
        ("verdict", row.word.to_owned()),
        ("owner", row.owner.to_owned()),
        ("id", row.id.to_owned()),
        ("since", text(row.since)),
        ("severity", text(row.severity.map(|severity| severity.word()))),
        ("enforced", row.enforced.to_string()),
        ("address", row.address()),
        ("live", text(row.live)),
        ("bound", text(row.bound)),
        ("reason", text(row.reason)),
        ("cure", row.cure().unwrap_or_default()),
        ("requirement", row.requirement.to_owned()),
        ("place", row.place.map(|(file, line)| format!("{file}:{line}")).unwrap_or_default()),
        ("exception", text(row.exception.map(|exception| &*exception.address))),
        ("until", text(row.exception.map(|exception| &*exception.until))),
        ("ends-soon", row.exception.map(|exception| exception.ends_soon.to_string()).unwrap_or_default()),
    ]
}

/// The risk that somebody took: approved until the exception ends.
pub(super) fn risk(of: &Observation<'_>) -> Value {
    let Some(exception) = of.exception() else { return Value::Null };
    let ticket = exception.ticket.as_ref().map(|ticket| format!(", {ticket}")).unwrap_or_default();
    let statement = format!("{} ({}{ticket}), until {}", exception.reason, exception.owner, exception.until);
    let mut risk = json!({
        "uuid": of.risk(),
        "title": prose(&format!("{} by {}", of.word(), exception.address)),
        "description": prose(&of.sentence()),
        "statement": prose(&statement),
        "status": "deviation-approved",
        "props": props([("owner", exception.owner.to_string()), ("exception", exception.address.to_string())].into_iter()),
        "related-observations": [{ "observation-uuid": of.uuid() }],
    });
    if let (Some(end), Some(risk)) = (Moment::parse(&exception.until), risk.as_object_mut()) {
        risk.insert("deadline".into(), json!(harmless(&end.end.to_string())));
    }
    risk
}
