//! What the packages of a profile hold together is bounded: each alone would be let in.

use ordain_language::files::{File, FileProblem, Files};
use ordain_language::inputs::Inputs;
use ordain_language::{compile, lock};
use ordain_model::diagnostic::Diagnostics;
use ordain_model::module::{Found, LOCK, Locked, PackageProblem, Repository, Request, Wanted};
use ordain_model::package::{Package, Packing};
use ordain_model::provider::Providers;
use ordain_model::source::Sources;
use std::sync::Arc;

/// A profile that imports so many repositories, all of which hold this.
struct Many {
    count: usize,
    package: Arc<Package>,
}

impl Many {
    fn repository(at: usize) -> Repository {
        Repository::Git(format!("https://git.example.com/{at}.git").into())
    }

    /// The messages of the profile, by code and detail.
    fn said(&self) -> Vec<(&'static str, String)> {
        let mut diagnostics = Diagnostics::default();
        let _ = compile(".", self, &Inputs::default(), Providers(&[]), &mut Sources::default(), &mut diagnostics);
        diagnostics.into_sorted().into_iter().map(|said| (said.code.name, said.detail)).collect()
    }
}

impl Files for Many {
    fn module(&self, _: &str) -> Result<Vec<File>, FileProblem> {
        let block = |at| format!("module \"m{at}\" {{\n  source = \"{}\"\n}}\n", Many::repository(at));
        let text: String = (0..self.count).map(block).collect();
        Ok(vec![File { name: "main.hcl".into(), bytes: text.into_bytes() }])
    }

    fn lock(&self, _: &str) -> Result<Option<File>, FileProblem> {
        let revision = "0123456789abcdef0123456789abcdef01234567";
        let entry = |at| {
            let request = Request { repository: Many::repository(at), wanted: Wanted::Default };
            (request, Locked { version: None, revision: revision.into(), digest: self.package.digest() })
        };
        let text = lock::render(&(0..self.count).map(entry).collect());
        Ok(Some(File { name: LOCK.into(), bytes: text.into_bytes() }))
    }

    fn package(&self, _: &Repository, _: &Locked) -> Result<Found, PackageProblem> {
        Ok(Found { package: Arc::clone(&self.package), vendored: None })
    }
}

#[test]
fn packages_have_a_limit_together() {
    let mut packing = Packing::default();
    packing.add(b"main.hcl", b"locals {}\n".to_vec()).unwrap();
    packing.add(b"large", vec![0; 63 << 20]).unwrap();
    let package = Arc::new(packing.finish());
    let too_large = |count| -> Vec<String> {
        let said = Many { count, package: Arc::clone(&package) }.said();
        said.into_iter().filter(|(code, _)| *code == "module-too-large").map(|(_, detail)| detail).collect()
    };
    assert_eq!(too_large(4), Vec::<String>::new());
    let told = "`git.example.com/4.git@0123456789ab` has 66060298 bytes; with it the packages of this profile hold more than 256 MiB";
    assert_eq!(too_large(5), [told]);
}
