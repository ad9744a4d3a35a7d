//! CSV as RFC 4180 has it, with a strictness that no crate offers: a quote inside of a bare field, or a line with too
//! few fields, is an error, since what was meant is not known.

use super::{Code, Failure, Function, Given, Of, Outcome, parameter};
use ordain_model::Text;
use ordain_model::value::Value;
use std::collections::BTreeSet;

pub(super) const FUNCTIONS: &[Function] = &[Function {
    name: "csvdecode",
    parameters: &[parameter("text", Of::Text)],
    rest: None,
    summary: "A list of objects, one for each line of a CSV text behind the first, whose fields are their keys.",
    examples: &[
        (
            "csvdecode(\"port,open\\n22,no\\n443,yes\\n\")",
            "[{ open = \"no\", port = \"22\" }, { open = \"yes\", port = \"443\" }]",
        ),
        ("csvdecode(\"a\\n\\\"x, \\\"\\\"y\\\"\\\"\\\"\")[0].a", "\"x, \\\"y\\\"\""),
    ],
    errors: &[
        ("csvdecode(\"\")", "`csvdecode`: there is no first line with the keys"),
        ("csvdecode(\"name,name\\na,b\")", "`csvdecode`: a key stands twice in the first line"),
        (
            "csvdecode(\"name,days\\na\")",
            "`csvdecode`: line 1 and the record at line 2 differ in their number of fields: 2 and 1",
        ),
    ],
    code: Code::Strict(decode),
}];

fn decode(given: &Given<'_>) -> Outcome {
    given.spend(given.text(0).len() / 4)?;
    // Carriage returns stand at ends of lines; elsewhere they are as good as any letter.
    let text = given.text(0).replace("\r\n", "\n");
    let mut reader = Reader { rest: text.strip_suffix('\r').unwrap_or(&text), line: 1 };
    let header = reader.record()?.ok_or_else(|| Failure::Argument(0, "there is no first line with the keys".into()))?;
    let mut rows = Vec::new();
    loop {
        let line = reader.line;
        let Some(fields) = reader.record()? else { break };
        given.spend(fields.len())?;
        if fields.len() != header.len() {
            let detail = format!(
                "line 1 and the record at line {line} differ in their number of fields: {} and {}",
                header.len(),
                fields.len()
            );
            return Err(Failure::Argument(0, detail));
        }
        let row = header.iter().cloned().zip(fields.into_iter().map(Value::String));
        rows.push(Value::object(row));
    }
    match header.iter().collect::<BTreeSet<_>>().len() == header.len() {
        true => Ok(Value::List(rows.into())),
        false => Err(Failure::Argument(0, "a key stands twice in the first line".into())),
    }
}

struct Reader<'t> {
    rest: &'t str,
    line: usize,
}

impl Reader<'_> {
    /// The fields of the next line that is not empty.
    fn record(&mut self) -> Result<Option<Vec<Text>>, Failure> {
        while let Some(behind) = self.rest.strip_prefix('\n') {
            (self.rest, self.line) = (behind, self.line + 1);
        }
        if self.rest.is_empty() {
            return Ok(None);
        }
        let mut fields = Vec::new();
        loop {
            fields.push(self.field()?);
            if let Some(behind) = self.rest.strip_prefix(',') {
                self.rest = behind;
                continue;
            }
            if let Some(behind) = self.rest.strip_prefix('\n') {
                (self.rest, self.line) = (behind, self.line + 1);
            }
            return Ok(Some(fields));
        }
    }

    fn field(&mut self) -> Result<Text, Failure> {
        let wrong = |line: usize, what: &str| Failure::Argument(0, format!("line {line}: {what}"));
        let Some(mut quoted) = self.rest.strip_prefix('"') else {
            let (bare, rest) = self.rest.split_at(self.rest.find([',', '\n']).unwrap_or(self.rest.len()));
            self.rest = rest;
            return match bare.contains('"') {
                true => Err(wrong(self.line, "a quote stands in a field without quotes around it")),
                false => Ok(bare.into()),
            };
        };
        let mut field = String::new();
        loop {
            let end = quoted.find('"').ok_or_else(|| wrong(self.line, "a quoted field is not closed"))?;
            field.push_str(&quoted[..end]);
            self.line += quoted[..end].matches('\n').count();
            quoted = &quoted[end + 1..];
            match quoted.strip_prefix('"') {
                Some(behind) => quoted = behind,
                None => break,
            }
            field.push('"');
        }
        self.rest = quoted;
        match quoted.is_empty() || quoted.starts_with([',', '\n']) {
            true => Ok(field.into()),
            false => Err(wrong(self.line, "something stands behind the quote that closes a field")),
        }
    }
}
