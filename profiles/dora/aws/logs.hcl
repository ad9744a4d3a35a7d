require "aws_eks_cluster" "control_plane_logs" {
  title     = "The Kubernetes control plane exports its audit trail"
  where     = true
  severity  = "high"
  satisfies = [derived(control.dora["10(3)"]), derived(control.rts_2024_1774["12(2)(c)"])]

  must {
    logging = superset_of(["api", "audit", "authenticator"])
  }
}

require "aws_eks_cluster" "control_plane_log_retention" {
  title     = "Control-plane logs are kept as long as the entity has set"
  where     = true
  severity  = "high"
  satisfies = [derived(control.rts_2024_1774["12(2)(a)"])]

  must {
    log_retention = at_least(var.log_retention)
  }
}

require "aws_cloudwatch_log_group" "application_log_retention" {
  title     = "Application logs are kept as long as the entity has set"
  where     = anytrue([for prefix in var.application_log_groups : startswith(self.name, prefix)])
  severity  = "medium"
  satisfies = [derived(control.rts_2024_1774["12(2)(a)"])]

  must {
    retention = at_least(var.log_retention)
  }
}

require "aws_vpc" "flow_logs" {
  title     = "Accepted and rejected traffic of every network is logged"
  where     = true
  severity  = "high"
  satisfies = [derived(control.dora["10(1)"]), derived(control.rts_2024_1774["12(2)(c)"])]

  must {
    flow_logs            = superset_of(["accept", "reject"])
    flow_log_destination = superset_of(var.flow_log_destinations)
  }
}

require "aws_vpc" "flow_log_retention" {
  title     = "Logs of network traffic are kept as long as the entity has set"
  where     = true
  severity  = "medium"
  satisfies = [derived(control.rts_2024_1774["12(2)(a)"])]

  must {
    flow_log_retention = at_least(var.log_retention)
  }
}

require "aws_s3_bucket" "log_buckets_closed" {
  title     = "Buckets that hold logs are closed to the public"
  where     = contains(var.log_buckets, self.name)
  severity  = "critical"
  satisfies = [derived(control.rts_2024_1774["12(2)(d)"])]

  must {
    public_access_block = superset_of(["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"])
  }
}
