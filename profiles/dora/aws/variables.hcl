variable "log_retention" {
  type        = duration
  description = "How long logs are kept. Neither the Regulation nor the technical standards name a number: Article 12(2)(a) of the standards has the entity set it and say why."
}

variable "backup_retention" {
  type        = duration
  default     = null
  description = "How long backups of databases are kept. Article 12(1) names no number: without one nothing is demanded of it."
}

variable "application_log_groups" {
  type        = list(string)
  default     = ["/aws/containerinsights/"]
  description = "Name prefixes of the log groups that hold application logs."
}

variable "log_buckets" {
  type        = list(string)
  default     = []
  description = "Names of the buckets that hold logs."
}

variable "kubernetes_api_cidrs" {
  type        = list(string)
  default     = []
  description = "Networks that may reach the public Kubernetes API endpoint: those of administrators. Empty: nobody, the endpoint is private."
}

variable "database_cidrs" {
  type        = list(string)
  default     = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
  description = "Networks that may reach database ports."
}

variable "flow_log_destinations" {
  type        = list(string)
  default     = []
  description = "ARNs of the buckets or log groups that flow logs must reach. Without one, a network that has no flow log is reported, and no step makes one: nobody has said where to."
}
