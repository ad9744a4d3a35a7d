"""Buckets: one that deletes logs too early beside rules of somebody else, and one with nothing configured. `seed aes256` writes
down the default encryption that AWS gives every bucket."""

from world import REGION, client, command

RULES = [
    {"ID": "logs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 30}},
    {"ID": "tmp", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 1}},
    {"ID": "uploads", "Status": "Enabled", "Filter": {"Prefix": ""}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}},
]


def seed(*encryption):
    s3 = client("s3")
    for name in "audit-logs", "plain":
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        for _ in encryption:
            rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
            s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.put_bucket_lifecycle_configuration(Bucket="audit-logs", LifecycleConfiguration={"Rules": RULES})
    return {}


def attempt(call, field, **arguments):
    """What a bucket has configured, or null."""
    import botocore.exceptions

    try:
        return call(**arguments)[field]
    except botocore.exceptions.ClientError:
        return None


def read():
    s3 = client("s3")
    return {bucket["Name"]: shown(s3, bucket["Name"]) for bucket in s3.list_buckets()["Buckets"]}


def shown(s3, name):
    rules = attempt(s3.get_bucket_lifecycle_configuration, "Rules", Bucket=name) or []
    encryption = attempt(s3.get_bucket_encryption, "ServerSideEncryptionConfiguration", Bucket=name)
    default = encryption and encryption["Rules"][0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]
    block = attempt(s3.get_public_access_block, "PublicAccessBlockConfiguration", Bucket=name) or {}
    return {
        "rules": {rule["ID"]: [rule["Status"], rule.get("Expiration", {}).get("Days")] for rule in rules},
        "encryption": default,
        "blocked": sorted(name for name, on in block.items() if on),
    }


command(seed, read)
