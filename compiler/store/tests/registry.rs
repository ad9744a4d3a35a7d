//! Registries that mean harm: where they send their readers, whom they let ask for a password, and how much they say.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

use ordain_model::digest::Digest;
use ordain_model::module::{PackageProblem, Wanted};
use ordain_model::package::Packing;
use ordain_store::modules::registry::{push, resolve};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// An answer to a request: its path, and its `Authorization` where there is one.
type Answer = fn(&Server, &str, &str) -> Vec<u8>;

/// A server of HTTP on an address of this machine, for as long as the test runs.
struct Server {
    at: String,
    asked: Mutex<Vec<String>>,
}

impl Server {
    fn start(address: &str, answer: Answer) -> Arc<Server> {
        let listener = TcpListener::bind((address, 0)).unwrap();
        let server = Arc::new(Server { at: listener.local_addr().unwrap().to_string(), asked: Mutex::new(Vec::new()) });
        let serving = Arc::clone(&server);
        std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| serving.serve(stream, answer)));
        server
    }

    fn serve(&self, mut stream: TcpStream, answer: Answer) {
        let lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let lines: Vec<String> = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
        let path = lines.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
        let authorization = lines.iter().find_map(|line| line.strip_prefix("authorization: ")).unwrap_or_default();
        self.asked.lock().unwrap().push(path.to_owned());
        // Whoever has heard enough hangs up.
        let _ = stream.write_all(&answer(self, path, authorization));
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn said(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}").into_bytes()
}

fn latest(server: &Server) -> Result<String, String> {
    match resolve(&server.at, "base", &Wanted::Default) {
        Ok((_, revision)) => Ok(revision.to_string()),
        Err(PackageProblem::Unreachable(words)) => Err(words),
        Err(other) => Err(format!("{other:?}")),
    }
}

#[test]
fn nobody_is_sent_on_over_plain_http() {
    // Not the address that counts as this machine, so that a program in between may be there.
    let other = Server::start("127.0.0.3", |_, _, _| said("200 OK", "", "{}"));
    static OTHER: Mutex<String> = Mutex::new(String::new());
    OTHER.lock().unwrap().clone_from(&other.at);
    let registry = Server::start("127.0.0.1", |_, path, _| {
        let place = format!("Location: http://{}{path}\r\n", OTHER.lock().unwrap());
        said("307 Temporary Redirect", &place, "")
    });
    let why = latest(&registry).unwrap_err();
    assert!(why.contains("plain HTTP"), "{why}");
    assert_eq!((registry.asked().len(), other.asked().len()), (1, 0));
}

#[test]
fn no_password_is_sent_over_plain_http() {
    let registry = Server::start("127.0.0.1", |_, _, _| {
        said("401 Unauthorized", "WWW-Authenticate: Bearer realm=\"http://127.0.0.3:9/token\",service=\"s\"\r\n", "")
    });
    let why = latest(&registry).unwrap_err();
    assert!(why.contains("wants a password to be sent over plain HTTP"), "{why}");
}

#[test]
fn an_answer_without_end_is_not_waited_for() {
    let registry = Server::start("127.0.0.1", |_, _, _| {
        let mut answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
        answer.resize(32 << 20, b' ');
        answer
    });
    let why = latest(&registry).unwrap_err();
    assert!(why.contains("longer than 4194304 bytes"), "{why}");
}

#[test]
fn a_token_is_asked_for_once_and_every_page_of_tags_is_read() {
    let registry = Server::start("127.0.0.1", |server, path, authorization| match path {
        "/token?scope=repository%3Abase%3Apull&service=s+t" => said("200 OK", "", "{\"access_token\": \"abc\"}"),
        _ if authorization != "Bearer abc" => {
            let realm = format!("WWW-Authenticate: Bearer realm=\"http://{}/token\",service=\"s t\"\r\n", server.at);
            said("401 Unauthorized", &realm, "")
        }
        "/v2/base/tags/list?n=1000" => {
            let tags: Vec<String> = (0..1000).map(|patch| format!("\"v1.0.{patch}\"")).collect();
            said("200 OK", "", &format!("{{\"tags\": [{}]}}", tags.join(",")))
        }
        "/v2/base/tags/list?n=1000&last=v1.0.999" => said("200 OK", "", "{\"tags\": [\"v1.1.0\", \"nightly\"]}"),
        "/v2/base/manifests/v1.1.0" => said("200 OK", "", "{}"),
        _ => said("404 Not Found", "", "{\"errors\": [{\"code\": \"MANIFEST_UNKNOWN\", \"message\": \"none\"}]}"),
    });
    let (version, revision) = resolve(&registry.at, "base", &Wanted::Version("~> 1.0".into())).unwrap();
    assert_eq!((version.as_deref(), &*revision), (Some("1.1.0"), &*Digest::of(b"{}").to_string()));
    assert_eq!(registry.asked().iter().filter(|path| path.starts_with("/token")).count(), 1);
    assert_eq!(latest(&registry), Err("the registry: it has no tag `latest`".into()));
}

/// A registry that lets everybody read and asks who writes, for a password over plain HTTP.
#[test]
fn no_password_is_sent_over_plain_http_to_write() {
    let registry = Server::start("127.0.0.1", |_, path, _| match path {
        "/v2/" => said(
            "401 Unauthorized",
            "WWW-Authenticate: Bearer realm=\"http://127.0.0.3:9/token\",service=\"s\"\r\n",
            "",
        ),
        _ => said("404 Not Found", "", "{}"),
    });
    let pushed = push(&registry.at, "base", &semver::Version::new(1, 0, 0), &Packing::default().finish());
    let Err(PackageProblem::Unreachable(why)) = pushed else { panic!("{pushed:?}") };
    assert!(why.contains("wants a password to be sent over plain HTTP"), "{why}");
    assert_eq!(registry.asked(), ["/v2/base/manifests/v1.0.0", "/v2/"]);
}

/// Storage may take uploads in the registry's place; what the registry was shown is not shown to it.
#[test]
fn a_token_goes_to_no_other_host() {
    static STORAGE: Mutex<String> = Mutex::new(String::new());
    static SHOWN: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let storage = Server::start("127.0.0.3", |_, _, authorization| {
        SHOWN.lock().unwrap().push(authorization.to_owned());
        said("201 Created", "Location: /kept\r\n", "")
    });
    STORAGE.lock().unwrap().clone_from(&storage.at);
    let registry = Server::start("127.0.0.1", |server, path, authorization| match path {
        "/token?scope=repository%3Abase%3Apull%2Cpush&service=s" => said("200 OK", "", "{\"token\": \"abc\"}"),
        "/v2/" => {
            let realm = format!("WWW-Authenticate: Bearer realm=\"http://{}/token\",service=\"s\"\r\n", server.at);
            said("401 Unauthorized", &realm, "")
        }
        "/v2/base/blobs/uploads/" if authorization == "Bearer abc" => {
            said("202 Accepted", &format!("Location: http://{}/upload\r\n", STORAGE.lock().unwrap()), "")
        }
        "/v2/base/manifests/v1.0.0" if authorization == "Bearer abc" => {
            said("307 Temporary Redirect", &format!("Location: http://{}{path}\r\n", STORAGE.lock().unwrap()), "")
        }
        _ => said("404 Not Found", "", "{}"),
    });
    push(&registry.at, "base", &semver::Version::new(1, 0, 0), &Packing::default().finish()).unwrap();
    let shown = SHOWN.lock().unwrap().clone();
    assert!(shown.len() >= 2 && shown.iter().all(String::is_empty), "{shown:?}");
}
