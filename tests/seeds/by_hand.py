"""Somebody sets a log group's retention by hand: `by_hand.py GROUP DAYS`."""

import json
import sys

from world import client

client("logs").put_retention_policy(logGroupName=sys.argv[1], retentionInDays=int(sys.argv[2]))
json.dump({}, sys.stdout)
