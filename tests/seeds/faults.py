"""One object of each sort, for applies in which every call fails in every way: `seed SORT...`, `read SORT...`, and `reset SORT...`,
which brings back what was seeded.

`read` prints each object's settings under the names that profiles use, its sort, and in `products` how many things were made for
it.
"""

import ipaddress
import json

from world import REGION, client, command, every, network, role

BUCKETS = ["audit-logs", "kept-forever"]
RULES = [{"ID": "logs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 30}}]


def attempt(call, field, **arguments):
    """What is configured, or null."""
    import botocore.exceptions

    try:
        return call(**arguments)[field]
    except botocore.exceptions.ClientError:
        return None


def account(first):
    ec2 = client("ec2")
    ec2.disable_ebs_encryption_by_default()
    ec2.modify_instance_metadata_defaults(HttpTokens="optional")


def shown_account():
    ec2 = client("ec2")
    settings = {
        "ebs_encryption_by_default": ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"],
        "metadata_tokens": ec2.get_instance_metadata_defaults()["AccountLevel"].get("HttpTokens"),
    }
    return {client("sts").get_caller_identity()["Account"]: settings}, 0


def bucket(first):
    s3 = client("s3")
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    for name in BUCKETS:
        if first:
            s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
        s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": RULES})
        s3.delete_public_access_block(Bucket=name)


def shown_bucket():
    s3 = client("s3")
    shown = {}
    for name in BUCKETS:
        rules = attempt(s3.get_bucket_lifecycle_configuration, "Rules", Bucket=name) or []
        block = attempt(s3.get_public_access_block, "PublicAccessBlockConfiguration", Bucket=name) or {}
        encryption = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"][0]
        shown[name] = {
            "retention": sorted(rule.get("Expiration", {}).get("Days", 0) for rule in rules),
            "encryption": encryption["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"],
            "public_access_block": sorted(name for name, on in block.items() if on),
        }
    return shown, 0


def cluster(first):
    eks = client("eks")
    if first:
        _, subnets = network()
        config = {"subnetIds": subnets, "endpointPrivateAccess": False, "endpointPublicAccess": True}
        eks.create_cluster(name="prod", roleArn=role("eks"), resourcesVpcConfig=config)
    off = {"types": ["api", "audit", "authenticator", "controllerManager", "scheduler"], "enabled": False}
    eks.update_cluster_config(name="prod", logging={"clusterLogging": [off]})
    eks.update_cluster_config(name="prod", resourcesVpcConfig={"endpointPrivateAccess": False, "endpointPublicAccess": True})


def shown_cluster():
    cluster = client("eks").describe_cluster(name="prod")["cluster"]
    setups = cluster.get("logging", {}).get("clusterLogging", [])
    settings = {
        "logging": sorted(kind for setup in setups if setup["enabled"] for kind in setup["types"]),
        "endpoint_private_access": cluster["resourcesVpcConfig"]["endpointPrivateAccess"],
    }
    return {"prod": settings}, 0


def database(first):
    rds = client("rds")
    if first:
        rds.create_db_instance(
            DBInstanceIdentifier="orders",
            Engine="postgres",
            DBInstanceClass="db.t3.micro",
            AllocatedStorage=20,
            MasterUsername="owner",
            MasterUserPassword="not-a-secret",
        )
    rds.modify_db_instance(
        DBInstanceIdentifier="orders", BackupRetentionPeriod=1, DeletionProtection=False, ApplyImmediately=True
    )


def shown_database():
    instance = client("rds").describe_db_instances(DBInstanceIdentifier="orders")["DBInstances"][0]
    settings = {"backup_retention": instance["BackupRetentionPeriod"], "deletion_protection": instance["DeletionProtection"]}
    return {"orders": settings}, 0


def instance(first):
    ec2 = client("ec2")
    if first:
        images = ec2.describe_images()["Images"]
        image = images[0]["ImageId"] if images else "ami-12345678"
        ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)
    for id in shown_instance()[0]:
        ec2.modify_instance_metadata_options(InstanceId=id, HttpTokens="optional")


def shown_instance():
    reservations = every("ec2", "describe_instances", "Reservations")
    instances = [instance for reservation in reservations for instance in reservation["Instances"]]
    return {instance["InstanceId"]: {"metadata_tokens": instance["MetadataOptions"]["HttpTokens"]} for instance in instances}, 0


GROUPS = ["/app/api", "/app/keyed", "/app/forever"]


def log_group(first):
    logs = client("logs")
    for name in GROUPS:
        if first:
            logs.create_log_group(logGroupName=name)
        logs.put_retention_policy(logGroupName=name, retentionInDays=7)
    logs.disassociate_kms_key(logGroupName="/app/keyed")


def shown_log_group():
    groups = client("logs").describe_log_groups(logGroupNamePrefix="/app/")["logGroups"]
    return {group["logGroupName"]: {"retention": group.get("retentionInDays"), "kms_key": group.get("kmsKeyId")} for group in groups}, 0


def permission(*cidrs):
    return {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": cidr} for cidr in cidrs]}


def security_group(first):
    ec2 = client("ec2")
    if first:
        vpc, _ = network()
        ec2.create_security_group(GroupName="databases", Description="databases", VpcId=vpc)
    group = databases()
    for cidr in cidrs(group):
        ec2.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[permission(cidr)])
    ec2.authorize_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[permission("0.0.0.0/0")])


