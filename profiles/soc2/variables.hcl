ordain {
  required_version = ">= 0.1"
  calendar         = "nominal" # 365 days, as the organisation's policy says it; "strict" would make a year 366
}

variable "log_retention" {
  type        = duration
  default     = "365d"
  description = "How long control-plane, application and flow logs are kept. The criteria name no number: this is the usual Type II window, to be replaced by the number in your own policy."
}

variable "image_retention" {
  type        = duration
  default     = "365d"
  description = "How long a container image stays pullable. A vendor's recommendation, not a criterion."
}

variable "application_log_groups" {
  type        = list(string)
  default     = ["/aws/containerinsights/"]
  description = "Name prefixes of the log groups that hold application logs."
}

variable "kubernetes_api_cidrs" {
  type        = list(string)
  default     = []
  description = "Networks that may reach the public Kubernetes API endpoint: offices, the deployment platform. Empty: nobody, the endpoint is private."
}

variable "database_cidrs" {
  type        = list(string)
  default     = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
  description = "Networks that may reach database ports."
}

variable "flow_log_destinations" {
  type        = list(string)
  default     = []
  description = "ARNs of the buckets or log groups that flow logs must reach. Without one, a network that has no flow log is reported, and no step creates one: nobody has said where to."
}
