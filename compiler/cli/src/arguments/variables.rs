//! [`Variables`]: `-var` and `-var-file` in the order in which they stand, since the later of two wins.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};
use std::path::PathBuf;

/// Values for a profile's variables, from the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables(pub Vec<Given>);

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// `-var NAME=VALUE`, not taken apart yet.
    Variable(String),
    /// `-var-file FILE`.
    File(PathBuf),
}

impl Args for Variables {
    fn augment_args(command: Command) -> Command {
        let many = |name: &'static str| Arg::new(name).long(name).action(ArgAction::Append);
        let path = clap::value_parser!(PathBuf);
        command
            .arg(many("var").value_name("NAME=VALUE").help("Value of a variable; the last of several wins"))
            .arg(many("var-file").value_name("FILE").value_parser(path).help("File of lines such as `days = 30`"))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Variables::augment_args(command)
    }
}

impl FromArgMatches for Variables {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Variables, Error> {
        let places = |name| matches.indices_of(name).into_iter().flatten();
        let values = matches.get_many::<String>("var").into_iter().flatten().cloned().map(Given::Variable);
        let files = matches.get_many::<PathBuf>("var-file").into_iter().flatten().cloned().map(Given::File);
        let mut given: Vec<(usize, Given)> = places("var").zip(values).chain(places("var-file").zip(files)).collect();
        given.sort_by_key(|(place, _)| *place);
        Ok(Variables(given.into_iter().map(|(_, given)| given).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Variables::from_arg_matches(matches)?;
        Ok(())
    }
}
