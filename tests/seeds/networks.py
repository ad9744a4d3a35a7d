"""VPCs without a flow log, with one that shows rejected traffic only, and with one that shows everything."""

from world import REGION, client, command, every, tags

BUCKET = "flow-logs"


def seed():
    ec2, s3 = client("ec2"), client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    made = {}
    for number, (name, traffic) in enumerate({"none": None, "reject": "REJECT", "all": "ALL"}.items()):
        vpc = ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"]
        ec2.create_tags(Resources=[vpc], Tags=tags({"scenario": name}))
        made[name] = vpc
        if traffic:
            flow_log(ec2, vpc, traffic)
    return made


def flow_log(ec2, vpc, traffic):
    to_bucket = {"LogDestinationType": "s3", "LogDestination": f"arn:aws:s3:::{BUCKET}"}
    ec2.create_flow_logs(ResourceIds=[vpc], ResourceType="VPC", TrafficType=traffic, **to_bucket)


def read():
    flow_logs = {}
    for log in every("ec2", "describe_flow_logs", "FlowLogs"):
        flow_logs.setdefault(log["ResourceId"], []).append([log["TrafficType"], log["LogDestination"]])
    vpcs = every("ec2", "describe_vpcs", "Vpcs")
    return {vpc["VpcId"]: sorted(flow_logs.get(vpc["VpcId"], [])) for vpc in vpcs if not vpc.get("IsDefault")}


command(seed, read)
