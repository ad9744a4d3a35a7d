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
            let code = failure.err().code().or_else(|| code_in_xml(failure.raw()));
            let code = code.map_or_else(|| format!("HTTP {status}"), plain);
            (cause_of(&code, status), code)
        }
        SdkError::ResponseError(failure) => match failure.raw().status().as_u16() {
            status @ 200..=299 => {
                (Cause::Unreadable, format!("the answer (HTTP {status}) does not read as documented"))
            }
            status => {
                let code = code_in_xml(failure.raw()).map_or_else(|| format!("HTTP {status}"), plain);
                (cause_of(&code, status), code)
            }
        },
        SdkError::TimeoutError(_) => (Cause::Unreachable, "no answer in time".to_owned()),
        other => undelivered(other),
    };
    Reason::new(cause, format!("{action}: {what}"))
}

/// Why a change was refused: as [`reason`], with the API's message, because it says which value it did not like. A service that
/// failed inside did not say no: the change may be made, now or later.
pub(crate) fn refusal<E>(action: &str, error: &SdkError<E, HttpResponse>) -> Reason
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let Reason { cause, detail } = reason(action, error);
    let message = error.as_service_error().and_then(ProvideErrorMetadata::message).map(message);
    let detail = match message {
        Some(message) if cause == Cause::Failed && !message.is_empty() => format!("{detail}: {message}").into(),
        _ => detail,
    };
    let inside = error.raw_response().is_some_and(|answer| answer.status().is_server_error());
    Reason::new(if inside && cause == Cause::Failed { Cause::Unreachable } else { cause }, detail)
}

/// The reason, with the region's nearest name where a region that is not known did not answer.
pub(crate) fn in_region(reason: Reason, region: &str) -> Reason {
    match (reason.cause, crate::region::hint(region)) {
        (Cause::Unreachable, hint) if !hint.is_empty() => Reason::new(
            reason.cause,
            format!("{} (`{region}` is not a region that is known here{hint})", reason.detail),
        ),
        _ => reason,
    }
}

/// The API's error code, when it answered with one.
pub(crate) fn code<E>(error: &SdkError<E, HttpResponse>) -> Option<&str>
where
    E: ProvideErrorMetadata,
{
    error.as_service_error().and_then(ProvideErrorMetadata::code)
}

/// The code of an error in XML, whatever the protocol of the service: front ends that refuse a request before it
/// reaches the service may answer in another protocol than its own.
fn code_in_xml(response: &HttpResponse) -> Option<&str> {
    let body = std::str::from_utf8(response.body().bytes()?).ok()?;
    let (_, rest) = body.split_once("<Code>")?;
    rest.split_once("</Code>").map(|(code, _)| code)
}

fn cause_of(code: &str, status: u16) -> Cause {
    if CREDENTIALS.contains(&code) {
        Cause::NoCredentials
    } else if DENIED.contains(&code) {
        Cause::Denied
    } else if aws_runtime::retries::classifiers::THROTTLING_ERRORS.contains(&code) || status == 429 {
        Cause::Throttled
    } else if matches!(status, 401 | 403) {
        Cause::Denied
    } else {
        Cause::Failed
    }
}

/// Why a role of the target's gave no credentials, in words of our own.
#[derive(Debug)]
pub(crate) struct Refused(pub String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Refused {}

/// Nothing was answered: no credentials, or no connection.
fn undelivered<E, R>(error: &SdkError<E, R>) -> (Cause, String)
where
    E: Error + 'static,
    R: std::fmt::Debug,
{
    let chain = || std::iter::successors(error.source(), |&error| error.source());
    let innermost = chain().last().map_or_else(|| "no answer".to_owned(), ToString::to_string);
    if let Some(error) = chain().find_map(|error| error.downcast_ref::<CredentialsError>()) {
        // What a source says of its failure may be what a process printed, secrets and all: only our own words are told.
        if let Some(Refused(why)) = chain().find_map(|error| error.downcast_ref()) {
            return (Cause::NoCredentials, why.clone());
        }
        let text = match error {
            CredentialsError::CredentialsNotLoaded(_) => {
                "neither the environment nor a shared file nor a metadata service has credentials".to_owned()
            }
            CredentialsError::ProviderTimedOut(_) => "the source of the credentials did not answer in time".to_owned(),
            CredentialsError::InvalidConfiguration(_) => {
                "the source of the credentials is not configured well".to_owned()
            }
            _ => "the source of the credentials failed".to_owned(),
        };
        return (Cause::NoCredentials, text);
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

#[cfg(test)]
mod tests;
