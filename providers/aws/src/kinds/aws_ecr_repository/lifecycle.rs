//! [`Policy`]: what a lifecycle policy keeps.
//!
//! <https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html>

mod rewrite;

pub use rewrite::rewritten;

use ordain_model::retention::Retention;
use serde_json::{Map, Value};
use std::fmt;

/// A lifecycle policy. The document is kept whole, so that a rewritten one keeps what is not understood here.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    document: Map<String, Value>,
    rules: Vec<Rule>,
}

/// What is wrong with a policy's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError(String);

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One rule, as far as it decides how long images are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    /// Its place in the document.
    at: usize,
    /// The lowest is evaluated first.
    priority: u64,
    /// `tagged`, `untagged`, `any`.
    status: String,
    /// Patterns or prefixes, all of which an image's tags must match.
    patterns: Vec<String>,
    /// `standard` or `archive`.
    storage: String,
    /// Whether it expires images; else it moves them to the archive.
    expires: bool,
    count: Count,
}

const ARCHIVED: &str = "sinceImageTransitioned";
const IMAGES: &str = "imageCountMoreThan";
const PUSHED: &str = "sinceImagePushed";

/// What a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    /// Images: everything beyond so many goes, however young.
    Images,
    /// Days since the push.
    Pushed(u32),
    /// Days since the last pull, which is not before the push.
    Pulled(u32),
    /// Days since the move to the archive.
    Archived(u32),
}

impl Policy {
    /// Reads a policy's text.
    ///
    /// # Errors
    /// What does not read as the documented format.
    pub fn parse(text: &str) -> Result<Policy, PolicyError> {
        let document: Map<String, Value> =
            serde_json::from_str(text).map_err(|_| PolicyError("it is not a JSON object".into()))?;
        let listed =
            document.get("rules").and_then(Value::as_array).ok_or_else(|| PolicyError("it has no `rules`".into()))?;
        let rules = listed.iter().enumerate().map(|(at, rule)| Rule::read(at, rule));
        let mut rules: Vec<Rule> = rules.collect::<Result<_, _>>()?;
        rules.sort_by_key(|rule| rule.priority);
        Ok(Policy { document, rules })
    }

    /// The rules that can reach an image, in the order of evaluation. A rule is left out only when an earlier expiring
    /// one of the same storage class certainly selects every image that it selects: overlap alone shields nothing.
    fn reachable(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().enumerate().filter_map(|(at, rule)| {
            let mut earlier = self.rules.iter().take(at).filter(|earlier| earlier.expires);
            let shielded = earlier.any(|earlier| earlier.selects_all_of(rule));
            (!shielded).then_some(rule)
        })
    }

    /// The least number of days from push to archive over all rules that archive; `None` when none does.
    fn archived_after(&self) -> Option<u32> {
        let archiving = self.rules.iter().filter(|rule| !rule.expires);
        archiving.map(|rule| rule.count.days_from_push(0)).min()
    }
}

impl Rule {
    fn read(at: usize, rule: &Value) -> Result<Rule, PolicyError> {
        let selection = rule.get("selection").unwrap_or(&Value::Null);
        let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let wrong = |what: &str| PolicyError(format!("rule {}: {what}", at + 1));
        let action = text(rule.get("action").unwrap_or(&Value::Null), "type");
        let number = selection.get("countNumber").and_then(Value::as_u64).and_then(|days| u32::try_from(days).ok());
        let number =
            number.filter(|number| *number > 0).ok_or_else(|| wrong("`countNumber` is not a positive number"))?;
        let days = || match text(selection, "countUnit").as_str() {
            "days" => Ok(number),
            _ => Err(wrong("`countUnit` is not `days`")),
        };
        let count = match text(selection, "countType").as_str() {
            IMAGES => Count::Images,
            PUSHED => Count::Pushed(days()?),
            "sinceImagePulled" => Count::Pulled(days()?),
            ARCHIVED => Count::Archived(days()?),
            _ => return Err(wrong("`countType` is not one that is documented")),
        };
        let expires = match action.as_str() {
            "expire" => true,
            "transition" => false,
            _ => return Err(wrong("`action.type` is neither `expire` nor `transition`")),
        };
        let status = text(selection, "tagStatus");
        if !matches!(status.as_str(), "tagged" | "untagged" | "any") {
            return Err(wrong("`tagStatus` is not one that is documented"));
        }
        let priority =
            rule.get("rulePriority").and_then(Value::as_u64).ok_or_else(|| wrong("it has no `rulePriority`"))?;
        let storage = Some(text(selection, "storageClass")).filter(|class| !class.is_empty());
        let storage = storage.unwrap_or_else(|| "standard".to_owned());
        Ok(Rule { at, priority, status, patterns: patterns(selection), storage, expires, count })
    }

    /// Certainly, not perhaps: the same storage class, and every image that `other` selects.
    fn selects_all_of(&self, other: &Rule) -> bool {
        let patterns = || self.patterns.iter().all(|mine| mine == "*" || other.patterns.contains(mine));
        let tags = match (self.status.as_str(), other.status.as_str()) {
            ("any", _) | ("untagged", "untagged") => true,
            ("tagged", "tagged") => patterns(),
            _ => false,
        };
        tags && self.storage == other.storage
    }
}

/// The tag patterns of a selection; a prefix is the pattern that ends in `*`.
fn patterns(selection: &Value) -> Vec<String> {
    let list = |name: &str| selection.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |value: Value| value.as_str().map(str::to_owned);
    let prefixes = list("tagPrefixList").into_iter().filter_map(text).map(|prefix| format!("{prefix}*"));
    list("tagPatternList").into_iter().filter_map(text).chain(prefixes).collect()
}

impl Count {
    /// Days from the push after which the rule acts at the earliest, when images are archived after so many.
    fn days_from_push(self, archived_after: u32) -> u32 {
        match self {
            Count::Images => 0,
            Count::Pushed(days) | Count::Pulled(days) => days,
            Count::Archived(days) => archived_after.saturating_add(days),
        }
    }
}

fn of_days(days: Option<u32>) -> Retention {
    match days {
        None => Retention::Unlimited,
        Some(0) => Retention::Disabled,
        Some(days) => Retention::Days(days),
    }
}

/// How long every image is kept at least, archived or not.
#[must_use]
pub fn retention(policy: &Policy) -> Retention {
    let archived_after = policy.archived_after().unwrap_or(0);
    let expiring = policy.reachable().filter(|rule| rule.expires);
    of_days(expiring.map(|rule| rule.count.days_from_push(archived_after)).min())
}

/// How long every image can be pulled at least: until it expires or is archived.
#[must_use]
pub fn available(policy: &Policy) -> Retention {
    let archived_after = policy.archived_after().unwrap_or(0);
    of_days(policy.reachable().map(|rule| rule.count.days_from_push(archived_after)).min())
}
