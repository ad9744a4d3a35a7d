//! [`Arguments`]: the command line. Long flags may be written with one dash, as Terraform's are (`-out`, `--out`).

pub mod fmt;
pub mod modules;
pub mod policy;
pub mod variables;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use fmt::Fmt;
use modules::Modules;
use policy::Policy;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;
use variables::Variables;

/// Compiles compliance profiles: reads live cloud settings, plans the smallest change that makes them comply, makes it,
/// and reports what moved since.
#[derive(Debug, Parser)]
#[command(name = "ordain", version, disable_help_subcommand = true, after_help = AFTER)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Print without colours.
    #[arg(long, global = true)]
    pub no_color: bool,
    /// Fetch no module: use vendored and cached ones only.
    #[arg(long, global = true)]
    pub offline: bool,
}

const AFTER: &str = "\
Long flags may be written with one dash: -out, --out.

Environment:
  ORDAIN_VAR_name  value of the variable `name`; -var and -var-file win over it
  AWS_...          credentials, region and endpoints, as the AWS SDK reads them
  XDG_CACHE_HOME   where fetched modules are kept; ~/.cache where it is not set
  NO_COLOR         no colours
  CI               no progress display

Exit codes: 0 fine; 1 error, demands that contradict each other, or a step not as planned;
2 something enforced is unmet (`plan` says 0 in place of 2 unless -detailed-exitcode is given), or `fmt -check` would change a file;
3 something demanded could not be read. Of several: 1, then 3, then 2.

Start with: ordain init my-profile";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make the smallest change that makes everything comply
    Apply(Apply),
    /// Print the completion script of a shell
    Completions(Completions),
    /// Report what violates the profile and what moved since a snapshot; never writes
    Drift(Drift),
    /// Explain a diagnostic's code, a kind, or where a setting's bound comes from
    Explain(Explain),
    /// Write `.hcl` files in the one style
    Fmt(Fmt),
    /// Write a starter profile that runs as it stands
    Init(Init),
    /// List, lock, vendor and publish the modules that a profile imports
    Modules(Modules),
    /// Show what would be changed, and what does not comply
    Plan(Plan),
    /// Print the least cloud policy that a profile needs
    Policy(Policy),
    /// List kinds of objects, or a kind's attributes and settings
    Schema(Schema),
    /// Show a plan file
    Show(Show),
    /// Write what the profile reads to a file
    Snapshot(Snapshot),
    /// Run the profile tests beside a profile; never writes
    Test(Test),
    /// Check a profile without credentials; fetches only locked modules that are not at hand
    Validate(Validate),
}

/// `ordain apply [DIR or PLAN]`
#[derive(Args, Debug)]
pub struct Apply {
    /// Profile directory, or a plan file, which is applied as it stands
    #[arg(default_value = ".", value_name = "DIR or PLAN")]
    pub path: PathBuf,
    /// Make the changes without asking
    #[arg(long)]
    pub auto_approve: bool,
    /// Refuse a plan file whose settings were read longer ago
    #[arg(long, value_name = "DURATION", default_value = "24h")]
    pub max_age: String,
    /// Print the result as one JSON document
    #[arg(long)]
    pub json: bool,
    /// Values of variables; of a plan file only ephemeral ones, the others are in it.
    #[command(flatten)]
    pub variables: Variables,
    /// What to change.
    #[command(flatten)]
    pub selection: Selection,
}

/// Which changes a plan may hold.
#[derive(Args, Clone, Debug, Default)]
pub struct Selection {
    /// Plan only changes of this requirement, module, object or setting; may be given several times
    #[arg(long, value_name = "ADDRESS")]
    pub only: Vec<String>,
    /// Allow this setting to be loosened, or changed in a way that destroys or cannot be undone; may be given several times
    #[arg(long, value_name = "ADDRESS")]
    pub allow: Vec<String>,
}

/// `ordain completions SHELL`
#[derive(Args, Debug)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// `ordain drift [DIR]`
#[derive(Args, Debug)]
pub struct Drift {
    /// Profile directory
    #[arg(default_value = ".", value_name = "DIR")]
    pub directory: PathBuf,
    /// Snapshot to compare with
    #[arg(long, value_name = "SNAPSHOT")]
    pub baseline: Option<PathBuf>,
    /// Read settings from a snapshot in place of the world
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<PathBuf>,
    /// Refuse settings that were read longer ago, when they come from a snapshot
    #[arg(long, value_name = "DURATION", default_value = "24h")]
    pub max_age: String,
    /// Exit with 2 also when something moved, came or went
    #[arg(long, value_name = "WHAT")]
    pub fail_on: Option<FailOn>,
    /// Print the result as one JSON document
    #[arg(long)]
    pub json: bool,
    /// Values of variables.
    #[command(flatten)]
    pub variables: Variables,
}

