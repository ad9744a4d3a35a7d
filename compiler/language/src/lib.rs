//! Text to meaning: [`syntax::Syntax`] from text, values from expressions, [`config::Config`] from modules.
//!
//! | module | holds |
//! |---|---|
//! | [`parse`] | text to syntax; goes on after an error |
//! | [`syntax`] | one file as a tree |
//! | [`evaluate`] | expressions to values |
//! | [`functions`] | the functions that expressions call |

pub mod evaluate;
pub mod functions;
pub mod parse;
pub mod syntax;
