//! [`Line`]: the line from text on, in memory: files are a map, the providers are the real ones without their connection.

use ordain_aws::Aws;
use ordain_engine::constraints::{Constraints, constrain};
use ordain_engine::graph::order;
use ordain_language::compile;
use ordain_language::files::{File, FileProblem, Files};
use ordain_language::inputs::Inputs;
use ordain_model::diagnostic::{Diagnostic, Diagnostics};
use ordain_model::provider::Providers;
use ordain_model::source::Sources;
use ordain_report::snippet;
use ordain_report::style::Style;
use std::collections::BTreeMap;

/// A profile's files by path.
struct Memory<'a>(&'a BTreeMap<String, String>);

impl Files for Memory<'_> {
    fn module(&self, directory: &str) -> Result<Vec<File>, FileProblem> {
        let inside = |path: &str| match directory {
            "." | "" => Some(path.to_string()),
            _ => path.strip_prefix(directory).and_then(|rest| rest.strip_prefix('/')).map(String::from),
        };
        let files: Vec<File> = self
            .0
            .iter()
            .filter_map(|(path, text)| Some((inside(path)?, text)))
            .filter(|(name, _)| name.ends_with(".hcl") && !name.contains('/'))
            .map(|(name, text)| File { name, bytes: text.clone().into_bytes() })
            .collect();
        if files.is_empty() { Err(FileProblem::Missing) } else { Ok(files) }
    }
}

/// What came of a profile.
#[derive(Debug)]
pub struct Line {
    /// Its texts.
    pub sources: Sources,
    /// Every message, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// What is demanded, when there is no error.
    pub constraints: Option<Constraints>,
}

impl Line {
    /// What `validate` does: the line up to the constraints, and the order in which things would be read.
    #[must_use]
    pub fn of(files: &BTreeMap<String, String>) -> Line {
        let aws = Aws::default();
        let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
        let providers = Providers(&[&aws]);
        let config = compile(".", &Memory(files), &Inputs::default(), providers, &mut sources, &mut diagnostics);
        let constraints = config.and_then(|config| constrain(config, &sources, providers, &mut diagnostics));
        let constraints = constraints.and_then(|constraints| order(&constraints, &mut diagnostics).map(|_| constraints));
        Line { sources, diagnostics: diagnostics.into_sorted(), constraints: constraints.ok() }
    }

    /// Every message as a terminal without colours shows it.
    #[must_use]
    pub fn messages(&self) -> String {
        snippet::render(&self.diagnostics, &self.sources, Style::PLAIN)
    }
}
