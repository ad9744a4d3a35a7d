//! [`ApiServer`]: a kube-apiserver and its etcd on free loopback ports, with an authority of their own, fresh for each test
//! and ended with it. No controller runs and no kubelet: what they would write (status, pods of a deployment, endpoints) the
//! seeds write.

use serde_json::Value;
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Who may do everything.
pub const ADMIN: &str = "admin";
/// Who may do what roles in the cluster say, and nothing at first.
pub const AUDITOR: &str = "auditor";
/// The name of the cluster in the kubeconfig.
pub const CLUSTER: &str = "production";

/// A running API server. Dropping it ends both processes, also when a test panics.
pub struct ApiServer {
    /// Where it listens.
    pub port: u16,
    etcd: Child,
    server: Child,
    folder: tempfile::TempDir,
}

impl ApiServer {
    /// Starts one and waits until it is ready. A port that somebody took in between is tried again.
    #[must_use]
    pub fn start() -> ApiServer {
        let mut last = String::new();
        for _ in 0..3 {
            match try_start() {
                Ok(server) => return server,
                Err(log) => last = log,
            }
        }
        panic!("the API server does not start:\n{last}")
    }

    /// A kubeconfig with a context for each user, the current one the admin's, whose server is at this port: the API
    /// server's own or that of something in front of it.
    #[must_use]
    pub fn kubeconfig(&self, port: u16) -> String {
        let authority = self.path("ca.pem").display().to_string();
        let user = |name: &str| format!("- {{name: {name}, user: {{token: {name}-token}}}}\n");
        let context = |name: &str| format!("- {{name: {name}, context: {{cluster: {CLUSTER}, user: {name}}}}}\n");
        format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: {ADMIN}\nclusters:\n- {{name: {CLUSTER}, cluster: {{server: \
             \"https://127.0.0.1:{port}\", certificate-authority: \"{authority}\"}}}}\nusers:\n{}{}contexts:\n{}{}",
            user(ADMIN),
            user(AUDITOR),
            context(ADMIN),
            context(AUDITOR),
        )
    }

    /// What `tests/seeds/kubernetes.py` prints, run as the admin.
    pub fn python(&self, arguments: &[&str]) -> Value {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/kubernetes.py");
        let output = Command::new("python3")
            .arg(script)
            .args([&self.port.to_string(), &self.path("ca.pem").display().to_string()])
            .args(arguments)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .output()
            .expect("python runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}:\n{errors}");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("no JSON: {error}\n{errors}"))
    }

    /// Makes what a seed of that file says.
    pub fn seed(&self, name: &str) -> Value {
        self.python(&["seed", name])
    }

    /// What the API answers to the admin. A body whose form is server-side apply's is sent as that.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let body = body.map(Value::to_string).unwrap_or_default();
        self.python(&["ask", method, path, &body])
    }

    /// What the API server wrote so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.path("server.log")).unwrap_or_default()
    }

    /// A path in its folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn is_ready(&self) -> bool {
        self.python(&["ready"]) == Value::Bool(true)
    }
}

fn try_start() -> Result<ApiServer, String> {
    let folder = tempfile::tempdir().expect("a folder");
    certificates(folder.path());
    let [clients, peers, port] = free();
    let log = |name: &str| File::create(folder.path().join(name)).expect("a log");
    let spawn = |command: &mut Command, file: File| {
        let command = command.current_dir(folder.path()).stdin(Stdio::null());
        command.stdout(file.try_clone().expect("a log")).stderr(file).spawn().expect("the API server runs")
    };
    let mut etcd = Command::new(binary());
    etcd.args(["etcd", "etcd", &clients.to_string(), &peers.to_string()]);
    let etcd = spawn(&mut etcd, log("etcd.log"));
    let server = spawn(Command::new(binary()).args(flags(clients, port)), log("server.log"));
    let mut started = ApiServer { port, etcd, server, folder };
    let until = Instant::now() + Duration::from_secs(180);
    while Instant::now() < until && matches!(started.server.try_wait(), Ok(None)) {
        if started.is_ready() {
            return Ok(started);
        }
    }
    Err(started.log())
}

fn flags(etcd: u16, port: u16) -> Vec<String> {
    let flags = format!(
        "apiserver --etcd-servers=http://127.0.0.1:{etcd} --secure-port={port} --bind-address=127.0.0.1 \
         --advertise-address=127.0.0.1 --tls-cert-file=server.pem --tls-private-key-file=server.key --client-ca-file=ca.pem \
         --token-auth-file=tokens.csv --authorization-mode=RBAC --service-cluster-ip-range=10.0.0.0/24 \
         --service-account-issuer=https://kubernetes.default.svc --service-account-key-file=accounts.pem \
         --service-account-signing-key-file=accounts.key --allow-privileged=true --cert-dir=made \
         --disable-admission-plugins=ServiceAccount --watch-cache=true"
    );
    flags.split_whitespace().map(String::from).collect()
}

/// Three ports that nobody holds.
fn free() -> [u16; 3] {
    let bound = [0; 3].map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free loopback port"));
    bound.map(|listener| listener.local_addr().expect("a bound address").port())
}

/// An authority, the certificate of a server that it signs, the key of service accounts, and the tokens of two users.
fn certificates(folder: &Path) {
    let new = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2";
    let signed = "-CA ca.pem -CAkey ca.key -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE";
    for line in [
        format!("{new} -subj /CN=authority -keyout ca.key -out ca.pem"),
        format!("{new} -subj /CN=kube-apiserver {signed} -keyout server.key -out server.pem"),
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out accounts.key".to_owned(),
        "pkey -in accounts.key -pubout -out accounts.pem".to_owned(),
    ] {
        let ended = Command::new("openssl").args(line.split(' ')).current_dir(folder).output().expect("openssl runs");
        assert!(ended.status.success(), "openssl {line}: {}", String::from_utf8_lossy(&ended.stderr));
    }
    let tokens = format!("{ADMIN}-token,{ADMIN},1,system:masters\n{AUDITOR}-token,{AUDITOR},2\n");
    std::fs::write(folder.join("tokens.csv"), tokens).expect("a file");
}

/// Where `tests/run` put the API server.
fn binary() -> PathBuf {
    let place = std::env::var_os("ORDAIN_CLUSTER").unwrap_or_else(|| panic!("run this as `tests/run kubernetes`"));
    let place = PathBuf::from(place);
    assert!(place.exists(), "{} is not there: run `tests/run kubernetes`", place.display());
    place
}

impl Drop for ApiServer {
    fn drop(&mut self) {
        // These fail only when the process has already ended.
        for process in [&mut self.server, &mut self.etcd] {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
