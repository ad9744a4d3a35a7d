# Two is not a number of the Regulation's: it is what redundant means.
require "kubernetes_workload" "redundant" {
  title     = "Critical workloads survive the loss of a pod, a node and a zone"
  where     = lookup(self.labels, var.criticality.label, "") == var.criticality.value || lookup(self.namespace_labels, var.criticality.label, "") == var.criticality.value
  severity  = "high"
  satisfies = [derived(control.dora["12(4)"]), derived(control.dora["10(1)"])]

  must {
    disruption_budget = "effective"
    replicas          = at_least(2)
    spread_over       = superset_of(["topology.kubernetes.io/zone"])
  }
}
