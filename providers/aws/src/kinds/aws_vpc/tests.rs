//! The traps of flow logs, on answers in the shape that DescribeFlowLogs documents.

use super::amendment::Amendment;
use super::flow_log::{DEFAULT_FORMAT, Layout, MARKER};
use super::*;
use std::collections::BTreeMap;

const HERE: Place<'static> = Place { partition: "aws", account: "111111111111", region: "eu-west-1" };
const BUCKET: &str = "arn:aws:s3:::audit/net/";
const GROUP: &str = "arn:aws:logs:eu-west-1:111111111111:log-group:/vpc/flow";

fn log(traffic: &str, destination: &str) -> FlowLog {
    FlowLog {
        flow_log_id: format!("fl-{traffic}"),
        resource_id: "vpc-1".into(),
        flow_log_status: Some("ACTIVE".into()),
        deliver_logs_status: Some("SUCCESS".into()),
        traffic_type: Some(traffic.into()),
        log_destination: Some(destination.into()),
        ..FlowLog::default()
    }
}

fn ours(log: FlowLog) -> FlowLog {
    FlowLog { tag_set: Set { item: vec![Tag { key: MARKER.into(), value: "token".into() }] }, ..log }
}

fn setting(name: &str, logs: &[FlowLog]) -> Reading {
    let vpc = Vpc { vpc_id: "vpc-1".into(), ..Vpc::default() };
    vpc.setting(&SettingName::plain(name), Ok(logs), HERE).expect("a setting")
}

fn traffic(members: &[&str]) -> Reading {
    Reading::Value(Value::set(members.iter().copied()))
}

fn owners(logs: &[FlowLog]) -> Owners {
    let vpc = Vpc { vpc_id: "vpc-1".into(), ..Vpc::default() };
    let address = ObjectAddress::parse("aws:111111111111/eu-west-1/aws_vpc/vpc-1").expect("an address");
    let mut object = Object::default();
    let paths = vpc.attribute("flow_log_paths", Ok(logs), HERE).expect("an attribute");
    object.attributes.insert("flow_log_paths".into(), paths);
    keepers(&address, &object)
}

fn amend(logs: &[FlowLog], values: &[(&str, Value)], kept: &[(&str, Value)]) -> Result<Amendment, String> {
    let map = |pairs: &[(&str, Value)]| -> BTreeMap<SettingName, Value> {
        pairs.iter().map(|(name, value)| (SettingName::plain(name), value.clone())).collect()
    };
    Amendment::new(logs, HERE, &map(values), &map(kept), "token")
}

#[test]
fn reject_only_is_not_all() {
    assert_eq!(setting("flow_logs", &[log("REJECT", BUCKET)]), traffic(&["reject"]));
    assert_eq!(setting("flow_logs", &[log("ALL", BUCKET)]), traffic(&["accept", "reject"]));
    let halves = [log("REJECT", BUCKET), log("ACCEPT", GROUP)];
    assert_eq!(setting("flow_logs", &halves), traffic(&["accept", "reject"]));
}

#[test]
fn what_fails_is_inactive_or_lies_elsewhere_counts_as_nothing() {
    let failed = FlowLog { deliver_logs_status: Some("FAILED".into()), ..log("ALL", BUCKET) };
    let silent = FlowLog { deliver_logs_status: None, ..log("ALL", BUCKET) };
    let inactive = FlowLog { flow_log_status: Some("INACTIVE".into()), ..log("ALL", BUCKET) };
    let subnet = FlowLog { resource_id: "subnet-1".into(), ..log("ALL", BUCKET) };
    for odd in [failed, silent, inactive, subnet] {
        let logs = [odd];
        assert_eq!(setting("flow_logs", &logs), traffic(&[]));
        assert_eq!(setting("flow_log_destination", &logs), traffic(&[]));
        assert_eq!(owners(&logs), Owners::Value(Value::Retention(Retention::Disabled)));
    }
}

