//! [`Resource`]: a resource of the API as the kinds read it, and where its objects stand.

use crate::listed::RESOURCES;

/// A resource of the API: what one list returns.
#[derive(Debug, PartialEq, Eq)]
pub struct Resource {
    /// Plural and group, the core group without one: `pods`, `networkpolicies.networking.k8s.io`.
    pub name: &'static str,
    /// Versions of the group whose form is read here, the best one first. The first that a server serves is asked for.
    pub versions: &'static [&'static str],
    /// What its objects are called in a manifest: `NetworkPolicy`.
    pub kind: &'static str,
    /// Whether its objects lie in namespaces.
    pub namespaced: bool,
}

impl Resource {
    /// A resource by name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Resource> {
        RESOURCES.iter().find(|resource| resource.name == name)
    }

    /// The name in paths: `networkpolicies`.
    #[must_use]
    pub fn plural(&self) -> &'static str {
        self.name.split_once('.').map_or(self.name, |(plural, _)| plural)
    }

    /// The group; empty for the core group.
    #[must_use]
    pub fn group(&self) -> &'static str {
        self.name.split_once('.').map_or("", |(_, group)| group)
    }

    /// `apiVersion` of a manifest in the best version.
    #[must_use]
    pub fn api_version(&self) -> String {
        let version = self.versions.first().copied().unwrap_or("v1");
        if self.group().is_empty() { version.into() } else { format!("{}/{version}", self.group()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_plural_and_the_group() {
        let policies = Resource::named("networkpolicies.networking.k8s.io").unwrap();
        assert_eq!((policies.plural(), policies.group()), ("networkpolicies", "networking.k8s.io"));
        assert_eq!(policies.api_version(), "networking.k8s.io/v1");
        let pods = Resource::named("pods").unwrap();
        assert_eq!((pods.plural(), pods.group(), pods.api_version().as_str()), ("pods", "", "v1"));
        assert_eq!(Resource::named("secret"), None);
    }

    #[test]
    fn resources_are_sorted_and_each_has_a_version() {
        assert!(RESOURCES.is_sorted_by(|a, b| a.name < b.name));
        assert!(RESOURCES.iter().all(|resource| !resource.versions.is_empty()));
    }
}
