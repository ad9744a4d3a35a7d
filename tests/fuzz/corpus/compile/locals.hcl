variable "days" {
  type    = map(list(number))
  default = { a = [1, 2] }
}

locals {
  half = [for d in flatten(values(var.days)) : d / 2]
  text = join(",", [for h in local.half : format("%04.1f", h)])
}

require "aws_vpc" "logs" {
  title = local.text
  where = lookup(self.tags, "env", "") != "dev" && can(regex("^vpc-", self.id))

  must {
    flow_logs = superset_of(["ACCEPT"])
  }
}

assert "one" {
  condition = length([for v in all.aws_vpc : v if v.tags.env == "prod"]) >= 1
  message   = "one"
}
