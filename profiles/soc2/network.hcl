require "aws_vpc" "flow_logs" {
  title     = "Accepted and rejected traffic of every network is logged"
  where     = true
  severity  = "medium"
  satisfies = [derived(control.soc2["CC7.2"]), derived(control.soc2["CC6.6"])]

  must {
    flow_logs            = superset_of(["accept", "reject"])
    flow_log_destination = superset_of(var.flow_log_destinations)
  }
}

require "aws_vpc" "flow_log_retention" {
  title     = "Flow logs are kept for the whole audit window"
  where     = true
  severity  = "medium"
  satisfies = [convention(control.soc2["CC7.2"])]

  must {
    flow_log_retention = at_least(var.log_retention)
  }
}

require "aws_eks_cluster" "api_access" {
  title     = "The Kubernetes API is reachable only from known networks"
  where     = true
  severity  = "critical"
  satisfies = [derived(control.soc2["CC6.1"]), derived(control.soc2["CC6.6"])]

  must {
    endpoint_private_access = true
    public_access_cidrs     = within(var.kubernetes_api_cidrs)
  }
}
