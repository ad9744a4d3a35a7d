require "kubernetes_namespace" "pod_security" {
  title     = "Namespaces refuse pods that break out of their node's limits"
  where     = !contains(var.excluded_namespaces, self.name)
  severity  = "high"
  satisfies = [derived(control.rts_2024_1774["11(2)(b)"])]

  must {
    pod_security_enforce = at_least("baseline")
  }
}

require "kubernetes_workload" "isolated" {
  title     = "Containers stay within their limits"
  where     = !contains(var.excluded_namespaces, self.namespace)
  severity  = "high"
  satisfies = [derived(control.rts_2024_1774["11(2)(b)"]), derived(control.dora["9(4)(c)"])]

  must {
    privileged      = false
    host_namespaces = subset_of([])
  }
}
