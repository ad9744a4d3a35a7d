//! What a profile that compiles means.

use crate::profile::Profile;
use ordain_language::config::{Config, Gravity, Strength};
use ordain_language::inputs::{Input, Missing};
use ordain_model::bound::Bound;
use ordain_model::cidr::CidrSet;
use ordain_model::diagnostic::Severity;
use ordain_model::retention::Retention;
use ordain_model::value::Value;

fn config(text: &str) -> Config {
    Profile::read(text).compile().config().clone()
}

/// The bound of the first demand of the first requirement.
fn bound(text: &str) -> Bound {
    config(text).requirements[0].demands[0].bound.clone()
}

const TARGET: &str = "target \"fake\" \"t\" { estate = \"e.json\" }\n";

#[test]
fn a_requirement_is_complete() {
    let config = config(
        "target \"fake\" \"b\" { regions = enabled() }
target \"fake\" \"a\" { estate = \"./estates/a.json\" }
control \"soc2\" \"CC7.2\" {
  edition  = \"TSC 2017\"
  title    = \"t\"
  citation = \"c\"
}
require \"fake_log_group\" \"kept\" {
  id        = \"logs\"
  where     = true
  severity  = \"critical\"
  enforce   = false
  targets   = [target.fake.b, target.fake.a]
  objects   = at_least(1)
  satisfies = [text(control.soc2[\"CC7.2\"])]
  must {
    retention = at_least(\"12mo\")
    encrypted = true
  }
  remedy = { retention = \"400d\" }
}",
    );
    let requirement = &config.requirements[0];
    assert_eq!(&*requirement.address, "require.fake_log_group.kept");
    assert_eq!(requirement.title, requirement.address, "the address where no title is given");
    assert_eq!(requirement.id.as_deref(), Some("logs"));
    assert_eq!((requirement.severity, requirement.enforce), (Gravity::Critical, false));
    assert_eq!(requirement.targets, ["fake.a".into(), "fake.b".into()]);
    let names: Vec<String> = requirement.demands.iter().map(|demand| demand.name().to_string()).collect();
    assert_eq!(names, ["encrypted", "retention"]);
    assert!(requirement.demands[1].bound.admits(&Value::Retention(Retention::Days(366))));
    assert!(!requirement.demands[1].bound.admits(&Value::Retention(Retention::Days(365))));
    assert_eq!(requirement.satisfies[0].strength, Strength::Text);
    assert!(requirement.objects.as_ref().is_some_and(|objects| objects.value.admits(&Value::integer(1))));
    assert_eq!(
        requirement.remedy.values().next().map(|remedy| &remedy.value),
        Some(&Value::Retention(Retention::Days(400)))
    );
    assert_eq!(config.targets["fake.a"].estate.as_deref(), Some("estates/a.json"));
    assert_eq!(config.targets["fake.b"].estate, None);
    assert!(matches!(config.targets["fake.b"].target.arguments["regions"], Value::Deferred(_)));
}

#[test]
fn a_literal_carries_the_calendar_of_its_module() {
    let least = |text: &str| {
        let bound = bound(text);
        (1..400).find(|days| bound.admits(&Value::Retention(Retention::Days(*days))))
    };
    let require = "require \"fake_log_group\" \"a\" {\n  where = true\n  must { retention = at_least(\"12mo\") }\n}\n";
    assert_eq!(least(&format!("{TARGET}{require}")), Some(366));
    assert_eq!(least(&format!("{TARGET}ordain {{ calendar = \"nominal\" }}\n{require}")), Some(365));
    let importer =
        "module \"m\" {\n  source = \"./m\"\n  targets = [target.fake.t]\n  kept = \"12mo\"\n}\n# m/main.hcl\n";
    let variable = "variable \"kept\" { type = duration }\n";
    let require = "require \"fake_log_group\" \"a\" {\n  where = true\n  must { retention = at_least(var.kept) }\n}\n";
    let nominal = "ordain { calendar = \"nominal\" }\n";
    assert_eq!(least(&format!("{TARGET}{importer}{nominal}{variable}{require}")), Some(366), "written in the importer");
    assert_eq!(least(&format!("{TARGET}{nominal}{importer}{variable}{require}")), Some(365), "written in the importer");
}

#[test]
fn keys_have_one_spelling() {
    let config = config(&format!(
        "{TARGET}locals {{ office = [\"10.0.0.0/8\"] }}
require \"fake_firewall\" \"a\" {{
  where = true
  must {{ ingress_from = {{ \"TCP/5432\" = within(local.office), \"tcp/22\" = nobody() }} }}
}}"
    ));
    let demands = &config.requirements[0].demands;
    let names: Vec<String> = demands.iter().map(|demand| demand.name().to_string()).collect();
    assert_eq!(names, ["ingress_from[\"tcp/22\"]", "ingress_from[\"tcp/5432\"]"]);
    assert_eq!(demands[0].bound, Bound::nobody());
    assert_eq!(demands[1].bound, Bound::within(CidrSet::parse(["10.0.0.0/8"]).expect("a block")));
}

#[test]
fn a_number_that_a_variable_moved_is_the_organisations() {
    let profile = |inputs: &str| {
        config(&format!(
            "{TARGET}variable \"days\" {{
  type    = duration
  default = \"365d\"
}}
variable \"key\" {{ type = string }}
locals {{ least = at_least(var.days) }}
control \"soc2\" \"CC7.2\" {{
  edition  = \"TSC 2017\"
  title    = \"t\"
  citation = \"c\"
}}
require \"fake_log_group\" \"a\" {{
  where     = true
  satisfies = [convention(control.soc2[\"CC7.2\"])]
  must {{
    encrypted = true
    kms_key   = var.key
    retention = local.least
  }}
}}
$ -var key=k
{inputs}"
        ))
    };
    let strengths = |config: &Config| -> Vec<Strength> {
        let requirement = &config.requirements[0];
        requirement.demands.iter().map(|demand| demand.strength(&requirement.satisfies[0])).collect()
    };
    let (convention, organisation) = (Strength::Convention, Strength::Organisation);
    assert_eq!(strengths(&profile("")), [convention, organisation, convention]);
    assert_eq!(
        strengths(&profile("$ -var days=365d")),
        [convention, organisation, convention],
        "the default said again"
    );
    assert_eq!(strengths(&profile("$ -var days=400d")), [convention, organisation, organisation]);
    assert_eq!(profile("$ -var days=400d").requirements[0].demands[2].moved_by, ["days".into()]);
}

#[test]
fn the_last_value_on_the_command_line_wins_and_wins_over_the_environment() {
    let value = |inputs: &str| {
        let variable = "variable \"a\" {\n  type = number\n  default = 0\n}\n# one.vars\na = 1\n# two.vars\na = 2\n";
        config(&format!("{variable}{inputs}")).variables["a"].clone()
    };
    assert_eq!(value("$ -var-file one.vars\n$ -var-file two.vars"), Value::integer(2));
    assert_eq!(value("$ -var-file two.vars\n$ -var-file one.vars"), Value::integer(1));
    assert_eq!(value("$ -var-file two.vars\n$ -var-file one.vars\n$ -var a=3"), Value::integer(3));
    assert_eq!(value("$ -var a=3\n$ -var-file two.vars\n$ -var-file one.vars"), Value::integer(1));
    assert_eq!(value("$ ORDAIN_VAR_a=4\n$ -var-file one.vars\n$ -var-file two.vars"), Value::integer(2));
    assert_eq!(value("$ ORDAIN_VAR_a=4\n$ -var-file one.vars\n$ -var-file two.vars\n$ -var a=5"), Value::integer(5));
    let environment = "variable \"a\" {\n  type = number\n  default = 0\n}\n$ ORDAIN_VAR_a=4\n";
    assert_eq!(config(environment).variables["a"], Value::integer(4));
}

#[test]
fn text_from_outside_is_read_by_the_type() {
    let value =
        |of: &str, text: &str| config(&format!("variable \"a\" {{ {of} }}\n$ -var a={text}")).variables["a"].clone();
    assert_eq!(value("", "hello world"), Value::string("hello world"));
    assert_eq!(value("type = string", "[1]"), Value::string("[1]"));
    assert_eq!(value("type = bool", "true"), Value::Bool(true));
    assert_eq!(value("type = number", "5"), Value::integer(5));
    assert_eq!(value("type = retention", "unlimited"), Value::Retention(Retention::Unlimited));
    assert_eq!(value("type = any", "\"x\""), Value::string("x"));
    assert_eq!(value("type = list(number)", "[1, \"2\"]"), Value::list([Value::integer(1), Value::integer(2)]));
    assert_eq!(value("type = set(string)", "[\"b\", \"a\", \"b\"]"), Value::set(["a", "b"]));
    let cidrs = CidrSet::parse(["10.0.0.0/8"]).expect("a block");
    assert_eq!(value("type = cidrs", "[\"10.0.0.0/8\"]"), Value::Cidrs(cidrs));
    let object =
        value("type = object({ a = number, b = optional(string, \"x\"), c = optional(bool) })", "{ a = \"1\", z = 2 }");
    let Value::Object(members) = object else { panic!("an object") };
    let members: Vec<(&str, &Value)> = members.iter().map(|(name, value)| (&**name, value)).collect();
    assert_eq!(members, [("a", &Value::integer(1)), ("b", &Value::string("x")), ("c", &Value::Null)]);
}

#[test]
fn ephemeral_values_are_not_in_the_configuration() {
    let config = config(
        "variable \"token\" {
  type      = string
  ephemeral = true
}
variable \"open\" { default = 1 }
locals { copy = \"Bearer ${var.token}\" }
target \"fake\" \"t\" { token = local.copy }
require \"fake_log_group\" \"a\" {
  where = self.name == \"${var.open}\"
  must { encrypted = true }
}
$ -var token=hunter2",
    );
    assert_eq!(config.variables.keys().map(|name| &**name).collect::<Vec<_>>(), ["open"]);
    assert_eq!(config.targets["fake.t"].target.arguments["token"], Value::string("Bearer hunter2"));
    assert!(!format!("{:?}", config.requirements).contains("hunter2"), "a selector captures no secret");
}

#[test]
fn modules_come_in_the_order_of_their_paths_with_digests_of_their_texts() {
    let text = "module \"b\" { source = \"./m\" }\nmodule \"a\" { source = \"./m\" }\n# m/x.hcl\nlocals { x = 1 }\n# m/y.hcl\n";
    let before = config(text);
    let paths: Vec<&str> = before.modules.iter().map(|module| &*module.path).collect();
    assert_eq!(paths, ["", "module.a", "module.b"]);
    assert_eq!(before.modules[1].digest, before.modules[2].digest);
    assert_eq!(&*before.modules[1].directory, "m");
    let renamed = config(&text.replace("m/y.hcl", "m/z.hcl"));
    assert_ne!(before.modules[1].digest, renamed.modules[1].digest, "names count");
    assert_eq!(before.modules[0].digest, renamed.modules[0].digest);
    let changed = config(&text.replace("x = 1", "x = 2"));
    assert_ne!(before.modules[1].digest, changed.modules[1].digest, "texts count");
    assert_eq!(config(text).modules[1].digest, before.modules[1].digest, "same inputs, same digest");
}

#[test]
fn a_module_sees_the_targets_it_is_given() {
    let config = config(
        "target \"fake\" \"a\" { regions = [\"x\"] }
target \"fake\" \"b\" { regions = [\"x\"] }
module \"m\" {
  source  = \"./m\"
  targets = [target.fake.b]
}
# m/main.hcl
require \"fake_log_group\" \"r\" {
  where = true
  must { encrypted = true }
}
assert \"s\" {
  condition = alltrue([for group in all.fake_log_group : group.encrypted && group.tags.x == group.name])
  message   = \"m\"
}",
    );
    assert_eq!(&*config.requirements[0].address, "module.m.require.fake_log_group.r");
    assert_eq!(config.requirements[0].targets, ["fake.b".into()]);
    let assertion = &config.assertions[0];
    assert_eq!((&*assertion.address, &assertion.targets), ("module.m.assert.s", &vec!["fake.b".into()]));
    let reads: Vec<&str> = assertion.reads["fake_log_group"].iter().map(|name| &**name).collect();
    assert_eq!(reads, ["encrypted", "name", "tags"]);
}

