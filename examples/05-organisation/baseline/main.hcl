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
