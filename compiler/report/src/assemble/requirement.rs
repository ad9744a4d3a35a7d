//! What a requirement demands, and what a profile demands of a setting: known without a world.

use super::changes::{controls, origin_of};
use super::words;
use crate::report::Report;
use crate::report::finding::ControlReference;
use crate::report::requirement::{CitationView, DemandView, EffectiveBound, RequirementExplanation, SelectedDemand};
use ordain_engine::constraints::{self, Claim, Constraints};
use ordain_engine::effective::{Demanded, Effective};
use ordain_language::config::Requirement;
use ordain_model::address::SettingName;
use ordain_model::conclusion::Conclusion;
use ordain_model::schema::Kind;
use ordain_model::source::{Sources, Span};
use std::sync::Arc;

/// A report about a requirement or an assertion; none where there is none of that address.
#[must_use]
pub fn explain_requirement(address: &str, constraints: &Constraints, sources: &Sources) -> Option<Report> {
    let config = &constraints.config;
    let of = |claims: &[Arc<Claim>]| claims.iter().position(|claim| &*claim.address == address);
    let explanation = match of(&constraints.claims) {
        Some(at) => requirement(config.requirements.get(at)?, constraints.claims.get(at)?, constraints, sources),
        None => {
            let at = of(&constraints.assertions)?;
            let condition = config.assertions.get(at)?.condition.span();
            bare(constraints.assertions.get(at)?, constraints, written(sources, condition))
        }
    };
    let text = format!(
        "{}, {}.",
        words::count(explanation.demands.len() as u64, "demand"),
        words::count(explanation.targets.len() as u64, "target")
    );
    let mut report = super::empty("explain", Conclusion::Valid, text);
    report.requirement = Some(explanation);
    Some(report)
}

/// What every claim says.
fn bare(claim: &Claim, constraints: &Constraints, condition: String) -> RequirementExplanation {
    let config = &constraints.config;
    let target = |name: &ordain_model::Text| match config.targets.get(name).map(|target| &target.estate) {
        Some(Some(estate)) => format!("target.{name}, the estate {estate}"),
        _ => format!("target.{name}, live"),
    };
    let citation = |control: ControlReference, citation: &constraints::Citation| {
        let declared = config.controls.get(&citation.control);
        let text = |of: fn(&ordain_language::config::Control) -> &ordain_model::Text| {
            declared.map(of).cloned().unwrap_or_default()
        };
        CitationView {
            control,
            title: text(|control| &control.title),
            edition: text(|control| &control.edition),
            citation: text(|control| &control.citation),
        }
    };
    let cited = controls(&claim.citations);
    RequirementExplanation {
        address: claim.address.clone(),
        title: claim.title.clone(),
        place: claim.place.clone(),
        module: claim.module.clone(),
        severity: claim.severity,
        enforced: claim.is_enforced(),
        observed: claim.observed().map(|target| format!("target.{target}")).collect(),
        kind: claim.kind.clone(),
        condition,
        targets: claim.targets.iter().map(target).collect(),
        objects: None,
        demands: Vec::new(),
        citations: cited.into_iter().zip(&claim.citations).map(|(control, of)| citation(control, of)).collect(),
    }
}

fn requirement(
    of: &Requirement,
    claim: &Claim,
    constraints: &Constraints,
    sources: &Sources,
) -> RequirementExplanation {
    let demands = of.demands.iter().zip(&claim.demands).map(|(demand, origin)| DemandView {
        setting: demand.name().to_string(),
        origin: origin_of(origin, None),
        legal: constraints::accepts(demand.setting),
        remedy: of.remedy.get(&demand.name()).map(|remedy| words::value(&remedy.value)),
    });
    RequirementExplanation {
        objects: of.objects.as_ref().map(|objects| objects.value.to_string()),
        demands: demands.collect(),
        ..bare(claim, constraints, written(sources, of.selector.span()))
    }
}

/// What a profile demands of a setting, as the console shows it.
#[must_use]
pub fn effective(kind: &Kind, name: &SettingName, effective: &Effective, sources: &Sources) -> EffectiveBound {
    let demand = |demanded: &Demanded| SelectedDemand {
        origin: origin_of(&demanded.origin, None),
        setting: demanded.origin.setting.to_string(),
        condition: written(sources, demanded.selector),
        enforced: demanded.claim.is_enforced(),
    };
    EffectiveBound {
        setting: format!("{}.{name}", kind.name),
        bound: effective.bound.as_ref().map(ToString::to_string),
        demands: effective.demands.iter().map(demand).collect(),
        legal: kind.setting(&name.name).map(constraints::accepts).unwrap_or_default(),
    }
}

/// An expression as it is written, on one line.
fn written(sources: &Sources, span: Span) -> String {
    sources.slice(span).split_whitespace().collect::<Vec<_>>().join(" ")
}
