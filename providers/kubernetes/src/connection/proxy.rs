//! [`proxy`]: through which proxy a server is reached. `kube` compares `NO_PROXY` with the proxy's own address; what every
//! other client compares, and what is compared here, is the server's.

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use ordain_model::observation::{Cause, Reason};

/// What the environment says of proxies.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    /// `HTTPS_PROXY`, or `https_proxy`.
    pub https: Option<String>,
    /// `NO_PROXY`, or `no_proxy`.
    pub no: Option<String>,
}

impl Environment {
    /// That of this process.
    pub(crate) fn of_process() -> Environment {
        let first =
            |names: [&str; 2]| names.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        Environment { https: first(["HTTPS_PROXY", "https_proxy"]), no: first(["NO_PROXY", "no_proxy"]) }
    }

    /// The proxy to a server: the one that the kubeconfig names for its cluster, else this environment's.
    ///
    /// # Errors
    /// What is named is no URL of a proxy.
    pub(crate) fn proxy(&self, named: Option<&str>, server: &Uri) -> Result<Option<Uri>, Reason> {
        if let Some(url) = named.filter(|url| !url.is_empty()) {
            return parse("`proxy-url` of the kubeconfig", url).map(Some);
        }
        let Some(url) = &self.https else { return Ok(None) };
        let proxy = parse("`HTTPS_PROXY`", url)?;
        let matcher = Matcher::builder().https(url.as_str()).no(self.no.clone().unwrap_or_default()).build();
        Ok(matcher.intercept(server).map(|_| proxy))
    }
}

/// A URL with a scheme that is spoken. What it says is not repeated: it may hold a password.
fn parse(what: &str, url: &str) -> Result<Uri, Reason> {
    let url: Option<Uri> = url.parse().ok();
    url.filter(|url| matches!(url.scheme_str(), Some("http" | "https"))).ok_or_else(|| {
        Reason::new(Cause::Failed, format!("{what} is no URL of an HTTP proxy, like `http://proxy.example:3128`"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(https: &str, no: &str) -> Environment {
        Environment { https: Some(https.to_owned()), no: Some(no.to_owned()) }
    }

    #[test]
    fn no_proxy_is_compared_with_the_server() {
        let through = |server: &str, no: &str| {
            let server = server.parse().unwrap();
            of("http://proxy.example:3128", no).proxy(None, &server).unwrap().is_some()
        };
        assert!(
            through("https://api.example:6443", "") && through("https://api.example:6443", "other.example,10.0.0.0/8")
        );
        assert!(through("https://api.example:6443", "proxy.example"), "the proxy's own address counts for nothing");
        for no in ["api.example", ".example", "*"] {
            assert!(!through("https://api.example:6443", no), "{no}");
        }
        assert!(!through("https://10.1.2.3:6443", "10.0.0.0/8") && through("https://11.1.2.3:6443", "10.0.0.0/8"));
    }

    #[test]
    fn what_a_kubeconfig_names_comes_first_and_is_never_repeated() {
        let server: Uri = "https://api.example".parse().unwrap();
        let named = of("http://other.example", "*").proxy(Some("http://proxy.example:3128"), &server).unwrap();
        assert_eq!(named.unwrap().port_u16(), Some(3128));
        let refused = Environment::default().proxy(Some("socks5://user:secret@proxy.example"), &server).unwrap_err();
        assert!(!refused.detail.contains("secret"), "{}", refused.detail);
        assert_eq!(Environment::default().proxy(None, &server), Ok(None));
    }
}
