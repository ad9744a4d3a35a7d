//! What expressions mean beyond Terraform: unknown values, tags, typed comparisons, bounds.

mod scopes;

use ordain_language::evaluate::evaluate;
use ordain_language::parse::parse_expression;
use ordain_model::diagnostic::Diagnostics;
use ordain_model::source::Sources;
use ordain_model::value::Value;
use scopes::Sample;

/// The value as a profile writes it, `unknown: why`, or `error: code`.
fn value(text: &str) -> String {
    let mut sources = Sources::default();
    let id = sources.add("main.hcl", text);
    let mut diagnostics = Diagnostics::default();
    match parse_expression(&sources, id, &mut diagnostics).map(|expression| evaluate(&expression, &Sample)) {
        Some(Ok(Value::Unknown(reason))) => format!("unknown: {}", reason.detail),
        Some(Ok(value)) => value.to_string(),
        Some(Err(error)) => format!("error: {}", error.code.name),
        None => format!("does not read: {:?}", diagnostics.items()),
    }
}

fn hold(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(value(text), *expected, "{text}");
    }
}

#[test]
fn logic_has_three_values() {
    hold(&[
        ("false && var.denied", "false"),
        ("var.denied && false", "false"),
        ("true && var.denied", "unknown: denied"),
        ("var.denied && true", "unknown: denied"),
        ("true || var.denied", "true"),
        ("var.denied || true", "true"),
        ("false || var.denied", "unknown: denied"),
        ("var.denied || var.failed", "unknown: denied"),
        ("var.failed && var.denied && true", "unknown: failed"),
        ("!var.denied", "unknown: denied"),
        ("!(var.denied && false)", "true"),
        ("var.denied ? 1 : 2", "unknown: denied"),
        ("var.denied ? 1 : 1", "1"),
        ("var.denied ? var.names : [\"a\", \"b\"]", "[\"a\", \"b\"]"),
        ("var.denied ? 1 : 1 / 0", "unknown: denied"),
        ("true ? 1 : var.denied", "1"),
        ("false ? 1 : var.denied", "unknown: denied"),
    ]);
}

#[test]
fn operands_that_are_not_needed_are_not_evaluated() {
    hold(&[
        ("false && tobool(\"abc\")", "false"),
        ("true || 1 / 0 == 1", "true"),
        ("true ? 1 : nosuch(1)", "1"),
        ("false ? var.nosuch : 2", "2"),
        ("var.denied && tobool(\"abc\")", "unknown: denied"),
        ("tobool(\"abc\") && var.denied", "error: function-failed"),
        ("var.empty != null && var.empty > 3", "false"),
    ]);
}

#[test]
fn unknown_passes_through_everything_else() {
    hold(&[
        ("var.denied == 1", "unknown: denied"),
        ("var.denied == null", "unknown: denied"),
        ("var.denied == var.denied", "unknown: denied"),
        ("[1, var.denied] == [2, 1]", "false"),
        ("[1, var.denied] == [1, 1]", "unknown: denied"),
        ("{ a = var.denied } != { b = 1 }", "true"),
        ("1 + var.denied", "unknown: denied"),
        ("-var.denied", "unknown: denied"),
        ("var.failed * var.denied", "unknown: failed"),
        ("var.denied > 3", "unknown: denied"),
        ("\"a${var.denied}b\"", "unknown: denied"),
        ("\"%{ if var.denied }a%{ endif }\"", "unknown: denied"),
        ("\"%{ for x in var.denied }a%{ endfor }\"", "unknown: denied"),
        ("var.denied.a[0][*].b", "unknown: denied"),
        ("var.names[var.denied]", "unknown: denied"),
        ("[for x in var.denied : x]", "unknown: denied"),
        ("[for x in var.names : x if var.denied]", "unknown: denied"),
        ("[for x in var.names : x if x == \"a\" || var.denied]", "unknown: denied"),
        ("[for x in var.names : x if x == \"c\" && var.denied]", "[]"),
        ("{ for x in var.names : var.denied => x }", "unknown: denied"),
        ("{ (var.denied) = 1 }", "unknown: denied"),
        ("max(1, var.denied)", "unknown: denied"),
        ("max([1, var.denied]...)", "unknown: denied"),
        ("max(var.denied...)", "unknown: denied"),
        ("upper(var.denied)", "unknown: denied"),
        ("at_least(var.denied)", "unknown: denied"),
        ("within([var.denied])", "unknown: denied"),
    ]);
}

