"""CloudWatch log groups."""

from probe import client, expect, probe, refused


@probe("logs:DescribeLogGroups")
def _():
    logs = client("logs")
    for number in range(60):
        logs.create_log_group(logGroupName=f"/probe/many/{number:02}")
    first = logs.describe_log_groups(logGroupNamePrefix="/probe/many/")
    expect(len(first["logGroups"]) == 50 and "nextToken" in first, "a page is not 50 groups")
    rest = logs.describe_log_groups(logGroupNamePrefix="/probe/many/", nextToken=first["nextToken"])
    expect(len(rest["logGroups"]) == 10 and "nextToken" not in rest, "the second page is not the rest")
    expect("retentionInDays" not in first["logGroups"][0], "a new group has a retention")


def retention(name):
    groups = client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return groups[0].get("retentionInDays")


@probe("logs:PutRetentionPolicy")
def _():
    logs = client("logs")
    logs.create_log_group(logGroupName="/probe/retention")
    logs.put_retention_policy(logGroupName="/probe/retention", retentionInDays=400)
    expect(retention("/probe/retention") == 400, "not read back")
    illegal = refused("InvalidParameterException", logs.put_retention_policy, logGroupName="/probe/retention", retentionInDays=366)
    expect(illegal, "accepts 366 days")


@probe("logs:DeleteRetentionPolicy")
def _():
    logs = client("logs")
    logs.create_log_group(logGroupName="/probe/unlimited")
    logs.put_retention_policy(logGroupName="/probe/unlimited", retentionInDays=7)
    logs.delete_retention_policy(logGroupName="/probe/unlimited")
    expect(retention("/probe/unlimited") is None, "not read back")


@probe("logs:DescribeAccountPolicies")
def _():
    answer = client("logs").describe_account_policies(policyType="DATA_PROTECTION_POLICY")
    expect(answer["accountPolicies"] == [], "a fresh account has a policy")


@probe("logs:AssociateKmsKey")
def _():
    logs = client("logs")
    key = client("kms").create_key()["KeyMetadata"]["Arn"]
    logs.create_log_group(logGroupName="/probe/key")
    logs.associate_kms_key(logGroupName="/probe/key", kmsKeyId=key)
    group = logs.describe_log_groups(logGroupNamePrefix="/probe/key")["logGroups"][0]
    expect(group.get("kmsKeyId") == key, "not read back")


@probe("logs:DisassociateKmsKey")
def _():
    logs = client("logs")
    key = client("kms").create_key()["KeyMetadata"]["Arn"]
    logs.create_log_group(logGroupName="/probe/keyless", kmsKeyId=key)
    logs.disassociate_kms_key(logGroupName="/probe/keyless")
    group = logs.describe_log_groups(logGroupNamePrefix="/probe/keyless")["logGroups"][0]
    expect("kmsKeyId" not in group, "not read back")


@probe("logs:ListTagsForResource")
def _():
    logs = client("logs")
    logs.create_log_group(logGroupName="/probe/tags", tags={"team": "b"})
    group = logs.describe_log_groups(logGroupNamePrefix="/probe/tags")["logGroups"][0]
    arn = group["arn"].removesuffix(":*")
    expect(logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "b"}, "not the tags")
