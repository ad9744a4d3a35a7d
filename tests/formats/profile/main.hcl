# What every format of a report is tried on: each verdict, each sort of drift, many owners, and texts that try to be markup.
target "aws" "production" {
  estate = "estate.json"
  owner  = "platform"
}

control "soc2" "CC7.2" {
  edition  = "TSC 2017"
  title    = "Components are monitored for <b>anomalies</b>"
  citation = "TSC 2017 CC7.2"
}

control "pci" "10.5.1" {
  edition  = "PCI DSS 4.0.1"
  title    = "Audit logs are kept for a year"
  citation = "PCI DSS 10.5.1"
}

control "dora" "9.4.b" {
  edition  = "(EU) 2022/2554"
  title    = "Access is limited"
  citation = "DORA 9(4)(b)"
}

require "aws_cloudwatch_log_group" "kept" {
  title     = "Logs are kept for a year"
  where     = startswith(self.name, "/app/")
  severity  = "high"
  owner     = lookup(self.tags, "team", "platform")
  satisfies = [convention(control.soc2["CC7.2"]), text(control.pci["10.5.1"])]
  must { retention = at_least("365d") }
}

require "aws_cloudwatch_log_group" "short" {
  title    = "Personal data is kept for three months | at <most>"
  where    = lookup(self.tags, "data", "") == "personal"
  severity = "critical"
  must { retention = at_most("90d") }
}

require "aws_cloudwatch_log_group" "key" {
  title    = "=HYPERLINK(\"https://evil.example\",\"]]> -->\u0007\u202e::error::\r\n</script><script>alert(1)</script>`![x](javascript:alert(1))\")"
  where    = startswith(self.name, "/hostile")
  severity = "low"
  must { kms_key = exactly("arn:aws:kms:eu-west-1:111111111111:key/\"><img src=x onerror=alert(1)>") }
}

require "aws_cloudwatch_log_group" "long" {
  title = "LONG"
  where = startswith(self.name, "/long")
  must { retention = at_least("30d") }
}

require "aws_cloudwatch_log_group" "watched" {
  title   = "Logs could be kept for ten years"
  where   = startswith(self.name, "/app/")
  enforce = false
  must { retention = at_least("3653d") }
}

require "aws_cloudwatch_log_group" "nothing" {
  title     = "Nothing is called so"
  where     = self.name == "nothing"
  satisfies = [derived(control.dora["9.4.b"])]
  must { retention = at_least("1d") }
}

require "aws_account" "encrypted" {
  title     = "New volumes are encrypted"
  where     = true
  satisfies = [text(control.dora["9.4.b"])]
  must { ebs_encryption_by_default = true }
}

require "aws_eks_cluster" "private" {
  title     = "The API is reached from inside"
  where     = true
  severity  = "critical"
  satisfies = [vendor(control.dora["9.4.b"])]
  must { endpoint_private_access = true }
}

require "aws_db_instance" "protected" {
  title = "Databases cannot be deleted"
  where = true
  must {
    deletion_protection = true
    backup_retention    = at_least("7d")
  }
}

assert "few_groups" {
  condition = length(all.aws_cloudwatch_log_group) == 1
  message   = "There is more than one log group; <i>too many</i>"
  severity  = "low"
  satisfies = [derived(control.soc2["CC7.2"])]
}

assert "no_database_is_open" {
  condition = length([for v in all.aws_db_instance : v if v.publicly_accessible]) == 0
  message   = "A database has a public name."
}

waiver "agent" {
  require = require.aws_cloudwatch_log_group.kept
  where   = self.id == "/app/agent"
  reason  = "The vendor's agent fills the disk until its 4.2 release; see <https://tickets.example/SEC-1234>"
  owner   = "payments@acme.example"
  ticket  = "SEC-1234"
  granted = "2026-11-01"
  expires = "2026-12-01"
}

baseline "search" {
  owner  = "search"
  reason = "Found when the profile was introduced"
  ends   = "2027-06-30"
  findings = {
    "384b96925dc62a71" = "require.aws_cloudwatch_log_group.kept aws:111111111111/eu-west-1/aws_cloudwatch_log_group/%2Fapp%2Fsearch#retention"
  }
}
