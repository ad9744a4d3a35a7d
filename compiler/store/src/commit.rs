//! [`commit`]: the commit that files were checked out from, and which of them it does not hold as they were read. [`signed`]: the
//! last one that changed any of them, with its signature.

use crate::git;
use ordain_model::Text;
use ordain_model::commit::Commit;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Most bytes that Git answers: a commit and the files of a profile.
const LONGEST: u64 = 1 << 28;

/// What the repository of a directory says of files that were read: their paths, relative to the working directory, and
/// their bytes. None where the directory is in no repository, or Git does not read it.
///
/// Only objects are asked for: no index, no filter and no monitor that a repository may name takes part.
#[must_use]
pub fn commit(directory: &Path, files: &[(&str, &[u8])]) -> Option<Commit> {
    let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    let top = ask(directory, &["rev-parse", "--show-toplevel"], String::new())?;
    let top = Path::new(std::str::from_utf8(&top).ok()?.trim_end_matches(['\n', '\r'])).canonicalize().ok()?;
    let asked: Vec<Option<String>> = files.iter().map(|(path, _)| within(&top, path)).collect();
    let objects = asked.iter().flatten().map(|path| format!("HEAD:{path}\n"));
    let answer =
        ask(directory, &["cat-file", "--batch"], std::iter::once("HEAD\n".to_owned()).chain(objects).collect())?;
    let mut rest = answer.as_slice();
    let (id, text) = next(&mut rest)?;
    let author = author(text)?;
    let mut uncommitted = BTreeSet::new();
    for ((path, read), asked) in files.iter().zip(asked) {
        let held = asked.and_then(|_| next(&mut rest));
        if held.is_none_or(|(_, held)| held != *read) {
            uncommitted.insert(Text::from(*path));
        }
    }
    Some(Commit { id: id.into(), author, uncommitted })
}

/// A commit with its signature, if it has one. Nothing is said of who made that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The commit's id.
    pub id: String,
    /// What is signed: the commit without its signature.
    pub payload: Vec<u8>,
    /// The signature.
    pub signature: Option<Vec<u8>>,
}

/// The last commit up to `head` that changed any of these files, whose paths are relative to the working directory.
///
/// # Errors
/// Git does not say: half a sentence.
pub fn signed(directory: &Path, head: &str, files: &[&str]) -> Result<Signed, String> {
    let none = || "Git does not say which commit changed the profile last".to_owned();
    let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    let ask = |arguments: &[&str]| ask(directory, arguments, String::new()).ok_or_else(none);
    let top = ask(&["rev-parse", "--show-toplevel"])?;
    let top = std::str::from_utf8(&top).ok().map(|top| Path::new(top.trim_end_matches(['\n', '\r'])));
    let top = top.and_then(|top| top.canonicalize().ok()).ok_or_else(none)?;
    let paths: Option<Vec<String>> =
        files.iter().map(|path| Some(format!(":(top,literal){}", within(&top, path)?))).collect();
    let paths = paths.ok_or_else(none)?;
    let mut line = vec!["log", "-1", "--format=%H", "--no-show-signature", head, "--"];
    line.extend(paths.iter().map(String::as_str));
    let id = String::from_utf8_lossy(&ask(&line)?).trim().to_owned();
    if id.is_empty() {
        return Err(none());
    }
    let (payload, signature) = parts(&ask(&["cat-file", "commit", &id])?)?;
    Ok(Signed { id, payload, signature })
}

/// What of a commit is signed: all but the signature, which is a header with lines that begin with a space.
fn parts(object: &[u8]) -> Result<(Vec<u8>, Option<Vec<u8>>), String> {
    let (mut payload, mut signature) = (Vec::new(), None::<Vec<u8>>);
    let (mut headers, mut within) = (true, false);
    for line in object.split_inclusive(|byte| *byte == b'\n') {
        headers &= line != b"\n";
        let begins = line.starts_with(b"gpgsig ") || line.starts_with(b"gpgsig-sha256 ");
        within = headers && (begins || (within && line.starts_with(b" ")));
        match (within, line.strip_prefix(b" ")) {
            (false, _) => payload.extend_from_slice(line),
            (true, Some(more)) => signature.get_or_insert_default().extend_from_slice(more),
            (true, None) if signature.is_some() => return Err("the commit has more than one signature".to_owned()),
            (true, None) => {
                let text = line.iter().position(|byte| *byte == b' ').and_then(|at| line.get(at + 1..));
                signature = Some(text.unwrap_or_default().to_vec());
            }
        }
    }
    Ok((payload, signature))
}

/// A file's path from the top of the work tree; none where it lies elsewhere or Git could not be asked for it by name.
fn within(top: &Path, path: &str) -> Option<String> {
    let path = Path::new(path);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let whole: PathBuf = folder.canonicalize().ok()?.join(path.file_name()?);
    let inside = whole.strip_prefix(top).ok()?.to_str()?;
    (!inside.contains(['\n', '\r'])).then(|| inside.to_owned())
}

/// Takes the next object of a batch: its id and content. A missing one is none.
fn next<'a>(rest: &mut &'a [u8]) -> Option<(&'a str, &'a [u8])> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let (header, tail) = (std::str::from_utf8(rest.get(..end)?).ok(), rest.get(end + 1..)?);
    *rest = tail;
    let mut words = header?.rsplitn(3, ' ');
    let size: usize = words.next()?.parse().ok()?;
    let (_, id) = (words.next()?, words.next()?);
    let content = tail.get(..size)?;
    *rest = tail.get(size + 1..)?;
    Some((id, content))
}

/// The author that a commit names.
fn author(commit: &[u8]) -> Option<Text> {
    let headers = commit.split(|byte| *byte == b'\n').take_while(|line| !line.is_empty());
    let line = headers.filter_map(|line| line.strip_prefix(b"author ")).next()?;
    let line = String::from_utf8_lossy(line);
    line.get(..=line.rfind('>')?).map(Text::from)
}

fn ask(directory: &Path, arguments: &[&str], input: String) -> Option<Vec<u8>> {
    let mut child = git::command(directory, arguments).spawn().ok()?;
    let (answer, _) = git::talk(&mut child, input.into_bytes(), LONGEST);
    if answer.as_ref().map_or(true, |answer| answer.len() as u64 >= LONGEST) {
        // It may still be writing.
        let _ = child.kill();
    }
    let ended = child.wait().ok()?;
    answer.ok().filter(|answer| ended.success() && (answer.len() as u64) < LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_taken_out_of_its_commit_and_nothing_else_is() {
        let object = b"tree 1\nauthor a\ngpgsig A\n B\n \n C\nencoding x\n\ngpgsig D\n E\n";
        let (payload, signature) = parts(object).unwrap();
        assert_eq!(payload, b"tree 1\nauthor a\nencoding x\n\ngpgsig D\n E\n");
        assert_eq!(signature.as_deref(), Some(&b"A\nB\n\nC\n"[..]));
        assert_eq!(parts(b"tree 1\nauthor a\n b\n\nx").unwrap(), (b"tree 1\nauthor a\n b\n\nx".to_vec(), None));
        assert!(parts(b"gpgsig A\ngpgsig-sha256 B\n\n").is_err());
        assert!(parts(b"").is_ok());
    }
}
