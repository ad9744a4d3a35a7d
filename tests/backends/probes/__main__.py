"""Asks a back end what each operation does, and prints the answers as JSON: `python tests/backends/probes`."""

import json
import sys

import compute
import ec2
import ecr
import eks
import identity
import logs
import rds
import s3
from probe import PROBES, answer

MODULES = (compute, ec2, ecr, eks, identity, logs, rds, s3)

# In the order in which they are written: a later probe of a file may build on an earlier one.
answers = {operation: answer(function) for operation, function in PROBES.items()}
json.dump(answers, sys.stdout, indent=1, sort_keys=True)
