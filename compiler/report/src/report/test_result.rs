//! [`TestResult`]: what became of one profile test.

use crate::diagnostics::DiagnosticView;
use ordain_model::Text;
use serde::Serialize;

/// What became of one profile test.
#[derive(Clone, Debug, Serialize)]
pub struct TestResult {
    /// The file as the user would write it.
    pub file: Text,
    /// The test's name.
    pub name: Text,
    /// `file:line` of its header.
    pub place: String,
    /// Whether everything was as expected.
    pub passed: bool,
    /// What was not, in the order of the `expect` block.
    pub differences: Vec<Difference>,
    /// Every message that the profile gave under the test, also expected ones.
    pub diagnostics: Vec<DiagnosticView>,
}

/// Something that was not as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What it is about.
    pub about: String,
    /// `file:line` of what was expected, or of the message that was not.
    pub place: Option<String>,
    /// What was expected.
    pub expected: String,
    /// What was seen.
    pub seen: String,
}
