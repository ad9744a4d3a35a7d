require "kubernetes_workload" "images" {
  title     = "What runs is known to the byte, and comes from known places"
  where     = !contains(var.excluded_namespaces, self.namespace)
  severity  = "medium"
  satisfies = [derived(control.dora["8(6)"]), derived(control.rts_2024_1774["10(2)(d)"])]

  must {
    images_latest = false
    images_pinned = true
    registries    = optional_bound(subset_of(var.registries))
  }
}
