//! [`Proxy`]: stands between a client and a back end on the loopback, counts what is called and does what a [`Rule`] says.

use crate::operation::Operation;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;

/// Something that happens in the world, at a call.
pub type Happens = Arc<dyn Fn(&Call) + Send + Sync>;

/// What happens to a call.
#[derive(Clone)]
pub enum Fault {
    /// Refused as called too often, in the form of the API's protocol.
    Throttled,
    /// Fails inside, in the form of the API's protocol.
    Failed,
    /// The back end carries the call out, then it fails inside, in the form of the API's protocol.
    FailedAfter,
    /// Refused as not allowed, in the form of the API's protocol.
    Denied,
    /// This error, in the form of the API's protocol: status, code, message.
    Error(u16, &'static str, &'static str),
    /// The connection closes before the back end sees the call.
    DroppedBefore,
    /// The back end carries the call out, then the connection closes without an answer.
    DroppedAfter,
    /// The call waits, then goes on.
    Delayed(Duration),
    /// The call waits until as many are waiting as the barrier is for, then they all go on: calls that a client never has
    /// under way together are never answered.
    Together(Arc<Barrier>),
    /// The answer that the same request got before the last write: an API that is not yet consistent. The back end sees
    /// nothing. Befalls only requests that were answered before and that a write has followed.
    Stale,
    /// This answer in the API's documented shape: status, content type, body. The back end sees nothing.
    Answered(u16, &'static str, String),
    /// Something happens in the world, then the call goes on.
    Meanwhile(Happens),
    /// The call is carried out, then something happens in the world, then the answer goes back.
    Afterwards(Happens),
}

/// Which calls a fault befalls.
#[derive(Clone)]
pub struct Rule {
    /// `eks:DescribeCluster`, or `*` for every call.
    operation: String,
    /// Only calls whose path or body says this.
    mentioning: Option<String>,
    /// Only once a call of this operation was carried out.
    since: Option<String>,
    /// So many times more; `None` for ever.
    left: Option<u32>,
    fault: Fault,
}

impl Rule {
    /// The fault befalls every call of an operation (`*`: of any).
    #[must_use]
    pub fn always(operation: &str, fault: Fault) -> Rule {
        Rule { operation: operation.into(), mentioning: None, since: None, left: None, fault }
    }

    /// The fault befalls the next calls of an operation, so many times.
    #[must_use]
    pub fn times(times: u32, operation: &str, fault: Fault) -> Rule {
        Rule { left: Some(times), ..Rule::always(operation, fault) }
    }

    /// Narrows a rule to calls whose path or body says `text`.
    #[must_use]
    pub fn mentioning(self, text: &str) -> Rule {
        Rule { mentioning: Some(text.into()), ..self }
    }

    /// Narrows a rule to calls that come after one of another operation was carried out.
    #[must_use]
    pub fn since(self, operation: &str) -> Rule {
        Rule { since: Some(operation.into()), ..self }
    }

    fn befalls(&self, operation: &Operation, path: &str, body: &[u8]) -> bool {
        let said =
            |text: &String| path.contains(text.as_str()) || String::from_utf8_lossy(body).contains(text.as_str());
        (self.operation == "*" || self.operation == operation.name)
            && self.left != Some(0)
            && self.mentioning.as_ref().is_none_or(said)
    }
}

/// One call as the proxy saw it.
#[derive(Clone, Debug)]
pub struct Call {
    /// What was called, where and by whom.
    pub operation: Operation,
    /// Path and query.
    pub path: String,
    /// Body, as text.
    pub body: String,
    /// The status that the back end answered; none where it did not see the call.
    pub answered: Option<u16>,
}

impl Call {
    /// Whether it only reads, by the verb of its name.
    #[must_use]
    pub fn reads(&self) -> bool {
        let verbs = ["BatchGet", "Describe", "Get", "Head", "List"];
        self.operation.name.split_once(':').is_some_and(|(_, name)| verbs.iter().any(|verb| name.starts_with(verb)))
    }

