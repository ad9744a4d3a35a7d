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
    SYNTAX "syntax" "The file does not read as HCL",
}

/// The code of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Code> {
    CODES.iter().find(|code| code.name == name)
}
