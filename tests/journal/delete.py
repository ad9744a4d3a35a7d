"""Removes an object of the bucket `kept`."""

import sys

import boto3

boto3.client("s3").delete_object(Bucket="kept", Key=sys.argv[1])
print("{}")
