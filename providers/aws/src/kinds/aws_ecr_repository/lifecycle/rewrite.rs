//! The lifecycle policy that keeps images for another length of time.

use super::{ARCHIVED, Count, IMAGES, PUSHED, Policy, PolicyError, Rule, retention};
use ordain_model::retention::Retention;
use serde_json::{Map, Value, json};

/// The policy that keeps every image for exactly this long; `None` is no policy at all.
///
/// Rules that keep too short are lengthened, rules that count images count days from then on, and when something
/// shorter is asked for, the shortest rules are shortened. `unlimited` takes away the expiring rules. A changed rule's
/// description says what it counted before; when that is what is asked for, it comes back.
///
/// # Errors
/// When the result cannot be said: `disabled` where no former rule counted images, or an archive period below the 90
/// days that ECR demands.
pub fn rewritten(policy: Option<&Policy>, target: Retention) -> Result<Option<String>, PolicyError> {
    if let Some(former) = policy.and_then(former).filter(|former| retention(former) == target) {
        return Ok(Some(Value::Object(former.document).to_string()));
    }
    let days = match target {
        Retention::Disabled => {
            return Err(PolicyError("no former rule counted images, and a number is not known".into()));
        }
        Retention::Unlimited => return Ok(policy.and_then(without_expiry)),
        Retention::Days(days) => days,
    };
    let Some(policy) = policy.filter(|policy| policy.rules.iter().any(|rule| rule.expires)) else {
        return Ok(Some(with_rule(policy, days)));
    };
    let archived_after = policy.archived_after().unwrap_or(0);
    let expiring = || policy.reachable().filter(|rule| rule.expires);
    let shortest = expiring().map(|rule| rule.count.days_from_push(archived_after)).min();
    let mut document = policy.document.clone();
    for rule in expiring() {
        let now = rule.count.days_from_push(archived_after);
        if now < days || shortest.is_some_and(|shortest| shortest > days && now == shortest) {
            set(&mut document, rule, days, archived_after)?;
        }
    }
    Ok(Some(Value::Object(document).to_string()))
}

/// Makes a rule act after so many days from the push.
fn set(document: &mut Map<String, Value>, rule: &Rule, days: u32, archived_after: u32) -> Result<(), PolicyError> {
    let (count, number) = match rule.count {
        Count::Archived(_) => (ARCHIVED, days.saturating_sub(archived_after)),
        _ => (PUSHED, days),
    };
    if count == ARCHIVED && number < 90 {
        return Err(PolicyError("archived images are kept for at least 90 days".into()));
    }
    let Some(entry) = document.get_mut("rules").and_then(|rules| rules.get_mut(rule.at)) else { return Ok(()) };
    mark(entry);
    count_by(entry, count, number.into());
    Ok(())
}

fn count_by(rule: &mut Value, count: &str, number: u64) {
    if let Some(selection) = rule.get_mut("selection").and_then(Value::as_object_mut) {
        selection.insert("countType".into(), count.into());
        selection.insert("countNumber".into(), number.into());
        match count {
            IMAGES => drop(selection.remove("countUnit")),
            _ => drop(selection.insert("countUnit".into(), "days".into())),
        }
    }
}

/// How the end of a changed rule's description begins, and the end of it.
const MARK: (&str, &str) = ("[before Ordain: ", "]");

/// Writes what a rule counts to the end of its description, unless something is written there already.
fn mark(rule: &mut Value) {
    let description = rule.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    let selection = rule.get("selection");
    let count = selection.and_then(|selection| selection.get("countType")).and_then(Value::as_str);
    let number = selection.and_then(|selection| selection.get("countNumber")).and_then(Value::as_u64);
    let (Some(count), Some(number), false) = (count, number, description.contains(MARK.0)) else { return };
    let marked = format!("{description} {}{count} {number}{}", MARK.0, MARK.1);
    if let Some(rule) = rule.as_object_mut() {
        rule.insert("description".into(), marked.trim_start().into());
    }
}

/// The policy as it was before its marked rules were changed; `None` without such rules.
fn former(policy: &Policy) -> Option<Policy> {
    let mut document = policy.document.clone();
    let rules = document.get_mut("rules").and_then(Value::as_array_mut)?;
    let restored = rules.iter_mut().map(unmark).filter(|restored| *restored).count();
    (restored > 0).then(|| Policy::parse(&Value::Object(document).to_string()).ok()).flatten()
}

/// Gives a marked rule its former count and description back; whether it was marked.
fn unmark(rule: &mut Value) -> bool {
    let description = rule.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some((own, mark)) = description.split_once(MARK.0) else { return false };
    let count = mark.strip_suffix(MARK.1).and_then(|mark| mark.split_once(' '));
    let Some((count, Ok(number))) = count.map(|(count, number)| (count, number.parse())) else { return false };
    count_by(rule, count, number);
    if let Some(rule) = rule.as_object_mut() {
        match own.trim_end() {
            "" => drop(rule.remove("description")),
            own => drop(rule.insert("description".into(), own.into())),
        }
    }
    true
}

/// The policy without its expiring rules; none when nothing is left.
fn without_expiry(policy: &Policy) -> Option<String> {
    let expiring: Vec<usize> = policy.rules.iter().filter(|rule| rule.expires).map(|rule| rule.at).collect();
    let mut document = policy.document.clone();
    let rules = document.get_mut("rules").and_then(Value::as_array_mut)?;
    let kept: Vec<Value> =
        rules.drain(..).enumerate().filter(|(at, _)| !expiring.contains(at)).map(|(_, rule)| rule).collect();
    if kept.is_empty() {
        return None;
    }
    *rules = kept;
    Some(Value::Object(document).to_string())
}

/// A policy with one more rule, the last in evaluation, that expires every image after so many days.
fn with_rule(policy: Option<&Policy>, days: u32) -> String {
    let priority = policy.and_then(|policy| policy.rules.last()).map_or(1, |last| last.priority.saturating_add(1));
    let rule = json!({
        "rulePriority": priority,
        "description": "Written by Ordain",
        "selection": { "tagStatus": "any", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": days },
        "action": { "type": "expire" },
    });
    let mut document = policy.map(|policy| policy.document.clone()).unwrap_or_default();
    match document.get_mut("rules").and_then(Value::as_array_mut) {
        Some(rules) => rules.push(rule),
        None => drop(document.insert("rules".into(), json!([rule]))),
    }
    Value::Object(document).to_string()
}
