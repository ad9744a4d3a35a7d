//! Documented answers, and what each of them means.

use super::*;

fn instance(options: &str) -> Instance {
    let xml = format!(
        "<item><instanceId>i-1</instanceId><imageId>ami-1</imageId><instanceType>m7g.large</instanceType>\
         <vpcId>vpc-1</vpcId><instanceState><code>16</code><name>running</name></instanceState>\
         <tagSet><item><key>team</key><value>api</value></item><item><key>empty</key><value/></item></tagSet>{options}</item>"
    );
    crate::xml::tests::read(&xml)
}

fn options(tokens: &str, hops: i64, endpoint: &str) -> String {
    format!(
        "<metadataOptions><state>applied</state><httpTokens>{tokens}</httpTokens>\
         <httpPutResponseHopLimit>{hops}</httpPutResponseHopLimit><httpEndpoint>{endpoint}</httpEndpoint></metadataOptions>"
    )
}

fn read(options: &str, name: &str) -> Reading {
    setting(&instance(options), &SettingName::plain(name))
}

#[test]
fn tokens_and_hops_as_they_stand() {
    let open = options("optional", 2, "enabled");
    assert_eq!(read(&open, "metadata_tokens"), Reading::Value(Value::string("optional")));
    assert_eq!(read(&open, "metadata_hop_limit"), Reading::Value(Value::integer(2)));
    assert_eq!(read(&options("required", 1, "enabled"), "metadata_tokens"), Reading::Value(Value::string("required")));
}

#[test]
fn options_that_are_on_their_way_do_not_hold_yet() {
    let pending = options("required", 1, "enabled").replace("applied", "pending");
    for name in ["metadata_tokens", "metadata_hop_limit"] {
        assert!(matches!(read(&pending, name), Reading::Unknown(Reason { cause: Cause::Failed, .. })), "{name}");
    }
}

#[test]
fn a_service_that_is_off_answers_nobody() {
    let off = options("optional", 64, "disabled");
    assert_eq!(read(&off, "metadata_tokens"), Reading::Value(Value::string("required")));
    assert!(matches!(read(&off, "metadata_hop_limit"), Reading::NotApplicable(_)));
}

#[test]
fn an_endpoint_that_is_not_mentioned_is_not_switched_off() {
    let silent = "<metadataOptions><httpTokens>optional</httpTokens></metadataOptions>";
    assert_eq!(read(silent, "metadata_tokens"), Reading::Value(Value::string("optional")));
}

#[test]
fn what_is_not_documented_is_unknown() {
    for (options, name) in [
        (String::new(), "metadata_tokens"),
        (String::new(), "metadata_hop_limit"),
        (options("sometimes", 1, "enabled"), "metadata_tokens"),
        (options("required", 0, "enabled"), "metadata_hop_limit"),
        (options("required", 65, "enabled"), "metadata_hop_limit"),
    ] {
        assert!(matches!(read(&options, name), Reading::Unknown(Reason { cause: Cause::Unreadable, .. })), "{options}");
    }
}

#[test]
fn attributes() {
    let instance = instance("");
    assert_eq!(attribute(&instance, "type"), Reading::Value(Value::string("m7g.large")));
    let Reading::Value(Value::Object(tags)) = attribute(&instance, "tags") else { panic!("no tags") };
    assert_eq!(tags.get("team"), Some(&Value::string("api")));
    assert_eq!(tags.get("empty"), Some(&Value::string("")));
    assert_eq!(attribute(&Instance::default(), "vpc"), Reading::Value(Value::Null));
}

#[test]
fn a_page_of_two_launches() {
    let xml = "<DescribeInstancesResponse><requestId>x</requestId><reservationSet>\
        <item><instancesSet><item><instanceId>i-1</instanceId></item><item><instanceId>i-2</instanceId></item></instancesSet></item>\
        <item><instancesSet><item><instanceId>i-3</instanceId><instanceState><name>terminated</name></instanceState></item>\
        </instancesSet></item></reservationSet><nextToken>more</nextToken></DescribeInstancesResponse>";
    let page: DescribeInstances = crate::xml::tests::read(xml);
    let all: Vec<_> = page.reservation_set.item.iter().flat_map(|one| &one.instances_set.item).collect();
    assert_eq!(all.len(), 3);
    assert!(all[2].is_terminated());
    assert_eq!(page.next_token.as_deref(), Some("more"));
}
