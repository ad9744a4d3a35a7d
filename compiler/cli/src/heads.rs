//! Heads of journals that were written down: [`sign`] and [`keep`] one; [`Known`] are those with which a journal is compared.

use crate::approvals::signature_of;
use crate::arguments::log::Log;
use crate::arguments::signing::Signing;
use crate::run::Run;
use crate::{anchor, clock, files, signature};
use ordain_engine::journal::{Head, Statement};
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity};
use ordain_model::digest::Digest;
use ordain_store::journal::Store;
use ordain_store::signing::signers::Signers;
use ordain_store::signing::{LONGEST, verify};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::path::Path;

/// What signatures of heads are for.
pub const NAMESPACE: &str = "ordain.journal-head";

/// Signs a statement. The signature, and the fingerprint of its key.
///
/// # Errors
/// There is no key, or it does not sign.
pub fn sign(statement: &Statement, signing: &Signing, run: &mut Run) -> Result<(Vec<u8>, String), Reported> {
    signature::make(signing.key.as_deref(), statement.text().as_bytes(), NAMESPACE).map_err(|why| {
        let detail = format!("The head of the journal cannot be signed: {why}.");
        let diagnostic = Diagnostic::new(code::JOURNAL_HEAD, Severity::Error, detail);
        let help = "Name your key, or the half of it that is public where an agent has the other.";
        run.diagnostics.push(diagnostic.help(help).paste("ordain log -sign-head -key ~/.ssh/id_ed25519"))
    })
}

/// Signs a statement and keeps it beside the journal. What to tell of it.
///
/// # Errors
/// It cannot be signed or kept.
pub fn keep(statement: &Statement, signing: &Signing, store: &dyn Store, run: &mut Run) -> Result<String, Reported> {
    let (signature, who) = sign(statement, signing, run)?;
    let name = format!("{:012}-{}", statement.lines, Digest::of(&signature).short());
    let kept = store.keep_head(&name, &statement.text(), &String::from_utf8_lossy(&signature));
    kept.map_err(|error| run.fail(code::JOURNAL_HEAD, format!("The signed head is not kept: {error}.")))?;
    Ok(format!("Head signed: {} with {who}, in {}, heads/{name}.json.", count(statement.lines), store.name()))
}

/// Heads that a journal had once.
#[derive(Debug, Default)]
pub struct Known {
    /// Each with the name of its file.
    heads: Vec<(String, Statement)>,
    /// The newest whose signature was verified, by whom it is.
    signed: Option<(Statement, String)>,
    /// How many lines the newest has that lies beside the journal, and was not verified.
    unverified: Option<u64>,
}

/// The heads that the command line names, and the newest that lies beside the journal. What is wrong with one is reported.
pub fn known(arguments: &Log, store: &dyn Store, run: &mut Run) -> Known {
    let mut known = Known::default();
    let Ok(signers) = signers(arguments, run) else { return known };
    for path in &arguments.expect_head {
        let read = |path: &Path| files::read_at_most(path, LONGEST as u64);
        let text = match read(path) {
            Ok(text) => text,
            Err(error) => {
                run.unreadable(path, &error);
                continue;
            }
        };
        let signature = signers.as_ref().and_then(|_| read(&signature_of(path)).ok());
        known.take(&path.display().to_string(), &text, signature.as_deref(), signers.as_ref(), run);
    }
    known.beside(store, signers.as_ref(), run);
    if arguments.signed && known.signed.is_none() {
        let detail = "No head of this journal is signed by who may sign: whether its end was cut off is not known.";
        let diagnostic = Diagnostic::new(code::JOURNAL_HEAD, Severity::Error, detail);
        run.diagnostics.push(diagnostic.help("Sign it once it is known to be right.").paste("ordain log -sign-head"));
    }
    known
}

fn signers(arguments: &Log, run: &mut Run) -> Result<Option<Signers>, Reported> {
    let asked = arguments.signed || arguments.outside.signers.is_some();
    asked.then(|| anchor::signers(&arguments.outside, &arguments.directory, run)).transpose()
}

impl Known {
    /// Whether a head says of the line before which so many stand, and itself.
    pub fn at(&self, lines: u64) -> bool {
        self.heads.iter().any(|(_, head)| head.lines == lines)
    }

