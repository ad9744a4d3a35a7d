//! OCI registries: a module is an artifact of one layer, a tar. Credentials are those of `docker login`, read where Docker keeps them.
//!
//! Formats: OCI image manifest 1.1 and its guidance for artifacts (opencontainers/image-spec, manifest.md).

use super::archive;
use super::{choose, named, unreachable};
use docker_credential::{CredentialRetrievalError, DockerCredential};
use oci_client::client::{ClientConfig, ClientProtocol};
use oci_client::errors::{OciDistributionError, OciErrorCode};
use oci_client::secrets::RegistryAuth;
use oci_client::{Client, Reference, RegistryOperation};
use ordain_model::Text;
use ordain_model::digest::{Digest, canonical};
use ordain_model::module::PackageProblem;
use ordain_model::module::Wanted;
use ordain_model::module::parse::is_loopback;
use ordain_model::package::{MOST_BYTES, MOST_FILES, Package, Refusal, Why};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::io::AsyncWrite;

/// What the artifact is.
const ARTIFACT: &str = "application/vnd.ordain.module.v1";
/// The media type of a manifest.
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// The media type of a layer that is pushed; with this ending it is gzipped.
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";
/// The configuration that is none.
const EMPTY: &[u8] = b"{}";
/// Tags that are asked for at once.
const PAGE: usize = 1_000;
/// Most tags that are looked through.
const MOST_TAGS: usize = 100_000;
/// Longest layer: as [`archive`] bounds it.
const LONGEST: u64 = MOST_BYTES + 4_096 * MOST_FILES as u64;

/// A repository of a registry, and who asks.
struct Registry {
    client: Client,
    auth: RegistryAuth,
    host: String,
    path: String,
}

/// The version, where one is wanted, and the digest of the manifest that a request chooses.
///
/// # Errors
/// The registry cannot be asked, or has no such version or tag.
pub fn resolve(host: &str, path: &str, wanted: &Wanted) -> Result<(Option<Text>, Text), PackageProblem> {
    let registry = Registry::new(host, path)?;
    if let Wanted::Reference(digest) = wanted
        && Digest::parse(digest).is_some()
    {
        return Ok((None, digest.clone()));
    }
    block(async {
        let (version, tag) = match wanted {
            Wanted::Version(constraint) => {
                let tags = registry.tags().await?;
                let (version, tag) = choose(tags.into_iter().map(|tag| (tag.clone(), tag)), constraint)?;
                (Some(version.to_string().into()), tag)
            }
            _ => (None, named(wanted, "latest").to_owned()),
        };
        let manifest = registry.manifest(&tag).await.map_err(|error| failed(&error))?;
        Ok((version, Digest::of(&manifest).to_string().into()))
    })
}

/// The files of an artifact.
///
/// # Errors
/// The registry cannot be asked or no longer has it, it is no module, or something in it is refused.
pub fn fetch(host: &str, path: &str, revision: &str) -> Result<Package, PackageProblem> {
    let registry = Registry::new(host, path)?;
    let layer = block(async {
        let manifest = registry.manifest(revision).await.map_err(|error| failed(&error))?;
        if Digest::of(&manifest).to_string() != revision {
            return Err(unreachable(format!("the registry sent another manifest than {revision}")));
        }
        let layer = layer(&manifest)?;
        registry.blob(&layer).await
    })?;
    archive::unpack(&layer)
}

