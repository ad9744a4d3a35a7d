require "kubernetes_namespace" "default_deny" {
  title    = "Namespaces refuse traffic that no policy allows"
  where    = !contains(var.excluded_namespaces, self.name)
  severity = "high"
  satisfies = [
    derived(control.dora["9(4)(b)"]),
    derived(control.rts_2024_1774["13(1)(a)"]),
    derived(control.rts_2024_1774["13(1)(h)"]),
  ]

  must {
    default_deny_ingress = true
    default_deny_egress  = true
  }
}

require "kubernetes_namespace" "covered" {
  title     = "Every pod is isolated by a network policy in both directions"
  where     = !contains(var.excluded_namespaces, self.name) && self.pods > 0
  severity  = "high"
  satisfies = [derived(control.dora["9(4)(b)"]), derived(control.rts_2024_1774["13(1)(a)"])]

  must {
    pods_uncovered = at_most(0)
  }
}

require "kubernetes_cluster" "policies_enforced" {
  title     = "Network policies are carried out, not only declared"
  where     = true
  severity  = "high"
  satisfies = [derived(control.dora["9(4)(b)"]), derived(control.rts_2024_1774["13(1)(a)"])]

  must {
    network_policies_enforced = true
  }
}

require "kubernetes_namespace" "encrypted" {
  title     = "Pods accept encrypted connections only"
  where     = !contains(var.excluded_namespaces, self.name)
  severity  = "high"
  satisfies = [derived(control.dora["9(2)"]), derived(control.rts_2024_1774["14"])]

  must {
    mtls = "strict"
  }
}
