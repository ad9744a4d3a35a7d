//! [`reason`]: what an SDK error means for somebody who wants to know why a value is missing.

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use ordain_model::observation::{Cause, Reason};
use std::error::Error;

/// Codes by which services refuse an identity that they know.
const DENIED: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "Forbidden",
    "NotAuthorized",
    "UnauthorizedOperation",
];

/// Codes by which services refuse credentials.
const CREDENTIALS: &[&str] = &[
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "InvalidToken",
    "MissingAuthenticationToken",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];

/// Why a call failed. `action` is the IAM action, for example `eks:DescribeCluster`. The text holds the action and the
/// API's error code, never its message: messages carry request ids and differ from call to call.
pub(crate) fn reason<E>(action: &str, error: &SdkError<E, HttpResponse>) -> Reason
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let (cause, what) = match error {
        SdkError::ServiceError(failure) if failure.err().code().is_none() && failure.raw().status().is_success() => {
            (Cause::Unreadable, "the answer does not read as documented".to_owned())
        }
        SdkError::ServiceError(failure) => {
            let status = failure.raw().status().as_u16();
            let code = failure.err().code().map_or_else(|| format!("HTTP {status}"), plain);
            (cause_of(&code, status), code)
        }
        SdkError::ResponseError(failure) => match failure.raw().status().as_u16() {
            status @ 200..=299 => {
                (Cause::Unreadable, format!("the answer (HTTP {status}) does not read as documented"))
            }
            status => (cause_of("", status), format!("HTTP {status}")),
        },
        SdkError::TimeoutError(_) => (Cause::Unreachable, "no answer in time".to_owned()),
        other => undelivered(other),
    };
    Reason::new(cause, format!("{action}: {what}"))
}

/// Why a change was refused: as [`reason`], with the API's message, because it says which value it did not like.
pub(crate) fn refusal<E>(action: &str, error: &SdkError<E, HttpResponse>) -> Reason
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let short = reason(action, error);
    match error.as_service_error().and_then(ProvideErrorMetadata::message).map(message) {
        Some(message) if short.cause == Cause::Failed && !message.is_empty() => {
            Reason::new(short.cause, format!("{}: {message}", short.detail))
        }
        _ => short,
    }
}

/// The API's error code, when it answered with one.
pub(crate) fn code<E>(error: &SdkError<E, HttpResponse>) -> Option<&str>
where
    E: ProvideErrorMetadata,
{
    error.as_service_error().and_then(ProvideErrorMetadata::code)
}

fn cause_of(code: &str, status: u16) -> Cause {
    if CREDENTIALS.contains(&code) {
        Cause::NoCredentials
    } else if DENIED.contains(&code) {
        Cause::Denied
    } else if aws_runtime::retries::classifiers::THROTTLING_ERRORS.contains(&code) || status == 429 {
        Cause::Throttled
    } else if matches!(status, 401 | 403) {
        // The code of a refusal may be unreadable: some front ends answer XML to a JSON protocol.
        Cause::Denied
    } else {
        Cause::Failed
    }
}

/// Nothing was answered: no credentials, or no connection.
fn undelivered<E, R>(error: &SdkError<E, R>) -> (Cause, String)
where
    E: Error + 'static,
    R: std::fmt::Debug,
{
    let chain = || std::iter::successors(error.source(), |&error| error.source());
    let innermost = chain().last().map_or_else(|| "no answer".to_owned(), ToString::to_string);
    if chain().any(|error| error.is::<CredentialsError>()) {
        return (Cause::NoCredentials, format!("no credentials: {}", message(&innermost)));
    }
    match error {
        SdkError::DispatchFailure(failure) if failure.is_io() || failure.is_timeout() => {
            (Cause::Unreachable, message(&innermost))
        }
        _ => (Cause::Failed, message(&innermost)),
    }
}

/// An error code as it may be printed: one word, not longer than any that AWS has.
fn plain(code: &str) -> String {
    code.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':')).take(80).collect()
}

/// A message as it may be printed: one line, without what follows on a request id.
pub(crate) fn message(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let end = ["request id", "requestid", "request_id", "encoded authorization"]
        .iter()
        .filter_map(|mark| lower.find(mark))
        .min();
    let line = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    line.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(300)
        .collect::<String>()
        .trim_end_matches([' ', '(', ',', ';'])
        .to_owned()
}
