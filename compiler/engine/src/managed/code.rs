//! [`Code`]: the files in which resources are written, and the [`patch`](Code::patch) that changes their arguments.

use super::Edit;
use ordain_language::parse::parse;
use ordain_language::syntax::{Block, Body, Expression, Node, Syntax};
use ordain_model::diagnostic::Diagnostics;
use ordain_model::source::{Sources, Span};
use serde_json::Value as Json;
use similar::TextDiff;
use std::collections::BTreeMap;

/// Files of one directory, parsed. One that does not parse in full counts as far as it does.
#[derive(Debug, Default)]
pub struct Code {
    sources: Sources,
    files: Vec<Syntax>,
    /// By type and name of a resource, the place of its block: file and index. A name that stands twice is left out.
    blocks: BTreeMap<(String, String), Option<(usize, usize)>>,
}

impl Code {
    /// Parses files: their names, as they are shown, and their texts.
    pub fn new<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Code {
        let mut code = Code::default();
        for (name, text) in files {
            let id = code.sources.add(name, text);
            let syntax = parse(&code.sources, id, &mut Diagnostics::default());
            for (at, block) in
                syntax.body.blocks.iter().enumerate().filter(|(_, block)| &*block.kind.text == "resource")
            {
                if let [of, name] = block.labels.as_slice() {
                    let place = Some((code.files.len(), at));
                    let key = (of.text.to_string(), name.text.to_string());
                    code.blocks.entry(key).and_modify(|known| *known = None).or_insert(place);
                }
            }
            code.files.push(syntax);
        }
        code
    }

    /// The unified diff that makes the edits in a resource's block, as far as it says a literal there. There is no context in
    /// it: what stands beside an argument may be a secret.
    pub(super) fn patch(&self, of: &str, name: &str, edits: &[Edit]) -> Option<String> {
        let (file, block) = (*self.blocks.get(&(of.to_owned(), name.to_owned()))?)?;
        let syntax = self.files.get(file)?;
        let body = &syntax.body.blocks.get(block)?.body;
        let edit = |edit: &Edit| Some((literal(body, &edit.argument)?, written(edit.value.as_ref()?)?));
        let mut changes: Vec<(Span, String)> = edits.iter().filter_map(edit).collect();
        changes.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
        let source = self.sources.get(syntax.source);
        let mut after = source.text.to_string();
        for (span, value) in changes {
            after.replace_range(span.start as usize..span.end as usize, &value);
        }
        let diff = TextDiff::from_lines(&*source.text, &after);
        let (old, new) = (format!("a/{}", source.name), format!("b/{}", source.name));
        let text = diff.unified_diff().context_radius(0).header(&old, &new).to_string();
        (!text.is_empty()).then_some(text)
    }
}

/// Where the literal of an argument stands.
fn literal(body: &Body, argument: &str) -> Option<Span> {
    let (mut body, mut rest) = (body, argument);
    while let Some((block, inner)) = rest.split_once('.') {
        let mut named = body.blocks.iter().filter(|other| *other.kind.text == *block);
        let (Some(Block { body: only, .. }), None) = (named.next(), named.next()) else { return None };
        (body, rest) = (only, inner);
    }
    let value = &body.attributes.iter().find(|attribute| *attribute.name.text == *rest)?.value;
    is_literal(value).then_some(value.span)
}

fn is_literal(value: &Expression) -> bool {
    let plain = |node: &Node| matches!(node, Node::Null | Node::Bool(_) | Node::Number(_) | Node::String(_));
    match &value.node {
        Node::Tuple(members) => members.iter().all(|member| plain(&member.node)),
        node => plain(node),
    }
}

/// A value as HCL writes it.
fn written(value: &Json) -> Option<String> {
    match value {
        Json::Null | Json::Bool(_) | Json::Number(_) => Some(value.to_string()),
        // JSON escapes what HCL does; an interpolation would begin where HCL doubles its first letter.
        Json::String(_) => Some(value.to_string().replace("${", "$${").replace("%{", "%%{")),
        Json::Array(members) => {
            let members: Option<Vec<String>> = members.iter().map(written).collect();
            Some(format!("[{}]", members?.join(", ")))
        }
        Json::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
resource "aws_db_instance" "shop" {
  password                = "hunter2"
  backup_retention_period = 1 # a day
  deletion_protection     = var.protect
}

resource "aws_eks_cluster" "prod" {
  vpc_config {
    endpoint_public_access = true
    public_access_cidrs = [
      "0.0.0.0/0",
    ]
  }
}
"#;

    fn patch(of: &str, name: &str, edits: &[(&str, Json)]) -> Option<String> {
        let edit = |(name, value): &(&str, Json)| Edit { argument: (*name).into(), value: Some(value.clone()) };
        Code::new([("main.tf", FILE)]).patch(of, name, &edits.iter().map(edit).collect::<Vec<_>>())
    }

    #[test]
    fn a_literal_is_replaced_and_nothing_beside_it_is_shown() {
        let patch = patch("aws_db_instance", "shop", &[("backup_retention_period", 7.into())]).unwrap();
        assert!(
            patch.contains("-  backup_retention_period = 1 # a day\n+  backup_retention_period = 7 # a day\n"),
            "{patch}"
        );
        assert!(patch.starts_with("--- a/main.tf\n+++ b/main.tf\n@@ -4 +4 @@\n"), "{patch}");
        assert!(!patch.contains("hunter2"), "{patch}");
    }

    #[test]
    fn blocks_are_entered_and_several_arguments_change_at_once() {
        let edits = [
            ("vpc_config.public_access_cidrs", serde_json::json!(["203.0.113.0/24"])),
            ("vpc_config.endpoint_public_access", false.into()),
        ];
        let patch = patch("aws_eks_cluster", "prod", &edits).unwrap();
        assert!(patch.contains("-    endpoint_public_access = true\n"), "{patch}");
        assert!(patch.contains("+    public_access_cidrs = [\"203.0.113.0/24\"]\n"), "{patch}");
    }

    #[test]
    fn what_is_no_literal_or_not_there_has_no_patch() {
        assert_eq!(patch("aws_db_instance", "shop", &[("deletion_protection", true.into())]), None);
        assert_eq!(patch("aws_db_instance", "shop", &[("multi_az", true.into())]), None);
        assert_eq!(patch("aws_db_instance", "other", &[("multi_az", true.into())]), None);
        assert_eq!(patch("aws_eks_cluster", "prod", &[("other.x", true.into())]), None);
        let twice = format!("{FILE}{FILE}");
        let edits = [Edit { argument: "backup_retention_period".into(), value: Some(7.into()) }];
        assert_eq!(Code::new([("main.tf", &*twice)]).patch("aws_db_instance", "shop", &edits), None, "which one?");
    }
}
