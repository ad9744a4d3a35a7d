//! [`Rule`]: a lifecycle rule as far as it decides how long objects are kept; [`kept`]: how long that is at least under
//! a prefix; [`gone`]: how long at most.
//!
//! Source: S3 User Guide, lifecycle configuration elements and conflicts: of overlapping expirations the shorter wins;
//! a disabled rule has no effect; in a versioned bucket an expiration only adds a delete marker, and the data goes when
//! its version has been noncurrent for long enough.

use ordain_model::retention::Retention;

/// A lifecycle rule, reduced to what deletes data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: Option<String>,
    /// Whether it is enabled.
    pub enabled: bool,
    /// Keys it applies to, by their beginning; empty for every key.
    pub prefix: String,
    /// Whether it applies to objects of some tags or sizes only.
    pub filtered: bool,
    /// When it expires current objects.
    pub expiration: Option<Expiration>,
    /// `NoncurrentVersionExpiration.NoncurrentDays`.
    pub noncurrent_days: Option<u32>,
    /// Whether it spares some number of noncurrent versions for good.
    pub spares_versions: bool,
    /// Whether it does anything else: transitions, clean-up of delete markers or of incomplete uploads.
    pub does_more: bool,
}

/// When a rule expires current objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expiration {
    /// This many days after they were created, rounded up to midnight UTC.
    Days(u32),
    /// On a date, and whatever is created after it: no object is kept for any number of days.
    Date,
}

/// Whether a bucket keeps versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Versioning {
    /// Every overwritten or deleted object stays as a noncurrent version.
    Enabled,
    /// It did once. New objects overwrite each other, and an expiration deletes them.
    Suspended,
    /// It never did.
    Never,
}

impl Versioning {
    /// The word in the attribute `versioning`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Versioning::Enabled => "enabled",
            Versioning::Suspended => "suspended",
            Versioning::Never => "never",
        }
    }
}

impl Rule {
    /// Whether it is enabled and applies to any key that begins with `prefix`.
    #[must_use]
    pub fn reaches(&self, prefix: &str) -> bool {
        self.enabled && overlap(&self.prefix, prefix)
    }

    /// Whether it is enabled and applies to every object whose key begins with `prefix`.
    #[must_use]
    pub fn covers(&self, prefix: &str) -> bool {
        self.enabled && !self.filtered && prefix.starts_with(&self.prefix)
    }

    /// Days after which it expires current objects; a date is no days at all.
    #[must_use]
    pub fn days(&self) -> Option<u32> {
        self.expiration.map(|expiration| match expiration {
            Expiration::Days(days) => days,
            Expiration::Date => 0,
        })
    }
}

/// Whether some key begins with both.
#[must_use]
pub fn overlap(a: &str, b: &str) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

/// How long objects whose keys begin with `prefix` are kept at least, as far as the rules decide. `None`: that takes the
/// bucket's versioning, which is not given. Somebody's own deletions are not counted. A rule that reaches some of the
/// objects counts as one that reaches them all, and versions that a rule spares as deleted.
#[must_use]
pub fn kept(rules: &[Rule], versioning: Option<Versioning>, prefix: &str) -> Option<Retention> {
    let expiring: Vec<(&Rule, u32)> =
        rules.iter().filter(|rule| rule.reaches(prefix)).filter_map(|rule| Some((rule, rule.days()?))).collect();
    if expiring.is_empty() {
        return Some(Retention::Unlimited);
    }
    let total = |(rule, days): &(&Rule, u32)| match versioning? {
        // The data of an expired object goes only where some rule deletes noncurrent versions of it.
        Versioning::Enabled => Some(noncurrent(rules, rule, prefix).map(|more| days.saturating_add(more))),
        Versioning::Suspended | Versioning::Never => Some(Some(*days)),
    };
    let totals: Vec<Option<u32>> = expiring.iter().map(total).collect::<Option<_>>()?;
    Some(match totals.into_iter().flatten().min() {
        None => Retention::Unlimited,
        Some(0) => Retention::Disabled,
        Some(days) => Retention::Days(days),
    })
}

/// The fewest days after which a noncurrent version of an object is deleted that `rule` expires under `prefix`.
#[must_use]
pub fn noncurrent(rules: &[Rule], rule: &Rule, prefix: &str) -> Option<u32> {
    let narrower = if rule.prefix.len() > prefix.len() { &rule.prefix } else { prefix };
    rules.iter().filter(|other| other.reaches(narrower)).filter_map(|other| other.noncurrent_days).min()
}

/// How long objects whose keys begin with `prefix` are kept at most: only rules that cover all of them count. `None`:
/// that takes the bucket's versioning, which is not given.
#[must_use]
pub fn gone(rules: &[Rule], versioning: Option<Versioning>, prefix: &str) -> Option<Retention> {
    // Until its date has come, a rule with one deletes nothing; that is for a clock to say.
    let days = |rule: &Rule| match rule.expiration {
        Some(Expiration::Days(days)) => Some(days),
        _ => None,
    };
    let Some(days) = rules.iter().filter(|rule| rule.covers(prefix)).filter_map(days).min() else {
        return Some(Retention::Unlimited);
    };
    Some(match versioning? {
        Versioning::Never => Retention::Days(days),
        // Versions from before versioning was suspended are still there.
        Versioning::Enabled | Versioning::Suspended => match all_noncurrent(rules, prefix) {
            Some(more) => Retention::Days(days.saturating_add(more)),
            None => Retention::Unlimited,
        },
    })
}

/// Days after which every noncurrent version under a prefix is deleted, if it is.
#[must_use]
pub fn all_noncurrent(rules: &[Rule], prefix: &str) -> Option<u32> {
    let covering = rules.iter().filter(|rule| rule.covers(prefix) && !rule.spares_versions);
    covering.filter_map(|rule| rule.noncurrent_days).min()
}
