//! Expressions that somebody made to fill the memory or the hour: a message, in time that a test does not notice. A limit on
//! each expression is none on a profile of many.

use crate::profile::Profile;

/// The codes of the messages about a profile, each once.
fn codes(text: &str) -> Vec<&'static str> {
    let compiled = Profile::read(text).compile();
    let mut codes: Vec<&str> = compiled.diagnostics.iter().map(|diagnostic| diagnostic.code.name).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.into_iter().filter(|code| !code.starts_with("unused")).collect()
}

/// So many locals, each made from the one before it by a text in which `_` is that one's name.
fn chain(first: &str, next: &str, count: usize) -> String {
    let local = |at: usize| format!("  l{} = {}\n", at + 1, next.replace('_', &format!("local.l{at}")));
    format!("locals {{\n  l0 = {first}\n{}}}\n", (0..count).map(local).collect::<String>())
}

#[test]
fn what_doubles_from_local_to_local_ends_at_the_limit() {
    for (first, next) in [
        ("\"xxxxxxxxxxxxxxxx\"", "\"${_}${_}\""),
        ("[1]", "concat(_, _)"),
        ("[1]", "[_, _]"),
        ("[1]", "flatten([_, _])"),
        ("\"a\"", "jsonencode([_, _])"),
        ("\"a\"", "join(_, [_, _])"),
        ("\"a\"", "replace(_, \"a\", \"aa\")"),
    ] {
        assert_eq!(codes(&chain(first, next, 60)), ["too-much-work"], "{next}");
    }
}

#[test]
fn many_expressions_at_their_limit_share_one() {
    let many = |value: &str| {
        let locals: String = (0..100).map(|at| format!("  l{at} = {value}\n")).collect();
        format!("locals {{\n{locals}}}\n")
    };
    for value in [
        "[for x in range(1000) : [for y in range(1000) : 1]]",
        "length([for x in range(1000) : [for y in range(1000) : 1]])",
        "join(\"\", [for x in range(1000) : join(\"\", [for y in range(100) : \"0123456789012345\"])])",
        "[for x in range(200) : [for y in range(200) : 1 / 3 ]]",
    ] {
        let compiled = Profile::read(&many(value)).compile();
        let said = compiled.messages();
        assert!(
            said.contains("[too-much-work] the expressions of a profile take more work together"),
            "{value}: {said:.300}"
        );
    }
}

#[test]
fn an_ordinary_profile_comes_nowhere_near_the_limits() {
    let list: String = (0..2_000).map(|at| format!("\"10.{}.{}.0/24\", ", at / 256, at % 256)).collect();
    let uses: String =
        (0..2_000).map(|at| format!("  u{at} = contains(local.list, \"10.0.{}.0/24\")\n", at % 256)).collect();
    assert_eq!(codes(&format!("locals {{\n  list = [{list}]\n{uses}}}\n")), [] as [&str; 0]);
}

#[test]
fn thousands_of_unknown_names_are_not_each_compared_with_thousands() {
    let locals: String = (0..3_000).map(|at| format!("  name_of_{at} = local.name_off_{at}\n")).collect();
    assert_eq!(codes(&format!("locals {{\n{locals}}}\n")), ["unknown-name"]);
}
