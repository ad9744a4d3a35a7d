target "aws" "account" {}
require "aws_eks_cluster" "logs" {
  where = true
  must { logging = superset_of(["audit"]) }
}
require "aws_cloudwatch_log_group" "kept" {
  where = true
  must { retention = at_least("365d") }
}
require "aws_vpc" "logged" {
  where = true
  must { flow_logs = superset_of(["accept", "reject"]) }
}
require "aws_instance" "tokens" {
  where = true
  must { metadata_tokens = "required" }
}
require "aws_launch_template" "tokens" {
  where = true
  must { metadata_tokens = "required" }
}
require "aws_ecr_repository" "kept" {
  where = true
  must { image_retention = at_least("365d") }
}
