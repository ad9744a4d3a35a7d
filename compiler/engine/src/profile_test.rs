//! [`differences`]: what a profile test expects, held against what came of the profile.

use crate::findings::{Finding, Findings, Subject};
use crate::observed::Observed;
use crate::plan::{Change, Plan};
use ordain_language::expectation::{Expectation, ExpectedStep, ExpectedVerdict};
use ordain_model::address::{ObjectAddress, SettingAddress};
use ordain_model::conclusion::Conclusion;
use ordain_model::diagnostic::{Diagnostic, Severity, nearest};
use ordain_model::duration::Calendar;
use ordain_model::schema::Kind;
use ordain_model::source::{Span, Spanned};
use ordain_model::types::{Type, encode};
use ordain_model::value::Value;
use ordain_model::verdict::Verdict;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// What came of a profile, as far as it came.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Every message.
    pub diagnostics: &'a [Diagnostic],
    /// What was judged; none where there is no result, or no world was needed.
    pub judged: Option<Judged<'a>>,
}

/// What was judged.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// The verdicts.
    pub findings: &'a Findings,
    /// What cures them.
    pub plan: &'a Plan,
    /// What was read.
    pub observed: &'a Observed,
    /// The kinds, by name.
    pub kinds: &'a BTreeMap<&'static str, &'static Kind>,
}

/// Something that is not as it was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it is about.
    pub about: String,
    /// Where it is expected, or the place of a message that was not; none where that has none.
    pub span: Option<Span>,
    /// What was expected.
    pub expected: String,
    /// What was seen.
    pub seen: String,
}

/// Where what came differs from what was expected: nothing, when the test passes.
#[must_use]
pub fn differences(expectation: &Expectation, seen: &Seen<'_>) -> Vec<Difference> {
    let mut differences = messages(expectation, seen.diagnostics);
    let failed = seen.diagnostics.iter().any(|message| message.severity == Severity::Error);
    let conclusion = match seen.judged {
        Some(judged) => judged.findings.conclusion(),
        None if failed => Conclusion::Error,
        None => Conclusion::Valid,
    };
    if let Some(expected) = &expectation.verdict {
        differences.extend(unless(expected.value == conclusion, || Difference {
            about: "verdict".to_owned(),
            span: Some(expected.span),
            expected: expected.value.word().to_owned(),
            seen: conclusion.word().to_owned(),
        }));
    }
    match seen.judged {
        Some(judged) => {
            differences.extend(expectation.verdicts.iter().filter_map(|expected| verdict(expected, &judged)));
            differences.extend(expectation.steps.iter().flat_map(|expected| steps(expected, &judged)));
        }
        None => differences.extend(unjudged(expectation, failed)),
    }
    differences
}

fn unless(holds: bool, difference: impl FnOnce() -> Difference) -> Option<Difference> {
    (!holds).then(difference)
}

/// What was expected of a result that is not there.
fn unjudged(expectation: &Expectation, failed: bool) -> Option<Difference> {
    let first = expectation.verdicts.first().map(|expected| expected.span);
    let span = first.or(expectation.steps.as_ref().map(|steps| steps.span)).filter(|_| failed)?;
    Some(Difference {
        about: "result".to_owned(),
        span: Some(span),
        expected: "a world that is judged".to_owned(),
        seen: "none: there are errors".to_owned(),
    })
}

/// Codes that were expected and not given, and errors that nobody expected.
fn messages(expectation: &Expectation, diagnostics: &[Diagnostic]) -> Vec<Difference> {
    let given: BTreeSet<&str> = diagnostics.iter().map(|message| message.code.name).collect();
    let expected: BTreeSet<&str> = expectation.diagnostics.iter().map(|code| code.value.name).collect();
    let missing = expectation.diagnostics.iter().filter(|code| !given.contains(code.value.name));
    let missing = missing.map(|code| Difference {
        about: "diagnostics".to_owned(),
        span: Some(code.span),
        expected: code.value.name.to_owned(),
        seen: match given.is_empty() {
            true => "no message".to_owned(),
            false => format!("only {}", given.iter().copied().collect::<Vec<_>>().join(", ")),
        },
    });
    let surprising =
        |message: &&Diagnostic| message.severity == Severity::Error && !expected.contains(message.code.name);
    let surprises = diagnostics.iter().filter(surprising).map(|message| Difference {
        about: "diagnostics".to_owned(),
        span: message.labels.first().map(|label| label.span),
        expected: "no such error".to_owned(),
        seen: format!("{}: {}", message.code.name, message.detail),
    });
    missing.chain(surprises).collect()
}