#[test]
fn a_list_that_broke_off_hides_flow_logs_and_nothing_else() {
    let vpc = Vpc { vpc_id: "vpc-1".into(), ..Vpc::default() };
    let denied = Reason::new(Cause::Denied, "ec2:DescribeFlowLogs: UnauthorizedOperation");
    for name in ["flow_logs", "flow_log_destination", "flow_log_format"] {
        let reading = vpc.setting(&SettingName::plain(name), Err(&denied), HERE);
        assert_eq!(reading, Some(Reading::Unknown(denied.clone())));
    }
    assert_eq!(vpc.attribute("flow_log_paths", Err(&denied), HERE), Some(Reading::Unknown(denied.clone())));
    assert_eq!(vpc.attribute("id", Err(&denied), HERE), Some(Reading::Value(Value::string("vpc-1"))));
}

#[test]
fn retention_is_looked_for_where_the_records_land() {
    let hive = FlowLog { destination_options: Layout { hive_compatible_partitions: true }, ..log("ALL", BUCKET) };
    for (log, key) in [
        (log("ALL", BUCKET), "net/AWSLogs/111111111111/vpcflowlogs/eu-west-1/"),
        (log("ALL", "arn:aws:s3:::audit"), "AWSLogs/111111111111/vpcflowlogs/eu-west-1/"),
        (hive, "net/AWSLogs/aws-account-id=111111111111/aws-service=vpcflowlogs/aws-region=eu-west-1/"),
    ] {
        let Owners::Fields(fields) = owners(&[log]) else { panic!("a field") };
        assert_eq!((&*fields[0].id, &fields[0].setting), ("audit", &SettingName::keyed("retention", key)));
        assert_eq!((fields[0].place, &fields[0].missing), (OwnerPlace::AnyCell, &Value::Null));
    }
}

#[test]
fn a_log_group_keeps_them_in_the_same_cell_only() {
    let named = FlowLog { log_destination: None, log_group_name: Some("/vpc/flow".into()), ..log("ALL", "") };
    for log in [log("ALL", GROUP), log("ALL", &format!("{GROUP}:*")), named] {
        assert_eq!(owners(&[log]), Owners::Fields(vec![retention_of(&"/vpc/flow".into())]));
    }
    let elsewhere = "arn:aws:logs:eu-west-1:222222222222:log-group:/vpc/flow";
    for far in [elsewhere, "arn:aws:firehose:eu-west-1:111111111111:deliverystream/s"] {
        assert!(matches!(owners(&[log("ALL", far)]), Owners::Unknown(Reason { cause: Cause::OutOfScope, .. })));
    }
}

#[test]
fn every_place_that_receives_traffic_has_an_owner() {
    let failed = FlowLog { deliver_logs_status: Some("FAILED".into()), ..log("ALL", "arn:aws:s3:::broken") };
    let Owners::Fields(fields) = owners(&[log("ACCEPT", BUCKET), log("REJECT", GROUP), failed]) else {
        panic!("fields")
    };
    let kinds: Vec<&str> = fields.iter().map(|field| field.kind).collect();
    assert_eq!(kinds, ["aws_cloudwatch_log_group", "aws_s3_bucket"]);
}

#[test]
fn a_format_is_the_fields_that_every_flow_log_records() {
    let format = "${version} ${srcaddr} ${vpc-id}";
    let own = FlowLog { log_format: Some(format.into()), ..log("ACCEPT", BUCKET) };
    let Reading::Held(value, holder) = setting("flow_log_format", &[own.clone(), log("REJECT", BUCKET)]) else {
        panic!("held")
    };
    assert_eq!(value, Value::set(["srcaddr", "version"]));
    assert!(holder.contains("fl-ACCEPT, fl-REJECT"));
    assert!(own.fields().contains("vpc-id"));
    assert_eq!(log("ALL", BUCKET).fields(), DEFAULT_FORMAT.iter().copied().collect());
    assert_eq!(setting("flow_log_format", &[]), traffic(&[]));
}

#[test]
fn a_missing_flow_log_is_made_once_with_a_token() {
    let both = Value::set(["accept", "reject"]);
    let made = amend(&[], &[("flow_logs", both.clone()), ("flow_log_destination", Value::set([BUCKET]))], &[]);
    let made = made.expect("an amendment");
    let [new] = made.create.as_slice() else { panic!("one flow log") };
    assert_eq!((new.traffic_type, new.destination_type, &*new.destination), ("ALL", "s3", BUCKET));
    assert_eq!((new.client_token.len(), &new.format, &new.role), (64, &None, &None));
    let error = amend(&[], &[("flow_logs", both)], &[]).expect_err("nowhere to go");
    assert!(error.contains("flow_log_destination"));
}

