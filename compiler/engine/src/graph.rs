//! [`Graph`]: what is read before what, and what is changed before what. Without a cycle.

use ordain_model::Text;
use ordain_model::observation::ReadSet;
use std::collections::BTreeMap;

/// The order of reading and of changing.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// What to read at first, by target: everything known without a world.
    pub reads: BTreeMap<Text, ReadSet>,
    /// Kinds in the order of reading: a kind that views fields of another stands in an earlier round than the owner.
    pub rounds: Vec<Vec<&'static str>>,
    /// By kind, its settings in the order of changing: what a rule demands comes before what makes the rule bind.
    pub changes: BTreeMap<&'static str, Vec<&'static str>>,
}
