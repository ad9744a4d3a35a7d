//! [`Package`]: the files of a module from elsewhere and their digest; [`Packing`] puts one together and refuses what a
//! hostile archive would try.

use crate::code::{self, Code};
use crate::digest::Digest;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt;

/// Most files of a package.
pub const MOST_FILES: usize = 10_000;
/// Most bytes of all files of a package together.
pub const MOST_BYTES: u64 = 64 << 20;
/// Longest path within a package, in bytes.
pub const LONGEST_PATH: usize = 1_024;
/// Most directories that a file stands in.
pub const DEEPEST_PATH: usize = 32;

/// A whole repository, artifact or built-in profile, as it is locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    files: BTreeMap<String, Vec<u8>>,
    digest: Digest,
}

impl Package {
    /// The files by path: relative, `/` as separator, sorted by bytes.
    #[must_use]
    pub fn files(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.files
    }

    /// How many bytes all files have together.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.values().map(|bytes| bytes.len() as u64).sum()
    }

    /// SHA-256 over a line for each file, sorted by path: the digest of its bytes in hexadecimal, two spaces, its path.
    /// So `find . -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum` computes it.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }
}

/// A package that is being read, file by file.
#[derive(Debug, Default)]
pub struct Packing {
    files: BTreeMap<String, Vec<u8>>,
    /// Every file and directory by its name in lower case: as it is spelled, and whether it is a file.
    taken: BTreeMap<String, (String, bool)>,
    bytes: u64,
    count: usize,
}

/// A place in a package that was found to be legal and free.
#[derive(Debug)]
pub struct Slot(String);

impl Packing {
    /// Makes sure that a file may come next, before its bytes are read.
    ///
    /// # Errors
    /// Its path leads out of the package or collides with another, or there is no room for it.
    pub fn admit(&mut self, path: &[u8], size: u64) -> Result<Slot, Refusal> {
        let refuse = |why| Refusal { path: String::from_utf8_lossy(path).into_owned(), why };
        let path = legal(path).map_err(refuse)?;
        self.bytes = self.bytes.saturating_add(size);
        self.count += 1;
        match () {
            () if self.bytes > MOST_BYTES => return Err(refuse(Why::TooLarge)),
            () if self.count > MOST_FILES => return Err(refuse(Why::TooMany)),
            () => {}
        }
        self.take(path, true).map_err(refuse)?;
        Ok(Slot(path.to_owned()))
    }

    /// Makes sure that a directory may be there.
    ///
    /// # Errors
    /// As [`Packing::admit`].
    pub fn directory(&mut self, path: &[u8]) -> Result<(), Refusal> {
        let refuse = |why| Refusal { path: String::from_utf8_lossy(path).into_owned(), why };
        self.take(legal(path).map_err(refuse)?, false).map_err(refuse)
    }

    /// Takes the names of a path and of the directories that it stands in.
    fn take(&mut self, path: &str, file: bool) -> Result<(), Why> {
        let ends = path.match_indices('/').map(|(at, _)| (at, false)).chain([(path.len(), file)]);
        for (end, file) in ends {
            let prefix = path.get(..end).unwrap_or(path);
            match self.taken.get(&prefix.to_lowercase()) {
                None => drop(self.taken.insert(prefix.to_lowercase(), (prefix.to_owned(), file))),
                // A directory that is known already.
                Some((known, false)) if known == prefix && !file => {}
                Some((known, _)) => return Err(Why::Collides(known.clone())),
            }
        }
        match self.taken.len() > 4 * MOST_FILES {
            true => Err(Why::TooMany),
            false => Ok(()),
        }
    }

    /// Puts the bytes of a file where it was admitted.
    pub fn fill(&mut self, slot: Slot, bytes: Vec<u8>) {
        self.files.insert(slot.0, bytes);
    }

    /// Adds a file whose bytes are at hand.
    ///
    /// # Errors
    /// As [`Packing::admit`].
    pub fn add(&mut self, path: &[u8], bytes: Vec<u8>) -> Result<(), Refusal> {
        let slot = self.admit(path, bytes.len() as u64)?;
        self.fill(slot, bytes);
        Ok(())
    }

