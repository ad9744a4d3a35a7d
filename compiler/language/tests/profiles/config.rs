//! What a profile that compiles means.

use crate::profile::config;
use ordain_language::config::{Config, Gravity, Strength};
use ordain_model::bound::Bound;
use ordain_model::cidr::CidrSet;
use ordain_model::retention::Retention;
use ordain_model::value::Value;

/// The bound of the first demand of the first requirement.
fn bound(text: &str) -> Bound {
    config(text).requirements[0].demands[0].bound.clone()
}

const TARGET: &str = "target \"fake\" \"t\" { estate = \"e.json\" }\n";

#[test]
fn an_estate_is_found_beside_the_profile() {
    let config = config("target \"fake\" \"a\" { estate = \"./estates/a.json\" }");
    assert_eq!(config.targets["fake.a"].estate.as_deref(), Some("estates/a.json"));
}

#[test]
fn a_requirement_is_complete() {
    let config = config(
        "target \"fake\" \"b\" { regions = enabled() }
target \"fake\" \"a\" { }
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
    assert_eq!(&*requirement.id, "logs");
    assert_eq!((requirement.severity, &*requirement.enforced), (Gravity::Critical, &[][..]));
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
fn a_number_that_an_importer_moved_is_the_organisations_also_through_an_output() {
    let strength = |days: &str| {
        let config = config(&format!(
            "{TARGET}module \"m\" {{
  source = \"./m\"
{days}}}
control \"soc2\" \"CC7.2\" {{
  edition  = \"TSC 2017\"
  title    = \"t\"
  citation = \"c\"
}}
require \"fake_log_group\" \"a\" {{
  where     = true
  satisfies = [text(control.soc2[\"CC7.2\"])]
  must {{ retention = at_least(module.m.days) }}
}}
# m/main.hcl
variable \"days\" {{
  type    = duration
  default = \"365d\"
}}
output \"days\" {{ value = var.days }}
"
        ));
        config.requirements[0].demands[0].strength(&config.requirements[0].satisfies[0])
    };
    assert_eq!(strength(""), Strength::Text);
    assert_eq!(strength("  days = \"400d\"\n"), Strength::Organisation);
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
    assert_eq!(&*config.requirements[0].module, "module.m");
    assert_eq!(config.requirements[0].targets, ["fake.b".into()]);
    let assertion = &config.assertions[0];
    assert_eq!((&*assertion.address, &assertion.targets), ("module.m.assert.s", &vec!["fake.b".into()]));
    let reads: Vec<&str> = assertion.reads["fake_log_group"].iter().map(|name| &**name).collect();
    assert_eq!(reads, ["encrypted", "name", "tags"]);
}

const MOVES: &str = "target \"fake\" \"t\" { regions = [\"x\"] }
require \"fake_log_group\" \"third\" {
  for_each = toset([\"a\", \"b\"])
  where    = true
  must { encrypted = true }
}
require \"fake_log_group\" \"named\" {
  id    = \"logs\"
  where = true
  must { encrypted = true }
}
module \"base\" {
  for_each = toset([\"k\"])
  source   = \"./base\"
  targets  = [target.fake.t]
}
moved {
  from = require.fake_log_group.first
  to   = require.fake_log_group.second
}
moved {
  from = require.fake_log_group.second
  to   = require.fake_log_group.third
}
moved {
  from = require.fake_log_group.single
  to   = require.fake_log_group.first[\"b\"]
}
moved {
  from = require.fake_log_group.unnamed
  to   = require.fake_log_group.named
}
moved {
  from = module.basis
  to   = module.base[\"k\"]
}
# base/main.hcl
require \"fake_log_group\" \"kept\" {
  where = true
  must { encrypted = true }
}
require \"fake_log_group\" \"named\" {
  id    = \"logs\"
  where = true
  must { encrypted = true }
}
moved {
  from = require.fake_log_group.retained
  to   = require.fake_log_group.kept
}";

#[test]
fn findings_keep_their_ids_when_requirements_move() {
    let config = config(MOVES);
    let ids: Vec<(&str, &str)> =
        config.requirements.iter().map(|requirement| (&*requirement.address, &*requirement.id)).collect();
    let expected = [
        ("module.base[\"k\"].require.fake_log_group.kept", "module.basis.require.fake_log_group.retained"),
        ("module.base[\"k\"].require.fake_log_group.named", "module.basis.logs"),
        ("require.fake_log_group.named", "logs"),
        ("require.fake_log_group.third[\"a\"]", "require.fake_log_group.first[\"a\"]"),
        ("require.fake_log_group.third[\"b\"]", "require.fake_log_group.single"),
    ];
    assert_eq!(ids, expected);
    let formerly: Vec<&str> = config.requirements[4].formerly.iter().map(|former| &**former).collect();
    let expected = [
        "require.fake_log_group.second[\"b\"]",
        "require.fake_log_group.first[\"b\"]",
        "require.fake_log_group.single",
    ];
    assert_eq!(formerly, expected);
}

#[test]
fn two_compiles_of_one_profile_are_equal() {
    let text = format!("{TARGET}module \"m\" {{ source = \"./m\" }}\n# m/main.hcl\nlocals {{ a = 1 }}\n");
    assert_eq!(format!("{:?}", config(&text)), format!("{:?}", config(&text)));
}

#[test]
fn locals_have_their_values_before_their_users_whatever_their_names() {
    let text = "locals {\n  a = local.z + local.y\n  z = 1\n  y = local.x\n  x = 2\n}
target \"fake\" \"t\" { owner = \"x${local.a}\" }";
    assert_eq!(config(text).targets["fake.t"].owner.as_deref(), Some("x3"));
}
