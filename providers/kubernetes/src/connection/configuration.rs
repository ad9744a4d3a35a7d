//! [`Reached`]: which server a target means, and as whom: a context of a kubeconfig, or the pod that Ordain runs in.
//!
//! No text of a kubeconfig reaches a message: its errors quote what they could not read, and that may be a token.

use super::proxy::Environment;
use crate::arguments::Arguments;
use kube::Config;
use kube::config::{ExecInteractiveMode, KubeConfigOptions, Kubeconfig, KubeconfigError};
use ordain_model::Text;
use ordain_model::digest::Digest;
use ordain_model::observation::{Cause, Reason};
use ordain_model::provider::Purpose;
use std::path::Path;
use std::time::Duration;

/// How long reaching the server may take.
pub(crate) const CONNECT: Duration = Duration::from_secs(10);
/// How long one answer may take.
pub(crate) const ANSWER: Duration = Duration::from_secs(30);

/// Where a target leads.
pub(crate) struct Reached {
    /// The cluster's name in addresses.
    pub cluster: Text,
    /// The server's address: `https://10.0.0.1:6443`.
    pub address: Text,
    /// The digest of the authority that its certificate is checked by: `CA sha256:...`.
    pub authority: Text,
    /// Whether the server's certificate is checked.
    pub verified: bool,
    /// What the client is made of.
    pub config: Config,
}

/// Finds out where a target leads. Asks nothing of the network.
///
/// # Errors
/// What is missing, or does not read.
pub(crate) async fn reached(arguments: &Arguments, purpose: Purpose) -> Result<Reached, Reason> {
    let (name, mut config) = match kubeconfig(arguments)? {
        Some(kubeconfig) => of_context(kubeconfig, arguments).await?,
        None => (None, in_cluster()?),
    };
    let cluster = arguments
        .cluster
        .clone()
        .or(name)
        .ok_or_else(|| missing("nothing in a pod names its cluster: say `cluster = \"...\"` in the target"))?;
    // The server's own deadlines hold for everything; a second clock beside them would say it in other words now and then.
    (config.connect_timeout, config.read_timeout, config.write_timeout) = (None, None, None);
    // Its own waits for minutes and more.
    config.default_retry = false;
    if let Some(user) = arguments.impersonates(purpose)? {
        config.auth_info.impersonate = Some(user.to_string());
        config.auth_info.impersonate_groups = None;
        config.auth_info.impersonate_uid = None;
        config.auth_info.impersonate_user_extra = None;
    }
    if let Some(plugin) = &mut config.auth_info.exec {
        if plugin.interactive_mode == Some(ExecInteractiveMode::Always) {
            return Err(missing("the context's credential plugin wants to ask somebody, and nobody is asked here"));
        }
        plugin.interactive_mode = Some(ExecInteractiveMode::Never);
    }
    let (address, authority) = (address(&config), authority(&config));
    Ok(Reached { cluster, address, authority, verified: !config.accept_invalid_certs, config })
}

/// The kubeconfig that is meant; none where there is none and a pod's service account is meant.
fn kubeconfig(arguments: &Arguments) -> Result<Option<Kubeconfig>, Reason> {
    if let Some(path) = &arguments.kubeconfig {
        return Kubeconfig::read_from(Path::new(&**path)).map(Some).map_err(|error| unread(path, &error));
    }
    if let Some(merged) = Kubeconfig::from_env().map_err(|error| unread("KUBECONFIG", &error))? {
        return Ok(Some(merged));
    }
    match Kubeconfig::read() {
        Ok(own) => Ok(Some(own)),
        Err(KubeconfigError::ReadConfig(error, _)) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(KubeconfigError::FindPath) => Ok(None),
        Err(error) => Err(unread("the kubeconfig in the home directory", &error)),
    }
}

async fn of_context(kubeconfig: Kubeconfig, arguments: &Arguments) -> Result<(Option<Text>, Config), Reason> {
    let context = arguments.context.as_deref().or(kubeconfig.current_context.as_deref()).map(String::from);
    let context = context.filter(|name| !name.is_empty());
    let context = context.ok_or_else(|| missing("the kubeconfig has no current context: say `context = \"...\"`"))?;
    let named = kubeconfig.contexts.iter().find(|named| named.name == context);
    let found = named.and_then(|named| named.context.as_ref()).ok_or_else(|| no_context(&context, &kubeconfig))?;
    let cluster: Text = found.cluster.as_str().into();
    let named = kubeconfig.clusters.iter().find(|named| *named.name == *cluster);
    let proxy_url = named.and_then(|named| named.cluster.as_ref()).and_then(|cluster| cluster.proxy_url.clone());
    let options = KubeConfigOptions { context: Some(context.clone()), ..KubeConfigOptions::default() };
    let config = Config::from_custom_kubeconfig(kubeconfig, &options).await;
    let mut config = config.map_err(|error| unread(&format!("context `{context}`"), &error))?;
    config.proxy_url = Environment::of_process().proxy(proxy_url.as_deref(), &config.cluster_url)?;
    Ok((Some(cluster), config))
}

fn in_cluster() -> Result<Config, Reason> {
    Config::incluster_env().map_err(|_| {
        missing("there is no kubeconfig, and this is no pod with a service account: say `kubeconfig = \"...\"`")
    })
}

fn no_context(context: &str, kubeconfig: &Kubeconfig) -> Reason {
    let mut known: Vec<String> = kubeconfig.contexts.iter().map(|named| format!("`{}`", named.name)).collect();
    known.sort();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    missing(&format!("the kubeconfig has no context `{context}`; it has {known}"))
}

/// Scheme, host and port, without what a URL may carry in front of the host.
fn address(config: &Config) -> Text {
    let host = config.cluster_url.host().unwrap_or_default();
    let port = config.cluster_url.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{host}{port}", config.cluster_url.scheme_str().unwrap_or("http")).into()
}

fn authority(config: &Config) -> Text {
    match &config.root_cert {
        Some(certificates) => format!("CA {}", Digest::of(&certificates.concat())).into(),
        None => "CA of this machine".into(),
    }
}

fn missing(detail: &str) -> Reason {
    Reason::new(Cause::NoCredentials, detail)
}

/// What is wrong with a kubeconfig, in words that hold nothing of it.
fn unread(what: &str, error: &KubeconfigError) -> Reason {
    let why = match error {
        KubeconfigError::ReadConfig(error, _) => return missing(&format!("`{what}` cannot be read: {}", error.kind())),
        KubeconfigError::Parse(_) => "is not YAML as a kubeconfig is written",
        KubeconfigError::KindMismatch | KubeconfigError::ApiVersionMismatch => "joins files of different sorts",
        KubeconfigError::LoadClusterOfContext(_) => "names a cluster that the kubeconfig does not have",
        KubeconfigError::MissingClusterUrl => "names a cluster without a server",
        KubeconfigError::ParseClusterUrl(_) => "names a cluster whose server is no URL",
        KubeconfigError::ParseProxyUrl(_) => "names a proxy that is no URL",
        KubeconfigError::ParseNoProxy(_) => "cannot be used: `NO_PROXY` does not read",
        KubeconfigError::LoadCertificateAuthority(_) | KubeconfigError::ParseCertificates(_) => {
            "names a certificate authority that cannot be read"
        }
        KubeconfigError::LoadClientCertificate(_) | KubeconfigError::LoadClientKey(_) => {
            "names a client certificate that cannot be read"
        }
        _ => "cannot be used",
    };
    missing(&format!("{what} {why}"))
}

#[cfg(test)]
mod tests;
