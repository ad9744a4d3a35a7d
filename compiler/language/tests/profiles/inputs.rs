//! Values from outside the profile.

use crate::profile::{Profile, config};
use ordain_language::inputs::{Input, Missing};
use ordain_model::cidr::CidrSet;
use ordain_model::retention::Retention;
use ordain_model::value::Value;

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
fn a_value_from_outside_is_one_value() {
    let mut profile = Profile::read("variable \"a\" { type = list(number) }\n");
    let input = |text: &str| Input::Variable { name: "a".into(), text: text.into() };
    profile.inputs.arguments = vec![input("[1]\nb = 2")];
    let messages = profile.compile().messages();
    assert_eq!(messages, "[wrong-type] `-var a` gives `a` more than one value, or none");
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
fn instances_that_depend_on_a_variable_without_a_value_are_listed_by_their_block() {
    let text = "target \"fake\" \"t\" { regions = [\"x\"] }
variable \"names\" { type = set(string) }
require \"fake_log_group\" \"each\" {
  for_each = var.names
  where    = true
  must { encrypted = true }
}
module \"inner\" {
  for_each = var.names
  source   = \"./inner\"
  targets  = [target.fake.t]
}
locals { all = module.inner }
require \"fake_log_group\" \"user\" {
  where = self.name == local.all
  must { encrypted = true }
}
moved {
  from = require.fake_log_group.former
  to   = module.inner[\"a\"].require.fake_log_group.inner
}
# inner/main.hcl
require \"fake_log_group\" \"inner\" {
  where = true
  must { encrypted = true }
}
";
    let mut profile = Profile::read(text);
    profile.inputs.missing = Missing::Undecided;
    let compiled = profile.compile();
    let config = compiled.config();
    let addresses: Vec<&str> = config.undecided.iter().map(|undecided| &*undecided.address).collect();
    assert_eq!(addresses, ["module.inner", "require.fake_log_group.each", "require.fake_log_group.user"]);
    assert!(config.requirements.is_empty());
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