/// Publishes a package as a version, and returns the digest of its manifest. Publishing the same again changes nothing.
///
/// # Errors
/// The registry cannot be asked or refuses, or the version is another package already.
pub fn push(host: &str, path: &str, version: &semver::Version, package: &Package) -> Result<Text, PackageProblem> {
    let registry = Registry::new(host, path)?;
    let layer = archive::pack(package).map_err(|error| unreachable(error.to_string()))?;
    let tag = format!("v{version}");
    let descriptor =
        |media: &str, bytes: &[u8]| json!({"mediaType": media, "digest": Digest::of(bytes), "size": bytes.len()});
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": ARTIFACT,
        "config": descriptor("application/vnd.oci.empty.v1+json", EMPTY),
        "layers": [descriptor(LAYER, &layer)],
        "annotations": {"org.opencontainers.image.version": version.to_string()},
    });
    let manifest = canonical(&manifest).map_err(|error| unreachable(error.to_string()))?;
    let revision = Digest::of(&manifest).to_string();
    block(async {
        match registry.manifest(&tag).await {
            Ok(there) if there == manifest => return Ok(()),
            Ok(_) => return Err(unreachable(format!("version {version} is published already, with other content"))),
            Err(error) if is_missing(&error) => {}
            Err(error) => return Err(failed(&error)),
        }
        registry.put(&tag, &[EMPTY, &layer], &manifest).await.map_err(|error| failed(&error))
    })?;
    Ok(revision.into())
}

impl Registry {
    fn new(host: &str, path: &str) -> Result<Registry, PackageProblem> {
        // One TLS provider in the whole program; whoever comes first installs it.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let client = Client::new(ClientConfig {
            protocol: if is_loopback(host) { ClientProtocol::Http } else { ClientProtocol::Https },
            connect_timeout: Some(Duration::from_secs(30)),
            read_timeout: Some(Duration::from_secs(60)),
            user_agent: concat!("ordain/", env!("CARGO_PKG_VERSION")),
            ..ClientConfig::default()
        });
        Ok(Registry { client, auth: credentials(host)?, host: host.to_owned(), path: path.to_owned() })
    }

    /// What a tag or digest names.
    fn reference(&self, name: &str) -> Reference {
        match Digest::parse(name) {
            Some(_) => Reference::with_digest(self.host.clone(), self.path.clone(), name.to_owned()),
            None => Reference::with_tag(self.host.clone(), self.path.clone(), name.to_owned()),
        }
    }

    /// Registries that know no pages answer with every tag each time.
    async fn tags(&self) -> Result<BTreeSet<String>, PackageProblem> {
        let mut tags = BTreeSet::new();
        let mut last: Option<String> = None;
        loop {
            let answer = self
                .client
                .list_tags(&self.reference("latest"), &self.auth, Some(PAGE), last.as_deref())
                .await
                .map_err(|error| failed(&error))?
                .tags;
            let (length, before) = (answer.len(), tags.len());
            last = answer.last().cloned();
            tags.extend(answer);
            if length < PAGE || tags.len() == before || tags.len() > MOST_TAGS {
                return Ok(tags);
            }
        }
    }

    async fn manifest(&self, name: &str) -> Result<Vec<u8>, OciDistributionError> {
        let (bytes, _) = self.client.pull_manifest_raw(&self.reference(name), &self.auth, &[MANIFEST]).await?;
        Ok(bytes.to_vec())
    }

    async fn blob(&self, layer: &Layer) -> Result<Vec<u8>, PackageProblem> {
        let mut bytes = Limited { bytes: Vec::new(), longest: layer.size };
        let pulled =
            self.client.pull_blob(&self.reference("latest"), layer.digest.to_string().as_str(), &mut bytes).await;
        pulled.map_err(|error| failed(&error))?;
        match Digest::of(&bytes.bytes) == layer.digest {
            true => Ok(bytes.bytes),
            false => Err(unreachable(format!("the registry sent another layer than {}", layer.digest))),
        }
    }

    async fn put(&self, tag: &str, blobs: &[&[u8]], manifest: &[u8]) -> Result<(), OciDistributionError> {
        let reference = self.reference(tag);
        self.client.auth(&reference, &self.auth, RegistryOperation::Push).await?;
        for blob in blobs {
            self.client.push_blob(&reference, blob.to_vec(), &Digest::of(blob).to_string()).await?;
        }
        let media = MANIFEST.parse().map_err(|_| OciDistributionError::GenericError(None))?;
        self.client.push_manifest_raw(&reference, manifest.to_vec(), media).await.map(drop)
    }
}

