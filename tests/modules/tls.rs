//! A registry over TLS whose authority only its users trust.

use crate::place::{MODULE, Place};
use crate::process::{Process, tool};
use std::fs;
use std::process::Command;

/// An address of this machine for which plain HTTP is no way.
const HOST: &str = "127.0.0.2";

/// Makes an authority and the certificate of a server that it signs.
fn certificates(place: &Place) {
    fs::create_dir_all(place.path("registry")).unwrap();
    let new = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2";
    let signed =
        format!("-CA ca.pem -CAkey ca.key -addext subjectAltName=IP:{HOST} -addext basicConstraints=critical,CA:FALSE");
    for line in [
        format!("{new} -subj /CN=authority -keyout ca.key -out ca.pem"),
        format!("{new} -subj /CN=registry {signed} -keyout server.key -out server.pem"),
    ] {
        let ended = Command::new("openssl").args(line.split(' ')).current_dir(place.path("registry")).output().unwrap();
        assert!(ended.status.success(), "openssl {line}: {}", String::from_utf8_lossy(&ended.stderr));
    }
}

fn start(place: &Place) -> Process {
    let at = place.path("registry").display().to_string();
    Process::start_at(HOST, &place.path("registry/log"), |port| {
        let tls = format!("tls: {{certificate: {at}/server.pem, key: {at}/server.key}}");
        let text = format!(
            "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {at}/data}}}}\nhttp: {{addr: \"{HOST}:{port}\", {tls}}}\n"
        );
        fs::write(place.path("registry/config.yml"), text).unwrap();
        let mut command = Command::new(tool("ORDAIN_REGISTRY"));
        command.arg("serve").arg(place.path("registry/config.yml"));
        command
    })
}

#[test]
fn an_authority_of_ones_own_is_trusted_where_it_is_named() {
    let mut place = Place::new();
    certificates(&place);
    let registry = start(&place);
    let repository = format!("oci://{HOST}:{}/platform/baseline", registry.port);
    place.write("module/main.hcl", &MODULE.replace("{days}", "30"));
    place.profile(&repository, Some("~> 1.0"));
    let push = format!("modules push {repository} -version 1.0.0 -directory ../module");
    place.bad(&push, "unreachable-module", &["UnknownIssuer", "`SSL_CERT_FILE` names"]);
    place.bad("modules update", "unreachable-module", &["UnknownIssuer"]);
    let authority = place.path("registry/ca.pem").display().to_string();
    place.variable("SSL_CERT_FILE", &authority);
    place.good(&push);
    place.good("modules update");
    assert_eq!(place.locked("version"), "1.0.0");
    place.forget();
    place.good("validate");
}
