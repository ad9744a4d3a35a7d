//! [`Gate`]: every request of every client passes here: paced, bounded in number, counted, its endpoint noted.
//!
//! It stands below the SDK's retries, so each attempt counts, and below its timeouts, so waiting here is no failure.

use super::pacer::Pacer;
use crate::region::is_aws;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextMut;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, Metadata};
use aws_smithy_runtime_api::client::runtime_components::{RuntimeComponents, RuntimeComponentsBuilder};
use aws_smithy_types::config_bag::ConfigBag;
use ordain_model::Text;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Semaphore;

/// Requests of one target that are under way at once, over all of its accounts and regions.
const AT_ONCE: usize = 128;

/// The operation of a request, for example `eks:DescribeCluster`; travels with the request.
#[derive(Clone, Debug)]
struct Operation(Text);

/// Puts the operation's name on a request, where the gate finds it.
#[derive(Debug)]
pub(crate) struct Named;

impl Intercept for Named {
    fn name(&self) -> &'static str {
        "Named"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(metadata) = config.load::<Metadata>() {
            let operation = format!("{}:{}", prefix(metadata.service()), metadata.name());
            context.request_mut().add_extension(Operation(operation.into()));
        }
        Ok(())
    }
}

/// The prefix of a service's IAM actions, by the name that the SDK gives it.
fn prefix(service: &str) -> String {
    match service {
        "CloudWatch Logs" => "logs".to_owned(),
        "Resource Groups Tagging API" => "tag".to_owned(),
        other => other.to_ascii_lowercase(),
    }
}

/// What passed the gates of one target.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: Mutex<(BTreeMap<Text, u64>, BTreeSet<Text>)>,
}

impl Tally {
    fn lock(&self) -> MutexGuard<'_, (BTreeMap<Text, u64>, BTreeSet<Text>)> {
        // Nothing panics while it holds the lock; even then the counts are whole.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, operation: &Text, url: &str) {
        let (calls, endpoints) = &mut *self.lock();
        *calls.entry(Text::clone(operation)).or_default() += 1;
        if !is_aws(url) {
            endpoints.insert(origin(url).into());
        }
    }

    /// Calls by operation since the last time this was asked.
    pub(crate) fn take_calls(&self) -> BTreeMap<Text, u64> {
        std::mem::take(&mut self.lock().0)
    }

    /// Endpoints that are not AWS's own, so far.
    pub(crate) fn endpoints(&self) -> BTreeSet<Text> {
        self.lock().1.clone()
    }
}

/// Scheme, host and port of a URL, without what a URL may carry in front of the host.
fn origin(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}")
}

/// The HTTP client of one account and region: the shared one behind this gate.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    inner: SharedHttpClient,
    place: Text,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    pacer: Pacer,
    tally: Arc<Tally>,
    slots: Semaphore,
}

impl Gate {
    /// The gate of a target. `place` is the account and region whose quotas its calls use.
    pub(crate) fn new(inner: SharedHttpClient, pacer: Pacer, tally: Arc<Tally>) -> Gate {
        let shared = Shared { pacer, tally, slots: Semaphore::new(AT_ONCE) };
        Gate { inner, place: "".into(), shared: Arc::new(shared) }
    }

    /// The same gate for another account and region.
    pub(crate) fn at(&self, account: &str, region: &str) -> Gate {
        Gate { place: format!("{account}/{region}").into(), ..self.clone() }
    }
}

impl HttpClient for Gate {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Passage { inner, place: Text::clone(&self.place), shared: Arc::clone(&self.shared) })
    }

    fn validate_base_client_config(
        &self,
        parts: &RuntimeComponentsBuilder,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.inner.validate_base_client_config(parts, config)
    }

    fn validate_final_config(&self, parts: &RuntimeComponents, config: &ConfigBag) -> Result<(), BoxError> {
        self.inner.validate_final_config(parts, config)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.inner.connector_metadata()
    }
}

#[derive(Debug)]
struct Passage {
    inner: SharedHttpConnector,
    place: Text,
    shared: Arc<Shared>,
}

impl HttpConnector for Passage {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (inner, place, shared) = (self.inner.clone(), Text::clone(&self.place), Arc::clone(&self.shared));
        HttpConnectorFuture::new(async move {
            if let Some(Operation(operation)) = request.extension::<Operation>().cloned() {
                shared.pacer.wait(&place, &operation).await;
                shared.tally.note(&operation, request.uri());
            }
            let _slot = shared.slots.acquire().await;
            inner.call(request).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_noted_without_what_a_url_may_carry() {
        assert_eq!(origin("http://127.0.0.1:4566/queue?token=x"), "http://127.0.0.1:4566");
        assert_eq!(origin("https://user:secret@example.org/a@b"), "https://example.org");
    }

    #[test]
    fn services_by_the_prefix_of_their_actions() {
        assert_eq!(prefix("CloudWatch Logs"), "logs");
        assert_eq!(prefix("Resource Groups Tagging API"), "tag");
        assert_eq!(prefix("EC2"), "ec2");
    }
}
