variable "excluded_namespaces" {
  type        = list(string)
  default     = ["kube-node-lease", "kube-public", "kube-system"]
  description = "Namespaces that the cluster's own parts run in. What is left out here is left out of the evidence."
}

variable "criticality" {
  type        = object({ label = string, value = string })
  default     = { label = "criticality", value = "critical" }
  description = "The label, on a workload or its namespace, that marks what supports critical or important functions."
}

variable "registries" {
  type        = set(string)
  default     = null
  description = "Registries that images may come from. The Regulation names none: without a list nothing is demanded."
}
