//! The nouns of Ordain, in the order in which the line uses them. No I/O.
//!
//! ```text
//! Source -> Syntax -> Config -> Constraints -> Graph -> Observed -> Findings -> Plan -> Journal -> Evidence
//! ```
//!
//! | module | holds |
//! |---|---|
//! | [`source`] | the text of every file, and spans into it |
//! | [`diagnostic`], [`code`] | what is wrong, where, and what to do about it |
//! | [`value`], [`number`], [`duration`], [`instant`], [`retention`], [`cidr`] | values as profiles write them and worlds hold them |
//! | [`change_window`] | the days and hours at which changes may be made |
//! | [`sorted`] | a map as a sorted vector: what objects hold |
//! | [`ranges`] | subsets of ordered types |
//! | [`types`] | what a setting's values are, and their JSON form |
//! | [`bound`] | what a requirement demands of a value: meet, admits, nearest |
//! | [`domain`] | which values an API accepts |
//! | [`direction`] | whether a change tightens or loosens, and what it loses |
//! | [`schema`] | kinds, attributes and settings, as a provider publishes them |
//! | [`address`] | names of cells, objects and settings |
//! | [`observation`] | what was read, or why it could not be |
//! | [`provider`] | the contract between the engine and a provider |
//! | [`journal`], [`lease`] | the contract between the engine and a place that keeps journals; the right to write to a cell |
//! | [`stop`] | that somebody asked a run to end |
//! | [`verdict`], [`conclusion`] | the verdicts and their order; what they come to together, and the exit codes |
//! | [`finding`] | the ids of findings |
//! | [`commit`] | what version control says of a profile's files |
//! | [`digest`] | content addresses and canonical JSON |
//! | [`module`], [`package`], [`version`] | where modules come from, what they hold, which versions will do |

pub mod address;
pub mod bound;
pub mod change_window;
pub mod cidr;
pub mod code;
pub mod commit;
pub mod conclusion;
pub mod diagnostic;
pub mod digest;
pub mod direction;
pub mod domain;
pub mod duration;
pub mod finding;
pub mod instant;
pub mod journal;
pub mod lease;
pub mod module;
pub mod number;
pub mod observation;
pub mod package;
pub mod provider;
pub mod ranges;
pub mod ratio;
pub mod retention;
pub mod schema;
pub mod size;
pub mod sorted;
pub mod source;
pub mod stop;
pub mod types;
pub mod value;
pub mod verdict;
pub mod version;

/// A name or text that is shared, never changed.
pub type Text = std::sync::Arc<str>;
