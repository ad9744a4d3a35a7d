//! The built-in profiles: the folders of `profiles/`, compiled in, which modules import as `ordain://NAME`.

use include_dir::{Dir, DirEntry, include_dir};
use ordain_model::Text;
use ordain_model::package::{Package, Packing};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

static FOLDERS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../profiles");

/// Every built-in profile by name: its HCL, without the prose beside it.
#[must_use]
pub fn all() -> &'static BTreeMap<Text, Arc<Package>> {
    static ALL: LazyLock<BTreeMap<Text, Arc<Package>>> = LazyLock::new(|| FOLDERS.dirs().filter_map(profile).collect());
    &ALL
}

fn profile(folder: &Dir<'_>) -> Option<(Text, Arc<Package>)> {
    let name = folder.path().to_str()?;
    let mut packing = Packing::default();
    let mut entries: Vec<&DirEntry<'_>> = folder.entries().iter().collect();
    while let Some(entry) = entries.pop() {
        match entry {
            DirEntry::Dir(inner) => entries.extend(inner.entries()),
            DirEntry::File(file) if file.path().extension().is_some_and(|ending| ending == "hcl") => {
                let path = file.path().strip_prefix(folder.path()).ok()?.to_str()?;
                packing.add(path.as_bytes(), file.contents().to_vec()).ok()?;
            }
            DirEntry::File(_) => {}
        }
    }
    Some((name.into(), Arc::new(packing.finish())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A profile that could not be packed would be missing here.
    #[test]
    fn every_folder_is_a_profile() {
        assert_eq!(all().len(), FOLDERS.dirs().count());
        let soc2 = &all()["soc2"];
        assert!(soc2.files().contains_key("controls.hcl") && !soc2.files().contains_key("README.md"));
    }
}
