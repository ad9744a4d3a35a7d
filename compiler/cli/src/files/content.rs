//! What the expressions of a module read: plain files in its directory, and none that a link leads out to.

use ordain_language::files::{ContentProblem, LARGEST_CONTENT, MOST_NAMES};
use ordain_model::package::DEEPEST_PATH;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The bytes of a file below a directory.
///
/// # Errors
/// Why there are none.
pub(super) fn content(directory: &str, path: &str) -> Result<Vec<u8>, ContentProblem> {
    let (_, found) = within(directory, path)?;
    // Opening what is no plain file could wait for ever.
    match fs::metadata(&found).map_err(problem)? {
        found if found.is_dir() => return Err(ContentProblem::NoFile("a directory")),
        found if !found.is_file() => return Err(ContentProblem::NoFile("a device or a pipe")),
        found if found.len() > LARGEST_CONTENT => return Err(ContentProblem::TooLarge),
        _ => {}
    }
    let mut bytes = Vec::new();
    fs::File::open(&found).and_then(|file| file.take(LARGEST_CONTENT + 1).read_to_end(&mut bytes)).map_err(problem)?;
    Ok(bytes)
}

/// The paths of the plain files below a directory that at most `depth` directories stand around.
///
/// # Errors
/// Why it is not known which there are.
pub(super) fn names(directory: &str, path: &str, depth: usize) -> Result<Vec<String>, ContentProblem> {
    let (top, start) = within(directory, path)?;
    let mut names = Vec::new();
    let mut waiting = vec![(start, String::new(), 0)];
    while let Some((folder, prefix, level)) = waiting.pop() {
        for entry in fs::read_dir(folder).map_err(problem)? {
            let entry = entry.map_err(problem)?;
            // What is not UTF-8 has no name in a profile; what is Git's own is no file of a module.
            let Ok(name) = entry.file_name().into_string() else { continue };
            let sort = entry.file_type().map_err(problem)?;
            if sort.is_dir() && level < depth.min(DEEPEST_PATH) && !name.eq_ignore_ascii_case(".git") {
                waiting.push((entry.path(), format!("{prefix}{name}/"), level + 1));
            } else if sort.is_file() || (sort.is_symlink() && leads_to_a_file(&entry.path(), &top)) {
                names.push(format!("{prefix}{name}"));
            }
            if names.len() + waiting.len() > MOST_NAMES {
                return Err(ContentProblem::TooMany);
            }
        }
    }
    Ok(names)
}

/// The module's directory and what stands at a path in it, without links.
fn within(directory: &str, path: &str) -> Result<(PathBuf, PathBuf), ContentProblem> {
    let top = fs::canonicalize(if directory.is_empty() { "." } else { directory }).map_err(problem)?;
    let found = fs::canonicalize(top.join(path)).map_err(problem)?;
    if found.starts_with(&top) { Ok((top, found)) } else { Err(ContentProblem::Outside) }
}

/// Whether a link leads to a plain file below a directory.
fn leads_to_a_file(link: &Path, top: &Path) -> bool {
    fs::canonicalize(link).is_ok_and(|found| found.starts_with(top) && found.is_file())
}

fn problem(error: io::Error) -> ContentProblem {
    match error.kind() {
        // A part of the path that is a plain file leads nowhere.
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ContentProblem::Missing,
        _ => ContentProblem::Unreadable(error.to_string()),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn nothing_outside_of_the_module_is_read() {
        let place = tempfile::tempdir().unwrap();
        let module = place.path().join("module");
        fs::create_dir_all(module.join("sub")).unwrap();
        fs::write(place.path().join("secret"), "x").unwrap();
        fs::write(module.join("sub/a"), "a").unwrap();
        symlink("../secret", module.join("out")).unwrap();
        symlink("..", module.join("up")).unwrap();
        symlink("sub/a", module.join("in")).unwrap();
        let module = module.to_str().unwrap();
        assert_eq!(content(module, "sub/a"), Ok(b"a".to_vec()));
        assert_eq!(content(module, "in"), Ok(b"a".to_vec()));
        for path in ["out", "up/secret", "../secret", "up/module/../secret"] {
            assert_eq!(content(module, path), Err(ContentProblem::Outside), "{path}");
        }
        assert_eq!(content(module, "sub"), Err(ContentProblem::NoFile("a directory")));
        assert_eq!(content(module, "sub/a/b"), Err(ContentProblem::Missing));
        let sorted = |depth| {
            names(module, "", depth).map(|mut names| {
                names.sort();
                names
            })
        };
        assert_eq!(sorted(0), Ok(vec!["in".to_owned()]));
        assert_eq!(sorted(9), Ok(vec!["in".to_owned(), "sub/a".to_owned()]));
        assert_eq!(names(module, "up", 9), Err(ContentProblem::Outside));
    }

    #[test]
    fn what_is_no_plain_file_or_too_large_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let file = fs::File::create(place.path().join("large")).unwrap();
        file.set_len(LARGEST_CONTENT + 1).unwrap();
        assert_eq!(content(place.path().to_str().unwrap(), "large"), Err(ContentProblem::TooLarge));
        assert_eq!(content("/dev", "null"), Err(ContentProblem::NoFile("a device or a pipe")));
    }
}
