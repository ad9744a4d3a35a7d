//! The calls of `aws_security_group`.

use crate::connection::calls::{Ask, KindCalls};
use crate::connection::ec2::{Ec2, Page, Query};
use crate::connection::paging::{Pages, concurrently};
use crate::connection::reason::{code, reason, refusal};
use crate::connection::scope::Scope;
use crate::kinds::aws_security_group::{
    DescribeSecurityGroups, Group, Ports, PrefixLists, Rule, Source, attribute, changes, setting,
};
use crate::xml::Set;
use ordain_model::cidr::CidrSet;
use ordain_model::observation::{Cause, Listing, Reason};
use ordain_model::provider::Change;
use ordain_model::value::Value;
use serde::Deserialize;
use std::collections::BTreeSet;

const DESCRIBE: &str = "DescribeSecurityGroups";
const ENTRIES: &str = "GetManagedPrefixListEntries";

/// The calls of this kind.
pub(crate) struct Calls;

impl Page for DescribeSecurityGroups {
    type Item = Group;
    const MOST: u32 = 1000;

    fn take(self) -> (Vec<Group>, Option<String>) {
        (self.security_group_info.item, self.next_token)
    }
}

impl KindCalls for Calls {
    async fn list(scope: &Scope, ask: &Ask<'_>) -> Listing {
        let client = scope.clients.ec2();
        let pages = described(client, ask.one).await;
        let keys = ask.reads.settings.iter().filter_map(|setting| setting.key.as_deref());
        let keys: Vec<Ports> = keys.filter_map(|key| Ports::parse(key).ok()).collect();
        let asked = pages.items.iter().filter(|group| ask.includes(&group.group_id));
        let lists = entries(client, asked.flat_map(|group| group.prefix_lists(&keys)).collect()).await;
        pages.listing(|group| {
            let object = || ask.object(|name| attribute(&group, name), |name| setting(&group, name, &lists));
            ask.includes(&group.group_id).then(|| (group.group_id.as_str().into(), object()))
        })
    }

    async fn write(scope: &Scope, change: &Change) -> Result<(), Reason> {
        let (client, id) = (scope.clients.ec2(), &*change.object.id);
        let wanted = wanted(change)?;
        let pages = described(client, Some(id)).await;
        let group = match (pages.items.into_iter().next(), pages.incomplete) {
            (Some(group), _) => group,
            (None, Some(reason)) => return Err(reason),
            (None, None) => return Err(Reason::new(Cause::Failed, format!("there is no security group `{id}`"))),
        };
        let keys: Vec<Ports> = wanted.iter().map(|(key, _)| key.clone()).collect();
        let lists = entries(client, group.prefix_lists(&keys)).await;
        let changes = changes(&group, &wanted, &lists)?;
        send(client, id, Step::Add, &changes.keep).await?;
        send(client, id, Step::Remove, &changes.revoke).await?;
        send(client, id, Step::Add, &changes.add).await
    }
}

fn wanted(change: &Change) -> Result<Vec<(Ports, CidrSet)>, Reason> {
    let one = |(name, value): (&ordain_model::address::SettingName, &Value)| {
        let key = name.key.as_deref().map(Ports::parse);
        match (&*name.name, key, value) {
            ("ingress_from", Some(Ok(key)), Value::Cidrs(set)) => Ok((key, set.clone())),
            _ => Err(Reason::new(Cause::Failed, format!("`{name}` cannot be written"))),
        }
    };
    change.values.iter().map(one).collect()
}

async fn described(client: &Ec2, one: Option<&str>) -> Pages<Group> {
    let Some(id) = one else {
        return client.pages::<DescribeSecurityGroups>(DESCRIBE, Query::new()).await;
    };
    match client.call::<DescribeSecurityGroups>(DESCRIBE, Query::new().with("GroupId.1", id)).await {
        Ok(answer) => Pages::complete(answer.take().0),
        Err(error) if matches!(code(&error), Some("InvalidGroup.NotFound" | "InvalidGroupId.NotFound")) => {
            Pages::complete(Vec::new())
        }
        Err(error) => Pages::failed(reason("ec2:DescribeSecurityGroups", &error)),
    }
}

