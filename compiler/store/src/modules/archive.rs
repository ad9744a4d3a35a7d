//! A package as a tar, plain or gzipped, and back. Nothing is ever written where an archive says: its files go to memory, and
//! only plain files with legal names do.

use flate2::read::GzDecoder;
use ordain_model::module::PackageProblem;
use ordain_model::package::{MOST_BYTES, MOST_FILES, Package, Packing, Refusal, Why};
use std::io::{self, Read};
use tar::{Archive, Builder, Entry, EntryType, Header};

/// Most bytes of an unpacked archive: every file with its header, its long name and its padding.
const LONGEST: u64 = MOST_BYTES + 4_096 * MOST_FILES as u64;

/// The archive of a package: the same package gives the same bytes, whoever makes it, when and where.
///
/// # Errors
/// None that memory has.
pub fn pack(package: &Package) -> io::Result<Vec<u8>> {
    let mut builder = Builder::new(Vec::new());
    for (path, bytes) in package.files() {
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, path, bytes.as_slice())?;
    }
    builder.into_inner()
}

/// The package in an archive.
///
/// # Errors
/// Something in it is refused, or it is no archive.
pub fn unpack(bytes: &[u8]) -> Result<Package, PackageProblem> {
    match bytes.starts_with(&[0x1f, 0x8b]) {
        true => read(GzDecoder::new(bytes)),
        false => read(bytes),
    }
}

fn read(bytes: impl Read) -> Result<Package, PackageProblem> {
    let mut bounded = Bounded { bytes, left: LONGEST };
    let mut archive = Archive::new(&mut bounded);
    let mut packing = Packing::default();
    let read = archive
        .entries()
        .map_err(broken)
        .and_then(|mut entries| entries.try_for_each(|entry| add(entry.map_err(broken)?, &mut packing)));
    match read {
        // However the reading ended: it was too much.
        _ if bounded.left == 0 => Err(refused(b"the archive", Why::TooLarge)),
        Err(problem) => Err(problem),
        Ok(()) => Ok(packing.finish()),
    }
}

fn add(mut entry: Entry<'_, impl Read>, packing: &mut Packing) -> Result<(), PackageProblem> {
    let path = entry.path_bytes().into_owned();
    // `tar -C folder .` writes names that start with `./`.
    let path = path.strip_prefix(b"./").unwrap_or(&path);
    let no_file = |what| Err(refused(path, Why::NoFile(what)));
    match entry.header().entry_type() {
        EntryType::Regular => {}
        // Directories are where files are; the comment of `git archive` is about the whole.
        EntryType::Directory => {
            let path = path.strip_suffix(b"/").unwrap_or(path);
            return if matches!(path, b"" | b".") {
                Ok(())
            } else {
                packing.directory(path).map_err(PackageProblem::Refused)
            };
        }
        EntryType::XGlobalHeader => return Ok(()),
        EntryType::Symlink => return no_file("a symbolic link"),
        EntryType::Link => return no_file("a hard link"),
        EntryType::Char | EntryType::Block => return no_file("a device"),
        EntryType::Fifo => return no_file("a named pipe"),
        _ => return no_file("an entry of another sort"),
    }
    let size = entry.size();
    let slot = packing.admit(path, size).map_err(PackageProblem::Refused)?;
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes).map_err(broken)?;
    if bytes.len() as u64 != size {
        return Err(broken(io::ErrorKind::UnexpectedEof.into()));
    }
    packing.fill(slot, bytes);
    Ok(())
}

fn refused(path: &[u8], why: Why) -> PackageProblem {
    PackageProblem::Refused(Refusal { path: String::from_utf8_lossy(path).into_owned(), why })
}

fn broken(error: io::Error) -> PackageProblem {
    super::unreachable(format!("its archive cannot be read: {error}"))
}

/// Ends when so much has come out of a decompressor.
struct Bounded<R> {
    bytes: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let count = self.bytes.read(buffer.get_mut(..room).unwrap_or_default())?;
        self.left -= count as u64;
        Ok(count)
    }
}
