//! `json`: the report as it is, indented. Keys stand in the order of the fields, so that the verdict comes first.

use super::Format;
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::io::{self, Write};

/// The format.
pub const FORMAT: Format = Format {
    name: "json",
    summary: "one versioned JSON document",
    begins: "{\n  \"format\": \"ordain.report/",
    write: |report, _, out| document(out, report),
};

/// A list of which each entry is made when it is written.
pub(super) struct Each<'a, T, F>(pub &'a [T], pub F);

impl<T, F: Fn(&T) -> Value> Serialize for Each<'_, T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(&self.1))
    }
}

/// Writes something as an indented JSON document that ends with a line break.
pub(super) fn document(out: &mut dyn Write, of: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, of)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assemble;
    use crate::style::Style;

    #[test]
    fn the_format_and_the_verdict_come_first() {
        let text = FORMAT.text(&assemble::error("plan"), Style::PLAIN);
        assert!(text.starts_with("{\n  \"format\": \"ordain.report/1\",\n  \"command\": \"plan\",\n  \"headline\": {\n    \"verdict\": \"error\""));
        assert!(text.ends_with("}\n"));
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["findings"], serde_json::json!([]));
    }
}