    /// The package of what was added.
    #[must_use]
    pub fn finish(self) -> Package {
        let mut whole = Sha256::new();
        for (path, bytes) in &self.files {
            let digest: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            whole.update(format!("{digest}  {path}\n"));
        }
        Package { digest: Digest(whole.finalize().into()), files: self.files }
    }
}

/// Makes sure that a path names a file inside of a module, the same one on every machine.
///
/// # Errors
/// It leads out of the module, or could be read in two ways.
pub fn inside(path: &str) -> Result<(), Refusal> {
    legal(path.as_bytes()).map(drop).map_err(|why| Refusal { path: path.to_owned(), why })
}

/// A path that means the same file inside the package on every machine.
fn legal(path: &[u8]) -> Result<&str, Why> {
    let path = std::str::from_utf8(path).map_err(|_| Why::NotUtf8)?;
    let absolute = path.starts_with('/') || path.as_bytes().get(1) == Some(&b':');
    let reserved = |part: &str| part.eq_ignore_ascii_case(".git");
    match path {
        _ if path.len() > LONGEST_PATH || path.split('/').count() > DEEPEST_PATH + 1 => Err(Why::TooLong),
        _ if path.contains('\\') || path.chars().any(char::is_control) => Err(Why::Unprintable),
        _ if absolute => Err(Why::Absolute),
        _ if path.split('/').any(|part| part == "..") => Err(Why::Climbs),
        _ if path.split('/').any(|part| matches!(part, "" | ".")) => Err(Why::Unclear),
        _ if path.split('/').any(reserved) => Err(Why::Reserved),
        _ => Ok(path),
    }
}

/// What is refused, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The path as it stands in the package.
    pub path: String,
    /// What is wrong with it.
    pub why: Why,
}

/// What is wrong with an entry of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The path is not UTF-8.
    NotUtf8,
    /// The path holds a backslash or a control character.
    Unprintable,
    /// The path is absolute.
    Absolute,
    /// The path has a part `..`.
    Climbs,
    /// The path has an empty part or a part `.`.
    Unclear,
    /// The path has a part `.git`.
    Reserved,
    /// The path is longer than [`LONGEST_PATH`] or deeper than [`DEEPEST_PATH`].
    TooLong,
    /// On a file system that ignores case it is the same as this one, or it is a file and a directory at once.
    Collides(String),
    /// It is no file: what it is instead, with its article.
    NoFile(&'static str),
    /// The files are together larger than [`MOST_BYTES`].
    TooLarge,
    /// There are more than [`MOST_FILES`] files.
    TooMany,
}

impl Refusal {
    /// The mistake it is.
    #[must_use]
    pub fn code(&self) -> Code {
        match self.why {
            Why::TooLarge | Why::TooMany => code::MODULE_TOO_LARGE,
            _ => code::UNSAFE_MODULE,
        }
    }
}

