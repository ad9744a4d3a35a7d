//! [`Baseline`]: a `baseline` block: one group of findings that somebody reviewed, with one owner and one end.

use crate::config::{Baseline, Config, Listed};
use crate::context::Context;
use crate::environment::{Environment, Holder};
use crate::grammar::required;
use crate::load::member;
use crate::requirement::required_text;
use crate::syntax::{Block, Entry, Expression, Node};
use crate::variable_type::unfit;
use crate::waiver::moment;
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported};
use ordain_model::finding::{id, id_of, parts};
use ordain_model::source::Span;
use ordain_model::types::Mismatch;
use ordain_model::value::Value;
use std::collections::BTreeMap;

/// Compiles a `baseline` block of the root module.
///
/// # Errors
/// What is wrong with it was reported, all of it.
pub(crate) fn declare(
    block: &Block,
    environment: &Environment<'_>,
    context: &mut Context<'_>,
) -> Result<Baseline, Reported> {
    let [name] = block.labels.as_slice() else {
        return Err(context.error(code::WRONG_LABELS, block.header(), "a baseline has a name"));
    };
    if !environment.module.path.is_empty() {
        let detail = "a baseline lists findings of one profile: it stands in the root module";
        return Err(context.error(code::BASELINE_ENTRY, block.header(), detail));
    }
    let owner = required_text(block, "owner", "owner = \"team@example.com\"", environment, context);
    let reason = required_text(block, "reason", "reason = \"Why it cannot be met yet\"", environment, context);
    let ends = moment(block, "ends", "ends = \"2027-01-31\"", environment, context);
    let listed = required(block, "findings", "findings = {}", context);
    let findings = listed.and_then(|listed| findings(listed, environment, context));
    Ok(Baseline {
        address: member(&environment.module.path, "baseline", &name.text),
        owner: owner?,
        reason: reason?,
        ends: ends?,
        findings: findings?,
        span: block.header(),
    })
}

/// `{ "ID" = "REQUIREMENT SUBJECT" }`, entry by entry, so that each has its place.
fn findings(
    expression: &Expression,
    environment: &Environment<'_>,
    context: &mut Context<'_>,
) -> Result<BTreeMap<Text, Listed>, Reported> {
    let Node::Object(entries) = &expression.node else {
        return Err(unfit(expression, &Mismatch::new("an object: a finding's id, and what it is about"), context));
    };
    let mut findings = Ok(BTreeMap::new());
    for entry in entries {
        match finding(entry, environment, context) {
            Ok((id, about)) => drop(findings.as_mut().map(|findings| findings.insert(id, about))),
            Err(reported) => findings = Err(reported),
        }
    }
    findings
}

/// An id and what it is the id of: nobody reviews one finding and lets another pass.
fn finding(
    entry: &Entry,
    environment: &Environment<'_>,
    context: &mut Context<'_>,
) -> Result<(Text, Listed), Reported> {
    let mut text = |expression: &Expression| match environment.evaluate(expression, Holder::Public, context)? {
        (Value::String(text), _) => Ok(text),
        _ => Err(unfit(expression, &Mismatch::new("a text in quotes"), context)),
    };
    let (listed, about) = (text(&entry.key)?, text(&entry.value)?);
    if parts(&listed, &about).is_some() {
        return Ok((listed, Listed { written: about.clone(), about, span: entry.key.span }));
    }
    let detail = format!(
        "`{}` is not the id of `{}`: an entry is a finding's id, then its requirement and what it is about",
        listed.escape_debug(),
        about.escape_debug()
    );
    let diagnostic = Diagnostic::error(code::BASELINE_ENTRY, entry.key.span, detail).says("the id");
    let diagnostic = diagnostic.label(entry.value.span, "what it is about");
    Err(context.push(match id_of(&about) {
        Some(id) => diagnostic.paste(format!("\"{id}\" = {}", Value::String(about.clone()))),
        None => diagnostic.help("A report shows the id of each finding."),
    }))
}

/// Lists what stands under another id of its finding under the one that counts, and reports findings that stand twice:
/// who answers for them?
pub(crate) fn settle(config: &mut Config, other_ids: &BTreeMap<Text, Text>, context: &mut Context<'_>) {
    let mut seen: BTreeMap<Text, Span> = BTreeMap::new();
    for baseline in &mut config.baselines {
        for (listed, entry) in std::mem::take(&mut baseline.findings) {
            let known = parts(&listed, &entry.written).and_then(|(of, about)| Some((other_ids.get(of)?, about)));
            let (id, about) = match known {
                Some((of, about)) => (id(of, about), format!("{of} {about}").into()),
                None => (listed, entry.about.clone()),
            };
            if let Some(first) = seen.insert(id.clone(), entry.span) {
                context.duplicate(code::DUPLICATE_NAME, &format!("the finding `{id}`"), first, entry.span);
            }
            baseline.findings.insert(id, Listed { about, ..entry });
        }
    }
}
