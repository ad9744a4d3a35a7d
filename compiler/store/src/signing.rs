//! [`verify`]: who signed a text with an SSH key, in the format of `ssh-keygen -Y sign` and judged by an `allowed_signers` file. It
//! touches no file, and no clock: the moment is given. [`program::sign`]: a signature.
//!
//! | module | holds |
//! |---|---|
//! | [`program`] | signing, which `ssh-keygen` does |
//! | [`signers`] | the `allowed_signers` file |
//! | [`token`] | tokens of CI services |
//!
//! Keys are Ed25519. Any other algorithm, and certificates, are refused by name.
//!
//! Sources: `PROTOCOL.sshsig` of OpenSSH; ssh-keygen(1), "ALLOWED SIGNERS".

pub mod program;
pub mod signers;
pub mod token;

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use ordain_model::instant::Instant;
use signers::{Signers, Unfit};
use ssh_key::public::KeyData;
use ssh_key::{Error, HashAlg, LineEnding, PublicKey, SshSig};
use std::collections::BTreeSet;
use std::fmt;

/// Most bytes of a signature's file: one of an Ed25519 key has about 300.
pub const LONGEST: usize = 16 << 10;

/// Who signed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signer {
    /// The names that the file gives the key, at least one; never patterns.
    pub principals: BTreeSet<String>,
    /// The key's fingerprint, as `ssh-keygen -l` shows it: `SHA256:...`.
    pub key: String,
}

impl Signer {
    /// Whether two signatures are of one person: a name or the key is the same.
    #[must_use]
    pub fn is(&self, other: &Signer) -> bool {
        self.key == other.key || !self.principals.is_disjoint(&other.principals)
    }

    /// The names, with commas.
    #[must_use]
    pub fn name(&self) -> String {
        self.principals.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

/// Why a signature says nothing. [`fmt::Display`] writes half a sentence about "the signature".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is no signature.
    Unreadable,
    /// It is of a key of this algorithm.
    Algorithm(String),
    /// It was made for another purpose.
    Namespace {
        /// The one it was made for.
        found: String,
        /// The one that is asked for.
        wanted: String,
    },
    /// It is not over this text.
    OtherText {
        /// The fingerprint of the key that it names.
        key: String,
    },
    /// The file does not let its key sign this now.
    NotAllowed {
        /// The key's fingerprint.
        key: String,
        /// Why not.
        why: Unfit,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Unreadable => {
                write!(f, "it is no signature of an Ed25519 key, as `ssh-keygen -Y sign` writes one")
            }
            Refusal::Algorithm(name) => write!(f, "its key is `{name}`: only Ed25519 keys sign here"),
            Refusal::Namespace { found, wanted } => {
                write!(f, "it was made for the namespace `{}`, not for `{wanted}`", found.escape_debug())
            }
            Refusal::OtherText { key } => write!(f, "it is of {key}, over another text than this one"),
            Refusal::NotAllowed { key, why } => write!(f, "its key {key} {why}"),
        }
    }
}

/// The key that a signature names, as a line of a file of keys has it. Nothing is said of the signature.
///
/// # Errors
/// It is no signature.
pub fn key_of(signature: &[u8]) -> Result<String, Refusal> {
    let key = parse(signature)?.public_key().clone();
    PublicKey::from(key).to_openssh().map_err(|_| Refusal::Unreadable)
}

/// A signature that is written as it would be written again: lengths that do not fit are no signature.
fn parse(text: &[u8]) -> Result<SshSig, Refusal> {
    if text.len() > LONGEST {
        return Err(Refusal::Unreadable);
    }
    let signature = SshSig::from_pem(text).map_err(|error| match error {
        Error::AlgorithmUnsupported { algorithm } => Refusal::Algorithm(algorithm.to_string()),
        _ => Refusal::Unreadable,
    })?;
    let again = signature.to_pem(LineEnding::LF).map_err(|_| Refusal::Unreadable)?;
    let letters = |text: &[u8]| text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect::<Vec<u8>>();
    if letters(text) == letters(again.as_bytes()) { Ok(signature) } else { Err(Refusal::Unreadable) }
}

/// Who signed a message for this purpose, if that key may do so at this moment.
///
/// # Errors
/// Why the signature says nothing.
pub fn verify(
    message: &[u8],
    signature: &[u8],
    namespace: &str,
    signers: &Signers,
    at: Instant,
) -> Result<Signer, Refusal> {
    let signature = parse(signature)?;
    let key = signature.public_key();
    let KeyData::Ed25519(public) = key else { return Err(Refusal::Algorithm(key.algorithm().to_string())) };
    let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
    if signature.namespace() != namespace {
        return Err(Refusal::Namespace { found: signature.namespace().to_owned(), wanted: namespace.to_owned() });
    }
    // A reserved field that says something is of a later version of the format.
    if signature.version() != SshSig::VERSION || !signature.reserved().is_empty() {
        return Err(Refusal::Unreadable);
    }
    let signed = SshSig::signed_data(namespace, signature.hash_alg(), message).map_err(|_| Refusal::Unreadable)?;
    if UnparsedPublicKey::new(&ED25519, public.0).verify(&signed, signature.signature_bytes()).is_err() {
        return Err(Refusal::OtherText { key: fingerprint });
    }
    match signers.principals(&public.0, namespace, at) {
        Ok(principals) => Ok(Signer { principals, key: fingerprint }),
        Err(why) => Err(Refusal::NotAllowed { key: fingerprint, why }),
    }
}

#[cfg(test)]
mod tests;