#[test]
fn two_compiles_of_one_profile_are_equal() {
    let text = format!("{TARGET}module \"m\" {{ source = \"./m\" }}\n# m/main.hcl\nlocals {{ a = 1 }}\n");
    assert_eq!(format!("{:?}", config(&text)), format!("{:?}", config(&text)));
}

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
fn a_value_from_outside_is_one_value() {
    let mut profile = Profile::read("variable \"a\" { type = list(number) }\n");
    let input = |text: &str| Input::Variable { name: "a".into(), text: text.into() };
    profile.inputs.arguments = vec![input("[1]\nb = 2")];
    let messages = profile.compile().messages();
    assert_eq!(messages, "[wrong-type] `-var a` gives `a` more than one value, or none");
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
    let config = config(EVERYTHING);
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

#[test]
fn locals_have_their_values_before_their_users_whatever_their_names() {
    let text = "locals {\n  a = local.z + local.y\n  z = 1\n  y = local.x\n  x = 2\n}
target \"fake\" \"t\" { owner = \"x${local.a}\" }";
    assert_eq!(config(text).targets["fake.t"].owner.as_deref(), Some("x3"));
}

#[test]
fn a_file_that_may_hold_secrets_and_does_not_read_is_kept_nowhere() {
    let text = "variable \"a\" {\n  type = string\n  ephemeral = true\n}\n$ -var-file values.vars\n# values.vars\na \"hunter2\"\n";
    let compiled = Profile::read(text).compile();
    assert!(compiled.config.is_none());
    assert!(!compiled.messages().contains("hunter2"), "{}", compiled.messages());
    assert!(compiled.sources.iter().all(|(_, source)| !source.text.contains("hunter2")));
}

#[test]
fn what_depends_on_a_variable_without_a_value_is_left_out_and_listed() {
    let text = "target \"fake\" \"t\" { owner = var.owner }
variable \"owner\" { type = string }
variable \"days\" { type = duration }
locals { least = at_least(var.days) }
require \"fake_log_group\" \"kept\" {
  where = true
  must { retention = local.least }
}
require \"fake_log_group\" \"encrypted\" {
  where = true
  must { encrypted = true }
}
module \"inner\" {
  source  = \"./inner\"
  targets = [target.fake.t]
  days    = var.days
}
# inner/main.hcl
variable \"days\" { type = duration }
require \"fake_log_group\" \"inner\" {
  where = true
  must { retention = at_least(var.days) }
}
$ -var owner=platform
";
    let mut profile = Profile::read(text);
    assert!(profile.compile().config.is_none(), "an error where somebody acts on it");
    profile.inputs.missing = Missing::Undecided;
    let compiled = profile.compile();
    let config = compiled.config();
    let addresses: Vec<&str> = config.undecided.iter().map(|undecided| &*undecided.address).collect();
    assert_eq!(addresses, ["module.inner.require.fake_log_group.inner", "require.fake_log_group.kept"]);
    let decided: Vec<&str> = config.requirements.iter().map(|requirement| &*requirement.address).collect();
    assert_eq!(decided, ["require.fake_log_group.encrypted"]);
    let expected = "[missing-variable warning] the variable `days` has no default and is given no value
  at main.hcl:3 `variable \"days\"` declared here
  help: What depends on it is not decided.
  paste: -var 'days=...'";
    assert_eq!(compiled.messages(), expected);
    profile.files.insert("wrong.hcl".into(), b"locals { a = local.missing }\n".to_vec());
    assert!(profile.compile().config.is_none(), "other mistakes are errors all the same");
}
