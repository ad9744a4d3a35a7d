//! [`Discovery`]: which of a resource's versions a server serves.

use super::server::Server;
use crate::resource::Resource;
use ordain_model::observation::{Cause, Reason};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use tokio::sync::OnceCell;

/// What a server serves, asked once.
#[derive(Default)]
pub(crate) struct Discovery {
    groups: OnceCell<Result<BTreeMap<String, Vec<String>>, Reason>>,
    /// By group and version: the plurals.
    plurals: tokio::sync::Mutex<BTreeMap<String, Result<BTreeSet<String>, Reason>>>,
}

#[derive(Debug, Deserialize)]
struct ApiGroupList {
    groups: Vec<ApiGroup>,
}

#[derive(Debug, Deserialize)]
struct ApiGroup {
    name: String,
    versions: Vec<GroupVersion>,
}

#[derive(Debug, Deserialize)]
struct GroupVersion {
    version: String,
}

#[derive(Debug, Deserialize)]
struct ApiResourceList {
    resources: Vec<ApiResource>,
}

#[derive(Debug, Deserialize)]
struct ApiResource {
    name: String,
}

impl Discovery {
    /// The path under which a resource is served, in the best of the versions that are read here; none where the server has
    /// no such resource at all.
    ///
    /// # Errors
    /// Why that is not known, or in which versions only it is served.
    pub(crate) async fn path(&self, server: &Server, resource: &Resource) -> Result<Option<String>, Reason> {
        let group = resource.group();
        if group.is_empty() {
            return Ok(Some("/api/v1".to_owned()));
        }
        let groups = self.groups.get_or_init(|| groups(server)).await.as_ref().map_err(Reason::clone)?;
        let Some(served) = groups.get(group) else { return Ok(None) };
        let mut others = Vec::new();
        for version in served {
            let path = format!("/apis/{group}/{version}");
            let has = self.plurals(server, &path).await?.contains(resource.plural());
            if has && !resource.versions.contains(&version.as_str()) {
                others.push(version.as_str());
            }
        }
        for version in resource.versions.iter().filter(|version| served.iter().any(|of| of == *version)) {
            let path = format!("/apis/{group}/{version}");
            if self.plurals(server, &path).await?.contains(resource.plural()) {
                return Ok(Some(path));
            }
        }
        match others.is_empty() {
            true => Ok(None),
            false => Err(Reason::new(
                Cause::Unreadable,
                format!("list {}: served as {} only, which is not read here", resource.name, others.join(", ")),
            )),
        }
    }

    async fn plurals(&self, server: &Server, path: &str) -> Result<BTreeSet<String>, Reason> {
        let mut known = self.plurals.lock().await;
        if let Some(found) = known.get(path) {
            return found.clone();
        }
        let found = read::<ApiResourceList>(server, path).await;
        let found = found.map(|list| list.resources.into_iter().map(|resource| resource.name).collect());
        known.insert(path.to_owned(), found.clone());
        found
    }
}

async fn groups(server: &Server) -> Result<BTreeMap<String, Vec<String>>, Reason> {
    let list = read::<ApiGroupList>(server, "/apis").await?;
    let versions = |group: ApiGroup| (group.name, group.versions.into_iter().map(|of| of.version).collect());
    Ok(list.groups.into_iter().map(versions).collect())
}

async fn read<T: for<'de> Deserialize<'de>>(server: &Server, path: &str) -> Result<T, Reason> {
    let body = server.get("get apis", path.to_owned()).await.map_err(|failure| failure.of_read("get apis"))?;
    serde_json::from_slice(&body)
        .map_err(|_| Reason::new(Cause::Unreadable, format!("get apis: `{path}` does not read as documented")))
}
