//! What resources of Terraform's AWS provider have in common: how a state names the object, and how values are said there.
//!
//! Source of the arguments: the provider's documentation of each resource, version 6.

use ordain_model::Text;
use ordain_model::retention::Retention;
use ordain_model::schema::Identity;
use ordain_model::value::Value;
use serde_json::{Map, Value as Json};

type Attributes = Map<String, Json>;

/// The object that `id` names.
pub(crate) fn by_id(attributes: &Attributes) -> Option<Identity> {
    named(attributes, "id")
}

/// The object that `name` names.
pub(crate) fn by_name(attributes: &Attributes) -> Option<Identity> {
    named(attributes, "name")
}

/// The database that `identifier` names.
pub(crate) fn by_identifier(attributes: &Attributes) -> Option<Identity> {
    named(attributes, "identifier")
}

/// The bucket that `bucket` names.
pub(crate) fn by_bucket(attributes: &Attributes) -> Option<Identity> {
    named(attributes, "bucket")
}

/// The repository that `repository` names.
pub(crate) fn by_repository(attributes: &Attributes) -> Option<Identity> {
    named(attributes, "repository")
}

/// The VPC whose traffic a flow log is of.
pub(crate) fn by_vpc(attributes: &Attributes) -> Option<Identity> {
    named(attributes, "vpc_id")
}

/// The group whose incoming traffic a rule is about.
pub(crate) fn by_group(attributes: &Attributes) -> Option<Identity> {
    let incoming = attributes.get("type").is_none_or(|way| way == "ingress");
    named(attributes, "security_group_id").filter(|_| incoming)
}

/// Account and region stand in the ARN, or in `region` beside it; where neither does, they are not known.
fn named(attributes: &Attributes, key: &str) -> Option<Identity> {
    let text = |key: &str| attributes.get(key).and_then(Json::as_str);
    let arn: Vec<&str> =
        text("arn").filter(|arn| arn.starts_with("arn:")).map(|arn| arn.split(':').collect()).unwrap_or_default();
    let part = |at: usize| arn.get(at).copied().unwrap_or_default();
    let region = Some(part(3)).filter(|region| !region.is_empty()).or(text("region")).unwrap_or_default();
    let id = text(key).filter(|id| !id.is_empty())?;
    Some(Identity { id: id.into(), scope: vec![Text::from(part(4)), Text::from(region)] })
}

/// Days, where 0 says for ever.
pub(crate) fn days_or_for_ever(value: &Value) -> Option<Json> {
    match value {
        Value::Retention(Retention::Unlimited) => Some(0.into()),
        other => days(other),
    }
}

/// Days, where 0 says not at all.
pub(crate) fn days_or_none(value: &Value) -> Option<Json> {
    match value {
        Value::Retention(Retention::Disabled) => Some(0.into()),
        other => days(other),
    }
}

fn days(value: &Value) -> Option<Json> {
    match value {
        Value::Retention(Retention::Days(days)) => Some((*days).into()),
        _ => None,
    }
}

/// The traffic that one flow log records; none for no traffic, which is a flow log that is not there.
pub(crate) fn traffic(value: &Value) -> Option<Json> {
    let Value::Set(members) = value else { return None };
    match members.iter().map(|member| &**member).collect::<Vec<_>>().as_slice() {
        [one] => Some(one.to_ascii_uppercase().into()),
        [_, _] => Some("ALL".into()),
        _ => None,
    }
}

/// The one member of a set; none where it has another number of them.
pub(crate) fn only(value: &Value) -> Option<Json> {
    let Value::Set(members) = value else { return None };
    let mut members = members.iter();
    members.next().filter(|_| members.next().is_none()).map(|member| member.to_string().into())
}

/// A word in capitals.
pub(crate) fn capitals(value: &Value) -> Option<Json> {
    value.as_str().map(|word| word.to_ascii_uppercase().into())
}

/// What no single value of the argument says.
pub(crate) fn in_words(_: &Value) -> Option<Json> {
    None
}
