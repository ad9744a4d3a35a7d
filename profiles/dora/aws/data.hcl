require "aws_db_instance" "backups" {
  title     = "Databases are backed up as long as the entity has set, and cannot be deleted by a slip"
  where     = true
  severity  = "high"
  satisfies = [derived(control.dora["12(1)"])]

  must {
    backup_retention    = optional_bound(at_least(var.backup_retention))
    deletion_protection = true
  }
}

require "aws_s3_bucket" "encrypted" {
  title     = "What is stored in buckets is encrypted"
  where     = true
  severity  = "high"
  satisfies = [derived(control.dora["9(2)"]), derived(control.rts_2024_1774["6"])]

  must {
    encryption = at_least("aes256")
  }
}

require "aws_account" "volumes_encrypted" {
  title     = "New volumes are encrypted without anybody asking for it"
  where     = true
  severity  = "high"
  satisfies = [derived(control.dora["9(2)"]), derived(control.rts_2024_1774["6"])]

  must {
    ebs_encryption_by_default = true
  }
}