/// Whether an address is meant: by the id of its object, as the world has it; or it stands whole, or from behind one of
/// its `/` on.
fn means(subject: &str, address: &str, id: Option<&str>) -> bool {
    // In an address an id has no `/` of its own; what follows `#` may.
    let (object, setting) = address.split_once('#').map_or((address, None), |(object, rest)| (object, Some(rest)));
    let (end, wanted) = subject.split_once('#').map_or((subject, None), |(object, rest)| (object, Some(rest)));
    let whole = object.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('/'));
    let named = id == Some(end) || (whole && !end.is_empty());
    named && (wanted.is_none() || wanted == setting)
}

/// What a finding is about, as an address; and the object of it.
fn address(finding: &Finding) -> (String, Option<&ObjectAddress>) {
    match &finding.subject {
        Subject::Target(target) => (format!("target {target}"), None),
        Subject::Listing(cell, kind) | Subject::Count(cell, kind) => (format!("{cell}/{kind}"), None),
        Subject::Setting(setting) => (setting.to_string(), Some(&setting.object)),
        Subject::Assertion => (String::new(), None),
    }
}

fn verdict(expected: &ExpectedVerdict, judged: &Judged<'_>) -> Option<Difference> {
    let about = match &expected.subject {
        Some(subject) => format!("verdicts \"{}\" \"{subject}\"", expected.requirement),
        None => format!("verdicts \"{}\"", expected.requirement),
    };
    let word = match (expected.verdict, &expected.subject) {
        (Some(verdict), _) => verdict.word(),
        (None, Some(_)) => NOTHING,
        (None, None) => "vacuous",
    };
    let seen = match seen_verdict(expected, judged) {
        Ok(seen) if seen == expected.verdict => return None,
        Ok(Some(seen)) => seen.word().to_owned(),
        Ok(None) => if expected.subject.is_some() { NOTHING } else { "vacuous" }.to_owned(),
        Err(why) => why,
    };
    Some(Difference { about, span: Some(expected.span), expected: word.to_owned(), seen })
}

const NOTHING: &str = "null: nothing is demanded there";

/// The verdict on what is meant; none where nothing is demanded of it.
///
/// # Errors
/// Nothing is meant, or several things are.
fn seen_verdict(expected: &ExpectedVerdict, judged: &Judged<'_>) -> Result<Option<Verdict>, String> {
    let claims = &judged.findings.claims;
    let Some(claim) = claims.iter().position(|claim| claim.address == expected.requirement) else {
        let near = nearest(&expected.requirement, claims.iter().map(|claim| &*claim.address));
        return Err(none("no requirement and no assertion has this address", near));
    };
    let rows = judged.findings.findings.iter().filter(|finding| finding.claim as usize == claim);
    let Some(subject) = &expected.subject else {
        return Ok(Verdict::of_group(rows.map(|finding| finding.judgement.verdict())));
    };
    let named = rows.map(|finding| (address(finding), finding.judgement.verdict()));
    let is_meant = |address: &str, object: &Option<&ObjectAddress>| means(subject, address, object.map(|of| &*of.id));
    let found: Vec<_> = named.filter(|((address, object), _)| is_meant(address, object)).collect();
    let things: BTreeSet<String> = found
        .iter()
        .map(|((address, object), _)| object.map_or_else(|| address.clone(), ToString::to_string))
        .collect();
    match (things.len(), &claims[claim].kind) {
        (0, Some(kind)) => exists(subject, kind, judged).map(|()| None),
        (0, None) => Err("an assertion has one verdict: it is about no single object".to_owned()),
        (1, _) => Ok(found.iter().map(|(_, verdict)| *verdict).max()),
        _ => Err(several(things)),
    }
}

fn several(things: BTreeSet<String>) -> String {
    format!("it may mean any of {}", things.into_iter().collect::<Vec<_>>().join(", "))
}

fn none(what: &str, near: Option<&str>) -> String {
    near.map_or_else(|| what.to_owned(), |near| format!("{what}; the nearest is {near}"))
}

