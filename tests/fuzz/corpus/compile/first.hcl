# A profile: what settings must satisfy. The world it is planned against is the file estate.json.

variable "log_retention" {
  type        = duration
  default     = "365d"
  description = "How long logs are kept."
}

variable "office" {
  type        = list(string)
  default     = ["203.0.113.0/24", "198.51.100.7/32"]
  description = "Networks from which people work."
}

target "aws" "production" {
  estate      = "estate.json" # in place of an account: accounts, regions, roles
  keep_access = ["203.0.113.10/32"]
  owner       = "platform"
}

control "soc2" "CC6.1" {
  edition  = "TSC 2017, points of focus 2022"
  title    = "Logical access is restricted"
  citation = "TSC 2017 CC6.1"
}

control "soc2" "CC7.2" {
  edition  = "TSC 2017, points of focus 2022"
  title    = "Components are monitored for anomalies"
  citation = "TSC 2017 CC7.2"
}

require "aws_eks_cluster" "logging" {
  title     = "The Kubernetes control plane writes its audit trail"
  where     = true
  severity  = "high"
  satisfies = [derived(control.soc2["CC7.2"])]

  must {
    logging       = superset_of(["api", "audit", "authenticator"])
    log_retention = at_least(var.log_retention)
  }
}

require "aws_eks_cluster" "office_only" {
  title     = "The Kubernetes API answers the office only"
  where     = true
  severity  = "critical"
  satisfies = [derived(control.soc2["CC6.1"])]

  must {
    public_access_cidrs = within(var.office)
  }
}

require "aws_cloudwatch_log_group" "kept" {
  title     = "Logs are kept for a year"
  where     = startswith(self.name, "/aws/")
  severity  = "medium"
  satisfies = [convention(control.soc2["CC7.2"])]
  owner     = lookup(self.tags, "team", "platform")

  must {
    retention = at_least(var.log_retention)
  }
}

require "aws_s3_bucket" "audit_trail" {
  title     = "The audit trail is kept for a year and nobody outside reads it"
  where     = self.name == "acme-audit"
  severity  = "high"
  satisfies = [convention(control.soc2["CC7.2"]), derived(control.soc2["CC6.1"])]
  objects   = at_least(1)

  must {
    retention           = { "AWSLogs/" = at_least(var.log_retention) }
    public_access_block = superset_of(["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"])
  }
}

require "aws_instance" "metadata" {
  title     = "Instance credentials need a session token"
  where     = true
  severity  = "high"
  satisfies = [derived(control.soc2["CC6.1"])]

  must {
    metadata_tokens = "required"
  }
}

require "aws_db_instance" "private" {
  title     = "Databases have no public address and a fortnight of backups"
  where     = true
  severity  = "critical"
  satisfies = [derived(control.soc2["CC6.1"])]

  must {
    publicly_accessible = false
    backup_retention    = at_least("14d")
  }
}

require "aws_security_group" "databases" {
  title     = "PostgreSQL is reachable from private networks only"
  where     = lookup(self.tags, "tier", "") == "database"
  severity  = "high"
  satisfies = [derived(control.soc2["CC6.1"])]

  must {
    ingress_from = { "tcp/5432" = within(["10.0.0.0/8"]) }
  }
}

require "aws_ecr_repository" "immutable" {
  title   = "A tag names one image for ever"
  where   = true
  enforce = false # observed only: reported, never changed

  must {
    tag_immutability = "immutable"
  }
}
