//! [`Given`]: an approval beside a plan file; [`check`]: whether those that count are as many as each policy asks for.

use crate::anchor::signers;
use crate::arguments::outside::Outside;
use crate::author::{Author, Proved};
use crate::profile::Profile;
use crate::run::Run;
use crate::{clock, files};
use ordain_engine::approval::{Approved, Consent, Policy, Statement, approvals, floor, policies};
use ordain_engine::plan::Plan;
use ordain_language::config::Approval;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity};
use ordain_model::duration::Duration;
use ordain_model::instant::Instant;
use ordain_model::source::Span;
use ordain_store::signing::signers::Signers;
use ordain_store::signing::{Signer, verify};
use std::path::{Path, PathBuf};

/// What signatures of approvals are for.
pub const NAMESPACE: &str = "ordain.approval";

/// Most approvals that are read.
const MOST: usize = 100;

/// How many seconds two clocks may differ.
const SKEW: i64 = 5 * 60;

/// An approval as it was found.
#[derive(Clone, Debug)]
pub struct Given {
    /// Its file.
    path: PathBuf,
    text: Vec<u8>,
    signature: Vec<u8>,
}

/// Where the approvals of a plan file lie: `plan.json.approvals/`.
#[must_use]
pub fn directory(plan: &Path) -> PathBuf {
    files::beside(plan, ".approvals")
}

/// The file of the signature over another one.
#[must_use]
pub fn signature_of(path: &Path) -> PathBuf {
    files::beside(path, ".sig")
}

/// The approvals of a plan file, in the order of their names.
fn read(plan: &Path, run: &mut Run) -> Result<Vec<Given>, Reported> {
    let directory = directory(plan);
    let paths = match files::ending(&directory, ".json") {
        Ok(paths) => paths,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(run.unreadable(&directory, &error)),
    };
    if paths.len() > MOST {
        let detail = format!("`{}` holds more than {MOST} approvals.", directory.display());
        return Err(run.fail(code::TOO_LARGE, detail));
    }
    let longest = ordain_store::signing::LONGEST as u64;
    let given = paths.into_iter().map(|path| {
        let part = |path: &Path| files::read_at_most(path, longest);
        let text = part(&path).map_err(|error| run.unreadable(&path, &error))?;
        // One without a signature is told with what else does not count.
        let signature = part(&signature_of(&path)).unwrap_or_default();
        Ok(Given { path, text, signature })
    });
    given.collect()
}

/// The approvals that count for a plan file. `Ok` says that they are enough.
///
/// # Errors
/// The profile asks for less than the anchor, or a policy is not satisfied.
pub fn check(
    plan: &Plan,
    path: Option<&Path>,
    profile: &Profile,
    outside: &Outside,
    run: &mut Run,
) -> Result<Consent, Reported> {
    let anchor = profile.anchored.as_ref().map(|anchored| &anchored.anchor);
    if let Some(anchor) = anchor {
        floor(plan, &profile.constraints, anchor, &mut run.diagnostics);
        run.diagnostics.check()?;
    }
    let wanted = policies(plan, &profile.constraints, anchor);
    if plan.inputs.reverts.is_none() && plan.inputs.approvals != wanted {
        let detail = "The approvals that the plan says it needs are not those that the profile asks for.";
        return Err(run.fail(code::PLAN_FILE, detail));
    }
    if wanted.is_empty() {
        return Ok(Consent::default());
    }
    let Some(path) = path else {
        return Err(run.diagnostics.push(no_file(&wanted.iter().collect::<Vec<_>>(), plan.inputs.reverts.is_some())));
    };
    let given = read(path, run)?;
    let directory = PathBuf::from(&*plan.inputs.directory);
    let author = Author::of(profile, &run.sources);
    let mut consent = Consent::default();
    for policy in &wanted {
        let signers = keys(policy, profile, outside, &directory, run)?;
        let now = clock::now();
        let count = Count { policy, signers: &signers, plan, author: author.proved(&signers, now), now };
        consent.authors.extend(count.author.iter().flatten().map(|proved| proved.authored.clone()));
        match count.of(&given) {
            Ok(approved) => consent.approved.extend(approved),
            Err(why) => drop(run.diagnostics.push(why.diagnostic(place(policy, profile), path))),
        }
    }
    run.diagnostics.check().map(|()| consent)
}

