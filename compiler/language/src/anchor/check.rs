//! [`Anchor::check`]: whether a compiled profile is what its anchor demands, as far as it is known what its targets reach.

use super::{Anchor, AnchoredModule};
use crate::config::{Config, Module, Packaged};
use crate::files::Files;
use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported};
use ordain_model::digest::Digest;
use ordain_model::module::{Locked, PackageProblem, Request, Wanted};
use ordain_model::source::Span;
use ordain_model::version::{self, Constraint};
use std::collections::{BTreeMap, BTreeSet};

/// What a target reaches, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Cells, or what holds them.
    pub cells: BTreeSet<Cell>,
    /// Whether there are no others.
    pub complete: bool,
}

/// What is left of a check that found no mistake.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// Contents whose version is a claim of the profile until their source says the same.
    pub proofs: Vec<Proof>,
    /// Demands of which it is not known whether they concern the profile: what they are, why that is not known, and where they stand.
    pub undecided: Vec<(Text, String, Span)>,
}

/// A content to be compared with what its source publishes. The lock file, and a copy beside it, are the profile's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    request: Request,
    locked: Locked,
    imported: Span,
    demanded: Span,
}

/// Whether a demand concerns a target.
enum Concerns {
    Yes,
    No,
    Perhaps,
}

impl Anchor {
    /// Reports what the profile lacks, given what each of its targets reaches.
    pub fn check(&self, config: &Config, reach: &BTreeMap<Text, Reach>, diagnostics: &mut Diagnostics) -> Checked {
        let mut checked = Checked::default();
        for demand in &self.modules {
            demand.check(config, reach, &mut checked, diagnostics);
        }
        checked
    }
}

impl AnchoredModule {
    fn check(
        &self,
        config: &Config,
        reach: &BTreeMap<Text, Reach>,
        checked: &mut Checked,
        diagnostics: &mut Diagnostics,
    ) {
        let mut concerned: Vec<&Text> = Vec::new();
        for target in config.targets.keys() {
            match self.concerns(reach.get(target)) {
                Concerns::Yes => concerned.push(target),
                Concerns::No => {}
                Concerns::Perhaps => {
                    let about = format!("anchor.module.{}", self.name).into();
                    let why = format!("what `target.{target}` reaches is not all known");
                    checked.undecided.push((about, why, self.span));
                }
            }
        }
        let named = |module: &&Module| module.package.as_ref().is_some_and(|package| self.is(package));
        let imports: Vec<&Module> = config.modules.iter().filter(named).collect();
        if imports.is_empty() {
            if !concerned.is_empty() || self.cells.is_empty() {
                diagnostics.push(self.missing(&concerned));
            }
            return;
        }
        for target in concerned {
            let given: Vec<&Module> =
                imports.iter().copied().filter(|import| import.targets.contains(target)).collect();
            if given.is_empty()
                && let Some(import) = imports.iter().find(|import| import.undecided)
            {
                let about = format!("anchor.module.{}", self.name).into();
                let why = format!(
                    "whether `{}` is given `target.{target}` depends on a variable without a value",
                    import.path
                );
                checked.undecided.push((about, why, self.span));
                continue;
            }
            if given.is_empty() {
                diagnostics.push(self.not_given(&imports, target));
                continue;
            }
            let packages = || given.iter().filter_map(|import| import.package.as_ref());
            match packages().find(|package| self.flaw(package).is_none()) {
                Some(package) => checked.proofs.extend(self.proof(package)),
                None => diagnostics.extend(packages().next().and_then(|package| self.flaw(package))),
            }
        }
    }

    fn is(&self, package: &Packaged) -> bool {
        package.request.repository == self.repository && package.folder == self.folder
    }

    fn concerns(&self, reach: Option<&Reach>) -> Concerns {
        let meets = |cell: &Cell| self.cells.iter().any(|demanded| demanded.holds(cell) || cell.holds(demanded));
        match reach {
            _ if self.cells.is_empty() => Concerns::Yes,
            Some(reach) if reach.cells.iter().any(meets) => Concerns::Yes,
            Some(reach) if reach.complete => Concerns::No,
            _ => Concerns::Perhaps,
        }
    }

    /// "where it must hold", as the end of a sentence.
    fn place(&self) -> String {
        let cells: Vec<String> = self.cells.iter().map(|cell| format!("`{cell}`")).collect();
        if cells.is_empty() { "everywhere".to_owned() } else { format!("in {}", cells.join(", ")) }
    }

