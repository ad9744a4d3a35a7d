//! The cases of `tests/oracle/*.txt`: an expression, Terraform's recorded answer and, where ours differs on purpose,
//! ours with the reason.
//!
//! ```text
//! > the expression, line by line
//! = the bytes of Terraform's jsonencode of it, or
//! ! the title of Terraform's first error
//! here = our answer, or
//! here ! the code of our error
//! because the reason
//! ```
#![expect(clippy::panic, reason = "a test fails by it")]

/// An answer: JSON, or the name of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Value(String),
    Error(String),
}

impl Answer {
    fn parse(line: &str) -> Option<Answer> {
        match line.split_at_checked(2)? {
            ("= ", json) => Some(Answer::Value(json.into())),
            ("! ", name) => Some(Answer::Error(name.into())),
            _ => None,
        }
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Answer::Value(json) => write!(f, "= {json}"),
            Answer::Error(name) => write!(f, "! {name}"),
        }
    }
}

pub struct Case {
    pub expression: String,
    pub terraform: Answer,
    /// Our answer where it differs, with the reason.
    #[allow(dead_code, reason = "one of the two tests that share the cases does not ask")]
    pub here: Option<(Answer, String)>,
}

impl Case {
    fn parse(block: &str) -> Case {
        let lines = |prefix: &'static str| block.lines().filter_map(move |line| line.strip_prefix(prefix));
        let expression: Vec<&str> = lines(">").map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
        let terraform = block.lines().find_map(Answer::parse).unwrap_or_else(|| panic!("no answer in\n{block}"));
        let here = lines("here ").next().map(|line| {
            let answer = Answer::parse(line).unwrap_or_else(|| panic!("no answer in\n{block}"));
            let reason = lines("because ").next().unwrap_or_else(|| panic!("no reason in\n{block}"));
            (answer, reason.into())
        });
        Case { expression: expression.join("\n"), terraform, here }
    }

    /// A file in which a local has the expression as its value.
    pub fn file(&self) -> String {
        format!("locals {{\n  x = {}\n}}\n", self.expression)
    }
}

/// The files that the cases read, by their paths: those of `tests/oracle/files`.
pub const FILES: &[(&str, &[u8])] = &[
    ("a.txt", include_bytes!("../../../../tests/oracle/files/a.txt")),
    ("broken.tpl", include_bytes!("../../../../tests/oracle/files/broken.tpl")),
    ("empty.txt", include_bytes!("../../../../tests/oracle/files/empty.txt")),
    ("latin1.txt", include_bytes!("../../../../tests/oracle/files/latin1.txt")),
    ("list.tpl", include_bytes!("../../../../tests/oracle/files/list.tpl")),
    ("missing.tpl", include_bytes!("../../../../tests/oracle/files/missing.tpl")),
    ("nested.tpl", include_bytes!("../../../../tests/oracle/files/nested.tpl")),
    ("only.tpl", include_bytes!("../../../../tests/oracle/files/only.tpl")),
    ("sub/b.txt", include_bytes!("../../../../tests/oracle/files/sub/b.txt")),
    ("sub/deep/c.json", include_bytes!("../../../../tests/oracle/files/sub/deep/c.json")),
];

/// Every file's name and cases.
pub fn files() -> Vec<(&'static str, Vec<Case>)> {
    let cases = |text: &str| text.split("\n\n").filter(|block| block.starts_with('>')).map(Case::parse).collect();
    vec![
        ("addresses.txt", cases(include_str!("../../../../tests/oracle/addresses.txt"))),
        ("encodings.txt", cases(include_str!("../../../../tests/oracle/encodings.txt"))),
        ("expressions.txt", cases(include_str!("../../../../tests/oracle/expressions.txt"))),
        ("files.txt", cases(include_str!("../../../../tests/oracle/files.txt"))),
        ("format.txt", cases(include_str!("../../../../tests/oracle/format.txt"))),
        ("functions.txt", cases(include_str!("../../../../tests/oracle/functions.txt"))),
        ("instants.txt", cases(include_str!("../../../../tests/oracle/instants.txt"))),
        ("templates.txt", cases(include_str!("../../../../tests/oracle/templates.txt"))),
        ("yaml.txt", cases(include_str!("../../../../tests/oracle/yaml.txt"))),
    ]
}
