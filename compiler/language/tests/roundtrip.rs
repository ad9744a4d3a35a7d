//! What is written reads back: values as a profile writes them, and as JSON.

mod scopes;

use ordain_language::evaluate::evaluate;
use ordain_language::parse::parse_expression;
use ordain_model::Text;
use ordain_model::diagnostic::Diagnostics;
use ordain_model::number::Number;
use ordain_model::source::Sources;
use ordain_model::value::Value;
use proptest::prelude::*;
use scopes::Sample;

fn value(text: &str) -> Result<Value, String> {
    let mut sources = Sources::default();
    let id = sources.add("main.hcl", text);
    let mut diagnostics = Diagnostics::default();
    match parse_expression(&sources, id, &mut diagnostics) {
        Some(expression) => evaluate(&expression, &Sample).map_err(|error| format!("{error:?}")),
        None => Err(format!("{:?}", diagnostics.items())),
    }
}

fn values() -> impl Strategy<Value = Value> {
    let number = (any::<i64>(), 0_u32..30).prop_map(|(digits, places)| {
        let number = Number::parse(&format!("{digits}e-{places}"));
        number.map_or(Value::Null, Value::Number)
    });
    let text = prop_oneof![any::<String>(), "[$%{}~\"\\\\a\n ]{0,8}"].prop_map(|text| Value::string(&text));
    let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::Bool), number, text];
    leaf.prop_recursive(4, 30, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::list),
            prop::collection::btree_map(any::<String>().prop_map(Text::from), inner, 0..4).prop_map(Value::object),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_value_reads_back(written in values()) {
        prop_assert_eq!(value(&written.to_string()), Ok(written));
    }

    #[test]
    fn json_reads_back(written in values()) {
        prop_assert_eq!(value(&format!("jsondecode(jsonencode({written}))")), Ok(written));
    }

    #[test]
    fn base64_reads_back(text in any::<String>()) {
        let written = Value::string(&text);
        prop_assert_eq!(value(&format!("base64decode(base64encode({written}))")), Ok(written));
    }

    #[test]
    fn a_heredoc_is_its_lines(lines in prop::collection::vec("[a-z $%\"\\\\]{0,12}", 0..5)) {
        let body: String = lines.iter().map(|line| format!("{line}\n")).collect();
        prop_assert_eq!(value(&format!("<<END_OF_TEXT\n{body}END_OF_TEXT\n")), Ok(Value::string(&body)));
    }

    #[test]
    fn an_indented_heredoc_loses_the_smallest_indentation(
        lines in prop::collection::vec((0_usize..6, "[a-z]{1,6}"), 1..6),
        extra in 0_usize..6,
    ) {
        let least = lines.iter().map(|(indent, _)| *indent).min().unwrap_or(0);
        let written: String = lines.iter().map(|(indent, word)| format!("{}{word}\n", " ".repeat(indent + extra))).collect();
        let expected: String = lines.iter().map(|(indent, word)| format!("{}{word}\n", " ".repeat(indent - least))).collect();
        prop_assert_eq!(value(&format!("<<-EOT\n{written}EOT\n")), Ok(Value::string(&expected)));
    }
}
