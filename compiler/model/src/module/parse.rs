//! [`ModuleSource`] from its text. What has no safe meaning is no source: what is read here reaches Git and a registry as
//! it stands.

use super::{ModuleSource, Remote, Repository};
use std::str::FromStr;

/// Why a text is no source: half a sentence, and the text that was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSource {
    /// What is wrong.
    pub detail: String,
    /// What was probably meant.
    pub meant: Option<String>,
}

fn refuse<T>(detail: impl Into<String>) -> Result<T, NoSource> {
    Err(NoSource { detail: detail.into(), meant: None })
}

fn instead<T>(detail: impl Into<String>, meant: String) -> Result<T, NoSource> {
    Err(NoSource { detail: detail.into(), meant: Some(meant) })
}

impl FromStr for ModuleSource {
    type Err = NoSource;

    fn from_str(text: &str) -> Result<ModuleSource, NoSource> {
        if matches!(text, "." | "..") || text.starts_with("./") || text.starts_with("../") {
            return Ok(ModuleSource::Local(text.into()));
        }
        let remote = match (text.split_once("::"), text.split_once("://")) {
            (Some(("git", rest)), _) => git(rest),
            (_, Some(("oci", rest))) => registry(rest),
            (_, Some(("ordain", rest))) => profile(rest),
            _ => nothing(text),
        };
        remote.map(ModuleSource::Remote)
    }
}

/// What people write where a source should stand.
fn nothing(text: &str) -> Result<Remote, NoSource> {
    const EXPECTED: &str = "it starts with none of `./`, `../`, `git::`, `oci://` and `ordain://`";
    let first = text.split('/').next().unwrap_or_default();
    match text.split_once("://") {
        Some(("https" | "git", rest)) => instead(EXPECTED, format!("git::https://{rest}")),
        Some(("ssh", rest)) => instead(EXPECTED, format!("git::ssh://{rest}")),
        Some(_) => refuse(EXPECTED),
        None if text.starts_with('/') => refuse("an absolute path means nothing on another machine"),
        None if text.starts_with("git@") => instead(EXPECTED, short_ssh(text)),
        None if first.contains('.') => instead(EXPECTED, format!("git::https://{text}")),
        None => instead(EXPECTED, format!("./{text}")),
    }
}

/// `git@host:path`, which Git reads as SSH, as a URL.
fn short_ssh(text: &str) -> String {
    format!("git::ssh://{}", text.replacen(':', "/", 1))
}

fn git(rest: &str) -> Result<Remote, NoSource> {
    let Some((scheme, after)) = rest.split_once("://") else {
        return match rest.contains('@') && rest.contains(':') {
            true => instead("Git's short form of an SSH address has no scheme", short_ssh(rest)),
            false => refuse("a URL with `https://`, `ssh://` or `file://` follows `git::`"),
        };
    };
    let Tail { path, folder, reference } = tail(after)?;
    let (authority, inner) = path.split_once('/').unwrap_or((path, ""));
    segments(inner, "the path of the repository")?;
    reached(scheme, authority, after)?;
    if let Some(reference) = reference.filter(|reference| !is_reference(reference)) {
        return refuse(format!("`{reference}` is no name of a branch, tag or commit"));
    }
    let repository = Repository::Git(format!("{scheme}://{path}").into());
    Ok(Remote { repository, folder: folder.into(), reference: reference.map(Into::into) })
}

/// Whether Git may be sent to this host in this way.
fn reached(scheme: &str, authority: &str, after: &str) -> Result<(), NoSource> {
    let (user, host) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
    match (scheme, user) {
        ("file", None) if authority.is_empty() => Ok(()),
        ("file", _) => refuse("the path after `file://` is absolute: `git::file:///srv/baseline.git`"),
        ("ssh", Some(user)) if !is_name(user) => {
            refuse("what stands before `@` is the name of a user and nothing else")
        }
        ("https" | "http", Some(_)) => refuse(
            "a source is no place for a user or password: it is public, and Git has credential helpers and keys for them",
        ),
        ("ssh" | "https", _) => host_and_port(host),
        ("http", _) if is_loopback(host) => host_and_port(host),
        ("http", _) => instead("what travels by plain HTTP can be changed on the way", format!("git::https://{after}")),
        _ => refuse(format!("Git is reached by `https://`, `ssh://` or `file://`, not by `{scheme}://`")),
    }
}

