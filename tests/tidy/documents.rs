//! Rules about documents: what a public project has, and that what they name exists.

use super::{none, quoted, root, text, walk};

#[test]
fn a_public_project_has_these_files() {
    let wanted =
        ["README.md", "LICENSE", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", ".ci/run", "tests/run", "deny.toml"];
    let missing = wanted.iter().filter(|path| !root().join(path).is_file());
    none("missing", missing.map(|path| path.to_string()).collect());
}

/// Whether a quoted word is meant as a path of this checkout: its first part is a folder at the top.
fn is_path(word: &str) -> bool {
    let Some((first, _)) = word.split_once('/') else { return false };
    let plain = !word.contains(['*', '<', '{', ' ', ':', '"', '\\', '(']) && !word.contains("..");
    let generated = ["examples/NN", "target/"].iter().any(|prefix| word.starts_with(prefix));
    plain && !generated && !first.is_empty() && root().join(first).is_dir()
}

#[test]
fn every_path_that_a_document_names_exists() {
    let mut lost = Vec::new();
    let pages = walk(".").into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    // What a page of cases names lies in the case's own folder.
    let cases = ["tests/mistakes", "tests/session", "tests/spec"];
    for path in pages.filter(|path| !cases.iter().any(|folder| path.starts_with(folder))) {
        for (at, line) in text(&path).lines().enumerate() {
            let gone = quoted(line).filter(|word| is_path(word) && !root().join(word).exists());
            lost.extend(gone.map(|word| format!("{}:{}: {word}", path.display(), at + 1)));
        }
    }
    none("a document names a path that is not there", lost);
}

#[test]
fn every_relative_link_leads_somewhere() {
    let mut lost = Vec::new();
    for path in walk(".").into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "md")) {
        let folder = root().join(path.parent().expect("a file has a folder"));
        for (at, line) in text(&path).lines().enumerate() {
            let links = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            let links = links
                .map(|link| link.split('#').next().unwrap_or(link))
                .filter(|link| !link.is_empty() && !link.contains("://"));
            let gone = links.filter(|link| !folder.join(link).exists());
            lost.extend(gone.map(|link| format!("{}:{}: {link}", path.display(), at + 1)));
        }
    }
    none("a link that leads nowhere", lost);
}
