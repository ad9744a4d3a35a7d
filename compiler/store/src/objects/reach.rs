//! [`reach`]: the client of an object store, from its address and what the environment says.

use object_store::aws::{AmazonS3Builder, Checksum};
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};
use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// How long one request may take.
const ANSWER: Duration = Duration::from_secs(10);
/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(3);
/// How long a request is repeated.
const REPEAT: Duration = Duration::from_secs(20);

/// Variables of the environment: credentials, regions, endpoints.
pub(super) type Variables = BTreeMap<String, String>;

/// A client, and the prefix below which everything lies. Credentials, region and endpoint are what the variables say
/// (`AWS_...`, `AZURE_...`, `GOOGLE_...`), and what the machine or container that this runs on is given.
pub(super) fn reach(address: &str, variables: &Variables) -> Result<(Arc<dyn ObjectStore>, Path), String> {
    let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let prefix = Path::parse(prefix).map_err(|error| error.to_string())?;
    if bucket.is_empty() {
        return Err("it names no bucket".into());
    }
    if variables.iter().any(|(name, value)| name.contains("ENDPOINT") && holds_credentials(value)) {
        return Err("a variable that names an endpoint holds credentials in its URL, where they would be shown".into());
    }
    let bare = format!("{scheme}://{bucket}");
    let store: Result<Arc<dyn ObjectStore>, object_store::Error> = match scheme {
        // A bucket with object lock takes only objects with a checksum.
        "s3" => said("AWS_", variables)
            .fold(AmazonS3Builder::new(), |builder, (key, value)| builder.with_config(key, value))
            .with_url(bare)
            .with_client_options(options("AWS_", variables))
            .with_retry(retry())
            .with_checksum_algorithm(Checksum::SHA256)
            .build()
            .map(|store| Arc::new(store) as _),
        "az" => said("AZURE_", variables)
            .fold(MicrosoftAzureBuilder::new(), |builder, (key, value)| builder.with_config(key, value))
            .with_url(bare)
            .with_client_options(options("AZURE_", variables))
            .with_retry(retry())
            .build()
            .map(|store| Arc::new(store) as _),
        "gs" => said("GOOGLE_", variables)
            .fold(GoogleCloudStorageBuilder::new(), |builder, (key, value)| builder.with_config(key, value))
            .with_url(bare)
            .with_client_options(options("GOOGLE_", variables))
            .with_retry(retry())
            .build()
            .map(|store| Arc::new(store) as _),
        _ => return Err("expected `s3://`, `az://` or `gs://`".into()),
    };
    store.map(|store| (store, prefix)).map_err(|error| error.to_string())
}

/// Whether a URL says before its host who somebody is.
pub(super) fn holds_credentials(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().is_some_and(|authority| authority.contains('@'))
}

/// What the variables of one cloud say that its client knows.
fn said<'a, Key: FromStr>(prefix: &'a str, variables: &'a Variables) -> impl Iterator<Item = (Key, &'a String)> {
    let own = variables.iter().filter(move |(name, _)| name.starts_with(prefix));
    own.filter_map(|(name, value)| Some((name.to_ascii_lowercase().parse().ok()?, value)))
}

/// Without encryption only where a variable names such an endpoint.
fn options(prefix: &str, variables: &Variables) -> ClientOptions {
    let endpoint = |name: &str| name.starts_with(prefix) && name.contains("ENDPOINT");
    let plain = variables.iter().any(|(name, value)| endpoint(name) && value.starts_with("http://"));
    ClientOptions::new().with_timeout(ANSWER).with_connect_timeout(CONNECT).with_allow_http(plain)
}

fn retry() -> RetryConfig {
    RetryConfig { backoff: BackoffConfig::default(), max_retries: 5, retry_timeout: REPEAT }
}
