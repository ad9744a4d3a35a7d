//! [`Author`]: who wrote a profile, as far as that is proved: the signer of the last commit that changed one of its files, and
//! the person whom the token of the CI service names that runs on the commit which is checked out.

use crate::profile::{self, Profile};
use ordain_engine::approval::Authored;
use ordain_model::Text;
use ordain_model::instant::Instant;
use ordain_model::source::Sources;
use ordain_store::commit::{Signed, signed};
use ordain_store::signing::signers::Signers;
use ordain_store::signing::token::{self, Issuer};
use ordain_store::signing::{Signer, verify};

/// What signatures of commits are for: Git's own word.
const NAMESPACE: &str = "git";

/// The variable in which a runner gives the token of its CI service. No flag does: what runs is shown to everybody on a machine.
pub const TOKEN: &str = "ORDAIN_ID_TOKEN";

/// What may prove who wrote a profile.
#[derive(Clone, Debug)]
pub struct Author {
    /// The commit that is checked out, where the profile is what it has; or why that is not known.
    head: Result<String, String>,
    /// The commit that the profile was written in.
    wrote: Result<Signed, String>,
    /// The token, and whose word it may be.
    token: Option<String>,
    issuers: Vec<Issuer>,
}

/// Somebody who wrote a profile.
#[derive(Clone, Debug)]
pub struct Proved {
    /// Who that is, to be told apart from who approves.
    pub signer: Signer,
    /// What a journal says of it.
    pub authored: Authored,
}

impl Author {
    /// Of a profile, and of the run by its token.
    #[must_use]
    pub fn of(profile: &Profile, sources: &Sources) -> Author {
        let head = head(profile, sources);
        let wrote = head.clone().and_then(|head| {
            let files = profile::committed(profile, sources);
            signed(&profile.directory, &head, &files.iter().map(|(path, _)| &**path).collect::<Vec<_>>())
        });
        let token = std::env::var(TOKEN).ok().filter(|token| !token.is_empty());
        let issuers = profile.anchored.iter().flat_map(|anchored| anchored.issuers.clone()).collect();
        Author { head, wrote, token, issuers }
    }

    /// Everybody of whom it is proved, by the keys and names of these signers.
    ///
    /// # Errors
    /// Why that is nobody: half a sentence.
    pub fn proved(&self, signers: &Signers, at: Instant) -> Result<Vec<Proved>, String> {
        let ways = std::iter::once(self.signer(signers, at)).chain(self.token(signers, at));
        let (proved, why): (Vec<_>, Vec<_>) = ways.partition(Result::is_ok);
        match proved.is_empty() {
            true => Err(why.into_iter().filter_map(Result::err).collect::<Vec<_>>().join("; and ")),
            false => Ok(proved.into_iter().flatten().collect()),
        }
    }

    /// Who signed the commit, if one of these keys did. The name that the commit gives proves nothing.
    fn signer(&self, signers: &Signers, at: Instant) -> Result<Proved, String> {
        let Signed { id, payload, signature } = self.wrote.as_ref().map_err(Clone::clone)?;
        let signature = signature.as_ref().ok_or_else(|| format!("the commit {} is not signed", short(id)))?;
        let signer = verify(payload, signature, NAMESPACE, signers, at)
            .map_err(|why| format!("the signature of the commit {} says nothing: {why}", short(id)))?;
        let by = signer.principals.iter().map(|name| name.as_str().into()).collect();
        let authored = Authored {
            commit: id.as_str().into(),
            by,
            key: Some(signer.key.as_str().into()),
            issuer: None,
            subject: None,
        };
        Ok(Proved { signer, authored })
    }

    /// Whom the token names, where there is one: a person that the signers know, in a run of the commit that is checked out.
    fn token(&self, signers: &Signers, at: Instant) -> Option<Result<Proved, String>> {
        let token = token::verify(self.token.as_ref()?, &self.issuers, at);
        Some(token.map_err(|why| format!("the token of the CI service says nothing: {why}")).and_then(|token| {
            let head = self.head.as_ref().map_err(Clone::clone)?;
            match &token.commit {
                Some(commit) if commit == head => {}
                Some(other) => {
                    return Err(format!("the token is of the commit {}, and this is {}", short(other), short(head)));
                }
                None => return Err("the token says no commit".to_owned()),
            }
            if !signers.knows(&token.person) {
                return Err(format!(
                    "the token names `{}`, who is nobody in the file of signers",
                    token.person.escape_debug()
                ));
            }
            let by = [Text::from(&*token.person)].into();
            let (issuer, subject) = (Some(token.issuer.as_str().into()), Some(token.subject.as_str().into()));
            let signer = Signer { principals: [token.person].into(), key: String::new() };
            Ok(Proved { signer, authored: Authored { commit: head.as_str().into(), by, key: None, issuer, subject } })
        }))
    }
}

fn head(profile: &Profile, sources: &Sources) -> Result<String, String> {
    let commit = profile::commit(profile, sources).ok_or("the profile is in no Git repository")?;
    match commit.uncommitted.iter().next() {
        Some(file) => Err(format!("`{file}` is not what the commit {} has", short(&commit.id))),
        None => Ok(commit.id.to_string()),
    }
}

fn short(id: &str) -> String {
    id.chars().filter(|letter| !letter.is_control()).take(12).collect()
}
