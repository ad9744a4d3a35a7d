require "kubernetes_role" "secrets" {
  title     = "Nobody has every verb on secrets"
  where     = !self.is_default && self.is_bound
  severity  = "high"
  satisfies = [derived(control.dora["9(4)(c)"]), derived(control.rts_2024_1774["21(a)"])]

  must {
    wildcard_on_secrets = false
  }
}

require "kubernetes_role" "everybody" {
  title     = "No role is given to everybody"
  where     = !self.is_default && self.is_bound
  severity  = "critical"
  satisfies = [derived(control.dora["9(4)(c)"]), derived(control.rts_2024_1774["21(a)"])]

  must {
    bound_to_everybody = false
  }
}

require "kubernetes_cluster" "anonymous" {
  title     = "Whoever is not authenticated gets nothing"
  where     = true
  severity  = "critical"
  satisfies = [derived(control.dora["9(4)(d)"]), derived(control.rts_2024_1774["21(a)"])]

  must {
    anonymous_bindings = subset_of([])
  }
}
