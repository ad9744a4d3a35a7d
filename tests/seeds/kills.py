"""Log groups in many regions, networks, buckets and launch templates in one, image repositories here or there, for applies that
are killed.

`seed GROUPS REPOSITORIES BUCKETS NETWORKS TEMPLATES SPREAD` makes so many of each, GROUPS in each region; REPOSITORIES are spread
over all regions if SPREAD is 1, else they are in one, where they seem to be in all of them. `read SPREAD` counts what is alike:
networks by the destinations of their flow logs, templates by their versions and hops, the others by how long they keep.
"""

import collections
import json

from world import REGION, client, command, every

OTHERS = [
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1",
    "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
    "af-south-1", "ap-east-1", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ca-west-1", "eu-central-2", "eu-south-1",
    "eu-south-2", "il-central-1", "me-central-1", "me-south-1",
]  # fmt: skip
HOPS = 64


def policy(days):
    selection = {"tagStatus": "any", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": days}
    return json.dumps({"rules": [{"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}]})


def keeping(spread):
    return [REGION, *OTHERS] if spread == "1" else [REGION]


def seed(groups, repositories, buckets, networks, templates, spread):
    for region in [REGION, *OTHERS]:
        logs = client("logs", region)
        for number in range(int(groups)):
            logs.create_log_group(logGroupName=f"/app/{number}")
            logs.put_retention_policy(logGroupName=f"/app/{number}", retentionInDays=1)
    for region in keeping(spread):
        ecr = client("ecr", region)
        for number in range(int(repositories) // len(keeping(spread))):
            ecr.create_repository(repositoryName=f"image-{number}")
            ecr.put_lifecycle_policy(repositoryName=f"image-{number}", lifecyclePolicyText=policy(1))
    s3 = client("s3")
    for name in [*(f"flow-logs-{round}" for round in range(20)), *(f"kept-{number}" for number in range(int(buckets)))]:
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    for number in range(int(buckets)):
        rule = {"ID": "logs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 1}}
        s3.put_bucket_lifecycle_configuration(Bucket=f"kept-{number}", LifecycleConfiguration={"Rules": [rule]})
    ec2 = client("ec2")
    for number in range(int(networks)):
        vpc = ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"]
        ec2.create_tags(Resources=[vpc], Tags=[{"Key": "scenario", "Value": "kills"}])
    for number in range(int(templates)):
        data = {"MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": HOPS}}
        ec2.create_launch_template(LaunchTemplateName=f"web-{number}", LaunchTemplateData=data)
    return OTHERS


def read(spread):
    seen = collections.Counter([*networks(), *templates(), *buckets()])
    for region in [REGION, *OTHERS]:
        groups = client("logs", region).describe_log_groups()["logGroups"]
        seen.update(f"log group {group.get('retentionInDays')}" for group in groups)
    for region in keeping(spread):
        ecr = client("ecr", region)
        for repository in ecr.describe_repositories(maxResults=100)["repositories"]:
            text = ecr.get_lifecycle_policy(repositoryName=repository["repositoryName"])["lifecyclePolicyText"]
            seen.update(f"repository {rule['selection']['countNumber']}" for rule in json.loads(text)["rules"])
    return seen


def buckets():
    s3 = client("s3")
    for bucket in s3.list_buckets()["Buckets"]:
        if bucket["Name"].startswith("kept-"):
            rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket["Name"])["Rules"]
            yield f"bucket {', '.join(str(rule['Expiration']['Days']) for rule in rules)}"


def templates():
    for template in every("ec2", "describe_launch_templates", "LaunchTemplates"):
        id = {"LaunchTemplateId": template["LaunchTemplateId"]}
        versions = every("ec2", "describe_launch_template_versions", "LaunchTemplateVersions", **id)
        default = next(version for version in versions if version["DefaultVersion"])
        hops = default["LaunchTemplateData"]["MetadataOptions"]["HttpPutResponseHopLimit"]
        yield f"template of {len(versions)} versions, {hops} hops"


def networks():
    destinations = collections.defaultdict(list)
    for log in every("ec2", "describe_flow_logs", "FlowLogs"):
        destinations[log["ResourceId"]].append(int(log["LogDestination"].rsplit("-")[-1]))
    vpcs = client("ec2").describe_vpcs(Filters=[{"Name": "tag:scenario", "Values": ["kills"]}])["Vpcs"]
    return [f"network {sorted(destinations[vpc['VpcId']])}" for vpc in vpcs]


command(seed, read)