/// What else makes drift fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Values that moved, objects that came or went.
    Moved,
}

/// `ordain explain CODE, KIND or ADDRESS`
#[derive(Args, Debug)]
pub struct Explain {
    /// Code of a diagnostic, name of a kind, or address of a setting
    #[arg(value_name = "CODE, KIND or ADDRESS")]
    pub what: String,
    /// Profile directory, for an address
    #[arg(default_value = ".", value_name = "DIR")]
    pub directory: PathBuf,
    /// Read settings from a snapshot in place of the world
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<PathBuf>,
    /// Values of variables.
    #[command(flatten)]
    pub variables: Variables,
}

/// `ordain init [DIR]`
#[derive(Args, Debug)]
pub struct Init {
    /// Directory, created when it is missing; nothing in it is overwritten
    #[arg(default_value = ".", value_name = "DIR")]
    pub directory: PathBuf,
}

/// `ordain plan [DIR]`
#[derive(Args, Debug)]
pub struct Plan {
    /// Profile directory
    #[arg(default_value = ".", value_name = "DIR")]
    pub directory: PathBuf,
    /// Write the plan to a file for `apply`
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Read settings from a snapshot in place of the world
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<PathBuf>,
    /// Exit with 2, not 0, when something enforced is unmet
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// Print the result as one JSON document
    #[arg(long)]
    pub json: bool,
    /// Values of variables.
    #[command(flatten)]
    pub variables: Variables,
    /// What to change.
    #[command(flatten)]
    pub selection: Selection,
}

/// `ordain schema [KIND]`
#[derive(Args, Debug)]
pub struct Schema {
    /// A kind; without one, every kind is listed
    pub kind: Option<String>,
    /// Print the result as one JSON document
    #[arg(long)]
    pub json: bool,
}

/// `ordain show PLAN`
#[derive(Args, Debug)]
pub struct Show {
    /// Plan file
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    /// Print the result as one JSON document
    #[arg(long)]
    pub json: bool,
}

/// `ordain snapshot [DIR] -out FILE`
#[derive(Args, Debug)]
pub struct Snapshot {
    /// Profile directory
    #[arg(default_value = ".", value_name = "DIR")]
    pub directory: PathBuf,
    /// Where to write it
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Values of variables.
    #[command(flatten)]
    pub variables: Variables,
}

/// `ordain test [DIR]`
#[derive(Args, Debug)]
pub struct Test {
    /// Profile directory; its tests are the `*.test.hcl` files in it and in its folder `tests`
    #[arg(default_value = ".", value_name = "DIR")]
    pub directory: PathBuf,
    /// Run only this test, or the tests of this file; may be given several times
    #[arg(long, value_name = "TEST or FILE")]
    pub filter: Vec<String>,
    /// Write the result to a file as JUnit XML, too
    #[arg(long, value_name = "FILE")]
    pub junit_xml: Option<PathBuf>,
    /// Print the result as one JSON document
    #[arg(long)]
    pub json: bool,
    /// Values of variables; a test's own win.
    #[command(flatten)]
    pub variables: Variables,
}

/// `ordain validate [DIR]`
#[derive(Args, Debug)]
pub struct Validate {
    /// Profile directory
    #[arg(default_value = ".", value_name = "DIR")]
    pub directory: PathBuf,
    /// Exit with 1 also for warnings and for what cannot be decided without a world
    #[arg(long)]
    pub strict: bool,
    /// Print the result as one JSON document
    #[arg(long)]
    pub json: bool,
    /// Values of variables.
    #[command(flatten)]
    pub variables: Variables,
}

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
    use super::variables::Given;
    use super::*;

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
            assert!(plan.json && plan.detailed_exitcode);
            assert_eq!(plan.out.as_deref(), Some(std::path::Path::new("p.json")));
            assert_eq!(plan.snapshot.as_deref(), Some(std::path::Path::new("s")));
            assert_eq!(plan.variables.0, [Given::Variable("a=b".into()), Given::File("f.hcl".into())]);
        }
    }

    #[test]
    fn variables_keep_their_order() {
        let Command::Plan(plan) = read("ordain plan -var-file f -var a=1 -var-file g").command else {
            panic!("not plan")
        };
        assert_eq!(plan.variables.0, [Given::File("f".into()), Given::Variable("a=1".into()), Given::File("g".into())]);
    }

    #[test]
    fn what_is_no_flag_stays() {
        let words = ["ordain", "-x", "-var=a=-json", "--", "-json"].map(OsString::from);
        assert_eq!(two_dashes(words), ["ordain", "-x", "--var=a=-json", "--", "-json"].map(OsString::from));
    }
}
