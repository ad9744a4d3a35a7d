# The DORA profile on an account and the cluster in it. Both are in one estate: no credentials, no network.

target "aws" "production" {
  estate = "estate.json"
  owner  = "platform"
}

target "kubernetes" "production" {
  estate = "estate.json"
  owner  = "platform"
}

module "aws" {
  source                = "../../profiles/dora/aws"
  targets               = [target.aws.production]
  log_retention         = "365d" # what the entity's own policy says: the Regulation names no number
  backup_retention      = "14d"
  kubernetes_api_cidrs  = ["203.0.113.0/24"]
  flow_log_destinations = ["arn:aws:s3:::acme-network-logs"]
}

module "kubernetes" {
  source     = "../../profiles/dora/kubernetes"
  targets    = [target.kubernetes.production]
  registries = ["registry.example.com"]
}
