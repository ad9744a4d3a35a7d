//! Answers in the shape that EC2 documents.

use super::*;

const LISTED: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<DescribeFlowLogsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <requestId>3cb46f23-099e-4bf0-891c-EXAMPLE</requestId>
  <flowLogSet>
    <item>
      <creationTime>2026-05-18T09:43:51.104Z</creationTime>
      <deliverLogsErrorMessage>Access error</deliverLogsErrorMessage>
      <deliverLogsPermissionArn>arn:aws:iam::123456789012:role/flow</deliverLogsPermissionArn>
      <deliverLogsStatus>FAILED</deliverLogsStatus>
      <destinationOptions><fileFormat>parquet</fileFormat><hiveCompatiblePartitions>true</hiveCompatiblePartitions></destinationOptions>
      <flowLogId>fl-1a2b3c4d</flowLogId>
      <flowLogStatus>ACTIVE</flowLogStatus>
      <logDestination>arn:aws:s3:::audit</logDestination>
      <logDestinationType>s3</logDestinationType>
      <logFormat>${version} ${srcaddr}</logFormat>
      <maxAggregationInterval>600</maxAggregationInterval>
      <resourceId>vpc-1</resourceId>
      <tagSet><item><key>ordain:plan</key><value>sha256:1</value></item></tagSet>
      <trafficType>REJECT</trafficType>
    </item>
    <item><flowLogId>fl-2</flowLogId><resourceId>eni-1</resourceId><logGroupName>flow</logGroupName></item>
  </flowLogSet>
  <nextToken>more</nextToken>
</DescribeFlowLogsResponse>"#;

const REFUSED: &str = r#"<CreateFlowLogsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <requestId>2d96dae3-504b-4fc4-bf50-266EXAMPLE</requestId>
  <clientToken>token</clientToken>
  <flowLogIdSet/>
  <unsuccessful><item>
    <error><code>400</code><message>Access Denied for LogDestination: audit. Please check LogDestination permission</message></error>
    <resourceId>vpc-1</resourceId>
  </item></unsuccessful>
</CreateFlowLogsResponse>"#;

fn read<T: serde::de::DeserializeOwned>(text: &str) -> T {
    quick_xml::de::from_str(text).expect("the documented shape")
}

#[test]
fn a_list_is_read_with_everything_that_decides() {
    let (logs, token) = read::<FlowLogs>(LISTED).take();
    assert_eq!((logs.len(), token.as_deref()), (2, Some("more")));
    assert_eq!(
        (logs[0].delivers(), logs[0].traffic(), logs[0].made_by()),
        (false, ["reject"].as_slice(), Some("sha256:1"))
    );
    assert!(logs[0].destination_options.hive_compatible_partitions);
    assert_eq!(logs[0].fields(), ["srcaddr", "version"].into());
    assert_eq!((logs[1].resource_id.as_str(), logs[1].log_group_name.as_deref()), ("eni-1", Some("flow")));
}

#[test]
fn an_empty_list_is_empty() {
    let (logs, token) = read::<FlowLogs>("<DescribeFlowLogsResponse><flowLogSet/></DescribeFlowLogsResponse>").take();
    assert_eq!((logs, token), (Vec::new(), None));
}

#[test]
fn a_success_that_lists_what_it_did_not_do_is_a_failure() {
    let refused = read::<Done>(REFUSED).check("CreateFlowLogs").expect_err("nothing was made");
    assert_eq!(refused.cause, Cause::Failed);
    assert!(refused.detail.contains("Access Denied for LogDestination"));
    let made = "<CreateFlowLogsResponse><flowLogIdSet><item>fl-1</item></flowLogIdSet><unsuccessful/></CreateFlowLogsResponse>";
    assert_eq!(read::<Done>(made).check("CreateFlowLogs"), Ok(vec!["fl-1".to_owned()]));
}

#[test]
fn a_flow_log_is_asked_for_with_a_token_and_our_mark() {
    let new = NewFlowLog {
        traffic_type: "ALL",
        destination_type: "s3",
        destination: "arn:aws:s3:::audit/net/".into(),
        format: None,
        role: None,
        client_token: "abc".into(),
    };
    let expected = Query::new()
        .with("ClientToken", "abc")
        .with("ResourceType", "VPC")
        .with("ResourceId.1", "vpc-1")
        .with("TrafficType", "ALL")
        .with("LogDestinationType", "s3")
        .with("LogDestination", "arn:aws:s3:::audit/net/")
        .with("TagSpecification.1.ResourceType", "vpc-flow-log")
        .with("TagSpecification.1.Tag.1.Key", "ordain:plan")
        .with("TagSpecification.1.Tag.1.Value", "step");
    assert_eq!(creation("vpc-1", &new, "step"), expected);
}
