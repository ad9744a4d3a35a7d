ordain {
  required_version = ">= 0.1"
}

module "controls" {
  source = "../controls"
}
