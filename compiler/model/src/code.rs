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
    ARITHMETIC "arithmetic" "A calculation has no result",
    BARE_VALUE "bare-value" "A setting is bound by a bare value",
    BOUND_ARGUMENT "bound-argument" "A bound takes other arguments",
    CANNOT_READ "cannot-read" "A file cannot be read",
    CANNOT_WRITE "cannot-write" "A file cannot be written",
    DUPLICATE_ATTRIBUTE "duplicate-attribute" "An attribute is set twice",
    DUPLICATE_KEY "duplicate-key" "A key stands twice in one object",
    FILE_EXISTS "file-exists" "A file is in the way",
    FUNCTION_FAILED "function-failed" "A function has no result for these arguments",
    JOURNAL "journal" "The journal cannot be begun",
    KIND_CYCLE "kind-cycle" "A provider's kinds depend on each other in a circle",
    NO_SUCH_ITEM "no-such-item" "An index or key finds nothing",
    NOT_APPROVED "not-approved" "Nobody approved the plan",
    NULL_BOUND "null-bound" "A bound is null",
    NULL_OPERAND "null-operand" "A value that is not set is used",
    PLAN_FILE "plan-file" "The file is not a plan, or was edited",
    PROFILE_CHANGED "profile-changed" "The profile changed since the plan was made",
    SNAPSHOT_FILE "snapshot-file" "The file is not a snapshot, or was edited",
    SYNTAX "syntax" "The file does not read as HCL",
    TOO_DEEP "too-deep" "Too many levels stand inside each other",
    TOO_MUCH_WORK "too-much-work" "An expression takes too much work",
    TOO_OLD "too-old" "The settings were read too long ago",
    UNCLOSED "unclosed" "Something is opened and never closed",
    UNKNOWN_FUNCTION "unknown-function" "There is no such function",
    UNKNOWN_NAME "unknown-name" "A name means nothing here",
    UNKNOWN_SUBJECT "unknown-subject" "Nothing has this name",
    UNQUOTED_UNIT "unquoted-unit" "A value with a unit has no quotes",
    UNSUITABLE_BOUND "unsuitable-bound" "A bound says nothing about this type",
    UNTYPED_COMPARISON "untyped-comparison" "Texts with units are compared without a type",
    WRONG_CALL "wrong-call" "A function is called with the wrong arguments",
    WRONG_OPERAND "wrong-operand" "A value is of the wrong type for this",
}

/// The code of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Code> {
    CODES.iter().find(|code| code.name == name)
}
