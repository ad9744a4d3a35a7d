//! Addresses.

use super::{Code, Function, Of, parameter};
use ordain_model::cidr::CidrSet;
use ordain_model::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[Function {
    name: "cidr_within",
    parameters: &[parameter("inner", Of::Addresses), parameter("outer", Of::Addresses)],
    rest: None,
    summary: "Whether every address of the first lies in the second, however the blocks are cut.",
    examples: &[
        ("cidr_within(\"10.1.0.0/16\", \"10.0.0.0/8\")", "true"),
        ("cidr_within(\"0.0.0.0/0\", [\"0.0.0.0/1\", \"128.0.0.0/1\"])", "true"),
        ("cidr_within([\"10.0.0.0/8\", \"192.0.2.1/32\"], \"10.0.0.0/8\")", "false"),
    ],
    code: Code::Strict(|given| {
        let set = |at| match given.values.get(at) {
            Some(Value::Cidrs(cidrs)) => cidrs.clone(),
            _ => CidrSet::nobody(),
        };
        Ok(Value::Bool(set(0).is_subset(&set(1))))
    }),
}];
