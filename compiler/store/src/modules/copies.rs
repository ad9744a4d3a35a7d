//! Packages as files: what stands in a directory, and a directory that holds just a package. Links are never followed.

use ordain_model::module::{PackageProblem, VENDOR};
use ordain_model::package::{Package, Packing, Refusal, Why};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

/// Everything: a vendored copy is just the package.
#[must_use]
pub fn whole(_: &OsStr, _: bool) -> bool {
    true
}

/// What is published of a module that somebody works on: not what is hidden, and not the copies of other modules.
#[must_use]
pub fn published(name: &OsStr, top: bool) -> bool {
    !(name.as_bytes().starts_with(b".") || (top && name == VENDOR))
}

/// The package that a directory holds, of the entries that are chosen by name and by whether they stand at its top; none where
/// there is no directory.
///
/// # Errors
/// Something in it is refused, or the system's error.
pub fn read(directory: &Path, chosen: fn(&OsStr, bool) -> bool) -> Result<Option<Package>, PackageProblem> {
    match fs::symlink_metadata(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(directory, &error)),
        Ok(found) if !found.is_dir() => return Err(unreadable(directory, &io::ErrorKind::NotADirectory.into())),
        Ok(_) => {}
    }
    let mut packing = Packing::default();
    let mut directories = vec![directory.to_owned()];
    while let Some(next) = directories.pop() {
        let mut entries: Vec<PathBuf> = fs::read_dir(&next)
            .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
            .map_err(|error| unreadable(&next, &error))?;
        entries.retain(|path| path.file_name().is_some_and(|name| chosen(name, next == directory)));
        entries.sort();
        for path in entries {
            add(directory, path, &mut packing, &mut directories)?;
        }
    }
    Ok(Some(packing.finish()))
}

fn add(
    root: &Path,
    path: PathBuf,
    packing: &mut Packing,
    directories: &mut Vec<PathBuf>,
) -> Result<(), PackageProblem> {
    let inside = path.strip_prefix(root).unwrap_or(&path).as_os_str().as_bytes().to_owned();
    let found = fs::symlink_metadata(&path).map_err(|error| unreadable(&path, &error))?;
    let sort = found.file_type();
    if sort.is_dir() {
        packing.directory(&inside).map_err(PackageProblem::Refused)?;
        directories.push(path);
        return Ok(());
    }
    if !sort.is_file() {
        let what = match () {
            () if sort.is_symlink() => "a symbolic link",
            () if sort.is_fifo() => "a named pipe",
            () if sort.is_socket() => "a socket",
            () => "a device",
        };
        let refusal = Refusal { path: String::from_utf8_lossy(&inside).into_owned(), why: Why::NoFile(what) };
        return Err(PackageProblem::Refused(refusal));
    }
    let slot = packing.admit(&inside, found.len()).map_err(PackageProblem::Refused)?;
    packing.fill(slot, fs::read(&path).map_err(|error| unreadable(&path, &error))?);
    Ok(())
}

fn unreadable(path: &Path, error: &io::Error) -> PackageProblem {
    super::unreachable(format!("`{}` cannot be read: {error}", path.display()))
}

/// Makes a directory hold a package and nothing else, all of it or nothing. What it held before is gone.
///
/// # Errors
/// The system's; then the directory is as it was, or not there.
pub fn write(directory: &Path, package: &Package) -> io::Result<()> {
    let parent = directory.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent)?;
    let staging = tempfile::Builder::new().prefix(".new-").tempdir_in(parent)?;
    let fresh = staging.path().join("fresh");
    fs::create_dir(&fresh)?;
    for (path, bytes) in package.files() {
        let file = fresh.join(path);
        fs::create_dir_all(file.parent().unwrap_or(&fresh))?;
        fs::write(file, bytes)?;
    }
    match fs::rename(directory, staging.path().join("old")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::rename(&fresh, directory)
}