#[test]
fn a_destination_alone_takes_all_traffic_and_a_format_alone_is_for_nothing() {
    let made = amend(&[], &[("flow_log_destination", Value::set([BUCKET]))], &[("flow_logs", Value::set([]))]);
    assert_eq!(made.map(|made| made.create[0].traffic_type), Ok("ALL"));
    let format = [("flow_log_format", Value::set(["version"]))];
    assert!(amend(&[], &format, &[("flow_logs", Value::set([]))]).is_err());
    let with = [("flow_log_format", Value::set(["version"])), ("flow_log_destination", Value::set([BUCKET]))];
    let made = amend(&[], &with, &[]).expect("an amendment");
    assert_eq!(made.create[0].format.as_deref(), Some("${version}"));
}

#[test]
fn without_a_destination_there_is_no_value_for_a_step() {
    let rule = &KIND.rules[0];
    let nowhere = setting("flow_log_destination", &[]);
    assert!((rule.is)().admits(nowhere.value().expect("a value")));
    let demanded = Bound::superset_of(["accept", "reject"]);
    assert!(demanded.meet(&(rule.must)()).is_nothing());
    let somewhere = setting("flow_log_destination", &[log("REJECT", BUCKET)]);
    assert!(!(rule.is)().admits(somewhere.value().expect("a value")));
}

#[test]
fn traffic_that_is_missing_goes_where_the_rest_goes() {
    let both = Value::set(["accept", "reject"]);
    let kept = [("flow_log_destination", Value::set([BUCKET]))];
    let made = amend(&[log("REJECT", BUCKET)], &[("flow_logs", both)], &kept).expect("an amendment");
    let made: Vec<_> = made.create.iter().map(|new| (new.traffic_type, &*new.destination)).collect();
    assert_eq!(made, [("ACCEPT", BUCKET)]);
}

#[test]
fn only_what_ordain_made_is_deleted() {
    let none = [("flow_logs", Value::set([])), ("flow_log_destination", Value::set([]))];
    let error = amend(&[log("ALL", BUCKET)], &none, &[]).expect_err("not ours");
    assert!(error.contains("fl-ALL"));
    let made = amend(&[ours(log("ALL", BUCKET))], &none, &[]).expect("an amendment");
    assert_eq!((made.create.len(), made.delete), (0, vec!["fl-ALL".to_owned()]));
}

#[test]
fn a_flow_log_that_fails_is_not_made_twice() {
    let failed = FlowLog {
        deliver_logs_status: Some("FAILED".into()),
        deliver_logs_error_message: Some("Access error".into()),
        ..log("ALL", BUCKET)
    };
    let wanted = [("flow_logs", Value::set(["accept", "reject"])), ("flow_log_destination", Value::set([BUCKET]))];
    let error = amend(&[failed], &wanted, &[]).expect_err("it is there");
    assert!(error.contains("fl-ALL") && error.contains("Access error"));
}

#[test]
fn a_log_group_needs_a_role_to_deliver() {
    let both = Value::set(["accept", "reject"]);
    let wanted = [("flow_logs", both), ("flow_log_destination", Value::set([GROUP]))];
    assert!(amend(&[], &wanted, &[]).is_err_and(|said| said.contains("role")));
    let role = Some("arn:aws:iam::111111111111:role/flow".to_owned());
    let half = FlowLog { deliver_logs_permission_arn: role.clone(), ..log("REJECT", GROUP) };
    let made = amend(&[half], &wanted, &[]).expect("an amendment");
    assert_eq!((made.create[0].destination_type, &made.create[0].role), ("cloud-watch-logs", &role));
}

#[test]
fn a_delivery_stream_is_not_written_to_with_more_permissions_than_are_asked_for() {
    let stream = Value::set(["arn:aws:firehose:eu-west-1:111111111111:deliverystream/s"]);
    let refused = amend(&[], &[("flow_log_destination", stream)], &[]).unwrap_err();
    assert!(refused.contains("by hand"), "{refused}");
}

#[test]
fn a_format_of_default_fields_is_the_default_format() {
    let sorted: BTreeSet<&str> = DEFAULT_FORMAT.iter().copied().chain(["vpc-id"]).collect();
    let format = flow_log::format_of(&sorted);
    assert!(format.starts_with("${version} ${account-id}") && format.ends_with("${log-status} ${vpc-id}"));
}
