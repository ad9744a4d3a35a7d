require "aws_eks_cluster" "control_plane_logs" {
  title     = "The Kubernetes control plane writes its audit trail"
  where     = true
  severity  = "high"
  satisfies = [derived(control.soc2["CC7.2"]), derived(control.soc2["CC6.1"])]

  must {
    logging = superset_of(["api", "audit", "authenticator"])
  }
}

require "aws_eks_cluster" "control_plane_log_retention" {
  title     = "Control-plane logs are kept for the whole audit window"
  where     = true
  severity  = "high"
  satisfies = [convention(control.soc2["CC7.2"]), convention(control.soc2["CC7.3"])]

  must {
    log_retention = at_least(var.log_retention)
  }
}

require "aws_cloudwatch_log_group" "application_log_retention" {
  title     = "Application logs are kept for the whole audit window"
  where     = anytrue([for prefix in var.application_log_groups : startswith(self.name, prefix)])
  severity  = "medium"
  satisfies = [convention(control.soc2["CC7.2"]), convention(control.soc2["CC7.3"])]

  must {
    retention = at_least(var.log_retention)
  }
}
