require "aws_eks_cluster" "api_access" {
  title     = "The Kubernetes API answers the networks of administrators only"
  where     = true
  severity  = "critical"
  satisfies = [derived(control.dora["9(4)(c)"]), derived(control.rts_2024_1774["13(1)(c)"])]

  must {
    endpoint_private_access = true
    public_access_cidrs     = within(var.kubernetes_api_cidrs)
  }
}

require "aws_db_instance" "not_public" {
  title     = "Databases have no public address"
  where     = true
  severity  = "critical"
  satisfies = [derived(control.dora["9(4)(b)"]), derived(control.dora["9(4)(c)"])]

  must {
    publicly_accessible = false
  }
}

require "aws_security_group" "database_ports" {
  title     = "Database ports are open to known networks only"
  where     = true
  severity  = "high"
  satisfies = [derived(control.dora["9(4)(b)"]), derived(control.rts_2024_1774["13(1)(h)"])]

  must {
    ingress_from = {
      "tcp/3306" = within(var.database_cidrs) # MySQL, MariaDB
      "tcp/5432" = within(var.database_cidrs) # PostgreSQL
    }
  }
}

require "aws_instance" "metadata_tokens" {
  title     = "Credentials of instances cannot be fetched without a session token"
  where     = true
  severity  = "high"
  satisfies = [derived(control.dora["9(4)(c)"]), derived(control.dora["9(4)(d)"])]

  must {
    metadata_tokens = "required"
  }
}

require "aws_launch_template" "metadata_tokens" {
  title     = "New instances start with session tokens required"
  where     = true
  severity  = "high"
  satisfies = [derived(control.dora["9(4)(c)"]), derived(control.dora["9(4)(d)"])]

  must {
    metadata_tokens = "required"
  }
}
