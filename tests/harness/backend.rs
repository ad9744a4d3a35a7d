//! [`Backend`]: moto, fakecloud or azurite as a process of its own on a free loopback port, fresh for each test, ended with it.

use serde_json::Value;
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The region that seeds and scenarios use unless they say otherwise.
pub const REGION: &str = "eu-west-3";

/// The back ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// fakecloud: EKS, EC2, logs, S3, ECR; no database instances.
    Fakecloud,
    /// moto: everything else, and a second opinion.
    Moto,
    /// azurite: Azure's Blob Storage.
    Azurite,
}

impl Kind {
    /// Both that speak like AWS.
    pub const ALL: [Kind; 2] = [Kind::Fakecloud, Kind::Moto];

    /// Its name, as in `tests/backends/operations.md`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Fakecloud => "fakecloud",
            Kind::Moto => "moto",
            Kind::Azurite => "azurite",
        }
    }

    /// fakecloud listens on every interface unless told otherwise.
    fn command(self, address: SocketAddr) -> Command {
        match self {
            Kind::Fakecloud => {
                let mut command = Command::new(tool("ORDAIN_FAKECLOUD"));
                command.args(["--addr", &address.to_string(), "--region", REGION, "--log-level", "error"]);
                command
            }
            Kind::Moto => {
                let mut command = Command::new(tool("ORDAIN_MOTO").join("moto_server"));
                command.args(["-H", "127.0.0.1", "-p", &address.port().to_string()]);
                command
            }
            Kind::Azurite => {
                let mut command = Command::new(tool("ORDAIN_AZURITE"));
                command.args(["--blobHost", "127.0.0.1", "--blobPort", &address.port().to_string()]);
                command.args(["--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck", "--silent"]);
                command
            }
        }
    }
}

/// Where `tests/run` put a tool.
fn tool(variable: &str) -> PathBuf {
    let place =
        std::env::var_os(variable).unwrap_or_else(|| panic!("{variable} is not set: run this as `tests/run aws`"));
    let place = PathBuf::from(place);
    assert!(place.exists(), "{} is not there: run `tests/run tools`", place.display());
    place
}

/// A running back end. Dropping it ends the process, also when a test panics.
pub struct Backend {
    /// Which one.
    pub kind: Kind,
    /// Where it listens.
    pub address: SocketAddr,
    process: Child,
    folder: tempfile::TempDir,
}

impl Backend {
    /// Starts one and waits until it listens. A port that somebody took in between is tried again.
    #[must_use]
    pub fn start(kind: Kind) -> Backend {
        let mut last = String::new();
        for _ in 0..3 {
            match try_start(kind) {
                Ok(backend) => return backend,
                Err(log) => last = log,
            }
        }
        panic!("{} does not start:\n{last}", kind.name())
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Runs `tests/SCRIPT` with an official client against this back end, straight past any proxy, and returns the JSON
    /// that it prints.
    pub fn python(&self, script: &str, arguments: &[&str]) -> Value {
        python(&self.url(), script, arguments)
    }

    /// What the process wrote so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

/// Runs `tests/SCRIPT` with an official client against an endpoint, and returns the JSON that it prints.
pub fn python(endpoint: &str, script: &str, arguments: &[&str]) -> Value {
    let output = credentials(&mut Command::new(tool("ORDAIN_MOTO").join("python")))
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(script))
        .args(arguments)
        .env("AWS_ENDPOINT_URL", endpoint)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("python runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script} {arguments:?} on {endpoint}:\n{errors}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{script} prints no JSON: {error}\n{errors}"))
}

fn try_start(kind: Kind) -> Result<Backend, String> {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free loopback port");
    let address = free.local_addr().expect("a bound address");
    drop(free);
    let folder = tempfile::tempdir().expect("a folder for the log");
    let log = File::create(folder.path().join("log")).expect("a log");
    let process = credentials(&mut kind.command(address))
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(log.try_clone().expect("a log"))
        .stderr(log)
        .spawn()
        .expect("a back end that runs");
    let mut backend = Backend { kind, address, process, folder };
    let until = Instant::now() + Duration::from_secs(120);
    while Instant::now() < until {
        if backend.process.try_wait().expect("a process of ours").is_some() {
            break;
        }
        if TcpStream::connect(address).is_ok() {
            return Ok(backend);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Err(backend.log())
}

/// Credentials that no account knows, and nothing of the machine's own.
pub fn credentials(command: &mut Command) -> &mut Command {
    without_aws(command)
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_REGION", REGION)
        .env("AWS_DEFAULT_REGION", REGION)
}

/// No credentials and no region: neither the machine's own nor its metadata service's.
fn without_aws(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AWS_")) {
        command.env_remove(name);
    }
    command
        .env("AWS_CONFIG_FILE", "/nonexistent")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
        .env("AWS_EC2_METADATA_DISABLED", "true")
}

impl Drop for Backend {
    fn drop(&mut self) {
        // Both fail only when the process has already ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
