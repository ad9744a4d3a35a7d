//! [`AnchoredIdentity`]: an `identity` block: whose tokens prove who runs a pipeline.

use super::text;
use crate::context::Context;
use crate::grammar::{argument, required};
use crate::syntax::Block;
use ordain_model::Text;
use ordain_model::diagnostic::Reported;
use ordain_model::source::Span;

/// The claim that names the person where nothing else is said: the subject.
const SUBJECT: &str = "sub";

/// A service whose tokens prove who wrote a profile. Nothing is said yet of its keys.
#[derive(Clone, Debug)]
pub struct AnchoredIdentity {
    /// How the anchor calls it.
    pub name: Text,
    /// The issuer's name, as tokens have it.
    pub issuer: Text,
    /// Whom its tokens have to be for.
    pub audience: Text,
    /// The claim that names a person.
    pub person: Text,
    /// The keys that the issuer publishes, as JSON.
    pub keys: Text,
    /// Its block's header.
    pub span: Span,
}

pub(super) fn identity(name: &Text, block: &Block, context: &mut Context<'_>) -> Result<AnchoredIdentity, Reported> {
    let mut of = |argument: &str, paste: &str, expected: &str| {
        required(block, argument, paste, context).and_then(|expression| text(expression, expected, context))
    };
    let issuer = of("issuer", "issuer = \"https://gitlab.example.com\"", "the issuer's name, as its tokens have it");
    let audience = of("audience", "audience = \"ordain\"", "whom its tokens are for");
    let keys = of("keys", "keys = \"{...}\"", "the issuer's keys (JWKS)");
    let person = argument(&block.body, "person").map(|expression| text(expression, "the name of a claim", context));
    Ok(AnchoredIdentity {
        name: name.clone(),
        issuer: issuer?,
        audience: audience?,
        person: person.transpose()?.unwrap_or_else(|| SUBJECT.into()),
        keys: keys?,
        span: block.header(),
    })
}
