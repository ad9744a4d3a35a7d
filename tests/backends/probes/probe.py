"""What the probes share: a probe per operation, its clients, and how an answer is judged.

A probe returns when the back end did what AWS documents, and raises `Wrong` with what it did instead. An operation that
the back end does not have is told by how it refuses.
"""

import json

import boto3
import botocore.config
import botocore.exceptions

REGION = "eu-west-3"
PROBES = {}


class Wrong(Exception):
    """The back end answered, but not what AWS documents."""


def expect(condition, otherwise):
    if not condition:
        raise Wrong(otherwise)


def probe(operation):
    def keep(function):
        PROBES[operation] = function
        return function

    return keep


def client(service):
    config = botocore.config.Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
    return boto3.client(service, region_name=REGION, config=config)


def refused(code, call, **arguments):
    """True when the call is refused with this error code."""
    try:
        call(**arguments)
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"] == code
    return False


def role(name, condition=None):
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}
    trust = {"Version": "2012-10-17", "Statement": [statement | ({"Condition": condition} if condition else {})]}
    return client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]


def network():
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24")["Subnet"]["SubnetId"] for number in range(2)]
    return vpc, subnets


def absent(error):
    """How the back ends say that they do not have an operation: a web page, a 501, or a code of their own."""
    if isinstance(error, botocore.parsers.ResponseParserError):
        return True
    if not isinstance(error, botocore.exceptions.ClientError):
        return False
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    code, message = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", "")
    unknown = code in ("404", "500", "501", "NotImplemented", "InvalidAction", "UnknownOperationException")
    return status == 501 or unknown or "Stage not found" in message or "not implemented" in message.lower()


def answer(function):
    try:
        function()
        return {"answer": "right", "note": ""}
    except Wrong as wrong:
        return {"answer": "wrong", "note": str(wrong)}
    except (botocore.exceptions.ClientError, botocore.parsers.ResponseParserError) as error:
        if absent(error):
            return {"answer": "absent", "note": ""}
        code = error.response["Error"]["Code"] if isinstance(error, botocore.exceptions.ClientError) else "unreadable"
        return {"answer": "wrong", "note": f"refuses with {code}"}
    except (KeyError, IndexError) as error:
        return {"answer": "wrong", "note": f"answers without {error}"}
