//! Which cluster and which identity a configuration names, and what of it is refused.

use super::*;
use std::io::Write;

const KUBECONFIG: &str = r#"
apiVersion: v1
kind: Config
current-context: prod
clusters:
- { name: eks-prod, cluster: { server: "https://10.0.0.1:6443" } }
- { name: lax, cluster: { server: "https://user:pw@lax.example", insecure-skip-tls-verify: true } }
users:
- { name: reader, user: { token: s3cret, as: somebody, as-groups: [others] } }
- { name: plugin, user: { exec: { apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always } } }
contexts:
- { name: prod, context: { cluster: eks-prod, user: reader } }
- { name: lax, context: { cluster: lax, user: reader } }
- { name: asks, context: { cluster: lax, user: plugin } }
- { name: lost, context: { cluster: gone, user: reader } }
"#;

fn of(text: &str, arguments: Arguments, purpose: Purpose) -> Result<Reached, Reason> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let arguments = Arguments { kubeconfig: Some(file.path().to_str().unwrap().into()), ..arguments };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(reached(&arguments, purpose))
}

fn context(name: &str) -> Arguments {
    Arguments { context: Some(name.into()), ..Arguments::default() }
}

fn refused(text: &str, arguments: Arguments) -> Text {
    match of(text, arguments, Purpose::Read) {
        Ok(reached) => panic!("{} is reached", reached.address),
        Err(reason) => reason.detail,
    }
}

#[test]
fn a_cluster_is_called_as_the_kubeconfig_does_unless_the_target_names_it() {
    let own = of(KUBECONFIG, Arguments::default(), Purpose::Read).unwrap();
    assert_eq!((&*own.cluster, &*own.address), ("eks-prod", "https://10.0.0.1:6443"));
    assert_eq!(&*own.authority, "CA of this machine");
    let named = Arguments { cluster: Some("prod".into()), ..context("lax") };
    let named = of(KUBECONFIG, named, Purpose::Read).unwrap();
    assert_eq!(&*named.cluster, "prod");
    assert!(own.verified && !named.verified, "a certificate that is not checked is no proof of who answered");
    assert_eq!(&*named.address, "https://lax.example");
}

#[test]
fn a_target_impersonates_whom_it_names_and_nobody_else() {
    let apply = Arguments { apply_as: Some("deployer".into()), ..Arguments::default() };
    let reading = of(KUBECONFIG, apply.clone(), Purpose::Read).unwrap().config.auth_info;
    assert_eq!(reading.impersonate.as_deref(), Some("somebody"), "the kubeconfig's own");
    let applying = of(KUBECONFIG, apply, Purpose::Apply).unwrap().config.auth_info;
    assert_eq!((applying.impersonate.as_deref(), applying.impersonate_groups), (Some("deployer"), None));
}

#[test]
fn what_is_wrong_is_said_without_a_word_of_the_kubeconfig() {
    let said = refused(KUBECONFIG, context("prud"));
    assert_eq!(&*said, "the kubeconfig has no context `prud`; it has `asks`, `lax`, `lost`, `prod`");
    assert!(refused(KUBECONFIG, context("lost")).contains("a cluster that the kubeconfig does not have"));
    assert!(refused(KUBECONFIG, context("asks")).contains("nobody is asked here"));
    let broken = refused("users: [{ name: a, user: { token: s3cret }", Arguments::default());
    assert!(broken.contains("is not YAML") && !broken.contains("s3cret"), "{broken}");
    let arguments = Arguments { kubeconfig: Some("no/such/file".into()), ..Arguments::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let missing = runtime.block_on(reached(&arguments, Purpose::Read)).err().unwrap();
    assert_eq!(
        (&*missing.detail, missing.cause),
        ("`no/such/file` cannot be read: entity not found", Cause::NoCredentials)
    );
}
