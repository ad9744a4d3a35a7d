//! Input that somebody made to break the compiler: an error at most, never a crash, never more than a stack or a
//! budget allows. Test threads have 2 MiB of stack.

use ordain_language::evaluate::{Nameless, evaluate};
use ordain_language::parse::{parse, parse_expression};
use ordain_language::syntax::Syntax;
use ordain_model::diagnostic::Diagnostics;
use ordain_model::source::Sources;
use ordain_model::value::Value;
use proptest::prelude::*;

fn read(text: &str) -> (Syntax, Vec<&'static str>) {
    let mut sources = Sources::default();
    let id = sources.add("main.hcl", text);
    let mut diagnostics = Diagnostics::default();
    let syntax = parse(&sources, id, &mut diagnostics);
    (syntax, diagnostics.into_sorted().iter().map(|item| item.code.name).collect())
}

/// The value's JSON, or the code of the error.
fn value(text: &str) -> Result<Value, &'static str> {
    let mut sources = Sources::default();
    let id = sources.add("main.hcl", text);
    let mut diagnostics = Diagnostics::default();
    match parse_expression(&sources, id, &mut diagnostics) {
        None => Err(diagnostics.items().first().map_or("nothing was reported", |item| item.code.name)),
        Some(expression) => evaluate(&expression, &Nameless).map_err(|error| error.code.name),
    }
}

#[test]
fn a_hundred_thousand_brackets_are_too_deep() {
    let many = 100_000;
    let nests = [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("{ a = ", "1", "}"),
        ("\"${", "1", "}\""),
        ("max(", "1", ")"),
        ("x[", "1", "]"),
        ("!", "true", ""),
        ("-", "1", ""),
        ("true ? ", "2", " : 1"),
        ("[for x in ", "[]", " : x]"),
        ("(1 || 1 && 1 == 1 < 1 + 1 * ", "1", ")"),
    ];
    for (open, inner, close) in nests {
        let many = if inner.len() == 1 && close.len() == 1 { many } else { 10_000 };
        let text = format!("{}{inner}{}", open.repeat(many), close.repeat(many));
        assert_eq!(read(&format!("a = {text}\n")).1.first(), Some(&"too-deep"), "{open}");
        let (_, codes) = read(&format!("a = {}\nb = 1\n", open.repeat(many)));
        assert!(!codes.is_empty() && codes.len() < 5, "{open}: {} messages", codes.len());
    }
    assert_eq!(read(&format!("a = x{}\n", "[*]".repeat(many))).1, ["too-deep"]);
    assert_eq!(read(&format!("{}{}", "a {\n".repeat(many), "}\n".repeat(many))).1, ["too-deep"]);
    assert_eq!(read(&format!("a = \"{}{}\"", "%{ if true }".repeat(many), "%{ endif }".repeat(many))).1, ["too-deep"]);
}

#[test]
fn what_terraform_nests_is_read_and_evaluated() {
    let nested =
        |open: &str, inner: &str, close: &str| value(&format!("{}{inner}{}", open.repeat(200), close.repeat(200)));
    assert_eq!(nested("(", "1", ")"), Ok(Value::integer(1)));
    assert_eq!(nested("\"${", "1", "}\""), Ok(Value::integer(1)));
    assert_eq!(nested("!", "true", ""), Ok(Value::Bool(true)));
    assert_eq!(nested("max(", "1", ")"), Ok(Value::integer(1)));
    assert_eq!(nested("(0 + 1 * (", "1", "))"), Err("too-deep"));
    let deep = "(false || true && 1 == 1 && 1 < 0 + 1 * ".repeat(30) + "2" + &")".repeat(30);
    assert_eq!(value(&deep), Err("wrong-operand"));
}

#[test]
fn the_deepest_trees_that_are_read_are_evaluated() {
    let nests = [
        ("(", ")"),
        ("[", "]"),
        ("{ a = ", " }"),
        ("\"a${", "}\""),
        ("\"%{ if ", " }true%{ endif }\""),
        ("\"%{ for x in [", "] }true%{ endfor }\""),
        ("max(", ")"),
        ("try(", ", 1)"),
        ("can(", ")"),
        ("merge({ a = ", "})"),
        ("[1][", " - 1]"),
        ("[true][*][", " ? 0 : 0]"),
        ("true ? ", " : 1"),
        ("true && ", ""),
        ("(true && ", ")"),
        ("(1 == ", ")"),
        ("!", ""),
        ("[for x in ", " : x]"),
        ("[for x in [1] : ", "]"),
        ("{ for k, v in { a = ", " } : k => v }"),
        ("[for x in [1] : x if ", " == 1]"),
    ];
    for (open, close) in nests {
        let text = |depth: usize| format!("{}true{}", open.repeat(depth), close.repeat(depth));
        let deepest = (1..=260).rev().step_by(7).find(|depth| value(&text(*depth)) != Err("too-deep"));
        assert!(deepest >= Some(60), "{open}: {deepest:?}");
    }
}

#[test]
fn chains_and_paths_of_any_length_are_read_and_evaluated() {
    assert_eq!(value(&vec!["1"; 100_000].join(" + ")), Ok(Value::integer(100_000)));
    assert_eq!(value(&vec!["false"; 100_000].join(" || ")), Ok(Value::Bool(false)));
    assert_eq!(value(&format!("{}2", "false ? 1 : ".repeat(100_000))), Ok(Value::integer(2)));
    assert_eq!(value(&vec!["2 * 3 == 6"; 20_000].join(" && ")), Ok(Value::Bool(true)));
    assert_eq!(read(&format!("a = b{}\n", ".c".repeat(100_000))).1, [""; 0]);
    assert_eq!(read(&format!("a = b{}\n", "[0]".repeat(100_000))).1, [""; 0]);
}