#[test]
fn nothing_catches_unknown() {
    hold(&[
        ("try(var.denied, 1)", "unknown: denied"),
        ("try(tobool(\"abc\"), var.denied, 1)", "unknown: denied"),
        ("can(var.denied)", "unknown: denied"),
        ("coalesce(var.denied, 1)", "unknown: denied"),
        ("coalesce(null, var.denied, 1)", "unknown: denied"),
        ("coalesce(\"a\", var.denied)", "\"a\""),
        ("coalescelist(var.denied, [1])", "unknown: denied"),
        ("lookup(var.denied, \"a\", 1)", "unknown: denied"),
        ("lookup({ a = var.denied }, \"a\", 1)", "unknown: denied"),
        ("lookup({ a = 1 }, var.denied, 1)", "unknown: denied"),
        ("lookup({ a = 1 }, \"a\", var.denied)", "1"),
        ("lookup({ a = 1 }, \"b\", var.denied)", "unknown: denied"),
    ]);
}

#[test]
fn conditions_over_collections_have_three_values() {
    hold(&[
        ("anytrue(var.some)", "true"),
        ("anytrue(var.none)", "unknown: item"),
        ("alltrue(var.none)", "false"),
        ("alltrue(var.some)", "unknown: item"),
        ("contains([var.denied, \"a\"], \"a\")", "true"),
        ("contains([var.denied, \"a\"], \"b\")", "unknown: denied"),
        ("length([var.denied, 1])", "2"),
        ("length(var.denied)", "unknown: denied"),
        ("distinct([var.denied, 1])", "unknown: denied"),
        ("length(distinct([for o in all.sample : o.unread])) == 1", "unknown: denied"),
        ("one([var.denied])", "unknown: denied"),
        ("element([1, var.denied], 0)", "1"),
        ("concat([1], [var.denied])[0]", "1"),
        ("keys({ a = var.denied })", "[\"a\"]"),
        ("[for x in [var.denied, 1] : 5]", "[5, 5]"),
        ("[1, var.denied][0]", "1"),
    ]);
}

#[test]
fn a_tag_that_is_not_set_is_null() {
    hold(&[
        ("self.tags.team", "\"platform\""),
        ("self.tags[\"team\"]", "\"platform\""),
        ("self.tags.owner", "null"),
        ("self.tags[\"owner\"]", "null"),
        ("self.tags.owner == \"x\"", "false"),
        ("self.tags.owner == null", "true"),
        ("(self.tags).owner", "null"),
        ("self[\"tags\"].owner", "null"),
        ("self.untagged.owner", "null"),
        ("self.untagged[\"owner\"]", "null"),
        ("self.unread.owner", "unknown: denied"),
        ("self.tag.owner", "error: unknown-name"),
        ("lookup(self.tags, \"owner\", \"nobody\")", "\"nobody\""),
        ("coalesce(self.tags.owner, \"nobody\")", "\"nobody\""),
        ("[for o in all.sample : o.tags.owner]", "[null, null]"),
        ("all.sample[0].tags.owner", "null"),
        ("all.sample[*].tags.owner", "[null, null]"),
        ("all.sample[0].tag", "error: no-such-item"),
        ("[for o in all.sample : o.tag]", "error: no-such-item"),
        ("all.sample[*].tag", "error: no-such-item"),
        ("[for o in all.sample : o.name if o.tags.team == \"platform\"]", "[\"one\", \"two\"]"),
        ("\"%{ for o in all.sample }${o.tags.owner == null}%{ endfor }\"", "\"truetrue\""),
        ("var.settings.mood", "error: no-such-item"),
        ("{ a = 1 }.b", "error: no-such-item"),
        ("[for s in [{ a = 1 }] : s.b]", "error: no-such-item"),
        ("upper(self.tags.owner)", "error: wrong-call"),
        ("\"${self.tags.owner}\" == null", "true"),
        ("\"x${self.tags.owner}\"", "error: null-operand"),
        ("self.tags.owner > 5", "error: null-operand"),
    ]);
}

