//! `oscal`: assessment results of NIST's OSCAL. Every UUID is made from content (RFC 9562, version 5), so that the same report is the
//! same document; its times are those of the settings.
//!
//! A finding per control: `satisfied` only where everything that serves it is met. OSCAL knows no third state: unknown is
//! `not-satisfied` for the reason `other`, and so is what is waived or baselined, with a risk that says until when. A control
//! of which nothing is met and nothing fails (the provider's evidence, or nothing applies) has no finding, and the remarks
//! say so. An observation per row and per requirement that is met.

mod control;
mod observation;

use super::Format;
use super::json::{Each, document};
use super::provenance::{NO_TIME, as_of, first_line, properties};
use super::row::rows;
use crate::report::Report;
use crate::style::{Style, harmless};
use control::{exclusions, finding, reviewed};
use observation::{Observation, observation, risk};
use serde::Serialize;
use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};
use std::collections::BTreeMap;
use std::io::{self, Write};
use uuid::Builder;

/// The format.
pub const FORMAT: Format = Format {
    name: "oscal",
    summary: "OSCAL assessment results",
    begins: "{\n  \"assessment-results\": {\n    \"uuid\": ",
    write,
};

/// The version of OSCAL.
const OSCAL: &str = "1.1.3";

/// What the names of Ordain's own properties belong to.
const NAMESPACE: &str = "urn:ordain:report:1";

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document<A> {
    assessment_results: A,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct AssessmentResults<R> {
    uuid: String,
    metadata: Value,
    import_ap: Value,
    results: [R; 1],
    back_matter: Value,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Assessed<O, K, F> {
    uuid: String,
    title: String,
    description: String,
    start: String,
    props: Vec<Value>,
    reviewed_controls: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    observations: Option<O>,
    #[serde(skip_serializing_if = "Option::is_none")]
    risks: Option<K>,
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<F>,
    remarks: String,
}

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let time = as_of(report).unwrap_or(NO_TIME);
    let rows = rows(report);
    let observations = Observation::all(report, &rows);
    let of_controls = control::observations(&observations);
    let risks: Vec<&Observation<'_>> = observations.iter().filter(|of| of.exception().is_some()).collect();
    let findings: Vec<_> = report.controls.iter().filter(|control| control::state(control).is_some()).collect();
    let seed = seed(report, &observations);
    let plan = uuid(&format!("profile {seed}"));
    let result = Assessed {
        uuid: uuid(&format!("result {seed}")),
        title: format!("ordain {}", report.command),
        description: prose(&first_line(report)),
        start: time.to_owned(),
        props: props(properties(report).iter().map(|(name, value)| (&**name, value.clone()))),
        reviewed_controls: reviewed(report),
        observations: some(&observations).map(|of| Each(of, |of: &Observation<'_>| observation(of, time))),
        risks: some(&risks).map(|of| Each(of, |of: &&Observation<'_>| risk(of))),
        findings: some(&findings).map(|of| Each(of, |of: &&_| finding(of, &of_controls))),
        remarks: prose(&exclusions(report)),
    };
    let results = AssessmentResults {
        uuid: uuid(&format!("document {seed}")),
        metadata: json!({
            "title": format!("Assessment results of ordain {}", report.command),
            "last-modified": time,
            "version": report.inputs.world.as_deref().unwrap_or("no world was read"),
            "oscal-version": OSCAL,
            "remarks": prose(&first_line(report)),
        }),
        import_ap: json!({ "href": format!("#{plan}") }),
        results: [result],
        back_matter: json!({ "resources": [{
            "uuid": plan,
            "title": "The profile that was judged",
            "description": prose(&format!("Modules and their digests: {}", modules(report))),
        }] }),
    };
    document(out, &Document { assessment_results: results })
}

/// A list that is written only where it has entries.
fn some<T>(list: &[T]) -> Option<&[T]> {
    (!list.is_empty()).then_some(list)
}

fn modules(report: &Report) -> String {
    let one = |(path, digest): (&ordain_model::Text, &String)| {
        format!("{} {digest}", if path.is_empty() { "root" } else { path })
    };
    match report.inputs.modules.is_empty() {
        true => "not named in this report".to_owned(),
        false => report.inputs.modules.iter().map(one).collect::<Vec<_>>().join(", "),
    }
}

/// Everything by which one report differs from another, as one digest.
fn seed(report: &Report, observations: &[Observation<'_>]) -> String {
    let mut digest = Sha1::new();
    for (name, value) in properties(report) {
        digest.update(format!("{name}\n{value}\n"));
    }
    for of in observations {
        digest.update(format!("{}\n{}\n{}\n", of.id(), of.word(), of.sentence()));
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The UUID of a name below the name of Ordain's reports (RFC 9562, section 5.5).
fn uuid(name: &str) -> String {
    let digest = Sha1::digest(format!("{NAMESPACE}\n{name}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(digest.get(..16).unwrap_or(&[0; 16]));
    Builder::from_sha1_bytes(bytes).into_uuid().to_string()
}

/// Properties: names are tokens, values are not empty and have no blank at either end.
fn props<'a>(of: impl Iterator<Item = (&'a str, String)>) -> Vec<Value> {
    let one = |(name, value): (&str, String)| {
        let value = harmless(value.trim()).into_owned();
        (!value.is_empty()).then(|| json!({ "name": token(name), "ns": NAMESPACE, "value": value }))
    };
    of.filter_map(one).collect()
}

/// A text as OSCAL's markup, in which nothing is marked up.
fn prose(text: &str) -> String {
    let mut prose = String::with_capacity(text.len());
    for character in harmless(text).chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '!' | '#' | '|' | '&') {
            prose.push('\\');
        }
        prose.push(character);
    }
    prose
}

/// A token: begins with a letter or `_`, then letters, digits, `.`, `-` and `_`. What is none of these is spelled by its code,
/// so that two names never become one.
fn token(name: &str) -> String {
    let mut token = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            'a'..='z' | 'A'..='Z' => token.push(character),
            '0'..='9' | '-' | '.' if !token.is_empty() => token.push(character),
            '/' | ' ' => token.push('-'),
            other => token.push_str(&format!("_{:x}_", other as u32)),
        }
    }
    token
}

/// Counts by word, for remarks.
fn by_word<'a>(words: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_token_and_two_names_two() {
        assert_eq!(token("soc2-CC7.2"), "soc2-CC7.2");
        assert_eq!(token("9.4(b)"), "_39_.4_28_b_29_");
        assert_ne!(token("a(b"), token("a)b"));
    }

    #[test]
    fn a_uuid_follows_from_its_name() {
        assert_eq!(uuid("a"), uuid("a"));
        assert_ne!(uuid("a"), uuid("b"));
        assert_eq!(uuid("a").as_bytes()[14], b'5');
    }
}
