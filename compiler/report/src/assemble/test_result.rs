//! Reports of profile tests.

use super::words::count;
use crate::diagnostics::DiagnosticView;
use crate::report::test_result::{Difference, TestResult};
use crate::report::{Conclusion, Report};
use ordain_engine::profile_test::{self, Seen};
use ordain_language::test_file::ProfileTest;
use ordain_model::source::Sources;

/// What became of one test, of the file of that name.
#[must_use]
pub fn test(file: &str, test: &ProfileTest, seen: &Seen<'_>, sources: &Sources) -> TestResult {
    let difference = |of: profile_test::Difference| Difference {
        about: of.about,
        place: of.span.map(|span| sources.place(span)),
        expected: of.expected,
        seen: of.seen,
    };
    let differences: Vec<_> = profile_test::differences(&test.expectation, seen).into_iter().map(difference).collect();
    TestResult {
        file: file.into(),
        name: test.name.clone(),
        place: sources.place(test.span),
        passed: differences.is_empty(),
        differences,
        diagnostics: seen.diagnostics.iter().map(|message| DiagnosticView::of(message, sources)).collect(),
    }
}

/// A report of every test that ran.
#[must_use]
pub fn tests(results: Vec<TestResult>) -> Report {
    let all = results.len() as u64;
    let failed = results.iter().filter(|result| !result.passed).count() as u64;
    let (verdict, text) = match failed {
        0 => (Conclusion::Passed, format!("{}.", count(all, "test"))),
        _ => (Conclusion::Failed, format!("{failed} of {}.", count(all, "test"))),
    };
    Report { tests: results, ..super::empty("test", verdict, text) }
}