/// That nothing is demanded of an object says something only where the object is there.
fn exists(subject: &str, kind: &str, judged: &Judged<'_>) -> Result<(), String> {
    let object = subject.split_once('#').map_or(subject, |(object, _)| object);
    let mut objects = Vec::new();
    for (cell, lists) in &judged.observed.cells {
        for record in lists.get(kind).iter().flat_map(|list| &list.objects) {
            objects.push(ObjectAddress { cell: cell.clone(), kind: kind.into(), id: record.id.clone() });
        }
    }
    let known = judged.kinds.get(kind).and_then(|kind| {
        let name = subject.split_once('#').map(|(_, setting)| setting.split('[').next().unwrap_or(setting))?;
        Some((kind.setting(name).is_some(), nearest(name, kind.settings.iter().map(|setting| setting.name))))
    });
    if let Some((false, near)) = known {
        return Err(none(&format!("`{kind}` has no such setting"), near));
    }
    match objects.iter().any(|address| means(object, &address.to_string(), Some(&address.id))) {
        true => Ok(()),
        false => {
            let near = nearest(object, objects.iter().map(|address| &*address.id));
            Err(none(&format!("there is no such `{kind}`"), near))
        }
    }
}

/// The steps that differ: those expected and not planned as they are, and those planned and not expected.
fn steps(expected: &Spanned<Vec<ExpectedStep>>, judged: &Judged<'_>) -> Vec<Difference> {
    let mut planned: BTreeMap<String, (SettingAddress, &Change)> = BTreeMap::new();
    for step in &judged.plan.steps {
        for (setting, change) in &step.changes {
            let address = step.object.setting(setting.clone());
            planned.insert(address.to_string(), (address, change));
        }
    }
    let mut differences = Vec::new();
    let mut met = BTreeSet::new();
    for step in &expected.value {
        let is_meant = |(text, (address, _)): &(&String, &(SettingAddress, &Change))| {
            means(&step.subject, text, Some(&address.object.id))
        };
        let found: BTreeSet<String> = planned.iter().filter(is_meant).map(|(text, _)| text.clone()).collect();
        let seen = match found.len() {
            0 => Some("no change".to_owned()),
            1 => {
                found.first().and_then(|address| planned.get(address)).and_then(|planned| other(step, planned, judged))
            }
            _ => Some(several(found.clone())),
        };
        met.extend(found);
        differences.extend(seen.map(|seen| Difference {
            about: format!("steps \"{}\"", step.subject),
            span: Some(step.span),
            expected: format!("-> {}", shown(&encode(&step.value))),
            seen,
        }));
    }
    let rest = planned.iter().filter(|(address, _)| !met.contains(*address));
    differences.extend(rest.map(|(address, (_, change))| Difference {
        about: format!("steps \"{address}\""),
        span: Some(expected.span),
        expected: "no change".to_owned(),
        seen: arrow(change),
    }));
    differences
}

/// What a step does, where that is not what was expected of it.
fn other(step: &ExpectedStep, (address, change): &(SettingAddress, &Change), judged: &Judged<'_>) -> Option<String> {
    let setting = judged.kinds.get(&*address.object.kind).and_then(|kind| kind.setting(&address.setting.name));
    let of: Type = setting?.of;
    let wanted = of.convert(&step.value, Calendar::default());
    let planned = of.decode(&change.after);
    match (wanted, planned) {
        (Ok(wanted), Ok(planned)) if wanted == planned => None,
        (Err(mismatch), _) => Some(format!("{}, which is {}", arrow(change), mismatch.expected)),
        _ => Some(arrow(change)),
    }
}

fn arrow(change: &Change) -> String {
    format!("{} -> {}", shown(&change.before), shown(&change.after))
}

/// A value in its JSON form as people write it.
fn shown(json: &Json) -> String {
    match json {
        Json::String(text) => Value::string(text).to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::means;

    #[test]
    fn the_end_of_an_address_means_it_from_behind_a_slash_on() {
        let address = "aws:1/eu-west-1/aws_s3_bucket/logs#retention[\"a/b\"]";
        for subject in [
            address,
            "logs",
            "aws_s3_bucket/logs",
            "logs#retention[\"a/b\"]",
            "eu-west-1/aws_s3_bucket/logs#retention[\"a/b\"]",
        ] {
            assert!(means(subject, address, Some("logs")), "{subject}");
        }
        for subject in ["", "ogs", "b\"]", "logs#retention", "logs#", "#retention[\"a/b\"]", "aws_s3_bucket"] {
            assert!(!means(subject, address, Some("logs")), "{subject}");
        }
        assert!(means("aws_s3_bucket", "aws:1/eu-west-1/aws_s3_bucket", None));
        let group = "aws:1/eu-west-1/aws_cloudwatch_log_group/%2Faws%2Feks#retention";
        assert!(means("/aws/eks#retention", group, Some("/aws/eks")));
        assert!(!means("aws/eks#retention", group, Some("/aws/eks")));
    }
}
