//! [`BlastRadius`]: what a step reaches beyond the values that it writes, as far as what was read tells.

use super::Change;
use ordain_model::Text;
use ordain_model::address::{ObjectAddress, SettingAddress};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Who else sees a step's changes, and who asks for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlastRadius {
    /// Settings of other objects that show what it changes.
    pub views: BTreeSet<SettingAddress>,
    /// Requirements whose bounds it serves.
    pub requirements: BTreeSet<Text>,
}

impl BlastRadius {
    /// What the origins of a step's changes say.
    pub(crate) fn of<'a>(changes: impl Iterator<Item = &'a Change>) -> BlastRadius {
        let mut radius = BlastRadius::default();
        for why in changes.flat_map(|change| &change.why).filter(|why| why.demanded) {
            radius.requirements.insert(why.origin.requirement.clone());
            radius.views.extend(why.view.clone());
        }
        radius
    }

    /// The objects that see a change of `changed`: itself, and those with a view of it.
    #[must_use]
    pub fn objects<'a>(&'a self, changed: &'a ObjectAddress) -> BTreeSet<&'a ObjectAddress> {
        self.views.iter().map(|view| &view.object).chain([changed]).collect()
    }
}
