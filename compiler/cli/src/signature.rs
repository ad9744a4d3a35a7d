//! [`make`]: a signature by the user's key that anybody can verify.

use crate::clock;
use ordain_store::signing::program::{configured, sign};
use ordain_store::signing::signers::Signers;
use ordain_store::signing::{key_of, verify};
use std::path::Path;

/// Signs a text for a purpose, with the named key or the one with which Git signs. The signature, and the fingerprint of its key.
///
/// # Errors
/// Why there is none that could be verified: half a sentence.
pub fn make(key: Option<&Path>, text: &[u8], namespace: &str) -> Result<(Vec<u8>, String), String> {
    let signature = match key {
        Some(key) => sign(text, namespace, key)?,
        None => configured().and_then(|key| sign(text, namespace, &key.path))?,
    };
    // A signature that nobody could verify is none.
    let own = key_of(&signature).map_err(|why| why.to_string())?;
    let signers = Signers::parse(&format!("you {own}")).map_err(|mistake| mistake.what)?;
    let signer = verify(text, &signature, namespace, &signers, clock::now());
    signer.map(|signer| (signature, signer.key)).map_err(|why| format!("it could not be verified: {why}"))
}
