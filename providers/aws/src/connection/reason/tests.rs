//! Answers that fail, and what each of them means.

use super::*;
use crate::connection::ec2::Ec2Error;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;

type Failure = SdkError<Ec2Error, HttpResponse>;

fn raw(status: u16, body: &str) -> HttpResponse {
    HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body))
}

fn service(status: u16, code: &str) -> Failure {
    let body = format!("<Response><Errors><Error><Code>{code}</Code><Message>m</Message></Error></Errors></Response>");
    SdkError::service_error(Ec2Error::parse(&body), raw(status, &body))
}

fn unparsable(status: u16, body: &str) -> Failure {
    SdkError::response_error("not the protocol", raw(status, body))
}

fn why(failure: &Failure) -> (Cause, String) {
    let reason = reason("ec2:DescribeVpcs", failure);
    (reason.cause, reason.detail.to_string())
}

#[test]
fn codes_and_statuses() {
    for (failure, cause, what) in [
        (service(403, "UnauthorizedOperation"), Cause::Denied, "UnauthorizedOperation"),
        (service(400, "AccessDeniedException"), Cause::Denied, "AccessDeniedException"),
        (service(401, "AuthFailure"), Cause::NoCredentials, "AuthFailure"),
        (service(503, "RequestLimitExceeded"), Cause::Throttled, "RequestLimitExceeded"),
        (service(400, "InvalidParameterValue"), Cause::Failed, "InvalidParameterValue"),
        (service(500, "InternalError"), Cause::Failed, "InternalError"),
        (unparsable(403, "<html>"), Cause::Denied, "HTTP 403"),
        (unparsable(403, "<E><Code>ExpiredToken</Code></E>"), Cause::NoCredentials, "ExpiredToken"),
        (unparsable(429, ""), Cause::Throttled, "HTTP 429"),
        (unparsable(500, "<html>"), Cause::Failed, "HTTP 500"),
    ] {
        assert_eq!(why(&failure), (cause, format!("ec2:DescribeVpcs: {what}")));
    }
}

#[test]
fn an_answer_that_does_not_read_is_not_an_answer() {
    assert_eq!(why(&unparsable(200, "<html>")).0, Cause::Unreadable);
}

#[test]
fn no_answer() {
    let refused: Failure = SdkError::dispatch_failure(ConnectorError::io("connection refused".into()));
    assert_eq!(why(&refused), (Cause::Unreachable, "ec2:DescribeVpcs: connection refused".to_owned()));
    let late: Failure = SdkError::timeout_error("late");
    assert_eq!(why(&late).0, Cause::Unreachable);
    let none = CredentialsError::not_loaded("nothing");
    let none: Failure = SdkError::dispatch_failure(ConnectorError::other(none.into(), None));
    assert_eq!(why(&none).0, Cause::NoCredentials);
}

#[test]
fn what_a_source_of_credentials_prints_is_not_told_and_a_role_s_refusal_is() {
    let failed =
        |error: CredentialsError| -> Failure { SdkError::dispatch_failure(ConnectorError::other(error.into(), None)) };
    for error in [
        CredentialsError::provider_error("stderr: token=hunter2"),
        CredentialsError::invalid_configuration("token=hunter2"),
        CredentialsError::unhandled("token=hunter2"),
    ] {
        let (cause, text) = why(&failed(error));
        assert!(cause == Cause::NoCredentials && !text.contains("hunter2"), "{text}");
    }
    let role = "sts:AssumeRole: AccessDenied (arn:aws:iam::111111111111:role/audit)";
    let refused = failed(CredentialsError::provider_error(Refused(role.to_owned())));
    assert_eq!(why(&refused), (Cause::NoCredentials, format!("ec2:DescribeVpcs: {role}")));
}

#[test]
fn a_refusal_says_what_the_api_said_without_its_request_id() {
    let body = "<Response><Errors><Error><Code>InvalidParameterValue</Code><Message>Hop limit\nis 65 (Request ID: 4711-abc)\
                </Message></Error></Errors></Response>";
    let failure = SdkError::service_error(Ec2Error::parse(body), raw(400, body));
    let refusal = refusal("ec2:ModifyInstanceMetadataOptions", &failure);
    assert_eq!(&*refusal.detail, "ec2:ModifyInstanceMetadataOptions: InvalidParameterValue: Hop limit is 65");
    assert_eq!(
        &*super::refusal("ec2:X", &service(403, "UnauthorizedOperation")).detail,
        "ec2:X: UnauthorizedOperation"
    );
}

#[test]
fn who_failed_inside_did_not_refuse() {
    let cause = |status, code| super::refusal("ec2:X", &service(status, code)).cause;
    assert_eq!(cause(500, "InternalFailure"), Cause::Unreachable);
    assert_eq!((cause(503, "SlowDown"), cause(400, "InvalidParameterValue")), (Cause::Throttled, Cause::Failed));
}

#[test]
fn a_code_is_a_word() {
    assert_eq!(plain("Bad\u{1b}[31m Code\n"), "Bad31mCode");
}