#[test]
fn typed_values_compare_by_type() {
    hold(&[
        ("var.log_retention == \"365d\"", "true"),
        ("\"8760h\" == var.log_retention", "true"),
        ("var.log_retention != \"1d\"", "true"),
        ("var.log_retention >= \"52w\"", "true"),
        ("\"400d\" > var.log_retention", "true"),
        ("duration(\"90d\") < \"12mo\"", "true"),
        ("var.log_retention == 365", "error: wrong-operand"),
        ("var.log_retention > 300", "error: wrong-operand"),
        ("var.log_retention == \"long\"", "error: wrong-operand"),
        ("var.log_retention == true", "false"),
        ("var.log_retention == null", "false"),
        ("var.month < \"31d\"", "error: wrong-operand"),
        ("var.month < \"32d\"", "true"),
        ("self.retention == \"365d\"", "true"),
        ("self.retention < \"unlimited\"", "true"),
        ("self.retention > \"disabled\"", "true"),
        ("self.forever > var.log_retention", "true"),
        ("self.retention == 365", "error: wrong-operand"),
        ("self.logging == [\"audit\", \"api\"]", "true"),
        ("self.logging == [\"audit\"]", "false"),
        ("self.reach == [\"0.0.0.0/0\"]", "true"),
        ("self.reach == [\"10.0.0.0/33\"]", "error: wrong-operand"),
        ("cidr_within(\"10.0.0.0/8\", self.reach)", "true"),
        ("contains(self.logging, \"api\")", "true"),
        ("\"90d\" < \"12mo\"", "error: untyped-comparison"),
        ("\"90d\" == \"12mo\"", "false"),
        ("\"10\" < \"9\"", "false"),
        ("\"a\" < \"b\"", "error: wrong-operand"),
        ("\"kept ${var.log_retention}\"", "\"kept 365d\""),
    ]);
}

#[test]
fn bounds_and_deferred_calls_are_values() {
    hold(&[
        ("at_least(var.log_retention)", "at_least(\"365d\")"),
        ("true ? at_least(1) : at_most(1)", "at_least(1)"),
        ("[for x in [1, 2] : at_least(x)][1]", "at_least(2)"),
        ("all_of(at_least(1), none_of(5, 6))", "all_of(at_least(1), none_of(5, 6))"),
        ("at_least(1) == at_least(1)", "error: wrong-operand"),
        ("\"${at_least(1)}!\"", "error: wrong-operand"),
        ("jsonencode(at_least(1))", "error: function-failed"),
        ("organization(ou = [\"prod\", upper(\"x\")])", "organization(ou = [\"prod\", \"X\"])"),
        ("organization(ou = \"prod\")", "error: wrong-call"),
        ("organization([\"prod\"])", "error: wrong-call"),
        ("organization(unit = [])", "error: wrong-call"),
        ("organization(ou = [], ou = [])", "error: wrong-call"),
        ("enabled(true)", "error: wrong-call"),
        ("upper(text = \"a\")", "error: wrong-call"),
    ]);
}

#[test]
fn loop_variables_hide_what_is_outside() {
    hold(&[
        ("x", "7"),
        ("[for x in [1, 2] : x]", "[1, 2]"),
        ("[for x in [1] : [for x in [2] : x]]", "[[2]]"),
        ("[for var in [1] : var]", "[1]"),
        ("[for self in [{ name = 1 }] : self.name]", "[1]"),
        ("[for x, y in { a = 1 } : \"${x}${y}\"]", "[\"a1\"]"),
        ("[for y in [x] : y]", "[7]"),
        ("[for a in [1] : a][0] + x", "8"),
        ("var", "error: wrong-operand"),
        ("y", "error: unknown-name"),
    ]);
}