/// The layer of a module.
struct Layer {
    digest: Digest,
    size: usize,
}

/// The one layer that a manifest names.
fn layer(manifest: &[u8]) -> Result<Layer, PackageProblem> {
    let no_module = |what: &str| unreachable(format!("the artifact is no module: {what}"));
    let manifest: Json = serde_json::from_slice(manifest).map_err(|_| no_module("its manifest is no JSON"))?;
    let layers = manifest["layers"].as_array().map(Vec::as_slice);
    let Some([layer]) = layers else { return Err(no_module("it has not one layer")) };
    let media = layer["mediaType"].as_str().unwrap_or_default();
    if media.strip_suffix("+gzip").unwrap_or(media) != LAYER {
        return Err(no_module(&format!("its layer is `{media}`, not `{LAYER}`")));
    }
    let digest =
        layer["digest"].as_str().and_then(Digest::parse).ok_or_else(|| no_module("its layer has no SHA-256"))?;
    let size = layer["size"].as_u64().unwrap_or(u64::MAX);
    match size > LONGEST {
        true => Err(PackageProblem::Refused(Refusal { path: "its layer".into(), why: Why::TooLarge })),
        false => Ok(Layer { digest, size: size as usize }),
    }
}

/// Runs one exchange to its end.
fn block<T>(exchange: impl Future<Output = Result<T, PackageProblem>>) -> Result<T, PackageProblem> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| unreachable(error.to_string()))?.block_on(exchange)
}

fn credentials(host: &str) -> Result<RegistryAuth, PackageProblem> {
    match docker_credential::get_credential(host) {
        Ok(DockerCredential::UsernamePassword(user, password)) => Ok(RegistryAuth::Basic(user, password)),
        Ok(DockerCredential::IdentityToken(_)) => Err(unreachable(format!(
            "Docker keeps an identity token for `{host}`, which only Docker can use: log in with a password or access token"
        ))),
        Err(
            CredentialRetrievalError::NoCredentialConfigured
            | CredentialRetrievalError::ConfigNotFound
            | CredentialRetrievalError::ConfigReadError,
        ) => Ok(RegistryAuth::Anonymous),
        // What a helper printed may hold a secret.
        Err(CredentialRetrievalError::HelperFailure { helper, .. }) => {
            Err(unreachable(format!("the credential helper `{helper}` failed for `{host}`")))
        }
        Err(other) => Err(unreachable(format!("the credential of `{host}` cannot be read: {other}"))),
    }
}

fn is_missing(error: &OciDistributionError) -> bool {
    match error {
        OciDistributionError::ImageManifestNotFoundError(_) => true,
        OciDistributionError::ServerError { code, .. } => *code == 404,
        OciDistributionError::RegistryError { envelope, .. } => envelope.errors.iter().any(|error| {
            matches!(error.code, OciErrorCode::ManifestUnknown | OciErrorCode::NameUnknown | OciErrorCode::NotFound)
        }),
        _ => false,
    }
}

fn failed(error: &OciDistributionError) -> PackageProblem {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text.push_str(&format!(": {next}"));
        cause = next.source();
    }
    unreachable(format!("the registry: {text}"))
}

/// Takes so many bytes and no more.
struct Limited {
    bytes: Vec<u8>,
    longest: usize,
}

impl AsyncWrite for Limited {
    fn poll_write(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        buffer: &[u8],
    ) -> std::task::Poll<std::io::Result<usize>> {
        std::task::Poll::Ready(match self.bytes.len() + buffer.len() > self.longest {
            true => {
                Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, "the layer is longer than its manifest says"))
            }
            false => {
                self.bytes.extend_from_slice(buffer);
                Ok(buffer.len())
            }
        })
    }

    fn poll_flush(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn poll_shutdown(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::task::Poll::Ready(Ok(()))
    }
}
