//! What profiles write as bounds: what is read, what is refused and what is offered in its place.

#![allow(clippy::unwrap_used, reason = "what a test sets up must hold, or the test fails")]

use ordain_model::bound::{Bound, BoundProblem, BoundTerm, Constructor};
use ordain_model::duration::Calendar;
use ordain_model::schema::Stricter;
use ordain_model::types::Type;
use ordain_model::value::Value;
use std::sync::Arc;

const TOKENS: Type = Type::Enum(&["off", "optional", "required"]);
const LOGS: Type = Type::Strings(Some(&["api", "audit"]));

fn term(constructor: Constructor, arguments: &[Value]) -> Value {
    Value::Bound(Arc::new(BoundTerm { constructor, arguments: arguments.to_vec(), calendar: Calendar::Strict }))
}

fn texts(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| Value::string(text)).collect()
}

fn read(value: &Value, of: Type, stricter: Stricter) -> Result<String, BoundProblem> {
    Bound::from_value(value, of, stricter, Calendar::Strict).map(|bound| bound.to_string())
}

fn retention(constructor: Constructor, arguments: &[&str]) -> Result<String, BoundProblem> {
    read(&term(constructor, &texts(arguments)), Type::Retention, Stricter::Greater)
}

#[test]
fn bounds_print_in_the_syntax_of_the_profile() {
    use Constructor::*;
    for (constructor, arguments, printed) in [
        (AtLeast, &["365d"][..], r#"at_least("365d")"#),
        (AtLeast, &["1y"], r#"at_least("366d")"#),
        (AtMost, &["1y"], r#"at_most("365d")"#),
        (Between, &["30d", "52w"], r#"between("30d", "364d")"#),
        (Exactly, &["unlimited"], r#"exactly("unlimited")"#),
        (OneOf, &["5d", "1d", "unlimited"], r#"one_of("1d", "5d", "unlimited")"#),
        (NoneOf, &["unlimited"], r#"none_of("unlimited")"#),
        (NoneOf, &["5d"], r#"none_of("5d")"#),
        (AtLeast, &["disabled"], "present()"),
        (Present, &[], "present()"),
        (Absent, &[], "absent()"),
    ] {
        assert_eq!(retention(constructor, arguments).unwrap(), printed);
    }
    let both = [term(AtLeast, &texts(&["30d"])), term(NoneOf, &texts(&["60d", "61d"]))];
    let both = read(&term(AllOf, &both), Type::Retention, Stricter::Greater).unwrap();
    assert_eq!(both, r#"all_of(at_least("30d"), none_of("60d", "61d"))"#);
}

#[test]
fn every_type_has_its_functions() {
    use Constructor::*;
    let list = |items: &[&str]| vec![Value::List(texts(items).into())];
    for (of, stricter, constructor, arguments, printed) in [
        (Type::Bool, Stricter::True, Exactly, vec![Value::Bool(true)], "exactly(true)"),
        (Type::Bool, Stricter::True, NoneOf, vec![Value::Bool(true)], "exactly(false)"),
        (Type::Integer, Stricter::Lesser, AtMost, vec![Value::integer(1)], "at_most(1)"),
        (
            Type::Integer,
            Stricter::Lesser,
            OneOf,
            vec![Value::list([Value::integer(1), Value::integer(2)])],
            "between(1, 2)",
        ),
        (Type::Duration, Stricter::Greater, AtLeast, texts(&["36h"]), r#"at_least("1d12h")"#),
        (Type::Duration, Stricter::Greater, AtLeast, texts(&["1mo"]), r#"at_least("31d")"#),
        (Type::Duration, Stricter::Greater, AtMost, texts(&["1mo"]), r#"at_most("28d")"#),
        (TOKENS, Stricter::Later, AtLeast, texts(&["optional"]), r#"one_of("optional", "required")"#),
        (TOKENS, Stricter::Later, AtMost, texts(&["off"]), r#"exactly("off")"#),
        (TOKENS, Stricter::Later, Between, texts(&["off", "optional"]), r#"one_of("off", "optional")"#),
        (TOKENS, Stricter::Unordered, NoneOf, texts(&["off"]), r#"one_of("optional", "required")"#),
        (TOKENS, Stricter::Unordered, Matches, texts(&["^o"]), r#"one_of("off", "optional")"#),
        (TOKENS, Stricter::Later, AtLeast, texts(&["off"]), "present()"),
        (Type::String, Stricter::Unordered, Matches, texts(&["^arn:"]), r#"matches("^arn:")"#),
        (Type::String, Stricter::Unordered, NoneOf, list(&["a", "b"]), r#"none_of("a", "b")"#),
        (Type::String, Stricter::Unordered, NoneOf, list(&[]), "present()"),
        (LOGS, Stricter::Superset, SupersetOf, list(&["audit"]), r#"superset_of(["audit"])"#),
        (LOGS, Stricter::Superset, SubsetOf, list(&["api", "audit"]), "present()"),
        (LOGS, Stricter::Superset, Exactly, list(&["api"]), r#"exactly(["api"])"#),
        (Type::Cidrs, Stricter::Subset, Within, list(&["10.0.0.0/8"]), r#"within(["10.0.0.0/8"])"#),
        (Type::Cidrs, Stricter::Subset, Within, list(&["0.0.0.0/0", "::/0"]), "present()"),
        (Type::Cidrs, Stricter::Subset, Within, list(&[]), "within([])"),
        (Type::Cidrs, Stricter::Subset, Nobody, vec![], "nobody()"),
        (Type::Cidrs, Stricter::Subset, SupersetOf, list(&["::1/128"]), r#"superset_of(["::1/128"])"#),
        (Type::Cidrs, Stricter::Subset, Exactly, list(&["10.0.0.0/8"]), r#"exactly(["10.0.0.0/8"])"#),
    ] {
        assert_eq!(read(&term(constructor, &arguments), of, stricter).unwrap(), printed, "{of:?}");
    }
}

#[test]
fn a_bare_value_means_exactly_where_nothing_else_could_be_meant() {
    assert_eq!(read(&Value::Bool(true), Type::Bool, Stricter::True).unwrap(), "exactly(true)");
    assert_eq!(read(&Value::string("required"), TOKENS, Stricter::Later).unwrap(), r#"exactly("required")"#);
    assert_eq!(read(&Value::string("x"), Type::String, Stricter::Unordered).unwrap(), r#"exactly("x")"#);
    let list = Value::list(texts(&["10.0.0.0/8"]));
    for (value, of, stricter, help, paste) in [
        (
            Value::string("365d"),
            Type::Retention,
            Stricter::Greater,
            r#"write `at_least("365d")` or `exactly("365d")`"#,
            r#"at_least("365d")"#,
        ),
        (
            Value::string("365"),
            Type::Retention,
            Stricter::Greater,
            r#"write `at_least("365d")` or `exactly("365d")`"#,
            r#"at_least("365d")"#,
        ),
        (
            Value::integer(365),
            Type::Retention,
            Stricter::Greater,
            r#"write `at_least("365d")` or `exactly("365d")`"#,
            r#"at_least("365d")"#,
        ),
        (Value::integer(1), Type::Integer, Stricter::Lesser, "write `at_most(1)` or `exactly(1)`", "at_most(1)"),
        (
            list.clone(),
            Type::Cidrs,
            Stricter::Subset,
            r#"write `within(["10.0.0.0/8"])` or `exactly(["10.0.0.0/8"])`"#,
            r#"within(["10.0.0.0/8"])"#,
        ),
        (
            Value::list(texts(&["api"])),
            LOGS,
            Stricter::Superset,
            r#"write `superset_of(["api"])` or `exactly(["api"])`"#,
            r#"superset_of(["api"])"#,
        ),
    ] {
        let problem = read(&value, of, stricter).unwrap_err();
        assert_eq!(problem.code.name, "bare-value");
        assert_eq!(problem.help.as_deref(), Some(help));
        assert_eq!(problem.paste.as_deref(), Some(paste));
    }
}

#[test]
fn null_is_no_bound() {
    let null = |value: &Value, of| read(value, of, Stricter::Unordered).unwrap_err().code.name;
    assert_eq!(null(&Value::Null, Type::Retention), "null-bound");
    assert_eq!(null(&Value::Null, Type::String), "null-bound");
    assert_eq!(null(&term(Constructor::AtLeast, &[Value::Null]), Type::Retention), "null-bound");
    assert_eq!(null(&term(Constructor::OneOf, &[Value::list([Value::Null])]), Type::String), "null-bound");
    assert_eq!(null(&term(Constructor::Within, &[Value::list([Value::Null])]), Type::Cidrs), "null-bound");
    assert_eq!(null(&term(Constructor::Matches, &[Value::Null]), Type::String), "null-bound");
    assert_eq!(null(&term(Constructor::AllOf, &[Value::Null]), Type::String), "null-bound");
}

#[test]
fn wrong_arguments_say_what_is_expected() {
    use Constructor::*;
    for (constructor, arguments, paste) in [
        (AtLeast, &["365"][..], Some(r#"at_least("365d")"#)),
        (Exactly, &["12mo"], Some(r#"exactly("366d")"#)),
        (Exactly, &["36h"], Some(r#"exactly("2d")"#)),
        (Between, &["30", "60d"], Some(r#"between("30d", "60d")"#)),
        (AtMost, &["12h"], Some(r#"at_most("disabled")"#)),
        (AtLeast, &["soon"], None),
        (AtLeast, &[], None),
        (AtLeast, &["1d", "2d"], None),
        (OneOf, &[], None),
        (NoneOf, &[], None),
        (Between, &["60d", "30d"], None),
        (Between, &["12mo", "12mo"], None),
    ] {
        let problem = retention(constructor, arguments).unwrap_err();
        assert_eq!(problem.code.name, "bound-argument", "{arguments:?}");
        assert_eq!(problem.paste.as_deref(), paste, "{arguments:?}: {}", problem.detail);
    }
    let wrong = |value: Value, of| read(&value, of, Stricter::Later).unwrap_err();
    assert_eq!(
        wrong(term(AtLeast, &[Value::integer(365)]), Type::Retention).paste.as_deref(),
        Some(r#"at_least("365d")"#)
    );
    let typed = wrong(term(Exactly, &texts(&["requird"])), TOKENS);
    assert_eq!(typed.detail, "`exactly` takes one of `off`, `optional`, `required`, not `\"requird\"`");
    assert_eq!(typed.paste.as_deref(), Some(r#"exactly("required")"#));
    assert!(
        wrong(term(Within, &[Value::list(texts(&["10.0.0.1/8"]))]), Type::Cidrs).help.unwrap().contains("10.0.0.0/8")
    );
    let loose = wrong(term(Within, &texts(&["10.0.0.0/8", "192.0.2.0/24"])), Type::Cidrs);
    assert_eq!(loose.paste.as_deref(), Some(r#"within(["10.0.0.0/8", "192.0.2.0/24"])"#));
    let bare = wrong(Value::string("requird"), TOKENS);
    assert_eq!(bare.detail, "a setting of type enum takes one of `off`, `optional`, `required`, not `\"requird\"`");
    assert_eq!(bare.paste.as_deref(), Some(r#""required""#));
    assert!(wrong(Value::string("true"), Type::Bool).detail.contains("takes `true` or `false`"));
    assert!(wrong(term(Matches, &texts(&["("])), Type::String).detail.contains("unclosed group"));
    assert!(wrong(term(Matches, &texts(&["(a{1000}){1000}"])), Type::String).detail.contains("megabyte"));
    assert!(wrong(term(Between, &texts(&["required", "off"])), TOKENS).detail.starts_with("there is nothing from"));
}

#[test]
fn functions_that_say_nothing_are_refused_with_those_that_do() {
    use Constructor::*;
    for (constructor, of, stricter, suitable) in [
        (AtLeast, Type::Bool, Stricter::True, "`absent`, `all_of`, `exactly`, `none_of`, `one_of`, `present`"),
        (
            AtLeast,
            TOKENS,
            Stricter::Unordered,
            "`absent`, `all_of`, `exactly`, `matches`, `none_of`, `one_of`, `present`",
        ),
        (Within, LOGS, Stricter::Superset, "`absent`, `all_of`, `exactly`, `present`, `subset_of`, `superset_of`"),
        (Matches, Type::Retention, Stricter::Greater, "`absent`, `all_of`, `at_least`, `at_most`, `between`"),
        (AtMost, Type::Cidrs, Stricter::Subset, "`nobody`, `present`, `subset_of`, `superset_of`, `within`"),
        (Present, Type::Tags, Stricter::Unordered, "no bound"),
    ] {
        let problem = read(&term(constructor, &texts(&["x"])), of, stricter).unwrap_err();
        assert_eq!(problem.code.name, "unsuitable-bound");
        assert!(problem.help.as_ref().unwrap().contains(suitable), "{:?}", problem.help);
    }
}

#[test]
fn all_of_is_read_without_recursion() {
    let deep =
        (0..100_000).fold(term(Constructor::Exactly, &texts(&["x"])), |inner, _| term(Constructor::AllOf, &[inner]));
    assert_eq!(read(&deep, Type::String, Stricter::Unordered).unwrap(), r#"exactly("x")"#);
    // Values are dropped level by level; what builds them keeps them shallow, so this one is left alone.
    std::mem::forget(deep);
    let problem =
        read(&term(Constructor::AllOf, &[Value::string("365d")]), Type::Retention, Stricter::Greater).unwrap_err();
    assert_eq!(problem.code.name, "bare-value");
}

#[test]
fn functions_are_found_by_name() {
    for constructor in Constructor::ALL {
        assert_eq!(Constructor::find(constructor.name()), Some(*constructor));
    }
    assert!(Constructor::ALL.is_sorted_by_key(|constructor| constructor.name()));
    assert_eq!(Constructor::find("atleast"), None);
}
