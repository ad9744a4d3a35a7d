//! Functions of Terraform that are left out on purpose, and why: what a profile says must not depend on when, where or
//! by whom it is read.

use crate::syntax::Name;
use ordain_model::code;
use ordain_model::diagnostic::Diagnostic;

/// A function of Terraform that is not here.
pub struct Refused {
    /// Its name.
    pub name: &'static str,
    /// Why it is not here.
    pub why: &'static str,
    /// What to do in its place.
    pub instead: &'static str,
}

const CLOCK: &str = "nothing reads the clock, so that a profile says the same whenever it is read";
const SECRETS: &str = "what is secret is said of a variable, whose value then flows into a target's connection only";
const CHANCE: &str = "nothing is random, so that equal inputs give equal results";
const MACHINE: &str = "a profile says the same on every machine";

const TEMPLATE: &str =
    "A heredoc takes `${value}` and `%{ for item in list }` where it is used; `templatefile` fills in a file's.";

const fn refused(name: &'static str, why: &'static str, instead: &'static str) -> Refused {
    Refused { name, why, instead }
}

/// Every one of them, sorted by name.
pub const REFUSED: &[Refused] = &[
    refused("abspath", MACHINE, "Paths are relative to the module's directory."),
    refused(
        "base64gzip",
        "its bytes depend on the version of the compressor",
        "Compress where the bytes are used; `base64encode` encodes a text.",
    ),
    refused("bcrypt", CHANCE, "`sha256` gives the same digest each time; a password belongs in no profile."),
    refused("ephemeralasnull", SECRETS, "Write `ephemeral = true` in the variable's block."),
    refused("issensitive", SECRETS, "Write `ephemeral = true` in the variable's block."),
    refused("nonsensitive", SECRETS, "Every variable without `ephemeral = true` is public."),
    refused("pathexpand", MACHINE, "Paths are relative to the module's directory."),
    refused("plantimestamp", CLOCK, "`timeadd` and `timecmp` calculate with moments that are written."),
    refused("rsadecrypt", SECRETS, "Hand the decrypted value in as an ephemeral variable."),
    refused("sensitive", SECRETS, "Write `ephemeral = true` in the variable's block."),
    refused(
        "templatestring",
        "a template is read before any value is known, so that each of its mistakes has a place",
        TEMPLATE,
    ),
    refused("timestamp", CLOCK, "`timeadd` and `timecmp` calculate with moments that are written."),
    refused("uuid", CHANCE, "`uuidv5` makes the UUID of a name."),
];

/// The message for a call of one of them, or of a function with a namespace.
pub(crate) fn message(name: &Name) -> Option<Diagnostic> {
    let said = |detail: String| Diagnostic::error(code::UNKNOWN_FUNCTION, name.span, detail);
    if let Some((namespace, function)) = name.text.rsplit_once("::") {
        let message = said(format!("there is no function `{}`: functions have no namespaces here", name.text));
        return Some(match super::find(function).filter(|_| namespace == "core") {
            Some(found) => message.says("a name alone is expected").paste(found.name),
            None => message.says("a name alone is expected").help("Providers bring kinds, and no functions."),
        });
    }
    let at = REFUSED.binary_search_by(|refused| refused.name.cmp(&name.text)).ok()?;
    let refused = REFUSED.get(at)?;
    let message = said(format!("`{}` of Terraform is not here: {}", refused.name, refused.why));
    Some(message.says("left out on purpose").help(refused.instead))
}
