//! [`Reader`]: what a registry publishes, in answers of bounded length, and never over plain HTTP but on this machine, wherever the
//! registry sends its readers.
//!
//! Formats: OCI distribution 1.1 (opencontainers/distribution-spec, spec.md); tokens as Docker's registries give them
//! (distribution.github.io/distribution/spec/auth/token).

use super::super::unreachable;
use http_auth::parser::ChallengeParser;
use oci_client::secrets::RegistryAuth;
use ordain_model::digest::Digest;
use ordain_model::module::PackageProblem;
use ordain_model::module::parse::is_loopback;
use reqwest::header::{ACCEPT, WWW_AUTHENTICATE};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode, Url};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::time::Duration;

/// The media type of a manifest.
pub(super) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// Tags that are asked for at once.
const PAGE: usize = 1_000;
/// Most tags that are looked through.
const MOST_TAGS: usize = 100_000;
/// Longest answer that is no layer, in bytes: the specification advises registries to take manifests of 4 MiB.
const LONGEST: usize = 4 << 20;
/// Most redirections that are followed.
const MOST_REDIRECTIONS: usize = 10;

/// A repository of a registry, and who reads it.
pub(super) struct Reader {
    client: Client,
    /// Name and password of whoever is logged in.
    user: Option<(String, String)>,
    authorization: Option<Authorization>,
    host: String,
    path: String,
}

enum Authorization {
    Bearer(String),
    Basic,
}

struct Answer {
    status: StatusCode,
    challenge: String,
    bytes: Vec<u8>,
}

impl Reader {
    /// A reader that has asked nothing yet.
    ///
    /// # Errors
    /// There are no trusted authorities to read.
    pub(super) fn new(host: &str, path: &str, user: Option<(String, String)>) -> Result<Reader, PackageProblem> {
        let redirect = Policy::custom(|attempt| match attempt.previous().len() > MOST_REDIRECTIONS {
            true => attempt.error("it sends its readers from place to place"),
            false if is_safe(attempt.url()) => attempt.follow(),
            false => attempt.error("it sends its readers on over plain HTTP, where everybody can change what they get"),
        });
        let client = Client::builder()
            .connect_timeout(Duration::from_secs(30))
            .read_timeout(Duration::from_secs(60))
            .redirect(redirect)
            .user_agent(concat!("ordain/", env!("CARGO_PKG_VERSION")));
        let client = client.build().map_err(|error| failed(&error))?;
        Ok(Reader { client, user, authorization: None, host: host.to_owned(), path: path.to_owned() })
    }

    /// Every tag. Registries that know no pages answer with all of them each time.
    ///
    /// # Errors
    /// The registry cannot be asked or refuses.
    pub(super) async fn tags(&mut self) -> Result<BTreeSet<String>, PackageProblem> {
        let mut tags = BTreeSet::new();
        let mut last: Option<String> = None;
        loop {
            let mut url = self.url("tags/list")?;
            url.query_pairs_mut().append_pair("n", &PAGE.to_string());
            if let Some(last) = &last {
                url.query_pairs_mut().append_pair("last", last);
            }
            let answer: Json = json(&self.ask(url, None, LONGEST).await?.good()?)?;
            let page: Vec<String> = match &answer["tags"] {
                Json::Array(tags) => tags.iter().filter_map(|tag| tag.as_str().map(str::to_owned)).collect(),
                _ => Vec::new(),
            };
            let (length, before) = (page.len(), tags.len());
            last = page.last().cloned();
            tags.extend(page);
            if length < PAGE || tags.len() == before || tags.len() > MOST_TAGS {
                return Ok(tags);
            }
        }
    }

    /// The manifest that a tag or digest names; none where there is none.
    ///
    /// # Errors
    /// The registry cannot be asked or refuses.
    pub(super) async fn manifest(&mut self, name: &str) -> Result<Option<Vec<u8>>, PackageProblem> {
        let answer = self.ask(self.url(&format!("manifests/{name}"))?, Some(MANIFEST), LONGEST).await?;
        match answer.status {
            StatusCode::NOT_FOUND => Ok(None),
            _ => answer.good().map(Some),
        }
    }

    /// A blob of this digest and size.
    ///
    /// # Errors
    /// The registry cannot be asked, refuses, or sends something else.
    pub(super) async fn blob(&mut self, digest: &Digest, size: usize) -> Result<Vec<u8>, PackageProblem> {
        let bytes = self.ask(self.url(&format!("blobs/{digest}"))?, None, size).await?.good()?;
        match Digest::of(&bytes) == *digest {
            true => Ok(bytes),
            false => Err(unreachable(format!("the registry sent another layer than {digest}"))),
        }
    }

    /// What whoever writes shows to the registry. The password is sent as for reading: to the registry or to who gives
    /// tokens in its name, and never over plain HTTP.
    ///
    /// # Errors
    /// The registry cannot be asked, or gives no token.
    pub(super) async fn writes(&self) -> Result<RegistryAuth, PackageProblem> {
        let mut top = self.url("")?;
        top.set_path("/v2/");
        let answer = self.send(top, None, None, LONGEST).await?;
        Ok(match (self.authorize(&answer.challenge, "pull,push").await?, &self.user) {
            (Some(Authorization::Bearer(token)), _) => RegistryAuth::Bearer(token),
            (Some(Authorization::Basic), Some((user, password))) => RegistryAuth::Basic(user.clone(), password.clone()),
            _ => RegistryAuth::Anonymous,
        })
    }

