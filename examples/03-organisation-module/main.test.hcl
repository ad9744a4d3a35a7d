# What the profile promises, as tests: `ordain test` runs them. They are no part of the module.

test "payment logs go to two years, and nothing else moves" {
  expect {
    verdict = "unmet"
    steps   = { "/aws/payments/ledger#retention" = "731d" }
  }
}

test "a bucket that is tagged public is left alone" {
  expect {
    verdicts = {
      "module.baseline.require.aws_s3_bucket.closed" = {
        "shop-assets"   = null
        "shop-invoices" = "met"
      }
    }
  }
}

test "an open bucket is closed" {
  estate = {
    as_of = "2026-11-20T09:00:00Z"
    cells = {
      "aws:222222222222/eu-central-1" = {
        aws_cloudwatch_log_group = {}
        aws_s3_bucket = {
          shop-orders = { attributes = { tags = {} }, settings = { public_access_block = ["block_public_acls"] } }
        }
      }
    }
  }
  expect {
    verdicts = { "module.baseline.require.aws_s3_bucket.closed" = "unmet" }
    steps = {
      "shop-orders#public_access_block" = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"]
    }
  }
}
