//! [`Author`]: who wrote a profile, as far as that is proved: the signer of the last commit that changed one of its files.

use crate::profile::{self, Profile};
use ordain_engine::approval::Authored;
use ordain_model::instant::Instant;
use ordain_model::source::Sources;
use ordain_store::commit::{Signed, signed};
use ordain_store::signing::signers::Signers;
use ordain_store::signing::{Signer, verify};

/// What signatures of commits are for: Git's own word.
const NAMESPACE: &str = "git";

/// The commit that a profile was written in; or why that is not known.
#[derive(Clone, Debug)]
pub struct Author(Result<Signed, String>);

impl Author {
    /// Of a profile.
    #[must_use]
    pub fn of(profile: &Profile, sources: &Sources) -> Author {
        Author(wrote(profile, sources))
    }

    /// Who that is, if one of these keys signed the commit. The name that the commit gives proves nothing.
    ///
    /// # Errors
    /// Why it is not known: half a sentence.
    pub fn signer(&self, signers: &Signers, at: Instant) -> Result<Signer, String> {
        let Signed { id, payload, signature } = self.0.as_ref().map_err(Clone::clone)?;
        let short = id.get(..12).unwrap_or(id);
        let signature = signature.as_ref().ok_or_else(|| format!("the commit {short} is not signed"))?;
        verify(payload, signature, NAMESPACE, signers, at)
            .map_err(|why| format!("the signature of the commit {short} says nothing: {why}"))
    }
}

impl Author {
    /// What a journal says of an author who is known.
    #[must_use]
    pub fn proved(&self, signer: &Result<Signer, String>) -> Option<Authored> {
        let (Ok(Signed { id, .. }), Ok(signer)) = (&self.0, signer) else { return None };
        let by = signer.principals.iter().map(|name| name.as_str().into()).collect();
        Some(Authored { commit: id.as_str().into(), by, key: signer.key.as_str().into() })
    }
}

fn wrote(profile: &Profile, sources: &Sources) -> Result<Signed, String> {
    let commit = profile::commit(profile, sources).ok_or("the profile is in no Git repository")?;
    if let Some(file) = commit.uncommitted.iter().next() {
        return Err(format!("`{file}` is not what the commit {} has", commit.id.get(..12).unwrap_or(&commit.id)));
    }
    let files = profile::committed(profile, sources);
    signed(&profile.directory, &commit.id, &files.iter().map(|(path, _)| &**path).collect::<Vec<_>>())
}
