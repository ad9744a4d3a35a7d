require "aws_db_instance" "not_public" {
  title     = "Databases have no public address"
  where     = true
  severity  = "critical"
  satisfies = [derived(control.soc2["CC6.6"]), derived(control.soc2["CC6.1"])]

  must {
    publicly_accessible = false
  }
}

require "aws_security_group" "database_ports" {
  title     = "Database ports are open to private networks only"
  where     = true
  severity  = "high"
  satisfies = [derived(control.soc2["CC6.6"]), derived(control.soc2["CC6.1"])]

  must {
    ingress_from = {
      "tcp/3306"  = within(var.database_cidrs) # MySQL, MariaDB
      "tcp/5432"  = within(var.database_cidrs) # PostgreSQL
      "tcp/6379"  = within(var.database_cidrs) # Redis
      "tcp/27017" = within(var.database_cidrs) # MongoDB
    }
  }
}

require "aws_ecr_repository" "image_retention" {
  title     = "Images that ran in the audit window can still be pulled"
  where     = true
  severity  = "low"
  satisfies = [vendor(control.soc2["CC8.1"]), convention(control.soc2["CC7.5"])]

  must {
    image_retention = at_least(var.image_retention)
  }
}
