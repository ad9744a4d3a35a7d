provider "aws" {
  region = "eu-west-1"
}

resource "aws_cloudwatch_log_group" "literal" {
  name              = "literal"
  retention_in_days = 30 # a month
  tags              = { token = "hunter2" }
}

resource "aws_cloudwatch_log_group" "variable" {
  name              = "variable"
  retention_in_days = var.days
}
