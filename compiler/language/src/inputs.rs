//! [`Inputs`]: values for the root module's variables, from outside the profile.

use crate::files::File;
use crate::syntax::Attribute;
use std::collections::BTreeMap;

/// Values from outside. The later of two wins, and the command line wins over the environment.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Variables of the environment whose names start with `ORDAIN_VAR_`, by the rest of the name.
    pub environment: BTreeMap<String, String>,
    /// `-var` and `-var-file`, in the order in which they stand on the command line.
    pub arguments: Vec<Input>,
    /// What a variable without any value is.
    pub missing: Missing,
}

/// What a variable of the root module is that has neither a default nor a value from outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// An error: somebody is about to act on the profile.
    #[default]
    Refused,
    /// A warning: what depends on it is left out of the configuration and listed as undecided.
    Undecided,
}

/// One argument that gives values.
#[derive(Clone, Debug)]
pub enum Input {
    /// `-var NAME=TEXT`.
    Variable {
        /// The variable.
        name: String,
        /// Its value: as it stands for a bool, number, string, duration or retention, an expression for any other type.
        text: String,
    },
    /// `-var-file FILE`: attributes, one per variable. The name is the path as the user gave it.
    File(File),
    /// A value that was read already, as a profile test gives it.
    Attribute(Attribute),
}
