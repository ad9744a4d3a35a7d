//! Archives, caches and copies that mean harm, or that something happened to: what is refused, and what is not lost.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

use ordain_model::code;
use ordain_model::module::PackageProblem;
use ordain_model::package::{MOST_BYTES, Package, Packing, Why};
use ordain_store::modules::cache::Cache;
use ordain_store::modules::{archive, copies};
use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;
use tar::{Builder, EntryType, Header};

fn package(files: &[(&str, &str)]) -> Package {
    let mut packing = Packing::default();
    files.iter().for_each(|(path, text)| packing.add(path.as_bytes(), text.as_bytes().to_vec()).unwrap());
    packing.finish()
}

/// An archive of entries as they are given: the library that writes archives refuses what a hostile one would hold.
fn tar(entries: &[(&str, EntryType, &str)]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (name, sort, text) in entries {
        let mut header = Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*sort);
        header.set_size(text.len() as u64);
        header.set_cksum();
        builder.append(&header, text.as_bytes()).unwrap();
    }
    builder.into_inner().unwrap()
}

fn why(bytes: &[u8]) -> Why {
    match archive::unpack(bytes) {
        Err(PackageProblem::Refused(refusal)) => refusal.why,
        other => panic!("{other:?}"),
    }
}

fn zip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_package_survives_its_archive_and_gives_the_same_bytes_each_time() {
    let long = format!("{}/main.hcl", "long".repeat(40));
    let package = package(&[("main.hcl", "locals {}\n"), ("a/b/empty", ""), (&long, "x")]);
    let bytes = archive::pack(&package).unwrap();
    assert_eq!(archive::unpack(&bytes).unwrap(), package);
    assert_eq!(archive::unpack(&zip(&bytes)).unwrap(), package);
    assert_eq!(archive::pack(&package).unwrap(), bytes);
}

#[test]
fn archives_that_others_made_are_read() {
    let made = tar(&[
        ("pax_global_header", EntryType::XGlobalHeader, "52 comment=0123456789abcdef0123456789abcdef01234567\n"),
        ("./", EntryType::Directory, ""),
        ("./a/", EntryType::Directory, ""),
        ("./a/main.hcl", EntryType::Regular, "x"),
    ]);
    assert_eq!(archive::unpack(&made).unwrap(), package(&[("a/main.hcl", "x")]));
}

#[test]
fn entries_that_lead_out_are_refused() {
    let one = |name, sort| why(&tar(&[("main.hcl", EntryType::Regular, "x"), (name, sort, "")]));
    assert_eq!(one("../evil", EntryType::Regular), Why::Climbs);
    assert_eq!(one("a/../../evil", EntryType::Regular), Why::Climbs);
    assert_eq!(one("../", EntryType::Directory), Why::Climbs);
    assert_eq!(one("/etc/passwd", EntryType::Regular), Why::Absolute);
    assert_eq!(one("a\\..\\b", EntryType::Regular), Why::Unprintable);
    assert_eq!(one(".git/config", EntryType::Regular), Why::Reserved);
    assert_eq!(one("MAIN.hcl", EntryType::Regular), Why::Collides("main.hcl".into()));
    assert_eq!(one("main.hcl", EntryType::Regular), Why::Collides("main.hcl".into()));
    assert_eq!(one("main.hcl/x", EntryType::Regular), Why::Collides("main.hcl".into()));
}

#[test]
fn entries_that_are_no_files_are_refused() {
    let one = |sort| why(&tar(&[("x", sort, "")]));
    assert_eq!(one(EntryType::Symlink), Why::NoFile("a symbolic link"));
    assert_eq!(one(EntryType::Link), Why::NoFile("a hard link"));
    assert_eq!(one(EntryType::Char), Why::NoFile("a device"));
    assert_eq!(one(EntryType::Block), Why::NoFile("a device"));
    assert_eq!(one(EntryType::Fifo), Why::NoFile("a named pipe"));
    assert_eq!(one(EntryType::Continuous), Why::NoFile("an entry of another sort"));
}

#[test]
fn bombs_are_refused_before_they_are_unpacked() {
    // A header that says 8 GiB, of which nothing follows.
    let mut header = Header::new_gnu();
    header.set_path("bomb").unwrap();
    header.set_size(8 << 30);
    header.set_cksum();
    assert_eq!(why(header.as_bytes()), Why::TooLarge);
    // 200 MiB of nothing in 900 KB: a long name that never ends.
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::GNULongName);
    header.set_size(200 << 20);
    header.set_cksum();
    let mut bomb = header.as_bytes().to_vec();
    bomb.resize(200 << 20, b'a');
    let packed = zip(&bomb);
    assert!(packed.len() < 2 << 20);
    assert_eq!(why(&packed), Why::TooLarge);
    // Many files that together are too much.
    let half = "x".repeat((MOST_BYTES / 2) as usize);
    let files =
        tar(&[("a", EntryType::Regular, &half), ("b", EntryType::Regular, &half), ("c", EntryType::Regular, "x")]);
    assert_eq!(why(&files), Why::TooLarge);
    let many: Vec<String> = (0..10_001).map(|at| format!("{at}")).collect();
    let many: Vec<(&str, EntryType, &str)> = many.iter().map(|name| (name.as_str(), EntryType::Regular, "")).collect();
    assert_eq!(why(&tar(&many)), Why::TooMany);
}

