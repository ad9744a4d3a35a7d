"""Database instances: `exposed` is public, keeps one day and can be deleted; `strict` is none of that."""

from world import client, command, every


def seed():
    rds = client("rds")
    for name in "exposed", "strict":
        strict = name == "strict"
        rds.create_db_instance(
            DBInstanceIdentifier=name,
            Engine="postgres",
            DBInstanceClass="db.t3.micro",
            AllocatedStorage=20,
            MasterUsername="owner",
            MasterUserPassword="not-a-secret",
            BackupRetentionPeriod=35 if strict else 1,
            DeletionProtection=strict,
            PubliclyAccessible=not strict,
        )
    return {}


def read():
    instances = every("rds", "describe_db_instances", "DBInstances")
    return {instance["DBInstanceIdentifier"]: shown(instance) for instance in instances}


def shown(instance):
    return {field: instance.get(field) for field in ("PubliclyAccessible", "BackupRetentionPeriod", "DeletionProtection")}


command(seed, read)
