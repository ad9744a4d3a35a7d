//! Blocks of addresses inside of blocks, as Terraform cuts them: `cidrhost`, `cidrnetmask`, `cidrsubnet`, `cidrsubnets`.

use super::{Code, Failure, Function, Given, Of, Outcome, Parameter, parameter};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use ordain_model::cidr;
use ordain_model::number::Number;
use ordain_model::value::Value;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Most bits by which `cidrsubnets` makes a prefix longer.
const MOST_BITS: i64 = 32;

const PREFIX: Parameter = parameter("block", Of::Text);

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "cidrhost",
        parameters: &[PREFIX, parameter("number", Of::Number)],
        rest: None,
        summary: "The address of a number in a block; negative ones count from the end.",
        examples: &[
            ("cidrhost(\"10.12.112.0/20\", 16)", "\"10.12.112.16\""),
            ("cidrhost(\"10.0.0.0/8\", -1)", "\"10.255.255.255\""),
        ],
        errors: &[
            ("cidrhost(\"10.0.0.0/24\", 256)", "`cidrhost`: the addresses of `10.0.0.0/24` are numbered from 0 to 255"),
            ("cidrhost(\"10.0.0.1\", 0)", "`cidrhost`: expected a CIDR block such as `10.0.0.0/8` or `2001:db8::/32`"),
        ],
        code: Code::Strict(host),
    },
    Function {
        name: "cidrnetmask",
        parameters: &[PREFIX],
        rest: None,
        summary: "The netmask of an IPv4 block.",
        examples: &[("cidrnetmask(\"172.16.0.0/12\")", "\"255.240.0.0\"")],
        errors: &[("cidrnetmask(\"2001:db8::/32\")", "`cidrnetmask`: only IPv4 has netmasks")],
        code: Code::Strict(|given| match block(given)? {
            IpNet::V4(block) => Ok(Value::string(&block.netmask().to_string())),
            IpNet::V6(_) => Err(Failure::Argument(0, "only IPv4 has netmasks".into())),
        }),
    },
    Function {
        name: "cidrsubnet",
        parameters: &[PREFIX, parameter("bits", Of::Whole), parameter("number", Of::Number)],
        rest: None,
        summary: "The block of a number among the blocks whose prefixes are so many bits longer.",
        examples: &[("cidrsubnet(\"172.16.0.0/12\", 4, 2)", "\"172.18.0.0/16\"")],
        errors: &[
            (
                "cidrsubnet(\"10.0.0.0/24\", 10, 0)",
                "`cidrsubnet`: the prefix of `10.0.0.0/24` can be 0 to 8 bits longer, not 10",
            ),
            (
                "cidrsubnet(\"10.0.0.0/16\", 8, 256)",
                "`cidrsubnet`: the blocks of 24 bits in `10.0.0.0/16` are numbered from 0 to 255",
            ),
        ],
        code: Code::Strict(subnet),
    },
    Function {
        name: "cidrsubnets",
        parameters: &[PREFIX],
        rest: Some(parameter("bits", Of::Whole)),
        summary: "Blocks whose prefixes are so many bits longer, one behind the other.",
        examples: &[("cidrsubnets(\"10.1.0.0/16\", 4, 8)", "[\"10.1.0.0/20\", \"10.1.16.0/24\"]")],
        errors: &[
            ("cidrsubnets(\"10.0.0.0/24\", 0)", "`cidrsubnets`: expected 1 to 32 bits, found 0"),
            ("cidrsubnets(\"10.0.0.0/24\", 1, 1, 1)", "`cidrsubnets`: `10.0.0.0/24` has no room left for this block"),
        ],
        code: Code::Strict(subnets),
    },
];

/// The block of the first argument. Bits beyond its prefix do not count, as in Terraform.
fn block(given: &Given<'_>) -> Result<IpNet, Failure> {
    let block = cidr::block(given.text(0))
        .ok_or_else(|| Failure::Argument(0, "expected a CIDR block such as `10.0.0.0/8` or `2001:db8::/32`".into()));
    block.map(|block| block.trunc())
}

