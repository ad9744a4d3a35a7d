//! Meaning to action to proof: the line from [`constraints`] to [`journal`], one file per stage, each with the one function that makes it.
//!
//! | function | from | to |
//! |---|---|---|
//! | [`constraints::constrain`] | the compiled profile | every demand with its origin, satisfiable as far as that is decided offline |
//! | [`effective::effective`] | constraints and a setting | what is demanded of it, before anything is read |
//! | [`graph::order`] | constraints | what to read first, what is read before what, what is changed before what |
//! | [`observed::observe`] | graph and worlds | a value or a reason for everything asked |
//! | [`snapshot::parse`] | the lines of a file | the same |
//! | [`findings::compare`] | constraints and observed | one verdict per obligation |
//! | [`managed::Managed::mark`] | findings and states of Terraform | who else sets what is to change |
//! | [`plan::plan`] | findings | ordered steps, with a digest over all of it |
//! | [`approval::ask`] | a plan | the same with the approvals that it needs |
//! | [`apply::apply`] | a plan and worlds | the journal, and the ledger that closes it |
//! | [`difference::difference`], [`difference::between`] | two worlds, two snapshots | what changed between them |
//! | [`drift::drift`] | findings and a baseline | what is violated, and what moved |
//! | [`findings::Findings::conclusion`] | findings | the verdict over everything, and the exit code |
//! | [`ratchet::ratchet`] | findings | what is resolved of the baseline, and what it does not list |
//! | [`found::found`] | findings of a probe | the strictest demands that what was found satisfies |
//! | [`profile_test::differences`] | what a profile test expects and what came of it | where the two differ |

pub mod apply;
pub mod approval;
pub mod constraints;
pub mod difference;
pub mod drift;
pub mod effective;
pub mod findings;
pub mod found;
pub mod graph;
mod hold;
mod joins;
pub mod journal;
pub mod managed;
pub mod observed;
pub mod parallel;
pub mod plan;
pub mod profile_test;
mod queue;
pub mod ratchet;
pub mod snapshot;
mod wave;
