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

impl Code {
    /// Whether it is a lint: a warning about a profile that compiles, whose level `ordain { lints = {...} }` sets and which
    /// `# ordain:allow(NAME): REASON` takes back.
    #[must_use]
    pub fn is_lint(&self) -> bool {
        LINTS.contains(&Some(self.name))
    }
}

/// Declares the codes: one line each, sorted by name, the page included from `docs/diagnostics/`; `lint` marks a lint.
macro_rules! codes {
    ($($constant:ident $name:literal $title:literal $($lint:ident)?,)*) => {
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
        const LINTS: &[Option<&str>] = &[$(codes!(@lint $name $($lint)?),)*];
    };
    (@lint $name:literal lint) => { Some($name) };
    (@lint $name:literal) => { None };
}

codes! {
    ABSENT_SEAL "absent-seal" "A sealed requirement holds for nothing",
    ALLOW_COMMENT "allow-comment" "A comment that allows a lint does not read",
    ANCHOR "anchor" "The profile is not what its anchor demands",
    ANCHOR_SIGNATURE "anchor-signature" "The anchor is not signed by whom it must be",
    APPROVAL_FLOOR "approval-floor" "The profile asks for fewer approvals than its anchor",
    APPROVALS "approvals" "The plan lacks approvals",
    ARGUMENT "argument" "An argument does not read",
    ARITHMETIC "arithmetic" "A calculation has no result",
    BARE_VALUE "bare-value" "A setting is bound by a bare value",
    BASELINE_ENTRY "baseline-entry" "A baseline lists what it cannot",
    BASELINE_GROWN "baseline-grown" "A baseline lists more than it did",
    BOUND_ARGUMENT "bound-argument" "A bound takes other arguments",
    CANNOT_READ "cannot-read" "A file cannot be read",
    CANNOT_WRITE "cannot-write" "A file cannot be written",
    CHANGED_MODULE "changed-module" "A module is not what the lock file says",
    CONTRADICTION "contradiction" "Demands on one setting contradict each other",
    DEAD_DEMAND "dead-demand" "Another demand asks for all that this one asks" lint,
    DEPRECATED_SETTING "deprecated-setting" "A setting is replaced by another one" lint,
    DUPLICATE_ATTRIBUTE "duplicate-attribute" "An attribute is set twice",
    DUPLICATE_KEY "duplicate-key" "A key stands twice in one object",
    DUPLICATE_NAME "duplicate-name" "A name stands twice",
    EMPTY_SELECTOR "empty-selector" "A requirement can select no object" lint,
    EPHEMERAL_VALUE "ephemeral-value" "A secret would flow into something that is shown",
    ESTATE "estate" "The estate does not read",
    ESTATE_AND_ACCOUNT "estate-and-account" "A target is a file and an account at once",
    EXCEPTION_DATE "exception-date" "The dates of an exception do not read",
    EXPIRED_EXCEPTION "expired-exception" "An exception is not in force",
    FAILED_VALIDATION "failed-validation" "A value fails its variable's validation",
    FILE_EXISTS "file-exists" "A file is in the way",
    FOR_EACH "for-each" "A block has no keys to make its instances by",
    FORMER_NAME "former-name" "A requirement is called by a name that it had before" lint,
    FUNCTION_FAILED "function-failed" "A function has no result for these arguments",
    IDLE_EXCEPTION "idle-exception" "An exception matches nothing",
    IDLE_VALIDATION "idle-validation" "A validation does not look at its variable",
    IMPORT_CYCLE "import-cycle" "A module imports itself",
    IN_DOUBT "in-doubt" "An earlier apply ended in doubt",
    JOURNAL "journal" "The journal cannot be read or written",
    JOURNAL_HEAD "journal-head" "The journal does not hold what its head says",
    JOURNAL_IN_MODULE "journal-in-module" "An imported module says where the journal is",
    KIND_CYCLE "kind-cycle" "A provider's kinds depend on each other in a circle",
    LEASE "lease" "Somebody else may write there",
    LOCK_FILE "lock-file" "The lock file does not read",
    LONG_ALLOWLIST "long-allowlist" "An allowlist is longer than the API takes" lint,
    MISSING_ARGUMENT "missing-argument" "A block lacks an argument",
    MISSING_VARIABLE "missing-variable" "A variable has no value",
    MISSING_WHERE "missing-where" "A requirement does not say which objects it is about",
    MODULE_SOURCE "module-source" "A module's source has no meaning",
    MODULE_TOO_LARGE "module-too-large" "A module from elsewhere is too large",
    MODULE_VERSION "module-version" "A version constraint has no meaning here",
    MOVED "moved" "Nothing moved as a block says",
    NO_LEGAL_VALUE "no-legal-value" "No value that the API accepts satisfies a demand",
    NO_MATCHING_VERSION "no-matching-version" "No published version will do",
    NO_POLICY "no-policy" "There is nothing to allow",
    NO_SUCH_ITEM "no-such-item" "An index or key finds nothing",
    NO_TESTS "no-tests" "There are no tests",
    NOT_APPLIED "not-applied" "No apply of a plan is in the journal",
    NOT_APPROVED "not-approved" "Nobody approved the plan",
    NOT_UTF8 "not-utf8" "A file is not UTF-8",
    NOT_WAIVABLE "not-waivable" "A requirement does not let itself be waived so",
    NOTHING_FOUND "nothing-found" "There is nothing to make a profile of",
    NULL_BOUND "null-bound" "A bound is null",
    NULL_OPERAND "null-operand" "A value that is not set is used",
    OUTSIDE_VARIABLE_BOUND "outside-variable-bound" "A value is outside its variable's bound",
    PLAN_FILE "plan-file" "The file is not a plan, or was edited",
    POSSIBLE_CONTRADICTION "possible-contradiction" "Demands contradict each other for objects that match both" lint,
    PROFILE_CHANGED "profile-changed" "The profile changed since the plan was made",
    REFERENCE_CYCLE "reference-cycle" "Values depend on each other in a circle",
    REMEDY "remedy" "A remedy does not cure",
    REQUIRED_VERSION "required-version" "The profile wants another version of Ordain",
    RESERVED_NAME "reserved-name" "A name means something else here",
    SEALED_CONTRADICTION "sealed-contradiction" "A demand contradicts a sealed one",
    SETTING_IN_WHERE "setting-in-where" "A setting decides which objects are selected",
    SIGNERS "signers" "A list of signers does not read",
    SNAPSHOT_FILE "snapshot-file" "The file is not a snapshot, or was edited",
    STRAY_CANARY "stray-canary" "A canary is no cell of its target",
    SYNTAX "syntax" "The file does not read as HCL",
    TARGET_ARGUMENT "target-argument" "A target cannot be reached as it is written",
    TARGET_IN_MODULE "target-in-module" "An imported module declares a target",
    TARGET_NEEDED "target-needed" "A block does not say which targets it is about",
    TERRAFORM_STATE "terraform-state" "A state of Terraform does not read",
    TEST_WORLD "test-world" "A test has no world to judge",
    TOO_DEEP "too-deep" "Too many levels stand inside each other",
    TOO_LARGE "too-large" "The profile is too large",
    TOO_MUCH_WORK "too-much-work" "An expression takes too much work",
    TOO_OLD "too-old" "The settings were read too long ago",
    UNBOUNDED_SEAL "unbounded-seal" "A sealed requirement depends on a variable without a bound",
    UNCLOSED "unclosed" "Something is opened and never closed",
    UNDECIDED_WAIVER "undecided-waiver" "It is not known whether a waiver matches",
    UNDECLARED_VARIABLE "undeclared-variable" "A value is given to a variable that is not declared",
    UNKNOWN_ARGUMENT "unknown-argument" "A block has no such argument",
    UNKNOWN_ATTRIBUTE "unknown-attribute" "A kind has no such attribute",
    UNKNOWN_BLOCK "unknown-block" "There is no such block",
    UNKNOWN_CONTROL "unknown-control" "A citation names no control",
    UNKNOWN_FUNCTION "unknown-function" "There is no such function",
    UNKNOWN_KIND "unknown-kind" "There is no such kind",
    UNKNOWN_LINT "unknown-lint" "There is no such lint",
    UNKNOWN_NAME "unknown-name" "A name means nothing here",
    UNKNOWN_PROVIDER "unknown-provider" "There is no such provider",
    UNKNOWN_SETTING "unknown-setting" "A kind has no such setting",
    UNKNOWN_SUBJECT "unknown-subject" "Nothing has this name",
    UNKNOWN_TARGET "unknown-target" "There is no such target here",
    UNKNOWN_TYPE "unknown-type" "There is no such type",
    UNLOCKED_MODULE "unlocked-module" "A module is not in the lock file",
    UNQUOTED_UNIT "unquoted-unit" "A value with a unit has no quotes",
    UNREACHABLE_MODULE "unreachable-module" "A module cannot be fetched",
    UNREADABLE_MODULE "unreadable-module" "A module cannot be read",
    UNSAFE_MODULE "unsafe-module" "A module holds something that is refused",
    UNSUITABLE_BOUND "unsuitable-bound" "A bound says nothing about this type",
    UNTYPED_COMPARISON "untyped-comparison" "Texts with units are compared without a type",
    UNUSED_ALLOW "unused-allow" "A lint is allowed where it says nothing" lint,
    UNUSED_LOCAL "unused-local" "A local is never read" lint,
    UNUSED_MODULE "unused-module" "An imported module demands nothing" lint,
    UNUSED_TARGET "unused-target" "No requirement is about a target" lint,
    UNUSED_VARIABLE "unused-variable" "A variable is never read" lint,
    VACUOUS_DEMAND "vacuous-demand" "A demand admits everything" lint,
    WAIVER_SUBJECT "waiver-subject" "A waiver names no requirement",
    WRONG_CALL "wrong-call" "A function is called with the wrong arguments",
    WRONG_KEY "wrong-key" "A keyed setting has no such key",
    WRONG_LABELS "wrong-labels" "A block has other labels",
    WRONG_OPERAND "wrong-operand" "A value is of the wrong type for this",
    WRONG_TYPE "wrong-type" "A value is of another type",
}

/// Every lint, sorted by name.
pub fn lints() -> impl Iterator<Item = &'static Code> {
    CODES.iter().filter(|code| code.is_lint())
}

/// The code of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Code> {
    CODES.iter().find(|code| code.name == name)
}
