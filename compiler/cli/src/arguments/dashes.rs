//! [`two_dashes`]: long flags that are written with one dash get their second one before Clap reads them.

use super::Arguments;
use clap::CommandFactory;
use std::collections::BTreeSet;
use std::ffi::OsString;

/// Gives long flags that are written with one dash their second one. What follows `--`, and what is no flag of any
/// command, stays as it is.
#[must_use]
pub fn two_dashes(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let known = long_flags();
    let mut verbatim = false;
    let one = |argument: OsString| {
        verbatim |= argument == "--";
        let name = argument.to_str().and_then(|text| text.strip_prefix('-')).filter(|name| !name.starts_with('-'));
        let name = name.map(|name| name.split('=').next().unwrap_or(name).to_owned());
        match name.is_some_and(|name| !verbatim && known.contains(&name)) {
            true => {
                let mut longer = OsString::from("-");
                longer.push(argument);
                longer
            }
            false => argument,
        }
    };
    arguments.into_iter().map(one).collect()
}

fn long_flags() -> BTreeSet<String> {
    let top = Arguments::command();
    let outer = std::iter::once(&top).chain(top.get_subcommands());
    let commands = outer.chain(top.get_subcommands().flat_map(|command| command.get_subcommands()));
    let flags = commands.flat_map(|command| command.get_arguments()).filter_map(|argument| argument.get_long());
    // Clap adds these two when it builds the command.
    flags.map(str::to_owned).chain(["help".to_owned(), "version".to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::Command;
    use crate::arguments::variables::Given;
    use clap::Parser;

    fn read(line: &str) -> Arguments {
        let words = line.split(' ').map(OsString::from);
        Arguments::try_parse_from(two_dashes(words)).unwrap()
    }

    #[test]
    fn the_command_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn one_dash_is_as_good_as_two() {
        for line in [
            "ordain plan dir -out p.json -json -var a=b -var-file f.hcl -detailed-exitcode -no-color -snapshot=s",
            "ordain plan dir --out p.json --json --var a=b --var-file f.hcl --detailed-exitcode --no-color --snapshot=s",
        ] {
            let arguments = read(line);
            assert!(arguments.no_color);
            let Command::Plan(plan) = arguments.command else { panic!("not plan") };
            assert!(plan.formats.json && plan.detailed_exitcode);
            assert_eq!(plan.out.as_deref(), Some(std::path::Path::new("p.json")));
            assert_eq!(plan.snapshot.as_deref(), Some(std::path::Path::new("s")));
            assert_eq!(plan.outside.variables.0, [Given::Variable("a=b".into()), Given::File("f.hcl".into())]);
        }
    }

    #[test]
    fn variables_keep_their_order() {
        let Command::Plan(plan) = read("ordain plan -var-file f -var a=1 -var-file g").command else {
            panic!("not plan")
        };
        assert_eq!(
            plan.outside.variables.0,
            [Given::File("f".into()), Given::Variable("a=1".into()), Given::File("g".into())]
        );
    }

    #[test]
    fn what_is_no_flag_stays() {
        let words = ["ordain", "-x", "-var=a=-json", "--", "-json"].map(OsString::from);
        assert_eq!(two_dashes(words), ["ordain", "-x", "--var=a=-json", "--", "-json"].map(OsString::from));
    }
}