/// The list is always there, empty or not: nothing in its place would close what the list opens.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct GetManagedPrefixListEntries {
    entry_set: Set<Entry>,
    next_token: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Entry {
    cidr: String,
}

impl Page for GetManagedPrefixListEntries {
    type Item = Entry;
    const MOST: u32 = 100;

    fn take(self) -> (Vec<Entry>, Option<String>) {
        (self.entry_set.item, self.next_token)
    }
}

/// The entries of each prefix list, or why they are not known.
async fn entries(client: &Ec2, ids: BTreeSet<String>) -> PrefixLists {
    let read = async |id: String| {
        let query = Query::new().with("PrefixListId", id.as_str());
        let pages = client.pages::<GetManagedPrefixListEntries>(ENTRIES, query).await;
        let blocks = pages.items.into_iter().map(|entry| entry.cidr).collect();
        (id, pages.incomplete.map_or(Ok(blocks), Err))
    };
    concurrently(ids, read).await.into_iter().collect()
}

/// Whether a call adds rules or takes them away.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Add,
    Remove,
}

/// Sends all rules of a step in one call, which the API takes or refuses as a whole. A retry after an answer that got
/// lost is refused because nothing is left to do: then the group itself says whether that is so.
async fn send(client: &Ec2, id: &str, step: Step, rules: &[Rule]) -> Result<(), Reason> {
    if rules.is_empty() {
        return Ok(());
    }
    let (action, done_before) = match step {
        Step::Add => ("AuthorizeSecurityGroupIngress", "InvalidPermission.Duplicate"),
        Step::Remove => ("RevokeSecurityGroupIngress", "InvalidPermission.NotFound"),
    };
    let query = rules.iter().enumerate().fold(Query::new().with("GroupId", id), |query, (at, rule)| {
        permission(query, &format!("IpPermissions.{}", at + 1), rule, step == Step::Add)
    });
    let Err(error) = client.call::<serde::de::IgnoredAny>(action, query).await else { return Ok(()) };
    let refused = refusal(&format!("ec2:{action}"), &error);
    if code(&error) != Some(done_before) {
        return Err(refused);
    }
    let Some(group) = described(client, Some(id)).await.items.into_iter().next() else { return Err(refused) };
    let now = group.rules();
    let present = |rule: &Rule| now.iter().any(|other| other.opens_the_same(rule));
    match rules.iter().all(|rule| present(rule) == (step == Step::Add)) {
        true => Ok(()),
        false => Err(refused),
    }
}

/// One rule as a permission of its own. A rule is revoked without its description, which need not match then.
fn permission(query: Query, at: &str, rule: &Rule, described: bool) -> Query {
    let (group, field, source) = match &rule.source {
        Source::Block(block) if block.contains(':') => ("Ipv6Ranges", "CidrIpv6", block),
        Source::Block(block) => ("IpRanges", "CidrIp", block),
        Source::PrefixList(id) => ("PrefixListIds", "PrefixListId", id),
    };
    let description = rule.description.as_deref().filter(|_| described);
    query
        .with(format!("{at}.IpProtocol"), rule.protocol.as_str())
        .with_some(format!("{at}.FromPort"), rule.ports.map(|(from, _)| from.to_string()))
        .with_some(format!("{at}.ToPort"), rule.ports.map(|(_, to)| to.to_string()))
        .with(format!("{at}.{group}.1.{field}"), source.as_str())
        .with_some(format!("{at}.{group}.1.Description"), description)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_entries_is_not_an_empty_prefix_list() {
        let read = |inner: &str| {
            let xml = format!("<GetManagedPrefixListEntriesResponse>{inner}</GetManagedPrefixListEntriesResponse>");
            quick_xml::de::from_str::<GetManagedPrefixListEntries>(&xml).map(|answer| answer.entry_set.item.len())
        };
        assert!(read("<requestId>x</requestId>").is_err());
        assert!(read("<entrySet><item><description>d</description></item></entrySet>").is_err());
        assert_eq!(read("<entrySet/>").ok(), Some(0));
        assert_eq!(read("<entrySet><item><cidr>10.0.0.0/8</cidr></item></entrySet>").ok(), Some(1));
    }
}
