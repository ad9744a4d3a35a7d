"""Database instances."""

from probe import client, expect, probe


def database(name):
    arguments = {"Engine": "postgres", "DBInstanceClass": "db.t3.micro", "AllocatedStorage": 20}
    client("rds").create_db_instance(DBInstanceIdentifier=name, MasterUsername="owner", MasterUserPassword="not-a-secret", BackupRetentionPeriod=1, **arguments)
    return client("rds")


@probe("rds:DescribeDBInstances")
def _():
    rds = database("describe")
    found = rds.describe_db_instances(DBInstanceIdentifier="describe")["DBInstances"][0]
    fields = ("PubliclyAccessible", "BackupRetentionPeriod", "DeletionProtection", "DBInstanceArn")
    missing = [field for field in fields if field not in found]
    expect(not missing, "no " + ", ".join(missing))


@probe("rds:ModifyDBInstance")
def _():
    rds = database("modify")
    rds.modify_db_instance(DBInstanceIdentifier="modify", BackupRetentionPeriod=35, DeletionProtection=True, PubliclyAccessible=False, ApplyImmediately=True)
    found = rds.describe_db_instances(DBInstanceIdentifier="modify")["DBInstances"][0]
    expect((found["BackupRetentionPeriod"], found["DeletionProtection"], found["PubliclyAccessible"]) == (35, True, False), "not read back")
    rds.modify_db_instance(DBInstanceIdentifier="modify", MultiAZ=True, ApplyImmediately=False)
    found = rds.describe_db_instances(DBInstanceIdentifier="modify")["DBInstances"][0]
    expect(found.get("PendingModifiedValues", {}).get("MultiAZ") is True, "a deferred change is not pending")


@probe("rds:DescribeDBClusters")
def _():
    rds = client("rds")
    rds.create_db_cluster(DBClusterIdentifier="describe", Engine="aurora-postgresql", MasterUsername="owner", MasterUserPassword="not-a-secret", BackupRetentionPeriod=5, DeletionProtection=True)
    found = next(cluster for cluster in rds.describe_db_clusters()["DBClusters"] if cluster["DBClusterIdentifier"] == "describe")
    expect((found["BackupRetentionPeriod"], found["DeletionProtection"]) == (5, True), "not read back")
