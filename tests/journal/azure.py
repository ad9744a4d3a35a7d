"""Sends a signed request to Azurite, and prints the names of blobs that its answer has: METHOD PATH-AND-QUERY."""

import base64
import datetime
import hashlib
import hmac
import json
import os
import re
import sys
import urllib.parse
import urllib.request

# Azurite's own account, as its documentation has it.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

method, rest = sys.argv[1:]
url = urllib.parse.urlsplit(f"/{ACCOUNT}{rest}")
date = datetime.datetime.now(datetime.timezone.utc).strftime("%a, %d %b %Y %H:%M:%S GMT")
headers = {"x-ms-date": date, "x-ms-version": "2021-08-06"}
query = "".join(f"\n{name}:{value}" for name, value in sorted(urllib.parse.parse_qsl(url.query)))
lines = [method, *[""] * 11, *[f"{name}:{headers[name]}" for name in sorted(headers)], f"/{ACCOUNT}{url.path}{query}"]
digest = hmac.new(base64.b64decode(KEY), "\n".join(lines).encode(), hashlib.sha256).digest()
headers["Authorization"] = f"SharedKey {ACCOUNT}:{base64.b64encode(digest).decode()}"
request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"] + url.geturl(), method=method, headers=headers)
with urllib.request.urlopen(request) as answer:
    print(json.dumps(re.findall("<Name>(.*?)</Name>", answer.read().decode())))
