//! [`Code`]: one name per mistake, each with a page in `docs/diagnostics/` that `ordain explain CODE` prints.

/// Names a mistake: `docs/diagnostics/<name>.md` explains it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    /// Kebab-case name, stable across versions.
    pub name: &'static str,
    /// The title of every message with this code: fixed, without user text.
    pub title: &'static str,
    /// The page, compiled in.
    pub page: &'static str,
}

/// Declares the codes: one line each, sorted by name, the page included from `docs/diagnostics/`.
macro_rules! codes {
    ($($constant:ident $name:literal $title:literal,)*) => {
        $(
            #[doc = concat!("`", $name, "`: ", $title, ".")]
            pub const $constant: Code = Code {
                name: $name,
                title: $title,
                page: include_str!(concat!("../../../docs/diagnostics/", $name, ".md")),
            };
        )*
        /// Every code, sorted by name.
        pub const CODES: &[Code] = &[$($constant,)*];
    };
}

codes! {
    ARGUMENT "argument" "An argument does not read",
    CANNOT_READ "cannot-read" "A file cannot be read",
    CANNOT_WRITE "cannot-write" "A file cannot be written",
    FILE_EXISTS "file-exists" "A file is in the way",
    JOURNAL "journal" "The journal cannot be begun",
    KIND_CYCLE "kind-cycle" "A provider's kinds depend on each other in a circle",
    NOT_APPROVED "not-approved" "Nobody approved the plan",
    PLAN_FILE "plan-file" "The file is not a plan, or was edited",
    PROFILE_CHANGED "profile-changed" "The profile changed since the plan was made",
    SNAPSHOT_FILE "snapshot-file" "The file is not a snapshot, or was edited",
    SYNTAX "syntax" "The file does not read as HCL",
    TOO_OLD "too-old" "The settings were read too long ago",
    UNKNOWN_SUBJECT "unknown-subject" "Nothing has this name",
}

/// The code of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Code> {
    CODES.iter().find(|code| code.name == name)
}
