//! [`reach`]: the client of an object store, from its address and the environment.

use object_store::aws::{AmazonS3Builder, Checksum};
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};
use std::sync::Arc;
use std::time::Duration;

/// How long one request may take.
const ANSWER: Duration = Duration::from_secs(10);
/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(3);
/// How long a request is repeated.
const REPEAT: Duration = Duration::from_secs(20);

/// A client, and the prefix below which everything lies. Credentials, region and endpoint are those of the environment:
/// `AWS_...`, `AZURE_...`, `GOOGLE_...`, and what the machine or container that this runs on is given.
pub(super) fn reach(address: &str) -> Result<(Arc<dyn ObjectStore>, Path), String> {
    let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let prefix = Path::parse(prefix).map_err(|error| error.to_string())?;
    if bucket.is_empty() {
        return Err("it names no bucket".into());
    }
    let bare = format!("{scheme}://{bucket}");
    let store: Result<Arc<dyn ObjectStore>, object_store::Error> = match scheme {
        // A bucket with object lock takes only objects with a checksum.
        "s3" => AmazonS3Builder::from_env()
            .with_url(bare)
            .with_client_options(options(&["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"]))
            .with_retry(retry())
            .with_checksum_algorithm(Checksum::SHA256)
            .build()
            .map(|store| Arc::new(store) as _),
        "az" => MicrosoftAzureBuilder::from_env()
            .with_url(bare)
            .with_client_options(options(&["AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT", "AZURITE_BLOB_STORAGE_URL"]))
            .with_retry(retry())
            .build()
            .map(|store| Arc::new(store) as _),
        "gs" => GoogleCloudStorageBuilder::from_env()
            .with_url(bare)
            .with_client_options(options(&[]))
            .with_retry(retry())
            .build()
            .map(|store| Arc::new(store) as _),
        _ => return Err("expected `s3://`, `az://` or `gs://`".into()),
    };
    store.map(|store| (store, prefix)).map_err(|error| error.to_string())
}

/// Without encryption only where the environment names such an endpoint.
fn options(endpoints: &[&str]) -> ClientOptions {
    let plain = endpoints.iter().filter_map(|name| std::env::var(name).ok()).any(|url| url.starts_with("http://"));
    ClientOptions::new().with_timeout(ANSWER).with_connect_timeout(CONNECT).with_allow_http(plain)
}

fn retry() -> RetryConfig {
    RetryConfig { backoff: BackoffConfig::default(), max_retries: 5, retry_timeout: REPEAT }
}
