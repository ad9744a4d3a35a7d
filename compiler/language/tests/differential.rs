//! Two parsers read the same: hcl-edit 0.10 on what it reads rightly (ordinary files, without indented heredocs, `~` and
//! duplicate keys), compared node by node with the places.

mod dumped;

use ordain_language::parse::parse;
use ordain_model::diagnostic::Diagnostics;
use ordain_model::source::Sources;
use proptest::prelude::*;

fn ours(text: &str) -> String {
    let mut sources = Sources::default();
    let id = sources.add("main.hcl", text);
    let mut diagnostics = Diagnostics::default();
    let syntax = parse(&sources, id, &mut diagnostics);
    match diagnostics.items() {
        [] => dumped::ours::body(&syntax.body),
        [first, ..] => format!("{}: {}", first.code.name, first.detail),
    }
}

fn theirs(text: &str) -> String {
    match hcl_edit::parser::parse_body(text) {
        Ok(body) => dumped::theirs::body(&body),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_profiles_read_the_same() {
    for text in [
        include_str!("../../../profiles/soc2/compute.hcl"),
        include_str!("../../../profiles/soc2/controls.hcl"),
        include_str!("../../../profiles/soc2/data.hcl"),
        include_str!("../../../profiles/soc2/logs.hcl"),
        include_str!("../../../profiles/soc2/network.hcl"),
        include_str!("../../../profiles/soc2/variables.hcl"),
        include_str!("../../../examples/01-first-plan/main.hcl"),
    ] {
        assert_eq!(ours(text), theirs(text));
    }
}

#[test]
fn each_construct_reads_the_same() {
    for value in [
        "null",
        "true",
        "1",
        "1.5",
        "-a",
        "\"\"",
        "\"a\\n\\\"b\\\"\\u00e9\"",
        "a",
        "a.b.c",
        "a[0].b[\"c\"]",
        "a[*].b",
        "a.*.b",
        "f()",
        "f(1, 2)",
        "f(a...)",
        "p::f(1)",
        "[]",
        "[1, 2,]",
        "{}",
        "{ a = 1, \"b\" : 2 }",
        "{\n  a = 1\n  (b) = 2\n}",
        "!a",
        "-a.b",
        "1 + 2 * 3 - 4",
        "a && b || c && !d",
        "a == b != c",
        "1 < 2 == true",
        "a ? b : c",
        "a ? b : c ? d : e",
        "(a)",
        "(a + b) * c",
        "[for x in y : x]",
        "[for k, v in y : v if k]",
        "{for k, v in y : k => v...}",
        "\"a${b}c\"",
        "\"${a}\"",
        "\"$${a} %%{b}\"",
        "\"%{ if a }b%{ else }c%{ endif }\"",
        "\"%{ for k, v in a }${v}%{ endfor }\"",
        "<<EOT\na\n  b ${c}\nEOT",
        "<<EOT\nplain\nEOT",
        "1 # comment",
        "1 /* comment */",
        "f(\n  1,\n  2\n)",
    ] {
        let text = format!("x = {value}\n");
        assert_eq!(ours(&text), theirs(&text), "{text}");
    }
}

/// Ordinary expressions as text.
fn expression() -> impl Strategy<Value = String> {
    let name = || prop::sample::select(vec!["a", "bc", "d_e", "f-g", "x1"]).prop_map(String::from);
    let leaf = prop_oneof![
        name(),
        prop::sample::select(vec![
            "null",
            "true",
            "false",
            "0",
            "12",
            "0.5",
            "\"\"",
            "\"text\"",
            "\"a\\tb\"",
            "\"é ${a} z\""
        ])
        .prop_map(String::from),
    ];
    leaf.prop_recursive(5, 40, 4, move |inner| {
        let operators = vec!["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"];
        let chain = (inner.clone(), prop::collection::vec((prop::sample::select(operators), inner.clone()), 1..4));
        let entry = (name(), prop::sample::select(vec![" = ", ": ", "="]), inner.clone());
        let separator = prop::sample::select(vec![", ", "\n  ", ",\n\n"]);
        prop_oneof![
            chain.prop_map(|(first, rest)| rest
                .iter()
                .fold(first, |left, (operator, right)| format!("{left} {operator} {right}"))),
            inner.clone().prop_map(|value| format!("({value})")),
            inner.clone().prop_map(|value| format!("!({value})")),
            inner.clone().prop_map(|value| format!("-({value})[0]")),
            (inner.clone(), name()).prop_map(|(value, name)| format!("({value}).{name}")),
            (inner.clone(), inner.clone()).prop_map(|(value, key)| format!("({value})[{key}]")),
            (inner.clone(), name()).prop_map(|(value, name)| format!("({value})[*].{name}")),
            (name(), prop::collection::vec(inner.clone(), 0..4))
                .prop_map(|(name, items)| format!("{name}({})", items.join(", "))),
            (name(), inner.clone()).prop_map(|(name, value)| format!("{name}({value}...)")),
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(",\n  "))),
            (prop::collection::vec(entry, 0..4), separator).prop_map(|(entries, separator)| {
                // Keys differ: hcl-edit refuses a key that stands twice.
                let entries =
                    entries.into_iter().enumerate().map(|(at, (name, sign, value))| format!("{name}{at}{sign}{value}"));
                format!("{{ {} }}", entries.collect::<Vec<_>>().join(separator))
            }),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("({a}) ? ({b}) : ({c})")),
            (name(), inner.clone(), inner.clone())
                .prop_map(|(name, list, value)| format!("[for {name} in ({list}) : {value}]")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(list, key, value)| format!("{{for k, v in ({list}) : ({key}) => ({value}) if k}}")),
            inner.clone().prop_map(|value| format!("\"before ${{{value}}} after\"")),
            (inner.clone(), inner).prop_map(|(condition, value)| format!(
                "\"%{{ if {condition} }}a${{{value}}}%{{ else }}b%{{ endif }}\""
            )),
        ]
    })
}

fn file() -> impl Strategy<Value = String> {
    let attributes = prop::collection::vec(expression(), 0..4).prop_map(|values| {
        values.iter().enumerate().map(|(at, value)| format!("  a{at} = {value} # {at}\n")).collect::<String>()
    });
    let labels = prop::sample::select(vec!["", " \"one\"", " \"one\" two", " \"with \\\"quotes\\\"\""]);
    prop::collection::vec((labels, attributes), 0..4).prop_map(|blocks| {
        let blocks = blocks.into_iter().enumerate();
        blocks
            .map(|(at, (labels, attributes))| {
                format!("kind{at}{labels} {{\n{attributes}  inner {{\n{attributes}  }}\n}}\n\n")
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ordinary_expressions_read_the_same(value in expression()) {
        let text = format!("x = {value}\n");
        prop_assert_eq!(ours(&text), theirs(&text));
    }

    #[test]
    fn ordinary_files_read_the_same(text in file()) {
        prop_assert_eq!(ours(&text), theirs(&text));
    }
}
