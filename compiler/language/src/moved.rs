//! [`Moves`]: what `moved` blocks say about former addresses, so that findings keep their ids.

use crate::address::Address;
use crate::context::Context;
use crate::grammar::required;
use crate::syntax::{Block, Expression};
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity};
use ordain_model::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Every move of a profile.
#[derive(Default)]
pub(crate) struct Moves {
    /// By where it leads.
    to: BTreeMap<Address, Move>,
    /// Where it leads, by where it comes from.
    from: BTreeMap<Address, Address>,
}

/// One `moved` block, in one instance of its module.
struct Move {
    from: Address,
    from_span: Span,
    to_span: Span,
}

/// What stands in a profile, to tell what moved from what is still there.
#[derive(Default)]
pub(crate) struct Standing {
    /// Modules and requirements, each instance.
    there: BTreeSet<Address>,
    /// The same without the keys of instances.
    names: BTreeSet<Address>,
    /// Blocks of which it is not known which instances there are.
    undecided: BTreeSet<Address>,
}

impl Moves {
    /// Adds a `moved` block of a module. Two that lead to one place, or from one, are reported.
    pub(crate) fn add(&mut self, block: &Block, module: &Address, context: &mut Context<'_>) {
        let from = address(block, "from", module, context);
        let to = address(block, "to", module, context);
        let (Ok((from, from_span)), Ok((to, to_span))) = (from, to) else { return };
        if from == to {
            let detail = format!("`{from}` moves to where it is");
            context.push(Diagnostic::error(code::MOVED, block.header(), detail).help("Remove the block."));
            return;
        }
        if let Some(first) = self.to.get(&to) {
            twice(format!("two blocks move something to `{to}`"), first.to_span, to_span, context);
        } else if let Some(first) = self.from.get(&from).and_then(|to| self.to.get(to)) {
            twice(format!("two blocks move `{from}`"), first.from_span, from_span, context);
        } else {
            self.from.insert(from.clone(), to.clone());
            self.to.insert(to, Move { from, from_span, to_span });
        }
    }

    /// Reports moves of what is still there, moves to what is not, and circles.
    pub(crate) fn check(&self, standing: &Standing, context: &mut Context<'_>) {
        for (to, one) in &self.to {
            if standing.still(&one.from, to) {
                let detail = format!("`{}` is still there: it did not move to `{to}`", one.from);
                let help = "Remove the block that still has the old name, or the move.";
                context.push(Diagnostic::error(code::MOVED, one.from_span, detail).help(help));
            }
            let goes_on = self.from.contains_key(to) || self.from.contains_key(&to.unkeyed());
            if !goes_on && !standing.may_hold(to) {
                self.nowhere(to, one, standing, context);
            }
        }
        self.circles(context);
    }

    /// The addresses that something had before, the latest first.
    pub(crate) fn former(&self, address: &Address) -> Vec<Address> {
        let mut former = Vec::new();
        let mut at = address.clone();
        // In a circle, which is reported, no more than there are moves.
        while former.len() < self.to.len() {
            let lead = |above: Address| {
                let (to, one) = self.to.get_key_value(&above).or_else(|| self.to.get_key_value(&above.unkeyed()))?;
                at.before(&one.from, to)
            };
            let Some(before) = at.upwards().find_map(lead) else { break };
            former.push(before.clone());
            at = before;
        }
        former
    }

    fn nowhere(&self, to: &Address, one: &Move, standing: &Standing, context: &mut Context<'_>) {
        let detail = format!("there is no `{to}` to which `{}` could have moved", one.from);
        let known: Vec<String> = standing.there.iter().map(ToString::to_string).collect();
        let diagnostic = Diagnostic::error(code::MOVED, one.to_span, detail);
        context.push(match ordain_model::diagnostic::nearest(&to.to_string(), known.iter().map(String::as_str)) {
            Some(near) => diagnostic.help(format!("The nearest one is `{near}`.")).paste(format!("to = {near}")),
            None => diagnostic,
        });
    }

    /// Reports each circle of moves once, from its first address on.
    fn circles(&self, context: &mut Context<'_>) {
        let mut seen: BTreeSet<&Address> = BTreeSet::new();
        for start in self.to.keys() {
            let mut walk: Vec<(&Address, &Move)> = Vec::new();
            let mut at = start;
            while let Some((to, one)) = self.to.get_key_value(at).filter(|(to, _)| seen.insert(to)) {
                walk.push((to, one));
                at = &one.from;
            }
            if let Some(first) = walk.iter().position(|(to, _)| *to == at) {
                self.circle(&walk[first..], context);
            }
        }
    }

    fn circle(&self, walk: &[(&Address, &Move)], context: &mut Context<'_>) {
        let steps =
            walk.iter().rev().map(|(_, one)| format!("{} ({})", one.from, context.sources.place(one.from_span)));
        let closing = walk.last().map(|(_, one)| one.from.to_string());
        let steps: Vec<String> = steps.chain(closing).collect();
        let detail = format!("these moves lead in a circle: {}", steps.join(" -> "));
        let start = Diagnostic::new(code::MOVED, Severity::Error, detail);
        let labelled = walk.iter().rev().fold(start, |diagnostic, (_, one)| diagnostic.label(one.from_span, ""));
        context.push(labelled.help("Remove the move that is not so."));
    }
}

impl Standing {
    /// Adds an instance of a module or of a requirement.
    pub(crate) fn add(&mut self, address: Address) {
        self.names.insert(address.unkeyed());
        self.there.insert(address);
    }

    /// Adds a block of which it is not known which instances there are.
    pub(crate) fn add_undecided(&mut self, address: Address) {
        self.undecided.insert(address);
    }

    /// Whether something still has the address that it moved from. What gains or loses a key keeps the name.
    fn still(&self, from: &Address, to: &Address) -> bool {
        self.there.contains(from) || (from.unkeyed() != to.unkeyed() && self.names.contains(from))
    }

    fn may_hold(&self, to: &Address) -> bool {
        let undecided = || to.upwards().any(|above| self.undecided.contains(&above.unkeyed()));
        self.there.contains(to) || self.names.contains(to) || undecided()
    }
}

fn address(
    block: &Block,
    name: &str,
    module: &Address,
    context: &mut Context<'_>,
) -> Result<(Address, Span), Reported> {
    let expression: &Expression = required(block, name, &format!("{name} = require.KIND.NAME"), context)?;
    Address::read(expression, module).map(|address| (address, expression.span)).ok_or_else(|| {
        let detail = format!(
            "expected an address such as `require.aws_s3_bucket.kept` or `module.baseline`; seen `{}`",
            context.seen(expression)
        );
        context.error(code::MOVED, expression.span, detail)
    })
}

fn twice(detail: String, first: Span, second: Span, context: &mut Context<'_>) {
    let help = "Keep one of them.";
    let diagnostic = Diagnostic::error(code::MOVED, second, format!("{detail}: which of them holds is not said"));
    context.push(diagnostic.says("second").label(first, "first").help(help));
}