fn registry(rest: &str) -> Result<Remote, NoSource> {
    let Tail { path, folder, reference } = tail(rest)?;
    let Some((host, name)) = path.split_once('/') else {
        return refuse(
            "a host and a repository follow `oci://`, such as `oci://registry.example.com/platform/baseline`",
        );
    };
    host_and_port(host)?;
    segments(name, "the name of the repository")?;
    if let Some((name, tag)) = name.split_once(['@', ':']) {
        return instead("a tag or digest is written as `?ref=`", format!("oci://{host}/{name}?ref={tag}"));
    }
    let legal = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-._/".contains(letter);
    if !name.chars().all(legal) {
        return refuse(format!(
            "`{name}` is no repository: expected lower-case letters, digits, `-`, `.`, `_` and `/`"
        ));
    }
    if let Some(reference) = reference.filter(|reference| !is_tag(reference) && !is_digest(reference)) {
        return refuse(format!("`{reference}` is neither a tag nor a digest such as `sha256:...`"));
    }
    let repository = Repository::Registry { host: host.into(), path: name.into() };
    Ok(Remote { repository, folder: folder.into(), reference: reference.map(Into::into) })
}

fn profile(rest: &str) -> Result<Remote, NoSource> {
    let Tail { path, folder, reference } = tail(rest)?;
    match (is_name(path), reference) {
        (true, None) => {
            Ok(Remote { repository: Repository::Profile(path.into()), folder: folder.into(), reference: None })
        }
        (true, Some(_)) => refuse("a built-in profile is the one of this program: it takes no `?ref=`"),
        (false, _) => refuse(format!("`{path}` is no name of a built-in profile")),
    }
}

/// What follows the scheme: `PATH//FOLDER?ref=REFERENCE`.
struct Tail<'a> {
    path: &'a str,
    folder: &'a str,
    reference: Option<&'a str>,
}

fn tail(text: &str) -> Result<Tail<'_>, NoSource> {
    let (address, query) = text.split_once('?').map_or((text, None), |(address, query)| (address, Some(query)));
    let reference = match query.map(|query| query.split_once('=')) {
        None => None,
        Some(Some(("ref", reference))) => Some(reference),
        Some(_) => return refuse("the only thing that may follow `?` is `ref=`"),
    };
    let (path, folder) = match address.split_once("//") {
        Some((path, folder)) => (path, folder),
        None => (address.strip_suffix('/').unwrap_or(address), "."),
    };
    if folder != "." {
        segments(folder, "the folder after `//`")?;
    }
    Ok(Tail { path, folder, reference })
}

/// Parts between slashes that are plain names.
fn segments(path: &str, what: &str) -> Result<(), NoSource> {
    let legal = |letter: char| letter.is_ascii_alphanumeric() || "-._~%+@:".contains(letter);
    let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.starts_with('-') && part.chars().all(legal);
    match path.split('/').all(plain) {
        true => Ok(()),
        false => refuse(format!("{what}, `{path}`, is not made of plain names with `/` between them")),
    }
}

fn host_and_port(text: &str) -> Result<(), NoSource> {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !text.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let legal = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '.';
    let good_host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => host.starts_with(|first: char| first.is_ascii_alphanumeric()) && host.chars().all(legal),
    };
    match good_host && !host.contains("..") && port.is_none_or(|port| port.parse::<u16>().is_ok()) {
        true => Ok(()),
        false => refuse(format!("`{text}` is no host")),
    }
}

/// Whether a host is this machine, so that what is sent to it in plain text reaches nobody else.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|_| !host.ends_with(']')).map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

fn starts_and_goes_on(text: &str, others: &str) -> bool {
    let legal = |letter: char| letter.is_ascii_alphanumeric() || others.contains(letter);
    text.starts_with(|first: char| first.is_ascii_alphanumeric()) && text.chars().all(legal)
}

fn is_name(text: &str) -> bool {
    starts_and_goes_on(text, "-._")
}

/// A branch, tag or commit that Git takes for nothing else: no option, no range, no refspec.
fn is_reference(text: &str) -> bool {
    starts_and_goes_on(text, "-._/+")
        && !["..", "//"].iter().any(|pair| text.contains(pair))
        && !text.ends_with(['/', '.'])
}

