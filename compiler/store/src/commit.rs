//! [`commit`]: the commit that files were checked out from, and which of them it does not hold as they were read.

use crate::git;
use ordain_model::Text;
use ordain_model::commit::Commit;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Most bytes that Git answers: a commit and the files of a profile.
const LONGEST: u64 = 1 << 28;

/// What the repository of a directory says of files that were read: their paths, relative to the working directory, and
/// their texts. None where the directory is in no repository, or Git does not read it.
///
/// Only objects are asked for: no index, no filter and no monitor that a repository may name takes part.
#[must_use]
pub fn commit(directory: &Path, files: &[(&str, &str)]) -> Option<Commit> {
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
        if held.is_none_or(|(_, held)| held != read.as_bytes()) {
            uncommitted.insert(Text::from(*path));
        }
    }
    Some(Commit { id: id.into(), author, uncommitted })
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
