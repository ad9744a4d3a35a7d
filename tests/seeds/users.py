"""Users of a back end that enforces IAM: `users.py POLICY...` makes one user per policy document, prints their keys, and
then switches moto's enforcement of policies and signatures on."""

import json
import os
import sys
import urllib.request

from world import client

iam = client("iam")
keys = []
for number, policy in enumerate(sys.argv[1:]):
    name = f"user-{number}"
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="only", PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    keys.append([key["AccessKeyId"], key["SecretAccessKey"]])
enforce = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"] + "/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"})
urllib.request.urlopen(enforce)
json.dump(keys, sys.stdout)