def databases():
    named = [{"Name": "group-name", "Values": ["databases"]}]
    return client("ec2").describe_security_groups(Filters=named)["SecurityGroups"][0]


def cidrs(group):
    return [entry["CidrIp"] for rule in group["IpPermissions"] for entry in rule.get("IpRanges", [])]


def shown_security_group():
    """Who gets in, whichever rules say so."""
    group = databases()
    inside = ipaddress.collapse_addresses(ipaddress.ip_network(cidr) for cidr in cidrs(group))
    return {group["GroupId"]: {"ingress_from": [str(network) for network in inside]}}, 0


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
    tokens = [version["LaunchTemplateData"]["MetadataOptions"]["HttpTokens"] for version in versions if version["DefaultVersion"]]
    return {versions[0]["LaunchTemplateId"]: {"metadata_tokens": tokens}}, len(versions) - 1


REPOSITORIES = ["shop", "forever"]


def repository(first):
    ecr = client("ecr")
    selection = {"tagStatus": "any", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 30}
    rule = {"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}
    for name in REPOSITORIES:
        if first:
            ecr.create_repository(repositoryName=name)
        ecr.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=json.dumps({"rules": [rule]}))
        ecr.put_image_tag_mutability(repositoryName=name, imageTagMutability="MUTABLE")
        ecr.put_image_scanning_configuration(repositoryName=name, imageScanningConfiguration={"scanOnPush": False})


def shown_repository():
    ecr = client("ecr")
    shown = {}
    for repository in ecr.describe_repositories(repositoryNames=REPOSITORIES)["repositories"]:
        policy = attempt(ecr.get_lifecycle_policy, "lifecyclePolicyText", repositoryName=repository["repositoryName"])
        rules = json.loads(policy)["rules"] if policy else []
        shown[repository["repositoryName"]] = {
            "image_retention": [rule["selection"]["countNumber"] for rule in rules],
            "scan_on_push": repository["imageScanningConfiguration"]["scanOnPush"],
            "tag_immutability": repository["imageTagMutability"],
        }
    return shown, 0


def make(*sorts, first=True):
    if first:
        role("Change")
    for sort in sorts:
        globals()[sort](first)
    return read(*sorts)


def reset(*sorts):
    return make(*sorts, first=False)


def read(*sorts):
    shown = {sort: globals()[f"shown_{sort}"]() for sort in sorts}
    settings = {id: values for objects, _ in shown.values() for id, values in objects.items()}
    sorts = {id: sort for sort, (objects, _) in shown.items() for id in objects}
    return {"settings": settings, "sorts": sorts, "products": {sort: made for sort, (_, made) in shown.items()}}


command(make, read, reset=reset)
