//! Selectors: three answers for objects, and what is proved of two of them without any object.

use crate::fake::{FIREWALL, LOG_GROUP};
use crate::profile::Profile;
use ordain_language::selector::{Population, Selection, Selector};
use ordain_model::address::{Cell, ObjectAddress, SettingName};
use ordain_model::observation::{Cause, Listing, Object, Reading, Reason};
use ordain_model::sorted::Sorted;
use ordain_model::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The selector of a requirement with this condition.
fn selector(condition: &str) -> Selector {
    requirement(condition, "\"nobody\"").0
}

/// The selector and the owner of a requirement.
fn requirement(condition: &str, owner: &str) -> (Selector, Option<Selector>) {
    let text = format!(
        "target \"fake\" \"t\" {{ estate = \"e.json\" }}
variable \"prefix\" {{ default = \"/prod/\" }}
locals {{ team = \"platform\" }}
require \"fake_log_group\" \"a\" {{
  where = {condition}
  owner = {owner}
  must {{ encrypted = true }}
}}"
    );
    let compiled = Profile::read(&text).compile();
    let requirement = compiled.config().requirements[0].clone();
    (requirement.selector, requirement.owner)
}

fn cell() -> Arc<Cell> {
    Arc::new(Cell { provider: "fake".into(), scope: vec!["1".into()] })
}

fn address() -> ObjectAddress {
    ObjectAddress { cell: cell(), kind: "fake_log_group".into(), id: "lg-1".into() }
}

fn denied() -> Reason {
    Reason::new(Cause::Denied, "ListTags")
}

/// A log group with this name and these tags; the other attributes were denied.
fn group(name: &str, tags: &[(&str, &str)]) -> Object {
    let tags = tags.iter().map(|(key, value)| ((*key).into(), Value::string(value))).collect::<BTreeMap<_, _>>();
    let readings = [
        ("name", Reading::Value(Value::string(name))),
        ("tags", Reading::Value(Value::object(tags))),
        ("multi", Reading::Unknown(denied())),
        ("engine", Reading::NotApplicable("has none".into())),
        ("size", Reading::Value(Value::integer(5))),
    ];
    Object { attributes: readings.map(|(name, reading)| (name.into(), reading)).into(), settings: Sorted::default() }
}

fn answer(condition: &str) -> Selection {
    selector(condition).select(&group("/prod/api", &[("team", "platform")]), &address())
}

#[test]
fn a_condition_has_three_answers() {
    assert_eq!(answer("true"), Selection::Yes);
    assert_eq!(answer("false"), Selection::No);
    assert_eq!(answer("startswith(self.name, var.prefix)"), Selection::Yes);
    assert_eq!(answer("self.name == \"other\""), Selection::No);
    assert_eq!(answer("self.tags.team == local.team"), Selection::Yes);
    assert_eq!(answer("self.id == \"lg-1\""), Selection::Yes);
    assert_eq!(answer("self.engine == null"), Selection::Yes);
    assert_eq!(answer("self.size >= 5"), Selection::Yes);
    assert_eq!(answer("self.multi"), Selection::Unknown(denied()));
    assert_eq!(answer("!self.multi"), Selection::Unknown(denied()));
}

#[test]
fn unknown_is_three_valued() {
    assert_eq!(answer("self.multi && false"), Selection::No);
    assert_eq!(answer("self.multi || true"), Selection::Yes);
    assert_eq!(answer("self.multi || false"), Selection::Unknown(denied()));
    assert_eq!(answer("self.multi && self.size == 5"), Selection::Unknown(denied()));
    assert_eq!(answer("try(self.multi, false)"), Selection::Unknown(denied()));
    assert_eq!(answer("can(self.multi)"), Selection::Unknown(denied()));
    assert_eq!(answer("coalesce(self.multi, true)"), Selection::Unknown(denied()));
}

#[test]
fn a_tag_that_is_not_set_is_null() {
    assert_eq!(answer("self.tags.owner == null"), Selection::Yes);
    assert_eq!(answer("self.tags[\"owner\"] == \"x\""), Selection::No);
    assert_eq!(answer("lookup(self.tags, \"owner\", \"x\") == \"x\""), Selection::Yes);
}

#[test]
fn what_was_not_collected_is_unknown() {
    let mut object = group("x", &[]);
    object.attributes.remove("name");
    let Selection::Unknown(reason) = selector("self.name == \"x\"").select(&object, &address()) else {
        panic!("not collected is unknown")
    };
    assert_eq!(reason.cause, Cause::NotCollected);
}

#[test]
fn no_value_is_unknown_never_no() {
    let Selection::Unknown(reason) = answer("tonumber(self.name) > 5") else { panic!("an error is unknown") };
    assert_eq!(reason.cause, Cause::Unevaluated);
    let Selection::Unknown(reason) = answer("lookup(self.tags, \"team\", true)") else { panic!("a text is no answer") };
    assert_eq!(
        (reason.cause, &*reason.detail),
        (Cause::Unevaluated, "the expression gives a string, not true or false")
    );
}

