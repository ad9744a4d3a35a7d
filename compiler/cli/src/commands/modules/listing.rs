//! What `ordain modules` prints: every module, what it is locked to, and where its files are.

use crate::files::Disk;
use crate::run::Run;
use ordain_language::imports::Import;
use ordain_model::diagnostic::Reported;
use ordain_model::module::{Locked, Repository, Request, Wanted};
use ordain_report::style::{Page, Tone};
use serde_json::{Value as Json, json};

/// Prints the modules.
pub fn print(imports: &[Import], disk: &Disk, run: &mut Run) -> Result<(), Reported> {
    if run.json {
        let modules: Vec<Json> = imports.iter().map(|import| describe(import, disk)).collect();
        return run.document(json!({"format": "ordain.modules/1", "modules": modules}));
    }
    let text = people(imports, disk, Page::new(run.output.style));
    run.print(&text)
}

fn people(imports: &[Import], disk: &Disk, mut page: Page) -> String {
    if imports.is_empty() {
        page.put("This profile imports no modules.").end();
    }
    for import in imports {
        page.tone(Tone::Strong, &import.path).end();
        page.space(2).put(&import.source);
        if let Some(Wanted::Version(constraint)) = import.request.as_ref().map(|request| &request.wanted) {
            page.put(&format!(", version {constraint}"));
        }
        page.end();
        match (&import.request, &import.locked) {
            (None, _) => page.space(2).tone(Tone::Faint, "local: used as it stands, not locked").end(),
            (Some(_), None) => page.space(2).tone(Tone::Careful, "not locked: ordain modules update").end(),
            (Some(Request { repository, .. }), Some(locked)) => {
                page.space(2).tone(Tone::Faint, &content(locked)).end();
                page.space(2)
                    .tone(Tone::Faint, &format!("{}, {}", locked.digest, place(repository, locked, disk)))
                    .end()
            }
        };
    }
    page.finish()
}

/// The version and the revision behind it.
fn content(locked: &Locked) -> String {
    match (&locked.version, &*locked.revision) {
        (Some(version), revision) => format!("{version} ({revision})"),
        (None, "") => "of this program".into(),
        (None, revision) => revision.into(),
    }
}

/// Where the files would be taken from.
fn place(repository: &Repository, locked: &Locked, disk: &Disk) -> &'static str {
    let copy = disk.modules.vendored.as_ref().map(|root| root.join(repository.vendored(locked)));
    match repository {
        _ if copy.is_some_and(|copy| copy.exists()) => "vendored",
        Repository::Profile(_) => "built in",
        _ if disk.modules.cache.as_ref().is_some_and(|cache| cache.get(&locked.digest).is_some()) => "cached",
        _ => "not fetched",
    }
}

fn describe(import: &Import, disk: &Disk) -> Json {
    let request = import.request.as_ref();
    let (constraint, reference) = match request.map(|request| &request.wanted) {
        Some(Wanted::Version(constraint)) => (Some(constraint), None),
        Some(Wanted::Reference(reference)) => (None, Some(reference)),
        Some(Wanted::Default) | None => (None, None),
    };
    let locked = request.zip(import.locked.as_ref()).map(|(request, locked)| {
        json!({
            "version": locked.version,
            "revision": Some(&locked.revision).filter(|revision| !revision.is_empty()),
            "digest": locked.digest,
            "place": place(&request.repository, locked, disk),
        })
    });
    json!({
        "path": import.path,
        "source": import.source,
        "repository": request.map(|request| request.repository.to_string()),
        "constraint": constraint,
        "ref": reference,
        "locked": locked,
    })
}
