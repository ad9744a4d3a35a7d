//! Texts as other texts: base64, encodings of characters, URLs.

use super::{Code, Failure, Function, Given, Of, Outcome, parameter};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ordain_model::value::Value;
use std::fmt::Write as _;

const ENCODED: &[super::Parameter] = &[parameter("text", Of::Text), parameter("encoding", Of::Text)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "base64decode",
        parameters: &[parameter("text", Of::Text)],
        rest: None,
        summary: "The text that a base64 text encodes; it must be UTF-8.",
        examples: &[("base64decode(\"aMOkbGxv\")", "\"hällo\"")],
        errors: &[
            ("base64decode(\"a!\")", "`base64decode`: this is not base64: Invalid symbol 33, offset 1."),
            ("base64decode(\"/w==\")", "`base64decode`: what it encodes is not UTF-8"),
        ],
        code: Code::Strict(|given| match String::from_utf8(decoded(given)?) {
            Ok(text) => Ok(Value::String(text.into())),
            Err(_) => Err(Failure::Argument(0, "what it encodes is not UTF-8".into())),
        }),
    },
    Function {
        name: "base64encode",
        parameters: &[parameter("text", Of::Text)],
        rest: None,
        summary: "The UTF-8 bytes of a text in base64.",
        examples: &[("base64encode(\"hällo\")", "\"aMOkbGxv\"")],
        errors: &[("base64encode([\"a\"])", "`text` is a list: expected a string")],
        code: Code::Strict(|given| Ok(Value::String(STANDARD.encode(given.text(0)).into()))),
    },
    Function {
        name: "textdecodebase64",
        parameters: ENCODED,
        rest: None,
        summary: "The text that base64 encodes in an encoding of characters: those of `textencodebase64`.",
        examples: &[("textdecodebase64(\"SABpAA==\", \"UTF-16LE\")", "\"Hi\"")],
        errors: &[
            ("textdecodebase64(\"/w==\", \"UTF-8\")", "`textdecodebase64`: what it encodes is not UTF-8"),
            (
                "textdecodebase64(\"YQ==\", \"latin\")",
                "`textdecodebase64`: expected one of `ISO-8859-1`, `US-ASCII`, `UTF-8`, `UTF-16BE`, `UTF-16LE`",
            ),
        ],
        code: Code::Strict(|given| {
            let (encoding, bytes) = (Encoding::find(given)?, decoded(given)?);
            let text = encoding.text(&bytes);
            text.map(|text| Value::String(text.into()))
                .ok_or_else(|| Failure::Argument(0, format!("what it encodes is not {}", given.text(1))))
        }),
    },
    Function {
        name: "textencodebase64",
        parameters: ENCODED,
        rest: None,
        summary: "A text in base64 of an encoding of characters: UTF-8, UTF-16LE, UTF-16BE, ISO-8859-1 or US-ASCII.",
        examples: &[("textencodebase64(\"Hi\", \"UTF-16LE\")", "\"SABpAA==\"")],
        errors: &[(
            "textencodebase64(\"é\", \"US-ASCII\")",
            "`textencodebase64`: a character of the text is not in US-ASCII",
        )],
        code: Code::Strict(|given| match Encoding::find(given)?.bytes(given.text(0)) {
            Some(bytes) => Ok(Value::String(STANDARD.encode(bytes).into())),
            None => Err(Failure::Argument(0, format!("a character of the text is not in {}", given.text(1)))),
        }),
    },
    Function {
        name: "urlencode",
        parameters: &[parameter("text", Of::Text)],
        rest: None,
        summary: "The text as a value in the query of a URL: a space is `+`, most other signs are `%` and two digits.",
        examples: &[("urlencode(\"a b&c\")", "\"a+b%26c\"")],
        errors: &[("urlencode(null)", "`text` is null: expected a string")],
        code: Code::Strict(url),
    },
];

fn decoded(given: &Given<'_>) -> Result<Vec<u8>, Failure> {
    STANDARD.decode(given.text(0)).map_err(|why| Failure::Argument(0, format!("this is not base64: {why}")))
}

fn url(given: &Given<'_>) -> Outcome {
    let mut encoded = String::with_capacity(given.text(0).len());
    for byte in given.text(0).bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            b' ' => encoded.push('+'),
            // Writing to a string cannot fail.
            other => drop(write!(encoded, "%{other:02X}")),
        }
    }
    Ok(Value::String(encoded.into()))
}

/// An encoding of characters. Those are here of which every byte is plain from their definition; the tables of the
/// others come in several versions.
enum Encoding {
    Ascii,
    Latin1,
    Utf8,
    Utf16(fn(u16) -> [u8; 2], fn([u8; 2]) -> u16),
}

impl Encoding {
    fn find(given: &Given<'_>) -> Result<Encoding, Failure> {
        match given.text(1).to_ascii_uppercase().as_str() {
            "ISO-8859-1" => Ok(Encoding::Latin1),
            "US-ASCII" => Ok(Encoding::Ascii),
            "UTF-8" => Ok(Encoding::Utf8),
            "UTF-16BE" => Ok(Encoding::Utf16(u16::to_be_bytes, u16::from_be_bytes)),
            "UTF-16LE" => Ok(Encoding::Utf16(u16::to_le_bytes, u16::from_le_bytes)),
            _ => Err(Failure::Argument(
                1,
                "expected one of `ISO-8859-1`, `US-ASCII`, `UTF-8`, `UTF-16BE`, `UTF-16LE`".into(),
            )),
        }
    }

    fn bytes(&self, text: &str) -> Option<Vec<u8>> {
        match self {
            Encoding::Ascii => text.is_ascii().then(|| text.into()),
            Encoding::Latin1 => text.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect(),
            Encoding::Utf8 => Some(text.into()),
            Encoding::Utf16(write, _) => Some(text.encode_utf16().flat_map(write).collect()),
        }
    }

    fn text(&self, bytes: &[u8]) -> Option<String> {
        match self {
            Encoding::Ascii => bytes.is_ascii().then(|| bytes.iter().copied().map(char::from).collect()),
            Encoding::Latin1 => Some(bytes.iter().copied().map(char::from).collect()),
            Encoding::Utf8 => String::from_utf8(bytes.into()).ok(),
            Encoding::Utf16(_, read) => {
                let (pairs, rest) = bytes.as_chunks::<2>();
                let units: Vec<u16> = pairs.iter().copied().map(read).collect();
                String::from_utf16(&units).ok().filter(|_| rest.is_empty())
            }
        }
    }
}
