//! Kinds as a page of Markdown.

use super::{KindView, Schema, SettingView};

/// A section per kind, from the second level of headings on.
#[must_use]
pub fn markdown(schema: &Schema) -> String {
    schema.kinds.iter().map(kind).collect::<Vec<_>>().join("\n")
}

fn kind(kind: &KindView) -> String {
    let mut text = format!("## {}\n\n{}\n\n", kind.name, kind.summary);
    text.push_str("| attribute | type | is |\n|---|---|---|\n");
    for attribute in &kind.attributes {
        text.push_str(&row(&[&code(attribute.name), &attribute.of, attribute.summary]));
    }
    text.push_str("\n| setting | type | is | the API accepts | stricter | changing it |\n|---|---|---|---|---|---|\n");
    for setting in &kind.settings {
        text.push_str(&of_setting(setting));
    }
    for rule in &kind.rules {
        let said =
            format!("When {} is {}, {} is {}", code(rule.when), code(&rule.is), code(rule.then), code(&rule.must));
        let more = match rule.depends_on {
            [] => String::new(),
            needs => format!(
                "; more of it depends on {}",
                needs.iter().map(|name| code(name)).collect::<Vec<_>>().join(", ")
            ),
        };
        text.push_str(&format!("\n* {said}{more}: {}.\n", rule.why.trim_end_matches('.')));
    }
    text
}

fn of_setting(setting: &SettingView) -> String {
    let key = setting.key.map(|key| format!("[\"{key}\"]")).unwrap_or_default();
    let view = setting.view_of.map(|kinds| format!("; a view of {}", kinds.join(", "))).unwrap_or_default();
    row(&[
        &code(&format!("{}{key}", setting.name)),
        &format!("{}{view}", setting.of),
        setting.summary,
        &setting.accepts,
        setting.stricter,
        if setting.view_of.is_some() { "changes what it shows" } else { setting.class.word() },
    ])
}

/// A row of a table, in which `|` would begin a cell.
fn row(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
    format!("| {} |\n", cells.join(" | "))
}

fn code(text: &str) -> String {
    format!("`{text}`")
}
