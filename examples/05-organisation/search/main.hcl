# The search team would rather keep its logs for a month.

target "aws" "search" {
  estate = "../estate.json"
  owner  = "search"
}

module "baseline" {
  source        = "git::https://git.example.com/platform/baseline.git"
  version       = "~> 2.3"
  targets       = [target.aws.search]
  log_retention = "30d"
}
