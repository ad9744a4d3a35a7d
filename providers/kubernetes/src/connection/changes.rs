//! [`send`]: the requests of one change. Several are tried dry first, so that none is sent when the server would refuse one.

use super::discovery::Discovery;
use super::lists::is_name;
use super::server::{Call, Failure, Server};
use crate::metadata::MARK;
use crate::request::Request;
use crate::resource::Resource;
use http::Method;
use ordain_model::address::print_id;
use ordain_model::observation::{Cause, Reason};
use serde_json::{Value as Json, json};

/// Sends the requests of a change, in their order.
///
/// # Errors
/// What the server said of the first that it refused, or did not answer to the end.
pub(crate) async fn send(server: &Server, discovery: &Discovery, requests: &[Request]) -> Result<(), Reason> {
    let tries: &[bool] = if requests.len() > 1 { &[true, false] } else { &[false] };
    for dry in tries {
        for request in requests {
            match request {
                Request::Apply { resource, namespace, name, manager, body } => {
                    let path = path(server, discovery, resource, namespace.as_deref(), name).await?;
                    apply(server, resource, &path, manager, body, *dry).await?;
                }
                Request::Delete { resource, namespace, name } => {
                    let path = path(server, discovery, resource, namespace.as_deref(), name).await?;
                    delete(server, resource, &path, *dry).await?;
                }
            }
        }
    }
    Ok(())
}

/// Server-side apply, never by force.
/// <https://kubernetes.io/docs/reference/using-api/server-side-apply/>
async fn apply(
    server: &Server,
    resource: &Resource,
    path: &Path,
    manager: &str,
    body: &Json,
    dry: bool,
) -> Result<(), Reason> {
    let action = format!("patch {}", resource.name);
    let (dry, manager) = (if dry { "&dryRun=All" } else { "" }, print_id(manager));
    let call = Call {
        action: &action,
        method: Method::PATCH,
        path: format!("{}/{}?fieldManager={manager}&force=false&fieldValidation=Strict{dry}", path.of_list, path.name),
        body: Some(("application/apply-patch+yaml", body)),
    };
    server.change(&call).await.map(drop).map_err(|failure| refused(failure, &action, &path.name))
}

/// Deletes what carries Ordain's mark, as it was seen. What is not there need not be deleted.
async fn delete(server: &Server, resource: &Resource, path: &Path, dry: bool) -> Result<(), Reason> {
    let (list, action) = (format!("list {}", resource.name), format!("delete {}", resource.name));
    let one = format!("{}?limit=1&fieldSelector=metadata.name%3D{}", path.of_list, path.name);
    let found = server.get(&list, one).await.map_err(|failure| failure.of_read(&list))?;
    let found: Json = serde_json::from_slice(&found)
        .map_err(|_| Reason::new(Cause::Unreadable, format!("{list}: the answer is no list")))?;
    let Some(object) = found["items"].get(0) else { return Ok(()) };
    if object["metadata"]["annotations"].get(MARK).is_none() {
        let what = format!("{action}: `{}` is not one that Ordain made: delete it by hand", path.name);
        return Err(Reason::new(Cause::Failed, what));
    }
    let (uid, version) = (&object["metadata"]["uid"], &object["metadata"]["resourceVersion"]);
    let mut options = json!({
        "apiVersion": "v1", "kind": "DeleteOptions", "preconditions": { "uid": uid, "resourceVersion": version },
    });
    if dry {
        options["dryRun"] = json!(["All"]);
    }
    let call = Call {
        action: &action,
        method: Method::DELETE,
        path: format!("{}/{}", path.of_list, path.name),
        body: Some(("application/json", &options)),
    };
    match server.change(&call).await {
        Err(Failure::Refused(refusal)) if refusal.code == 404 => Ok(()),
        other => other.map(drop).map_err(|failure| refused(failure, &action, &path.name)),
    }
}

fn refused(failure: Failure, action: &str, name: &str) -> Reason {
    match failure {
        Failure::Refused(refusal) => refusal.of_write(&format!("{action} `{name}`")),
        Failure::Unanswered(reason) => reason,
    }
}

/// Where an object is.
struct Path {
    of_list: String,
    name: String,
}

async fn path(
    server: &Server,
    discovery: &Discovery,
    resource: &Resource,
    namespace: Option<&str>,
    name: &str,
) -> Result<Path, Reason> {
    let wrong = |what: String| Reason::new(Cause::Failed, what);
    if let Some(other) = [Some(name), namespace].into_iter().flatten().find(|name| !is_name(name)) {
        return Err(wrong(format!("`{other}` is no name of an object")));
    }
    let version = discovery.path(server, resource).await?;
    let version = version.ok_or_else(|| wrong(format!("the cluster does not serve {}", resource.name)))?;
    let within = namespace.map(|name| format!("/namespaces/{}", print_id(name))).unwrap_or_default();
    Ok(Path { of_list: format!("{version}{within}/{}", resource.plural()), name: print_id(name).into_owned() })
}
