ordain {
  required_version = ">= 0.1"
  calendar         = "strict" # the longest year: what is kept that long has been kept a year
}

module "controls" {
  source = "../controls"
}
