# The payments team keeps its logs longer than the organisation asks for.

target "aws" "payments" {
  estate = "../estate.json"
  owner  = "payments"
}

module "baseline" {
  source  = "git::https://git.example.com/platform/baseline.git"
  version = "~> 2.3"
  targets = [target.aws.payments]
}

require "aws_cloudwatch_log_group" "ledgers" {
  title = "Ledgers are kept for two years"
  where = startswith(self.name, "/aws/payments/")

  must {
    retention = at_least("731d")
  }
}
