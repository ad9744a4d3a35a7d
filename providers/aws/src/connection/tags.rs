//! Tags that no list returns: one paged list per cell from the Resource Groups Tagging API.

use super::paging::{Pages, collect};
use aws_sdk_resourcegroupstagging::Client;
use ordain_model::Text;
use ordain_model::value::Value;
use std::collections::BTreeSet;

/// Lists what carries a tag among these resource types, sorted by ARN. What carries none is not in the answer.
pub(crate) async fn list(client: &Client, types: &BTreeSet<&'static str>) -> Pages<(Text, Value)> {
    let request =
        client.get_resources().set_resource_type_filters(Some(types.iter().map(ToString::to_string).collect()));
    let pages = collect("tag:GetResources", request.into_paginator().send(), |page| {
        (page.resource_tag_mapping_list, page.pagination_token)
    })
    .await;
    let entry = |resource: aws_sdk_resourcegroupstagging::types::ResourceTagMapping| {
        let arn = Text::from(resource.resource_arn()?);
        Some((arn, of(resource.tags().iter().map(|tag| (tag.key(), tag.value())))))
    };
    let mut items: Vec<_> = pages.items.into_iter().filter_map(entry).collect();
    items.sort();
    Pages { items, incomplete: pages.incomplete }
}

/// The tags listed under an ARN.
pub(crate) fn find(items: &[(Text, Value)], arn: &str) -> Option<Value> {
    let at = items.binary_search_by(|(listed, _)| (**listed).cmp(arn)).ok()?;
    items.get(at).map(|(_, tags)| tags.clone())
}

/// Keys and values as the value of an attribute of type tags.
pub(crate) fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Value {
    Value::object(pairs.into_iter().map(|(key, value)| (key.into(), Value::string(value))))
}
