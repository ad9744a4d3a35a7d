"""Log groups in many regions, networks in one, image repositories here or there, for applies that are killed.

`seed NETWORKS SPREAD` makes so many of these, two log groups in each region, and five repositories in each region if SPREAD is
1, else ten in one, where they seem to be in all of them. `read SPREAD` counts what is alike: networks by the destinations of
their flow logs, log groups and repositories by how long they keep.
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
GROUPS = 2


def policy(days):
    selection = {"tagStatus": "any", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": days}
    return json.dumps({"rules": [{"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}]})


def repositories(spread):
    return 5 if spread == "1" else 10


def keeping(spread):
    return [REGION, *OTHERS] if spread == "1" else [REGION]


def seed(networks, spread):
    for region in [REGION, *OTHERS]:
        logs = client("logs", region)
        for number in range(GROUPS):
            logs.create_log_group(logGroupName=f"/app/{number}")
            logs.put_retention_policy(logGroupName=f"/app/{number}", retentionInDays=1)
    for region in keeping(spread):
        ecr = client("ecr", region)
        for number in range(repositories(spread)):
            ecr.create_repository(repositoryName=f"image-{number}")
            ecr.put_lifecycle_policy(repositoryName=f"image-{number}", lifecyclePolicyText=policy(1))
    ec2, s3 = client("ec2"), client("s3")
    for round in range(20):
        s3.create_bucket(Bucket=f"flow-logs-{round}", CreateBucketConfiguration={"LocationConstraint": REGION})
    for number in range(int(networks)):
        vpc = ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"]
        ec2.create_tags(Resources=[vpc], Tags=[{"Key": "scenario", "Value": "kills"}])
    return OTHERS


def read(spread):
    seen = collections.Counter(networks())
    for region in [REGION, *OTHERS]:
        groups = client("logs", region).describe_log_groups()["logGroups"]
        seen.update(f"log group {group.get('retentionInDays')}" for group in groups)
    for region in keeping(spread):
        ecr = client("ecr", region)
        for number in range(repositories(spread)):
            text = ecr.get_lifecycle_policy(repositoryName=f"image-{number}")["lifecyclePolicyText"]
            seen.update(f"repository {rule['selection']['countNumber']}" for rule in json.loads(text)["rules"])
    return seen


def networks():
    destinations = collections.defaultdict(list)
    for log in every("ec2", "describe_flow_logs", "FlowLogs"):
        destinations[log["ResourceId"]].append(int(log["LogDestination"].rsplit("-")[-1]))
    vpcs = client("ec2").describe_vpcs(Filters=[{"Name": "tag:scenario", "Values": ["kills"]}])["Vpcs"]
    return [f"network {sorted(destinations[vpc['VpcId']])}" for vpc in vpcs]


command(seed, read)
