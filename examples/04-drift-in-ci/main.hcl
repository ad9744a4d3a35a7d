# Run on a schedule: drift compares the world with the profile and with a snapshot that was reviewed.

variable "estate" {
  type        = string
  default     = "monday.json"
  description = "The world: monday.json was reviewed, tuesday.json is what somebody left behind."
}

target "aws" "production" {
  estate = var.estate
  owner  = "platform"
}

require "aws_cloudwatch_log_group" "kept" {
  title    = "Logs are kept for a year"
  where    = true
  severity = "medium"

  must {
    retention = at_least("365d")
  }
}

require "aws_db_instance" "private" {
  title    = "Databases have no public address"
  where    = true
  severity = "critical"

  must {
    publicly_accessible = false
  }
}
