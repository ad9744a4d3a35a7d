//! [`Anchored`]: the signed anchor of a run, and whether the profile is what it demands.

use crate::arguments::outside::Outside;
use crate::files::{self, Disk};
use crate::run::Run;
use crate::{clock, providers};
use ordain_engine::constraints::{Constraints, Undecided};
use ordain_engine::observed::Observed;
use ordain_engine::plan::Plan;
use ordain_language::anchor::{self, Anchor, Proof, Reach};
use ordain_language::files::File;
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity};
use ordain_model::source::Span;
use ordain_store::signing::signers::Signers;
use ordain_store::signing::token::Issuer;
use ordain_store::signing::verify;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What signatures of anchors are for.
pub const NAMESPACE: &str = "ordain.anchor";

/// Most bytes of an anchor.
const LONGEST: usize = 1 << 20;

/// An anchor whose signature is good.
#[derive(Clone, Debug)]
pub struct Anchored {
    /// What it demands.
    pub anchor: Anchor,
    /// Whose tokens prove who runs a pipeline.
    pub issuers: Vec<Issuer>,
    /// Contents that are what their sources publish, asked once for all profiles that are judged under it.
    proved: Arc<Mutex<Vec<Proof>>>,
}

impl Anchored {
    /// The anchor of a run over the profile in a directory, where there is one.
    ///
    /// # Errors
    /// It does not read, is not signed by whom it must be, or lies in the profile.
    pub fn read(outside: &Outside, directory: &Path, run: &mut Run) -> Result<Option<Anchored>, Reported> {
        let Some(path) = &outside.anchor else { return Ok(None) };
        is_outside(path, directory, run)?;
        let bytes = read(path, LONGEST, run)?;
        signed(path, &bytes, outside, directory, run)?;
        let file = File { name: path.to_string_lossy().into_owned(), bytes };
        let anchor = anchor::read(&file, providers::all(), &mut run.sources, &mut run.diagnostics)?;
        let issuers = issuers(&anchor, run)?;
        Ok(Some(Anchored { anchor, issuers, proved: Arc::default() }))
    }

    /// Reports what a profile lacks, as far as its targets say what they reach. What they do not say is undecided.
    ///
    /// # Errors
    /// It lacks something, or the source of a module cannot be asked.
    pub fn check_declared(&self, constraints: &mut Constraints, disk: &Disk, run: &mut Run) -> Result<(), Reported> {
        let undecided = self.check(constraints, &declared(constraints), disk, run)?;
        constraints.undecided.extend(undecided);
        Ok(())
    }

    /// Reports what a profile lacks where its targets reached these cells.
    ///
    /// # Errors
    /// It lacks something, or what it reaches is not all known.
    pub fn check_reached(
        &self,
        constraints: &Constraints,
        reach: &BTreeMap<Text, Reach>,
        disk: &Disk,
        run: &mut Run,
    ) -> Result<(), Reported> {
        for open in self.check(constraints, reach, disk, run)? {
            let detail =
                format!("Whether `{}` ({}) concerns the profile is not known: {}.", open.about, open.place, open.why);
            run.fail(code::ANCHOR, detail);
        }
        run.diagnostics.check()
    }

    fn check(
        &self,
        constraints: &Constraints,
        reach: &BTreeMap<Text, Reach>,
        disk: &Disk,
        run: &mut Run,
    ) -> Result<Vec<Undecided>, Reported> {
        let checked = self.anchor.check(&constraints.config, reach, &mut run.diagnostics);
        run.diagnostics.check()?;
        let mut proved = self.proved.lock().unwrap_or_else(PoisonError::into_inner);
        for proof in checked.proofs {
            if !proved.contains(&proof) && proof.check(disk, &mut run.diagnostics).is_ok() {
                proved.push(proof);
            }
        }
        drop(proved);
        let open = |(about, why, span): (Text, String, Span)| Undecided {
            place: run.sources.place(span).into(),
            about,
            why: why.into(),
        };
        let open: Vec<Undecided> = checked.undecided.into_iter().map(open).collect();
        run.diagnostics.check().map(|()| open)
    }
}

/// The services that an anchor names, with their keys.
fn issuers(anchor: &Anchor, run: &mut Run) -> Result<Vec<Issuer>, Reported> {
    let mut issuers = Vec::new();
    for of in &anchor.identities {
        match Issuer::new(&of.issuer, &of.audience, &of.person, &of.keys) {
            Ok(issuer) => issuers.push(issuer),
            Err(why) => {
                let detail = format!("the keys of `identity.{}`: {why}", of.name);
                run.diagnostics.push(Diagnostic::error(code::SIGNERS, of.span, detail).says("named here"));
            }
        }
    }
    run.diagnostics.check().map(|()| issuers)
}

