# A profile: what settings must satisfy. `ordain plan` shows what does not, and the smallest change that makes it.
#
# Its world is the file estate.json, so that it runs as it stands. To plan an AWS account, write in place of `estate`
#   regions   = ["eu-west-1"]
#   read_role = "OrdainRead"     # optional: assumed for reading; apply_role is assumed for writing

variable "log_retention" {
  type        = duration
  default     = "365d"
  description = "How long logs are kept."
}

target "aws" "production" {
  estate = "estate.json"
  owner  = "platform"
}

require "aws_cloudwatch_log_group" "kept" {
  title = "Logs are kept for a year"
  where = startswith(self.name, "/aws/")

  must {
    retention = at_least(var.log_retention)
  }
}

require "aws_s3_bucket" "closed" {
  title    = "Buckets are closed to the public"
  where    = lookup(self.tags, "public", "no") != "yes"
  severity = "high"

  must {
    public_access_block = superset_of([
      "block_public_acls",
      "block_public_policy",
      "ignore_public_acls",
      "restrict_public_buckets",
    ])
  }
}
