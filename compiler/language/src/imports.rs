//! [`imports`]: every module that a profile imports, and whether the lock file knows it.

use crate::files::Files;
use crate::load;
use crate::lock::Lock;
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported, nearest};
use ordain_model::module::{Locked, PackageProblem, Request};
use ordain_model::source::{Sources, Span};
use std::collections::BTreeMap;

/// A `module` block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// `module.a.module.b`.
    pub path: Text,
    /// Its `source`, as it is written.
    pub source: Text,
    /// What is asked for, where the module is from elsewhere.
    pub request: Option<Request>,
    /// What the lock file says of that.
    pub locked: Option<Locked>,
    /// Where the source stands.
    pub span: Span,
}

/// The imports of a profile in the order of their paths, as far as they can be followed: what an unlocked module imports is
/// not known. An unlocked one is listed and no mistake here; what else is wrong is reported.
///
/// # Errors
/// The root module could not be read; `diagnostics` says why.
pub fn imports(
    directory: &str,
    files: &dyn Files,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<Import>, Reported> {
    let mut found = load::imports(directory, files, sources, diagnostics)?;
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// What the lock file of a profile says; nothing where there is none.
///
/// # Errors
/// It cannot be read, or has a mistake.
pub fn locked(
    directory: &str,
    files: &dyn Files,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Result<BTreeMap<Request, Locked>, Reported> {
    Lock::open(directory, files, sources, diagnostics).map(Lock::into_entries)
}

/// A line to paste: what to do with a module of the profile in a directory.
pub(crate) fn command(verb: &str, path: &str, directory: &str) -> String {
    let place = if directory == "." { String::new() } else { format!(" -directory {directory}") };
    let path = if path.is_empty() { String::new() } else { format!(" {path}") };
    format!("ordain modules {verb}{path}{place}")
}

/// Says that the lock file does not know a module.
#[must_use]
pub fn unlocked(import: &Import, request: &Request, directory: &str) -> Diagnostic {
    let detail = format!("{request} is not in the lock file");
    let help = "Choose its content, write that to the lock file, and keep the file with the profile.";
    let diagnostic = Diagnostic::error(code::UNLOCKED_MODULE, import.span, detail).help(help);
    diagnostic.paste(command("update", &import.path, directory))
}

/// Says why a request has no package.
#[must_use]
pub fn problem(request: &Request, problem: &PackageProblem, span: Span) -> Diagnostic {
    let Request { repository, wanted } = request;
    match problem {
        PackageProblem::Offline => {
            let detail = format!("{request} is neither vendored nor in the cache, and nothing may be fetched");
            let help = "Run once without `-offline`, or keep copies beside the profile: `ordain modules vendor`.";
            Diagnostic::error(code::UNREACHABLE_MODULE, span, detail).help(help)
        }
        PackageProblem::Unreachable(words) => {
            Diagnostic::error(code::UNREACHABLE_MODULE, span, format!("{request} cannot be fetched: {words}"))
        }
        PackageProblem::NoVersion { versions } => {
            let list: Vec<String> = versions.iter().take(10).map(|version| format!("`{version}`")).collect();
            let detail = match (list.is_empty(), versions.len() > list.len()) {
                (true, _) => format!("`{repository}` has no tag such as `v1.0.0`"),
                (false, more) => {
                    let more = if more { ", ..." } else { "" };
                    format!("`{repository}` has nothing{}; its versions are {}{more}", wanted.words(), list.join(", "))
                }
            };
            Diagnostic::error(code::NO_MATCHING_VERSION, span, detail)
        }
        PackageProblem::Missing { known } => {
            let name = repository.to_string();
            let detail =
                format!("there is no `{name}`; there is {}", crate::context::list(known.iter().map(|name| &**name)));
            let diagnostic = Diagnostic::error(code::MODULE_SOURCE, span, detail);
            match nearest(&name, known.iter().map(|name| &**name)) {
                Some(near) => diagnostic.paste(format!("source = \"{near}\"")),
                None => diagnostic,
            }
        }
        PackageProblem::Refused(refusal) => {
            Diagnostic::error(refusal.code(), span, format!("{request} is refused: {refusal}"))
        }
    }
}
