//! [`Scenario`]: an API server of its own and a folder in which `ordain` runs.

use ordain_tests::api_server::ApiServer;
pub use ordain_tests::outcome::{Ended, changes, ended, findings, ledger, movements};
use serde_json::{Value, json};
use std::process::Command;

/// Namespaces of teams deny what no policy allows, and refuse pods that reach for the node.
pub const GUARDED: &str = r#"
target "kubernetes" "cluster" {}
require "kubernetes_namespace" "guarded" {
  where = self.name == "shop"
  must {
    default_deny_ingress = true
    pod_security_enforce = at_least("baseline")
  }
}
"#;

/// An API server and a folder.
pub struct Scenario {
    /// The API server.
    pub server: ApiServer,
    folder: tempfile::TempDir,
}

impl Scenario {
    /// A cluster with what a seed makes, and a profile for it.
    #[must_use]
    pub fn new(seed: &str, profile: &str) -> Scenario {
        let scenario = Scenario { server: ApiServer::start(), folder: tempfile::tempdir().expect("a folder") };
        scenario.server.seed(seed);
        scenario.write("kubeconfig", &scenario.server.kubeconfig(scenario.server.port));
        scenario.write("main.hcl", profile);
        scenario
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("a file");
    }

    /// A place in the folder.
    #[must_use]
    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// The command, ready to run; nothing of the machine's own reaches it.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ordain"));
        for name in ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "KUBERNETES_SERVICE_HOST", "KUBECONFIG"] {
            command.env_remove(name);
        }
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("KUBECONFIG", self.path("kubeconfig"))
            .env("HOME", self.folder.path())
            .env("NO_COLOR", "1");
        command
    }

    /// Runs `ordain`.
    #[must_use]
    pub fn ordain(&self, arguments: &[&str]) -> Ended {
        ended(&mut self.command(arguments))
    }

    /// Runs `ordain ... -json` and reads the report.
    #[must_use]
    pub fn report(&self, arguments: &[&str]) -> (i32, Value) {
        let ended = self.ordain(&[arguments, &["-json"]].concat());
        let report = serde_json::from_str(&ended.stdout);
        let report = report.unwrap_or_else(|error| {
            panic!("{arguments:?} prints no JSON: {error}\n{}\n{}", ended.stdout, ended.stderr)
        });
        (ended.code, report)
    }

    /// Writes a snapshot; its lines, the header first.
    #[must_use]
    pub fn snapshot(&self, name: &str) -> Vec<Value> {
        let ended = self.ordain(&["snapshot", ".", "-out", name]);
        assert_eq!(ended.code, 0, "{ended:?}");
        let text = std::fs::read_to_string(self.path(name)).expect("a snapshot");
        text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
    }

    /// Lets the auditor do what a role says.
    pub fn grant(&self, role: &Value) {
        self.server.ask("POST", "/apis/rbac.authorization.k8s.io/v1/clusterroles", Some(role));
        let name = role["metadata"]["name"].as_str().expect("a name");
        let binding = json!({
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": { "name": name },
            "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name },
            "subjects": [{ "apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "auditor" }],
        });
        self.server.ask("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", Some(&binding));
    }
}
