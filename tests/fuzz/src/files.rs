//! Files that others may have written: what reads is written back as the same bytes, what does not is a message.

use crate::profile::{PROVIDERS, shown};
use ordain_engine::managed::{Code, Managed};
use ordain_engine::plan::Plan;
use ordain_engine::snapshot;
use ordain_memory::Estate;
use ordain_model::diagnostic::Diagnostics;
use ordain_model::source::Sources;

/// A snapshot. Bytes that are one and nearly one are both in the corpus; the digests stop most of what is in between.
pub(crate) fn snapshot(bytes: &[u8]) {
    let mut diagnostics = Diagnostics::default();
    match snapshot::parse(&mut &*bytes, "snapshot", PROVIDERS, &mut diagnostics) {
        Ok(observed) => {
            let again: String = snapshot::lines(&observed).map(|line| line + "\n").collect();
            let mut none = Diagnostics::default();
            let reread = snapshot::parse(&mut again.as_bytes(), "again", PROVIDERS, &mut none);
            assert!(reread.is_ok_and(|reread| reread == observed), "{again}");
        }
        Err(_) => refused(diagnostics),
    }
}

/// A plan file.
pub(crate) fn plan_file(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut diagnostics = Diagnostics::default();
    match Plan::parse(text, "plan", PROVIDERS, &mut diagnostics) {
        Ok(plan) => {
            let mut none = Diagnostics::default();
            let reread = Plan::parse(&plan.text(), "again", PROVIDERS, &mut none);
            assert!(reread.is_ok_and(|reread| reread.text() == plan.text()));
            drop(ordain_report::assemble::show(&plan));
        }
        Err(_) => refused(diagnostics),
    }
}

/// A state of Terraform, and the code beside it.
pub(crate) fn terraform(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let code = Code::new([("main.tf", text)]);
    let mut managed = Managed::default();
    match managed.add("state", text, code, PROVIDERS) {
        Ok(()) => assert_eq!(managed.states.len(), 1),
        Err(why) => assert!(!why.is_empty() && managed.states.is_empty()),
    }
}

/// An estate, through a file of this process.
pub(crate) fn estate(bytes: &[u8]) {
    let path = std::env::temp_dir().join(format!("ordain-fuzz-{}.json", std::process::id()));
    std::fs::write(&path, bytes).expect("the folder for temporary files can be written");
    let mut diagnostics = Diagnostics::default();
    let opened = Estate::open(&path, "estate.json", PROVIDERS, &mut diagnostics);
    std::fs::remove_file(&path).expect("the file was just written");
    if opened.is_err() {
        refused(diagnostics);
    }
}

/// What is refused is said, in a message that draws.
fn refused(diagnostics: Diagnostics) {
    assert!(diagnostics.check().is_err(), "it is refused without a message");
    shown(&diagnostics.into_sorted(), &Sources::default());
}
