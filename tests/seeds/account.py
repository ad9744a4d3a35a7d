"""The defaults of an account in its region."""

from world import client, command


def seed():
    return read()


def read():
    ec2 = client("ec2")
    return {
        "ebs": ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"],
        "tokens": ec2.get_instance_metadata_defaults()["AccountLevel"].get("HttpTokens"),
    }


command(seed, read)
