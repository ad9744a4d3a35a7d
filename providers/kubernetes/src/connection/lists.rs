//! [`lists`]: everything that a reading asks of one cluster, list by list: pages of one state of the cluster each.

use super::discovery::Discovery;
use super::server::{Failure, Server};
use crate::listed::{Intake, Listed};
use crate::resource::Resource;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use ordain_model::Text;
use ordain_model::address::print_id;
use ordain_model::observation::{Cause, ListRead, Reason};
use std::collections::{BTreeMap, BTreeSet};

/// Objects per page. What `kubectl` asks for.
const PAGE: u32 = 500;
/// How often a list is begun before it is given up: a state is kept for five minutes, unless etcd is compacted more often.
const BEGUN: u32 = 3;

/// What to list.
pub(crate) struct Wanted {
    /// The resources.
    pub resources: BTreeSet<&'static str>,
    /// These namespaces are enough; none where the whole cluster is meant.
    pub namespaces: Option<Vec<Text>>,
}

/// One list, as far as it has come.
struct Pages {
    resource: &'static Resource,
    /// Path without what asks for a page.
    path: String,
    selector: String,
    next: String,
    begun: u32,
}

/// Lists, and which state of the cluster each list shows, by resource.
pub(crate) async fn lists(
    server: &Server,
    discovery: &Discovery,
    wanted: &Wanted,
    step: impl Fn(&str),
) -> (Listed, BTreeMap<Text, ListRead>) {
    let mut listed = Listed::default();
    let mut under_way = FuturesUnordered::new();
    for name in &wanted.resources {
        let (Some(resource), Some(intake)) = (Resource::named(name), listed.intake(name)) else { continue };
        match discovery.path(server, resource).await {
            Ok(Some(path)) => {
                let pages = pages(resource, &path, wanted.namespaces.as_deref());
                under_way.extend(pages.into_iter().map(|pages| page(server, pages)));
            }
            Ok(None) => intake.unserved(),
            Err(reason) => intake.broke(reason),
        }
    }
    let mut ended = BTreeMap::new();
    while let Some((pages, answer)) = under_way.next().await {
        let name = pages.resource.name;
        let Some(intake) = listed.intake(name) else { continue };
        match take(intake, pages, answer) {
            Some(pages) => under_way.push(page(server, pages)),
            None => {
                ended.insert(name, super::now());
                step(name);
            }
        }
    }
    let state = |(name, at): (&'static str, Text)| {
        let version = Text::clone(listed.intake(name)?.resource_version());
        (!version.is_empty()).then(|| (Text::from(name), ListRead { version, at }))
    };
    let states = ended.into_iter().filter_map(state).collect();
    (listed, states)
}

/// The lists of one resource: one of the cluster, or one of each namespace.
fn pages(resource: &'static Resource, path: &str, namespaces: Option<&[Text]>) -> Vec<Pages> {
    let of = |path: String, selector: String| Pages { resource, path, selector, next: String::new(), begun: 1 };
    match (namespaces, resource.namespaced) {
        (Some(namespaces), true) => {
            let within = namespaces.iter().filter(|name| is_name(name));
            within
                .map(|name| of(format!("{path}/namespaces/{}/{}", print_id(name), resource.plural()), String::new()))
                .collect()
        }
        (Some(namespaces), false) if resource.name == "namespaces" => {
            let within = namespaces.iter().filter(|name| is_name(name));
            within
                .map(|name| {
                    of(format!("{path}/namespaces"), format!("&fieldSelector=metadata.name%3D{}", print_id(name)))
                })
                .collect()
        }
        _ => vec![of(format!("{path}/{}", resource.plural()), String::new())],
    }
}

/// Whether an object may have this name: others would be another path. DNS labels, and what role names may hold beyond.
pub(crate) fn is_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['/', '%'])
}

async fn page(server: &Server, pages: Pages) -> (Pages, Result<Vec<u8>, Failure>) {
    let next = if pages.next.is_empty() { String::new() } else { format!("&continue={}", print_id(&pages.next)) };
    let path = format!("{}?limit={PAGE}{}{next}", pages.path, pages.selector);
    let answer = server.get(&format!("list {}", pages.resource.name), path).await;
    (pages, answer)
}

/// Takes a page in. What is to be asked for next; none when the list has come to its end, or broke off.
fn take(intake: &mut dyn Intake, pages: Pages, answer: Result<Vec<u8>, Failure>) -> Option<Pages> {
    let action = format!("list {}", pages.resource.name);
    match answer {
        Ok(body) => match intake.page(pages.resource, &body) {
            Ok(next) => next.map(|next| Pages { next, ..pages }),
            Err(reason) => {
                intake.broke(reason);
                None
            }
        },
        Err(Failure::Refused(refusal)) if refusal.is_expired() && pages.begun < BEGUN => {
            intake.restart();
            Some(Pages { next: String::new(), begun: pages.begun + 1, ..pages })
        }
        Err(failure) => {
            intake.broke(failure.of_read(&action));
            None
        }
    }
}

/// What every list hides while the server cannot be reached at all.
pub(crate) fn hidden(wanted: &Wanted, reason: &Reason) -> Listed {
    let mut listed = Listed::default();
    for name in &wanted.resources {
        if let Some(intake) = listed.intake(name) {
            intake.broke(Reason::new(reason.cause, &*reason.detail));
        }
    }
    listed
}

/// The resources that these actions list.
pub(crate) fn resources(actions: impl IntoIterator<Item = &'static str>) -> BTreeSet<&'static str> {
    let listed = actions.into_iter().filter_map(crate::action::Action::parse).filter(|action| action.verb == "list");
    listed.map(|action| action.resource).collect()
}

/// A list that nobody could begin.
pub(crate) fn unlisted(kind: &str) -> Reason {
    Reason::new(Cause::Failed, format!("`{kind}` is not a kind of this provider"))
}
