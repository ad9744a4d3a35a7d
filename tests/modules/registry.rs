//! Debian's docker-registry: push and pull, whose credentials, and artifacts that are not what they should be.

use crate::place::{MODULE, Place};
use crate::process::{Process, tool};
use ordain_model::digest::Digest;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

/// `user:hunter2`, by bcrypt: the only form that the registry reads.
const PASSWORDS: &str = "user:$2y$05$abcdefghijklmnopqrstuuoXuKqgZXLiJqzfmMXDDhSFPIvxV7t8.\n";

fn start(place: &Place, password: bool) -> Process {
    place.write("registry/passwords", PASSWORDS);
    let at = place.path("registry").display().to_string();
    let auth = if password {
        format!("auth: {{htpasswd: {{realm: registry, path: {at}/passwords}}}}\n")
    } else {
        String::new()
    };
    Process::start(&place.path("registry/log"), |port| {
        let text = format!(
            "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {at}/data}}}}\nhttp: {{addr: \"127.0.0.1:{port}\"}}\n{auth}"
        );
        fs::write(place.path("registry/config.yml"), text).unwrap();
        let mut command = Command::new(tool("ORDAIN_REGISTRY"));
        command.arg("serve").arg(place.path("registry/config.yml"));
        command
    })
}

/// A place, a registry, and the repository there.
fn served() -> (Place, Process, String) {
    let place = Place::new();
    let registry = start(&place, false);
    let repository = format!("oci://127.0.0.1:{}/platform/baseline", registry.port);
    place.profile(&repository, Some("~> 1.0"));
    (place, registry, repository)
}

fn push(place: &Place, repository: &str, version: &str, days: u32) {
    place.write("module/main.hcl", &MODULE.replace("{days}", &days.to_string()));
    place.good(&format!("modules push {repository} -version {version} -directory ../module"));
}

#[test]
fn what_is_pushed_is_what_is_imported() {
    let (place, registry, repository) = served();
    push(&place, &repository, "1.0.0", 30);
    push(&place, &repository, "1.1.0", 60);
    push(&place, &repository, "2.0.0", 90);
    place.good("modules update");
    assert_eq!(place.locked("version"), "1.1.0");
    place.forget();
    place.good("validate");
    drop(registry);
    place.good("validate -offline");
    let plan = place.good("plan");
    assert!(plan.contains("platform/baseline@1.1.0/main.hcl:1"), "{plan}");
}

#[test]
fn a_repository_and_a_registry_with_the_same_files_have_the_same_digest() {
    let (place, _registry, repository) = served();
    place.publish("1.0.0", 30);
    place.git("work", "clone --quiet . ../copy");
    place.good(&format!("modules push {repository} -version 1.0.0 -directory ../copy/logs"));
    place.good("modules update");
    let digest = place.locked("digest");
    place.git("work", "mv logs/main.hcl main.hcl");
    place.git("work", "commit --quiet -m top");
    place.git("work", "push --quiet origin main");
    place.profile(&format!("git::file://{}", place.path("srv/base.git").display()), None);
    place.good("modules update");
    assert_eq!(place.locked("digest"), digest);
    // And anybody can compute it.
    let script = "find . -type f -printf '%P\\n' | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum";
    let output = Command::new("sh").args(["-c", script]).current_dir(place.path("copy/logs")).output().unwrap();
    assert_eq!(format!("sha256:{}", String::from_utf8(output.stdout).unwrap().split(' ').next().unwrap()), digest);
}

#[test]
fn a_published_version_stays_what_it_is() {
    let (place, _registry, repository) = served();
    push(&place, &repository, "1.0.0", 30);
    push(&place, &repository, "1.0.0", 30);
    place.write("module/main.hcl", "locals {}\n");
    let line = format!("modules push {repository} -version 1.0.0 -directory ../module");
    place.bad(&line, "unreachable-module", &["published already, with other content"]);
    place.write("module/main.hcl", "locals {\n");
    place.bad(&line.replace("1.0.0", "1.0.1"), "unclosed", &[]);
    place.bad("modules push git::https://h.example/x -version 1.0.0", "argument", &["oci://"]);
}

#[test]
fn tags_and_digests_are_references() {
    let (place, _registry, repository) = served();
    push(&place, &repository, "1.0.0", 30);
    place.good("modules update");
    let revision = place.locked("revision");
    for reference in ["v1.0.0", &revision] {
        place.profile(&format!("{repository}?ref={reference}"), None);
        place.good("modules update");
        assert_eq!(place.locked("revision"), revision);
        place.good("validate");
    }
    place.profile(&repository, None);
    place.bad("modules update", "unreachable-module", &["the registry: "]);
    place.profile(&repository, Some("~> 3.0"));
    place.bad("modules update", "no-matching-version", &["its versions are `1.0.0`"]);
}

