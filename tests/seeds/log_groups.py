"""Log groups: kept too short, long enough, without limit, and one that no scenario selects."""

from world import client, command, every

RETENTION = {"/app/api": 7, "/app/unlimited": None, "/app/web": 400, "/aws/eks/prod/cluster": 30, "/other": 7}


def seed():
    for name, days in RETENTION.items():
        client("logs").create_log_group(logGroupName=name, tags={"team": name.split("/")[-1]})
        if days:
            client("logs").put_retention_policy(logGroupName=name, retentionInDays=days)
    return RETENTION


def read():
    groups = every("logs", "describe_log_groups", "logGroups")
    return {group["logGroupName"]: group.get("retentionInDays") for group in groups}


command(seed, read)
