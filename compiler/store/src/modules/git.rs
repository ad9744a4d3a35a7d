//! Repositories, through the `git` program: keys, credential helpers, proxies and rewritten URLs are those the user has set up
//! for Git. Nothing is checked out: names, sorts and sizes come from the commit's tree, contents from its blobs. So no hook, filter,
//! link or submodule of a repository takes effect, whatever it holds.

mod program;

use super::{choose, named, unreachable};
use ordain_model::Text;
use ordain_model::module::{PackageProblem, Wanted};
use ordain_model::package::{Package, Packing, Refusal, Slot, Why};
use program::{MOST_ANSWER, Program};
use std::collections::BTreeMap;

/// The version, where one is wanted, and the commit that a request chooses.
///
/// # Errors
/// The repository cannot be asked, or has no such version, branch or tag.
pub fn resolve(url: &str, wanted: &Wanted) -> Result<(Option<Text>, Text), PackageProblem> {
    let program = Program::new(url)?;
    if let Wanted::Version(constraint) = wanted {
        let tags = references(&program, url, &["--tags"], &[])?;
        let tags =
            tags.into_iter().filter_map(|(name, commit)| Some((name.strip_prefix("refs/tags/")?.to_owned(), commit)));
        let (version, commit) = choose(tags, constraint)?;
        return Ok((Some(version.to_string().into()), commit.into()));
    }
    let name = named(wanted, "HEAD");
    if is_commit(name) {
        return Ok((None, name.into()));
    }
    let patterns = match name {
        "HEAD" => vec!["HEAD".to_owned()],
        _ => ["refs/heads/", "refs/tags/"].map(|kind| format!("{kind}{name}")).to_vec(),
    };
    // What stands behind an annotated tag is a reference of its own.
    let behind = format!("refs/tags/{name}^{{}}");
    let patterns: Vec<&str> = patterns.iter().chain([&behind]).map(String::as_str).collect();
    let found = references(&program, url, &[], &patterns)?;
    // As Git itself: a tag wins over a branch of the same name.
    let full = ["refs/tags/", "refs/heads/", ""].map(|kind| format!("{kind}{name}"));
    let commit = full.iter().find_map(|full| found.get(full));
    let commit = commit.ok_or_else(|| unreachable(format!("it has no branch or tag `{name}`")))?;
    Ok((None, commit.as_str().into()))
}

fn is_commit(name: &str) -> bool {
    matches!(name.len(), 40 | 64) && name.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// Commits by the full name of the reference; of an annotated tag the commit behind it.
fn references(
    program: &Program,
    url: &str,
    flags: &[&str],
    patterns: &[&str],
) -> Result<BTreeMap<String, String>, PackageProblem> {
    let answer = program.run(&[&["ls-remote", "--quiet"], flags, &["--", url], patterns].concat())?;
    let mut found = BTreeMap::new();
    for line in String::from_utf8_lossy(&answer).lines() {
        let Some((commit, name)) = line.split_once('\t').filter(|(commit, _)| is_commit(commit)) else { continue };
        match name.strip_suffix("^{}") {
            Some(tag) => drop(found.insert(tag.to_owned(), commit.to_owned())),
            None => drop(found.entry(name.to_owned()).or_insert(commit.to_owned())),
        }
    }
    Ok(found)
}

/// The files of a commit.
///
/// # Errors
/// The repository cannot be asked or no longer has the commit, or something in it is refused.
pub fn fetch(url: &str, commit: &str) -> Result<Package, PackageProblem> {
    if !is_commit(commit) {
        return Err(unreachable(format!("`{commit}` is no commit")));
    }
    let program = Program::new(url)?;
    program.run(&["init", "--quiet", "--bare", "--template=", &format!("--object-format={}", format(commit)), "."])?;
    let fetch = ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-auto-maintenance"];
    let one = program.run(&[&fetch[..], &["--depth=1", "--", url, commit]].concat());
    if one.is_err() {
        // A server may refuse to be asked for a commit by its name: then all branches and tags are, and it is among them or gone.
        let all = ["--", url, "+refs/heads/*:refs/fetched/heads/*", "+refs/tags/*:refs/fetched/tags/*"];
        program.run(&[&fetch[..], &all].concat())?;
        program
            .run(&["cat-file", "-e", &format!("{commit}^{{commit}}")])
            .map_err(|_| unreachable(format!("it no longer has the commit {commit}")))?;
    }
    read(&program, commit)
}

fn format(commit: &str) -> &'static str {
    if commit.len() == 64 { "sha256" } else { "sha1" }
}

/// A file of a tree: where it goes, its blob, its size.
struct Blob {
    slot: Slot,
    object: String,
    size: usize,
}

fn read(program: &Program, commit: &str) -> Result<Package, PackageProblem> {
    let tree = program.run(&["ls-tree", "-r", "-z", "-l", "--full-tree", commit])?;
    let mut packing = Packing::default();
    let entries = tree.split(|byte| *byte == 0).filter(|entry| !entry.is_empty());
    let blobs: Vec<Blob> = entries.map(|entry| admit(entry, &mut packing)).collect::<Result<_, _>>()?;
    let names: String = blobs.iter().map(|blob| format!("{}\n", blob.object)).collect();
    let sizes: u64 = blobs.iter().map(|blob| blob.size as u64 + 128).sum();
    let mut contents = program.ask(&["cat-file", "--batch"], names.into_bytes(), sizes + MOST_ANSWER)?.into_iter();
    for Blob { slot, object, size } in blobs {
        let head: Vec<u8> = contents.by_ref().take_while(|byte| *byte != b'\n').collect();
        if head != format!("{object} blob {size}").as_bytes() {
            return Err(unreachable(format!("Git answered {}", String::from_utf8_lossy(&head))));
        }
        packing.fill(slot, contents.by_ref().take(size).collect());
        let _ = contents.next();
    }
    Ok(packing.finish())
}

/// A line of `git ls-tree -l`: mode, type, object, size, a tab, the path.
fn admit(entry: &[u8], packing: &mut Packing) -> Result<Blob, PackageProblem> {
    let tab = entry.iter().position(|byte| *byte == b'\t').unwrap_or(entry.len());
    let head = String::from_utf8_lossy(entry.get(..tab).unwrap_or_default()).into_owned();
    let path = entry.get(tab + 1..).unwrap_or_default();
    let refuse = |what| {
        Err(PackageProblem::Refused(Refusal {
            path: String::from_utf8_lossy(path).into_owned(),
            why: Why::NoFile(what),
        }))
    };
    let words: Vec<&str> = head.split_whitespace().collect();
    match words.as_slice() {
        ["160000", ..] => refuse("a submodule"),
        ["120000", ..] => refuse("a symbolic link"),
        [mode, "blob", object, size] if mode.starts_with("100") => {
            let size: u64 = size.parse().map_err(|_| unreachable(format!("Git answered {head}")))?;
            let slot = packing.admit(path, size).map_err(PackageProblem::Refused)?;
            Ok(Blob { slot, object: (*object).to_owned(), size: size as usize })
        }
        _ => refuse("an entry of another sort"),
    }
}
