//! [`Address`]: where something stands in a profile: `module.a["k"].require.KIND.NAME["k"]`.

use crate::names::{keyed, name};
use crate::syntax::{Expression, Node, Step as Written};
use ordain_model::Text;
use std::fmt;

/// The modules from the root on, then what stands in the last of them; nothing at all for the root module.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address(Vec<Step>);

/// One name of an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    /// `module.NAME`, `require.KIND.NAME`.
    name: Text,
    /// The key of an instance, where the block has `for_each`.
    key: Option<Text>,
}

impl Address {
    /// The address of something in here, for example `("module", "a", key)`.
    pub(crate) fn member(&self, what: &str, name: &str, key: Option<&Text>) -> Address {
        let step = Step { name: format!("{what}.{name}").into(), key: key.cloned() };
        Address(self.0.iter().cloned().chain([step]).collect())
    }

    /// Whether a key says which one of several it is.
    pub(crate) fn is_keyed(&self) -> bool {
        self.0.iter().any(|step| step.key.is_some())
    }

    /// Reads the address of a module or a requirement, below `around`: `module.a["k"].require.KIND.NAME["k"]`.
    pub(crate) fn read(expression: &Expression, around: &Address) -> Option<Address> {
        let Node::Path(root, steps) = &expression.node else { return None };
        let Node::Variable(root) = &root.node else { return None };
        let mut address = around.0.clone();
        let mut what: Text = root.clone();
        let mut rest = &**steps;
        loop {
            let labels = match &*what {
                "module" => 1,
                "require" => 2,
                _ => return None,
            };
            let (labelled, after) = rest.split_at_checked(labels)?;
            let labels: Vec<&str> =
                labelled.iter().map(|step| name(step).map(|name| &**name)).collect::<Option<_>>()?;
            let key = match after.first() {
                Some(Written::Index(Expression { node: Node::String(key), .. })) => Some(key.clone()),
                Some(Written::Index(_) | Written::Each(..)) => return None,
                _ => None,
            };
            rest = if key.is_some() { &after[1..] } else { after };
            let last = &*what == "require";
            address.push(Step { name: format!("{what}.{}", labels.join(".")).into(), key });
            match rest.split_first() {
                None => return Some(Address(address)),
                Some((Written::Member(next), after)) if !last => (what, rest) = (next.text.clone(), after),
                Some(_) => return None,
            }
        }
    }

    /// What this address was called before what is at `to` was moved there from `from`.
    pub(crate) fn before(&self, from: &Address, to: &Address) -> Option<Address> {
        let key = self.below(to)?;
        let mut steps = from.0.clone();
        if let (Some(key), Some(last)) = (key, steps.last_mut()) {
            // A move without keys takes every instance along, each with its key.
            if last.key.is_some() {
                return None;
            }
            last.key = Some(key);
        }
        steps.extend(self.0[to.0.len()..].iter().cloned());
        Some(Address(steps))
    }

    /// Whether this address lies at or below another one: then the key that the other leaves open.
    fn below(&self, to: &Address) -> Option<Option<Text>> {
        let (last, above) = to.0.split_last()?;
        let own = self.0.get(above.len())?;
        if !self.0.starts_with(above) || own.name != last.name {
            return None;
        }
        match (&own.key, &last.key) {
            (own, key) if own == key => Some(None),
            (Some(own), None) => Some(Some(own.clone())),
            _ => None,
        }
    }

    /// The module that holds what has this address.
    pub(crate) fn module(&self) -> Address {
        Address(self.0.split_last().map_or(&[][..], |(_, above)| above).to_vec())
    }

    /// The address without the key of its last name.
    pub(crate) fn unkeyed(&self) -> Address {
        let mut steps = self.0.clone();
        steps.iter_mut().next_back().into_iter().for_each(|last| last.key = None);
        Address(steps)
    }

    /// The addresses above and at this one, the longest first, the root module left out.
    pub(crate) fn upwards(&self) -> impl Iterator<Item = Address> {
        (1..=self.0.len()).rev().map(|length| Address(self.0[..length].to_vec()))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps: Vec<Text> = self.0.iter().map(|step| keyed(&step.name, step.key.as_ref())).collect();
        f.write_str(&steps.join("."))
    }
}
