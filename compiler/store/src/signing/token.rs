//! [`verify`]: whom a token of a CI service names (OpenID Connect, a JSON Web Token), by keys that are given. It touches no
//! network, no file and no clock: where the keys come from says whose word the token is.
//!
//! Algorithms are those of a key that somebody publishes: RSA, ECDSA on P-256 and P-384, Ed25519. `none` and shared secrets
//! (`HS256`) are no algorithms here, and the key decides which ones its signatures may have, not the token.
//!
//! Sources: RFC 7519, 7515 and 7517; OpenID Connect Core 1.0, section 3.1.3.7.

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use ordain_model::instant::Instant;
use serde_json::{Map, Value as Json};
use std::fmt;

/// Most bytes of a token: those of GitHub and GitLab have about two thousand.
pub const LONGEST: usize = 16 << 10;

/// How many seconds two clocks may differ.
const SKEW: i64 = 60;

/// Who issues tokens, and what one of them has to say.
#[derive(Clone, Debug)]
pub struct Issuer {
    /// Its name, as tokens have it: a URL.
    pub name: String,
    /// Whom its tokens have to be for.
    pub audience: String,
    /// The claim that names a person.
    pub person: String,
    /// The keys with which it signs.
    keys: JwkSet,
}

/// What a token says, once its signature is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Who issued it.
    pub issuer: String,
    /// Whom it is about: a run, or a person.
    pub subject: String,
    /// The person whom its claim names.
    pub person: String,
    /// The commit that the run is of, where it says one.
    pub commit: Option<String>,
}

/// Why a token says nothing; [`fmt::Display`] writes half a sentence about "the token".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is no token.
    Unreadable,
    /// Nobody who is known issued it: the name that it gives.
    Issuer(String),
    /// It names a key that its issuer is not known to have: which.
    Key(String),
    /// It is signed in a way that its key does not sign.
    Algorithm(String),
    /// Its signature is not of its key.
    Signature,
    /// It is for somebody else: for whom it has to be.
    Audience(String),
    /// It has ended.
    Expired {
        /// When.
        until: Instant,
        /// The moment that is asked about.
        at: Instant,
    },
    /// It begins later, or says so of its issue.
    NotYet {
        /// When.
        from: Instant,
        /// The moment that is asked about.
        at: Instant,
    },
    /// It lacks a claim: which.
    Lacks(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Unreadable => f.write_str("it is no signed token (JWT)"),
            Refusal::Issuer(name) => write!(f, "its issuer `{}` is none of those that are known", name.escape_debug()),
            Refusal::Key(id) => write!(f, "its issuer has no key `{}`, as far as is known", id.escape_debug()),
            Refusal::Algorithm(name) => write!(f, "its key does not sign with `{name}`"),
            Refusal::Signature => f.write_str("its signature is not of its issuer's key"),
            Refusal::Audience(wanted) => write!(f, "it is not for `{}`", wanted.escape_debug()),
            Refusal::Expired { until, at } => write!(f, "it was valid until {until}, and it is {at}"),
            Refusal::NotYet { from, at } => write!(f, "it is valid from {from} on, and it is {at}"),
            Refusal::Lacks(claim) => write!(f, "it has no claim `{}`", claim.escape_debug()),
        }
    }
}

impl Issuer {
    /// An issuer with the keys that it publishes (a JSON Web Key Set).
    ///
    /// # Errors
    /// They do not read, or there is none with which tokens are signed: half a sentence.
    pub fn new(name: &str, audience: &str, person: &str, keys: &str) -> Result<Issuer, String> {
        let keys: JwkSet =
            serde_json::from_str(keys).map_err(|error| format!("they are no key set (JWKS): {error}"))?;
        if !keys.keys.iter().any(|key| !algorithms(key).is_empty()) {
            return Err("there is no key among them with which tokens are signed (RSA, P-256, P-384 or Ed25519)".into());
        }
        Ok(Issuer { name: name.into(), audience: audience.into(), person: person.into(), keys })
    }

