//! `ordain schema`: the kinds, or one kind's attributes and settings.

use crate::arguments::Schema;
use crate::providers;
use crate::run::Run;
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity, nearest};
use ordain_model::schema::{Attribute, Kind, Setting};
use ordain_model::types::Type;
use ordain_report::style::{Page, Tone};
use serde_json::{Value as Json, json};

/// Prints the kinds, or one of them.
pub fn run(arguments: &Schema, run: &mut Run) -> Result<Exit, Reported> {
    let providers = providers::all();
    let kinds: Vec<&'static Kind> = match &arguments.kind {
        None => providers.kinds().collect(),
        Some(name) => vec![providers.kind(name).ok_or_else(|| unknown(name, run))?],
    };
    let text = match (arguments.json, &arguments.kind) {
        (true, _) => document(&kinds),
        (false, None) => list(&kinds, Page::new(run.output.style)),
        (false, Some(_)) => kinds.iter().map(|kind| page(kind, Page::new(run.output.style))).collect(),
    };
    run.print(&text)?;
    Ok(Exit::Fine)
}

fn unknown(name: &str, run: &mut Run) -> Reported {
    let near = nearest(name, providers::all().kinds().map(|kind| kind.name));
    let diagnostic =
        Diagnostic::new(code::UNKNOWN_SUBJECT, Severity::Error, format!("No provider has a kind `{name}`."));
    run.diagnostics.push(match near {
        Some(near) => diagnostic.help(format!("Did you mean `{near}`?")).paste(format!("ordain schema {near}")),
        None => diagnostic.help("List the kinds.").paste("ordain schema"),
    })
}

fn list(kinds: &[&Kind], mut page: Page) -> String {
    let width = kinds.iter().map(|kind| kind.name.len()).max().unwrap_or(0);
    for kind in kinds {
        page.column(Tone::Strong, kind.name, width + 2).put(kind.summary).end();
    }
    page.finish()
}

fn page(kind: &Kind, mut page: Page) -> String {
    page.tone(Tone::Strong, kind.name).put(": ").put(kind.summary).end();
    page.gap().tone(Tone::Strong, "Attributes").put(", for `where`").end();
    for attribute in kind.attributes {
        page.space(2).column(Tone::Strong, attribute.name, 26).put(attribute.summary).end();
        page.space(28).tone(Tone::Faint, &type_name(&attribute.of)).end();
    }
    page.gap().tone(Tone::Strong, "Settings").put(", for `must`").end();
    for setting in kind.settings {
        let key = setting.keyed.as_ref().map(|keyed| format!("[\"{}\"]", keyed.what)).unwrap_or_default();
        page.space(2).column(Tone::Strong, &format!("{}{key}", setting.name), 26).put(setting.summary).end();
        page.space(28)
            .tone(Tone::Faint, &type_name(&setting.of))
            .tone(Tone::Faint, "; ")
            .tone(Tone::Faint, setting.source)
            .end();
    }
    if !kind.rules.is_empty() {
        page.gap().tone(Tone::Strong, "Rules").put(", which the API demands").end();
    }
    for rule in kind.rules {
        page.space(2).put(&format!("when {} is {}, {} is {}", rule.when, (rule.is)(), rule.then, (rule.must)())).end();
        page.space(4).tone(Tone::Faint, rule.why).end();
    }
    page.gap().put("More: ").put(&format!("ordain explain {}", kind.name)).end();
    page.finish()
}

/// The type, with its members where it has some.
fn type_name(of: &Type) -> String {
    match of {
        Type::Enum(members) => format!("{} ({})", of.name(), members.join(" < ")),
        Type::Strings(Some(members)) => format!("{} ({})", of.name(), members.join(", ")),
        other => other.name().to_owned(),
    }
}

fn document(kinds: &[&Kind]) -> String {
    let kinds: Vec<Json> = kinds.iter().map(|kind| describe(kind)).collect();
    format!("{:#}\n", json!({"format": "ordain.schema/1", "kinds": kinds}))
}

fn describe(kind: &Kind) -> Json {
    let attribute = |attribute: &Attribute| json!({"name": attribute.name, "type": type_name(&attribute.of), "summary": attribute.summary});
    let setting = |setting: &Setting| {
        json!({
            "name": setting.name,
            "type": type_name(&setting.of),
            "summary": setting.summary,
            "key": setting.keyed.as_ref().map(|keyed| keyed.what),
            "view_of": setting.join.as_ref().map(|join| join.owner_kinds),
            "class": setting.class,
            "source": setting.source,
        })
    };
    json!({
        "name": kind.name,
        "summary": kind.summary,
        "attributes": kind.attributes.iter().map(attribute).collect::<Vec<_>>(),
        "settings": kind.settings.iter().map(setting).collect::<Vec<_>>(),
    })
}
