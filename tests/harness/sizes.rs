//! Worlds of any size, for measuring: one setting on each of many log groups, and a profile that demands a year.

use std::collections::BTreeMap;

/// What every log group is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Groups {
    /// Kept for 400 days: nothing is left to do.
    Compliant,
    /// Kept for 90 days: each one is unmet and has a step.
    Unmet,
}

/// The profile. Every object costs a selector, an owner and a bound, as in profiles that people write.
pub const PROFILE: &str = r#"target "aws" "production" {
  estate = "estate.json"
  owner  = "platform"
}

control "soc2" "CC7.2" {
  edition  = "TSC 2017, points of focus 2022"
  title    = "Components are monitored for anomalies"
  citation = "TSC 2017 CC7.2"
}

require "aws_cloudwatch_log_group" "kept" {
  title     = "Logs are kept for a year"
  where     = startswith(self.name, "/aws/")
  severity  = "medium"
  satisfies = [convention(control.soc2["CC7.2"])]
  owner     = lookup(self.tags, "team", "platform")

  must {
    retention = at_least("365d")
  }
}
"#;

/// The estate: so many log groups in one cell.
#[must_use]
pub fn estate(number: usize, groups: Groups) -> String {
    let days = if groups == Groups::Compliant { 400 } else { 90 };
    let mut text = String::from(
        "{\"as_of\":\"2026-11-20T09:00:00Z\",\"cells\":{\"aws:111111111111/eu-west-1\":{\"aws_cloudwatch_log_group\":{\n",
    );
    for at in 0..number {
        let comma = if at + 1 < number { "," } else { "" };
        let name = format!("/aws/lambda/function-{at:07}");
        text.push_str(&format!(
            "\"{name}\":{{\"attributes\":{{\"name\":\"{name}\",\"tags\":{{\"team\":\"shop\"}}}},\"settings\":{{\"retention\":\"{days}d\"}}}}{comma}\n"
        ));
    }
    text.push_str("}}}}\n");
    text
}

/// A profile and its estate, as files by name.
#[must_use]
pub fn files(number: usize, groups: Groups) -> BTreeMap<String, String> {
    [("main.hcl".into(), PROFILE.into()), ("estate.json".into(), estate(number, groups))].into()
}

/// A profile of so many mistakes, one in each of its blocks: a kind that there is not.
#[must_use]
pub fn mistakes(number: usize) -> String {
    let block = |at: usize| {
        format!(
            "require \"aws_cloudwatch_log_grup\" \"kept_{at}\" {{\n  title = \"Logs are kept\"\n  where = true\n\n  must {{\n    retention = at_least(\"365d\")\n  }}\n}}\n\n"
        )
    };
    (0..number).map(block).collect()
}