impl fmt::Display for Refusal {
    /// Half a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.escape_debug();
        match &self.why {
            Why::NotUtf8 => write!(f, "the path `{path}` is not UTF-8"),
            Why::Unprintable => write!(f, "the path `{path}` holds a backslash or a control character"),
            Why::Absolute => write!(f, "the path `{path}` is absolute"),
            Why::Climbs => write!(f, "the path `{path}` leads out of the module by `..`"),
            Why::Unclear => write!(f, "the path `{path}` has an empty part or a part `.`"),
            Why::Reserved => write!(f, "the path `{path}` is Git's own"),
            Why::TooLong => write!(
                f,
                "a path is longer than {LONGEST_PATH} bytes or deeper than {DEEPEST_PATH} directories; it starts with `{}`",
                self.path.chars().take(60).collect::<String>().escape_debug()
            ),
            Why::Collides(other) => {
                write!(
                    f,
                    "`{path}` and `{}` are the same where case does not count, or a file and a directory",
                    other.escape_debug()
                )
            }
            Why::NoFile(what) => write!(f, "`{path}` is {what}, and a module holds plain files only"),
            Why::TooLarge => write!(f, "with `{path}` its files are larger than {} MiB together", MOST_BYTES >> 20),
            Why::TooMany => write!(f, "with `{path}` it has more than {MOST_FILES} files"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack(paths: &[&[u8]]) -> Result<Package, Refusal> {
        let mut packing = Packing::default();
        paths.iter().try_for_each(|path| packing.add(path, path.to_vec()))?;
        Ok(packing.finish())
    }

    fn why(paths: &[&[u8]]) -> Why {
        pack(paths).expect_err("refused").why
    }

    #[test]
    fn the_digest_is_what_sha256sum_says_of_sha256sum() {
        // printf a >a; mkdir b; printf b/c >b/c; then the line of the documentation of `digest`.
        let package = pack(&[b"b/c", b"a"]).unwrap();
        assert_eq!(
            package.digest().to_string(),
            "sha256:c3f0e666cfb31cdcccb693452c268b7d0bbea5a65381f6a21fbca67270f67ebb"
        );
        assert_eq!(package.files().keys().collect::<Vec<_>>(), ["a", "b/c"]);
        assert_ne!(pack(&[b"a"]).unwrap().digest(), package.digest());
    }

    #[test]
    fn paths_that_lead_out_are_refused() {
        assert_eq!(why(&[b"a/../../b"]), Why::Climbs);
        assert_eq!(why(&[b".."]), Why::Climbs);
        assert_eq!(why(&[b"/etc/passwd"]), Why::Absolute);
        assert_eq!(why(&[b"C:/x"]), Why::Absolute);
        assert_eq!(why(&[b"a\\..\\b"]), Why::Unprintable);
        assert_eq!(why(&[b"a\nb"]), Why::Unprintable);
        assert_eq!(why(&[b"a//b"]), Why::Unclear);
        assert_eq!(why(&[b""]), Why::Unclear);
        assert_eq!(why(&[b"./a"]), Why::Unclear);
        assert_eq!(why(&[b"sub/.GIT/config"]), Why::Reserved);
        assert_eq!(why(&[b"\xff"]), Why::NotUtf8);
        assert_eq!(why(&[&[b'a'; LONGEST_PATH + 1]]), Why::TooLong);
        assert_eq!(why(&["a/".repeat(DEEPEST_PATH + 1).as_bytes()]), Why::TooLong);
    }

    #[test]
    fn names_that_some_file_systems_take_for_one_are_refused() {
        assert_eq!(why(&[b"a/B.hcl", b"a/b.hcl"]), Why::Collides("a/B.hcl".into()));
        assert_eq!(why(&[b"A/x", b"a/y"]), Why::Collides("A".into()));
        assert_eq!(why(&["\u{c4}".as_bytes(), "\u{e4}".as_bytes()]), Why::Collides("\u{c4}".into()));
        assert_eq!(why(&[b"a", b"a"]), Why::Collides("a".into()));
        assert_eq!(why(&[b"a", b"a/b"]), Why::Collides("a".into()));
        assert_eq!(why(&[b"a/b", b"a"]), Why::Collides("a".into()));
        assert!(pack(&[b"a/b", b"a/c", b"a/d/e", b"b"]).is_ok());
    }

    #[test]
    fn there_is_room_for_so_much_and_no_more() {
        let mut packing = Packing::default();
        assert!(packing.admit(b"a", MOST_BYTES).is_ok());
        assert_eq!(packing.admit(b"b", 1).expect_err("full").why, Why::TooLarge);
        assert_eq!(Packing::default().admit(b"b", u64::MAX).expect_err("full").code(), code::MODULE_TOO_LARGE);
        let mut packing = Packing::default();
        (0..MOST_FILES).for_each(|at| packing.add(format!("{at}").as_bytes(), Vec::new()).unwrap());
        assert_eq!(packing.add(b"more", Vec::new()).expect_err("full").why, Why::TooMany);
    }
}