    fn url(&self, what: &str) -> Result<Url, PackageProblem> {
        let scheme = if is_loopback(&self.host) { "http" } else { "https" };
        let url = format!("{scheme}://{}/v2/{}/{what}", self.host, self.path);
        Url::parse(&url).map_err(|error| unreachable(format!("`{url}` is no address: {error}")))
    }

    /// Asks, and where the registry wants to know who does, once more.
    async fn ask(&mut self, url: Url, accept: Option<&str>, longest: usize) -> Result<Answer, PackageProblem> {
        let answer = self.send(url.clone(), accept, self.authorization.as_ref(), longest).await?;
        if answer.status != StatusCode::UNAUTHORIZED || self.authorization.is_some() {
            return Ok(answer);
        }
        self.authorization = self.authorize(&answer.challenge, "pull").await?;
        match &self.authorization {
            Some(known) => self.send(url, accept, Some(known), longest).await,
            None => Ok(answer),
        }
    }

    async fn send(
        &self,
        url: Url,
        accept: Option<&str>,
        known: Option<&Authorization>,
        longest: usize,
    ) -> Result<Answer, PackageProblem> {
        let request = self.client.get(url);
        let request = match (known, &self.user) {
            (Some(Authorization::Bearer(token)), _) => request.bearer_auth(token),
            (Some(Authorization::Basic), Some((user, password))) => request.basic_auth(user, Some(password)),
            _ => request,
        };
        let request = accept.into_iter().fold(request, |request, media| request.header(ACCEPT, media));
        let mut response = request.send().await.map_err(|error| failed(&error))?;
        let challenge = response.headers().get(WWW_AUTHENTICATE).and_then(|value| value.to_str().ok());
        let (status, challenge) = (response.status(), challenge.unwrap_or_default().to_owned());
        // What is said of a failure may be longer than the layer would be.
        let longest = if status.is_success() { longest } else { LONGEST };
        let mut bytes = Vec::new();
        while let Some(more) = response.chunk().await.map_err(|error| failed(&error))? {
            if bytes.len() + more.len() > longest {
                return Err(unreachable(format!("the registry: its answer is longer than {longest} bytes")));
            }
            bytes.extend_from_slice(&more);
        }
        Ok(Answer { status, challenge, bytes })
    }

    /// What a registry takes for an answer to its challenge, where there is something.
    async fn authorize(&self, challenge: &str, scope: &str) -> Result<Option<Authorization>, PackageProblem> {
        for challenge in ChallengeParser::new(challenge).flatten() {
            let value = |name: &str| {
                let found = challenge.params.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
                found.map(|(_, value)| value.to_unescaped())
            };
            if challenge.scheme.eq_ignore_ascii_case("bearer") {
                let Some(realm) = value("realm") else { continue };
                return self.token(&realm, value("service"), scope).await.map(Some);
            }
            if challenge.scheme.eq_ignore_ascii_case("basic") && self.user.is_some() {
                return Ok(Some(Authorization::Basic));
            }
        }
        Ok(None)
    }

    async fn token(&self, realm: &str, service: Option<String>, scope: &str) -> Result<Authorization, PackageProblem> {
        let mut url = Url::parse(realm).map_err(|_| unreachable("the registry names no place that gives tokens"))?;
        if !is_safe(&url) {
            return Err(unreachable("the registry wants a password to be sent over plain HTTP"));
        }
        url.query_pairs_mut().append_pair("scope", &format!("repository:{}:{scope}", self.path));
        url.query_pairs_mut().extend_pairs(service.map(|service| ("service", service)));
        let known = self.user.as_ref().map(|_| &Authorization::Basic);
        let answer: Json = json(&self.send(url, None, known, LONGEST).await?.good()?)?;
        let token = ["token", "access_token"].iter().find_map(|name| answer[*name].as_str());
        token
            .map(|token| Authorization::Bearer(token.to_owned()))
            .ok_or_else(|| unreachable("the registry gives no token"))
    }
}

impl Answer {
    /// The bytes of a good answer; what the registry says in a bad one.
    fn good(self) -> Result<Vec<u8>, PackageProblem> {
        if self.status.is_success() {
            return Ok(self.bytes);
        }
        let said: Json = serde_json::from_slice(&self.bytes).unwrap_or_default();
        let word = |name: &str| said["errors"][0][name].as_str().unwrap_or_default().to_owned();
        Err(unreachable(format!("the registry: it answers {}: {} {}", self.status, word("code"), word("message"))))
    }
}

/// Whether nobody on the way can read or change what goes to an address.
fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" || url.host_str().is_some_and(is_loopback)
}

fn json(bytes: &[u8]) -> Result<Json, PackageProblem> {
    serde_json::from_slice(bytes).map_err(|_| unreachable("the registry: its answer is no JSON"))
}

fn failed(error: &reqwest::Error) -> PackageProblem {
    let mut text = format!("the registry: {error}");
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text.push_str(&format!(": {next}"));
        cause = next.source();
    }
    if text.contains("UnknownIssuer") {
        text.push_str(
            "; `SSL_CERT_FILE` names the certificates of authorities that are trusted in place of the system's",
        );
    }
    unreachable(text)
}
