//! [`settle`]: what moved gets the addresses that it had before, and findings keep the id that they had first.

use crate::address::Address;
use crate::config::{Config, Requirement};
use crate::moved::Moves;
use ordain_model::Text;
use std::collections::{BTreeMap, BTreeSet};

/// Gives what moved its former addresses and its first id; `addresses` holds what stands where now.
///
/// Returns the other ids under which findings may be listed, each with the id that counts: a requirement's address, those
/// that it had before, and a written `id` below the modules that it was in. None of them is another requirement's.
pub(crate) fn settle(config: &mut Config, addresses: &BTreeMap<Text, Address>, moves: &Moves) -> BTreeMap<Text, Text> {
    let text = |former: &[Address]| former.iter().map(written).collect();
    for open in &mut config.undecided {
        let address = addresses.get(&open.address);
        open.formerly = address.map(|address| text(&moves.former(address))).unwrap_or_default();
    }
    let mut others = BTreeMap::new();
    for requirement in &mut config.requirements {
        let Some(address) = addresses.get(&requirement.address) else { continue };
        let former = moves.former(address);
        let first = former.last().filter(|first| !addresses.contains_key(&written(first))).unwrap_or(address);
        let everywhere = [address].into_iter().chain(&former);
        let ids: BTreeSet<Text> = everywhere.flat_map(|at| [written(at), id_at(at, requirement)]).collect();
        let id = id_at(first, requirement);
        others.extend(ids.into_iter().map(|other| (other, (id.clone(), requirement.address.clone()))));
        requirement.id = id;
        requirement.formerly = text(&former);
    }
    let holders = holders(config);
    others.retain(|other, (id, address)| other != id && holders.get(other).is_none_or(|holder| holder == address));
    others.into_iter().map(|(other, (id, _))| (other, id)).collect()
}

/// Whose address a text is, or whose id.
fn holders(config: &Config) -> BTreeMap<Text, Text> {
    let all = || config.requirements.iter();
    let addresses = all().map(|requirement| (requirement.address.clone(), requirement.address.clone()));
    addresses.chain(all().map(|requirement| (requirement.id.clone(), requirement.address.clone()))).collect()
}

/// The id of a requirement at an address: the address, or the `id` that it writes below the module there.
fn id_at(at: &Address, requirement: &Requirement) -> Text {
    if requirement.id == requirement.address {
        return written(at);
    }
    let own = requirement.id.strip_prefix(&*requirement.module).and_then(|id| id.strip_prefix('.'));
    let id = own.filter(|_| !requirement.module.is_empty()).unwrap_or(&requirement.id);
    match &*written(&at.module()) {
        "" => id.into(),
        module => format!("{module}.{id}").into(),
    }
}

fn written(address: &Address) -> Text {
    address.to_string().into()
}
