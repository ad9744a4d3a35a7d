//! [`Ec2`]: the EC2 calls that Ordain makes, over the Query API, in the SDK's own machinery.
//!
//! Requests are form-encoded by [`Query`] and signed, sent, retried and counted by the same runtime that drives the
//! generated clients; answers are XML that serde reads. Why not the generated crate:
//! `docs/decisions/0002-ec2-without-the-sdk-crate.md`. The protocol:
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html>.

use super::gate::Named;
use super::paging::Pages;
use super::reason::reason;
use crate::region;
use aws_config::SdkConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::auth::{SigV4OperationSigningConfig, SigningOptions};
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier};
use aws_smithy_runtime::client::stalled_stream_protection::StalledStreamProtectionInterceptor;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{AuthSchemeOptionResolverParams, SharedAuthScheme};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::identity::SharedIdentityResolver;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::{SharedRuntimePlugin, StaticRuntimePlugin};
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::error::metadata::{ErrorMetadata, ProvideErrorMetadata};
use aws_types::SigningName;
use aws_types::region::SigningRegion;
use aws_types::service_config::ServiceConfigKey;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::fmt;

/// The API's version, part of every request.
const VERSION: &str = "2016-11-15";

/// Pages that a list may have: far above any quota; a server that never ends is a failure.
const MOST_PAGES: usize = 10_000;

/// Why a call failed.
pub(crate) type Ec2Failure = SdkError<Ec2Error, HttpResponse>;

/// The client of one account and region.
#[derive(Debug)]
pub(crate) struct Ec2 {
    endpoint: String,
    plugin: SharedRuntimePlugin,
}

/// The parameters of a call, in the order in which they are sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// No parameters.
    pub(crate) fn new() -> Query {
        Query::default()
    }

    /// Adds a parameter: `Filter.1.Name`, `VpcId.2`.
    pub(crate) fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Query {
        self.0.push((name.into(), value.into()));
        self
    }

    /// Adds a parameter when it has a value.
    pub(crate) fn with_some(self, name: impl Into<String>, value: Option<impl Into<String>>) -> Query {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The body of the request: every byte but the unreserved ones of RFC 3986 is percent-encoded.
    fn body(&self, action: &str) -> String {
        let fixed = [("Action", action), ("Version", VERSION)];
        let own = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let pairs: Vec<String> =
            fixed.into_iter().chain(own).map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        pairs.join("&")
    }
}

fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// One page of a list.
pub(crate) trait Page: DeserializeOwned + fmt::Debug + Send + Sync + 'static {
    /// What is listed.
    type Item;
    /// The most items that a page may have. Always asked for: a list without a page size is throttled at a lower rate.
    const MOST: u32;
    /// The items, and the token of the next page; an empty token is the end.
    fn take(self) -> (Vec<Self::Item>, Option<String>);
}

impl Ec2 {
    /// A client over a configuration that holds credentials, region, HTTP client, retries and timeouts.
    pub(crate) fn new(sdk: &SdkConfig) -> Ec2 {
        Ec2 { endpoint: endpoint(sdk), plugin: SharedRuntimePlugin::new(plugin(sdk)) }
    }

