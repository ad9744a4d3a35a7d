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
) -> Function {
    let examples = std::slice::from_ref(example);
    Function { name, parameters, rest, summary, examples, code: Code::Bound(constructor) }
}

const LIST: &[Parameter] = &[parameter("items", Of::Any)];
const ONE: &[Parameter] = &[parameter("value", Of::Any)];

pub(super) const FUNCTIONS: &[Function] = &[
    bound(Constructor::Absent, "absent", &[], None, "Must not be set.", &("absent()", "absent()")),
    bound(
        Constructor::AllOf,
        "all_of",
        &[],
        Some(parameter("bounds", Of::Any)),
        "Every one of several bounds.",
        &("all_of(at_least(1), at_most(5))", "all_of(at_least(1), at_most(5))"),
    ),
    bound(Constructor::AtLeast, "at_least", ONE, None, "This or more.", &("at_least(\"365d\")", "at_least(\"365d\")")),
    bound(Constructor::AtMost, "at_most", ONE, None, "This or less.", &("at_most(2)", "at_most(2)")),
    bound(
        Constructor::Between,
        "between",
        &[parameter("least", Of::Any), parameter("greatest", Of::Any)],
        None,
        "From one to the other, both included.",
        &("between(7, 35)", "between(7, 35)"),
    ),
    bound(
        Constructor::Exactly,
        "exactly",
        ONE,
        None,
        "This and nothing else.",
        &("exactly(\"365d\")", "exactly(\"365d\")"),
    ),
    bound(
        Constructor::Matches,
        "matches",
        &[parameter("pattern", Of::Any)],
        None,
        "A text in which the pattern is found.",
        &("matches(\"^arn:\")", "matches(\"^arn:\")"),
    ),
    bound(Constructor::Nobody, "nobody", &[], None, "No address at all.", &("nobody()", "nobody()")),
    bound(
        Constructor::NoneOf,
        "none_of",
        &[],
        Some(parameter("values", Of::Any)),
        "Anything but these.",
        &("none_of(\"a\", \"b\")", "none_of(\"a\", \"b\")"),
    ),
    bound(
        Constructor::OneOf,
        "one_of",
        &[],
        Some(parameter("values", Of::Any)),
        "One of these.",
        &("one_of(\"a\", \"b\")", "one_of(\"a\", \"b\")"),
    ),
    bound(
        Constructor::OptionalBound,
        "optional_bound",
        &[parameter("bound", Of::Any)],
        None,
        "What the bound says; nothing where it is null or compares with null, which `validate` lists.",
        &("optional_bound(at_least(null))", "optional_bound(at_least(null))"),
    ),
    bound(Constructor::Present, "present", &[], None, "Must be set, to anything.", &("present()", "present()")),
    bound(
        Constructor::SubsetOf,
        "subset_of",
        LIST,
        None,
        "Some of these and nothing else.",
        &("subset_of([\"api\"])", "subset_of([\"api\"])"),
    ),
    bound(
        Constructor::SupersetOf,
        "superset_of",
        LIST,
        None,
        "All of these, and perhaps more.",
        &("superset_of([\"api\"])", "superset_of([\"api\"])"),
    ),
    bound(
        Constructor::Within,
        "within",
        LIST,
        None,
        "Addresses that all lie inside of these blocks.",
        &("within([\"10.0.0.0/8\"])", "within([\"10.0.0.0/8\"])"),
    ),
];
