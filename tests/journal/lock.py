"""The bucket `locked`: makes it with object lock and a default retention, lists its versions, tries to remove objects."""

import json
import sys

import boto3
from botocore.exceptions import ClientError

s3 = boto3.client("s3", region_name="us-east-1")
match sys.argv[1:]:
    case ["make"]:
        s3.create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True)
        rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 30}}
        s3.put_object_lock_configuration(
            Bucket="locked", ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
        )
        print("{}")
    case ["versions"]:
        pages = s3.get_paginator("list_object_versions").paginate(Bucket="locked")
        versions = [version for page in pages for version in page.get("Versions", [])]
        heads = [s3.head_object(Bucket="locked", Key=v["Key"], VersionId=v["VersionId"]) for v in versions]
        print(json.dumps([[v["Key"], head.get("ObjectLockMode")] for v, head in zip(versions, heads)]))
    case ["delete", key]:
        print(json.dumps(s3.delete_object(Bucket="locked", Key=key).get("DeleteMarker")))
    case ["delete-versions", key]:
        said = []
        for version in s3.list_object_versions(Bucket="locked", Prefix=key)["Versions"]:
            try:
                s3.delete_object(Bucket="locked", Key=key, VersionId=version["VersionId"])
                said.append("deleted")
            except ClientError as error:
                said.append(error.response["Error"]["Code"])
        print(json.dumps(said))
    case ["undelete", key]:
        for marker in s3.list_object_versions(Bucket="locked", Prefix=key)["DeleteMarkers"]:
            s3.delete_object(Bucket="locked", Key=key, VersionId=marker["VersionId"])
        print("{}")
