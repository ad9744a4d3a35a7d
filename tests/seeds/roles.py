"""A role for reading and one for applying in another account of fakecloud, both behind an external id, and a log group
there. `AssumeRole` checks the trust policy."""

import json
import os
import urllib.request

import boto3

from world import REGION, command

ACCOUNT = "222222222222"


def admin():
    body = json.dumps({"accountId": ACCOUNT, "userName": "admin"}).encode()
    url = os.environ["AWS_ENDPOINT_URL"] + "/_fakecloud/iam/create-admin"
    answer = urllib.request.urlopen(urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"}))
    keys = json.load(answer)
    return boto3.Session(keys["accessKeyId"], keys["secretAccessKey"], region_name=REGION)


def seed():
    session = admin()
    condition = {"StringEquals": {"sts:ExternalId": "a-shared-word"}}
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}, "Condition": condition}
    for name in "OrdainRead", "OrdainApply":
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        session.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)
    session.client("logs").create_log_group(logGroupName="/app/api")
    session.client("logs").put_retention_policy(logGroupName="/app/api", retentionInDays=7)
    return {}


def read():
    return {}


command(seed, read)