    fn is(&self, other: &Call) -> bool {
        (&self.operation.name, &self.path, &self.body) == (&other.operation.name, &other.path, &other.body)
    }
}

/// What an answer becomes where the back end leaves something out of it that the API documents.
pub type Amendment = Arc<dyn Fn(&Call, &str) -> String + Send + Sync>;

#[derive(Default)]
struct State {
    rules: Vec<Rule>,
    calls: Vec<Call>,
    /// By operation, what its answers become.
    amendments: BTreeMap<String, Amendment>,
    /// Operations that are answered again as they were where the same request comes again.
    once: BTreeSet<String>,
    /// Headers that every call gets on its way.
    headers: Vec<(&'static str, &'static str)>,
    /// By the call's number, what the back end answered to it.
    answers: BTreeMap<usize, Response<Bytes>>,
}

impl State {
    /// What the same request was answered before a write that was carried out since.
    fn stale(&self, call: &Call) -> Option<&Response<Bytes>> {
        let carried = |call: &Call| call.answered.is_some_and(|status| status < 300);
        let last_write = self.calls.iter().rposition(|other| carried(other) && !other.reads())?;
        self.answers.range(..last_write).rev().find(|(at, _)| self.calls[**at].is(call)).map(|(_, answer)| answer)
    }

    /// The first rule that befalls a call.
    fn fault(&mut self, call: &Call) -> Option<Fault> {
        let carried_out = |name: &String| {
            self.calls
                .iter()
                .any(|call| call.operation.name == *name && call.answered.is_some_and(|status| status < 300))
        };
        let fits = |rule: &Rule| {
            rule.befalls(&call.operation, &call.path, call.body.as_bytes())
                && rule.since.as_ref().is_none_or(carried_out)
                && (!matches!(rule.fault, Fault::Stale) || self.stale(call).is_some())
        };
        let at = self.rules.iter().position(fits)?;
        let rule = &mut self.rules[at];
        rule.left = rule.left.map(|left| left - 1);
        Some(rule.fault.clone())
    }
}

/// A proxy that runs until it is dropped.
pub struct Proxy {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    /// Dropping the runtime stops the listener and every connection.
    _runtime: tokio::runtime::Runtime,
}

impl Proxy {
    /// Starts on a free loopback port in front of `upstream`.
    #[must_use]
    pub fn before(upstream: SocketAddr) -> Proxy {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a free loopback port");
        let address = listener.local_addr().expect("a bound address");
        let state = Arc::new(Mutex::new(State::default()));
        runtime.spawn(accept(listener, upstream, Arc::clone(&state)));
        Proxy { address, state, _runtime: runtime }
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Adds a rule; the first that fits a call decides.
    pub fn rule(&self, rule: Rule) {
        lock(&self.state).rules.push(rule);
    }

    /// The next calls of these operations, so many of each, wait for each other.
    pub fn together(&self, round: &[(&str, u32)]) {
        let all: u32 = round.iter().map(|(_, times)| times).sum();
        let barrier = Arc::new(Barrier::new(all as usize));
        for (operation, times) in round {
            self.rule(Rule::times(*times, operation, Fault::Together(Arc::clone(&barrier))));
        }
    }

    /// From now on the answers of these operations are amended.
    pub fn amend(&self, operations: &[&str], amendment: &Amendment) {
        let all = operations.iter().map(|operation| ((*operation).to_owned(), Arc::clone(amendment)));
        lock(&self.state).amendments.extend(all);
    }

    /// From now on the same request of one of these operations, with the idempotency token in it, is carried out once: what it
    /// was answered is answered again.
    pub fn once(&self, operations: &[&str]) {
        lock(&self.state).once.extend(operations.iter().map(|operation| (*operation).to_owned()));
    }

    /// Gives every call a header more on its way.
    pub fn add_header(&self, name: &'static str, value: &'static str) {
        lock(&self.state).headers.push((name, value));
    }

    /// Forgets rules and calls, and keeps amending.
    pub fn clear(&self) {
        let mut state = lock(&self.state);
        let (amendments, once) = (std::mem::take(&mut state.amendments), std::mem::take(&mut state.once));
        *state = State { amendments, once, ..State::default() };
    }

    /// The calls so far, in the order in which they arrived.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.state).calls.clone()
    }

    /// How often each operation was called.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for call in self.calls() {
            *counts.entry(call.operation.name).or_default() += 1;
        }
        counts
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("no test panics while it holds the lock")
}

