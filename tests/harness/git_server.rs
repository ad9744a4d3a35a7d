//! [`GitServer`]: `git http-backend`, Git's own server, behind a host for CGI programs (RFC 3875), which counts requests and may ask for a
//! password.

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A server until it is dropped.
pub struct GitServer {
    /// Where it listens on the loopback.
    pub port: u16,
    requests: Arc<AtomicUsize>,
    _runtime: tokio::runtime::Runtime,
}

struct Host {
    root: PathBuf,
    /// What `Authorization` has to say.
    password: Option<&'static str>,
    requests: Arc<AtomicUsize>,
}

impl GitServer {
    /// Serves the repositories below a directory.
    #[must_use]
    pub fn start(root: &Path, password: Option<&'static str>) -> GitServer {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("it works");
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("it works");
        let port = listener.local_addr().expect("it works").port();
        let requests = Arc::new(AtomicUsize::new(0));
        let host = Arc::new(Host { root: root.to_owned(), password, requests: Arc::clone(&requests) });
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let host = Arc::clone(&host);
                tokio::spawn(async move {
                    let answer = service_fn(|request| {
                        let host = Arc::clone(&host);
                        async move { Ok::<_, Infallible>(host.answer(request).await) }
                    });
                    let _ =
                        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
                });
            }
        });
        GitServer { port, requests, _runtime: runtime }
    }

    /// How many requests came since this was last called.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.requests.swap(0, Ordering::SeqCst)
    }
}

impl Host {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        self.requests.fetch_add(1, Ordering::SeqCst);
        let header =
            |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
        if self.password.is_some_and(|password| header("authorization") != password) {
            let refusal = Response::builder().status(401).header("WWW-Authenticate", "Basic realm=\"git\"");
            return refusal.body(Full::default()).expect("it works");
        }
        let mut command = Command::new("git");
        command
            .arg("http-backend")
            .env("GIT_PROJECT_ROOT", &self.root)
            .env("GIT_HTTP_EXPORT_ALL", "1")
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", "safe.directory")
            .env("GIT_CONFIG_VALUE_0", "*")
            .env("REQUEST_METHOD", request.method().as_str())
            .env("PATH_INFO", request.uri().path())
            .env("QUERY_STRING", request.uri().query().unwrap_or(""))
            .env("REMOTE_ADDR", "127.0.0.1")
            .env("CONTENT_TYPE", header("content-type"))
            .env("HTTP_CONTENT_ENCODING", header("content-encoding"))
            .env("GIT_PROTOCOL", header("git-protocol"));
        let body = request.into_body().collect().await.expect("it works").to_bytes();
        command.env("CONTENT_LENGTH", body.len().to_string());
        let output = tokio::task::spawn_blocking(move || run(command, &body)).await.expect("it works");
        respond(&output)
    }
}

fn run(mut command: Command, body: &[u8]) -> Vec<u8> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("git http-backend");
    let mut stdin = child.stdin.take().expect("it works");
    std::thread::scope(|scope| {
        scope.spawn(move || drop(stdin.write_all(body)));
        child.wait_with_output().expect("it works").stdout
    })
}

/// Headers, an empty line, the body.
fn respond(output: &[u8]) -> Response<Full<Bytes>> {
    let end = output.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("headers");
    let mut response = Response::builder();
    for line in String::from_utf8_lossy(&output[..end]).lines() {
        let (name, value) = line.split_once(": ").expect("a header");
        response = match name {
            "Status" => response.status(value[..3].parse::<u16>().expect("it works")),
            _ => response.header(name, value),
        };
    }
    response.body(Full::from(output[end + 4..].to_vec())).expect("it works")
}
