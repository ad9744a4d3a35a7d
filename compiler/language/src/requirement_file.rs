//! [`RequirementText`]: a requirement as the program writes it into a profile.

use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::bound::{Bound, TextBounds};
use ordain_model::schema::{Kind, Setting, Stricter};
use ordain_model::types::Type;
use ordain_model::value::quote;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// A requirement about every object of a kind.
#[derive(Clone, Debug)]
pub struct RequirementText<'a> {
    /// The kind.
    pub kind: &'static Kind,
    /// Its name.
    pub name: &'a str,
    /// One line for people.
    pub title: &'a str,
    /// The target it is about, where that has to be said.
    pub target: Option<&'a str>,
    /// What the settings must satisfy.
    pub demands: &'a BTreeMap<SettingName, Bound>,
    /// Comments for people, by the setting before which they stand or would stand.
    pub comments: &'a BTreeMap<SettingName, String>,
}

/// The text of a requirement, not aligned yet: [`crate::format::format`] does that.
#[must_use]
pub fn render(of: &RequirementText<'_>) -> String {
    let mut text = format!("require \"{}\" \"{}\" {{\n  title = {}\n", of.kind.name, of.name, quote(of.title));
    // Writing to a string cannot fail.
    if let Some(target) = of.target {
        let _ = writeln!(text, "  targets = [target.{target}]");
    }
    text.push_str("  where = true\n\n  must {\n");
    let names = of.demands.keys().chain(of.comments.keys());
    let mut settings: BTreeMap<&Text, Vec<&SettingName>> = BTreeMap::new();
    for name in names.collect::<BTreeSet<_>>() {
        settings.entry(&name.name).or_default().push(name);
    }
    for (setting, names) in settings {
        let keyed = names.iter().any(|name| name.key.is_some() && of.demands.contains_key(*name));
        if keyed {
            let _ = writeln!(text, "    {setting} = {{");
        }
        for name in names {
            line(of, name, keyed, &mut text);
        }
        if keyed {
            text.push_str("    }\n");
        }
    }
    text.push_str("  }\n}\n");
    text
}

/// A demand with the comment before it; or the comment alone.
fn line(of: &RequirementText<'_>, name: &SettingName, keyed: bool, text: &mut String) {
    let indent = if keyed { "      " } else { "    " };
    if let Some(comment) = of.comments.get(name) {
        let _ = writeln!(text, "{indent}# {}", one_line(comment));
    }
    let Some(bound) = of.demands.get(name) else { return };
    let left = name.key.as_ref().map_or_else(|| name.name.to_string(), |key| quote(key));
    let _ = writeln!(text, "{indent}{left} = {}", written(of.kind, &name.name, bound));
}

/// A bound as people write it: a value of a bool, an enum or a string means exactly it, and members of an enum up to the
/// strictest one are at least the first of them.
fn written(kind: &Kind, setting: &str, bound: &Bound) -> String {
    match bound {
        Bound::Bool(value) => value.to_string(),
        Bound::Text(TextBounds::Only(texts)) if texts.len() == 1 => texts.iter().map(|text| quote(text)).collect(),
        Bound::Text(TextBounds::Only(texts)) => match kind.setting(setting).and_then(|of| least(of, texts)) {
            Some(least) => format!("at_least({})", quote(least)),
            None => bound.to_string(),
        },
        bound => bound.to_string(),
    }
}

/// The weakest of some members of an enum, where they are it and everything stricter.
fn least(setting: &Setting, texts: &BTreeSet<Text>) -> Option<&'static str> {
    let Type::Enum(members) = setting.of else { return None };
    let strictest = members.get(members.len().checked_sub(texts.len())?..)?;
    let ordered = setting.stricter == Stricter::Later && strictest.iter().all(|member| texts.contains(*member));
    strictest.first().copied().filter(|_| ordered)
}

/// A text that no line break ends: what comes from elsewhere never leaves its comment.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}
