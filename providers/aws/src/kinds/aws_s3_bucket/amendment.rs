//! [`amend`]: the smallest edits of a lifecycle document after which prefixes are kept as long as they should be.
//!
//! PutBucketLifecycleConfiguration replaces every rule, so edits are made to the document that was read just before and
//! everything else in it is sent back as it was. S3 has no exception to a rule: an object is kept longer only when every
//! enabled rule that expires it earlier does so later, whoever wrote it and whatever else it reaches. An object is kept
//! shorter by a rule of our own on exactly that prefix, recognised by its id.

use super::lifecycle::{Expiration, Rule, Versioning, kept, noncurrent};
use ordain_model::retention::Retention;
use std::collections::BTreeMap;

/// What the ids of our own rules begin with; the rest is the prefix's digest.
pub const OWN: &str = "ordain-";

/// One edit of a lifecycle document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Sets the expiration of the rule at this index to this many days.
    Days(usize, u32),
    /// Takes the expiration of current objects out of the rule at this index, which does more than that.
    NoExpiration(usize),
    /// Removes the rule at this index, which is our own.
    Remove(usize),
    /// Disables the rule at this index, which does nothing but expire objects.
    Disable(usize),
    /// Adds a rule of our own.
    Add(Rule),
}

/// A retention for each prefix: what a change wants, and what it keeps.
pub type Wanted<'a> = BTreeMap<&'a str, Retention>;

/// The edits after which every prefix is kept exactly as long as wanted.
///
/// # Errors
/// Why no edits do that.
pub fn amend(rules: &[Rule], versioning: Versioning, wanted: &Wanted<'_>) -> Result<Vec<Edit>, String> {
    let mut draft = Draft { rules: rules.to_vec(), versioning, edits: Vec::new() };
    // Longer first: what that lengthens beside its own prefix is shortened again where another value is wanted there.
    for (prefix, retention) in wanted {
        draft.lengthen(prefix, *retention)?;
    }
    for (prefix, retention) in wanted {
        draft.shorten(prefix, *retention)?;
    }
    for (prefix, retention) in wanted {
        let gives = draft.kept(prefix);
        if gives != *retention {
            return Err(format!("no rules keep `{prefix}` for {retention} beside the others: they come to {gives}"));
        }
    }
    Ok(draft.edits)
}

/// The id of our own rule for a prefix.
#[must_use]
pub fn own_id(prefix: &str) -> String {
    format!("{OWN}{}", ordain_model::digest::Digest::of(prefix.as_bytes()).short())
}

struct Draft {
    rules: Vec<Rule>,
    versioning: Versioning,
    edits: Vec<Edit>,
}

impl Draft {
    fn kept(&self, prefix: &str) -> Retention {
        kept(&self.rules, Some(self.versioning), prefix).unwrap_or(Retention::Unlimited)
    }

    /// Makes every rule that expires objects under the prefix too early do so later.
    fn lengthen(&mut self, prefix: &str, retention: Retention) -> Result<(), String> {
        for at in 0..self.rules.len() {
            let rule = self.rules[at].clone();
            let Some(days) = rule.days().filter(|_| rule.reaches(prefix)) else { continue };
            let Some(more) = self.after_expiration(&rule, prefix) else { continue };
            match retention {
                Retention::Days(wanted) if days.saturating_add(more) < wanted => {
                    dated(&rule)?;
                    self.rules[at].expiration = Some(Expiration::Days(wanted - more));
                    self.edits.push(Edit::Days(at, wanted - more));
                }
                Retention::Unlimited => self.stop(at),
                _ => {}
            }
        }
        Ok(())
    }

    /// Days from the expiration of an object to the end of its data; none where that never comes.
    fn after_expiration(&self, rule: &Rule, prefix: &str) -> Option<u32> {
        match self.versioning {
            Versioning::Enabled => noncurrent(&self.rules, rule, prefix),
            Versioning::Suspended | Versioning::Never => Some(0),
        }
    }

    /// Ends the expiration of current objects by a rule.
    fn stop(&mut self, at: usize) {
        let rule = &mut self.rules[at];
        let own = rule.id.as_deref().is_some_and(|id| id.starts_with(OWN));
        rule.expiration = None;
        let alone = !rule.does_more && (own || rule.noncurrent_days.is_none());
        if alone {
            rule.enabled = false;
        }
        self.edits.push(match (alone, own) {
            (false, _) => Edit::NoExpiration(at),
            (true, true) => Edit::Remove(at),
            (true, false) => Edit::Disable(at),
        });
    }

    /// Adds a rule of our own where nothing expires objects under the prefix early enough.
    fn shorten(&mut self, prefix: &str, retention: Retention) -> Result<(), String> {
        let Retention::Days(wanted) = retention else { return Ok(()) };
        if self.kept(prefix) <= retention {
            return Ok(());
        }
        let id = own_id(prefix);
        let expiration = |days| Rule {
            id: Some(id.clone()),
            enabled: true,
            prefix: prefix.into(),
            expiration: Some(Expiration::Days(days)),
            ..Rule::default()
        };
        let Some(more) = self.after_expiration(&expiration(wanted), prefix) else {
            return Err(format!(
                "versions of objects under `{prefix}` are never deleted: decide by hand after how many days they go"
            ));
        };
        let Some(days) = wanted.checked_sub(more).filter(|days| *days > 0) else {
            return Err(format!(
                "versions of objects under `{prefix}` are kept for {more} days after the object expired"
            ));
        };
        if let Some(at) = self.rules.iter().position(|rule| rule.id.as_deref() == Some(&id)) {
            self.rules[at].enabled = false;
            self.edits.push(Edit::Remove(at));
        }
        self.rules.push(expiration(days));
        self.edits.push(Edit::Add(expiration(days)));
        Ok(())
    }
}

/// A rule that expires objects on a date cannot be told to wait.
fn dated(rule: &Rule) -> Result<(), String> {
    let id = rule.id.as_deref().unwrap_or("without an id");
    match rule.expiration {
        Some(Expiration::Date) => Err(format!("lifecycle rule `{id}` expires objects on a date: change that by hand")),
        _ => Ok(()),
    }
}
