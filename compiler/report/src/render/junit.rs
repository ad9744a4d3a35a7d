//! `junit`: the XML that build servers read, as Jenkins' `junit-10.xsd` has it. No times: a report carries no clock.
//!
//! Of findings a suite per requirement: unmet and broken are failures, unknown is an error, what is excepted, fixed by the
//! provider, only observed or inapplicable is skipped, and so is a requirement that matches nothing. A requirement that is met
//! is one test that passed. Of `test` a suite per file.

mod findings;
mod tests_of_profiles;

use super::Format;
use super::provenance::{TOOL, not_evidence, properties};
use crate::report::Report;
use crate::style::{Style, harmless};
use std::borrow::Cow;
use std::io::{self, Write};

/// The format.
pub const FORMAT: Format = Format {
    name: "junit",
    summary: "JUnit XML, for build servers",
    begins: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"Ordain ",
    write,
};

/// Tests that belong together.
struct Suite<'r> {
    name: Cow<'r, str>,
    cases: Vec<Case<'r>>,
}

/// One test.
struct Case<'r> {
    name: Cow<'r, str>,
    class: Cow<'r, str>,
    result: Outcome<'r>,
}

/// What became of it, with one line, and the lines below it.
enum Outcome<'r> {
    Passed,
    Failed(Cow<'r, str>, Vec<String>),
    /// Nothing is known.
    Error(Cow<'r, str>, Vec<String>),
    Skipped(Cow<'r, str>),
}

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let suites = match report.command {
        "test" => tests_of_profiles::suites(report),
        _ => findings::suites(report),
    };
    let why = not_evidence(report).map(|why| format!(", not evidence: {why}")).unwrap_or_default();
    let name = escaped(&format!("{TOOL} {}{why}", report.command));
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
    let [all, failed, errors, _] = counts(suites.iter().flat_map(|suite| &suite.cases));
    // The schema knows `skipped` of a suite only.
    writeln!(out, "<testsuites name=\"{name}\" tests=\"{all}\" failures=\"{failed}\" errors=\"{errors}\">")?;
    suites.iter().try_for_each(|of| suite(report, of, out))?;
    out.write_all(b"</testsuites>\n")
}

/// All of them, those that failed, those with an error, those that were skipped.
fn counts<'r>(cases: impl Iterator<Item = &'r Case<'r>>) -> [usize; 4] {
    let [mut all, mut failed, mut errors, mut skipped] = [0; 4];
    for case in cases {
        all += 1;
        match case.result {
            Outcome::Passed => {}
            Outcome::Failed(..) => failed += 1,
            Outcome::Error(..) => errors += 1,
            Outcome::Skipped(_) => skipped += 1,
        }
    }
    [all, failed, errors, skipped]
}

fn suite(report: &Report, of: &Suite<'_>, out: &mut dyn Write) -> io::Result<()> {
    let ([all, failed, errors, skipped], name) = (counts(of.cases.iter()), escaped(&of.name));
    let counts = format!("tests=\"{all}\" failures=\"{failed}\" errors=\"{errors}\" skipped=\"{skipped}\"");
    writeln!(out, "  <testsuite name=\"{name}\" {counts}>")?;
    if report.world.is_some() {
        out.write_all(b"    <properties>\n")?;
        for (name, value) in properties(report) {
            writeln!(out, "      <property name=\"{}\" value=\"{}\"/>", escaped(&name), escaped(&value))?;
        }
        out.write_all(b"    </properties>\n")?;
    }
    of.cases.iter().try_for_each(|of| case(of, out))?;
    out.write_all(b"  </testsuite>\n")
}

fn case(of: &Case<'_>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "    <testcase name=\"{}\" classname=\"{}\"", escaped(&of.name), escaped(&of.class))?;
    match &of.result {
        Outcome::Passed => return out.write_all(b"/>\n"),
        Outcome::Skipped(why) => write!(out, ">\n      <skipped message=\"{}\"/>", escaped(why))?,
        Outcome::Failed(message, lines) => bad(out, "failure", message, lines)?,
        Outcome::Error(message, lines) => bad(out, "error", message, lines)?,
    }
    out.write_all(b"\n    </testcase>\n")
}

fn bad(out: &mut dyn Write, element: &str, message: &str, lines: &[String]) -> io::Result<()> {
    write!(out, ">\n      <{element} message=\"{}\">", escaped(message))?;
    lines.iter().try_for_each(|line| writeln!(out, "{}", escaped(line)))?;
    write!(out, "</{element}>")
}

/// A text between quotes or tags. What XML 1.0 cannot say at all (most control characters) is spelled out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in harmless(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => escaped.extend(character.escape_unicode()),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
