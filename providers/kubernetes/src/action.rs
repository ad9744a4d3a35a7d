//! [`Action`]: what a role has to allow, in the words of `kubectl auth can-i`: `list networkpolicies.networking.k8s.io`.

/// A verb on a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Action<'a> {
    /// `list`, `get`, `create`, `patch`, `delete`.
    pub verb: &'a str,
    /// Plural and group, the core group without one: `pods`, `networkpolicies.networking.k8s.io`.
    pub resource: &'a str,
}

impl<'a> Action<'a> {
    /// Reads the form in which kinds name it.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Action<'a>> {
        text.split_once(' ').map(|(verb, resource)| Action { verb, resource })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::KINDS;
    use crate::resource::Resource;

    #[test]
    fn every_action_of_a_kind_is_about_a_resource_that_is_listed() {
        for kind in KINDS {
            let settings = kind.settings.iter().flat_map(|of| of.read_actions.iter().chain(of.write_actions));
            let attributes = kind.attributes.iter().flat_map(|of| of.actions);
            for action in kind.list_actions.iter().chain(attributes).chain(settings) {
                let parsed = Action::parse(action).unwrap_or_else(|| panic!("{}: {action}", kind.name));
                assert!(["create", "delete", "list", "patch"].contains(&parsed.verb), "{}: {action}", kind.name);
                assert!(Resource::named(parsed.resource).is_some(), "{}: {action}", kind.name);
            }
        }
    }
}