/// What the targets of a profile say themselves of what they reach.
fn declared(constraints: &Constraints) -> BTreeMap<Text, Reach> {
    let reach = |target: &ordain_language::config::TargetDeclaration| {
        let live = target.estate.is_none().then(|| providers::all().get(&target.target.provider)).flatten();
        match live.and_then(|provider| provider.reaches(&target.target)) {
            Some(cells) => Reach { cells, complete: true },
            None => Reach::default(),
        }
    };
    constraints.config.targets.iter().map(|(name, target)| (name.clone(), reach(target))).collect()
}

/// What the targets reached.
#[must_use]
pub fn observed(observed: &Observed) -> BTreeMap<Text, Reach> {
    let reach = |(name, target): (&Text, &ordain_engine::observed::TargetObserved)| {
        (name.clone(), Reach { cells: target.cells.clone(), complete: target.unresolved.is_none() })
    };
    observed.targets.iter().map(reach).collect()
}

/// What a plan reaches.
#[must_use]
pub fn planned(plan: &Plan) -> BTreeMap<Text, Reach> {
    let empty = || Reach { complete: true, ..Reach::default() };
    let mut reach: BTreeMap<Text, Reach> = plan.inputs.targets.keys().map(|name| (name.clone(), empty())).collect();
    for (cell, target) in &plan.reaches {
        reach.entry(target.clone()).or_insert_with(empty).cells.insert(cell.clone());
    }
    reach
}

/// Checks that somebody signed the anchor who may.
fn signed(path: &Path, bytes: &[u8], outside: &Outside, directory: &Path, run: &mut Run) -> Result<(), Reported> {
    let signers = signers(outside, directory, run)?;
    let mut signature = OsString::from(path);
    signature.push(".sig");
    let signature = PathBuf::from(signature);
    let refused = |why: String| {
        let detail = format!("The signature of `{}` says nothing: {why}.", path.display());
        let help =
            format!("It is made with a key that `{NAMESPACE}` is allowed, and stands in `{}`:", signature.display());
        let paste = format!("ssh-keygen -Y sign -n {NAMESPACE} -f ~/.ssh/id_ed25519 {}", path.display());
        Diagnostic::new(code::ANCHOR_SIGNATURE, Severity::Error, detail).help(help).paste(paste)
    };
    let text = match files::read(&signature) {
        Ok(text) => text,
        Err(error) => return Err(run.diagnostics.push(refused(format!("`{}`: {error}", signature.display())))),
    };
    verify(bytes, &text, NAMESPACE, &signers, clock::now())
        .map(drop)
        .map_err(|why| run.diagnostics.push(refused(why.to_string())))
}

/// The file of signers that is given from outside.
///
/// # Errors
/// There is none, it lies in the profile, or a line of it does not read.
pub fn signers(outside: &Outside, directory: &Path, run: &mut Run) -> Result<Signers, Reported> {
    let Some(path) = &outside.signers else {
        let detail = "Nothing says who may sign from outside the profile.";
        let diagnostic = Diagnostic::new(code::ANCHOR_SIGNATURE, Severity::Error, detail);
        let help = "Give an `allowed_signers` file from outside the profile, or set ORDAIN_SIGNERS.";
        return Err(run.diagnostics.push(diagnostic.help(help).paste("-signers FILE")));
    };
    is_outside(path, directory, run)?;
    let bytes = read(path, ordain_store::signing::signers::LONGEST, run)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|error| run.fail(code::NOT_UTF8, format!("`{}` is not UTF-8: {error}.", path.display())))?;
    Signers::parse(text).map_err(|mistake| {
        let detail = format!("`{}`, line {}: {}.", path.display(), mistake.line, mistake.what);
        let diagnostic = Diagnostic::new(code::SIGNERS, Severity::Error, detail);
        run.diagnostics
            .push(diagnostic.help("A line is: names, options, key.").paste("alice@example.com ssh-ed25519 AAAA..."))
    })
}

/// Whoever may change the profile could change what lies in it.
fn is_outside(path: &Path, directory: &Path, run: &mut Run) -> Result<(), Reported> {
    let absolute = |path: &Path| path.canonicalize();
    match (absolute(path), absolute(directory)) {
        (Ok(path_there), Ok(profile)) if path_there.starts_with(&profile) => {
            let detail = format!("`{}` lies in the profile that it judges.", path.display());
            let diagnostic = Diagnostic::new(code::ANCHOR_SIGNATURE, Severity::Error, detail);
            Err(run.diagnostics.push(diagnostic.help("Keep it where changes of the profile do not reach.")))
        }
        // A directory that is not there is reported when the profile is read.
        (Ok(_), _) => Ok(()),
        (Err(error), _) => Err(run.unreadable(path, &error)),
    }
}

fn read(path: &Path, longest: usize, run: &mut Run) -> Result<Vec<u8>, Reported> {
    let bytes = files::read(path).map_err(|error| run.unreadable(path, &error))?;
    match bytes.len() > longest {
        true => Err(run.fail(code::TOO_LARGE, format!("`{}` is longer than {} KiB.", path.display(), longest >> 10))),
        false => Ok(bytes),
    }
}