#[test]
fn a_selector_says_what_it_reads() {
    let read =
        |condition: &str| selector(condition).attributes().iter().map(|name| name.to_string()).collect::<Vec<_>>();
    assert_eq!(read("true"), [""; 0]);
    assert_eq!(read("self.id == \"x\""), [""; 0]);
    assert_eq!(read("self.tags.team == \"x\" || (false && self.multi)"), ["multi", "tags"]);
    assert_eq!(read("anytrue([for key in [\"a\"] : self.name == key])"), ["name"]);
}

#[test]
fn an_owner_is_a_text_of_the_object() {
    let owner = |expression: &str, object: &Object| {
        requirement("true", expression).1.map(|owner| owner.text(object, &address()))
    };
    let object = group("x", &[("team", "payments")]);
    assert_eq!(owner("self.tags.team", &object), Some(Ok(Some("payments".into()))));
    assert_eq!(owner("self.tags.none", &object), Some(Ok(None)));
    assert_eq!(owner("lookup(self.tags, \"none\", \"platform\")", &object), Some(Ok(Some("platform".into()))));
    assert_eq!(owner("self.multi ? \"a\" : \"b\"", &object), Some(Err(denied())));
}

#[test]
fn disjoint_is_proved_from_equality_and_prefixes() {
    let disjoint = |one: &str, other: &str| {
        let (one, other) = (selector(one), selector(other));
        assert_eq!(one.disjoint(&other), other.disjoint(&one), "disjointness is symmetric");
        one.disjoint(&other)
    };
    assert!(disjoint("self.name == \"a\"", "self.name == \"b\""));
    assert!(disjoint("self.name == \"a\"", "\"b\" == self.name && self.multi"));
    assert!(disjoint("startswith(self.name, var.prefix)", "self.name == \"/dev/x\""));
    assert!(disjoint("startswith(self.name, \"/a\")", "startswith(self.name, \"/b\")"));
    assert!(disjoint("self.tags.team == \"a\"", "self.tags[\"team\"] == \"b\""));
    assert!(disjoint("lookup(self.tags, \"team\", \"\") == \"a\"", "self.tags.team == \"b\""));
    assert!(disjoint("false", "true"));
    assert!(disjoint("self.multi && false", "true"));

    assert!(!disjoint("self.name == \"a\"", "self.name == \"a\""));
    assert!(!disjoint("self.name == \"a\"", "self.tags.name == \"b\""));
    assert!(!disjoint("startswith(self.name, \"/a\")", "startswith(self.name, \"/a/b\")"));
    assert!(!disjoint("startswith(self.name, \"/a\")", "self.name == \"/a\""));
    assert!(!disjoint("self.name == \"a\" || self.multi", "self.name == \"b\""));
    assert!(!disjoint("!(self.name == \"a\")", "self.name == \"a\""), "negation is not taken apart");
    assert!(!disjoint("self.size == \"5\"", "self.size == \"05\""), "two spellings of one number");
    assert!(!disjoint("lookup(self.tags, \"team\", \"a\") == \"a\"", "lookup(self.tags, \"team\", \"b\") == \"b\""));
    let prefix = "startswith(lookup(self.tags, \"team\", \"ab\"), \"a\")";
    assert!(!disjoint(prefix, "lookup(self.tags, \"team\", \"b\") == \"b\""), "a missing tag passes both");
    assert!(!disjoint("true", "self.name == \"a\""));
}

#[test]
fn implication_is_proved_from_the_same_tests() {
    let implies = |one: &str, other: &str| selector(one).implies(&selector(other));
    assert!(implies("self.name == \"/prod/a\"", "true"));
    assert!(implies("false", "self.multi"));
    assert!(implies("self.name == \"/prod/a\"", "startswith(self.name, var.prefix)"));
    assert!(implies("startswith(self.name, \"/prod/a\")", "startswith(self.name, \"/prod\")"));
    assert!(implies("self.name == \"a\" && self.multi", "self.name == \"a\""));
    assert!(implies("self.multi && self.name == \"a\"", "self.name == \"a\" && self.multi"));
    assert!(implies("self.multi || self.size > 5", "self.multi || self.size > 5"), "the same text");

    assert!(!implies("true", "self.multi"));
    assert!(!implies("startswith(self.name, \"/prod\")", "self.name == \"/prod/a\""));
    assert!(!implies("self.name == \"a\"", "self.name == \"a\" && self.multi"));
    assert!(!implies("startswith(self.name, \"/prod\")", "startswith(self.name, \"/prod/a\")"));
    assert!(!implies("self.multi", "self.size > 5"));
}

#[test]
fn equal_texts_over_other_values_imply_nothing() {
    let of = |prefix: &str| {
        let text = format!(
            "target \"fake\" \"t\" {{ estate = \"e.json\" }}
locals {{ prefix = \"{prefix}\" }}
require \"fake_log_group\" \"a\" {{
  where = endswith(self.name, local.prefix)
  must {{ encrypted = true }}
}}"
        );
        Profile::read(&text).compile().config().requirements[0].selector.clone()
    };
    assert!(of("a").implies(&of("a")));
    assert!(!of("a").implies(&of("b")));
}