    /// Takes one in, with its signature where somebody asks for one.
    fn take(
        &mut self,
        name: &str,
        text: &[u8],
        signature: Option<&[u8]>,
        signers: Option<&Signers>,
        run: &mut Run,
    ) -> bool {
        let Some(statement) = Statement::parse(text) else {
            run.fail(code::JOURNAL_HEAD, format!("`{name}` is no head of a journal."));
            return false;
        };
        if let (Some(signers), Some(signature)) = (signers, signature) {
            let why = match verify(text, signature, NAMESPACE, signers, clock::now()) {
                Ok(signer) => {
                    let newer = self.signed.as_ref().is_none_or(|(signed, _)| signed.lines <= statement.lines);
                    self.signed = if newer { Some((statement.clone(), signer.name())) } else { self.signed.take() };
                    self.heads.push((name.to_owned(), statement));
                    return true;
                }
                Err(_) if signature.is_empty() => "it has no signature beside it".to_owned(),
                Err(why) => format!("its signature says nothing: {why}"),
            };
            run.fail(code::JOURNAL_HEAD, format!("`{name}` does not count: {why}."));
            return false;
        }
        self.heads.push((name.to_owned(), statement));
        true
    }

    /// The newest that lies beside the journal and counts.
    fn beside(&mut self, store: &dyn Store, signers: Option<&Signers>, run: &mut Run) {
        let names = match store.heads() {
            Ok(names) => names,
            Err(error) => {
                run.fail(code::JOURNAL_HEAD, format!("The signed heads cannot be read: {error}."));
                return;
            }
        };
        let mut newest: Option<&str> = None;
        for name in names.iter().rev() {
            // All of the same line are looked at: which of them was signed last nothing says.
            if newest.is_some_and(|newest| newest.get(..12) != name.get(..12)) {
                return;
            }
            let file = format!("heads/{name}.json");
            match store.head(name) {
                Ok((text, signature)) => {
                    if self.take(&file, text.as_bytes(), Some(signature.as_bytes()), signers, run) {
                        let lines = self.heads.last().map(|(_, head)| head.lines);
                        self.unverified = lines.filter(|_| signers.is_none());
                        newest = Some(name);
                    }
                }
                Err(error) => drop(run.fail(code::JOURNAL_HEAD, format!("`{file}` cannot be read: {error}."))),
            }
        }
    }

    /// Reports heads that the journal does not hold.
    /// One that is behind where a chain breaks is not compared.
    pub fn check(&self, head: &Head, broken: bool, digests: &BTreeMap<u64, Digest>, run: &mut Run) {
        for (name, known) in &self.heads {
            let had = known.lines;
            let detail = match digests.get(&had) {
                Some(digest) if *digest == known.digest => continue,
                None if broken => continue,
                Some(_) => format!("Line {had} of the journal is another one than `{name}` says."),
                None => format!("The journal had {had} lines when `{name}` was made, and has {}.", head.lines),
            };
            let diagnostic = Diagnostic::new(code::JOURNAL_HEAD, Severity::Error, detail);
            run.diagnostics
                .push(diagnostic.help("Lines were cut off or replaced since: find out who can write there."));
        }
    }

    /// Whether the head of a journal with so many lines is signed, in words.
    pub fn words(&self, lines: u64) -> String {
        let since = |signed: u64| match lines.saturating_sub(signed) {
            0 => String::new(),
            more => format!(", {} since", count(more)),
        };
        match (&self.signed, self.unverified) {
            (Some((signed, who)), _) => format!("signed by {who} at {}{}", signed.at, since(signed.lines)),
            (None, Some(signed)) => {
                format!("signed at line {signed}{}; by whom, `-signers FILE` checks", since(signed))
            }
            (None, None) => "not signed".to_owned(),
        }
    }

    /// The newest that was verified, for the export.
    pub fn signed(&self) -> Json {
        let signed = self.signed.as_ref();
        signed.map_or(Json::Null, |(head, by)| json!({"lines": head.lines, "at": head.at, "by": by}))
    }
}

/// So many lines, in words.
#[must_use]
pub fn count(lines: u64) -> String {
    if lines == 1 { "1 line".to_owned() } else { format!("{lines} lines") }
}
