//! [`Server`]: the API server, asked with one deadline for reaching it, bounded retries, and a count of what was asked.

use super::configuration::{ANSWER, CONNECT, Reached};
use super::reason::Refusal;
use http::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Limited};
use kube::Client;
use kube::client::Body;
use ordain_model::Text;
use ordain_model::observation::{Cause, Reason};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OnceCell, Semaphore};
use tokio::time::{sleep, timeout};

/// Requests under way at once.
const AT_ONCE: usize = 8;
/// How often what is read is asked for, when the answer may be another one a moment later.
const ATTEMPTS: u32 = 3;
/// The pause after the first attempt; the next one is twice as long.
const PAUSE: Duration = Duration::from_millis(500);
/// The longest pause, whatever the server asks for.
const LONGEST: Duration = Duration::from_secs(5);
/// What an answer may measure at most: a page of 500 objects of a megabyte and a half each, etcd's limit, never comes near.
const LARGEST: usize = 256 << 20;

/// The API server of one cluster.
pub(crate) struct Server {
    /// Where it is.
    pub reached: Reached,
    client: OnceCell<Result<Client, Reason>>,
    slots: Semaphore,
    calls: Mutex<BTreeMap<Text, u64>>,
}

/// One request.
pub(crate) struct Call<'a> {
    /// What it does, in the words of a role: `list pods`.
    pub action: &'a str,
    /// Method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// The form of the body, and the body.
    pub body: Option<(&'static str, &'a Json)>,
}

/// Why a request has no answer that counts.
pub(crate) enum Failure {
    /// The server refused.
    Refused(Refusal),
    /// It did not answer, or nothing like this can be asked.
    Unanswered(Reason),
}

impl Failure {
    /// What it means for what was to be read.
    pub(crate) fn of_read(self, action: &str) -> Reason {
        match self {
            Failure::Refused(refusal) => refusal.of_read(action),
            Failure::Unanswered(reason) => reason,
        }
    }
}

impl Server {
    /// A server that was asked nothing yet.
    pub(crate) fn new(reached: Reached) -> Server {
        let (client, calls) = (OnceCell::new(), Mutex::default());
        Server { reached, client, slots: Semaphore::new(AT_ONCE), calls }
    }

    /// Reads: asks again, a few times, where the answer may be another one a moment later.
    ///
    /// # Errors
    /// Why nothing was read.
    pub(crate) async fn get(&self, action: &str, path: String) -> Result<Vec<u8>, Failure> {
        let call = Call { action, method: Method::GET, path, body: None };
        let mut pause = PAUSE;
        for _ in 1..ATTEMPTS {
            let asked = match self.once(&call).await {
                Err((Failure::Refused(refusal), asked)) if refusal.passes() => asked,
                Err((Failure::Unanswered(reason), asked)) if reason.cause == Cause::Unreachable && self.is_up() => {
                    asked
                }
                other => return other.map_err(|(failure, _)| failure),
            };
            sleep(asked.unwrap_or(pause).min(LONGEST)).await;
            pause *= 2;
        }
        self.once(&call).await.map_err(|(failure, _)| failure)
    }

    /// Asks for a change, once: only what the server refused for being too much at once is sent again.
    ///
    /// # Errors
    /// What the server said, or that it did not answer to the end.
    pub(crate) async fn change(&self, call: &Call<'_>) -> Result<Vec<u8>, Failure> {
        match self.once(call).await {
            Err((Failure::Refused(refusal), asked)) if refusal.code == 429 => {
                sleep(asked.unwrap_or(PAUSE).min(LONGEST)).await;
                self.once(call).await.map_err(|(failure, _)| failure)
            }
            other => other.map_err(|(failure, _)| failure),
        }
    }

