//! Versions: `1.29`, `v1.29.3`, `1.29.3-rc.1`.

use super::span::convert;
use super::{Code, Failure, Function, Given, Of, parameter};
use ordain_model::types::Type;
use ordain_model::value::Value;
use ordain_model::version::{self, Constraint};
use semver::Version;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "version",
        parameters: &[parameter("text", Of::Some)],
        rest: None,
        summary: "A version. Versions compare by their numbers, with texts too; one before its release (`-rc.1`) is older than it.",
        examples: &[
            ("version(\"1.9\") < version(\"1.30\")", "true"),
            ("version(\"v1.30\") == \"1.30.0\"", "true"),
            ("max(version(\"1.30.0-rc.1\"), \"1.30\")", "version(\"1.30\")"),
        ],
        errors: &[(
            "version(\"1.x\")",
            "`version`: expected a version of at most three numbers such as `1.29.3`, found \"1.x\"",
        )],
        code: Code::Strict(|given| convert(given, Type::Version)),
    },
    Function {
        name: "version_compare",
        parameters: &[parameter("one", Of::Text), parameter("other", Of::Text)],
        rest: None,
        summary: "-1 where the first version is older, 0 where the two are one, 1 where it is newer. Numbers that are not there are 0.",
        examples: &[("version_compare(\"1.9\", \"1.29.3\")", "-1"), ("version_compare(\"v1.29\", \"1.29.0\")", "0")],
        errors: &[(
            "version_compare(\"1.29\", \"latest\")",
            "`version_compare`: expected a version of at most three numbers such as `1.29.3`, found `latest`",
        )],
        code: Code::Strict(|given| Ok(Value::integer(read(given, 0)?.cmp_precedence(&read(given, 1)?) as i64))),
    },
    Function {
        name: "version_satisfies",
        parameters: &[parameter("version", Of::Text), parameter("constraint", Of::Text)],
        rest: None,
        summary: "Whether a version is what is asked for: `=`, `!=`, `>`, `>=`, `<`, `<=` and `~>`, several with commas.",
        examples: &[
            ("version_satisfies(\"1.29.3\", \"~> 1.28\")", "true"),
            ("version_satisfies(\"1.9\", \">= 1.10, != 1.12\")", "false"),
        ],
        errors: &[(
            "version_satisfies(\"1.29\", \"about 1.28\")",
            "`version_satisfies`: expected versions such as `>= 1.28, < 2` or `~> 1.28`, found `about 1.28`",
        )],
        code: Code::Strict(|given| {
            given.spend(given.text(1).len() / 4)?;
            let constraint = Constraint::parse(given.text(1)).ok_or_else(|| {
                let found = given.shown(1);
                Failure::Argument(1, format!("expected versions such as `>= 1.28, < 2` or `~> 1.28`, found `{found}`"))
            })?;
            Ok(Value::Bool(constraint.admits(&read(given, 0)?)))
        }),
    },
];

fn read(given: &Given<'_>, at: usize) -> Result<Version, Failure> {
    version::parse(given.text(at)).ok_or_else(|| {
        let found = given.shown(at);
        Failure::Argument(at, format!("expected a version of at most three numbers such as `1.29.3`, found `{found}`"))
    })
}
