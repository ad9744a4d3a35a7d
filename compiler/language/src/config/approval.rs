//! [`Approval`]: how many people have to sign a plan.

use super::{Gravity, Located};
use ordain_model::Text;
use ordain_model::schema::WriteClass;
use ordain_model::source::Span;

/// `approval "NAME"`: what a plan that holds certain steps needs before it is applied. A step is meant by it when every one of
/// its conditions holds for the step.
#[derive(Clone, Debug)]
pub struct Approval {
    /// `module.a.approval.NAME`.
    pub address: Text,
    /// How many people have to sign, at least 1.
    pub required: u32,
    /// Who may: the text of a file of signers.
    pub signers: Located<Text>,
    /// Whether whoever wrote the profile may not; the default.
    pub not_author: bool,
    /// How many seconds a signature counts.
    pub valid_for: u64,
    /// Only steps that a requirement of at least this severity demands.
    pub severity: Option<Gravity>,
    /// Only steps of at least this class.
    pub risk: Option<WriteClass>,
    /// Only plans that are made in an emergency, or only those that are not.
    pub emergency: Option<bool>,
    /// Only steps in cells that these targets reach, sorted.
    pub targets: Vec<Text>,
    /// Its block's header.
    pub span: Span,
}
