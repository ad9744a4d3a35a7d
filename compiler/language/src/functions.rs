//! The functions of the language: a function is one item of a family's list.

/// A function.
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// Its parameters, in order.
    pub parameters: &'static [Parameter],
    /// What any number of further arguments are.
    pub rest: Option<Parameter>,
    /// One sentence.
    pub summary: &'static str,
    /// Expressions and their results; they run as tests.
    pub examples: &'static [(&'static str, &'static str)],
}

/// A parameter.
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
}

/// Every function, sorted by name.
#[must_use]
pub fn all() -> Vec<&'static Function> {
    Vec::new()
}