#[test]
fn credentials_are_those_of_docker_and_are_not_repeated() {
    let place = Place::new();
    let registry = start(&place, true);
    let host = format!("127.0.0.1:{}", registry.port);
    let repository = format!("oci://{host}/platform/baseline");
    place.profile(&repository, Some("~> 1.0"));
    place.bad("modules update", "unreachable-module", &["the registry: "]);
    // The Base64 of user:hunter2.
    place.write(".docker/config.json", &format!("{{\"auths\": {{\"{host}\": {{\"auth\": \"dXNlcjpodW50ZXIy\"}}}}}}"));
    push(&place, &repository, "1.0.0", 30);
    let text = place.good("modules update");
    assert!(!text.contains("hunter2") && !text.contains("dXNlcjpodW50ZXIy"));
    place.forget();
    place.good("validate");
    place.forget();
    // The Base64 of user:wrong.
    place.write(".docker/config.json", &format!("{{\"auths\": {{\"{host}\": {{\"auth\": \"dXNlcjp3cm9uZw==\"}}}}}}"));
    let ended = place.ordain("validate");
    assert!(
        ended.code == 1 && !ended.text.contains("wrong") && !ended.text.contains("dXNlcjp3cm9uZw"),
        "{}",
        ended.text
    );
}

/// One request over a connection of its own; the head of the answer.
fn ask(port: u16, method: &str, path: &str, media: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Type: {media}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 20"), "{method} {path}: {answer}");
    answer
}

fn upload(port: u16, blob: &[u8]) -> Digest {
    let answer = ask(port, "POST", "/v2/platform/baseline/blobs/uploads/", "", b"");
    let location = answer.lines().find_map(|line| line.strip_prefix("Location: ")).expect("a location").to_owned();
    let path = location.split_once("/v2/").map(|(_, rest)| format!("/v2/{rest}")).unwrap();
    let digest = Digest::of(blob);
    ask(port, "PUT", &format!("{path}&digest={digest}"), "application/octet-stream", blob);
    digest
}

/// Publishes an artifact of any layer as v1.0.0.
fn publish(port: u16, media: &str, layer: &[u8], size: usize) {
    let (config, digest) = (upload(port, b"{}"), upload(port, layer));
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{config}","size":2}},"layers":[{{"mediaType":"{media}","digest":"{digest}","size":{size}}}]}}"#
    );
    ask(
        port,
        "PUT",
        "/v2/platform/baseline/manifests/v1.0.0",
        "application/vnd.oci.image.manifest.v1+json",
        manifest.as_bytes(),
    );
}

/// What `tar` makes of files with these arguments.
fn tar(place: &Place, arguments: &str) -> Vec<u8> {
    let words = arguments.split(' ');
    let output = Command::new("tar").args(words).current_dir(place.path("module")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

const TAR: &str = "application/vnd.oci.image.layer.v1.tar";
const TAR_GZIP: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

#[test]
fn artifacts_that_other_tools_made_are_read() {
    let (place, registry, _) = served();
    place.write("module/main.hcl", &MODULE.replace("{days}", "30"));
    let layer = tar(&place, "-cz .");
    publish(registry.port, TAR_GZIP, &layer, layer.len());
    place.good("modules update");
    place.forget();
    place.good("validate");
}

#[test]
fn archives_that_mean_harm_are_refused() {
    let (place, registry, _) = served();
    let refused = |media: &str, layer: &[u8], size: usize, code: &str, words: &[&str]| {
        publish(registry.port, media, layer, size);
        place.bad("modules update", code, words);
        assert!(!place.path("p/ordain.lock").exists() && !place.path(".cache").exists(), "nothing is left");
    };
    place.write("module/main.hcl", "locals {}\n");
    place.write("evil.hcl", "locals {}\n");
    let climbing = tar(&place, "-cP ../evil.hcl");
    refused(TAR, &climbing, climbing.len(), "unsafe-module", &["`../evil.hcl`", "leads out"]);
    let absolute = tar(&place, &format!("-cP {}", place.path("evil.hcl").display()));
    refused(TAR, &absolute, absolute.len(), "unsafe-module", &["is absolute"]);
    std::os::unix::fs::symlink("/etc/passwd", place.path("module/link.hcl")).unwrap();
    let link = tar(&place, "-cz .");
    refused(TAR_GZIP, &link, link.len(), "unsafe-module", &["`link.hcl` is a symbolic link"]);
    fs::remove_file(place.path("module/link.hcl")).unwrap();
    fs::write(place.path("module/zeros"), vec![0; 65 << 20]).unwrap();
    let bomb = tar(&place, "-cz .");
    assert!(bomb.len() < 1 << 20, "65 MiB in {} bytes", bomb.len());
    refused(TAR_GZIP, &bomb, bomb.len(), "module-too-large", &["64 MiB"]);
    refused(TAR, b"no archive", 10, "unreachable-module", &["its archive cannot be read"]);
    refused(TAR, &climbing, 10, "unreachable-module", &["longer than 10 bytes"]);
    refused("application/vnd.example.picture", b"x", 1, "unreachable-module", &["the artifact is no module"]);
}

#[test]
fn a_registry_that_changes_what_it_keeps_is_seen() {
    let (place, registry, repository) = served();
    push(&place, &repository, "1.0.0", 30);
    place.good("modules update");
    place.forget();
    let data = place.path("registry/data/docker/registry/v2/blobs/sha256");
    let blobs = fs::read_dir(&data).unwrap().flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap());
    for blob in blobs.map(|blob| blob.unwrap().path().join("data")) {
        let mut bytes = fs::read(&blob).unwrap();
        if bytes.len() > 1_000 {
            bytes[600] ^= 1;
            fs::write(&blob, bytes).unwrap();
        }
    }
    place.bad("validate", "unreachable-module", &["the registry"]);
    drop(registry);
}