    /// The key that a token names, or the only one where it names none.
    fn key(&self, id: Option<&str>) -> Option<&Jwk> {
        match (id, self.keys.keys.as_slice()) {
            (Some(id), keys) => keys.iter().find(|key| key.common.key_id.as_deref() == Some(id)),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }
}

/// The algorithms with which a key signs; none for one that is shared or encrypts.
fn algorithms(key: &Jwk) -> Vec<Algorithm> {
    use Algorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    if !matches!(key.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
        return Vec::new();
    }
    let of = match &key.algorithm {
        AlgorithmParameters::RSA(_) => vec![RS256, RS384, RS512, PS256, PS384, PS512],
        AlgorithmParameters::EllipticCurve(of) => match of.curve {
            EllipticCurve::P256 => vec![ES256],
            EllipticCurve::P384 => vec![ES384],
            _ => Vec::new(),
        },
        AlgorithmParameters::OctetKeyPair(of) if of.curve == EllipticCurve::Ed25519 => vec![EdDSA],
        _ => Vec::new(),
    };
    match key.common.key_algorithm {
        None => of,
        Some(only) => of.into_iter().filter(|name| format!("{only:?}") == format!("{name:?}")).collect(),
    }
}

/// What a token of one of these issuers says at a moment.
///
/// # Errors
/// Why it says nothing.
pub fn verify(token: &str, issuers: &[Issuer], at: Instant) -> Result<Token, Refusal> {
    let token = token.trim();
    if token.len() > LONGEST {
        return Err(Refusal::Unreadable);
    }
    let header = decode_header(token).map_err(|_| Refusal::Unreadable)?;
    let claimed = jsonwebtoken::dangerous::insecure_decode::<Map<String, Json>>(token);
    let claimed = claimed.map_err(|_| Refusal::Unreadable)?.claims;
    let name = text(&claimed, "iss")?;
    // One service may issue tokens under several audiences.
    let known: Vec<&Issuer> = issuers.iter().filter(|issuer| issuer.name == name).collect();
    let issuer = known.iter().find(|issuer| is_for(&claimed, &issuer.audience)).or(known.first());
    let issuer = issuer.ok_or(Refusal::Issuer(name))?;
    let key = issuer.key(header.kid.as_deref());
    let key = key.ok_or_else(|| Refusal::Key(header.kid.clone().unwrap_or_default()))?;
    let allowed = algorithms(key);
    // What a header demands to be understood is not.
    if !allowed.contains(&header.alg) || header.crit.is_some() {
        return Err(Refusal::Algorithm(format!("{:?}", header.alg)));
    }
    let decoding = DecodingKey::from_jwk(key).map_err(|_| Refusal::Key(header.kid.clone().unwrap_or_default()))?;
    let mut validation = Validation::new(header.alg);
    (validation.validate_exp, validation.validate_nbf, validation.validate_aud) = (false, false, false);
    validation.required_spec_claims.clear();
    let claims = decode::<Map<String, Json>>(token, &decoding, &validation).map_err(|_| Refusal::Signature)?.claims;
    if !is_for(&claims, &issuer.audience) {
        return Err(Refusal::Audience(issuer.audience.clone()));
    }
    within(&claims, at)?;
    Ok(Token {
        issuer: text(&claims, "iss")?,
        subject: text(&claims, "sub")?,
        person: text(&claims, &issuer.person)?,
        commit: text(&claims, "sha").ok(),
    })
}

fn text(claims: &Map<String, Json>, name: &str) -> Result<String, Refusal> {
    let text = claims.get(name).and_then(Json::as_str).filter(|text| !text.is_empty());
    text.map(str::to_owned).ok_or_else(|| Refusal::Lacks(name.to_owned()))
}

fn is_for(claims: &Map<String, Json>, audience: &str) -> bool {
    match claims.get("aud") {
        Some(Json::String(one)) => one == audience,
        Some(Json::Array(several)) => several.iter().any(|one| one.as_str() == Some(audience)),
        _ => false,
    }
}

/// Whether a token is valid at a moment. It has to say until when.
fn within(claims: &Map<String, Json>, at: Instant) -> Result<(), Refusal> {
    let moment = |name: &str| claims.get(name).map(|value| value.as_i64().map(Instant::of));
    let until = moment("exp").flatten().ok_or_else(|| Refusal::Lacks("exp".to_owned()))?;
    if at.since(until) > SKEW {
        return Err(Refusal::Expired { until, at });
    }
    for name in ["nbf", "iat"] {
        match moment(name) {
            Some(Some(from)) if from.since(at) > SKEW => return Err(Refusal::NotYet { from, at }),
            Some(None) => return Err(Refusal::Unreadable),
            _ => {}
        }
    }
    Ok(())
}
