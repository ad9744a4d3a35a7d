//! Answers in the shape that EC2 documents.

use super::*;
use crate::kinds::aws_eks_cluster::egress::egress;

const TABLES: &str = r#"<DescribeRouteTablesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <routeTableSet>
    <item>
      <routeTableId>rtb-1</routeTableId>
      <vpcId>vpc-1</vpcId>
      <routeSet>
        <item><destinationCidrBlock>10.0.0.0/16</destinationCidrBlock><gatewayId>local</gatewayId><state>active</state><origin>CreateRouteTable</origin></item>
        <item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><natGatewayId>nat-1</natGatewayId><state>active</state><origin>CreateRoute</origin></item>
        <item><destinationPrefixListId>pl-1</destinationPrefixListId><gatewayId>vpce-1</gatewayId><state>active</state></item>
      </routeSet>
      <associationSet>
        <item><routeTableAssociationId>rtbassoc-1</routeTableAssociationId><subnetId>subnet-1</subnetId><main>false</main></item>
      </associationSet>
      <propagatingVgwSet/>
    </item>
    <item>
      <routeTableId>rtb-2</routeTableId>
      <vpcId>vpc-1</vpcId>
      <routeSet>
        <item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><gatewayId>igw-1</gatewayId><state>active</state></item>
      </routeSet>
      <associationSet><item><main>true</main></item></associationSet>
    </item>
  </routeTableSet>
</DescribeRouteTablesResponse>"#;

const GATEWAYS: &str = r#"<DescribeNatGatewaysResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <natGatewaySet>
    <item>
      <natGatewayId>nat-1</natGatewayId>
      <vpcId>vpc-1</vpcId>
      <state>available</state>
      <natGatewayAddressSet><item><publicIp>198.51.100.7</publicIp><privateIp>10.0.0.9</privateIp></item></natGatewayAddressSet>
    </item>
    <item><natGatewayId>nat-2</natGatewayId><connectivityType>private</connectivityType></item>
  </natGatewaySet>
</DescribeNatGatewaysResponse>"#;

fn ways() -> Ways {
    let tables: RouteTables = quick_xml::de::from_str(TABLES).expect("the documented shape");
    let gateways: NatGateways = quick_xml::de::from_str(GATEWAYS).expect("the documented shape");
    Ways { tables: tables.take().0, gateways: gateways.take().0 }
}

fn of(ways: &Ways, subnets: &[&str]) -> Result<String, String> {
    let subnets: Vec<String> = subnets.iter().map(ToString::to_string).collect();
    egress("vpc-1", &subnets, &ways.tables, &ways.gateways, false).map(|addresses| addresses.to_string())
}

#[test]
fn over_ipv6_every_node_has_an_address_of_its_own() {
    let with = |route: &str| {
        let route = format!(
            "<destinationPrefixListId>pl-1</destinationPrefixListId><gatewayId>vpce-1</gatewayId></item><item>{route}"
        );
        let text = TABLES
            .replace("<destinationPrefixListId>pl-1</destinationPrefixListId><gatewayId>vpce-1</gatewayId>", &route);
        let tables: RouteTables = quick_xml::de::from_str(&text).expect("the documented shape");
        Ways { tables: tables.take().0, gateways: ways().gateways }
    };
    let of = |ways: &Ways, ipv6| egress("vpc-1", &["subnet-1".to_owned()], &ways.tables, &ways.gateways, ipv6).is_ok();
    let out = with(
        "<destinationIpv6CidrBlock>::/0</destinationIpv6CidrBlock><egressOnlyInternetGatewayId>eigw-1</egressOnlyInternetGatewayId>",
    );
    assert!(!of(&out, true) && of(&out, false));
    let local = with("<destinationIpv6CidrBlock>2001:db8::/56</destinationIpv6CidrBlock><gatewayId>local</gatewayId>");
    assert!(of(&local, true) && of(&ways(), true));
}

#[test]
fn a_subnet_behind_a_nat_gateway_has_the_gateways_address() {
    assert_eq!(of(&ways(), &["subnet-1"]).as_deref(), Ok("[\"198.51.100.7/32\"]"));
}

#[test]
fn an_address_that_is_not_known_is_no_proof() {
    assert!(of(&ways(), &["subnet-1", "subnet-2"]).is_err(), "the main table leads to an internet gateway");
    let mut private = ways();
    private.tables[0].route_set.item[1].nat_gateway_id = Some("nat-2".into());
    assert!(of(&private, &["subnet-1"]).is_err(), "a private NAT gateway has no address on the internet");
    let mut elsewhere = ways();
    elsewhere.tables.iter_mut().for_each(|table| table.vpc_id = "vpc-2".into());
    assert!(of(&elsewhere, &["subnet-1"]).is_err(), "no route table");
}

#[test]
fn nodes_may_run_in_other_subnets_of_the_vpc() {
    assert_eq!(of(&ways(), &[]).as_deref(), Ok("[\"198.51.100.7/32\"]"));
    let mut cut = ways();
    cut.tables[0].route_set.item[1].state = Some("blackhole".into());
    assert!(of(&cut, &["subnet-1"]).is_err(), "then nodes come from nowhere that is known");
    let mut inside = ways();
    inside.tables[0].route_set.item[1].destination_cidr_block = Some("10.1.0.0/16".into());
    assert!(of(&inside, &["subnet-1"]).is_err());
}