    fn missing(&self, concerned: &[&Text]) -> Diagnostic {
        let source = self.source();
        let detail = format!("the profile does not import `{source}`, which its anchor demands {}", self.place());
        let targets: Vec<String> = concerned.iter().map(|target| format!("target.{target}")).collect();
        let version = self.version.as_ref().map(|version| format!("  version = \"{version}\"\n")).unwrap_or_default();
        let block = format!(
            "module \"{}\" {{\n  source  = \"{source}\"\n{version}  targets = [{}]\n}}",
            self.name,
            targets.join(", ")
        );
        Diagnostic::error(code::ANCHOR, self.span, detail).says("demanded here").paste(block)
    }

    fn not_given(&self, imports: &[&Module], target: &Text) -> Diagnostic {
        let detail = format!("`{}` is imported without `target.{target}`, where the anchor demands it", self.source());
        let mut diagnostic = Diagnostic::error(code::ANCHOR, self.span, detail).says("demanded here");
        for package in imports.iter().filter_map(|import| import.package.as_ref()) {
            diagnostic = diagnostic.label(package.span, "imported here");
        }
        let given = imports.first().map(|import| &import.targets).into_iter().flatten().chain([target]);
        let given: BTreeSet<String> = given.map(|target| format!("target.{target}")).collect();
        diagnostic.paste(format!("targets = [{}]", given.into_iter().collect::<Vec<_>>().join(", ")))
    }

    /// What is wrong with an import's content.
    fn flaw(&self, package: &Packaged) -> Option<Diagnostic> {
        let source = self.source();
        let flawed = |detail: String| {
            let diagnostic = Diagnostic::error(code::ANCHOR, package.span, detail).says("imported here");
            diagnostic.label(self.span, "demanded here")
        };
        if let Some(wanted) = &self.version {
            let admits = |constraint: Constraint| {
                let version = package.locked.version.as_deref().and_then(version::parse);
                version.is_some_and(|version| constraint.admits(&version))
            };
            if !Constraint::parse(wanted).is_some_and(admits) {
                let seen = match (&package.locked.version, &package.request.wanted) {
                    (Some(version), _) => format!("is locked to version `{version}`"),
                    (None, Wanted::Reference(reference)) => {
                        format!("is imported at `{reference}`, which is no version")
                    }
                    (None, _) => "is imported without a version".to_owned(),
                };
                let detail = format!("`{source}` {seen}, and the anchor demands `{wanted}`");
                let help = "Ask for it, then run `ordain modules update`.";
                return Some(flawed(detail).help(help).paste(format!("version = \"{wanted}\"")));
            }
        }
        if !self.digests.is_empty() && !self.digests.contains(&package.locked.digest) {
            let detail =
                format!("the digest of `{source}` is `{}`, which is none that the anchor lists", package.locked.digest);
            return Some(
                flawed(detail)
                    .help("Import a content that the anchor lists, then lock it anew.")
                    .paste("ordain modules update"),
            );
        }
        None
    }

    fn proof(&self, package: &Packaged) -> Option<Proof> {
        let exactly = package.locked.version.as_ref().map(|version| Wanted::Version(version.clone()));
        let request = Request { repository: self.repository.clone(), wanted: exactly.unwrap_or(Wanted::Default) };
        let proof = Proof { request, locked: package.locked.clone(), imported: package.span, demanded: self.span };
        self.digests.is_empty().then_some(proof)
    }
}

impl Proof {
    /// Compares with what the source publishes now.
    ///
    /// # Errors
    /// It is something else, or cannot be asked.
    pub fn check(&self, files: &dyn Files, diagnostics: &mut Diagnostics) -> Result<(), Reported> {
        let name = self.request.repository.name(&self.locked);
        let here = self.locked.digest;
        let (detail, help) = match files.published(&self.request) {
            Ok(published) if published == here => return Ok(()),
            Ok(published) => (
                format!(
                    "`{name}` is `{here}` in the profile, and its source publishes `{published}` under this version"
                ),
                "Lock what is published:",
            ),
            Err(problem) => (
                format!("whether `{name}` is what its source publishes cannot be known: {}", words(&problem)),
                "Reach the source, or let the anchor list the digests that will do.",
            ),
        };
        let paste = match help.ends_with(':') {
            true => "ordain modules update".to_owned(),
            false => digest_line(&here),
        };
        let diagnostic = Diagnostic::error(code::ANCHOR, self.imported, detail).says("imported here");
        Err(diagnostics.push(diagnostic.label(self.demanded, "demanded here").help(help).paste(paste)))
    }
}

fn digest_line(digest: &Digest) -> String {
    format!("digests = [\"{digest}\"]")
}

fn words(problem: &PackageProblem) -> String {
    match problem {
        PackageProblem::Offline => "nothing may be fetched".to_owned(),
        PackageProblem::Unreachable(why) => why.clone(),
        PackageProblem::NoVersion { .. } => "no such version is published".to_owned(),
        PackageProblem::Missing { .. } => "there is no such profile".to_owned(),
        PackageProblem::Refused(_) => "what is published is refused".to_owned(),
    }
}
