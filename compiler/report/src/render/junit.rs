//! `junit`: profile tests in the XML that build servers read, a suite per file. No times: a report carries no clock.

use super::Format;
use crate::report::Report;
use crate::report::test_result::{Difference, TestResult};
use crate::style::{Style, harmless};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The format.
pub const FORMAT: Format = Format { name: "junit", summary: "profile tests as JUnit XML", render };

fn render(report: &Report, _: Style) -> String {
    let mut files: BTreeMap<&str, Vec<&TestResult>> = BTreeMap::new();
    for result in &report.tests {
        files.entry(&result.file).or_default().push(result);
    }
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let counts = counts(report.tests.iter());
    // Writing to a string cannot fail, here and below.
    let _ = writeln!(text, "<testsuites name=\"ordain test\" {counts}>");
    for (file, results) in files {
        suite(&mut text, file, &results);
    }
    text.push_str("</testsuites>\n");
    text
}

fn counts<'r>(results: impl Iterator<Item = &'r TestResult>) -> String {
    let (mut all, mut failed) = (0, 0);
    for result in results {
        all += 1;
        failed += u64::from(!result.passed);
    }
    format!("tests=\"{all}\" failures=\"{failed}\" errors=\"0\" skipped=\"0\"")
}

fn suite(text: &mut String, file: &str, results: &[&TestResult]) {
    let counts = counts(results.iter().copied());
    let _ = writeln!(text, "  <testsuite name=\"{}\" {counts}>", escaped(file));
    for result in results {
        let (name, class) = (escaped(&result.name), escaped(&result.file));
        let line = result.place.rsplit_once(':').map_or("", |(_, line)| line);
        let _ = write!(text, "    <testcase name=\"{name}\" classname=\"{class}\" file=\"{class}\" line=\"{line}\"");
        match result.passed {
            true => text.push_str("/>\n"),
            false => failure(text, &result.differences),
        }
    }
    text.push_str("  </testsuite>\n");
}

fn failure(text: &mut String, differences: &[Difference]) {
    let about: Vec<&str> = differences.iter().map(|difference| &*difference.about).collect();
    let _ = write!(text, ">\n      <failure message=\"{}\">", escaped(&about.join("; ")));
    for Difference { about, place, expected, seen } in differences {
        let place = place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
        let lines = [format!("{about}{place}"), format!("  expected: {expected}"), format!("  seen: {seen}")];
        lines.iter().for_each(|line| text.push_str(&format!("{}\n", escaped(line))));
    }
    text.push_str("</failure>\n    </testcase>\n");
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
mod tests {
    use super::*;
    use crate::assemble;

    fn result(name: &str, differences: Vec<Difference>) -> TestResult {
        TestResult {
            file: "p/main.test.hcl".into(),
            name: name.into(),
            place: "p/main.test.hcl:3".to_owned(),
            passed: differences.is_empty(),
            differences,
            diagnostics: Vec::new(),
        }
    }

    #[test]
    fn a_suite_per_file_with_what_failed() {
        let difference = Difference {
            about: "verdicts \"a\" \"<b>\"".to_owned(),
            place: Some("p/main.test.hcl:7".to_owned()),
            expected: "met".to_owned(),
            seen: "unmet & \u{1b}".to_owned(),
        };
        let report = assemble::tests(vec![result("fine", Vec::new()), result("no", vec![difference])]);
        assert_eq!(
            (FORMAT.render)(&report, Style::PLAIN),
            "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites name=\"ordain test\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\">
  <testsuite name=\"p/main.test.hcl\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\">
    <testcase name=\"fine\" classname=\"p/main.test.hcl\" file=\"p/main.test.hcl\" line=\"3\"/>
    <testcase name=\"no\" classname=\"p/main.test.hcl\" file=\"p/main.test.hcl\" line=\"3\">
      <failure message=\"verdicts &quot;a&quot; &quot;&lt;b&gt;&quot;\">verdicts &quot;a&quot; &quot;&lt;b&gt;&quot; (p/main.test.hcl:7)
  expected: met
  seen: unmet &amp; \\u{1b}
</failure>
    </testcase>
  </testsuite>
</testsuites>
"
        );
    }
}
