//! What a requirement demands, and what a profile demands of a setting.

use super::steps::details;
use super::{controls, heading};
use crate::report::requirement::{EffectiveBound, RequirementExplanation};
use crate::style::{Page, Tone};

/// Who it is about, then every demand, then what it cites.
pub(super) fn requirement(page: &mut Page, of: &RequirementExplanation) {
    page.tone(Tone::Strong, &of.address).tone(Tone::Faint, &format!("  {}", of.place)).end();
    page.space(2).put(&of.title).end().gap();
    let mut row = |name: &str, text: &str| {
        page.space(2).column(Tone::Faint, name, 10).put(text).end();
    };
    let module = if of.module.is_empty() { "the root module" } else { &of.module };
    row("module", module);
    row("severity", of.severity.word());
    let enforced = match (of.enforced, &*of.observed) {
        (false, _) => "no, it is only observed".to_owned(),
        (true, []) => "yes".to_owned(),
        (true, observed) => format!("yes, but only observed in {}", observed.join(", ")),
    };
    row("enforced", &enforced);
    if let Some(kind) = &of.kind {
        row("selects", kind);
    }
    row(if of.kind.is_some() { "where" } else { "holds" }, &of.condition);
    of.targets.iter().for_each(|target| row("target", target));
    if let Some(objects) = &of.objects {
        row("objects", objects);
    }
    if !of.demands.is_empty() {
        heading(page, "What it demands");
    }
    for demand in &of.demands {
        page.space(2).tone(Tone::Strong, &demand.setting).put(": ").tone(Tone::Good, &demand.origin.bound).end();
        details(page, &[&demand.origin.place, &controls(&demand.origin.controls)]);
        page.space(10).tone(Tone::Faint, &format!("the API accepts {}", demand.legal)).end();
        if let Some(remedy) = &demand.remedy {
            page.space(10).put("remedy: ").put(remedy).end();
        }
    }
    if !of.citations.is_empty() {
        heading(page, "What it cites");
    }
    for cited in &of.citations {
        page.space(2)
            .tone(Tone::Strong, &controls(std::slice::from_ref(&cited.control)))
            .put(": ")
            .put(&cited.title)
            .end();
        details(page, &[&cited.citation, &cited.edition]);
    }
}

/// The bound, then each demand and of which objects.
pub(super) fn effective(page: &mut Page, of: &EffectiveBound) {
    match (&of.bound, of.demands.is_empty()) {
        (Some(bound), _) => page.tone(Tone::Good, bound).end(),
        (None, true) => page.put("The profile demands nothing of it.").end(),
        (None, false) => page.put("It is bound by key, or only observed.").end(),
    };
    for demand in &of.demands {
        page.space(2).put(&demand.setting).put(": ").put(&demand.origin.bound).put(", where ").put(&demand.condition);
        if !demand.enforced {
            page.tone(Tone::Faint, " (observed only)");
        }
        page.end();
        details(page, &[&demand.origin.requirement, &demand.origin.place, &controls(&demand.origin.controls)]);
    }
    page.space(2).tone(Tone::Faint, &format!("The API accepts {}.", of.legal)).end();
}
