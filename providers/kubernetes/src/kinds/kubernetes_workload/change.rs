//! What a change of a workload asks of the API server: its disruption budget.

use super::views;
use crate::listed::Listed;
use crate::metadata::MARK;
use crate::request::{Request, manager};
use crate::resource::Resource;
use ordain_model::Text;
use ordain_model::observation::{Cause, Reason};
use ordain_model::provider::Change;
use ordain_model::value::Value;
use serde_json::json;

/// The budget that Ordain makes for a workload.
fn budget_name(kind: &str, name: &str) -> Text {
    format!("ordain-{}-{name}", kind.to_lowercase()).into()
}

/// A budget under which one pod at a time may be evicted, or its end.
pub(super) fn requests(change: &Change, listed: &Listed) -> Result<Vec<Request>, Reason> {
    let failed = |why: String| Reason::new(Cause::Failed, why);
    let budgets = Resource::named("poddisruptionbudgets.policy").ok_or_else(|| failed("no budgets".into()))?;
    let of = views(listed).into_iter().find(|view| view.id() == *change.object.id);
    let view = of.ok_or_else(|| failed(format!("{} is no longer there", change.object.id)))?;
    let (namespace, name) = (Some(view.metadata.namespace.clone()), budget_name(view.kind, &view.metadata.name));
    match change.values.values().find_map(Value::as_str) {
        Some("effective") => {
            let body = json!({
                "apiVersion": budgets.api_version(),
                "kind": budgets.kind,
                "metadata": { "name": &*name, "namespace": &*view.metadata.namespace, "annotations": { MARK: &*change.token } },
                "spec": { "maxUnavailable": 1, "selector": view.selector },
            });
            Ok(vec![Request::Apply { resource: budgets, namespace, name, manager: manager(&change.unit), body }])
        }
        Some("none") => Ok(vec![Request::Delete { resource: budgets, namespace, name }]),
        _ => Err(failed("only `none` and `effective` are written".into())),
    }
}
