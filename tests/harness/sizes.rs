//! Worlds and profiles of any size, for measuring: one setting on each of many log groups with a profile that demands a
//! year, and profiles that are large in themselves.

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
  estate      = "estate.json"
  max_changes = 1000000
  max_percent = 100
  owner       = "platform"
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

/// Files of a profile by path.
pub type Profile = BTreeMap<String, String>;

/// A target, which every profile needs to compile.
const TARGET: &str = "target \"aws\" \"production\" {\n  estate = \"estate.json\"\n}\n";

/// A profile of so many modules, each in a folder of its own with so many requirements of four lines and a variable. Half
/// of the requirements want another value than the other half, of other log groups: what any two of them say could
/// contradict each other.
#[must_use]
pub fn modules(number: usize, each: usize) -> Profile {
    let mut root = TARGET.to_string();
    let mut files = Profile::new();
    for at in 0..number {
        root.push_str(&format!(
            "module \"team_{at:04}\" {{\n  source  = \"./team_{at:04}\"\n  targets = [target.aws.production]\n  days    = \"{}d\"\n}}\n",
            365 + at % 3
        ));
        let requirement = |place: usize| {
            let bound = if place.is_multiple_of(2) { "exactly(\"30d\")" } else { "at_least(var.days)" };
            format!(
                "require \"aws_cloudwatch_log_group\" \"kept_{place:04}\" {{\n  where = startswith(self.name, \"/team-{at:04}/{place:04}/\")\n  must  {{ retention = {bound} }}\n}}\n"
            )
        };
        let text =
            "variable \"days\" {\n  type = duration\n}\n".to_string() + &(0..each).map(requirement).collect::<String>();
        files.insert(format!("team_{at:04}/main.hcl"), text);
    }
    files.insert("main.hcl".into(), root);
    files
}

/// A profile of so many locals, each made from the one before it.
#[must_use]
pub fn chain(number: usize) -> Profile {
    let step = |at: usize| format!("  step_{at} = local.step_{} + 1\n", at - 1);
    let steps: String = (1..number).map(step).collect();
    let text = format!(
        "{TARGET}locals {{\n  step_0 = 1\n{steps}}}\nrequire \"aws_cloudwatch_log_group\" \"kept\" {{\n  where = true\n  must  {{ retention = at_least(\"${{local.step_{}}}d\") }}\n}}\n",
        number.saturating_sub(1)
    );
    [("main.hcl".into(), text)].into()
}

/// A profile of one file of at least so many bytes: locals with a list of texts, numbers and objects each.
#[must_use]
pub fn text(bytes: usize) -> Profile {
    let line = |at: usize| format!("  value_{at:07} = [\"10.0.0.0/8\", \"a text\", {at}, {{ name = \"x\" }}]\n");
    let lines: String = (0..=bytes / line(1_000_000).len()).map(line).collect();
    [("main.hcl".into(), format!("locals {{\n{lines}}}\n"))].into()
}

/// A profile of so many mistakes, one in each of its blocks: a kind that there is not.
#[must_use]
pub fn mistakes(number: usize) -> Profile {
    let block = |at: usize| {
        format!(
            "require \"aws_cloudwatch_log_grup\" \"kept_{at}\" {{\n  title = \"Logs are kept\"\n  where = true\n\n  must {{\n    retention = at_least(\"365d\")\n  }}\n}}\n\n"
        )
    };
    [("main.hcl".into(), (0..number).map(block).collect())].into()
}
