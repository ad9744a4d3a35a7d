//! What goes over the wire, and what becomes of the answers.

use super::*;
use crate::connection::gate::{Gate, Tally};
use crate::connection::pacer::Pacer;
use crate::pace::Pace;
use aws_config::Region;
use aws_config::retry::RetryConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, StaticTimeSource};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use ordain_model::observation::Cause;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

/// A client that answers from a list and remembers what it was asked.
#[derive(Clone, Debug, Default)]
struct Canned {
    answers: Arc<Mutex<VecDeque<(u16, &'static str)>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// URL, headers and body of a request.
type Asked = (String, BTreeMap<String, String>, String);

impl HttpClient for Canned {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Canned {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let headers = request.headers().iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let body = String::from_utf8(request.body().bytes().unwrap().to_vec()).unwrap();
        self.asked.lock().unwrap().push((request.uri().to_owned(), headers, body));
        let (status, body) = self.answers.lock().unwrap().pop_front().expect("one answer per request");
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body))))
    }
}

fn client(canned: &Canned, tally: &Arc<Tally>) -> Ec2 {
    let http = SharedHttpClient::new(canned.clone());
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", None, None, "test");
    let sdk = SdkConfig::builder()
        .region(Region::from_static("eu-west-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(Gate::new(http, Pacer::new(Pace::Unlimited), Arc::clone(tally)))
        .retry_config(RetryConfig::standard().with_max_attempts(3).with_initial_backoff(Duration::from_millis(1)))
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .time_source(SharedTimeSource::new(StaticTimeSource::new(UNIX_EPOCH + Duration::from_secs(1_440_938_160))))
        .behavior_version(BehaviorVersion::latest())
        .build();
    Ec2::new(&sdk)
}

fn answering(answers: &[(u16, &'static str)]) -> Canned {
    Canned { answers: Arc::new(Mutex::new(answers.iter().copied().collect())), ..Canned::default() }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct DescribeVpcs {
    vpc_set: crate::xml::Set<Vpc>,
    next_token: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Vpc {
    vpc_id: String,
}

impl Page for DescribeVpcs {
    type Item = Vpc;
    const MOST: u32 = 1000;

    fn take(self) -> (Vec<Vpc>, Option<String>) {
        (self.vpc_set.item, self.next_token)
    }
}

const FIRST: &str = "<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet>\
                     <nextToken>a+b/c=</nextToken></DescribeVpcsResponse>";
const LAST: &str =
    "<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-2</vpcId></item></vpcSet><nextToken/></DescribeVpcsResponse>";
const BUSY: &str =
    "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>m</Message></Error></Errors></Response>";
const DENIED: &str = "<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>";

#[test]
fn every_byte_but_the_unreserved_ones_is_encoded() {
    let query =
        Query::new().with("Filter.1.Value.1", "a b+c/ü~").with("VpcId.1", "vpc-1").with_some("X", None::<String>);
    let body = query.body("DescribeVpcs");
    assert_eq!(body, "Action=DescribeVpcs&Version=2016-11-15&Filter.1.Value.1=a%20b%2Bc%2F%C3%BC~&VpcId.1=vpc-1");
}

/// The signature was computed with botocore's `SigV4Auth` for the same request, time and keys.
#[tokio::test]
async fn requests_are_signed_as_the_reference_signs_them() {
    let (canned, tally) = (answering(&[(200, LAST)]), Arc::default());
    client(&canned, &tally).call::<DescribeVpcs>("DescribeVpcs", Query::new().with("VpcId.1", "vpc-1")).await.unwrap();
    let asked = canned.asked.lock().unwrap();
    let (url, headers, body) = &asked[0];
    assert_eq!(url, "https://ec2.eu-west-1.amazonaws.com/");
    assert_eq!(body, "Action=DescribeVpcs&Version=2016-11-15&VpcId.1=vpc-1");
    assert_eq!(headers["x-amz-date"], "20150830T123600Z");
    assert_eq!(headers["authorization"], SIGNED);
    assert!(tally.endpoints().is_empty(), "AWS's own endpoint is nothing to note");
}

const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/ec2/aws4_request, SignedHeaders=content-type;host;x-amz-date, \
    Signature=e383a72fef70777c8fb982cf68bc7f40bc2be1aa74d514328baf1c3850630271";

#[tokio::test]
async fn pages_are_followed_to_the_end() {
    let (canned, tally) = (answering(&[(200, FIRST), (200, LAST)]), Arc::default());
    let pages = client(&canned, &tally).pages::<DescribeVpcs>("DescribeVpcs", Query::new()).await;
    assert_eq!(pages.items.iter().map(|vpc| vpc.vpc_id.as_str()).collect::<Vec<_>>(), ["vpc-1", "vpc-2"]);
    assert!(pages.incomplete.is_none());
    assert!(canned.asked.lock().unwrap()[0].2.ends_with("&MaxResults=1000"));
    assert!(canned.asked.lock().unwrap()[1].2.ends_with("&MaxResults=1000&NextToken=a%2Bb%2Fc%3D"));
}

#[tokio::test]
async fn a_list_that_breaks_off_says_so() {
    let (canned, tally) = (answering(&[(200, FIRST), (403, DENIED)]), Arc::default());
    let pages = client(&canned, &tally).pages::<DescribeVpcs>("DescribeVpcs", Query::new()).await;
    assert_eq!((pages.items.len(), pages.incomplete.map(|reason| reason.cause)), (1, Some(Cause::Denied)));
}

#[tokio::test]
async fn throttling_is_retried_and_every_attempt_counted() {
    let (canned, tally) = (answering(&[(503, BUSY), (503, BUSY), (200, LAST)]), Arc::default());
    client(&canned, &tally).call::<DescribeVpcs>("DescribeVpcs", Query::new()).await.unwrap();
    assert_eq!(tally.take_calls(), BTreeMap::from([("ec2:DescribeVpcs".into(), 3)]));
    assert!(tally.take_calls().is_empty());
    let canned = answering(&[(503, BUSY), (503, BUSY), (503, BUSY)]);
    let failure = client(&canned, &tally).call::<DescribeVpcs>("DescribeVpcs", Query::new()).await.unwrap_err();
    assert_eq!(reason("ec2:DescribeVpcs", &failure).cause, Cause::Throttled);
}

/// Sends the headers of an answer, a part of its body, and nothing more.
fn stalling() -> std::net::SocketAddr {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n<DescribeVpcs").unwrap();
        std::thread::sleep(Duration::from_secs(60));
    });
    address
}

#[tokio::test]
async fn an_answer_that_stalls_is_no_answer() {
    let protection = StalledStreamProtectionConfig::enabled().grace_period(Duration::from_millis(100)).build();
    let credentials = Credentials::new("AKIDEXAMPLE", "key", None, None, "test");
    let sdk = SdkConfig::builder()
        .region(Region::from_static("eu-west-1"))
        .endpoint_url(format!("http://{}", stalling()))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .retry_config(RetryConfig::standard().with_max_attempts(1))
        .stalled_stream_protection(protection)
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .time_source(SharedTimeSource::new(aws_smithy_async::time::SystemTimeSource::new()))
        .behavior_version(BehaviorVersion::latest())
        .build();
    let ec2 = Ec2::new(&sdk);
    let call = ec2.call::<DescribeVpcs>("DescribeVpcs", Query::new());
    assert!(tokio::time::timeout(Duration::from_secs(20), call).await.expect("an end").is_err());
}

#[tokio::test]
async fn a_refusal_is_not_retried_and_a_page_of_html_is_not_an_answer() {
    let (canned, tally) = (answering(&[(403, DENIED)]), Arc::default());
    let failure = client(&canned, &tally).call::<DescribeVpcs>("DescribeVpcs", Query::new()).await.unwrap_err();
    assert_eq!(reason("ec2:DescribeVpcs", &failure).cause, Cause::Denied);
    let others = ["<html><body>hello</body></html>", "<DescribeSubnetsResponse/>", "hello", ""];
    for other in others {
        let canned = answering(&[(200, other)]);
        let failure = client(&canned, &tally).call::<DescribeVpcs>("DescribeVpcs", Query::new()).await.unwrap_err();
        assert_eq!(reason("ec2:DescribeVpcs", &failure).cause, Cause::Unreadable, "{other}");
    }
}