    /// Calls an action.
    pub(crate) async fn call<T>(&self, action: &'static str, query: Query) -> Result<T, Ec2Failure>
    where
        T: DeserializeOwned + fmt::Debug + Send + Sync + 'static,
    {
        let operation = Operation::builder()
            .service_name("EC2")
            .operation_name(action)
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(&self.endpoint)
            .with_connection_poisoning()
            .runtime_plugin(self.plugin.clone())
            .serializer(move |query: Query| request(query.body(action)))
            .deserializer(move |response| answer::<T>(action, response))
            .build();
        operation.invoke(query).await
    }

    /// Calls an action until its list ends.
    pub(crate) async fn pages<P: Page>(&self, action: &'static str, query: Query) -> Pages<P::Item> {
        let query = query.with("MaxResults", P::MOST.to_string());
        let (mut items, mut token) = (Vec::new(), None::<String>);
        for _ in 0..MOST_PAGES {
            match self.call::<P>(action, query.clone().with_some("NextToken", token.take())).await {
                Ok(page) => {
                    let (more, next) = page.take();
                    items.extend(more);
                    token = next.filter(|token| !token.is_empty());
                }
                Err(error) => return Pages { items, incomplete: Some(reason(&format!("ec2:{action}"), &error)) },
            }
            if token.is_none() {
                return Pages::complete(items);
            }
        }
        Pages { items, incomplete: Some(endless(action)) }
    }
}

fn endless(action: &str) -> ordain_model::observation::Reason {
    let text = format!("ec2:{action}: more than {MOST_PAGES} pages");
    ordain_model::observation::Reason::new(ordain_model::observation::Cause::Unreadable, text)
}

fn request(body: String) -> Result<HttpRequest, BoxError> {
    let mut request = HttpRequest::new(SdkBody::from(body));
    request.set_method("POST")?;
    request.set_uri("/")?;
    request.headers_mut().try_insert("content-type", "application/x-www-form-urlencoded; charset=utf-8")?;
    request.headers_mut().try_insert("user-agent", concat!("ordain/", env!("CARGO_PKG_VERSION")))?;
    Ok(request)
}

/// What the generated client of a service configures: signature, retries, timeouts.
fn plugin(sdk: &SdkConfig) -> StaticRuntimePlugin {
    let mut layer = Layer::new("ec2");
    layer.store_put(AuthSchemeOptionResolverParams::new(()));
    layer.store_put(SigningName::from_static("ec2"));
    layer.store_put(SigV4OperationSigningConfig { signing_options: SigningOptions::default(), ..Default::default() });
    if let Some(region) = sdk.region() {
        layer.store_put(SigningRegion::from(region.clone()));
    }
    if let Some(retries) = sdk.retry_config() {
        layer.store_put(retries.clone());
    }
    if let Some(timeouts) = sdk.timeout_config() {
        layer.store_put(timeouts.clone());
    }
    // The timeouts end with the headers: a body that stalls after them is no answer either.
    let downloads = || StalledStreamProtectionConfig::enabled().upload_enabled(false).build();
    layer.store_put(sdk.stalled_stream_protection().unwrap_or_else(downloads));
    let mut parts = RuntimeComponentsBuilder::new("ec2")
        .with_http_client(sdk.http_client())
        .with_sleep_impl(sdk.sleep_impl())
        .with_time_source(sdk.time_source())
        .with_auth_scheme(SharedAuthScheme::new(SigV4AuthScheme::new()))
        .with_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID])))
        .with_retry_classifier(TransientErrorClassifier::<Ec2Error>::new())
        .with_retry_classifier(AwsErrorCodeClassifier::<Ec2Error>::new())
        .with_retry_classifier(HttpStatusCodeClassifier::default())
        .with_interceptor(StalledStreamProtectionInterceptor::default())
        .with_interceptor(Named);
    if let Some(cache) = sdk.identity_cache() {
        parts.set_identity_cache(Some(cache));
    }
    if let Some(credentials) = sdk.credentials_provider() {
        parts.set_identity_resolver(SCHEME_ID, SharedIdentityResolver::new(credentials));
    }
    StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(parts)
}

/// The endpoint that the environment or the profile names for EC2, else the one for every service, else AWS's own.
fn endpoint(sdk: &SdkConfig) -> String {
    let key = ServiceConfigKey::builder().service_id("EC2").env("AWS_ENDPOINT_URL").profile("endpoint_url").build();
    let named = key.ok().and_then(|key| sdk.service_config()?.load_config(key));
    let region = sdk.region().map_or("us-east-1", AsRef::as_ref);
    named.or_else(|| sdk.endpoint_url().map(str::to_owned)).unwrap_or_else(|| {
        region::ec2_endpoint(region, sdk.use_fips().unwrap_or(false), sdk.use_dual_stack().unwrap_or(false))
    })
}

/// Reads the answer to an action. Another page that is well-formed XML must not pass for an empty list: the root has to
/// be the action's own.
fn answer<T>(action: &str, response: &HttpResponse) -> Result<T, OrchestratorError<Ec2Error>>
where
    T: DeserializeOwned + fmt::Debug + Send + Sync + 'static,
{
    let text = response.body().bytes().and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    match response.status().is_success() {
        true if root(text).is_none_or(|root| root.strip_suffix("Response") != Some(action)) => {
            Err(OrchestratorError::other(format!("the answer is no {action}Response")))
        }
        true => quick_xml::de::from_str(text).map_err(OrchestratorError::other),
        false => Err(OrchestratorError::operation(Ec2Error::parse(text))),
    }
}

/// The name of the outermost element, without its namespace.
fn root(text: &str) -> Option<String> {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => {
                return Some(element.local_name().as_ref().to_owned());
            }
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

/// An error as EC2 words it: `<Response><Errors><Error><Code>..</Code><Message>..</Message></Error></Errors>...`.
#[derive(Debug)]
pub(crate) struct Ec2Error(ErrorMetadata);

#[derive(Default, Deserialize)]
#[serde(default)]
struct ErrorAnswer {
    #[serde(rename = "Errors")]
    errors: Errors,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Errors {
    #[serde(rename = "Error")]
    error: Vec<ErrorEntry>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ErrorEntry {
    #[serde(rename = "Code")]
    code: Option<String>,
    #[serde(rename = "Message")]
    message: Option<String>,
}

impl Ec2Error {
    /// Reads an error's body; what is not EC2's XML has no code.
    pub(crate) fn parse(text: &str) -> Ec2Error {
        let answer: ErrorAnswer = quick_xml::de::from_str(text).unwrap_or_default();
        let first = answer.errors.error.into_iter().next().unwrap_or_default();
        let mut metadata = ErrorMetadata::builder();
        if let Some(code) = first.code {
            metadata = metadata.code(code);
        }
        if let Some(message) = first.message {
            metadata = metadata.message(message);
        }
        Ec2Error(metadata.build())
    }
}

impl fmt::Display for Ec2Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Ec2Error {}

impl ProvideErrorMetadata for Ec2Error {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

#[cfg(test)]
mod tests;
