//! Texts that others wrote, quoted; tables.

use crate::style::harmless;
use std::borrow::Cow;
use std::io::{self, Write};

/// A text in an element or between double quotes.
pub(super) fn quoted(text: &str) -> Cow<'_, str> {
    let text = harmless(text);
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return text;
    }
    let mut quoted = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => quoted.push_str("&amp;"),
            '<' => quoted.push_str("&lt;"),
            '>' => quoted.push_str("&gt;"),
            '"' => quoted.push_str("&quot;"),
            '\'' => quoted.push_str("&#39;"),
            other => quoted.push(other),
        }
    }
    Cow::Owned(quoted)
}

/// The beginning of a section; none where there is nothing to tell in it.
pub(super) fn section(out: &mut dyn Write, id: &str, title: &str) -> io::Result<()> {
    writeln!(out, "<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{title}</h2>")
}

/// A table: the names of its columns, and its rows of cells that are HTML already. In a narrow window each cell says its column.
pub(super) fn table(out: &mut dyn Write, columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> io::Result<()> {
    out.write_all(b"<table>\n<thead><tr>")?;
    columns.iter().try_for_each(|column| write!(out, "<th scope=\"col\">{column}</th>"))?;
    out.write_all(b"</tr></thead>\n<tbody>\n")?;
    for cells in rows {
        out.write_all(b"<tr>")?;
        let mut named = columns.iter().zip(cells);
        named.try_for_each(|(column, cell)| write!(out, "<td data-column=\"{column}\">{cell}</td>"))?;
        out.write_all(b"</tr>\n")?;
    }
    out.write_all(b"</tbody>\n</table>\n")
}

/// A verdict as a mark: its word in its colour.
pub(super) fn mark(word: &str) -> String {
    let said = word.replace('_', " ");
    format!("<span class=\"mark {word}\">{said}</span>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_no_element_and_no_quote() {
        assert_eq!(quoted("</script>\"'&\u{202e}"), "&lt;/script&gt;&quot;&#39;&amp;\\u{202e}");
    }
}
