//! [`Disk`]: the language's file port on the file system; and [`write`], which leaves whole files or none.

mod content;

use crate::interrupt;
use crate::profiles;
use ordain_language::files::{ContentProblem, File, FileProblem, Files, belongs};
use ordain_model::digest::Digest;
use ordain_model::module::{Found, LOCK, Locked, PackageProblem, Repository, Request, VENDOR};
use ordain_store::modules::Modules;
use ordain_store::modules::cache::Cache;
use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// The file system, and what is fetched to it.
#[derive(Clone, Debug)]
pub struct Disk {
    /// Where modules from elsewhere come from.
    pub modules: Modules,
}

impl Disk {
    /// For the profile in a directory.
    #[must_use]
    pub fn of(directory: &Path, offline: bool) -> Disk {
        let (cache, vendored) = (Cache::of_environment(), Some(directory.to_owned()));
        Disk { modules: Modules { cache, offline, vendored, profiles: profiles::all } }
    }
}

/// The longest file that is read. Spans are 32 bits; no profile, estate or plan that people keep is near this.
pub const LONGEST: u64 = 1 << 30;

impl Files for Disk {
    fn module(&self, directory: &str) -> Result<Vec<File>, FileProblem> {
        let path = Path::new(if directory.is_empty() { "." } else { directory });
        let mut names = Vec::new();
        for entry in fs::read_dir(path).map_err(problem)? {
            let name = entry.map_err(problem)?.file_name();
            let hcl = Path::new(&name).extension().is_some_and(|extension| extension == "hcl");
            match name.into_string() {
                Ok(name) if belongs(&name) => names.push(name),
                Err(name) if hcl => {
                    return Err(FileProblem::Unreadable(format!("the file name {name:?} is not UTF-8")));
                }
                _ => {}
            }
        }
        names.sort();
        names.into_iter().map(|name| Ok(File { bytes: own(path, &name)?, name })).collect()
    }

    fn lock(&self, directory: &str) -> Result<Option<File>, FileProblem> {
        match own(Path::new(directory), LOCK) {
            Ok(bytes) => Ok(Some(File { name: LOCK.to_owned(), bytes })),
            Err(FileProblem::Missing) => Ok(None),
            Err(problem) => Err(problem),
        }
    }

    fn package(&self, repository: &Repository, locked: &Locked) -> Result<Found, PackageProblem> {
        self.modules.find(repository, locked)
    }

    fn published(&self, request: &Request) -> Result<Digest, PackageProblem> {
        match (&request.repository, self.modules.offline) {
            // What is compiled in is published by being there.
            (Repository::Git(_) | Repository::Registry { .. }, true) => Err(PackageProblem::Offline),
            _ => self.modules.resolve(request).map(|locked| locked.digest),
        }
    }

    fn content(&self, directory: &str, path: &str) -> Result<Vec<u8>, ContentProblem> {
        content::content(directory, path)
    }

    fn names(&self, directory: &str, path: &str, depth: usize) -> Result<Vec<String>, ContentProblem> {
        content::names(directory, path, depth)
    }
}

/// The bytes of a plain file that stands directly in a module's directory. What a link leads to counts as where it leads, as
/// for the files that a module's expressions read ([`content`]).
fn own(directory: &Path, name: &str) -> Result<Vec<u8>, FileProblem> {
    let path = directory.join(name);
    let of_it = |error: io::Error| match problem(error) {
        FileProblem::Unreadable(words) => FileProblem::Unreadable(format!("`{name}`: {words}")),
        other => other,
    };
    let refused = |what: &str| Err(FileProblem::Unreadable(format!("`{name}` {what}")));
    if path.symlink_metadata().map_err(of_it)?.is_symlink() {
        let top = if directory == Path::new("") { Path::new(".") } else { directory };
        if !path.canonicalize().map_err(of_it)?.starts_with(top.canonicalize().map_err(of_it)?) {
            return refused("is a link that leads out of the module's directory");
        }
    }
    // Opening what is no plain file could wait for ever.
    match path.metadata().map_err(of_it)? {
        found if found.is_dir() => refused("is a directory"),
        found if !found.is_file() => refused("is a device or a pipe"),
        _ => read(&path).map_err(of_it),
    }
}

fn problem(error: io::Error) -> FileProblem {
    match error.kind() {
        io::ErrorKind::NotFound => FileProblem::Missing,
        io::ErrorKind::NotADirectory => FileProblem::NotADirectory,
        _ => FileProblem::Unreadable(error.to_string()),
    }
}

/// Paths of the files in a directory whose names end so, sorted; hidden ones are left out.
///
/// # Errors
/// The system's.
pub fn ending(directory: &Path, ending: &str) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.ends_with(ending) && !name.starts_with('.') {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Opens a file for reading.
///
/// # Errors
/// The system's, or that it is a directory.
pub fn open(path: &Path) -> io::Result<fs::File> {
    let file = fs::File::open(path)?;
    match file.metadata()?.is_dir() {
        true => Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory")),
        false => Ok(file),
    }
}

/// The bytes of a file.
///
/// # Errors
/// The system's, or that the file is longer than [`LONGEST`] or a directory.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
    bounded(bytes)
}

