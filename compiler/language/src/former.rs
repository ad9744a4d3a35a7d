//! [`settle`]: what moved gets the addresses that it had before, and findings the ids under which they were listed.

use crate::address::Address;
use crate::config::{Config, Requirement};
use crate::moved::Moves;
use ordain_model::Text;
use std::collections::{BTreeMap, BTreeSet};

/// Gives what moved its former addresses. Findings keep the id that they had first; `addresses` holds what stands where
/// now.
pub(crate) fn settle(config: &mut Config, addresses: &BTreeMap<Text, Address>, moves: &Moves) {
    let text = |former: &[Address]| former.iter().map(written).collect();
    for open in &mut config.undecided {
        let address = addresses.get(&open.address);
        open.formerly = address.map(|address| text(&moves.former(address))).unwrap_or_default();
    }
    for requirement in &mut config.requirements {
        let Some(address) = addresses.get(&requirement.address) else { continue };
        let former = moves.former(address);
        let first = former.last().filter(|first| !addresses.contains_key(&written(first))).unwrap_or(address);
        let everywhere = [address].into_iter().chain(&former);
        let ids: BTreeSet<Text> = everywhere.flat_map(|at| [written(at), id_at(at, requirement)]).collect();
        let id = id_at(first, requirement);
        requirement.other_ids = ids.into_iter().filter(|other| *other != id).collect();
        requirement.id = id;
        requirement.formerly = text(&former);
    }
    own_ids(config);
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

/// An id that is another requirement's, or its address, lists that one's findings.
fn own_ids(config: &mut Config) {
    let all = || config.requirements.iter();
    let addresses = all().map(|requirement| (requirement.address.clone(), requirement.address.clone()));
    let ids = all().map(|requirement| (requirement.id.clone(), requirement.address.clone()));
    let holders: BTreeMap<Text, Text> = addresses.chain(ids).collect();
    for requirement in &mut config.requirements {
        let address = requirement.address.clone();
        requirement.other_ids.retain(|id| holders.get(id).is_none_or(|holder| *holder == address));
    }
}

fn written(address: &Address) -> Text {
    address.to_string().into()
}
