//! `ordain approve`: shows a plan file and signs that it may be applied.

use super::show;
use crate::approvals::{NAMESPACE, directory, signature_of};
use crate::arguments::approve::Approve;
use crate::run::Run;
use crate::signature::make;
use crate::{clock, files};
use ordain_engine::approval::Statement;
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity};
use ordain_model::digest::Digest;
use ordain_report::assemble;
use std::fs;
use std::path::{Path, PathBuf};

/// Shows the plan, signs its digest, and keeps the approval beside it.
pub fn run(arguments: &Approve, run: &mut Run) -> Result<Exit, Reported> {
    let plan = show::read(&arguments.plan, run)?;
    let statement = Statement::new(plan.digest, clock::now());
    let text = statement.text();
    let (signature, who) = signed(arguments, text.as_bytes(), run)?;
    let path = keep(&arguments.plan, &text, &signature, run)?;
    let mut report = assemble::show(&plan);
    report.command = "approve";
    report.headline.text = format!("{} Approved with {who}, in {}.", report.headline.text, path.display());
    run.show(report)?;
    if !run.json {
        run.print(&format!(
            "\nTo check: ssh-keygen -Y verify -n {NAMESPACE} -f SIGNERS -I NAME -s {} < {}\n",
            signature_of(&path).display(),
            path.display()
        ))?;
    }
    Ok(Exit::Fine)
}

fn signed(arguments: &Approve, text: &[u8], run: &mut Run) -> Result<(Vec<u8>, String), Reported> {
    make(arguments.key.as_deref(), text, NAMESPACE).map_err(|why| {
        let diagnostic =
            Diagnostic::new(code::APPROVALS, Severity::Error, format!("The plan cannot be signed: {why}."));
        let help = "Name your key, or the half of it that is public where an agent has the other.";
        run.diagnostics.push(
            diagnostic.help(help).paste(format!("ordain approve {} -key ~/.ssh/id_ed25519", arguments.plan.display())),
        )
    })
}

/// Writes the statement and its signature beside the plan, under a name of their own.
fn keep(plan: &Path, text: &str, signature: &[u8], run: &mut Run) -> Result<PathBuf, Reported> {
    let directory = directory(plan);
    fs::create_dir_all(&directory).map_err(|error| run.unwritable(&directory, &error))?;
    let path = directory.join(format!("{}.json", Digest::of(signature).short()));
    let beside = signature_of(&path);
    // The signature first: a statement without one would be told as an approval that does not count.
    files::write(&beside, |file| file.write_all(signature)).map_err(|error| run.unwritable(&beside, &error))?;
    files::write(&path, |file| file.write_all(text.as_bytes())).map_err(|error| run.unwritable(&path, &error))?;
    Ok(path)
}
