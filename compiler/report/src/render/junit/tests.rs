//! What JUnit says of profile tests.

use super::*;
use crate::assemble;
use crate::report::test_result::{Difference, TestResult};

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
        FORMAT.text(&report, Style::PLAIN),
        "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites name=\"Ordain test\" tests=\"2\" failures=\"1\" errors=\"0\">
  <testsuite name=\"p/main.test.hcl\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\">
    <testcase name=\"fine\" classname=\"p/main.test.hcl\"/>
    <testcase name=\"no\" classname=\"p/main.test.hcl\">
      <failure message=\"verdicts &quot;a&quot; &quot;&lt;b&gt;&quot;\">the test is at p/main.test.hcl:3
verdicts &quot;a&quot; &quot;&lt;b&gt;&quot; (p/main.test.hcl:7)
  expected: met
  seen: unmet &amp; \\u{1b}
</failure>
    </testcase>
  </testsuite>
</testsuites>
"
    );
}
