"""What the seeds share: clients of the back end that `AWS_ENDPOINT_URL` names, and the two commands of every seed.

`python SEED.py seed [ARGUMENTS]` makes objects and prints what a scenario has to know of them; `python SEED.py read`
prints the settings of all of them as the back end's own API returns them. Neither knows anything of Ordain.
"""

import json
import sys

import boto3
import botocore.config

REGION = "eu-west-3"


def client(service, region=REGION):
    config = botocore.config.Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
    return boto3.client(service, region_name=region, config=config)


def every(service, operation, field, **arguments):
    """Every item of a list, page by page."""
    pages = client(service).get_paginator(operation).paginate(**arguments)
    return [item for page in pages for item in page[field]]


def tags(pairs):
    return [{"Key": key, "Value": value} for key, value in pairs.items()]


def network(cidr="10.0.0.0/16"):
    """A VPC with two subnets."""
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"]
    start = cidr.split(".")[:2]
    blocks = [".".join([*start, str(number), "0/24"]) for number in range(2)]
    return vpc, [ec2.create_subnet(VpcId=vpc, CidrBlock=block)["Subnet"]["SubnetId"] for block in blocks]


def role(name):
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}]}
    return client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]


def command(seed, read, **others):
    chosen = {"seed": seed, "read": read, **others}[sys.argv[1]]
    json.dump(chosen(*sys.argv[2:]), sys.stdout)
