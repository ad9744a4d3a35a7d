//! `ordain graph`: a profile or a plan as a diagram.

use super::{plan, show};
use crate::arguments::{Graph, GraphFormat, GraphType, Selection};
use crate::run::Run;
use crate::{profile, worlds};
use ordain_language::inputs::Missing;
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;
use ordain_report::assemble;
use ordain_report::diagram::Diagram;
use ordain_report::render::diagram::FORMATS;

/// Prints the diagram.
pub fn run(arguments: &Graph, run: &mut Run) -> Result<Exit, Reported> {
    let diagram = diagram(arguments, run)?;
    if run.json {
        run.document(diagram.json())?;
        return Ok(Exit::Fine);
    }
    let name = match arguments.format {
        GraphFormat::Dot => "dot",
        GraphFormat::Mermaid => "mermaid",
    };
    let text: String =
        FORMATS.iter().filter(|format| format.name == name).map(|form| (form.render)(&diagram)).collect();
    run.print(&text)?;
    Ok(Exit::Fine)
}

fn diagram(arguments: &Graph, run: &mut Run) -> Result<Diagram, Reported> {
    if let Some(path) = &arguments.plan {
        if arguments.snapshot.is_some() {
            return Err(run.fail(code::ARGUMENT, "A plan file holds what it was made from: it takes no `--snapshot`."));
        }
        return show::read(path, run).map(|plan| assemble::graph_of_plan(&plan));
    }
    if arguments.of == GraphType::Profile && arguments.snapshot.is_none() {
        let profile = profile::compile(&arguments.directory, &arguments.outside, Missing::Undecided, run)?;
        return Ok(assemble::graph(&profile.constraints));
    }
    let profile = profile::compile(&arguments.directory, &arguments.outside, Missing::Refused, run)?;
    let observed = worlds::observe(&profile, arguments.snapshot.as_deref(), run)?;
    let (_, plan) = plan::judge(&profile, &observed, &Selection::default(), run)?;
    Ok(assemble::graph_of_plan(&plan))
}