/// The condition of an assertion.
fn condition(text: &str) -> Selector {
    let text = format!(
        "target \"fake\" \"t\" {{ estate = \"e.json\" }}
assert \"a\" {{
  condition = {text}
  message   = \"m\"
}}"
    );
    Profile::read(&text).compile().config().assertions[0].condition.clone()
}

fn population() -> Population {
    let mut one = group("a", &[("team", "x")]);
    one.settings.insert(SettingName::plain("kms_key"), Reading::Value(Value::string("k")));
    let two = group("b", &[]);
    let objects = BTreeMap::from([("lg-1".into(), one), ("lg-2".into(), two)]);
    let mut population = Population::default();
    population.add(&LOG_GROUP, &cell(), &Listing { incomplete: None, objects });
    let key = SettingName::keyed("ingress_from", "tcp/1");
    let wall = Object { attributes: Sorted::default(), settings: Sorted::from([(key, Reading::Value(Value::Null))]) };
    let objects = BTreeMap::from([("fw-1".into(), wall)]);
    population.add(&FIREWALL, &cell(), &Listing { incomplete: None, objects });
    population
}

#[test]
fn an_assertion_reads_attributes_and_settings_of_all() {
    let holds = |text: &str| condition(text).holds(&population());
    assert_eq!(holds("length(all.fake_log_group) == 2"), Selection::Yes);
    assert_eq!(holds("[for group in all.fake_log_group : group.name] == [\"a\", \"b\"]"), Selection::Yes);
    assert_eq!(holds("all.fake_log_group[*].name == [\"a\", \"c\"]"), Selection::No);
    assert_eq!(holds("[for group in all.fake_log_group : group.id] == [\"lg-1\", \"lg-2\"]"), Selection::Yes);
    assert_eq!(holds("[for group in all.fake_log_group : group.tags.team] == [\"x\", null]"), Selection::Yes);
    assert_eq!(holds("all.fake_log_group[0].kms_key == \"k\""), Selection::Yes);
    assert_eq!(holds("one(slice(reverse(all.fake_log_group), 0, 1)).name == \"b\""), Selection::Yes);
    assert_eq!(holds("length(distinct([for g in all.fake_log_group : g.size])) == 1"), Selection::Yes);
    assert_eq!(holds("all.fake_firewall[0].ingress_from[\"tcp/1\"] == null"), Selection::Yes);
    let Selection::Unknown(reason) = holds("all.fake_log_group[1].kms_key == \"k\"") else { panic!("not collected") };
    assert_eq!(reason.cause, Cause::NotCollected);
    let Selection::Unknown(reason) = holds("alltrue([for group in all.fake_log_group : group.multi])") else {
        panic!("what could not be read is unknown")
    };
    assert_eq!(reason.cause, Cause::Denied);
}

#[test]
fn an_assertion_says_what_it_reads_through_lists_of_objects() {
    let read = |text: &str| {
        let text = format!(
            "target \"fake\" \"t\" {{ estate = \"e.json\" }}\nassert \"a\" {{\n  condition = {text}\n  message = \"m\"\n}}"
        );
        Profile::read(&text).compile().config().assertions[0].reads.clone()
    };
    let names = |text: &str| read(text).remove("fake_log_group").unwrap_or_default().join(" ");
    assert_eq!(names("length(all.fake_log_group) == 0"), "");
    assert_eq!(names("one(slice(all.fake_log_group, 0, 1)).name == \"x\""), "name");
    assert_eq!(names("element(concat(all.fake_log_group, all.fake_log_group), 3).kms_key == null"), "kms_key");
    assert_eq!(names("[for g in [for h in all.fake_log_group : h if h.multi] : g.tags.x] == []"), "multi tags");
    assert_eq!(names("alltrue([for id, g in { for g in all.fake_log_group : g.id => g.size } : g > 1])"), "size");
    assert_eq!(names("all.fake_log_group == []"), "engine multi name size tags", "as a whole: every attribute");
    let firewalls = read("all.fake_firewall[*].ingress_from[\"tcp/1\"] == []");
    assert_eq!(&*firewalls["fake_firewall"][0], "ingress_from[\"tcp/1\"]");
}

#[test]
fn a_list_that_may_lack_objects_is_unknown() {
    let mut population = population();
    population.add(&LOG_GROUP, &cell(), &Listing { incomplete: Some(denied()), objects: BTreeMap::new() });
    assert_eq!(condition("length(all.fake_log_group) == 2").holds(&population), Selection::Unknown(denied()));
    population.unresolved(&FIREWALL, &denied());
    assert_eq!(condition("length(all.fake_firewall) == 1").holds(&population), Selection::Unknown(denied()));
    let nobody = Population::default();
    let Selection::Unknown(reason) = condition("length(all.fake_firewall) == 0").holds(&nobody) else {
        panic!("a kind nobody added is unknown")
    };
    assert_eq!(reason.cause, Cause::NotCollected);
}
