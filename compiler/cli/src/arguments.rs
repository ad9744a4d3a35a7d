//! [`Arguments`]: the command line. Long flags may be written with one dash, as Terraform's are (`-out`, `--out`).

pub mod approve;
pub mod baseline;
pub mod changing;
mod dashes;
pub mod diff;
pub mod drift;
pub mod fail_on;
pub mod fmt;
pub mod format;
pub mod init;
pub mod log;
pub mod modules;
pub mod outside;
pub mod policy;
pub mod report;
pub mod revert;
pub mod signing;
pub mod variables;

pub use dashes::two_dashes;

use approve::Approve;
use baseline::Baseline;
use changing::Changing;
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use diff::Diff;
use drift::Drift;
use fail_on::Failing;
use fmt::Fmt;
use format::Formats;
use init::Init;
use log::Log;
use modules::Modules;
use outside::Outside;
use policy::Policy;
use report::Report;
use revert::Revert;
use std::path::PathBuf;

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
  ORDAIN_ANCHOR    the anchor, as -anchor gives it; ORDAIN_SIGNERS, as -signers does
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
    /// Show a plan file, and sign that it may be applied
    Approve(Approve),
    /// Begin, shrink or check the reviewed list of what is unmet for now
    Baseline(Baseline),
    /// Print the completion script of a shell
    Completions(Completions),
    /// Evaluate expressions against a profile; no network, never writes
    Console(Console),
    /// Compare two snapshots; no profile, no network
    Diff(Diff),
    /// Report what violates the profile and what moved since a snapshot; never writes
    Drift(Drift),
    /// Explain a diagnostic's code, a kind, a function, a requirement, or where a setting's bound comes from
    Explain(Explain),
    /// Write `.hcl` files in the one style
    Fmt(Fmt),
    /// Draw a profile or a plan as a diagram
    Graph(Graph),
    /// Write a starter profile that runs as it stands, or one that today's settings satisfy
    Init(Init),
    /// Show what applies did, and check that nobody changed the journal since
    Log(Log),
    /// List, lock, vendor and publish the modules that a profile imports
    Modules(Modules),
    /// Show what would be changed, and what does not comply
    Plan(Plan),
    /// Print the least cloud policy that a profile needs
    Policy(Policy),
    /// Report what complies and what does not, in any format; never writes to a world
    Report(Report),
    /// Undo what applies of a plan wrote, where it is still what they wrote
    Revert(Revert),
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
#[derive(Args, Debug, Default)]
pub struct Apply {
    /// Profile directory, or a plan file, which is applied as it stands
    #[arg(default_value = ".", value_name = "DIR or PLAN")]
    pub path: PathBuf,
    /// Refuse a plan file whose settings were read longer ago
    #[arg(long, value_name = "DURATION", default_value = "24h")]
    pub max_age: String,
    /// How the changes are made.
    #[command(flatten)]
    pub changing: Changing,
    /// What to change.
    #[command(flatten)]
    pub selection: Selection,
}

/// Which changes a plan may hold.
#[derive(Args, Clone, Debug, Default)]
pub struct Selection {
    /// Plan only changes of this requirement, module, object or setting, or of this target=NAME, severity=WORD or
    /// risk=WORD; may be given several times
    #[arg(long, value_name = "ADDRESS or LABEL")]
    pub only: Vec<String>,
    /// Leave out changes of this one, named as for -only; may be given several times
    #[arg(long, value_name = "ADDRESS or LABEL")]
    pub except: Vec<String>,
    /// Allow this setting to be loosened, or changed in a way that destroys or cannot be undone; may be given several times
    #[arg(long, value_name = "ADDRESS")]
    pub allow: Vec<String>,
    /// Leave to Terraform what this state says that it sets, and show the change to make there: its state file, or what
    /// `terraform show -json` printed; may be given several times
    #[arg(long, value_name = "FILE")]
    pub terraform_state: Vec<PathBuf>,
    /// Change also what the baseline lists at this setting, object, requirement or group, or under this finding's id; may
    /// be given several times
    #[arg(long, value_name = "ADDRESS or ID")]
    pub baselined: Vec<String>,
    /// Let the changes be made while a change window is closed; the reason stands in the plan, its journal and its reports
    #[arg(long, value_name = "REASON", value_parser = NonEmptyStringValueParser::new())]
    pub emergency: Option<String>,
}

