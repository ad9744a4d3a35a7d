//! OCI registries: a module is an artifact of one layer, a tar. Credentials are those of `docker login`, read where Docker keeps them.
//!
//! Formats: OCI image manifest 1.1 and its guidance for artifacts (opencontainers/image-spec, manifest.md).

mod reader;

use super::archive;
use super::{choose, named, unreachable};
use docker_credential::{CredentialRetrievalError, DockerCredential};
use oci_client::client::{ClientConfig, ClientProtocol};
use oci_client::errors::OciDistributionError;
use oci_client::secrets::RegistryAuth;
use oci_client::{Client, Reference, RegistryOperation};
use ordain_model::Text;
use ordain_model::digest::{Digest, canonical};
use ordain_model::module::PackageProblem;
use ordain_model::module::Wanted;
use ordain_model::module::parse::is_loopback;
use ordain_model::package::{MOST_BYTES, MOST_FILES, Package, Refusal, Why};
use reader::{MANIFEST, Reader};
use serde_json::{Value as Json, json};
use std::time::Duration;

/// What the artifact is.
const ARTIFACT: &str = "application/vnd.ordain.module.v1";
/// The media type of a layer that is pushed; with this ending it is gzipped.
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";
/// The configuration that is none.
const EMPTY: &[u8] = b"{}";
/// Longest layer: as [`archive`] bounds it.
const LONGEST: u64 = MOST_BYTES + 4_096 * MOST_FILES as u64;

/// The version, where one is wanted, and the digest of the manifest that a request chooses.
///
/// # Errors
/// The registry cannot be asked, or has no such version or tag.
pub fn resolve(host: &str, path: &str, wanted: &Wanted) -> Result<(Option<Text>, Text), PackageProblem> {
    let mut registry = reader(host, path)?;
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
        let manifest = registry.manifest(&tag).await?;
        let manifest = manifest.ok_or_else(|| unreachable(format!("the registry: it has no tag `{tag}`")))?;
        Ok((version, Digest::of(&manifest).to_string().into()))
    })
}

/// The files of an artifact.
///
/// # Errors
/// The registry cannot be asked or no longer has it, it is no module, or something in it is refused.
pub fn fetch(host: &str, path: &str, revision: &str) -> Result<Package, PackageProblem> {
    let mut registry = reader(host, path)?;
    let layer = block(async {
        let manifest = registry.manifest(revision).await?;
        let manifest = manifest.ok_or_else(|| unreachable(format!("the registry: it no longer has {revision}")))?;
        if Digest::of(&manifest).to_string() != revision {
            return Err(unreachable(format!("the registry sent another manifest than {revision}")));
        }
        let Layer { digest, size } = layer(&manifest)?;
        registry.blob(&digest, size).await
    })?;
    archive::unpack(&layer)
}

/// Publishes a package as a version, and returns the digest of its manifest. Publishing the same again changes nothing.
///
/// # Errors
/// The registry cannot be asked or refuses, or the version is another package already.
pub fn push(host: &str, path: &str, version: &semver::Version, package: &Package) -> Result<Text, PackageProblem> {
    let mut registry = reader(host, path)?;
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
        match registry.manifest(&tag).await? {
            Some(there) if there == manifest => return Ok(()),
            Some(_) => return Err(unreachable(format!("version {version} is published already, with other content"))),
            None => {}
        }
        let auth = registry.writes().await?;
        put(host, path, &tag, &auth, &[EMPTY, &layer], &manifest).await
    })?;
    Ok(revision.into())
}

fn reader(host: &str, path: &str) -> Result<Reader, PackageProblem> {
    // One TLS provider in the whole program; whoever comes first installs it.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    Reader::new(host, path, credentials(host)?)
}

/// Uploads blobs and a manifest that names them. What is shown to the registry goes to no other host: the client leaves it
/// out where the registry sends uploads elsewhere, and takes it off where one is redirected to another host, port or scheme.
async fn put(
    host: &str,
    path: &str,
    tag: &str,
    auth: &RegistryAuth,
    blobs: &[&[u8]],
    manifest: &[u8],
) -> Result<(), PackageProblem> {
    let client = Client::new(ClientConfig {
        protocol: if is_loopback(host) { ClientProtocol::Http } else { ClientProtocol::Https },
        connect_timeout: Some(Duration::from_secs(30)),
        read_timeout: Some(Duration::from_secs(60)),
        user_agent: concat!("ordain/", env!("CARGO_PKG_VERSION")),
        ..ClientConfig::default()
    });
    let reference = Reference::with_tag(host.to_owned(), path.to_owned(), tag.to_owned());
    client.auth(&reference, auth, RegistryOperation::Push).await.map_err(|error| failed(&error))?;
    for blob in blobs {
        let pushed = client.push_blob(&reference, blob.to_vec(), &Digest::of(blob).to_string()).await;
        pushed.map_err(|error| failed(&error))?;
    }
    let media = MANIFEST.parse().map_err(|_| unreachable("the manifest has no media type"))?;
    let pushed = client.push_manifest_raw(&reference, manifest.to_vec(), media).await;
    pushed.map(drop).map_err(|error| failed(&error))
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

/// Name and password of whoever is logged in.
fn credentials(host: &str) -> Result<Option<(String, String)>, PackageProblem> {
    match docker_credential::get_credential(host) {
        Ok(DockerCredential::UsernamePassword(user, password)) => Ok(Some((user, password))),
        Ok(DockerCredential::IdentityToken(_)) => Err(unreachable(format!(
            "Docker keeps an identity token for `{host}`, which only Docker can use: log in with a password or access token"
        ))),
        Err(
            CredentialRetrievalError::NoCredentialConfigured
            | CredentialRetrievalError::ConfigNotFound
            | CredentialRetrievalError::ConfigReadError,
        ) => Ok(None),
        // What a helper printed may hold a secret.
        Err(CredentialRetrievalError::HelperFailure { helper, .. }) => {
            Err(unreachable(format!("the credential helper `{helper}` failed for `{host}`")))
        }
        Err(other) => Err(unreachable(format!("the credential of `{host}` cannot be read: {other}"))),
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
