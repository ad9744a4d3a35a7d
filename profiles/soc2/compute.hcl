require "aws_instance" "metadata_tokens" {
  title     = "Instance credentials cannot be fetched without a session token"
  where     = true
  severity  = "high"
  satisfies = [derived(control.soc2["CC6.1"])]

  must {
    metadata_tokens = "required"
  }
}

require "aws_launch_template" "metadata_tokens" {
  title     = "New instances start with session tokens required"
  where     = true
  severity  = "high"
  satisfies = [derived(control.soc2["CC6.1"])]

  must {
    metadata_tokens = "required"
  }
}

require "aws_account" "metadata_tokens" {
  title     = "Instances started without a template require session tokens too"
  where     = true
  severity  = "medium"
  satisfies = [derived(control.soc2["CC6.1"])]

  must {
    metadata_tokens = "required"
  }
}
