//! [`amend`]: the smallest edits of a lifecycle document after which prefixes are kept as long as they should be.
//!
//! PutBucketLifecycleConfiguration replaces every rule, so edits are made to the document that was read just before and
//! everything else in it is sent back as it was. S3 has no exception to a rule: an object is kept longer only when every
//! enabled rule that expires it earlier does so later, whoever wrote it and whatever else it reaches. An object is kept
//! shorter by fewer days in the rule on exactly that prefix; where there is none by one of our own, known by its id.

use super::lifecycle::{Expiration, Rule, Versioning, all_noncurrent, gone, kept, noncurrent};
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

/// What a change wants and what it keeps, by prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// How long objects are kept at least.
    pub least: BTreeMap<&'a str, Retention>,
    /// How long at most.
    pub most: BTreeMap<&'a str, Retention>,
}

/// The edits after which every prefix is kept exactly as long as wanted.
///
/// # Errors
/// Why no edits do that.
pub fn amend(rules: &[Rule], versioning: Versioning, wanted: &Wanted<'_>) -> Result<Vec<Edit>, String> {
    let mut draft = Draft { rules: rules.to_vec(), versioning, edits: Vec::new() };
    // Longer first: what that lengthens beside its own prefix is shortened again where another value is wanted there.
    for (prefix, retention) in &wanted.least {
        draft.lengthen(prefix, *retention)?;
    }
    for prefix in wanted
        .most
        .iter()
        .filter(|(prefix, most)| draft.gone(prefix) < **most)
        .map(|(prefix, _)| *prefix)
        .collect::<Vec<_>>()
    {
        draft.drop_own(prefix);
    }
    for (prefix, retention) in &wanted.least {
        draft.shorten(prefix, *retention, Draft::kept)?;
    }
    for (prefix, retention) in &wanted.most {
        draft.shorten(prefix, *retention, Draft::gone)?;
    }
    let least = wanted.least.iter().map(|(prefix, wanted)| (prefix, wanted, draft.kept(prefix), "at least"));
    let most = wanted.most.iter().map(|(prefix, wanted)| (prefix, wanted, draft.gone(prefix), "at most"));
    match least.chain(most).find(|(_, wanted, gives, _)| **wanted != *gives) {
        Some((prefix, wanted, gives, how)) => {
            Err(format!("no rules keep `{prefix}` {how} {wanted} beside the others: they come to {gives}"))
        }
        None => Ok(draft.edits),
    }
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

    fn gone(&self, prefix: &str) -> Retention {
        gone(&self.rules, Some(self.versioning), prefix).unwrap_or(Retention::Unlimited)
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

    /// Where nothing deletes what lies under the prefix early enough: fewer days for the rule on exactly that prefix,
    /// else a rule of our own.
    fn shorten(
        &mut self,
        prefix: &str,
        retention: Retention,
        now: fn(&Draft, &str) -> Retention,
    ) -> Result<(), String> {
        let Retention::Days(wanted) = retention else { return Ok(()) };
        if now(self, prefix) <= retention {
            return Ok(());
        }
        let more = match self.versioning {
            Versioning::Never => Some(0),
            Versioning::Enabled | Versioning::Suspended => all_noncurrent(&self.rules, prefix),
        };
        let Some(more) = more else {
            return Err(format!(
                "versions under `{prefix}` are never all deleted: decide by hand after how many days they go"
            ));
        };
        let Some(days) = wanted.checked_sub(more).filter(|days| *days > 0) else {
            return Err(format!("versions under `{prefix}` are kept for {more} days after their object expired"));
        };
        let later =
            |rule: &Rule| rule.prefix == prefix && rule.covers(prefix) && rule.days().is_some_and(|now| now > days);
        if let Some(at) = self.rules.iter().position(later) {
            self.rules[at].expiration = Some(Expiration::Days(days));
            self.edits.push(Edit::Days(at, days));
            return Ok(());
        }
        self.drop_own(prefix);
        let rule = Rule {
            id: Some(own_id(prefix)),
            enabled: true,
            prefix: prefix.into(),
            expiration: Some(Expiration::Days(days)),
            ..Rule::default()
        };
        self.rules.push(rule.clone());
        self.edits.push(Edit::Add(rule));
        Ok(())
    }

    /// Removes our own rule on a prefix.
    fn drop_own(&mut self, prefix: &str) {
        let id = own_id(prefix);
        if let Some(at) = self.rules.iter().position(|rule| rule.id.as_deref() == Some(&id)) {
            self.rules[at] = Rule::default();
            self.edits.push(Edit::Remove(at));
        }
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
