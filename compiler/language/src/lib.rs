//! Text to meaning: a directory of `.hcl` files becomes a [`config::Config`]. Pure: files arrive through [`files::Files`],
//! values from outside through [`inputs::Inputs`].
//!
//! ```text
//! Source ----> Syntax ----> Tree ----> Unit ----> References ----> Instances ----> Config
//!       parse        load       read       references       evaluate         resolve
//! ```
//!
//! | step | file | what is certain afterwards |
//! |---|---|---|
//! | parse | [`parse`], [`syntax`] | nothing was dropped, every syntax error was reported |
//! | load | `load`, [`lock`], [`imports`](mod@imports) | every module is there and what the lock file says, none imports itself |
//! | read | `unit`, `declarations`, `grammar` | every block is known, its labels and arguments too; no name stands twice |
//! | order | `references`, `check` | every name of an expression is something, also in branches that no evaluation takes; no value needs itself |
//! | evaluate | `instances`, `bindings`, `each`, `variable`, `outside`, [`evaluate`](mod@evaluate), [`functions`] | every instance of every module is known, every name in it has a value of its type, or its error was reported once |
//! | resolve | `resolve`, `targets`, `brakes`, `controls`, `requirement`, `seal`, `demand`, `assertion`, `waiver`, `reference`, `baseline`, `moved`, `former`, [`selector`] | what is demanded of which objects of which targets, and with which exceptions |
//!
//! What is odd about a profile that compiles is a lint ([`mod@lint`]); the engine adds its own, then all are settled at once.
//!
//! Values are evaluated in the order in which they need each other, across modules: a module's inputs may need another's
//! outputs. What is demanded is resolved after them, importers first; what a waiver names is looked up
//! when every module is resolved.
//!
//! What must be in a compile whatever the profile says stands in an [`anchor`], read apart from it too.
//! [`baseline_file`] and [`requirement_file`] write what the program says in a profile.
//!
//! Profile tests ([`test_file`], [`expectation`]) stand beside the profile and are read apart from it.
//!
//! An error never hides another one that can be told from it. What depends on something that failed is silent: the
//! value is an `Err(Reported)`, the proof that somebody was told.

pub mod anchor;
pub mod baseline_file;
pub mod config;
pub mod console;
pub mod evaluate;
pub mod expectation;
pub mod files;
pub mod format;
pub mod functions;
pub mod imports;
pub mod inputs;
pub mod lint;
pub mod lock;
pub mod parse;
pub mod path;
pub mod requirement_file;
pub mod selector;
pub mod syntax;
pub mod test_file;

mod address;
mod approval;
mod assertion;
mod baseline;
mod beside;
mod bindings;
mod brakes;
mod check;
mod context;
mod controls;
mod declarations;
mod demand;
mod each;
mod environment;
mod former;
mod grammar;
mod instances;
mod involved;
mod load;
mod moved;
mod names;
mod outside;
mod reference;
mod references;
mod requirement;
mod resolve;
mod seal;
mod targets;
pub mod template_file;
mod unit;
mod unmade;
mod validation;
mod variable;
mod variable_type;
mod waiver;

pub use load::utf8;

use config::Config;
use context::Context;
use files::Files;
use inputs::Inputs;
use ordain_model::diagnostic::{Diagnostics, Reported};
use ordain_model::provider::Providers;
use ordain_model::source::Sources;

/// Compiles the profile in a directory. Every mistake of every file that can be told from the others is reported.
/// Sources grow as modules load, also when the profile does not compile: diagnostics point into them.
///
/// # Errors
/// The profile does not compile; `diagnostics` says why.
pub fn compile(
    directory: &str,
    files: &dyn Files,
    inputs: &Inputs,
    providers: Providers<'_>,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Result<Config, Reported> {
    let tree = load::load(directory, files, sources, diagnostics)?;
    let mut context = Context::new(providers, files, sources, diagnostics);
    let config = resolve::resolve(&tree, inputs, &mut context);
    context.diagnostics.check()?;
    lint::unused(&tree, &config, &mut context);
    Ok(config)
}
