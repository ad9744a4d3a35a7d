//! `ordain init`: a starter profile, or one that the settings of a world satisfy as they are. Never overwrites.

mod draft;
mod found;
mod starter;
mod written;

use crate::arguments::init::Init;
use crate::run::Run;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;

/// Writes the files of a profile.
pub fn run(arguments: &Init, run: &mut Run) -> Result<Exit, Reported> {
    match arguments.from_live || arguments.from_snapshot.is_some() {
        true => found::run(arguments, run),
        false => starter::run(arguments, run),
    }
}
