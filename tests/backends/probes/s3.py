"""Buckets."""

import os
import urllib.request
import xml.etree.ElementTree

import botocore.exceptions

from probe import REGION, Wrong, client, expect, probe, refused


def bucket(name):
    client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return client("s3")


@probe("s3:ListBuckets")
def _():
    s3 = bucket("probe-list")
    expect("probe-list" in [entry["Name"] for entry in s3.list_buckets()["Buckets"]], "not listed")
    page = s3.list_buckets(MaxBuckets=1)
    expect(len(page["Buckets"]) == 1, "MaxBuckets is ignored")
    expect(page["Buckets"][0].get("BucketRegion"), "no region beside the name")


@probe("s3:GetBucketLocation")
def _():
    expect(bucket("probe-location").get_bucket_location(Bucket="probe-location")["LocationConstraint"] == REGION, "not the region")


RULES = {
    "Rules": [
        {"ID": "logs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 400}},
        {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "NoncurrentVersionExpiration": {"NoncurrentDays": 30}},
    ]
}


@probe("s3:GetBucketLifecycleConfiguration")
def _():
    s3 = bucket("probe-no-lifecycle")
    absent = refused("NoSuchLifecycleConfiguration", s3.get_bucket_lifecycle_configuration, Bucket="probe-no-lifecycle")
    expect(absent, "no rules are not NoSuchLifecycleConfiguration")


@probe("s3:PutBucketLifecycleConfiguration")
def _():
    s3 = bucket("probe-lifecycle")
    s3.put_bucket_lifecycle_configuration(Bucket="probe-lifecycle", LifecycleConfiguration=RULES)
    rules = s3.get_bucket_lifecycle_configuration(Bucket="probe-lifecycle")["Rules"]
    expect(sorted(rule["ID"] for rule in rules) == ["logs", "old"], "rules are lost")
    days = [rule["Expiration"]["Days"] for rule in rules if rule["ID"] == "logs"]
    expect(days == [400], "days are not read back")


def root(name, subresource):
    """The name of the answer's outermost element, which the official Python client does not look at and others do."""
    scope = f"AWS4-HMAC-SHA256 Credential=test/20260101/{REGION}/s3/aws4_request, SignedHeaders=host, Signature=0"
    url = f"{os.environ['AWS_ENDPOINT_URL']}/{name}?{subresource}"
    answer = urllib.request.urlopen(urllib.request.Request(url, headers={"Authorization": scope}))
    return xml.etree.ElementTree.parse(answer).getroot().tag.rpartition("}")[2]


@probe("s3:GetBucketVersioning")
def _():
    s3 = bucket("probe-versioning")
    expect(root("probe-versioning", "versioning") == "VersioningConfiguration", "the answer is no VersioningConfiguration")
    expect("Status" not in s3.get_bucket_versioning(Bucket="probe-versioning"), "on in a new bucket")
    s3.put_bucket_versioning(Bucket="probe-versioning", VersioningConfiguration={"Status": "Enabled"})
    expect(s3.get_bucket_versioning(Bucket="probe-versioning")["Status"] == "Enabled", "not read back")


def algorithm(s3, name):
    rules = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    return rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]


@probe("s3:GetBucketEncryption")
def _():
    s3 = bucket("probe-encryption")
    try:
        expect(algorithm(s3, "probe-encryption") == "AES256", "a new bucket is not AES256")
    except botocore.exceptions.ClientError:
        raise Wrong("a new bucket has no default encryption") from None


@probe("s3:PutBucketEncryption")
def _():
    s3 = bucket("probe-kms")
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    s3.put_bucket_encryption(Bucket="probe-kms", ServerSideEncryptionConfiguration={"Rules": [rule]})
    expect(algorithm(s3, "probe-kms") == "aws:kms", "not read back")


ALL = {name: True for name in ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")}


@probe("s3:GetPublicAccessBlock")
def _():
    s3 = bucket("probe-no-block")
    absent = refused("NoSuchPublicAccessBlockConfiguration", s3.get_public_access_block, Bucket="probe-no-block")
    expect(absent, "no block is not NoSuchPublicAccessBlockConfiguration")


@probe("s3:PutPublicAccessBlock")
def _():
    s3 = bucket("probe-block")
    s3.put_public_access_block(Bucket="probe-block", PublicAccessBlockConfiguration=ALL)
    expect(s3.get_public_access_block(Bucket="probe-block")["PublicAccessBlockConfiguration"] == ALL, "not read back")


@probe("s3:GetBucketTagging")
def _():
    s3 = bucket("probe-tags")
    expect(refused("NoSuchTagSet", s3.get_bucket_tagging, Bucket="probe-tags"), "no tags are not NoSuchTagSet")
    s3.put_bucket_tagging(Bucket="probe-tags", Tagging={"TagSet": [{"Key": "team", "Value": "a"}]})
    expect(s3.get_bucket_tagging(Bucket="probe-tags")["TagSet"] == [{"Key": "team", "Value": "a"}], "not read back")


@probe("s3:DeleteBucketEncryption")
def _():
    s3 = bucket("probe-plain")
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    s3.put_bucket_encryption(Bucket="probe-plain", ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.delete_bucket_encryption(Bucket="probe-plain")
    try:
        expect(algorithm(s3, "probe-plain") == "AES256", "the bucket is not AES256 again")
    except botocore.exceptions.ClientError:
        raise Wrong("no default encryption comes back") from None


@probe("s3:DeleteBucketLifecycle")
def _():
    s3 = bucket("probe-unruled")
    s3.put_bucket_lifecycle_configuration(Bucket="probe-unruled", LifecycleConfiguration=RULES)
    s3.delete_bucket_lifecycle(Bucket="probe-unruled")
    gone = refused("NoSuchLifecycleConfiguration", s3.get_bucket_lifecycle_configuration, Bucket="probe-unruled")
    expect(gone, "rules are left")
