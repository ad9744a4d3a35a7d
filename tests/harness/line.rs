//! [`Line`]: the line from text to a plan, in one process: the providers are the real ones without their connection, the
//! worlds are embedded estates.

use crate::cluster::Cluster;
use ordain_aws::Aws;
use ordain_aws::pace::Pace;
use ordain_engine::constraints::{Constraints, constrain};
use ordain_engine::findings::{Finding, Findings, Judgement, NoStep, Subject, compare};
use ordain_engine::graph::{Graph, order};
use ordain_engine::observed::{Observed, Worlds, observe};
use ordain_engine::plan::{self, Plan, plan};
use ordain_kubernetes::Kubernetes;
use ordain_language::compile;
use ordain_language::files::{ContentProblem, File, FileProblem, Files, belongs, content_of, names_of};
use ordain_language::inputs::Inputs;
use ordain_language::path::join;
use ordain_memory::Estate;
use ordain_model::diagnostic::{Diagnostic, Diagnostics};
use ordain_model::module::{Found, LOCK, Locked, PackageProblem, Repository};
use ordain_model::package::Packing;
use ordain_model::provider::{Progress, Provider, Providers, World};
use ordain_model::source::Sources;
use ordain_report::report::Report;
use ordain_report::style::Style;
use ordain_report::{assemble, render, snippet};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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
            .filter(|(name, _)| belongs(name) && !name.contains('/'))
            .map(|(name, text)| File { name, bytes: text.clone().into_bytes() })
            .collect();
        if files.is_empty() { Err(FileProblem::Missing) } else { Ok(files) }
    }

    fn lock(&self, _: &str) -> Result<Option<File>, FileProblem> {
        Ok(self.0.get(LOCK).map(|text| File { name: LOCK.into(), bytes: text.clone().into_bytes() }))
    }

    fn content(&self, directory: &str, path: &str) -> Result<Vec<u8>, ContentProblem> {
        content_of(self.0, &join(directory, path))
    }

    fn names(&self, directory: &str, path: &str, depth: usize) -> Result<Vec<String>, ContentProblem> {
        Ok(names_of(self.0, &join(directory, path), depth))
    }

    /// Modules from elsewhere are vendored.
    fn package(&self, repository: &Repository, locked: &Locked) -> Result<Found, PackageProblem> {
        let place = repository.vendored(locked);
        let inside = |path: &str| path.strip_prefix(&place)?.strip_prefix('/').map(String::from);
        let mut packing = Packing::default();
        for (path, text) in self.0.iter().filter_map(|(path, text)| Some((inside(path)?, text))) {
            packing.add(path.as_bytes(), text.clone().into_bytes()).map_err(PackageProblem::Refused)?;
        }
        match packing.finish() {
            package if package.files().is_empty() => Err(PackageProblem::Offline),
            package => Ok(Found { package: Arc::new(package), vendored: Some(place) }),
        }
    }
}

/// What came of a profile.
pub struct Line {
    /// Its texts.
    pub sources: Sources,
    /// Every message, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// What is demanded and what is read before what, when there is no error.
    pub constraints: Option<(Constraints, Graph)>,
}

/// What came of a profile and its estates.
pub struct Judged {
    /// What was read.
    pub observed: Observed,
    /// One verdict per obligation.
    pub findings: Findings,
    /// What cures it.
    pub plan: Plan,
}

/// Nobody watches.
struct Unwatched;

impl Progress for Unwatched {
    fn step(&self, _: &str) {}
}

static AWS: Aws = Aws { pace: Pace::Half };

/// The real providers, without their connection.
pub const PROVIDERS: Providers<'static> = Providers(&[&AWS as &dyn Provider, &Kubernetes]);

impl Line {
    /// What `validate` does: the line up to the constraints, and the order in which things would be read.
    #[must_use]
    pub fn of(files: &BTreeMap<String, String>) -> Line {
        let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
        let config = compile(".", &Memory(files), &Inputs::default(), PROVIDERS, &mut sources, &mut diagnostics);
        let constraints = config.and_then(|config| constrain(config, &sources, PROVIDERS, &mut diagnostics));
        let ordered = constraints.and_then(|constraints| Ok((order(&constraints, &mut diagnostics)?, constraints)));
        let constraints = ordered.ok().map(|(graph, constraints)| (constraints, graph));
        Line { sources, diagnostics: diagnostics.into_sorted(), constraints }
    }

    /// Every message as a terminal without colours shows it.
    #[must_use]
    pub fn messages(&self) -> String {
        snippet::render(&self.diagnostics, &self.sources, Style::PLAIN)
    }

