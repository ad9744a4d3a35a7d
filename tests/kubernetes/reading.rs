//! How a cluster is reached, and what is known of one that is not.

use crate::scenario::{GUARDED, Scenario, changes};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, TcpListener};
use std::time::{Duration, Instant};

/// What a plan says of a cluster that is not reached, and how long it took.
fn unreached(scenario: &Scenario) -> (Value, Duration) {
    let from = Instant::now();
    let (code, plan) = scenario.report(&["plan", ".", "-detailed-exitcode"]);
    assert_eq!((code, changes(&plan)), (3, Vec::<String>::new()), "{plan:#}");
    (plan, from.elapsed())
}

/// Makes a credential plugin of a shell script, and whoever reads use it.
fn plugin(scenario: &Scenario, script: &str) {
    scenario.write("plugin.sh", script);
    let path = scenario.path("plugin.sh").display().to_string();
    let user = format!(
        "user: {{exec: {{apiVersion: client.authentication.k8s.io/v1, command: sh, args: [\"{path}\"], interactiveMode: Never}}}}"
    );
    let kubeconfig = scenario.server.kubeconfig(scenario.server.port).replace("user: {token: admin-token}", &user);
    scenario.write("kubeconfig", &kubeconfig);
}

#[test]
fn a_cluster_that_does_not_answer_is_unknown_after_one_deadline() {
    let scenario = Scenario::new("plain", GUARDED);
    // Accepts what the system accepts for it, and never says a word.
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    scenario.write("kubeconfig", &scenario.server.kubeconfig(silent.local_addr().expect("an address").port()));
    let (plan, took) = unreached(&scenario);
    assert!(plan.to_string().contains("no answer in 10 s"), "{plan:#}");
    assert!(took < Duration::from_secs(20), "one deadline, not one for each list: {took:?}");
    drop(silent);
    let (plan, took) = unreached(&scenario);
    assert!(plan.to_string().contains("connection refused"), "{plan:#}");
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn a_server_of_another_authority_is_not_believed() {
    let scenario = Scenario::new("plain", GUARDED);
    let own = scenario.server.path("ca.pem").display().to_string();
    let other = scenario.server.path("server.pem").display().to_string();
    scenario.write("kubeconfig", &scenario.server.kubeconfig(scenario.server.port).replace(&own, &other));
    let (plan, _) = unreached(&scenario);
    assert!(plan.to_string().contains("certificate"), "{plan:#}");
    let unchecked = scenario.server.kubeconfig(scenario.server.port);
    let unchecked = unchecked.replace(&format!("certificate-authority: \"{own}\""), "insecure-skip-tls-verify: true");
    scenario.write("kubeconfig", &unchecked);
    let (code, plan) = scenario.report(&["plan", ".", "-detailed-exitcode"]);
    assert_eq!(code, 2, "{plan:#}");
    assert!(plan["world"]["not_evidence"].to_string().contains("was not checked"), "{:#}", plan["world"]);
}

#[test]
fn a_credential_plugin_is_asked_and_what_it_prints_is_never_shown() {
    let scenario = Scenario::new("plain", GUARDED);
    let credential = json!({
        "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": { "token": "admin-token" },
    });
    plugin(&scenario, &format!("echo '{credential}'"));
    let (code, plan) = scenario.report(&["plan", ".", "-detailed-exitcode"]);
    assert_eq!((code, changes(&plan).len()), (2, 2), "{plan:#}");
    plugin(&scenario, "echo admin-token; echo admin-token >&2; exit 3");
    let (plan, _) = unreached(&scenario);
    assert!(plan.to_string().contains("credential plugin failed"), "{plan:#}");
    assert!(!plan.to_string().contains("admin-token"), "{plan:#}");
    plugin(&scenario, "exec sleep 14");
    let (plan, took) = unreached(&scenario);
    assert!(plan.to_string().contains("no answer in 10 s") && took < Duration::from_secs(20), "{took:?}: {plan:#}");
}

#[test]
fn pages_are_followed_to_the_end() {
    let scenario = Scenario::new("plain", GUARDED);
    scenario.server.seed("many");
    let header = &scenario.snapshot("world.snapshot")[0];
    let calls = &header["targets"]["kubernetes.cluster"]["envelope"]["calls"];
    assert_eq!(calls["list namespaces"], json!(2), "{calls:#}");
    let (_, plan) = scenario.report(&["plan", "."]);
    assert_eq!(plan["population"][0]["listed"], json!(600 + 1 + 4), "{:#}", plan["population"]);
}

#[test]
fn what_is_wrong_with_a_token_is_not_that_something_is_forbidden() {
    let scenario = Scenario::new("plain", GUARDED);
    let kubeconfig = scenario.server.kubeconfig(scenario.server.port).replace("admin-token", "expired-token");
    scenario.write("kubeconfig", &kubeconfig);
    let (plan, _) = unreached(&scenario);
    assert!(plan.to_string().contains("Unauthorized"), "{plan:#}");
    assert!(!plan.to_string().contains("expired-token"), "{plan:#}");
}

#[test]
fn in_a_pod_the_service_account_reads_and_the_target_names_the_cluster() {
    let scenario = Scenario::new("plain", &GUARDED.replace("\"cluster\" {}", "\"cluster\" { cluster = \"inside\" }"));
    let authority = scenario.server.path("ca.pem").display().to_string();
    // What a pod has mounted, in a mount namespace of its own.
    let mounted = format!(
        "mount -t tmpfs none /run && d=/run/secrets/kubernetes.io/serviceaccount && mkdir -p $d && printf admin-token >$d/token \
         && printf ordain >$d/namespace && cp '{authority}' $d/ca.crt && exec \"$@\""
    );
    let inside = |arguments: &[&str]| {
        let own = scenario.command(arguments);
        let mut command = std::process::Command::new("unshare");
        command
            .args(["--map-root-user", "--mount", "sh", "-c", &mounted, "sh"])
            .arg(own.get_program())
            .args(own.get_args());
        command
            .current_dir(scenario.path(""))
            .env_remove("KUBECONFIG")
            .env("HOME", scenario.path(""))
            .env("NO_COLOR", "1");
        command.env("KUBERNETES_SERVICE_HOST", "127.0.0.1");
        command.env("KUBERNETES_SERVICE_PORT", scenario.server.port.to_string());
        crate::scenario::ended(&mut command)
    };
    let ended = inside(&["snapshot", ".", "-out", "inside.snapshot"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let text = std::fs::read_to_string(scenario.path("inside.snapshot")).expect("a snapshot");
    assert!(text.contains("kubernetes:inside/kubernetes_namespace/shop"), "{text}");
    let (code, plan) = scenario.report(&["plan", ".", "--snapshot", "inside.snapshot", "-detailed-exitcode"]);
    assert_eq!((code, changes(&plan).len()), (2, 2), "{plan:#}");
    scenario.write("main.hcl", GUARDED);
    let ended = inside(&["plan", "."]);
    assert!(ended.stdout.contains("say `cluster = \"...\"`"), "{ended:?}");
}
