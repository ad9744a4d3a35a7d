# The organisation's baseline. Importers choose within the bounds of its variables.

variable "log_retention" {
  type        = duration
  default     = "365d"
  bound       = at_least("90d")
  description = "How long logs are kept."
}

require "aws_cloudwatch_log_group" "kept" {
  title = "Logs are kept"
  where = true

  must {
    retention = at_least(var.log_retention)
  }
}

require "aws_s3_bucket" "closed" {
  title    = "Buckets are closed to the public"
  where    = lookup(self.tags, "public", "no") != "yes"
  severity = "high"

  must {
    public_access_block = superset_of(["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"])
  }
}
