//! [`read`]: the resources that a state of Terraform lists, from the file that Terraform keeps (version 4) or from what
//! `terraform show -json` prints (format 1) of a state or a plan.

use ordain_model::Text;
use serde_json::{Map, Value as Json};

/// An instance of a resource as a state lists it.
pub(super) struct Found {
    /// The resource's type.
    pub(super) of: Text,
    /// Its address, as Terraform writes it.
    pub(super) address: Text,
    /// The name of its block, where it stands in the root module and has one instance.
    pub(super) block: Option<Text>,
    /// Its attributes.
    pub(super) values: Map<String, Json>,
}

/// Everything that a state manages. What is not of the form that Terraform documents is left out; the whole has to be.
///
/// # Errors
/// What it is, when it is no state.
pub(super) fn read(text: &str) -> Result<Vec<Found>, String> {
    let mut json: Json =
        serde_json::from_str(text).map_err(|error| format!("it is no JSON (line {})", error.line()))?;
    match (json.get("version").and_then(Json::as_u64), json.get("format_version").and_then(Json::as_str)) {
        (Some(4), None) => match json.get_mut("resources").map(Json::take) {
            Some(Json::Array(resources)) => Ok(resources.into_iter().flat_map(kept).collect()),
            _ => Err("it has no list `resources`".into()),
        },
        (Some(other), None) => Err(format!("it is a state of version {other}, and version 4 is read")),
        (_, Some(version)) if version.starts_with("1.") => shown(json),
        (_, Some(other)) => Err(format!("it has the format {}, and 1 is read", other.escape_debug())),
        (None, None) => Err("it is no state of Terraform: neither `version` nor `format_version` is there".into()),
    }
}

/// The instances of a resource in the file that Terraform keeps.
fn kept(mut resource: Json) -> Vec<Found> {
    let text = |json: &Json, key: &str| json.get(key).and_then(Json::as_str).map(str::to_owned);
    let managed = text(&resource, "mode").is_some_and(|mode| mode == "managed");
    let (Some(of), Some(name), true) = (text(&resource, "type"), text(&resource, "name"), managed) else {
        return Vec::new();
    };
    let module = text(&resource, "module");
    let Some(Json::Array(instances)) = resource.get_mut("instances").map(Json::take) else { return Vec::new() };
    let found = |mut instance: Json| {
        let key = instance.get("index_key").cloned().unwrap_or_default();
        let Some(Json::Object(values)) = instance.get_mut("attributes").map(Json::take) else { return None };
        let within = module.as_ref().map(|module| format!("{module}.")).unwrap_or_default();
        let block = (module.is_none() && key.is_null()).then(|| Text::from(&*name));
        let address = format!("{within}{of}.{name}{}", index(&key));
        Some(Found { of: Text::from(&*of), address: address.into(), block, values })
    };
    instances.into_iter().filter_map(found).collect()
}

/// `["k"]`, `[0]`, or nothing.
fn index(key: &Json) -> String {
    match key {
        Json::Null => String::new(),
        key => format!("[{key}]"),
    }
}

/// The resources in what `terraform show -json` prints: of a plan, those of the state that it was made from.
fn shown(mut json: Json) -> Result<Vec<Found>, String> {
    let mut prior = json.get_mut("prior_state").map(Json::take);
    let state = prior.as_mut().unwrap_or(&mut json);
    let Some(root) = state.get_mut("values").and_then(|values| values.get_mut("root_module")).map(Json::take) else {
        return match json.get("terraform_version") {
            // An empty state has no values.
            Some(_) => Ok(Vec::new()),
            None => Err("it has no `values.root_module`".into()),
        };
    };
    let (mut found, mut waiting) = (Vec::new(), vec![(true, root)]);
    while let Some((top, mut module)) = waiting.pop() {
        if let Some(Json::Array(resources)) = module.get_mut("resources").map(Json::take) {
            found.extend(resources.into_iter().filter_map(|resource| of_module(resource, top)));
        }
        if let Some(Json::Array(children)) = module.get_mut("child_modules").map(Json::take) {
            waiting.extend(children.into_iter().map(|child| (false, child)));
        }
    }
    Ok(found)
}

fn of_module(mut resource: Json, top: bool) -> Option<Found> {
    let text = |key: &str| resource.get(key).and_then(Json::as_str).map(Text::from);
    let (of, address, name) = (text("type")?, text("address")?, text("name")?);
    let managed = text("mode").is_some_and(|mode| &*mode == "managed");
    let only = resource.get("index").is_none_or(Json::is_null);
    let Some(Json::Object(values)) = resource.get_mut("values").map(Json::take) else { return None };
    managed.then_some(Found { of, address, block: (top && only).then_some(name), values })
}
