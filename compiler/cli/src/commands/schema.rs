//! `ordain schema`: the kinds, or one kind's attributes and settings.

use crate::arguments::Schema as Arguments;
use crate::providers;
use crate::run::Run;
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity, nearest};
use ordain_model::schema::Kind;
use ordain_report::schema::{self, Schema};

/// Prints the kinds, or one of them.
pub fn run(arguments: &Arguments, run: &mut Run) -> Result<Exit, Reported> {
    let providers = providers::all();
    let kinds: Vec<&'static Kind> = match &arguments.kind {
        None => providers.kinds().collect(),
        Some(name) => vec![providers.kind(name).ok_or_else(|| unknown(name, run))?],
    };
    let schema = Schema::of(kinds);
    let style = run.output.style;
    let text = match &arguments.kind {
        _ if arguments.json => schema.json(),
        _ if arguments.markdown => schema::markdown(&schema),
        None => schema::list(&schema, style),
        Some(_) => schema.kinds.iter().map(|kind| schema::page(kind, style)).collect(),
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
