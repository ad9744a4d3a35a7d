//! The forms of a diagram: one function each, one word in [`FORMATS`].

use crate::diagram::{Diagram, Sort};
use crate::style::harmless;

/// A form of a diagram.
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// The diagram in this form. Ends with a line break.
    pub render: fn(&Diagram) -> String,
}

/// Every form, sorted by name.
pub const FORMATS: &[Format] = &[Format { name: "dot", render: dot }, Format { name: "mermaid", render: mermaid }];

/// Graphviz's language.
fn dot(diagram: &Diagram) -> String {
    let mut text = String::from("digraph ordain {\n  rankdir = LR;\n  node [fontname = \"sans-serif\"];\n");
    for (at, node) in diagram.nodes.iter().enumerate() {
        let label: Vec<String> = node.label.iter().map(|line| dot_text(line)).collect();
        let shape = match node.sort {
            Sort::Requirement => "box",
            Sort::Assertion => "hexagon",
            Sort::Setting => "ellipse",
            Sort::Step => "cds",
        };
        text.push_str(&format!("  n{at} [shape = {shape}, label = \"{}\"];\n", label.join("\\n")));
    }
    for edge in &diagram.edges {
        let label = match edge.label.is_empty() {
            true => String::new(),
            false => format!(" [label = \"{}\"]", dot_text(&edge.label)),
        };
        text.push_str(&format!("  n{} -> n{}{label};\n", edge.from, edge.to));
    }
    text.push_str("}\n");
    text
}

/// A text between DOT's quotes. A backslash would begin one of its escapes.
fn dot_text(text: &str) -> String {
    harmless(text).replace('\\', "\\\\").replace('"', "\\\"")
}

/// A Mermaid flowchart.
fn mermaid(diagram: &Diagram) -> String {
    let mut text = String::from("flowchart LR\n");
    for (at, node) in diagram.nodes.iter().enumerate() {
        let label: Vec<String> = node.label.iter().map(|line| mermaid_text(line)).collect();
        let (open, close) = match node.sort {
            Sort::Requirement => ("[", "]"),
            Sort::Assertion => ("{{", "}}"),
            Sort::Setting => ("([", "])"),
            Sort::Step => ("[[", "]]"),
        };
        text.push_str(&format!("  n{at}{open}\"{}\"{close}\n", label.join("<br/>")));
    }
    for edge in &diagram.edges {
        let label = match edge.label.is_empty() {
            true => String::new(),
            false => format!("|\"{}\"|", mermaid_text(&edge.label)),
        };
        text.push_str(&format!("  n{} -->{label} n{}\n", edge.from, edge.to));
    }
    text
}

/// A text between Mermaid's quotes, in which markup and its own entities mean something.
fn mermaid_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in harmless(text).chars() {
        match character {
            '"' | '#' | '&' | '<' | '>' | '`' => {
                escaped.push_str(&format!("#{};", u32::from(character)));
            }
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::Builder;

    fn hostile() -> Diagram {
        let mut diagram = Builder::default();
        let step = diagram.numbered(Sort::Step, 10, "", vec!["step 10".into()]);
        let first = diagram.numbered(Sort::Step, 9, "", vec!["step 9".into()]);
        let setting = diagram.node(Sort::Setting, "s", vec!["a\"]; evil [\"\\n".into(), "<b>\u{1b}".into()]);
        diagram.edge(&setting, &step, "`x` #quot; _y_");
        diagram.edge(&first, &step, "");
        diagram.edge(&first, &step, "");
        diagram.finish()
    }

    #[test]
    fn labels_stay_inside_their_quotes() {
        assert_eq!(
            dot(&hostile()),
            "digraph ordain {\n  rankdir = LR;\n  node [fontname = \"sans-serif\"];\n  n0 [shape = ellipse, label = \"a\\\"]; evil [\\\"\\\\n\\n<b>\\\\u{1b}\"];\n  n1 [shape = cds, label = \"step 9\"];\n  n2 [shape = cds, label = \"step 10\"];\n  n0 -> n2 [label = \"`x` #quot; _y_\"];\n  n1 -> n2;\n}\n"
        );
        assert_eq!(
            mermaid(&hostile()),
            "flowchart LR\n  n0([\"a#34;]; evil [#34;\\n<br/>#60;b#62;\\u{1b}\"])\n  n1[[\"step 9\"]]\n  n2[[\"step 10\"]]\n  n0 -->|\"#96;x#96; #35;quot; _y_\"| n2\n  n1 --> n2\n"
        );
    }
}
