//! Sizes and ratios.

use super::span::convert;
use super::{Code, Function, Of, Outcome, Parameter, parameter};
use ordain_model::number::Number;
use ordain_model::types::Type;
use ordain_model::value::Value;

const TEXT: &[Parameter] = &[parameter("text", Of::Some)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "bytes",
        parameters: &[parameter("size", Of::Some)],
        rest: None,
        summary: "How many bytes a size is.",
        examples: &[("bytes(\"1KiB\")", "1024"), ("bytes(size(\"2GB\")) / 1000", "2000000")],
        errors: &[(
            "bytes(\"10\")",
            "`bytes`: expected a whole number of bytes with a unit such as `10GiB` or `500MB`, found \"10\"; perhaps `10GiB`",
        )],
        code: Code::Strict(|given| match convert(given, Type::Size)? {
            Value::Size(size) => count(size.0),
            _ => Ok(Value::Null),
        }),
    },
    Function {
        name: "ratio",
        parameters: TEXT,
        rest: None,
        summary: "The number that a part of a whole is, exactly: at least 0, with at most nine decimal places.",
        examples: &[("ratio(\"12.5%\")", "0.125"), ("ratio(\"25%\") == 0.25", "true")],
        errors: &[
            (
                "ratio(-1)",
                "`ratio`: expected a ratio such as `0.25` or `\"25%\"`: at least 0, with at most 9 decimal places, found -1",
            ),
            (
                "ratio(\"a third\")",
                "`ratio`: expected a ratio such as `0.25` or `\"25%\"`: at least 0, with at most 9 decimal places, found \"a third\"",
            ),
        ],
        code: Code::Strict(|given| convert(given, Type::Ratio)),
    },
    Function {
        name: "size",
        parameters: TEXT,
        rest: None,
        summary: "A number of bytes: a whole number with `B`, a unit of 1000 (`kB`, `MB`, `GB`, `TB`, `PB`, `EB`) or one of 1024 (`KiB`, `MiB`, `GiB`, `TiB`, `PiB`, `EiB`). Sizes compare.",
        examples: &[
            ("size(\"1024MiB\") == \"1GiB\"", "true"),
            ("size(\"500GB\") < \"500GiB\"", "true"),
            ("max(size(\"10GiB\"), \"9999MB\")", "size(\"10GiB\")"),
        ],
        errors: &[
            (
                "size(\"10G\")",
                "`size`: expected a whole number of bytes with a unit such as `10GiB` or `500MB`, found \"10G\"; perhaps `10GiB`",
            ),
            (
                "size(\"20000000EiB\")",
                "`size`: expected a size of at most 18446744073709551615B, found \"20000000EiB\"",
            ),
        ],
        code: Code::Strict(|given| convert(given, Type::Size)),
    },
];

fn count(bytes: u64) -> Outcome {
    Number::parse(&bytes.to_string()).map(Value::Number).map_err(|why| super::Failure::Call(why.to_string()))
}
