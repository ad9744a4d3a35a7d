"""Security groups: a database port open to everybody beside an office rule, and one that is narrow already."""

from world import client, command, every, network

OFFICE = "203.0.113.0/24"


def permission(port, *cidrs):
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": cidr} for cidr in cidrs]}


def seed():
    ec2 = client("ec2")
    vpc, _ = network()
    groups = {
        "open": [permission(5432, "0.0.0.0/0", OFFICE), permission(443, "0.0.0.0/0")],
        "narrow": [permission(5432, OFFICE)],
    }
    made = {}
    for name, permissions in groups.items():
        made[name] = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
        ec2.authorize_security_group_ingress(GroupId=made[name], IpPermissions=permissions)
    return made


def read():
    shown = {}
    for group in every("ec2", "describe_security_groups", "SecurityGroups"):
        rules = [[rule.get("FromPort"), entry["CidrIp"]] for rule in group["IpPermissions"] for entry in rule.get("IpRanges", [])]
        shown[group["GroupId"]] = sorted(rules)
    return shown


command(seed, read)
