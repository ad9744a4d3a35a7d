"""Regions, networks and flow logs."""

from probe import REGION, client, expect, network, probe, refused


@probe("ec2:DescribeRegions")
def _():
    names = [region["RegionName"] for region in client("ec2").describe_regions()["Regions"]]
    expect(REGION in names, "the region is not listed")


@probe("ec2:DescribeVpcs")
def _():
    ec2 = client("ec2")
    for number in range(6):
        ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")
    page = ec2.describe_vpcs(MaxResults=5)
    expect(len(page["Vpcs"]) == 5 and page.get("NextToken"), "MaxResults is ignored")


@probe("ec2:DescribeSubnets")
def _():
    vpc, subnets = network()
    found = client("ec2").describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    expect(sorted(subnet["SubnetId"] for subnet in found) == sorted(subnets), "the filter does not hold")


@probe("ec2:DescribeRouteTables")
def _():
    vpc, _ = network()
    tables = client("ec2").describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    expect(len(tables) == 1, "a new VPC has no main route table")


@probe("ec2:DescribeNatGateways")
def _():
    ec2 = client("ec2")
    _, subnets = network()
    address = ec2.allocate_address(Domain="vpc")
    gateway = ec2.create_nat_gateway(SubnetId=subnets[0], AllocationId=address["AllocationId"])["NatGateway"]["NatGatewayId"]
    found = ec2.describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"][0]["NatGatewayAddresses"]
    expect(found and found[0].get("PublicIp") == address["PublicIp"], "the gateway's address is not shown")


def flow_log(**arguments):
    ec2 = client("ec2")
    vpc, _ = network()
    bucket = f"probe-{vpc}"
    client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    arguments = {"LogDestination": f"arn:aws:s3:::{bucket}", **arguments}
    answer = ec2.create_flow_logs(ResourceIds=[vpc], ResourceType="VPC", LogDestinationType="s3", **arguments)
    expect(not answer.get("Unsuccessful"), "refused: " + str(answer.get("Unsuccessful")))
    return vpc, bucket, answer["FlowLogIds"][0]


def shown(made):
    return next(log for log in client("ec2").describe_flow_logs()["FlowLogs"] if log["FlowLogId"] == made)


@probe("ec2:DescribeFlowLogs")
def _():
    vpc, bucket, made = flow_log(TrafficType="REJECT")
    log = shown(made)
    expect(log["TrafficType"] == "REJECT" and log["LogDestination"] == f"arn:aws:s3:::{bucket}", "fields are lost")
    expect(log.get("FlowLogStatus") == "ACTIVE", "no status")
    expect("LogFormat" in log, "no log format")
    flow_log(TrafficType="ALL")
    of_one = client("ec2").describe_flow_logs(Filters=[{"Name": "resource-id", "Values": [vpc]}])["FlowLogs"]
    expect([log["FlowLogId"] for log in of_one] == [made], "filters are ignored")


@probe("ec2:CreateFlowLogs")
def _():
    specification = [{"ResourceType": "vpc-flow-log", "Tags": [{"Key": "made-by", "Value": "probe"}]}]
    vpc, bucket, made = flow_log(TrafficType="ALL", TagSpecifications=specification)
    log = shown(made)
    expect({"Key": "made-by", "Value": "probe"} in log.get("Tags", []), "tags are lost")
    other = {"TrafficType": "REJECT", "LogDestinationType": "s3", "LogDestination": f"arn:aws:s3:::{bucket}"}
    refuses = refused("FlowLogAlreadyExists", client("ec2").create_flow_logs, ResourceIds=[vpc], ResourceType="VPC", **other)
    expect(not refuses, "refuses other traffic to one destination")
    again = {"TrafficType": "ALL", "LogDestinationType": "s3", "LogDestination": f"arn:aws:s3:::{bucket}"}
    twice = refused("FlowLogAlreadyExists", client("ec2").create_flow_logs, ResourceIds=[vpc], ResourceType="VPC", **again)
    expect(twice, "makes the same flow log twice")


@probe("ec2:DeleteFlowLogs")
def _():
    _, _, made = flow_log(TrafficType="ALL")
    ec2 = client("ec2")
    ec2.delete_flow_logs(FlowLogIds=[made])
    expect(made not in [log["FlowLogId"] for log in ec2.describe_flow_logs()["FlowLogs"]], "still there")


@probe("ec2:GetManagedPrefixListEntries")
def _():
    ec2 = client("ec2")
    entries = [{"Cidr": "10.0.0.0/8"}, {"Cidr": "192.168.0.0/16"}]
    made = ec2.create_managed_prefix_list(PrefixListName="office", MaxEntries=2, AddressFamily="IPv4", Entries=entries)
    found = ec2.get_managed_prefix_list_entries(PrefixListId=made["PrefixList"]["PrefixListId"])["Entries"]
    expect(sorted(entry["Cidr"] for entry in found) == [entry["Cidr"] for entry in entries], "the entries are not listed")