#[test]
fn large_objects_bodies_and_lists_are_read() {
    let entries: String = (0..100_000).map(|at| format!("k{at} = {at}\n")).collect();
    let (syntax, codes) = read(&format!("{entries}o = {{\n{entries}}}\nl = [{}]\n", "1, ".repeat(100_000)));
    assert_eq!((syntax.body.attributes.len(), codes.len()), (100_002, 0));
    let (_, codes) = read(&format!("{entries}{entries}"));
    assert_eq!(codes, vec!["duplicate-attribute"; 100_000]);
    let Ok(Value::Object(fields)) = value(&format!("{{\n{entries}}}")) else { panic!("an object is read") };
    assert_eq!(fields.len(), 100_000);
}

#[test]
fn every_broken_line_is_reported_once() {
    for line in [
        "a% = 365d",
        "a% = \"x",
        "a% = [1, 2",
        "a% = (",
        "a% = 'x'",
        "a% 1",
        "a% = f(1 2)",
        "a% = }",
        "a% = {x = 1 y = 2}",
    ] {
        let text: String = (0..10_000).map(|at| line.replace('%', &at.to_string()) + "\n").collect();
        assert_eq!(read(&text).1.len(), 10_000, "{line}");
    }
}

#[test]
fn runaway_evaluation_is_stopped() {
    let loops = |depth: usize| {
        let open: String = (0..depth).map(|at| format!("[for a{at} in range(1000) : ")).collect();
        format!("{open}1{}", "]".repeat(depth))
    };
    let double = |depth: usize| (0..depth).fold("1".to_owned(), |inner, _| format!("[for x in [{inner}] : [x, x]]"));
    for text in [
        loops(4),
        format!("try({}, 1)", loops(4)),
        double(40),
        format!("[for x in [1] : {}]", double(40)),
        format!("jsonencode([for x in [1] : {}])", double(40)),
        format!("{} == {}", double(40), double(40)),
        "join(\"\", [for a in range(1000) : format(\"%10000s\", join(\"\", [for b in range(1000) : format(\"%10000s\", b)]))])".into(),
        "replace(join(\"\", range(1000)), \"\", join(\"\", [for a in range(1000) : join(\"\", range(1000))]))".into(),
        "indent(1000000000, \"a\\nb\\n\")".into(),
        "\"%{ for a in range(1000) }%{ for b in range(1000) }%{ for c in range(1000) }x%{ endfor }%{ endfor }%{ endfor }\"".into(),
        "flatten([for a in range(1000) : [for b in range(1000) : range(1000)]])".into(),
        "concat([for a in range(1000) : [for b in range(1000) : range(1000)]]...)".into(),
    ] {
        let result = value(&text);
        assert!(matches!(result, Err("too-much-work" | "unknown-name" | "too-deep")), "{:.200} of {text:.200}", format!("{result:?}"));
    }
    assert_eq!(value("regex(\"((a{1,500}){1,500}){1,500}\", \"a\")"), Err("function-failed"));
    assert_eq!(value("format(\"%99999999999999999999s\", 1)"), Err("function-failed"));
    assert_eq!(value(&format!("jsondecode(\"{}\")", "[".repeat(100_000))), Err("function-failed"));
    assert_eq!(value(&format!("jsondecode(\"{}{}\")", "[".repeat(5_000), "]".repeat(5_000))), Err("function-failed"));
}

/// Pieces that mean something to the lexer, with `␠` for a space and `␤` for a line end.
const PIECES: &str = r#"a b.c for in if else true null ␠ ␠ ␤ ␤ = == => ( ) [ ] { } " " ${ %{ ~} } $${ \ \n \u00e9 <<EOT␤ <<-EOT␤ EOT␤
    EOT # // /* */ . .. ... * [*] .* , : :: ? ! && || & 1 0.5 1e9 365d ' “ é endif endfor max( upper( x␠=␠ block␠"l"␠{␤"#;

/// Random texts that get past the lexer.
fn pieces() -> impl Strategy<Value = String> {
    let control = ["\r\n", "\u{feff}", "\0", "\t"].map(String::from);
    let words = PIECES.split_whitespace().map(|piece| piece.replace('␠', " ").replace('␤', "\n"));
    let all: Vec<String> = words.chain(control).collect();
    prop::collection::vec(prop::sample::select(all), 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        let (syntax, _) = read(&text);
        prop_assert_eq!(syntax.body.span.end as usize, text.len());
    }

    #[test]
    fn any_pieces_are_read_and_evaluated(text in pieces()) {
        let (_, codes) = read(&text);
        // A line has room for few mistakes: no cascade.
        prop_assert!(codes.len() <= 2 * text.len() + 2);
        let _ = value(&text);
    }

    #[test]
    fn a_file_of_pieces_keeps_what_follows_it(text in "[a-z0-9 =+*.\\[\\](){},'\"$%!?:-]{0,60}") {
        let (syntax, codes) = read(&format!("first = 1\nbroken = {text}\nlast = 2\n"));
        let names: Vec<&str> = syntax.body.attributes.iter().map(|attribute| &*attribute.name.text).collect();
        prop_assert_eq!(names[0], "first");
        prop_assert!(!codes.is_empty() || names.contains(&"broken"));
    }
}
