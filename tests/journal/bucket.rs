//! [`Bucket`]: a bucket of moto's, behind the fault proxy.

use ordain_store::objects::Objects;
use ordain_tests::backend::{Backend, Kind};
use ordain_tests::proxy::Proxy;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;

/// A bucket, and the proxy through which its store is reached.
pub struct Bucket {
    backend: Backend,
    pub proxy: Proxy,
}

impl Bucket {
    /// An empty bucket called `kept`.
    pub fn new() -> Bucket {
        let backend = Backend::start(Kind::Moto);
        let proxy = Proxy::before(backend.address);
        let bucket = Bucket { backend, proxy };
        bucket.send("PUT", "");
        bucket
    }

    /// What the environment of whoever keeps a journal in it says.
    pub fn variables(&self) -> BTreeMap<String, String> {
        let variables = [
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ENDPOINT_URL", &self.proxy.url()),
        ];
        variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// The place below `ordain`.
    pub fn store(&self) -> Objects {
        Objects::with("s3://kept/ordain", &self.variables()).unwrap()
    }

    /// Sends a request about the bucket straight to the back end, and answers what it says.
    pub fn send(&self, method: &str, rest: &str) -> String {
        let mut stream = TcpStream::connect(self.backend.address).unwrap();
        let host = "Host: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close";
        write!(stream, "{method} /kept{rest} HTTP/1.1\r\n{host}\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 20"), "{method} {rest}: {answer}");
        answer
    }

    /// Removes an object, as somebody would who may.
    pub fn delete(&self, name: &str) {
        let _ = self.backend.python("journal/delete.py", &[name]);
    }

    /// The names of the objects in it, sorted.
    pub fn objects(&self) -> Vec<String> {
        let listed = self.send("GET", "?list-type=2");
        let names = listed.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next());
        names.map(String::from).collect()
    }
}
