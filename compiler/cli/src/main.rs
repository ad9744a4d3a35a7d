//! The `ordain` command: arguments, files, terminal, clock, wiring. What it prints is made by `ordain-report`; what it decides, by `ordain-engine`.
//!
//! | module | holds |
//! |---|---|
//! | [`anchor`] | what must be in a compile, signed and given from outside |
//! | [`approvals`], [`author`] | who approved a plan, who wrote a profile |
//! | [`arguments`] | the command line |
//! | [`commands`] | one file per command |
//! | [`run`] | what every command shares: messages, sources, output |
//! | [`profile`] | a directory and its variables, compiled |
//! | [`worlds`] | what each target reaches |
//! | [`providers`] | the one place that names provider crates |
//! | [`profiles`] | the built-in profiles |
//! | [`terraform`] | what states of Terraform say that it sets |
//! | [`journal`], [`heads`] | where the journal is kept, who writes it, how it ended once |
//! | [`signature`] | what the user signs |
//! | [`files`], [`output`], [`progress`], [`clock`], [`interrupt`] | hands |

mod anchor;
mod approvals;
mod arguments;
mod author;
mod clock;
mod commands;
mod files;
mod heads;
mod interrupt;
mod journal;
mod output;
mod profile;
mod profiles;
mod progress;
mod providers;
mod run;
mod signature;
mod terraform;
mod undone;
mod worlds;

use arguments::{Arguments, two_dashes};
use clap::Parser;
use ordain_model::conclusion::Exit;
use output::{Looks, Output};
use std::process::ExitCode;

fn main() -> ExitCode {
    match Arguments::try_parse_from(two_dashes(std::env::args_os())) {
        Ok(arguments) => {
            let output = Output::new(Looks::of_environment(arguments.no_color));
            commands::run(&arguments, output).code().into()
        }
        Err(error) => usage(&error).code().into(),
    }
}

/// Prints help and versions to stdout, mistakes to stderr. Clap's own exit code 2 would say "unmet".
fn usage(error: &clap::Error) -> Exit {
    let output = Output::new(Looks::of_environment(false));
    let text = |colour: bool| match colour {
        true => error.render().ansi().to_string(),
        false => error.render().to_string(),
    };
    match error.use_stderr() {
        true => {
            output.remark(&text(output.error_style.colour));
            Exit::Error
        }
        false => match output.result(&text(output.style.colour)) {
            Ok(()) => Exit::Fine,
            Err(_) => Exit::Error,
        },
    }
}
