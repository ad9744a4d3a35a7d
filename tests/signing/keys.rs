//! [`Keys`]: keys and signatures of `ssh-keygen` in a place, and the file that says who may sign.

use crate::place::Place;
use std::fs;

/// A place in which people have keys.
pub struct Keys<'a>(pub &'a Place);

impl Keys<'_> {
    /// Makes a key; the public half's text.
    pub fn make(&self, name: &str) -> String {
        self.make_of("ed25519", name)
    }

    /// Makes a key of some type.
    pub fn make_of(&self, of: &str, name: &str) -> String {
        fs::create_dir_all(self.0.path("keys")).unwrap();
        self.0.run("ssh-keygen", "keys", &["-q", "-t", of, "-N", "", "-C", name, "-f", name]);
        self.0.read(&format!("keys/{name}.pub")).trim().to_owned()
    }

    /// Signs a file; the signature stands beside it.
    pub fn sign(&self, name: &str, namespace: &str, file: &str) {
        let _ = fs::remove_file(self.0.path(&format!("{file}.sig")));
        self.0.run("ssh-keygen", "", &["-q", "-Y", "sign", "-n", namespace, "-f", &format!("keys/{name}"), file]);
    }

    /// What `ssh-keygen -Y verify` says.
    pub fn verify(&self, name: &str, namespace: &str, file: &str, signers: &str) -> bool {
        let line = format!("ssh-keygen -Y verify -f {signers} -I {name} -n {namespace} -s {file}.sig < {file}");
        self.0.status("sh", "", &["-c", &line])
    }
}
