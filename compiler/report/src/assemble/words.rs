//! How values, reasons and counts read.

use ordain_engine::findings::NoStep;
use ordain_model::observation::{Cause, Reading, Reason};
use ordain_model::types::encode;
use ordain_model::value::Value;
use serde_json::Value as Json;

/// A value as people read it: text without quotes, null as `not set`.
pub(super) fn value(value: &Value) -> String {
    json(&encode(value))
}

/// A value in its JSON form as people read it.
pub(super) fn json(value: &Json) -> String {
    match value {
        Json::Null => "not set".to_owned(),
        Json::String(text) => text.clone(),
        Json::Array(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// A reading as people read it.
pub(super) fn reading(reading: &Reading) -> String {
    match reading {
        Reading::Value(live) => value(live),
        Reading::Held(live, who) => format!("{} (held by {who})", value(live)),
        Reading::NotApplicable(why) => format!("not applicable: {why}"),
        Reading::ProviderFixed(where_) => format!("fixed by the provider: {where_}"),
        Reading::Unknown(why) => format!("unknown, {}", reason(why)),
    }
}

/// Why something could not be read: the sort of failure, then the API's words.
pub(super) fn reason(reason: &Reason) -> String {
    let sort = match reason.cause {
        Cause::Denied => "denied",
        Cause::Failed => "failed",
        Cause::NoCredentials => "no credentials",
        Cause::NotCollected => "not collected",
        Cause::OutOfScope => "out of scope",
        Cause::Throttled => "throttled",
        Cause::Unevaluated => "no value",
        Cause::Unreadable => "unreadable answer",
        Cause::Unreachable => "no answer",
    };
    format!("{sort}: {}", reason.detail)
}

/// Why no step cures a finding.
pub(super) fn no_step(why: &NoStep) -> String {
    format!("no step: {why}")
}

/// `1 object`, `2 objects`.
pub(super) fn count(number: u64, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_like_people_write_them() {
        assert_eq!(json(&serde_json::json!(null)), "not set");
        assert_eq!(json(&serde_json::json!("365d")), "365d");
        assert_eq!(json(&serde_json::json!(["api", "audit"])), "[api, audit]");
        assert_eq!(json(&serde_json::json!(true)), "true");
        assert_eq!(json(&serde_json::json!([])), "[]");
    }
}
