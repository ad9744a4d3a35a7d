//! YAML 1.2, as Terraform resolves its plain scalars.

mod read;
mod write;

use super::{Code, Function, Of, parameter};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "yamldecode",
        parameters: &[parameter("text", Of::Text)],
        rest: None,
        summary: "The value that a YAML text of one document stands for, numbers exact. Dates stay texts.",
        examples: &[
            ("yamldecode(\"a: 1\\nb: [x, yes]\")", "{ a = 1, b = [\"x\", true] }"),
            ("yamldecode(\"base: &base { a: 1 }\\nc: { <<: *base, b: 2 }\").c", "{ a = 1, b = 2 }"),
        ],
        errors: &[(
            "yamldecode(\"a: [1\")",
            "`yamldecode`: this is not YAML: while parsing a flow sequence, expected ',' or ']' at byte 5 line 2 column 1",
        )],
        code: Code::Strict(read::decode),
    },
    Function {
        name: "yamlencode",
        parameters: &[parameter("value", Of::Any)],
        rest: None,
        summary: "A value as a YAML document.",
        examples: &[("yamlencode({ a = [1, \"x\"] })", "\"\\\"a\\\":\\n- 1\\n- \\\"x\\\"\\n\"")],
        errors: &[("yamlencode(at_least(1))", "`yamlencode`: a bound has no YAML form")],
        code: Code::Strict(write::encode),
    },
];
