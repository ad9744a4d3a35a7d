//! [`Bucket`]: a bucket of moto's or a container of azurite's, behind the fault proxy.

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

/// Runs a test in an empty bucket of each sort.
pub fn each(test: impl Fn(Bucket)) {
    for kind in [Kind::Moto, Kind::Azurite] {
        test(Bucket::new(kind));
    }
}

impl Bucket {
    /// An empty bucket called `kept`.
    pub fn new(kind: Kind) -> Bucket {
        let backend = Backend::start(kind);
        let proxy = Proxy::before(backend.address);
        let bucket = Bucket { backend, proxy };
        match kind {
            Kind::Azurite => drop(bucket.azure("PUT", "/kept?restype=container")),
            _ => drop(bucket.send("PUT", "")),
        }
        bucket
    }

    /// What the environment of whoever keeps a journal in it says.
    pub fn variables(&self) -> BTreeMap<String, String> {
        let url = self.proxy.url();
        let variables = match self.backend.kind {
            Kind::Azurite => vec![
                ("AZURE_STORAGE_ACCOUNT_NAME", "devstoreaccount1".to_owned()),
                ("AZURE_STORAGE_ACCOUNT_KEY", AZURITE_KEY.to_owned()),
                ("AZURE_STORAGE_ENDPOINT", format!("{url}/devstoreaccount1")),
            ],
            _ => vec![
                ("AWS_ACCESS_KEY_ID", "test".to_owned()),
                ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
                ("AWS_REGION", "us-east-1".to_owned()),
                ("AWS_ENDPOINT_URL", url),
            ],
        };
        variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The address of a place in it: `s3://kept/ordain`.
    pub fn address(&self, prefix: &str) -> String {
        match self.backend.kind {
            Kind::Azurite => format!("az://kept/{prefix}"),
            _ => format!("s3://kept/{prefix}"),
        }
    }

    /// What the operation is called that writes an object.
    pub fn put(&self) -> &'static str {
        match self.backend.kind {
            Kind::Azurite => "azure:PutBlob",
            _ => "s3:PutObject",
        }
    }

    /// What the operation is called that reads an object.
    pub fn get(&self) -> &'static str {
        match self.backend.kind {
            Kind::Azurite => "azure:GetBlob",
            _ => "s3:GetObject",
        }
    }

    /// The place below `ordain`.
    pub fn store(&self) -> Objects {
        self.place("ordain")
    }

    /// The place below a prefix.
    pub fn place(&self, prefix: &str) -> Objects {
        Objects::with(&self.address(prefix), &self.variables()).unwrap()
    }

    /// Sends a request about the bucket straight to moto, and answers what it says.
    pub fn send(&self, method: &str, rest: &str) -> String {
        let mut stream = TcpStream::connect(self.backend.address).unwrap();
        let host = "Host: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close";
        write!(stream, "{method} /kept{rest} HTTP/1.1\r\n{host}\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 20"), "{method} {rest}: {answer}");
        answer
    }

    /// Sends a request straight to azurite, and answers the names of blobs in its answer.
    fn azure(&self, method: &str, rest: &str) -> Vec<String> {
        let names = self.backend.python("journal/azure.py", &[method, rest]);
        names.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    }

    /// Runs a script of the folder `journal` with AWS's own client against the bucket.
    pub fn python(&self, script: &str, arguments: &[&str]) -> serde_json::Value {
        self.backend.python(&format!("journal/{script}"), arguments)
    }

    /// Removes an object, as somebody would who may.
    pub fn delete(&self, name: &str) {
        match self.backend.kind {
            Kind::Azurite => drop(self.azure("DELETE", &format!("/kept/{name}"))),
            _ => drop(self.python("delete.py", &[name])),
        }
    }

    /// The names of the objects in it, sorted.
    pub fn objects(&self) -> Vec<String> {
        if self.backend.kind == Kind::Azurite {
            return self.azure("GET", "/kept?restype=container&comp=list");
        }
        let listed = self.send("GET", "?list-type=2");
        let names = listed.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next());
        names.map(String::from).collect()
    }
}

/// The key of azurite's own account, as its documentation has it.
const AZURITE_KEY: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
