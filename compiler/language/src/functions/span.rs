//! Spans of time and retentions.

use super::{Code, Failure, Function, Given, Of, Outcome, Parameter, parameter};
use ordain_model::duration::{Calendar, DAY, Duration};
use ordain_model::number::Number;
use ordain_model::types::{Mismatch, Type};
use ordain_model::value::Value;

const TEXT: &[Parameter] = &[parameter("text", Of::Some)];
const SPAN: &[Parameter] = &[parameter("span", Of::Duration)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "days",
        parameters: SPAN,
        rest: None,
        summary: "How many days a span of time lasts; an error where that depends on the months it falls in.",
        examples: &[("days(\"52w\")", "364"), ("days(\"36h\")", "1.5"), ("days(nominal(\"1y\"))", "365")],
        errors: &[(
            "days(\"1mo\")",
            "`days`: `1mo` is 28 to 31 days; `shortest_days` and `longest_days` say which, `nominal` counts 30 for a month",
        )],
        code: Code::Strict(|given| {
            let span = given.span(0);
            let exact = span.exact_seconds().ok_or_else(|| {
                let (least, greatest) = (span.shortest_seconds() / DAY, span.longest_seconds() / DAY);
                Failure::Argument(0, format!(
                    "`{span}` is {least} to {greatest} days; `shortest_days` and `longest_days` say which, `nominal` counts 30 for a month"
                ))
            });
            in_days(exact?)
        }),
    },
    Function {
        name: "duration",
        parameters: TEXT,
        rest: None,
        summary: "A span of time: whole numbers with the units `y`, `mo`, `w`, `d`, `h`, `m` and `s`. Spans add, subtract and compare; numbers multiply and divide them.",
        examples: &[
            ("duration(\"90d\") < duration(\"52w\")", "true"),
            ("duration(\"24h\") == \"1d\"", "true"),
            ("duration(\"1y\") + \"30d\"", "duration(\"1y30d\")"),
            ("duration(\"90d\") * 2 - \"12h\"", "duration(\"179d12h\")"),
            ("duration(\"52w\") / duration(\"1w\")", "52"),
        ],
        errors: &[(
            "duration(\"365\")",
            "`duration`: expected a span of time with a unit such as `365d`, `12mo` or `24h`, found \"365\"; perhaps `365d`",
        )],
        code: Code::Strict(|given| convert(given, Type::Duration)),
    },
    Function {
        name: "longest_days",
        parameters: SPAN,
        rest: None,
        summary: "How many days a span of time can last at most, whenever it begins.",
        examples: &[("longest_days(\"12mo\")", "366"), ("longest_days(\"3mo\")", "92")],
        errors: &[(
            "longest_days(\"soon\")",
            "`span` does not read as a span of time: expected a span of time such as `365d`, `12mo` or `24h`",
        )],
        code: Code::Strict(|given| in_days(given.span(0).longest_seconds())),
    },
    Function {
        name: "months",
        parameters: SPAN,
        rest: None,
        summary: "How many months a span of time of months and years is; an error for days, which are no part of one.",
        examples: &[("months(\"1y6mo\")", "18")],
        errors: &[("months(\"45d\")", "`months`: `45d` is no whole number of months whenever it begins")],
        code: Code::Strict(|given| match given.span(0) {
            span @ Duration { seconds: 0, .. } => Ok(Value::integer(span.months.into())),
            span => Err(Failure::Argument(0, format!("`{span}` is no whole number of months whenever it begins"))),
        }),
    },
    Function {
        name: "nominal",
        parameters: SPAN,
        rest: None,
        summary: "A span of time whose years are 365 days and whose months are 30, whatever the module's calendar is.",
        examples: &[("nominal(\"1y\") == \"365d\"", "true")],
        errors: &[(
            "nominal(\"1 year\")",
            "`span` does not read as a span of time: expected a span of time in the units `y`, `mo`, `w`, `d`, `h`, `m` and `s`, such as `365d`",
        )],
        code: Code::Strict(|given| Ok(Value::Duration(Duration { calendar: Calendar::Nominal, ..given.span(0) }))),
    },
    Function {
        name: "retention",
        parameters: TEXT,
        rest: None,
        summary: "How long something is kept: `disabled`, a span of whole days, or `unlimited`, in this order.",
        examples: &[
            ("retention(\"365d\") < \"unlimited\"", "true"),
            ("max(retention(\"disabled\"), \"90d\")", "retention(\"90d\")"),
        ],
        errors: &[
            (
                "retention(\"0d\")",
                "`retention`: expected at least one day, `disabled` or `unlimited`: `0s` could mean either of the last two, found \"0d\"; perhaps `disabled`",
            ),
            (
                "retention(\"12h\")",
                "`retention`: expected a whole number of days, which `12h` is not, found \"12h\"; perhaps `1d`",
            ),
        ],
        code: Code::Strict(|given| convert(given, Type::Retention)),
    },
    Function {
        name: "shortest_days",
        parameters: SPAN,
        rest: None,
        summary: "How many days a span of time can last at least, whenever it begins.",
        examples: &[("shortest_days(\"12mo\")", "365"), ("shortest_days(\"1mo\")", "28")],
        errors: &[(
            "shortest_days(\"soon\")",
            "`span` does not read as a span of time: expected a span of time such as `365d`, `12mo` or `24h`",
        )],
        code: Code::Strict(|given| in_days(given.span(0).shortest_seconds())),
    },
    Function {
        name: "strict",
        parameters: SPAN,
        rest: None,
        summary: "A span of time whose months are as long as the calendar's, whatever the module's calendar is.",
        examples: &[("longest_days(strict(nominal(\"1y\")))", "366")],
        errors: &[(
            "strict(\"soon\")",
            "`span` does not read as a span of time: expected a span of time such as `365d`, `12mo` or `24h`",
        )],
        code: Code::Strict(|given| Ok(Value::Duration(Duration { calendar: Calendar::Strict, ..given.span(0) }))),
    },
];

fn in_days(seconds: u64) -> Outcome {
    let number = |count: u64| Number::from(i64::try_from(count).unwrap_or(i64::MAX));
    number(seconds).div(&number(DAY)).map(Value::Number).map_err(|why| Failure::Call(why.to_string()))
}

/// The first argument in a type.
pub(super) fn convert(given: &Given<'_>, of: Type) -> Outcome {
    let value = given.value(0);
    of.convert(&value, given.evaluator.scope.calendar())
        .map_err(|mismatch| Failure::Argument(0, found(&mismatch, &value)))
}

/// What was expected and what was found, for one argument.
pub(super) fn found(mismatch: &Mismatch, value: &Value) -> String {
    let found: String = value.to_string().chars().take(60).collect();
    match &mismatch.offer {
        Some(offer) => format!("expected {}, found {found}; perhaps `{offer}`", mismatch.expected),
        None => format!("expected {}, found {found}", mismatch.expected),
    }
}
