"""An organisation with a unit `prod` of two accounts and one account outside it; a log group in each of the three."""

import boto3

from world import REGION, client, command


def seed():
    organizations = client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    unit = organizations.create_organizational_unit(ParentId=root, Name="prod")["OrganizationalUnit"]["Id"]
    made = {}
    for name, days in {"one": 7, "two": 400, "outside": 7}.items():
        account = organizations.create_account(AccountName=name, Email=f"{name}@example.com")["CreateAccountStatus"]["AccountId"]
        if name != "outside":
            organizations.move_account(AccountId=account, SourceParentId=root, DestinationParentId=unit)
        logs = within(account).client("logs", region_name=REGION)
        logs.create_log_group(logGroupName="/app/api")
        logs.put_retention_policy(logGroupName="/app/api", retentionInDays=days)
        made[name] = account
    return made


def within(account):
    answer = client("sts").assume_role(RoleArn=f"arn:aws:iam::{account}:role/Seeds", RoleSessionName="seeds")
    keys = answer["Credentials"]
    return boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])


def read():
    made = {account["Name"]: account["Id"] for account in client("organizations").list_accounts()["Accounts"]}
    names = [name for name in ("one", "two", "outside") if name in made]
    shown = {}
    for name in names:
        groups = within(made[name]).client("logs", region_name=REGION).describe_log_groups()["logGroups"]
        shown[name] = {group["logGroupName"]: group.get("retentionInDays") for group in groups}
    return shown


command(seed, read)
