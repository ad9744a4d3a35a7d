"""One object of each sort, for applies in which every call fails in every way: `seed SORT...`, `read SORT...`, and `reset SORT...`,
which brings back what was seeded.

`read` prints each object's settings under the names that profiles use, and in `products` how many things were made for it.
"""

import json

from world import REGION, client, command, every, network, role

BUCKET = "audit-logs"
RULES = [{"ID": "logs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 30}}]


def attempt(call, field, **arguments):
    """What is configured, or null."""
    import botocore.exceptions

    try:
        return call(**arguments)[field]
    except botocore.exceptions.ClientError:
        return None


def bucket(first):
    s3 = client("s3")
    if first:
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": RULES})
    s3.delete_public_access_block(Bucket=BUCKET)


def shown_bucket():
    s3 = client("s3")
    rules = attempt(s3.get_bucket_lifecycle_configuration, "Rules", Bucket=BUCKET) or []
    block = attempt(s3.get_public_access_block, "PublicAccessBlockConfiguration", Bucket=BUCKET) or {}
    encryption = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"][0]
    settings = {
        "retention": sorted(rule.get("Expiration", {}).get("Days", 0) for rule in rules),
        "encryption": encryption["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"],
        "public_access_block": sorted(name for name, on in block.items() if on),
    }
    return {BUCKET: settings}, 0


def cluster(first):
    eks = client("eks")
    if first:
        _, subnets = network()
        config = {"subnetIds": subnets, "endpointPrivateAccess": True, "endpointPublicAccess": True}
        eks.create_cluster(name="prod", roleArn=role("eks"), resourcesVpcConfig=config)
    off = {"types": ["api", "audit", "authenticator", "controllerManager", "scheduler"], "enabled": False}
    eks.update_cluster_config(name="prod", logging={"clusterLogging": [off]})


def shown_cluster():
    setups = client("eks").describe_cluster(name="prod")["cluster"].get("logging", {}).get("clusterLogging", [])
    return {"prod": {"logging": sorted(kind for setup in setups if setup["enabled"] for kind in setup["types"])}}, 0


def log_group(first):
    logs = client("logs")
    if first:
        logs.create_log_group(logGroupName="/app/api")
    logs.put_retention_policy(logGroupName="/app/api", retentionInDays=7)


def shown_log_group():
    group = client("logs").describe_log_groups(logGroupNamePrefix="/app/api")["logGroups"][0]
    return {"/app/api": {"retention": group["retentionInDays"]}}, 0


def vpc(first):
    ec2 = client("ec2")
    if first:
        made = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
        client("s3").create_bucket(Bucket="flow-logs", CreateBucketConfiguration={"LocationConstraint": REGION})
        ec2.create_tags(Resources=[made], Tags=[{"Key": "scenario", "Value": "faults"}])
    logs = [log["FlowLogId"] for log in every("ec2", "describe_flow_logs", "FlowLogs")]
    if logs:
        ec2.delete_flow_logs(FlowLogIds=logs)


def shown_vpc():
    tagged = [{"Name": "tag:scenario", "Values": ["faults"]}]
    id = client("ec2").describe_vpcs(Filters=tagged)["Vpcs"][0]["VpcId"]
    logs = [log for log in every("ec2", "describe_flow_logs", "FlowLogs") if log["ResourceId"] == id]
    return {id: {"flow_logs": bool(logs), "flow_log_destination": bool(logs)}}, len(logs)


def template(first):
    ec2 = client("ec2")
    if first:
        data = {"ImageId": "ami-12345678", "MetadataOptions": {"HttpTokens": "optional"}}
        ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data)
    ec2.modify_launch_template(LaunchTemplateName="web", DefaultVersion="1")
    made = ec2.describe_launch_template_versions(LaunchTemplateName="web")["LaunchTemplateVersions"]
    others = [str(version["VersionNumber"]) for version in made if version["VersionNumber"] != 1]
    if others:
        ec2.delete_launch_template_versions(LaunchTemplateName="web", Versions=others)


def shown_template():
    versions = client("ec2").describe_launch_template_versions(LaunchTemplateName="web")["LaunchTemplateVersions"]
    # fakecloud forgets the description by which a version that was left is known again: what was made is not counted.
    tokens = [version["LaunchTemplateData"]["MetadataOptions"]["HttpTokens"] for version in versions if version["DefaultVersion"]]
    return {versions[0]["LaunchTemplateId"]: {"metadata_tokens": tokens}}, 0


def repository(first):
    ecr = client("ecr")
    selection = {"tagStatus": "any", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 30}
    rule = {"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}
    if first:
        ecr.create_repository(repositoryName="shop")
    ecr.put_lifecycle_policy(repositoryName="shop", lifecyclePolicyText=json.dumps({"rules": [rule]}))
    ecr.put_image_tag_mutability(repositoryName="shop", imageTagMutability="MUTABLE")


def shown_repository():
    ecr = client("ecr")
    rules = json.loads(ecr.get_lifecycle_policy(repositoryName="shop")["lifecyclePolicyText"])["rules"]
    mutability = ecr.describe_repositories(repositoryNames=["shop"])["repositories"][0]["imageTagMutability"]
    return {"shop": {"image_retention": [rule["selection"]["countNumber"] for rule in rules], "tag_immutability": mutability}}, 0


def make(*sorts, first=True):
    for sort in sorts:
        globals()[sort](first)
    return read(*sorts)


def reset(*sorts):
    return make(*sorts, first=False)


def read(*sorts):
    shown = {sort: globals()[f"shown_{sort}"]() for sort in sorts}
    settings = {id: values for objects, _ in shown.values() for id, values in objects.items()}
    return {"settings": settings, "products": {sort: made for sort, (_, made) in shown.items()}}


command(make, read, reset=reset)
