//! Bounds: what a setting must satisfy. What a bound means for a setting is decided with the setting's type.

use super::{Code, Function, Of, Parameter, parameter};
use ordain_model::bound::Constructor;

const fn bound(
    constructor: Constructor,
    name: &'static str,
    parameters: &'static [Parameter],
    rest: Option<Parameter>,
    summary: &'static str,
    example: &'static (&'static str, &'static str),
    errors: &'static [(&'static str, &'static str)],
) -> Function {
    let examples = std::slice::from_ref(example);
    Function { name, parameters, rest, summary, examples, errors, code: Code::Bound(constructor) }
}

const LIST: &[Parameter] = &[parameter("items", Of::Any)];
const ONE: &[Parameter] = &[parameter("value", Of::Any)];

pub(super) const FUNCTIONS: &[Function] = &[
    bound(
        Constructor::Absent,
        "absent",
        &[],
        None,
        "Must not be set.",
        &("absent()", "absent()"),
        &[("absent(1)", "`absent` takes 0 arguments, 1 is given")],
    ),
    bound(
        Constructor::AllOf,
        "all_of",
        &[],
        Some(parameter("bounds", Of::Any)),
        "Every one of several bounds.",
        &("all_of(at_least(1), at_most(5))", "all_of(at_least(1), at_most(5))"),
        &[],
    ),
    bound(
        Constructor::AtLeast,
        "at_least",
        ONE,
        None,
        "This or more.",
        &("at_least(\"365d\")", "at_least(\"365d\")"),
        &[("at_least()", "`at_least` takes 1 argument, 0 are given: `value` is missing")],
    ),
    bound(
        Constructor::AtMost,
        "at_most",
        ONE,
        None,
        "This or less.",
        &("at_most(2)", "at_most(2)"),
        &[("at_most()", "`at_most` takes 1 argument, 0 are given: `value` is missing")],
    ),
    bound(
        Constructor::Between,
        "between",
        &[parameter("least", Of::Any), parameter("greatest", Of::Any)],
        None,
        "From one to the other, both included.",
        &("between(7, 35)", "between(7, 35)"),
        &[("between(1)", "`between` takes 2 arguments, 1 is given: `greatest` is missing")],
    ),
    bound(
        Constructor::Exactly,
        "exactly",
        ONE,
        None,
        "This and nothing else.",
        &("exactly(\"365d\")", "exactly(\"365d\")"),
        &[("exactly()", "`exactly` takes 1 argument, 0 are given: `value` is missing")],
    ),
    bound(
        Constructor::Matches,
        "matches",
        &[parameter("pattern", Of::Any)],
        None,
        "A text in which the pattern is found.",
        &("matches(\"^arn:\")", "matches(\"^arn:\")"),
        &[("matches()", "`matches` takes 1 argument, 0 are given: `pattern` is missing")],
    ),
    bound(
        Constructor::Nobody,
        "nobody",
        &[],
        None,
        "No address at all.",
        &("nobody()", "nobody()"),
        &[("nobody(\"10.0.0.0/8\")", "`nobody` takes 0 arguments, 1 is given")],
    ),
    bound(
        Constructor::NoneOf,
        "none_of",
        &[],
        Some(parameter("values", Of::Any)),
        "Anything but these.",
        &("none_of(\"a\", \"b\")", "none_of(\"a\", \"b\")"),
        &[],
    ),
    bound(
        Constructor::OneOf,
        "one_of",
        &[],
        Some(parameter("values", Of::Any)),
        "One of these.",
        &("one_of(\"a\", \"b\")", "one_of(\"a\", \"b\")"),
        &[],
    ),
    bound(
        Constructor::OptionalBound,
        "optional_bound",
        &[parameter("bound", Of::Any)],
        None,
        "What the bound says; nothing where it is null or compares with null, which `validate` lists.",
        &("optional_bound(at_least(null))", "optional_bound(at_least(null))"),
        &[("optional_bound()", "`optional_bound` takes 1 argument, 0 are given: `bound` is missing")],
    ),
    bound(
        Constructor::Present,
        "present",
        &[],
        None,
        "Must be set, to anything.",
        &("present()", "present()"),
        &[("present(1)", "`present` takes 0 arguments, 1 is given")],
    ),
    bound(
        Constructor::SubsetOf,
        "subset_of",
        LIST,
        None,
        "Some of these and nothing else.",
        &("subset_of([\"api\"])", "subset_of([\"api\"])"),
        &[("subset_of()", "`subset_of` takes 1 argument, 0 are given: `items` is missing")],
    ),
    bound(
        Constructor::SupersetOf,
        "superset_of",
        LIST,
        None,
        "All of these, and perhaps more.",
        &("superset_of([\"api\"])", "superset_of([\"api\"])"),
        &[("superset_of()", "`superset_of` takes 1 argument, 0 are given: `items` is missing")],
    ),
    bound(
        Constructor::Within,
        "within",
        LIST,
        None,
        "Addresses that all lie inside of these blocks.",
        &("within([\"10.0.0.0/8\"])", "within([\"10.0.0.0/8\"])"),
        &[("within()", "`within` takes 1 argument, 0 are given: `items` is missing")],
    ),
];
