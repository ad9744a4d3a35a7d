//! The program with its journal in a bucket: it is kept there, one apply at a time writes, and a bucket that refuses holds
//! everything back.

use crate::bucket::{Bucket, each};
use ordain_model::address::Cell;
use ordain_model::instant::Instant;
use ordain_store::journal::Store;
use ordain_tests::proxy::{Fault, Rule};
use ordain_tests::session::copy;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

/// Runs the program in a folder; `PLACE` stands for the bucket's.
fn ordain(bucket: &Bucket, folder: &Path, line: &str) -> (i32, String) {
    ordain_in(bucket, folder, line, &bucket.variables())
}

/// The same in an environment that says this.
pub fn ordain_in(bucket: &Bucket, folder: &Path, line: &str, variables: &BTreeMap<String, String>) -> (i32, String) {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_ordain"))
        .args(line.replace("PLACE", &bucket.address("ordain")).split(' '))
        .current_dir(folder.join("examples/01-first-plan"))
        .stdin(Stdio::null())
        .env_clear()
        .envs(variables)
        .env("USER", "alice")
        .output()
        .expect("the program runs");
    let text = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (status.code().unwrap_or(-1), text)
}

pub const APPLY: &str = "apply -auto-approve -journal PLACE";

#[test]
fn an_apply_keeps_its_journal_in_the_bucket() {
    each(|bucket| {
        let folder = tempfile::tempdir().unwrap();
        copy("examples/01-first-plan", folder.path());
        let (code, said) = ordain(&bucket, folder.path(), APPLY);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains(&format!("\nJournal: {}, apply 000001\n", bucket.address("ordain"))), "{said}");
        assert!(!folder.path().join("examples/01-first-plan/.ordain").exists());
        let (code, log) = ordain(&bucket, folder.path(), "log -journal PLACE");
        assert_eq!(code, 0, "{log}");
        assert!(log.contains("000001") && log.contains("alice on ") && log.contains("the chain holds"), "{log}");
        let names = bucket.objects();
        assert!(names.iter().any(|name| name == "ordain/applies/000001/revert.json"), "{names:?}");
        let (code, plan) = ordain(&bucket, folder.path(), "log -journal PLACE -applied 000001");
        assert_eq!(code, 0);
        std::fs::write(folder.path().join("examples/01-first-plan/applied.json"), plan).unwrap();
        let (code, undone) = ordain(&bucket, folder.path(), "revert applied.json -auto-approve -journal PLACE");
        assert_eq!(code, 0, "{undone}");
    });
}

#[test]
fn a_cell_that_somebody_else_writes_to_is_left_alone() {
    each(|bucket| {
        let folder = tempfile::tempdir().unwrap();
        copy("examples/01-first-plan", folder.path());
        let estate = folder.path().join("examples/01-first-plan/estate.json");
        let before = std::fs::read(&estate).unwrap();
        let cells = BTreeSet::from([Cell::parse("aws:111111111111/eu-west-1").unwrap()]);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let now = Instant::of(now.cast_signed());
        let held = bucket.store().lease(&cells, "bob", now).unwrap();
        let (code, said) = ordain(&bucket, folder.path(), APPLY);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("error[lease]") && said.contains("bob holds the lease"), "{said}");
        assert_eq!(std::fs::read(&estate).unwrap(), before);
        drop(held);
        assert_eq!(ordain(&bucket, folder.path(), APPLY).0, 0);
    });
}

#[test]
fn a_bucket_that_refuses_holds_everything_back() {
    each(|bucket| {
        let folder = tempfile::tempdir().unwrap();
        copy("examples/01-first-plan", folder.path());
        let estate = folder.path().join("examples/01-first-plan/estate.json");
        let before = std::fs::read(&estate).unwrap();
        for place in ["leases/", "applies/", "journal/"] {
            bucket.proxy.rule(Rule::always(bucket.put(), Fault::Denied).mentioning(place));
            let (code, said) = ordain(&bucket, folder.path(), APPLY);
            // A message is wrapped where its line is full.
            let words: Vec<&str> = said.split_whitespace().filter(|word| *word != "|").collect();
            assert!(code == 1 && words.ends_with(&["nothing", "was", "changed."]), "{place}: {code} {said}");
            assert_eq!(std::fs::read(&estate).unwrap(), before, "{place}");
            bucket.proxy.clear();
        }
        assert_eq!(ordain(&bucket, folder.path(), APPLY).0, 0);
    });
}
