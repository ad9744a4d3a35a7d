//! [`sign`]: a signature by the user's key, made by `ssh-keygen`. The key stays where it is: in its file, behind its passphrase, in
//! an agent; the program asks for what it needs. [`configured`]: the key with which Git signs.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A key's file.
#[derive(Debug)]
pub struct Key {
    /// Where it lies.
    pub path: PathBuf,
    /// Gone with the key, where Git's settings hold the key itself.
    _kept: Option<tempfile::NamedTempFile>,
}

/// Signs a message for a purpose with the private key in a file, or with the half of a public key that the agent has.
///
/// # Errors
/// Why there is no signature: half a sentence.
pub fn sign(message: &[u8], namespace: &str, key: &Path) -> Result<Vec<u8>, String> {
    let mut command = Command::new("ssh-keygen");
    command.args(["-q", "-Y", "sign", "-n", namespace, "-f"]).arg(key);
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "the program `ssh-keygen` is not installed".to_owned(),
        _ => format!("`ssh-keygen` cannot be run: {error}"),
    })?;
    // One that stops reading says why when it ends.
    let fed = child.stdin.take().map(|mut input| input.write_all(message));
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    match (output.status.success(), fed) {
        (true, Some(Ok(()))) => Ok(output.stdout),
        _ => Err(format!("ssh-keygen says: {}", line(&output.stderr))),
    }
}

/// The key that `user.signingkey` names, where Git signs with keys of SSH.
///
/// # Errors
/// There is none: half a sentence.
pub fn configured() -> Result<Key, String> {
    let setting = |arguments: &[&str]| {
        let output = Command::new("git").arg("config").args(arguments).stdin(Stdio::null()).output().ok()?;
        Some(line(&output.stdout)).filter(|text| output.status.success() && !text.is_empty())
    };
    let none = "no key was named, and Git has none of SSH in `user.signingkey`";
    if setting(&["--get", "gpg.format"]).as_deref() != Some("ssh") {
        return Err(none.to_owned());
    }
    let written = setting(&["--get", "user.signingkey"]).ok_or(none)?;
    let literal = written.strip_prefix("key::").or_else(|| written.starts_with("ssh-").then_some(&*written));
    let Some(literal) = literal else {
        // Git expands `~`.
        let path = setting(&["--type=path", "--get", "user.signingkey"]).ok_or(none)?;
        return Ok(Key { path: PathBuf::from(path), _kept: None });
    };
    let mut file = tempfile::Builder::new().suffix(".pub").tempfile().map_err(|error| error.to_string())?;
    writeln!(file, "{literal}").map_err(|error| error.to_string())?;
    Ok(Key { path: file.path().to_owned(), _kept: Some(file) })
}

/// What a program prints, on one line and bounded.
fn line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).split_whitespace().collect::<Vec<_>>().join(" ");
    text.chars().filter(|letter| !letter.is_control()).take(4_000).collect()
}
