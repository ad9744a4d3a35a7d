//! What bears on one setting.

use super::steps::{details, origin};
use super::verdict_tone;
use crate::report::explanation::Explanation;
use crate::style::{Page, Tone};

/// Live, then every origin, then how they meet, what is legal, and what becomes of it.
pub(super) fn explanation(page: &mut Page, explanation: &Explanation) {
    page.tone(Tone::Strong, &explanation.address).end();
    page.space(2).put(&explanation.summary).end();
    page.gap().space(2).column(Tone::Faint, "live", 10).put(&explanation.live).end();
    if let Some(bound) = &explanation.bound {
        page.space(2).column(Tone::Faint, "demanded", 10).put(bound).end();
    }
    page.space(2).column(Tone::Faint, "legal", 10).put(&explanation.legal).end();
    for rule in &explanation.rules {
        page.space(2).column(Tone::Faint, "rule", 10).put(rule).end();
    }
    page.space(2).column(Tone::Faint, "outcome", 10).put(&explanation.outcome).end();
    if let Some(nearest) = &explanation.nearest {
        page.space(2).column(Tone::Faint, "because", 10).put("it is ").put(nearest).end();
    }
    for field in &explanation.fields {
        page.space(2).column(Tone::Faint, "a view of", 10).put(field).end();
    }
    page.gap().tone(Tone::Strong, "Where the bound comes from").end();
    let mut met = false;
    for judged in &explanation.origins {
        let word = match (judged.enforced, judged.verdict) {
            (true, Some(verdict)) => verdict.word().to_owned(),
            (false, Some(verdict)) => format!("{}, observed only", verdict.word()),
            (_, None) => "rule of the API".to_owned(),
        };
        page.space(2).tone(verdict_tone(judged.verdict), &word).end();
        origin(page, &judged.origin);
        let module = Some(&judged.origin.module).filter(|module| !module.is_empty());
        let module = module.map(|module| format!("in {module}")).unwrap_or_default();
        // The first bound is what it is; from the second on there is something to meet.
        let meet = judged.meet.as_ref().filter(|_| met);
        let meet = meet.map(|meet| format!("with those above: {meet}")).unwrap_or_default();
        met |= judged.meet.is_some();
        details(page, &[&module, &meet]);
    }
}