/// The bytes of a file that is expected to be short.
///
/// # Errors
/// The system's, or that the file is longer than so many bytes or a directory.
pub fn read_at_most(path: &Path, longest: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(longest + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > longest {
        true => Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it is longer than {} KiB", longest >> 10))),
        false => Ok(bytes),
    }
}

/// Bytes that were read, if they are not too many.
///
/// # Errors
/// They are more than [`LONGEST`].
pub fn bounded(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    match bytes.len() as u64 > LONGEST {
        true => Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is longer than 1 GiB")),
        false => Ok(bytes),
    }
}

/// Whether a result may be written to a path: nothing is there, nothing is in it, or a result of the same format, which
/// names itself in its first line. So no slip of `-out` overwrites a profile, an estate or a device.
///
/// # Errors
/// Something else is there, or it cannot be read.
pub fn replaceable(path: &Path, format: &str) -> io::Result<()> {
    replaceable_by(path, &format!("`{format}...`"), |line| {
        let header: Option<serde_json::Value> = serde_json::from_slice(line).ok();
        let found = header.as_ref().and_then(|header| header.get("format")?.as_str());
        found.is_some_and(|found| found.starts_with(format))
    })
}

/// [`replaceable`] for a format that says by its first line whether it is one.
///
/// # Errors
/// Something else is there, or it cannot be read.
pub fn replaceable_by(path: &Path, format: &str, is_one: impl Fn(&[u8]) -> bool) -> io::Result<()> {
    replaceable_where(path, format, |file| {
        let mut line = Vec::new();
        file.take(LONGEST).read_until(b'\n', &mut line)?;
        Ok(is_one(&line))
    })
}

/// [`replaceable`] for a format of which every file begins in the same way.
///
/// # Errors
/// Something else is there, or it cannot be read.
pub fn replaceable_beginning(path: &Path, format: &str, begins: &str) -> io::Result<()> {
    replaceable_where(path, format, |file| {
        let mut start = Vec::new();
        file.take(begins.len() as u64).read_to_end(&mut start)?;
        Ok(start == begins.as_bytes())
    })
}

fn replaceable_where(
    path: &Path,
    format: &str,
    is_one: impl FnOnce(&mut dyn BufRead) -> io::Result<bool>,
) -> io::Result<()> {
    let in_the_way =
        |what: &str| Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{what}, and is left as it is")));
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
        Ok(found) if !found.is_file() => return in_the_way("it is no file"),
        Ok(found) if found.len() == 0 => return Ok(()),
        Ok(_) => {}
    }
    match is_one(&mut BufReader::new(open(path)?))? {
        true => Ok(()),
        false => in_the_way(&format!("it exists, is no {format} file")),
    }
}

/// Writes a whole file or none: a new file beside it, made durable, then renamed over it.
///
/// # Errors
/// The system's; then nothing of the name has changed.
pub fn write(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let _whole = interrupt::hold();
    new_file(path, fill)?.persist(path).map(drop).map_err(|error| error.error)
}

/// Writes a whole file that must not exist yet, or none.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] when it does, or the system's.
pub fn write_new(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let _whole = interrupt::hold();
    new_file(path, fill)?.persist_noclobber(path).map(drop).map_err(|error| error.error)
}

/// Writes a text in place of a file's, whole or not at all, with the permissions that the file has. A link stays one:
/// the file that it leads to is written.
///
/// # Errors
/// The system's, or that the file may only be read; then nothing has changed.
pub fn rewrite(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let permissions = fs::metadata(&path)?.permissions();
    if permissions.readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it may only be read"));
    }
    let _whole = interrupt::hold();
    let file = new_file(&path, |file| file.write_all(text.as_bytes()))?;
    file.as_file().set_permissions(permissions)?;
    file.persist(&path).map(drop).map_err(|error| error.error)
}

/// Every `.hcl` file of a directory, and of those below where these are asked for, sorted. What begins with a dot is
/// left out, so are copies of modules, whose digests are locked, and links to directories are not followed.
///
/// # Errors
/// The system's.
pub fn profiles(directory: &Path, recursive: bool) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![directory.to_owned()];
    while let Some(directory) = waiting.pop() {
        for entry in fs::read_dir(&directory)? {
            let entry = entry?;
            let name = entry.file_name();
            if name.as_encoded_bytes().starts_with(b".") || name == VENDOR {
                continue;
            }
            let path = if directory == Path::new(".") { PathBuf::from(&name) } else { directory.join(&name) };
            if entry.file_type()?.is_dir() {
                waiting.extend(recursive.then_some(path));
            } else if path.extension().is_some_and(|extension| extension == "hcl") && path.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The file beside another one, whose name ends with this too: `head.json.sig`.
#[must_use]
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    PathBuf::from(name)
}

fn new_file(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<NamedTempFile> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // Temporary files are private by default; what people ask for is readable as far as their mask allows.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder.prefix(".ordain-").tempfile_in(directory)?;
    let mut buffer = BufWriter::new(file.as_file());
    fill(&mut buffer)?;
    buffer.flush()?;
    drop(buffer);
    file.as_file().sync_all()?;
    Ok(file)
}
