//! Lists as the API server answers them, for the tests beside each kind.

use super::*;
use crate::resource::Resource;
use serde_json::{Value as Json, json};

/// What was listed, each of these lists complete.
pub(crate) fn listed(lists: &[(&str, Json)]) -> Listed {
    let mut listed = Listed::default();
    for (name, items) in lists {
        let (resource, body) = (Resource::named(name).unwrap(), json!({ "items": items }).to_string());
        assert_eq!(listed.intake(name).unwrap().page(resource, body.as_bytes()), Ok(None));
    }
    listed
}

/// A setting of an object.
pub(crate) fn setting_of(kind: &str, listed: &Listed, id: &str, name: &str) -> Reading {
    let name = SettingName::plain(name);
    let listing = list(kind, listed, &KindReads { settings: [name.clone()].into(), ..KindReads::default() });
    listing.objects.get(id).unwrap_or_else(|| panic!("no {id} among {:?}", listing.objects.keys())).setting(&name)
}

/// An attribute of an object.
pub(crate) fn attribute_of(kind: &str, listed: &Listed, id: &str, name: &str) -> Reading {
    let listing = list(kind, listed, &KindReads { attributes: [name.into()].into(), ..KindReads::default() });
    listing.objects.get(id).unwrap_or_else(|| panic!("no {id} among {:?}", listing.objects.keys())).attribute(name)
}
