//! What Git says of files that were read.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

use ordain_store::commit::commit;
use std::fs;
use std::path::Path;
use std::process::Command;

fn git(directory: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=Ada \u{1b}[31m", "-c", "user.email=ada@example.com"]).args(arguments);
    let ended = command.current_dir(directory).env("HOME", directory).output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}

#[test]
fn a_directory_without_a_repository_or_a_commit_has_none() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(commit(folder.path(), &[]), None);
    git(folder.path(), &["init", "-q", "."]);
    assert_eq!(commit(folder.path(), &[]), None);
    assert_eq!(commit(&folder.path().join("nowhere"), &[]), None);
}

#[test]
fn files_are_compared_with_what_the_commit_holds_and_nothing_that_the_repository_says_hides_a_change() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::create_dir(folder.path().join("profile")).unwrap();
    for (name, text) in [("profile/main.hcl", "a\nb\n"), ("profile/other.hcl", ""), (".gitignore", "hidden.hcl\n")] {
        fs::write(path(name), text).unwrap();
    }
    git(folder.path(), &["init", "-q", "."]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-qm", "start"]);
    let profile = folder.path().join("profile");
    let [main, other, hidden] = ["profile/main.hcl", "profile/other.hcl", "profile/hidden.hcl"].map(path);
    let clean = commit(&profile, &[(&main, b"a\nb\n"), (&other, b"")]).unwrap();
    assert_eq!((clean.id.len(), &*clean.author), (40, "Ada \u{1b}[31m <ada@example.com>"));
    assert!(clean.uncommitted.is_empty(), "{clean:?}");
    fs::write(&main, "changed").unwrap();
    fs::write(&hidden, "new").unwrap();
    git(folder.path(), &["update-index", "--assume-unchanged", "profile/main.hcl"]);
    let outside = tempfile::NamedTempFile::new().unwrap();
    let outside = outside.path().to_str().unwrap();
    let read: [(&str, &[u8]); 4] = [(&main, b"changed"), (&other, b""), (&hidden, b"new"), (outside, b"")];
    let dirty = commit(&profile, &read).unwrap();
    let expected = [&*main, &*hidden, outside].map(Into::into).into();
    assert_eq!((dirty.id, dirty.uncommitted), (clean.id, expected));
}
