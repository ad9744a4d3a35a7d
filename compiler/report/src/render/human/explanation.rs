//! What bears on one setting.

use super::steps::origin;
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
    page.space(2).column(Tone::Faint, "outcome", 10).put(&explanation.outcome).end();
    for field in &explanation.fields {
        page.space(2).column(Tone::Faint, "a view of", 10).put(field).end();
    }
    page.gap().tone(Tone::Strong, "Where the bound comes from").end();
    for judged in &explanation.origins {
        let word = match (judged.enforced, judged.verdict) {
            (true, Some(verdict)) => verdict.word().to_owned(),
            (false, Some(verdict)) => format!("{}, observed only", verdict.word()),
            (_, None) => "rule of the API".to_owned(),
        };
        page.space(2).tone(verdict_tone(judged.verdict), &word).end();
        origin(page, &judged.origin);
    }
}
