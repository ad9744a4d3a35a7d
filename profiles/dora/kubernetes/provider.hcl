# On a managed control plane nobody but the provider reads or sets these: the verdict says where the evidence is.
require "kubernetes_cluster" "audit" {
  title    = "The API server records who did what"
  where    = true
  severity = "high"
  satisfies = [
    derived(control.dora["10(3)"]),
    derived(control.rts_2024_1774["12(2)(c)"]),
    derived(control.rts_2024_1774["11(2)(k)"]),
  ]

  must {
    audit_policy = at_least("metadata")
  }
}

require "kubernetes_cluster" "secrets_at_rest" {
  title    = "Secrets are encrypted where they are stored"
  where    = true
  severity = "high"
  satisfies = [
    derived(control.dora["9(2)"]),
    derived(control.rts_2024_1774["6"]),
    derived(control.rts_2024_1774["11(2)(k)"]),
  ]

  must {
    secrets_encryption = at_least("provider_key")
  }
}
