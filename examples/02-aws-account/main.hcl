# The SOC 2 profile on one AWS account, with the credentials of the environment.

variable "regions" {
  type        = list(string)
  default     = ["eu-west-1"]
  description = "Where the account has workloads."
}

target "aws" "production" {
  regions     = var.regions
  keep_access = ["203.0.113.10/32"]
  owner       = "platform"
}

module "soc2" {
  source               = "../../profiles/soc2"
  targets              = [target.aws.production]
  kubernetes_api_cidrs = ["203.0.113.0/24"]
}
