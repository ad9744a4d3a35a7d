//! [`Selector`]: an expression over `self` or `all` that is judged against a world, with the values it captured.

use crate::config::SharedExpression;
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress};
use ordain_model::observation::{Listing, Object, Reason};
use ordain_model::schema::Kind;
use ordain_model::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// An expression over `self` (or `all`) with the variables and locals of the module it is written in.
#[derive(Clone, Debug)]
pub struct Selector {
    /// The expression, tags read through `lookup` so that one that is not set is null.
    expression: SharedExpression,
    /// `var` and `local` of its module.
    scope: Arc<BTreeMap<Text, Value>>,
    /// The kind of `self`; none for a condition over `all`.
    kind: Option<&'static Kind>,
    /// The attributes of `self` that it reads.
    attributes: BTreeSet<Text>,
}

/// What a selector answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// The object is selected; the condition holds.
    Yes,
    /// It is not; it does not.
    No,
    /// Something it reads could not be read.
    Unknown(Reason),
}

/// What `all` stands for: by kind, the objects in the order they were added, or why the list is not complete.
#[derive(Clone, Debug, Default)]
pub struct Population {
    kinds: BTreeMap<Text, (Vec<Value>, Option<Reason>)>,
}

impl Population {
    /// Adds what one cell lists of a kind. Add every cell, in order, of every target the assertion sees.
    pub fn add(&mut self, kind: &'static Kind, cell: &Arc<Cell>, listing: &Listing) {
        let _ = (kind, cell, listing, &self.kinds);
    }

    /// Says that some cells of a target are not known: then every list is unknown.
    pub fn unresolved(&mut self, kind: &'static Kind, reason: &Reason) {
        let _ = (kind, reason);
    }
}

impl Selector {
    /// The attributes that judging one object reads, sorted: what the read set must hold.
    #[must_use]
    pub fn attributes(&self) -> &BTreeSet<Text> {
        &self.attributes
    }

    /// Whether an object is selected. Anything but true or false is unknown, never no.
    #[must_use]
    pub fn select(&self, object: &Object, address: &ObjectAddress) -> Selection {
        let _ = (object, address, &self.expression, &self.scope, self.kind);
        Selection::No
    }

    /// The text that the expression gives for an object; `None` when it is null.
    ///
    /// # Errors
    /// What could not be read, or why there is no text.
    pub fn text(&self, object: &Object, address: &ObjectAddress) -> Result<Option<Text>, Reason> {
        let _ = (object, address);
        Ok(None)
    }

    /// Whether a condition over `all` holds.
    #[must_use]
    pub fn holds(&self, population: &Population) -> Selection {
        let _ = population;
        Selection::No
    }

    /// Whether no object can be selected by both: proved from equality and prefix tests. False when it is not proved.
    #[must_use]
    pub fn disjoint(&self, other: &Selector) -> bool {
        let _ = other;
        false
    }

    /// Whether every object that `self` selects is selected by `other`: proved from equality and prefix tests,
    /// `true`, and equal text. False when it is not proved.
    #[must_use]
    pub fn implies(&self, other: &Selector) -> bool {
        let _ = other;
        false
    }
}
