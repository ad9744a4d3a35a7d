# A team's profile: it imports the organisation's baseline and adds to it. An importer can only make things stricter.

target "aws" "shop" {
  estate = "estate.json"
  owner  = "shop"
}

module "baseline" {
  source        = "./baseline"
  targets       = [target.aws.shop]
  log_retention = "400d" # the baseline accepts nothing below 90d
}

require "aws_cloudwatch_log_group" "payments" {
  title = "Payment logs are kept for two years"
  where = startswith(self.name, "/aws/payments/")

  must {
    retention = at_least("731d")
  }
}
