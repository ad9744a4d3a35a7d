# The web team asks for more than the baseline, and needs time for one log group.

target "aws" "web" {
  estate = "../estate.json"
  owner  = "web"
}

module "baseline" {
  source        = "git::https://git.example.com/platform/baseline.git"
  version       = "~> 2.3"
  targets       = [target.aws.web]
  log_retention = "400d"
}

waiver "ledger" {
  require = module.baseline.require.aws_cloudwatch_log_group.kept
  where   = self.name == "/aws/payments/ledger"
  reason  = "The archive that replaces it is filled in January."
  owner   = "web@example.com"
  ticket  = "WEB-412"
  granted = "2026-11-02"
  expires = "2027-01-31"
}
