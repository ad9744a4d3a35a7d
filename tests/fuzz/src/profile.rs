//! Profiles: any text reads as a tree whose spans lie in it, and compiles to constraints or to messages that can be drawn.

use ordain_aws::Aws;
use ordain_aws::pace::Pace;
use ordain_engine::constraints::constrain;
use ordain_engine::graph::order;
use ordain_language::files::{File, FileProblem, Files};
use ordain_language::inputs::Inputs;
use ordain_model::diagnostic::{Diagnostic, Diagnostics};
use ordain_model::provider::{Provider, Providers};
use ordain_model::source::{Sources, Span};
use ordain_report::snippet;
use ordain_report::style::Style;

static AWS: Aws = Aws { pace: Pace::Half };

/// The providers of every target.
pub(crate) const PROVIDERS: Providers<'static> = Providers(&[&AWS as &dyn Provider]);

/// A profile of one file.
struct Only<'a>(&'a [u8]);

impl Files for Only<'_> {
    fn module(&self, directory: &str) -> Result<Vec<File>, FileProblem> {
        match directory {
            "." => Ok(vec![File { name: "main.hcl".into(), bytes: self.0.to_vec() }]),
            _ => Err(FileProblem::Missing),
        }
    }
}

/// Text to syntax.
pub(crate) fn parse(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let id = sources.add("main.hcl", text);
    let syntax = ordain_language::parse::parse(&sources, id, &mut diagnostics);
    for block in &syntax.body.blocks {
        in_bounds(&sources, block.kind.span);
        block.labels.iter().for_each(|label| in_bounds(&sources, label.span));
    }
    for attribute in &syntax.body.attributes {
        in_bounds(&sources, attribute.name.span);
        in_bounds(&sources, attribute.value.span);
    }
    let expression = ordain_language::parse::parse_expression(&sources, id, &mut diagnostics);
    expression.into_iter().for_each(|expression| in_bounds(&sources, expression.span));
    shown(&diagnostics.into_sorted(), &sources);
}

/// Text to constraints in order.
pub(crate) fn compile(bytes: &[u8]) {
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let inputs = Inputs::default();
    let config = ordain_language::compile(".", &Only(bytes), &inputs, PROVIDERS, &mut sources, &mut diagnostics);
    let constraints = config.and_then(|config| constrain(config, &sources, PROVIDERS, &mut diagnostics));
    let ordered = constraints.and_then(|constraints| order(&constraints, &mut diagnostics));
    assert!(ordered.is_ok() || diagnostics.check().is_err(), "it fails without a message");
    shown(&diagnostics.into_sorted(), &sources);
}

/// Every message points into its source, and draws to text that cannot steer a terminal.
pub(crate) fn shown(diagnostics: &[Diagnostic], sources: &Sources) {
    diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels).for_each(|label| in_bounds(sources, label.span));
    let text = snippet::render(diagnostics, sources, Style::PLAIN);
    assert!(!text.chars().any(|character| character.is_control() && character != '\n'), "{text:?}");
}

fn in_bounds(sources: &Sources, span: Span) {
    let text = &sources.get(span.source).text;
    let range = span.start as usize..span.end as usize;
    assert!(text.get(range).is_some(), "{span:?} is no range of {} bytes", text.len());
}
