//! A profile in memory: files by path, and what the command line gives.

use crate::fake::{Fake, Other};
use ordain_language::compile;
use ordain_language::config::Config;
use ordain_language::files::{File, FileProblem, Files};
use ordain_language::inputs::{Input, Inputs};
use ordain_model::diagnostic::{Diagnostic, Diagnostics};
use ordain_model::module::{Found, LOCK, Locked, PackageProblem, Repository};
use ordain_model::package::Packing;
use ordain_model::provider::Providers;
use ordain_model::source::{Sources, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Default)]
pub struct Profile {
    pub files: BTreeMap<String, Vec<u8>>,
    pub inputs: Inputs,
}

/// What compiling gave.
pub struct Compiled {
    pub config: Option<Config>,
    pub sources: Sources,
    pub diagnostics: Vec<Diagnostic>,
}

impl Files for Profile {
    fn module(&self, directory: &str) -> Result<Vec<File>, FileProblem> {
        if self.files.contains_key(directory) {
            return Err(FileProblem::NotADirectory);
        }
        let directory = if directory == "." { "" } else { directory };
        let inside = |path: &str| {
            let rest = if directory.is_empty() { Some(path) } else { path.strip_prefix(directory)?.strip_prefix('/') };
            rest.map(str::to_owned)
        };
        let files: Vec<(String, &Vec<u8>)> =
            self.files.iter().filter_map(|(path, bytes)| Some((inside(path)?, bytes))).collect();
        if files.is_empty() {
            return Err(FileProblem::Missing);
        }
        let own = files.into_iter().filter(|(name, _)| !name.contains('/') && name.ends_with(".hcl"));
        Ok(own.map(|(name, bytes)| File { name, bytes: bytes.clone() }).collect())
    }

    fn lock(&self, _: &str) -> Result<Option<File>, FileProblem> {
        Ok(self.files.get(LOCK).map(|bytes| File { name: LOCK.into(), bytes: bytes.clone() }))
    }

    /// Packages are vendored; there is nothing else.
    fn package(&self, repository: &Repository, locked: &Locked) -> Result<Found, PackageProblem> {
        let place = repository.vendored(locked);
        let mut packing = Packing::default();
        for (path, bytes) in &self.files {
            let Some(path) = path.strip_prefix(&place).and_then(|rest| rest.strip_prefix('/')) else { continue };
            packing.add(path.as_bytes(), bytes.clone()).map_err(PackageProblem::Refused)?;
        }
        let package = Arc::new(packing.finish());
        if package.files().is_empty() {
            return Err(PackageProblem::Offline);
        }
        Ok(Found { package, vendored: Some(place) })
    }
}

impl Profile {
    /// Reads a case: files start at lines `# path`, inputs are lines `$ -var name=text`, `$ -var-file path` and
    /// `$ ORDAIN_VAR_name=text`; a text without either is `main.hcl`.
    pub fn read(text: &str) -> Profile {
        let mut profile = Profile::default();
        let mut path = "main.hcl".to_owned();
        let mut arguments = Vec::new();
        for line in text.lines() {
            let file = |name: &&str| [".hcl", ".lock", ".vars"].iter().any(|ending| name.ends_with(ending));
            if let Some(name) = line.strip_prefix("# ").filter(file) {
                path = name.to_owned();
                profile.files.entry(path.clone()).or_default();
            } else if let Some(argument) = line.strip_prefix("$ ") {
                arguments.push(argument);
            } else {
                profile.files.entry(path.clone()).or_default().extend(format!("{line}\n").bytes());
            }
        }
        for argument in arguments {
            if let Some(assignment) = argument.strip_prefix("-var ") {
                let (name, text) = assignment.split_once('=').expect("name=text");
                profile.inputs.arguments.push(Input::Variable { name: name.into(), text: text.into() });
            } else if let Some(path) = argument.strip_prefix("-var-file ") {
                let bytes = profile.files.remove(path).expect("a file");
                profile.inputs.arguments.push(Input::File(File { name: path.into(), bytes }));
            } else {
                let (name, text) =
                    argument.strip_prefix("ORDAIN_VAR_").expect("ORDAIN_VAR_").split_once('=').expect("=");
                profile.inputs.environment.insert(name.into(), text.into());
            }
        }
        profile
    }

    pub fn compile(&self) -> Compiled {
        let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
        let providers: Providers<'_> = Providers(&[&Fake, &Other]);
        let config = compile(".", self, &self.inputs, providers, &mut sources, &mut diagnostics).ok();
        Compiled { config, sources, diagnostics: diagnostics.into_sorted() }
    }
}

impl Compiled {
    /// The messages as the cases write them: code and detail, then every label with its place, the text under it and
    /// its remark, then what to do.
    pub fn messages(&self) -> String {
        let all: Vec<String> = self.diagnostics.iter().map(|diagnostic| self.message(diagnostic)).collect();
        if all.is_empty() { "nothing".into() } else { all.join("\n") }
    }

    fn message(&self, diagnostic: &Diagnostic) -> String {
        let severity = if diagnostic.severity == ordain_model::diagnostic::Severity::Warning { " warning" } else { "" };
        let mut lines = vec![format!("[{}{severity}] {}", diagnostic.code.name, diagnostic.detail)];
        for label in &diagnostic.labels {
            lines.push(format!("  at {} {}", self.place(label.span), label.text).trim_end().into());
        }
        lines.extend(diagnostic.help.iter().map(|help| format!("  help: {help}")));
        lines.extend(diagnostic.paste.iter().map(|paste| format!("  paste: {}", paste.replace('\n', "\n         "))));
        lines.join("\n")
    }

    fn place(&self, span: Span) -> String {
        format!("{} `{}`", self.sources.place(span), self.sources.slice(span).replace('\n', "⏎"))
    }

    /// The configuration of a profile that must compile.
    pub fn config(&self) -> &Config {
        self.config.as_ref().unwrap_or_else(|| panic!("does not compile:\n{}", self.messages()))
    }
}

/// What a profile that must compile means.
pub fn config(text: &str) -> Config {
    Profile::read(text).compile().config().clone()
}
