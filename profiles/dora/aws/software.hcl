# A scan at the push is not the weekly one that Article 10(2) asks for critical functions: that is a fact of the scanner's schedule.
require "aws_ecr_repository" "scanned" {
  title     = "Images are scanned when they are pushed, and a tag stays what it was"
  where     = true
  severity  = "medium"
  satisfies = [derived(control.rts_2024_1774["10(2)(b)"]), derived(control.rts_2024_1774["10(2)(d)"])]

  must {
    scan_on_push     = true
    tag_immutability = at_least("immutable_with_exclusion")
  }
}
