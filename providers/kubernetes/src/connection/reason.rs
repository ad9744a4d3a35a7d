//! [`Refusal`]: what the API server said instead of doing what it was asked, and what that means for somebody who wants to
//! know why a value is missing.

use http::StatusCode;
use ordain_model::observation::{Cause, Reason};
use serde::Deserialize;
use serde_json::Value as Json;

/// A `Status` object, as far as it is read.
/// <https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#response-status-kind>
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
pub(crate) struct Refusal {
    /// The HTTP status.
    #[serde(skip)]
    pub code: u16,
    /// One word for programs: `Forbidden`, `Expired`, `Conflict`.
    reason: String,
    /// A sentence for people.
    message: String,
    details: Option<Details>,
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
struct Details {
    causes: Option<Vec<Part>>,
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
struct Part {
    reason: String,
    message: String,
    field: String,
}

impl Refusal {
    /// What an answer with this status says. One that is no `Status` says its code only: a proxy may have written it.
    pub(crate) fn read(code: StatusCode, body: &[u8]) -> Refusal {
        let kind = serde_json::from_slice::<Json>(body).ok().filter(|body| body["kind"] == "Status");
        let read: Refusal = kind.and_then(|body| serde_json::from_value(body).ok()).unwrap_or_default();
        Refusal { code: code.as_u16(), ..read }
    }

    /// Whether a list cannot go on where it stopped: what it showed is compacted away.
    pub(crate) fn is_expired(&self) -> bool {
        self.code == 410
    }

    /// Whether the same request may be answered a moment later.
    pub(crate) fn passes(&self) -> bool {
        matches!(self.code, 429 | 500 | 503 | 504)
    }

    /// Why something could not be read. Without the server's message, which differs from call to call.
    pub(crate) fn of_read(&self, action: &str) -> Reason {
        Reason::new(self.cause(), format!("{action}: {}", self.word()))
    }

    /// Why a change was refused, with the server's message, because it says what it did not like; of a conflict, who holds
    /// the fields. Where the server may have done it all the same, it did not end the matter.
    pub(crate) fn of_write(&self, action: &str) -> Reason {
        let cause = if matches!(self.code, 500 | 502..=504) { Cause::Unreachable } else { self.cause() };
        let held: Vec<String> = self.causes().filter(|part| part.reason == "FieldManagerConflict").map(held).collect();
        let what = match (held.is_empty(), self.message.is_empty()) {
            (false, _) => format!("{}: Ordain takes no field away from another manager", held.join(", ")),
            (true, false) => format!("{}: {}", self.word(), plain(&self.message, 300)),
            (true, true) => self.word(),
        };
        Reason::new(cause, format!("{action}: {what}"))
    }

    fn causes(&self) -> impl Iterator<Item = &Part> {
        self.details.iter().flat_map(|details| &details.causes).flatten()
    }

    fn cause(&self) -> Cause {
        match self.code {
            401 => Cause::NoCredentials,
            403 => Cause::Denied,
            429 => Cause::Throttled,
            _ => Cause::Failed,
        }
    }

    fn word(&self) -> String {
        match self.reason.is_empty() {
            true => format!("HTTP {}", self.code),
            false => plain(&self.reason, 80),
        }
    }
}

/// `.metadata.labels.a is managed by "helm"`. The server writes `conflict with "helm" using v1`.
fn held(part: &Part) -> String {
    let manager = part.message.strip_prefix("conflict with ").unwrap_or(&part.message);
    let manager = manager.split(" using ").next().unwrap_or(manager);
    format!("{} is managed by {}", plain(&part.field, 200), plain(manager, 200))
}

/// A text of the server as it may be printed: one line, not longer than this.
fn plain(text: &str, most: usize) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(code: u16, body: &str) -> Refusal {
        Refusal::read(StatusCode::from_u16(code).unwrap(), body.as_bytes())
    }

    #[test]
    fn a_conflict_names_who_holds_the_field() {
        let conflict = refusal(
            409,
            r#"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"Apply failed with 1 conflict","reason":"Conflict",
                "details":{"causes":[{"reason":"FieldManagerConflict","message":"conflict with \"helm\" using v1",
                "field":".metadata.labels.pod-security.kubernetes.io/enforce"}]},"code":409}"#,
        );
        let said = conflict.of_write("patch namespaces a");
        assert_eq!(said.cause, Cause::Failed);
        assert!(said.detail.contains("pod-security.kubernetes.io/enforce is managed by \"helm\""), "{}", said.detail);
    }

    #[test]
    fn what_a_read_says_never_differs_from_call_to_call() {
        let body =
            r#"{"kind":"Status","reason":"Forbidden","message":"pods is forbidden: User \"x\" cannot ... request 1"}"#;
        let said = refusal(403, body).of_read("list pods");
        assert_eq!(said, Reason::new(Cause::Denied, "list pods: Forbidden"));
        assert_eq!(refusal(502, "<html>").of_read("list pods").detail.as_ref(), "list pods: HTTP 502");
        assert_eq!(refusal(401, "").of_read("list pods").cause, Cause::NoCredentials);
    }

    #[test]
    fn a_write_that_the_server_may_have_done_is_not_refused() {
        assert_eq!(refusal(504, "").of_write("patch namespaces a").cause, Cause::Unreachable);
        assert_eq!(refusal(422, "").of_write("patch namespaces a").cause, Cause::Failed);
    }
}
