//! Digests of texts, and the identifiers made of them.

use super::{Code, Failure, Function, Given, Of, Outcome, parameter};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use ordain_model::value::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use uuid::{Builder, Uuid};

const TEXT: &[super::Parameter] = &[parameter("text", Of::Text)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "base64sha256",
        parameters: TEXT,
        rest: None,
        summary: "The SHA-256 digest of the UTF-8 bytes of a text, in base64.",
        examples: &[("base64sha256(\"a\")", "\"ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=\"")],
        errors: &[("base64sha256([\"a\"])", "`text` is a list: expected a string")],
        code: Code::Strict(|given| Ok(Value::string(&STANDARD.encode(Sha256::digest(given.text(0)))))),
    },
    Function {
        name: "base64sha512",
        parameters: TEXT,
        rest: None,
        summary: "The SHA-512 digest of the UTF-8 bytes of a text, in base64.",
        examples: &[("substr(base64sha512(\"a\"), 0, 12)", "\"H0D8ktokFpR1\"")],
        errors: &[("base64sha512([\"a\"])", "`text` is a list: expected a string")],
        code: Code::Strict(|given| Ok(Value::string(&STANDARD.encode(Sha512::digest(given.text(0)))))),
    },
    Function {
        name: "md5",
        parameters: TEXT,
        rest: None,
        summary: "The MD5 digest of the UTF-8 bytes of a text, in hexadecimal. It proves nothing: two texts can have one.",
        examples: &[("md5(\"a\")", "\"0cc175b9c0f1b6a831c399e269772661\"")],
        errors: &[("md5(null)", "`text` is null: expected a string")],
        code: Code::Strict(hexadecimal::<Md5>),
    },
    Function {
        name: "sha1",
        parameters: TEXT,
        rest: None,
        summary: "The SHA-1 digest of the UTF-8 bytes of a text, in hexadecimal. It proves nothing: two texts can have one.",
        examples: &[("sha1(\"a\")", "\"86f7e437faa5a7fce15d1ddcb9eaeaea377667b8\"")],
        errors: &[("sha1([\"a\"])", "`text` is a list: expected a string")],
        code: Code::Strict(hexadecimal::<Sha1>),
    },
    Function {
        name: "sha256",
        parameters: TEXT,
        rest: None,
        summary: "The SHA-256 digest of the UTF-8 bytes of a text, in hexadecimal.",
        examples: &[("substr(sha256(\"a\"), 0, 8)", "\"ca978112\"")],
        errors: &[("sha256([\"a\"])", "`text` is a list: expected a string")],
        code: Code::Strict(hexadecimal::<Sha256>),
    },
    Function {
        name: "sha512",
        parameters: TEXT,
        rest: None,
        summary: "The SHA-512 digest of the UTF-8 bytes of a text, in hexadecimal.",
        examples: &[("substr(sha512(\"a\"), 0, 8)", "\"1f40fc92\"")],
        errors: &[("sha512([\"a\"])", "`text` is a list: expected a string")],
        code: Code::Strict(hexadecimal::<Sha512>),
    },
    Function {
        name: "uuidv5",
        parameters: &[parameter("namespace", Of::Text), parameter("name", Of::Text)],
        rest: None,
        summary: "The UUID of a name in a namespace: `dns`, `url`, `oid`, `x500` or a UUID. Equal names have equal ones.",
        examples: &[("uuidv5(\"dns\", \"www.example.com\")", "\"2ed6657d-e927-568b-95e1-2665a8aea6a2\"")],
        errors: &[("uuidv5(\"example\", \"a\")", "`uuidv5`: expected `dns`, `oid`, `url`, `x500` or a UUID")],
        code: Code::Strict(named),
    },
];

fn hexadecimal<D: Digest>(given: &Given<'_>) -> Outcome {
    let digest = D::digest(given.text(0));
    Ok(Value::String(digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()))
}

/// RFC 9562, section 5.5: the SHA-1 digest of namespace and name, cut to 16 bytes.
fn named(given: &Given<'_>) -> Outcome {
    let namespace = match given.text(0) {
        "dns" => Uuid::NAMESPACE_DNS,
        "oid" => Uuid::NAMESPACE_OID,
        "url" => Uuid::NAMESPACE_URL,
        "x500" => Uuid::NAMESPACE_X500,
        other => Uuid::parse_str(other)
            .map_err(|_| Failure::Argument(0, "expected `dns`, `oid`, `url`, `x500` or a UUID".into()))?,
    };
    let digest = Sha1::new().chain_update(namespace.as_bytes()).chain_update(given.text(1)).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(digest.get(..16).unwrap_or(&[0; 16]));
    Ok(Value::string(&Builder::from_sha1_bytes(bytes).into_uuid().to_string()))
}
