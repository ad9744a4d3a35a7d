"""Who calls, which accounts there are, and what is tagged."""

import boto3

from probe import REGION, client, expect, probe, refused, role


@probe("sts:GetCallerIdentity")
def _():
    answer = client("sts").get_caller_identity()
    expect(answer["Account"].isdigit() and answer["Arn"].startswith("arn:aws:"), "no account and ARN")


@probe("sts:AssumeRole")
def _():
    keys = client("sts").assume_role(RoleArn=role("probe"), RoleSessionName="probe")["Credentials"]
    session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name=REGION)
    arn = session.client("sts").get_caller_identity()["Arn"]
    expect(":assumed-role/probe/probe" in arn, "the session's identity is not the assumed role")
    guarded = role("guarded", {"StringEquals": {"sts:ExternalId": "a-word"}})
    expect(refused("AccessDenied", client("sts").assume_role, RoleArn=guarded, RoleSessionName="probe"), "trust policies are not asked")


@probe("organizations:ListAccountsForParent")
def _():
    organizations = client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    unit = organizations.create_organizational_unit(ParentId=root, Name="prod")["OrganizationalUnit"]["Id"]
    made = organizations.create_account(AccountName="one", Email="one@example.com")["CreateAccountStatus"]["AccountId"]
    organizations.move_account(AccountId=made, SourceParentId=root, DestinationParentId=unit)
    listed = [account["Id"] for account in organizations.list_accounts_for_parent(ParentId=unit)["Accounts"]]
    expect(listed == [made], "a moved account is not listed below its unit")


@probe("organizations:ListAccounts")
def _():
    organizations = client("organizations")
    for name in "two", "three":
        organizations.create_account(AccountName=name, Email=f"{name}@example.com")
    page = organizations.list_accounts(MaxResults=2)
    expect(len(page["Accounts"]) == 2 and "NextToken" in page, "MaxResults is ignored")


@probe("organizations:ListRoots")
def _():
    expect(len(client("organizations").list_roots()["Roots"]) == 1, "not one root")


@probe("organizations:ListOrganizationalUnitsForParent")
def _():
    organizations = client("organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    names = [unit["Name"] for unit in organizations.list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"]]
    expect(names == ["prod"], "a unit is not listed")


@probe("tag:GetResources")
def _():
    client("logs").create_log_group(logGroupName="/probe/tagged", tags={"team": "a"})
    found = client("resourcegroupstaggingapi").get_resources(ResourceTypeFilters=["logs:log-group"])["ResourceTagMappingList"]
    arns = [resource["ResourceARN"] for resource in found if {"Key": "team", "Value": "a"} in resource["Tags"]]
    expect(any("/probe/tagged" in arn for arn in arns), "a tagged log group is not found")
