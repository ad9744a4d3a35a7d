//! `json`: the report as it is, indented. Keys stand in the order of the fields, so that the verdict comes first.

use super::Format;
use crate::report::Report;
use crate::style::Style;

/// The format.
pub const FORMAT: Format = Format { name: "json", summary: "one versioned JSON document", render };

fn render(report: &Report, _: Style) -> String {
    #[expect(
        clippy::expect_used,
        reason = "a report holds strings, integers and maps with string keys: all of it is JSON"
    )]
    let mut text = serde_json::to_string_pretty(report).expect("a report is JSON");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assemble;

    #[test]
    fn the_format_and_the_verdict_come_first() {
        let text = (FORMAT.render)(&assemble::error("plan"), Style::PLAIN);
        assert!(text.starts_with("{\n  \"format\": \"ordain.report/1\",\n  \"command\": \"plan\",\n  \"headline\": {\n    \"verdict\": \"error\""));
        assert!(text.ends_with("}\n"));
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["findings"], serde_json::json!([]));
    }
}