fn is_tag(text: &str) -> bool {
    text.len() <= 128 && starts_and_goes_on(text.trim_start_matches('_'), "-._")
}

fn is_digest(text: &str) -> bool {
    let digits = text.strip_prefix("sha256:").filter(|digits| digits.len() == 64);
    digits.is_some_and(|digits| digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Text;

    fn read(text: &str) -> (String, Text, Option<Text>) {
        match text.parse() {
            Ok(ModuleSource::Remote(remote)) => (remote.repository.to_string(), remote.folder, remote.reference),
            other => panic!("{text}: {other:?}"),
        }
    }

    fn refused(text: &str) -> NoSource {
        match text.parse::<ModuleSource>() {
            Err(problem) => problem,
            Ok(source) => panic!("{text}: {source:?}"),
        }
    }

    #[test]
    fn what_names_something_is_read_in_parts() {
        for (text, repository, folder, reference) in [
            ("git::https://h.example/a/b.git", "git::https://h.example/a/b.git", ".", None),
            ("git::https://h.example:8443/b//x/y?ref=v1.0.0", "git::https://h.example:8443/b", "x/y", Some("v1.0.0")),
            ("git::ssh://git@h.example/b.git?ref=release/1", "git::ssh://git@h.example/b.git", ".", Some("release/1")),
            ("git::file:///srv/b.git//x", "git::file:///srv/b.git", "x", None),
            ("git::http://127.0.0.1:80/b.git", "git::http://127.0.0.1:80/b.git", ".", None),
            ("git::http://[::1]:80/b.git/", "git::http://[::1]:80/b.git", ".", None),
            ("oci://r.example:5000/a/b//x?ref=v1", "oci://r.example:5000/a/b", "x", Some("v1")),
            ("ordain://soc2", "ordain://soc2", ".", None),
        ] {
            assert_eq!(read(text), (repository.into(), folder.into(), reference.map(Into::into)), "{text}");
        }
        assert_eq!("./a".parse(), Ok(ModuleSource::Local("./a".into())));
    }

    #[test]
    fn what_git_or_a_registry_could_misunderstand_is_refused() {
        for text in [
            "git::ext::sh -c id",
            "git::-u",
            "git::https://-oProxyCommand=id/x",
            "git::ssh://-oProxyCommand=id/x",
            "git::ssh://git:secret@h/x",
            "git::https://token@h/x",
            "git::https://h/x?ref=--upload-pack=id",
            "git::https://h/x?ref=a:b",
            "git::https://h/x?ref=a..b",
            "git::https://h/x?ref=",
            "git::https://h/x?depth=1",
            "git::https://h/x?ref=a&sshkey=b",
            "git::https://h/../x",
            "git::https://h/-x",
            "git::https://h/x y",
            "git::https://h/x\n",
            "git::https://h",
            "git::https://h/x//../y",
            "git::https://h/x//",
            "git::https://h:99999/x",
            "git::http://h.example/x",
            "git::file://h/x",
            "git::file:///",
            "git::fd::17",
            "oci://h",
            "oci://h/A",
            "oci://h/a?ref=sha256:1",
            "oci://h/a?ref=-x",
            "oci://h/a//..",
            "ordain://",
            "ordain://../soc2",
            "ordain://soc2?ref=main",
            "/srv/x",
            "",
        ] {
            let _ = refused(text);
        }
    }

    #[test]
    fn what_was_meant_is_offered() {
        for (text, meant) in [
            ("modules/b", "./modules/b"),
            ("https://h.example/a.git", "git::https://h.example/a.git"),
            ("github.com/acme/baseline", "git::https://github.com/acme/baseline"),
            ("git@h.example:a/b.git", "git::ssh://git@h.example/a/b.git"),
            ("git::git@h.example:a/b.git", "git::ssh://git@h.example/a/b.git"),
            ("git::http://h.example/x", "git::https://h.example/x"),
            ("oci://h/a:v1", "oci://h/a?ref=v1"),
        ] {
            let found = refused(text).meant;
            assert_eq!(found.as_deref(), Some(meant), "{text}");
            assert!(meant.parse::<ModuleSource>().is_ok(), "{meant}");
        }
    }
}