/// The sign of a whole number and its size; `None` for any other and where it has more than 128 bits.
fn whole(number: &Number) -> Option<(bool, u128)> {
    let text = number.to_string();
    let digits = text.strip_prefix('-').unwrap_or(&text);
    Some((text.starts_with('-'), digits.parse().ok()?))
}

/// The first address as a number.
fn first(block: &IpNet) -> u128 {
    match block {
        IpNet::V4(block) => u128::from(block.network().to_bits()),
        IpNet::V6(block) => block.network().to_bits(),
    }
}

/// The address that is this number, of the version of a block.
fn address(block: &IpNet, number: u128) -> IpAddr {
    match block {
        IpNet::V4(_) => IpAddr::V4(Ipv4Addr::from_bits(number as u32)),
        IpNet::V6(_) => IpAddr::V6(Ipv6Addr::from_bits(number)),
    }
}

/// The last address of so many bits, counted from 0.
fn last(bits: u8) -> u128 {
    u128::MAX.checked_shr(128 - u32::from(bits)).unwrap_or(0)
}

fn host(given: &Given<'_>) -> Outcome {
    let block = block(given)?;
    let most = last(block.max_prefix_len() - block.prefix_len());
    let place = match whole(&given.number(1)) {
        Some((false, number)) if number <= most => number,
        Some((true, number)) if number > 0 && number - 1 <= most => most - (number - 1),
        _ => return Err(Failure::Argument(1, format!("the addresses of `{block}` are numbered from 0 to {most}"))),
    };
    Ok(Value::string(&address(&block, first(&block) | place).to_string()))
}

/// The length of a prefix that is longer than a block's.
fn longer(block: &IpNet, bits: i64, at: usize) -> Result<u8, Failure> {
    let room = block.max_prefix_len() - block.prefix_len();
    let more = u8::try_from(bits).ok().filter(|more| *more <= room);
    more.map(|more| block.prefix_len() + more).ok_or_else(|| {
        Failure::Argument(at, format!("the prefix of `{block}` can be 0 to {room} bits longer, not {bits}"))
    })
}

fn sub(block: &IpNet, start: u128, length: u8) -> Result<Value, Failure> {
    let sub = match address(block, start) {
        IpAddr::V4(address) => Ipv4Net::new(address, length).map(IpNet::V4),
        IpAddr::V6(address) => Ipv6Net::new(address, length).map(IpNet::V6),
    };
    sub.map(|sub| Value::string(&sub.to_string())).map_err(|why| Failure::Call(why.to_string()))
}

fn subnet(given: &Given<'_>) -> Outcome {
    let block = block(given)?;
    let length = longer(&block, given.whole(1), 1)?;
    let most = last(length - block.prefix_len());
    let number = match whole(&given.number(2)) {
        Some((false, number)) if number <= most => number,
        _ => {
            return Err(Failure::Argument(
                2,
                format!("the blocks of {length} bits in `{block}` are numbered from 0 to {most}"),
            ));
        }
    };
    let start = number.checked_shl(u32::from(block.max_prefix_len() - length)).unwrap_or(0);
    sub(&block, first(&block) | start, length)
}

fn subnets(given: &Given<'_>) -> Outcome {
    let block = block(given)?;
    let end = first(&block) + last(block.max_prefix_len() - block.prefix_len());
    // Where the next block may start; none once the last address is taken.
    let mut free = Some(first(&block));
    let mut blocks = Vec::with_capacity(given.values.len());
    for at in 1..given.values.len() {
        let bits = given.whole(at);
        if !(1..=MOST_BITS).contains(&bits) {
            return Err(Failure::Argument(at, format!("expected 1 to {MOST_BITS} bits, found {bits}")));
        }
        let length = longer(&block, bits, at)?;
        let rest = last(block.max_prefix_len() - length);
        // Up to the next multiple of the block's size.
        let start = free.and_then(|free| free.checked_add(rest)).map(|start| start & !rest);
        let start = start.filter(|start| *start <= end);
        let start = start.ok_or_else(|| Failure::Argument(at, format!("`{block}` has no room left for this block")))?;
        blocks.push(sub(&block, start, length)?);
        free = start.checked_add(rest).and_then(|last| last.checked_add(1));
    }
    Ok(Value::List(blocks.into()))
}
