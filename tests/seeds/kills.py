"""Log groups, networks and launch templates in many regions, for applies of two hundred steps that are killed.

`seed REGIONS NETWORKS TEMPLATES` makes so many in each of the first regions, and two log groups; `read REGIONS` counts what is alike: networks by the destinations of
their flow logs, templates by the number of their versions and the hop limit of the default one, log groups by their retention.
"""

import collections

from world import client, command, every

REGIONS = [
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1",
    "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1",
    "us-west-2",
]  # fmt: skip


def seed(regions, networks, templates):
    for region in REGIONS[: int(regions)]:
        ec2, logs = client("ec2", region), client("logs", region)
        for number in range(2):
            logs.create_log_group(logGroupName=f"/app/{number}")
            logs.put_retention_policy(logGroupName=f"/app/{number}", retentionInDays=1)
        for number in range(int(networks)):
            vpc = ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"]
            ec2.create_tags(Resources=[vpc], Tags=[{"Key": "scenario", "Value": "kills"}])
        for number in range(int(templates)):
            data = {"ImageId": "ami-12345678", "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 64}}
            ec2.create_launch_template(LaunchTemplateName=f"template-{number}", LaunchTemplateData=data)
    return REGIONS[: int(regions)]


def read(regions):
    seen = collections.Counter()
    for region in REGIONS[: int(regions)]:
        seen.update(networks(region))
        seen.update(templates(region))
        groups = client("logs", region).describe_log_groups()["logGroups"]
        seen.update(f"log group {group.get('retentionInDays')}" for group in groups)
    return seen


def networks(region):
    ec2 = client("ec2", region)
    destinations = collections.defaultdict(list)
    for log in ec2.describe_flow_logs()["FlowLogs"]:
        destinations[log["ResourceId"]].append(log["LogDestination"].rsplit("-")[-1])
    vpcs = ec2.describe_vpcs(Filters=[{"Name": "tag:scenario", "Values": ["kills"]}])["Vpcs"]
    return ["network " + " ".join(sorted(destinations[vpc["VpcId"]], key=int)) for vpc in vpcs]


def templates(region):
    ec2 = client("ec2", region)
    for template in ec2.describe_launch_templates()["LaunchTemplates"]:
        versions = ec2.describe_launch_template_versions(LaunchTemplateId=template["LaunchTemplateId"])["LaunchTemplateVersions"]
        default = [version for version in versions if version["DefaultVersion"]]
        hops = [version["LaunchTemplateData"]["MetadataOptions"].get("HttpPutResponseHopLimit") for version in default]
        yield f"template {len(versions)} versions, {hops} hops"


command(seed, read)
