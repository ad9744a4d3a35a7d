//! `ordain modules push`: publishes the module in a directory.

use super::{name, read};
use crate::arguments::modules::Push;
use crate::files::Disk;
use crate::run::Run;
use ordain_model::code;
use ordain_model::diagnostic::Reported;
use ordain_model::module::{ModuleSource, PackageProblem, Remote, Repository};
use ordain_store::modules::{copies, registry};
use serde_json::json;
use std::path::Path;

/// Publishes a module that reads without mistakes.
pub fn run(arguments: &Push, directory: &Path, run: &mut Run) -> Result<(), Reported> {
    let (host, path) = repository(&arguments.repository, run)?;
    if !arguments.version.build.is_empty() {
        let detail = format!("A tag cannot hold the `+` of version `{}`.", arguments.version);
        return Err(run.fail(code::ARGUMENT, detail));
    }
    read(name(directory, run)?, &Disk::of(directory, run.offline), run)?;
    let package = match copies::read(directory, copies::published) {
        Ok(Some(package)) => package,
        Ok(None) => {
            return Err(run.fail(code::UNREADABLE_MODULE, format!("There is no directory `{}`.", directory.display())));
        }
        Err(problem) => return Err(fail(&problem, run)),
    };
    let revision = registry::push(&host, &path, &arguments.version, &package).map_err(|problem| fail(&problem, run))?;
    let source = format!("oci://{host}/{path}");
    let version = arguments.version.to_string();
    if run.json {
        return run.document(
            json!({"format": "ordain.push/1", "repository": source, "version": version, "revision": revision, "digest": package.digest()}),
        );
    }
    let (digest, files) = (package.digest(), package.files().len());
    run.print(&format!("Published {source} {version} ({revision})\n{digest}, {files} files\n"))
}

fn repository(text: &str, run: &mut Run) -> Result<(String, String), Reported> {
    match text.parse() {
        Ok(ModuleSource::Remote(Remote {
            repository: Repository::Registry { host, path },
            reference: None,
            folder,
        })) if &*folder == "." => Ok((host.to_string(), path.to_string())),
        _ => {
            let detail = format!(
                "Expected a registry and a name such as `oci://registry.example.com/platform/baseline`; seen `{}`.",
                text.escape_debug()
            );
            Err(run.fail(code::ARGUMENT, detail))
        }
    }
}

fn fail(problem: &PackageProblem, run: &mut Run) -> Reported {
    match problem {
        PackageProblem::Refused(refusal) => run.fail(refusal.code(), format!("The module is refused: {refusal}.")),
        PackageProblem::Unreachable(words) => {
            run.fail(code::UNREACHABLE_MODULE, format!("The module cannot be published: {words}."))
        }
        PackageProblem::Offline | PackageProblem::NoVersion { .. } | PackageProblem::Missing { .. } => {
            run.fail(code::UNREACHABLE_MODULE, "The module cannot be published.")
        }
    }
}