    /// What `plan` does, with the estates among the files, and the clusters (`.jsonl`).
    ///
    /// # Errors
    /// Why there is nothing to judge.
    pub fn judge(&self, files: &BTreeMap<String, String>) -> Result<Judged, String> {
        let Some((constraints, graph)) = &self.constraints else { return Err(self.messages()) };
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let mut worlds = Worlds::new();
        for (name, declaration) in &constraints.config.targets {
            let estate = declaration.estate.as_deref().ok_or("a target without estate")?;
            let text = files.get(estate).ok_or_else(|| format!("no block `{estate}`"))?;
            if estate.ends_with(".jsonl") {
                let _ = worlds.insert(name.clone(), Ok(Box::new(Cluster::read(text)?) as Box<dyn World>));
                continue;
            }
            let path = folder.path().join(estate.replace('/', "_"));
            std::fs::write(&path, text).map_err(|error| error.to_string())?;
            let mut diagnostics = Diagnostics::default();
            let opened = Estate::open(&path, estate, PROVIDERS, &mut diagnostics);
            let world = opened.map_err(|_| snippet::render(&diagnostics.into_sorted(), &self.sources, Style::PLAIN))?;
            let _ = worlds.insert(name.clone(), Ok(Box::new(world) as Box<dyn World>));
        }
        let observed = observe(constraints, graph, &worlds, &Unwatched);
        let findings = compare(constraints, graph, &observed, &BTreeSet::new());
        let plan = plan(&findings, plan::Inputs::of(constraints, &observed, "0.1.0"));
        Ok(Judged { observed, findings, plan })
    }
}

impl Judged {
    /// Every message of a run that judges a world, as a terminal without colours shows it.
    #[must_use]
    pub fn messages(&self, line: &Line) -> String {
        let mut diagnostics = Diagnostics::default();
        for message in &line.diagnostics {
            let _ = diagnostics.push(message.clone());
        }
        self.findings.warn(&mut diagnostics);
        snippet::render(&diagnostics.into_sorted(), &line.sources, Style::PLAIN)
    }

    /// A line per obligation: verdict, requirement, what it is about, the live value or why there is none. The exit code of
    /// `plan -detailed-exitcode` stands last.
    #[must_use]
    pub fn verdicts(&self) -> String {
        let mut lines: Vec<[String; 4]> = self.findings.findings.iter().map(|finding| self.row(finding)).collect();
        lines.sort();
        let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
        let widths = [width(0), width(1), width(2)];
        let mut text = String::new();
        for [verdict, claim, subject, value] in &lines {
            let line = format!("{verdict:0$}  {claim:1$}  {subject:2$}  {value}", widths[0], widths[1], widths[2]);
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text.push_str(&format!("exit code {}\n", self.findings.conclusion().exit().code()));
        text
    }

    fn row(&self, finding: &Finding) -> [String; 4] {
        let claim = self
            .findings
            .claim(finding)
            .address
            .replace("require.aws_", "aws_")
            .replace("require.kubernetes_", "kubernetes_");
        let subject = match &finding.subject {
            Subject::Target(target) => format!("target {target}"),
            Subject::Listing(cell, kind) => format!("{cell}/{kind}"),
            Subject::Count(cell, kind) => format!("{cell}/{kind}"),
            Subject::Setting(setting) => format!("{}#{}", setting.object.id, setting.setting),
            Subject::Assertion => "-".into(),
        };
        let live = finding.live.as_ref().map(ToString::to_string);
        let value = match (&finding.judgement, live) {
            (Judgement::Waived | Judgement::Baselined, live) => {
                let by = finding.exception.and_then(|at| self.findings.exceptions.get(at as usize));
                format!("{} ({})", live.unwrap_or_default(), by.map_or("nothing", |by| &by.address))
            }
            (Judgement::Met | Judgement::Unmet(None), live) => live.unwrap_or_default(),
            (Judgement::Unmet(Some(why)), live) => format!("{} (no step: {})", live.unwrap_or_default(), no_step(why)),
            (Judgement::Unknown(reason), _) => format!("{:?}: {}", reason.cause, reason.detail),
            (Judgement::Broken(why) | Judgement::NotApplicable(why) | Judgement::ProviderFixed(why), _) => {
                why.to_string()
            }
        };
        [finding.judgement.verdict().word().into(), claim, subject, value]
    }

    /// What `ordain plan` prints.
    #[must_use]
    pub fn human(&self) -> String {
        render::human::FORMAT.text(&self.report(), Style::PLAIN)
    }

    /// What `ordain plan -json` prints.
    #[must_use]
    pub fn json(&self) -> String {
        render::json::FORMAT.text(&self.report(), Style::PLAIN)
    }

    fn report(&self) -> Report {
        assemble::plan(&self.findings, &self.plan, &self.observed)
    }
}

fn no_step(why: &NoStep) -> String {
    match why {
        NoStep::Observed => "only observed".into(),
        NoStep::Manual => "no API does it".into(),
        NoStep::Check => "a check makes none".into(),
        NoStep::Held(text) => format!("held: {text}"),
        NoStep::NoValue(text) | NoStep::Domain(text) | NoStep::Prerequisite(text) | NoStep::NoOwner(text) => {
            text.to_string()
        }
    }
}