#[test]
fn what_is_no_archive_or_is_cut_short_is_an_error_and_no_panic() {
    let whole = tar(&[("main.hcl", EntryType::Regular, &"x".repeat(2_000))]);
    for cut in [1, 100, 511, 513, 600, 2_000] {
        assert!(matches!(archive::unpack(&whole[..cut]), Err(PackageProblem::Unreachable(_))), "{cut}");
    }
    assert!(archive::unpack(b"no archive at all, but long enough to be looked at").is_err());
    assert!(archive::unpack(&zip(&whole)[..60]).is_err());
}

#[test]
fn a_cache_that_many_share_holds_whole_packages_or_none() {
    let place = tempfile::tempdir().unwrap();
    let cache = Cache::at(&place.path().join("modules"));
    let package = package(&[("main.hcl", &"x".repeat(100_000))]);
    assert_eq!(cache.get(&package.digest()), None);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                cache.put(&package).unwrap();
                assert_eq!(cache.get(&package.digest()).as_ref(), Some(&package));
            });
        }
    });
    let files: Vec<_> = fs::read_dir(place.path().join("modules")).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    // A byte of it changes: it counts as missing, and is put there anew.
    let mut bytes = fs::read(&files[0]).unwrap();
    bytes[1_000] = b'y';
    fs::write(&files[0], bytes).unwrap();
    assert_eq!(cache.get(&package.digest()), None);
    cache.put(&package).unwrap();
    assert_eq!(cache.get(&package.digest()), Some(package));
}

#[test]
fn copies_are_what_the_package_is_and_nothing_else() {
    let place = tempfile::tempdir().unwrap();
    let copy = place.path().join("vendor/git-https/git.example.com/baseline@1.0.0");
    let read = || copies::read(&copy, copies::whole);
    assert_eq!(read(), Ok(None));
    let first = package(&[("main.hcl", "1"), ("a/b.hcl", "2")]);
    copies::write(&copy, &first).unwrap();
    assert_eq!(read(), Ok(Some(first.clone())));
    fs::write(copy.join("a/b.hcl"), "3").unwrap();
    assert_ne!(read().unwrap().unwrap().digest(), first.digest());
    fs::write(copy.join("more"), "4").unwrap();
    copies::write(&copy, &first).unwrap();
    assert_eq!(read(), Ok(Some(first)));
    assert_eq!(fs::read_dir(copy.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn copies_do_not_follow_links() {
    let refused = |make: &dyn Fn(&Path)| {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("main.hcl"), "x").unwrap();
        make(place.path());
        match copies::read(place.path(), copies::whole) {
            Err(PackageProblem::Refused(refusal)) => (refusal.code(), refusal.why),
            other => panic!("{other:?}"),
        }
    };
    let link = (code::UNSAFE_MODULE, Why::NoFile("a symbolic link"));
    assert_eq!(refused(&|at| symlink("/etc/passwd", at.join("link.hcl")).unwrap()), link);
    assert_eq!(refused(&|at| symlink("main.hcl", at.join("inside.hcl")).unwrap()), link);
    assert_eq!(refused(&|at| symlink("/", at.join("directory")).unwrap()), link);
    let socket = |at: &Path| drop(std::os::unix::net::UnixListener::bind(at.join("socket")).unwrap());
    assert_eq!(refused(&socket).1, Why::NoFile("a socket"));
    assert_eq!(refused(&|at| fs::create_dir(at.join(".git")).unwrap()).1, Why::Reserved);
}

#[test]
fn what_is_published_leaves_out_what_is_hidden_or_of_others() {
    let place = tempfile::tempdir().unwrap();
    for (path, text) in
        [("main.hcl", "1"), (".git/config", "2"), (".ordain/x", "3"), ("vendor/oci/x", "4"), ("a/vendor/x", "5")]
    {
        fs::create_dir_all(place.path().join(path).parent().unwrap()).unwrap();
        fs::write(place.path().join(path), text).unwrap();
    }
    let published = copies::read(place.path(), copies::published).unwrap().unwrap();
    assert_eq!(published, package(&[("main.hcl", "1"), ("a/vendor/x", "5")]));
}