/// Reports signers of a profile's approvals that do not read, or are fewer than have to sign.
///
/// # Errors
/// There are some.
pub fn check_signers(declared: &[Approval], run: &mut Run) -> Result<(), Reported> {
    for approval in declared {
        let Ok(signers) = parse(&approval.signers.value, approval.signers.span, run) else { continue };
        let people = signers.people(NAMESPACE);
        if people < approval.required as usize {
            let detail = format!(
                "`{}` asks for {} of {people} people: it could never be given",
                approval.address,
                approvals(approval.required)
            );
            let diagnostic = Diagnostic::error(code::SIGNERS, approval.signers.span, detail).says("who may sign");
            run.diagnostics.push(diagnostic.label(approval.span, "asked for here"));
        }
    }
    run.diagnostics.check()
}

fn no_file(wanted: &[&Policy], reverts: bool) -> Diagnostic {
    let names: Vec<String> = wanted.iter().map(|policy| format!("`{}`", policy.address)).collect();
    let detail =
        format!("What would be changed needs approvals ({}): they are given to a plan file.", names.join(", "));
    let diagnostic = Diagnostic::new(code::APPROVALS, Severity::Error, detail);
    let paste = if reverts { "ordain revert PLAN -out revert.json" } else { "ordain plan -out plan.json" };
    diagnostic.help("Make the plan, have it approved, and apply it.").paste(paste)
}

/// The text that says which keys may approve, read.
fn keys(
    policy: &Policy,
    profile: &Profile,
    outside: &Outside,
    directory: &Path,
    run: &mut Run,
) -> Result<Signers, Reported> {
    let own = profile.constraints.config.approvals.iter().find(|approval| approval.address == policy.address);
    match (own, &policy.signers) {
        (Some(approval), Some(_)) => parse(&approval.signers.value, approval.signers.span, run),
        _ => signers(outside, directory, run),
    }
}

/// Reads the signers that an approval of a profile names.
///
/// # Errors
/// A line does not read.
fn parse(text: &str, span: Span, run: &mut Run) -> Result<Signers, Reported> {
    Signers::parse(text).map_err(|mistake| {
        let detail = format!("line {} of these signers: {}", mistake.line, mistake.what);
        run.diagnostics
            .push(Diagnostic::error(code::SIGNERS, span, detail).paste("alice@example.com ssh-ed25519 AAAA..."))
    })
}

/// Where a policy is asked for.
fn place(policy: &Policy, profile: &Profile) -> Option<Span> {
    let own = profile.constraints.config.approvals.iter().find(|approval| approval.address == policy.address);
    let anchored = profile.anchored.iter().flat_map(|anchored| &anchored.anchor.approvals);
    let mut anchored = anchored.filter(|floor| *policy.address == *format!("anchor.approval.{}", floor.name));
    own.map(|approval| approval.span).or_else(|| anchored.next().map(|floor| floor.span))
}

/// Counting the approvals of a plan for one policy.
struct Count<'a> {
    policy: &'a Policy,
    signers: &'a Signers,
    plan: &'a Plan,
    /// Who wrote the profile, or why that is not known.
    author: Result<Vec<Proved>, String>,
    now: Instant,
}

/// Why there are too few.
struct TooFew {
    detail: String,
    /// Whether that is because nobody knows who wrote the profile.
    unverified: bool,
    /// What was given and does not count: half a sentence each.
    not_counted: Vec<String>,
}

