//! Calls that the provider of a target resolves when it observes. Which of its arguments takes which call is the
//! provider's to say ([`ordain_model::provider::ArgumentType::Names`]).

use super::{Code, Function, Of, optional};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "enabled",
        parameters: &[],
        rest: None,
        summary: "Every one that is switched on, such as an account's enabled regions.",
        examples: &[("enabled()", "enabled()")],
        errors: &[("enabled(\"eu-west-1\")", "the arguments of `enabled` have names")],
        code: Code::Deferred,
    },
    Function {
        name: "organization",
        parameters: &[optional("ou", Of::Texts)],
        rest: None,
        summary: "Every active account of the organisation, or of the organisational units named.",
        examples: &[("organization(ou = [\"prod\"])", "organization(ou = [\"prod\"])")],
        errors: &[
            ("organization([\"prod\"])", "the arguments of `organization` have names"),
            ("organization(unit = [\"prod\"])", "`organization` has no argument `unit`"),
        ],
        code: Code::Deferred,
    },
];