async fn accept(listener: TcpListener, upstream: SocketAddr, state: Arc<Mutex<State>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            let service = service_fn(move |request| serve(request, upstream, Arc::clone(&state)));
            // An error here is a connection that a rule or the client closed.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

async fn serve(
    request: Request<Incoming>,
    upstream: SocketAddr,
    state: Arc<Mutex<State>>,
) -> Result<Response<Full<Bytes>>, Failure> {
    let (mut head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    for (name, value) in &lock(&state).headers {
        head.headers.insert(*name, value.parse()?);
    }
    let operation = Operation::of(&head.method, &head.uri, &head.headers, &body);
    let (number, fault, stale) = note(&state, &operation, &head.uri.to_string(), &body);
    let call = lock(&state).calls.get(number).cloned();
    let happening = |happens: Happens| tokio::task::spawn_blocking(move || call.iter().for_each(|call| happens(call)));
    let again = again(&lock(&state), number);
    let forward = async {
        if let Some(answer) = again {
            return Ok(answer);
        }
        let answer = forward(Request::from_parts(head, Full::new(body)), upstream).await?;
        Ok::<_, Failure>(answered(&mut lock(&state), number, answer))
    };
    let answer = match fault {
        None => forward.await?,
        Some(Fault::Throttled) => operation.throttled(),
        Some(Fault::Failed) => operation.failed(),
        Some(Fault::FailedAfter) => {
            forward.await?;
            operation.failed()
        }
        Some(Fault::Denied) => operation.denied(),
        Some(Fault::Error(status, code, message)) => operation.error(status, code, message),
        Some(Fault::DroppedBefore) => return Err("dropped by a rule".into()),
        Some(Fault::DroppedAfter) => {
            forward.await?;
            return Err("dropped by a rule after it was carried out".into());
        }
        Some(Fault::Stale) => stale.ok_or("no answer to repeat")?,
        Some(Fault::Together(barrier)) => {
            barrier.wait().await;
            forward.await?
        }
        Some(Fault::Delayed(time)) => {
            tokio::time::sleep(time).await;
            forward.await?
        }
        Some(Fault::Answered(status, sort, body)) => {
            Response::builder().status(status).header("content-type", sort).body(Bytes::from(body))?
        }
        Some(Fault::Meanwhile(happens)) => {
            happening(happens).await?;
            forward.await?
        }
        Some(Fault::Afterwards(happens)) => {
            let answer = forward.await?;
            happening(happens).await?;
            answer
        }
    };
    Ok(answer.map(Full::new))
}

/// Writes the call down and takes the fault that befalls it. The call's number, and what [`Fault::Stale`] would answer.
fn note(
    state: &Mutex<State>,
    operation: &Operation,
    path: &str,
    body: &[u8],
) -> (usize, Option<Fault>, Option<Response<Bytes>>) {
    let mut state = lock(state);
    let body = String::from_utf8_lossy(body).into_owned();
    let call = Call { operation: operation.clone(), path: path.into(), body, answered: None };
    let fault = state.fault(&call);
    let stale = matches!(fault, Some(Fault::Stale)).then(|| state.stale(&call).cloned()).flatten();
    state.calls.push(call);
    (state.calls.len() - 1, fault, stale)
}

/// What the same request was answered, where its operation is carried out once.
fn again(state: &State, number: usize) -> Option<Response<Bytes>> {
    let call = state.calls.get(number).filter(|call| state.once.contains(&call.operation.name))?;
    let answers = state.answers.iter().filter(|(_, answer)| answer.status().is_success());
    answers
        .map(|(at, answer)| (&state.calls[*at], answer))
        .find(|(other, _)| other.is(call))
        .map(|(_, answer)| answer.clone())
}

/// Writes down what a call was answered, and amends it.
fn answered(state: &mut State, number: usize, answer: Response<Bytes>) -> Response<Bytes> {
    // Forgotten in between, where a test clears the proxy.
    let Some(call) = state.calls.get_mut(number) else { return answer };
    call.answered = Some(answer.status().as_u16());
    let answer = match state.amendments.get(&call.operation.name) {
        Some(amend) if answer.status().is_success() => amended(answer, |text| amend(call, text)),
        _ => answer,
    };
    state.answers.insert(number, answer.clone());
    answer
}

fn amended(answer: Response<Bytes>, amend: impl Fn(&str) -> String) -> Response<Bytes> {
    let mut answer = answer.map(|body| Bytes::from(amend(&String::from_utf8_lossy(&body))));
    answer.headers_mut().remove("content-length");
    answer
}

/// Passes a call on as it is, its signed headers included.
async fn forward(request: Request<Full<Bytes>>, upstream: SocketAddr) -> Result<Response<Bytes>, Failure> {
    let stream = TcpStream::connect(upstream).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let (mut head, body) = sender.send_request(request).await?.into_parts();
    let body = body.collect().await?.to_bytes();
    // The body is whole now: its length is known, however it was sent.
    head.headers.remove("transfer-encoding");
    Ok(Response::from_parts(head, body))
}