impl TooFew {
    fn diagnostic(self, asked: Option<Span>, plan: &Path) -> Diagnostic {
        let diagnostic = Diagnostic::new(code::APPROVALS, Severity::Error, self.detail);
        let diagnostic = match asked {
            Some(span) => diagnostic.label(span, "asked for here"),
            None => diagnostic,
        };
        if self.unverified {
            let help = "Commit the profile, signed with a key that the signers allow in the namespace `git`, and make the plan again.";
            return diagnostic.help(help).paste("git commit -S");
        }
        let help = match self.not_counted.is_empty() {
            true => "Somebody who may approves it.".to_owned(),
            false => format!("Not counted: {}.", self.not_counted.join("; ")),
        };
        diagnostic.help(help).paste(format!("ordain approve {}", plan.display()))
    }
}

impl Count<'_> {
    fn of(&self, given: &[Given]) -> Result<Vec<Approved>, TooFew> {
        let asked = format!("`{}` asks for {}", self.policy.address, approvals(self.policy.required));
        if let (true, Err(why)) = (self.policy.not_author, &self.author) {
            let detail = format!("{asked}, none of them by the author, and the author is unverified: {why}.");
            return Err(TooFew { detail, unverified: true, not_counted: Vec::new() });
        }
        let mut counted: Vec<(Signer, Approved)> = Vec::new();
        let mut not_counted = Vec::new();
        for given in given {
            let known = |signer: &Signer| counted.iter().any(|(other, _)| other.is(signer));
            match self.one(given) {
                Ok((signer, _)) if known(&signer) => {
                    not_counted.push(format!(
                        "`{}` is by {}, who is counted already",
                        given.path.display(),
                        signer.name()
                    ));
                }
                Ok((signer, approved)) => counted.push((signer, approved)),
                Err(why) => not_counted.push(format!("`{}` {why}", given.path.display())),
            }
        }
        if counted.len() >= self.policy.required as usize {
            return Ok(counted.into_iter().map(|(_, approved)| approved).collect());
        }
        let names: Vec<String> = counted.iter().map(|(signer, _)| signer.name()).collect();
        let counts = match names.as_slice() {
            [] => "none counts".to_owned(),
            [one] => format!("1 counts, by {one}"),
            several => format!("{} count, by {}", several.len(), several.join(" and ")),
        };
        Err(TooFew { detail: format!("{asked}, and {counts}."), unverified: false, not_counted })
    }

    /// Who gave an approval, if it counts.
    fn one(&self, given: &Given) -> Result<(Signer, Approved), String> {
        let Statement { plan, at, .. } = Statement::parse(&given.text)?;
        if given.signature.is_empty() {
            return Err("has no signature beside it".to_owned());
        }
        let signer = verify(&given.text, &given.signature, NAMESPACE, self.signers, self.now)
            .map_err(|why| format!("has a signature that says nothing: {why}"))?;
        let who = signer.name();
        if plan != self.plan.digest {
            return Err(format!(
                "is by {who}, of the plan {}, and not of this one, {}",
                plan.short(),
                self.plan.digest.short()
            ));
        }
        let age = self.now.since(at);
        if age < -SKEW {
            return Err(format!("is by {who}, and says that it was given at {at}, which is yet to come"));
        }
        let valid_for = i64::try_from(self.policy.valid_for).unwrap_or(i64::MAX);
        if age > valid_for {
            let span = Duration::of_seconds(self.policy.valid_for);
            return Err(format!("is by {who}, was given at {at}, and counted for {span}"));
        }
        let named = |name: &String| self.policy.names.contains(name.as_str());
        if !self.policy.names.is_empty() && !signer.principals.iter().any(named) {
            return Err(format!("is by {who}, who is not among those who may"));
        }
        if self.policy.not_author && self.author.iter().flatten().any(|author| author.signer.is(&signer)) {
            return Err(format!("is by {who}, who wrote the profile"));
        }
        let by = signer.principals.iter().map(|name| name.as_str().into()).collect();
        let key = signer.key.as_str().into();
        Ok((signer, Approved { policy: self.policy.address.clone(), by, key, at }))
    }
}
