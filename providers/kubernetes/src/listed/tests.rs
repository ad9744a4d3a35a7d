//! Pages become lists, and what breaks leaves a list that says so.

use super::*;

fn pods() -> &'static Resource {
    Resource::named("pods").unwrap()
}

#[test]
fn a_list_is_complete_with_its_last_page() {
    let mut listed = Listed::default();
    let intake = listed.intake("pods").unwrap();
    let first = br#"{"kind": "PodList", "metadata": {"resourceVersion": "7", "continue": "next"}, "items": [{"metadata": {"name": "a"}}]}"#;
    assert_eq!(intake.page(pods(), first), Ok(Some("next".into())));
    assert_eq!(listed.pods.all().unwrap_err().cause, Cause::NotCollected);
    let last = br#"{"metadata": {"resourceVersion": "7"}, "items": [{"metadata": {"name": "b"}}]}"#;
    assert_eq!(listed.intake("pods").unwrap().page(pods(), last), Ok(None));
    let names: Vec<&str> = listed.pods.all().unwrap().iter().map(|pod| &*pod.metadata.name).collect();
    assert_eq!((names, &*listed.pods.resource_version), (vec!["a", "b"], "7"));
}

#[test]
fn an_object_that_does_not_read_leaves_the_list_incomplete_and_the_others_in_it() {
    let mut list = List::<Pod>::default();
    let page = br#"{"items": [{"metadata": {"labels": []}}, {"metadata": {"name": "b"}}]}"#;
    assert_eq!(list.page(pods(), page), Ok(None));
    assert_eq!((list.items.len(), list.all().unwrap_err().cause), (1, Cause::Unreadable));
    assert_eq!(List::<Pod>::default().page(pods(), b"<html>").unwrap_err().cause, Cause::Unreadable);
    assert_eq!(List::<Pod>::default().page(pods(), br#"{"items": null}"#), Ok(None));
}

#[test]
fn what_broke_off_stays_broken_and_what_is_not_served_is_empty_and_complete() {
    let mut list = List::<Pod>::default();
    list.broke(Reason::new(Cause::Denied, "list pods"));
    assert_eq!(list.page(pods(), br#"{"items": []}"#), Ok(None));
    assert_eq!(list.all().unwrap_err().cause, Cause::Denied);
    let mut list = List::<PeerAuthentication>::default();
    list.unserved();
    assert!(list.all().unwrap().is_empty() && !list.served);
}
