//! Whatever is wrong with a profile, the answer is messages: never a panic, never a hang.

use crate::profile::Profile;
use ordain_model::diagnostic::Severity;

#[test]
fn a_module_that_doubles_itself_thirty_times_is_an_error_not_a_hang() {
    let mut text = "module \"a\" { source = \"./m1\" }\n".to_owned();
    for at in 1..30 {
        let next = at + 1;
        text += &format!(
            "# m{at}/main.hcl\nmodule \"a\" {{ source = \"../m{next}\" }}\nmodule \"b\" {{ source = \"../m{next}\" }}\n"
        );
    }
    text += "# m30/main.hcl\nlocals { }\n";
    let compiled = Profile::read(&text).compile();
    assert!(compiled.config.is_none());
    assert!(
        compiled.diagnostics.iter().all(|diagnostic| diagnostic.code.name == "too-large"),
        "{}",
        compiled.messages()
    );
}

#[test]
fn bytes_that_are_no_text_are_named() {
    let mut profile = Profile::read("locals { a = 1 }\n");
    profile.files.insert("latin.hcl".into(), b"locals {\n  b = \"\xe9\"\n}\n".to_vec());
    let messages = profile.compile().messages();
    let expected = "[not-utf8] `latin.hcl` is not UTF-8: byte 16 (line 2) is 0xe9\n  help: Save the file as UTF-8.";
    assert_eq!(messages, expected);
}

#[test]
fn a_missing_profile_is_an_error() {
    let messages = Profile::default().compile().messages();
    assert_eq!(messages, "[unreadable-module] the profile in `.`: there is no directory `.`");
}

#[test]
fn a_condition_of_any_length_and_depth_is_judged_or_refused() {
    let profile = |condition: &str| {
        format!(
            "target \"fake\" \"t\" {{ estate = \"e.json\" }}
require \"fake_log_group\" \"a\" {{
  where = {condition}
  must {{ encrypted = true }}
}}"
        )
    };
    let long = vec!["self.multi"; 20_000].join(" && ");
    let selector = Profile::read(&profile(&long)).compile().config().requirements[0].selector.clone();
    assert!(!selector.disjoint(&selector) && !selector.implies(&selector), "too long to compare");
    survives(&profile(&format!("{}self.multi{}", "(".repeat(200), ")".repeat(200))));
    survives(&profile(&format!("{}self.multi{}", "(".repeat(100_000), ")".repeat(100_000))));
    survives(&profile(&"!".repeat(100_000)));
    survives(&profile(&format!("self.{}", vec!["a"; 100_000].join("."))));
}

/// A profile with something of everything.
const EVERYTHING: &str = r#"ordain {
  required_version = ">= 0.1, < 1"
  calendar         = "strict"
}
variable "days" {
  type        = duration
  default     = "365d"
  bound       = at_least("90d")
  nullable    = false
  description = "d"
}
variable "office" { type = object({ cidrs = optional(list(string), ["10.0.0.0/8"]) }) }
variable "token" {
  ephemeral = true
  default   = "secret"
}
locals {
  prefix = "/${"aws"}/%{ if true }x%{ endif }"
  ports  = { for port in [1, 2] : "tcp/${port}" => within(var.office.cidrs) if port > 0 }
}
target "fake" "t" {
  accounts    = organization(ou = ["prod"])
  regions     = enabled()
  token       = var.token
  keep_access = ["203.0.113.10/32"]
  owner       = "platform"
}
control "soc2" "CC7.2" {
  edition  = "TSC 2017"
  title    = "t"
  citation = "c"
}
require "fake_log_group" "kept" {
  id        = "kept"
  title     = "Logs are kept"
  where     = startswith(self.name, local.prefix) && lookup(self.tags, "team", "x") != "y"
  severity  = "high"
  satisfies = [convention(control.soc2["CC7.2"])]
  objects   = at_least(1)
  owner     = self.tags["team"]
  targets   = [target.fake.t]
  enforce   = var.days == duration("365d") ? true : false
  must {
    retention = all_of(at_least(var.days), at_most("unlimited"))
    encrypted = true
    log_types = superset_of(["api"])
  }
  remedy = { retention = "400d" }
}
require "fake_firewall" "ports" {
  where = true
  must { ingress_from = local.ports }
}
assert "one" {
  condition = length(distinct(all.fake_log_group[*].retention)) == 1 || alltrue([for f in all.fake_firewall : f.ingress_from["tcp/1"] != null])
  message   = "m"
  severity  = "low"
  satisfies = [derived(control.soc2["CC7.2"])]
}
module "inner" {
  source  = "./inner"
  targets = [target.fake.t]
  days    = var.days
}
# inner/main.hcl
variable "days" { type = duration }
require "fake_log_group" "inner" {
  where = self.multi
  must { retention = at_least(var.days) }
}
$ -var office={}
"#;

#[test]
fn a_profile_with_something_of_everything_compiles() {
    let compiled = Profile::read(EVERYTHING).compile();
    let config = compiled.config();
    assert_eq!((config.requirements.len(), config.assertions.len(), config.controls.len()), (3, 1, 1));
}

/// Whatever is wrong with a profile, the answer is messages whose spans lie inside of their files.
fn survives(text: &str) {
    let compiled = Profile::read(text).compile();
    assert_eq!(compiled.config.is_none(), compiled.diagnostics.iter().any(|item| item.severity == Severity::Error));
    for diagnostic in &compiled.diagnostics {
        assert!(!diagnostic.detail.is_empty(), "{diagnostic:?}");
        for label in &diagnostic.labels {
            let source = &compiled.sources.get(label.span.source).text;
            assert!(source.get(label.span.start as usize..label.span.end as usize).is_some(), "{diagnostic:?}");
        }
    }
}

#[test]
fn a_profile_without_one_of_its_lines_is_messages_not_a_panic() {
    let lines: Vec<&str> = EVERYTHING.lines().collect();
    for missing in 0..lines.len() {
        let rest: Vec<&str> =
            lines.iter().enumerate().filter(|(at, _)| *at != missing).map(|(_, line)| *line).collect();
        survives(&rest.join("\n"));
        survives(&lines[..missing].join("\n"));
    }
}

#[test]
fn a_profile_with_anything_in_place_of_a_word_is_messages_not_a_panic() {
    let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '"' | '.');
    let files = EVERYTHING.find("# inner").expect("the second file");
    let mut at = 0;
    while let Some(start) = EVERYTHING[at..files].find(is_word).map(|found| at + found) {
        let end = EVERYTHING[start..].find(|letter| !is_word(letter)).map_or(EVERYTHING.len(), |found| start + found);
        for other in ["null", "\"x\"", "[]", "{}", "var.days", "nobody()"] {
            survives(&format!("{}{other}{}", &EVERYTHING[..start], &EVERYTHING[end..]));
        }
        at = end;
    }
}
