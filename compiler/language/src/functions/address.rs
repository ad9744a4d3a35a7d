//! Sets of addresses: compared by what they cover, however the blocks are cut.

use super::{Code, Failure, Function, Given, Of, Outcome, Parameter, parameter};
use ordain_model::cidr::CidrSet;
use ordain_model::number::Number;
use ordain_model::value::Value;

const FIRST: &[Parameter] = &[parameter("addresses", Of::Addresses)];
const REST: Option<Parameter> = Some(parameter("further", Of::Addresses));

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "cidr_intersect",
        parameters: FIRST,
        rest: REST,
        summary: "The addresses that are in all of several sets, in the blocks of which they are written where these survive whole.",
        examples: &[
            ("cidr_intersect([\"10.0.0.0/8\", \"192.0.2.0/24\"], \"10.1.0.0/16\")", "[\"10.1.0.0/16\"]"),
            ("cidr_intersect(\"10.0.0.0/8\", \"192.0.2.0/24\")", "[]"),
        ],
        errors: &[(
            "cidr_intersect(\"10.0.0.1/8\", \"10.0.0.0/8\")",
            "`addresses` does not read as address blocks: expected a CIDR block without bits beyond its prefix of 8 bits",
        )],
        code: Code::Strict(|given| fold(given, CidrSet::intersection)),
    },
    Function {
        name: "cidr_merge",
        parameters: FIRST,
        rest: REST,
        summary: "The addresses that are in any of several sets, in the fewest blocks, sorted: never one address more.",
        examples: &[
            ("cidr_merge([\"10.0.1.0/24\", \"10.0.0.0/24\"], \"10.0.0.7/32\")", "[\"10.0.0.0/23\"]"),
            ("cidr_merge([\"10.0.1.0/24\", \"10.0.2.0/24\"])", "[\"10.0.1.0/24\", \"10.0.2.0/24\"]"),
        ],
        errors: &[(
            "cidr_merge(\"10.0.0.0/33\")",
            "`addresses` does not read as address blocks: expected a CIDR block with a prefix of 0 to 32 bits",
        )],
        code: Code::Strict(|given| {
            let all: Vec<_> = (0..given.values.len()).flat_map(|at| given.addresses(at).entries().to_vec()).collect();
            given.spend(all.len())?;
            Ok(Value::Cidrs(CidrSet::of(all).fewest()))
        }),
    },
    Function {
        name: "cidr_overlaps",
        parameters: &[parameter("addresses", Of::Addresses), parameter("others", Of::Addresses)],
        rest: None,
        summary: "Whether an address is in both of two sets.",
        examples: &[
            ("cidr_overlaps(\"10.0.0.0/8\", [\"192.0.2.0/24\", \"10.1.0.0/16\"])", "true"),
            ("cidr_overlaps(\"10.0.0.0/24\", \"10.0.1.0/24\")", "false"),
        ],
        errors: &[(
            "cidr_overlaps(\"10.0.0.0/8\", \"office\")",
            "`others` does not read as address blocks: expected a CIDR block such as `10.0.0.0/8` or `2001:db8::/32`",
        )],
        code: Code::Strict(|given| {
            given.spend(given.addresses(0).entries().len() + given.addresses(1).entries().len())?;
            Ok(Value::Bool(given.addresses(0).overlaps(&given.addresses(1))))
        }),
    },
    Function {
        name: "cidr_size",
        parameters: FIRST,
        rest: None,
        summary: "How many addresses a set has, each counted once.",
        examples: &[("cidr_size([\"10.0.0.0/24\", \"10.0.0.7/32\"])", "256"), ("cidr_size([])", "0")],
        errors: &[(
            "cidr_size(\"10.0.0.0/8.5\")",
            "`addresses` does not read as address blocks: expected a CIDR block such as `10.0.0.0/8` or `2001:db8::/32`",
        )],
        code: Code::Strict(size),
    },
    Function {
        name: "cidr_subtract",
        parameters: &[parameter("addresses", Of::Addresses), parameter("without", Of::Addresses)],
        rest: None,
        summary: "The addresses of a set that are not in another, in the fewest blocks.",
        examples: &[("cidr_subtract(\"10.0.0.0/30\", \"10.0.0.1/32\")", "[\"10.0.0.0/32\", \"10.0.0.2/31\"]")],
        errors: &[(
            "cidr_subtract(\"10.0.0.1/8\", \"10.0.0.0/8\")",
            "`addresses` does not read as address blocks: expected a CIDR block without bits beyond its prefix of 8 bits",
        )],
        code: Code::Strict(|given| {
            given.spend(given.addresses(0).entries().len() + given.addresses(1).entries().len())?;
            let rest = given.addresses(0).difference_within(&given.addresses(1), CidrSet::MOST_ENTRIES);
            let rest = rest.ok_or_else(|| {
                Failure::Call(format!("what is left takes more than {} blocks to write", CidrSet::MOST_ENTRIES))
            })?;
            given.spend(rest.entries().len())?;
            Ok(Value::Cidrs(rest))
        }),
    },
    Function {
        name: "cidr_within",
        parameters: &[parameter("inner", Of::Addresses), parameter("outer", Of::Addresses)],
        rest: None,
        summary: "Whether every address of the first lies in the second, however the blocks are cut.",
        examples: &[
            ("cidr_within(\"10.1.0.0/16\", \"10.0.0.0/8\")", "true"),
            ("cidr_within(\"0.0.0.0/0\", [\"0.0.0.0/1\", \"128.0.0.0/1\"])", "true"),
            ("cidr_within([\"10.0.0.0/8\", \"192.0.2.1/32\"], \"10.0.0.0/8\")", "false"),
        ],
        errors: &[(
            "cidr_within([\"10.0.0.0/8\", 5], \"10.0.0.0/8\")",
            "`inner` does not read as address blocks: expected a list of CIDR blocks such as `[\"10.0.0.0/8\"]`",
        )],
        code: Code::Strict(|given| Ok(Value::Bool(given.addresses(0).is_subset(&given.addresses(1))))),
    },
];

fn fold(given: &Given<'_>, combine: fn(&CidrSet, &CidrSet) -> CidrSet) -> Outcome {
    let mut all = given.addresses(0);
    for at in 1..given.values.len() {
        let next = given.addresses(at);
        given.spend(all.entries().len() + next.entries().len())?;
        all = combine(&all, &next);
    }
    Ok(Value::Cidrs(all))
}

fn size(given: &Given<'_>) -> Outcome {
    let number = |text: String| Number::parse(&text).map_err(|why| Failure::Call(why.to_string()));
    let mut sum = Number::from(0);
    for block in given.addresses(0).fewest().entries() {
        let bits = u32::from(block.max_prefix_len() - block.prefix_len());
        let last = u128::MAX.checked_shr(128 - bits).unwrap_or(0);
        let size = number(last.to_string())?.add(&Number::from(1));
        sum = size.and_then(|size| sum.add(&size)).map_err(|why| Failure::Call(why.to_string()))?;
    }
    Ok(Value::Number(sum))
}