    /// Calls by action since the last time this was asked.
    pub(crate) fn take_calls(&self) -> BTreeMap<Text, u64> {
        std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reaches the server, within one deadline for everything that this takes.
    ///
    /// # Errors
    /// Why nothing of it can be read.
    pub(crate) async fn connect(&self) -> Result<Client, Reason> {
        let reach = async || match timeout(CONNECT, self.reach()).await {
            Ok(client) => client,
            Err(_) => Err(self.silent(&format!("no answer in {} s", CONNECT.as_secs()))),
        };
        self.client.get_or_init(reach).await.clone()
    }

    /// A credential plugin runs here, which may take any time: hence a thread of its own.
    async fn reach(&self) -> Result<Client, Reason> {
        let config = self.reached.config.clone();
        let runtime = tokio::runtime::Handle::current();
        let made = tokio::task::spawn_blocking(move || {
            let _entered = runtime.enter();
            Client::try_from(config)
        });
        let made = made.await.map_err(|_| Reason::new(Cause::Failed, "no client could be made"))?;
        let client = made.map_err(|error| unmade(&error))?;
        let call = Call { action: "get version", method: Method::GET, path: "/version".to_owned(), body: None };
        match self.send(&client, &call).await {
            // Who is refused here has reached it: what is refused then, each list says.
            Ok(_) | Err((Failure::Refused(_), _)) => Ok(client),
            Err((Failure::Unanswered(reason), _)) => Err(reason),
        }
    }

    fn is_up(&self) -> bool {
        matches!(self.client.get(), Some(Ok(_)))
    }

    async fn once(&self, call: &Call<'_>) -> Result<Vec<u8>, (Failure, Option<Duration>)> {
        let client = self.connect().await.map_err(|reason| (Failure::Unanswered(reason), None))?;
        let _slot = self.slots.acquire().await;
        self.send(&client, call).await
    }

    async fn send(&self, client: &Client, call: &Call<'_>) -> Result<Vec<u8>, (Failure, Option<Duration>)> {
        *self.calls.lock().unwrap_or_else(PoisonError::into_inner).entry(call.action.into()).or_default() += 1;
        let request = request(call).map_err(|reason| (Failure::Unanswered(reason), None))?;
        let unanswered = |what: &str| (Failure::Unanswered(self.silent(&format!("{}: {what}", call.action))), None);
        let answered = async {
            let answer =
                client.send(request).await.map_err(|error| (Failure::Unanswered(self.broken(call, &error)), None))?;
            let (head, body) = answer.into_parts();
            let body = Limited::new(body, LARGEST).collect().await.map_err(|_| unanswered("the answer broke off"))?;
            Ok::<_, (Failure, Option<Duration>)>((head.status, head.headers, body.to_bytes().to_vec()))
        };
        let late = unanswered(&format!("no answer in {} s", ANSWER.as_secs()));
        let (status, headers, body) = timeout(ANSWER, answered).await.unwrap_or(Err(late))?;
        match status {
            StatusCode::OK | StatusCode::CREATED | StatusCode::ACCEPTED => Ok(body),
            refused => Err((Failure::Refused(Refusal::read(refused, &body)), pause(&headers))),
        }
    }

    fn silent(&self, what: &str) -> Reason {
        Reason::new(Cause::Unreachable, format!("{} {what}", self.reached.address))
    }

    /// Why a request was not answered. The library's messages are not repeated: they may quote what a plugin printed.
    fn broken(&self, call: &Call<'_>, error: &kube::Error) -> Reason {
        match error {
            kube::Error::Auth(_) => unmade(error),
            _ => self.silent(&format!("{}: {}", call.action, sort(error))),
        }
    }
}

/// What the operating system or TLS says, else that there was no answer.
fn sort(error: &kube::Error) -> String {
    let mut inner: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = inner {
        let io = error.downcast_ref::<std::io::Error>();
        if let Some(error) = error.downcast_ref::<rustls::Error>() {
            return error.to_string();
        }
        if let Some(io) = io.filter(|io| io.get_ref().is_none()) {
            return io.kind().to_string();
        }
        // What one of the system's errors carries is not what it names as its source, but comes before that.
        let carried = io.and_then(std::io::Error::get_ref).map(|of| of as &(dyn std::error::Error + 'static));
        inner = carried.or_else(|| error.source());
    }
    "no answer".to_owned()
}

/// Why there are no credentials, without what a plugin printed.
fn unmade(error: &kube::Error) -> Reason {
    use kube::client::AuthError;
    let what = match error {
        kube::Error::Auth(AuthError::AuthExecStart(error)) => {
            format!("the credential plugin does not start: {}", error.kind())
        }
        kube::Error::Auth(AuthError::AuthExecRun { out, .. }) => {
            format!("the credential plugin failed with {}", out.status)
        }
        kube::Error::Auth(AuthError::AuthExecParse(_) | AuthError::ExecPluginFailed) => {
            "the credential plugin printed no credentials".to_owned()
        }
        kube::Error::Auth(AuthError::ReadTokenFile(error, path)) => {
            format!("the token in `{}` cannot be read: {}", path.display(), error.kind())
        }
        kube::Error::Auth(_) => "the context's credentials cannot be used".to_owned(),
        _ => "the context cannot be used: its certificates do not read".to_owned(),
    };
    Reason::new(Cause::NoCredentials, what)
}

fn request(call: &Call<'_>) -> Result<Request<Body>, Reason> {
    let wrong = || Reason::new(Cause::Failed, format!("{}: cannot be asked for", call.action));
    let mut request = Request::builder().method(&call.method).uri(&call.path).header(ACCEPT, "application/json");
    let body = match &call.body {
        Some((form, body)) => {
            request = request.header(CONTENT_TYPE, *form);
            Body::from(serde_json::to_vec(body).map_err(|_| wrong())?)
        }
        None => Body::empty(),
    };
    request.body(body).map_err(|_| wrong())
}

/// How long the server asks to wait.
fn pause(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok().map(Duration::from_secs)
}
