//! Who wrote a profile, by the token of a CI service: keys and signatures are made by `openssl`.

use crate::approval::{APPLY, approve, profiled};
use crate::keys::Keys;
use crate::place::Place;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

const ISSUER: &str = "https://gitlab.example.com";

/// A profile that nobody signed, an approval by Alice, and an anchor that knows the keys of a service.
struct Service {
    place: Place,
    /// The flags of the anchor.
    under: String,
}

/// Prints `base64url(file)` without padding.
const ENCODE: &str = "openssl base64 -A -in \"$1\" | tr '+/' '-_' | tr -d '='";

impl Service {
    fn new() -> Service {
        let place = profiled("  required = 1\n");
        let keys = Keys(&place);
        for (name, arguments) in [
            ("rsa", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"),
            ("other", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"),
            ("ec", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"),
        ] {
            let mut all = vec!["genpkey", "-out", name];
            all.extend(arguments.split(' '));
            place.run("openssl", "", &all);
        }
        let rsa = shell(
            &place,
            "openssl rsa -in rsa -noout -modulus | cut -d= -f2 | xxd -r -p > n && sh -c \"$0\" - n",
            &[ENCODE],
        );
        // An uncompressed point ends a public key of P-256: 32 bytes of x, 32 of y.
        let point = |part: &str| {
            let cut =
                format!("openssl pkey -in ec -pubout -outform DER | tail -c 64 | {part} -c 32 > c && sh -c \"$0\" - c");
            shell(&place, &cut, &[ENCODE])
        };
        let keyset = json!({"keys": [
            {"kty": "RSA", "kid": "rsa", "use": "sig", "alg": "RS256", "n": rsa, "e": "AQAB"},
            {"kty": "EC", "kid": "ec", "crv": "P-256", "x": point("head"), "y": point("tail")},
            {"kty": "oct", "kid": "shared", "k": "c2VjcmV0"},
        ]});
        let platform = keys.make("platform");
        let people = ["alice", "bob", "carol", "dave"]
            .map(|name| format!("{name}@x {}", place.read(&format!("keys/{name}.pub"))));
        place.write("signers", &format!("platform@x namespaces=\"ordain.anchor\" {platform}\n{}", people.concat()));
        let anchor = format!(
            "identity \"gitlab\" {{\n  issuer   = \"{ISSUER}\"\n  audience = \"ordain\"\n  person   = \"user_email\"\n  keys     = <<-EOT\n    {keyset}\n  EOT\n}}\n"
        );
        place.write("anchor.hcl", &anchor);
        keys.sign("platform", "ordain.anchor", "anchor.hcl");
        let under = "-anchor ../anchor.hcl -signers ../signers".to_owned();
        // A commit that nobody signed.
        place.write("p/more.hcl", "locals {}\n");
        place.git("p", "add .");
        place.git("p", "commit --quiet -m unsigned");
        place.good(&format!("plan -out plan.json {under}"));
        approve(&place, "alice");
        Service { place, under }
    }

    fn claims(&self) -> Value {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let head = String::from_utf8(self.place.git("p", "rev-parse HEAD").stdout).unwrap();
        json!({"iss": ISSUER, "aud": "ordain", "sub": "project_path:acme/infra", "user_email": "dave@x", "sha": head.trim(),
               "iat": now, "nbf": now, "exp": now + 300})
    }

    /// A token that a key signs.
    fn token(&self, header: &Value, claims: &Value, key: &str) -> String {
        let place = &self.place;
        place.write("header", &header.to_string());
        place.write("claims", &claims.to_string());
        let part = |name: &str| shell(place, "sh -c \"$0\" - \"$1\"", &[ENCODE, name]);
        let signed = format!("{}.{}", part("header"), part("claims"));
        place.write("signed", &signed);
        let sign = match key {
            // A point's two numbers, 32 bytes each, out of the DER that OpenSSL writes.
            "ec" => {
                "openssl dgst -sha256 -sign ec signed | openssl asn1parse -inform DER | sed -n 's/.*INTEGER *://p' \
                     | awk '{ while (length($0) < 64) $0 = \"0\" $0; printf \"%s\", $0 }' | xxd -r -p > s"
            }
            "rsa" => "openssl dgst -sha256 -sign rsa -out s signed",
            "other" => "openssl dgst -sha256 -sign other -out s signed",
            "shared" => "openssl dgst -sha256 -hmac secret -binary -out s signed",
            _ => ": > s",
        };
        let _ = shell(place, sign, &[]);
        format!("{signed}.{}", part("s"))
    }

    /// Applies with a token.
    fn apply(&mut self, token: &str) -> (i32, String) {
        self.place.variable("ORDAIN_ID_TOKEN", token);
        let ended = self.place.ordain(&format!("{APPLY} {}", self.under));
        (ended.code, ended.text.replace("\n  | ", " "))
    }
}

fn shell(place: &Place, script: &str, arguments: &[&str]) -> String {
    let mut all = vec!["-c", script];
    all.extend(arguments);
    String::from_utf8(place.run("sh", "", &all).stdout).unwrap().trim().to_owned()
}

#[test]
fn the_person_whom_a_token_names_is_the_author() {
    let mut service = Service::new();
    let (code, said) = service.apply("");
    assert!(code == 1 && said.contains("the author is unverified: the commit"), "{said}");
    let rsa = json!({"alg": "RS256", "kid": "rsa", "typ": "JWT"});
    // Alice approved it: a run of hers makes her the author.
    let mut hers = service.claims();
    hers["user_email"] = "alice@x".into();
    let token = service.token(&rsa, &hers, "rsa");
    let (code, said) = service.apply(&token);
    assert!(code == 1 && said.contains("is by alice@x, who wrote the profile"), "{said}");
    let claims = service.claims();
    let token = service.token(&rsa, &claims, "rsa");
    let (code, said) = service.apply(&token);
    assert_eq!(code, 0, "{said}");
    let log = service.place.good("log");
    assert!(
        log.contains(&format!("written by dave@x, whom a token of {ISSUER} names (`project_path:acme/infra`, commit")),
        "{log}"
    );
    // It is a credential, and stands nowhere.
    let secret = token.rsplit('.').next().unwrap();
    let kept = shell(&service.place, "cat p/.ordain/journal* p/.ordain/applies/*/* p/plan.json", &[]);
    assert!(!kept.contains(secret) && !said.contains(secret));
}

#[test]
fn a_key_of_an_elliptic_curve_signs_too() {
    let mut service = Service::new();
    let claims = service.claims();
    let token = service.token(&json!({"alg": "ES256", "kid": "ec"}), &claims, "ec");
    let (code, said) = service.apply(&token);
    assert_eq!(code, 0, "{said}");
}

/// Each is refused for what is wrong with it, and nothing is changed.
#[test]
fn a_token_that_proves_nothing_is_refused_by_name() {
    let mut service = Service::new();
    let claims = service.claims();
    let rsa = json!({"alg": "RS256", "kid": "rsa"});
    let with = |name: &str, value: Value| {
        let mut changed = claims.clone();
        changed[name] = value;
        changed
    };
    let without = |name: &str| {
        let mut changed = claims.clone();
        let _ = changed.as_object_mut().unwrap().remove(name);
        changed
    };
    let now = claims["iat"].as_i64().unwrap();
    for (header, claims, key, words) in [
        (rsa.clone(), claims.clone(), "other", "its signature is not of its issuer's key"),
        (json!({"alg": "none"}), claims.clone(), "", "it is no signed token"),
        (json!({"alg": "HS256", "kid": "shared"}), claims.clone(), "shared", "its key does not sign with `HS256`"),
        (json!({"alg": "HS256", "kid": "rsa"}), claims.clone(), "shared", "its key does not sign with `HS256`"),
        (json!({"alg": "RS512", "kid": "rsa"}), claims.clone(), "rsa", "its key does not sign with `RS512`"),
        (json!({"alg": "RS256", "kid": "rsa", "crit": ["x"]}), claims.clone(), "rsa", "its key does not sign with"),
        (json!({"alg": "RS256", "kid": "new"}), claims.clone(), "rsa", "its issuer has no key `new`"),
        (json!({"alg": "RS256"}), claims.clone(), "rsa", "its issuer has no key ``"),
        (
            rsa.clone(),
            with("iss", "https://gitlab.com".into()),
            "rsa",
            "its issuer `https://gitlab.com` is none of those that are known",
        ),
        (rsa.clone(), with("aud", "vault".into()), "rsa", "it is not for `ordain`"),
        (rsa.clone(), without("aud"), "rsa", "it is not for `ordain`"),
        (rsa.clone(), with("exp", (now - 120).into()), "rsa", "it was valid until"),
        (rsa.clone(), without("exp"), "rsa", "it has no claim `exp`"),
        (rsa.clone(), with("nbf", (now + 600).into()), "rsa", "it is valid from"),
        (rsa.clone(), without("sub"), "rsa", "it has no claim `sub`"),
        (rsa.clone(), without("user_email"), "rsa", "it has no claim `user_email`"),
        (
            rsa.clone(),
            with("user_email", "mallory@x".into()),
            "rsa",
            "names `mallory@x`, who is nobody in the file of signers",
        ),
        (
            rsa.clone(),
            with("sha", "0123456789ab".into()),
            "rsa",
            "the token is of the commit 0123456789ab, and this is",
        ),
        (rsa.clone(), without("sha"), "rsa", "the token says no commit"),
    ] {
        let token = service.token(&header, &claims, key);
        let (code, said) = service.apply(&token);
        assert!(code == 1 && said.contains("the author is unverified"), "{words}: {said}");
        assert!(said.contains(words), "{words} in: {said}");
    }
    let (code, said) = service.apply("a.b.c");
    assert!(code == 1 && said.contains("it is no signed token"), "{said}");
    assert!(service.place.read("p/estate.json").contains("7d"), "nothing was changed");
}

#[test]
fn keys_that_do_not_read_are_told_where_the_anchor_names_them() {
    let service = Service::new();
    let anchor = service.place.read("anchor.hcl");
    service.place.write("anchor.hcl", &anchor.replace("\"kty\":\"RSA\"", "\"kty\":\"oct\"").replace("P-256", "P-521"));
    Keys(&service.place).sign("platform", "ordain.anchor", "anchor.hcl");
    service.place.bad(&format!("plan {}", service.under), "signers", &["the keys of `identity.gitlab`"]);
}