/// `ordain completions SHELL`
#[derive(Args, Debug)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// `ordain console [DIR]`
#[derive(Args, Debug)]
pub struct Console {
    /// Profile directory
    #[arg(default_value = ".", value_name = "DIR")]
    pub directory: PathBuf,
    /// For questions about an object: read its settings from a snapshot
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<PathBuf>,
    /// Print each answer as a JSON document on a line of its own
    #[arg(long)]
    pub json: bool,
    /// What the runner gives.
    #[command(flatten)]
    pub outside: Outside,
}

/// `ordain explain CODE, KIND, FUNCTION or ADDRESS`
#[derive(Args, Debug)]
pub struct Explain {
    /// Code of a diagnostic, name of a kind or a function, address of a requirement, an assertion or a setting
    #[arg(value_name = "CODE, KIND, FUNCTION or ADDRESS")]
    pub what: String,
    /// Profile directory, for an address
    #[arg(default_value = ".", value_name = "DIR")]
    pub directory: PathBuf,
    /// Read settings from a snapshot in place of the world
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<PathBuf>,
    /// Print the result as one JSON document
    #[arg(long)]
    pub json: bool,
    /// What the runner gives.
    #[command(flatten)]
    pub outside: Outside,
}

/// `ordain graph [DIR]`
#[derive(Args, Debug)]
pub struct Graph {
    /// Profile directory
    #[arg(default_value = ".", value_name = "DIR")]
    pub directory: PathBuf,
    /// Form of the diagram
    #[arg(long, value_name = "FORMAT", default_value = "dot")]
    pub format: GraphFormat,
    /// What to draw: what the profile demands, or what would be changed
    #[arg(long = "type", value_name = "TYPE", default_value = "profile")]
    pub of: GraphType,
    /// Draw a plan file in place of a profile
    #[arg(long, value_name = "PLAN")]
    pub plan: Option<PathBuf>,
    /// Draw what would be changed of the settings in a snapshot
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<PathBuf>,
    /// Print the nodes and edges as one JSON document
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// What the runner gives.
    #[command(flatten)]
    pub outside: Outside,
}

/// The form of a diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// Graphviz's language
    Dot,
    /// A Mermaid flowchart
    Mermaid,
}

/// What a diagram shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GraphType {
    /// Requirements and the settings that they bind; no world is read
    Profile,
    /// Requirements, the settings that they move, and the steps
    Plan,
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
    /// Where the journal is kept, in place of what the profile says: a directory, or an address such as s3://BUCKET/PREFIX
    #[arg(long, value_name = "DIR or URL")]
    pub journal: Option<String>,
    /// What makes it fail; -fail-on implies -detailed-exitcode.
    #[command(flatten)]
    pub failing: Failing,
    /// In which forms.
    #[command(flatten)]
    pub formats: Formats,
    /// What the runner gives.
    #[command(flatten)]
    pub outside: Outside,
    /// What to change.
    #[command(flatten)]
    pub selection: Selection,
}

/// `ordain schema [KIND]`
#[derive(Args, Debug)]
pub struct Schema {
    /// A kind; without one, every kind is listed
    pub kind: Option<String>,
    /// Print the result as Markdown
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
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
    /// Print the result as one JSON document
    #[arg(long)]
    pub json: bool,
    /// What the runner gives.
    #[command(flatten)]
    pub outside: Outside,
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
    /// What the runner gives.
    #[command(flatten)]
    pub outside: Outside,
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
    /// What the runner gives.
    #[command(flatten)]
    pub outside: Outside,
}
