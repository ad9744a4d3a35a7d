//! Files of the module: their texts, their bytes and their digests. What is read is known at compile time, stands inside the
//! module's directory and is part of its digest.

use super::{Code, Failure, Function, Given, Of, Outcome, parameter};
use crate::files::{ContentProblem, ModuleFiles};
use crate::path;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, nearest};
use ordain_model::package::inside;
use ordain_model::value::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use std::sync::Arc;

const PATH: &[super::Parameter] = &[parameter("path", Of::Text)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "file",
        parameters: PATH,
        rest: None,
        summary: "The text of a file, which is UTF-8.",
        examples: &[
            ("file(\"notes/office.txt\")", "\"203.0.113.0/24\\n\""),
            ("jsondecode(file(\"${path.module}/limits.json\"))", "{ days = 365 }"),
        ],
        errors: &[
            ("file(\"limit.json\")", "`limit.json` is not among the module's files"),
            (
                "file(\"../limits.json\")",
                "`file`: the path `../limits.json` leads out of the module by `..`; a module reads its own files only",
            ),
        ],
        code: Code::Strict(|given| Ok(Value::string(&text(given)?))),
    },
    Function {
        name: "filebase64",
        parameters: PATH,
        rest: None,
        summary: "The bytes of a file in base64.",
        examples: &[("filebase64(\"notes/office.txt\")", "\"MjAzLjAuMTEzLjAvMjQK\"")],
        errors: &[("filebase64(\"notes\")", "`notes` is a directory, and only plain files are read")],
        code: Code::Strict(|given| Ok(Value::string(&STANDARD.encode(content(given)?)))),
    },
    Function {
        name: "filebase64sha256",
        parameters: PATH,
        rest: None,
        summary: "The SHA-256 digest of the bytes of a file, in base64.",
        examples: &[("filebase64sha256(\"notes/office.txt\") == base64sha256(file(\"notes/office.txt\"))", "true")],
        errors: &[("filebase64sha256(\"limit.json\")", "`limit.json` is not among the module's files")],
        code: Code::Strict(|given| Ok(Value::string(&STANDARD.encode(Sha256::digest(content(given)?))))),
    },
    Function {
        name: "filebase64sha512",
        parameters: PATH,
        rest: None,
        summary: "The SHA-512 digest of the bytes of a file, in base64.",
        examples: &[("filebase64sha512(\"notes/office.txt\") == base64sha512(file(\"notes/office.txt\"))", "true")],
        errors: &[("filebase64sha512(\"limit.json\")", "`limit.json` is not among the module's files")],
        code: Code::Strict(|given| Ok(Value::string(&STANDARD.encode(Sha512::digest(content(given)?))))),
    },
    Function {
        name: "fileexists",
        parameters: PATH,
        rest: None,
        summary: "Whether a plain file is there. A directory is an error.",
        examples: &[("fileexists(\"limits.json\")", "true"), ("fileexists(\"limits.yaml\")", "false")],
        errors: &[
            ("fileexists(\"notes\")", "`notes` is a directory, and only plain files are read"),
            (
                "fileexists(\"/etc/hosts\")",
                "`fileexists`: the path `/etc/hosts` is absolute; a module reads its own files only",
            ),
        ],
        code: Code::Strict(|given| match files(given)?.content(&named(given, 0)?) {
            Ok(_) | Err(ContentProblem::TooLarge) => Ok(Value::Bool(true)),
            Err(ContentProblem::Missing) => Ok(Value::Bool(false)),
            Err(problem) => Err(refused(given, &problem)),
        }),
    },
    Function {
        name: "filemd5",
        parameters: PATH,
        rest: None,
        summary: "The MD5 digest of the bytes of a file, in hexadecimal. It proves nothing: two files can have one.",
        examples: &[("filemd5(\"limits.json\") == md5(file(\"limits.json\"))", "true")],
        errors: &[("filemd5(\"limit.json\")", "`limit.json` is not among the module's files")],
        code: Code::Strict(hexadecimal::<Md5>),
    },
    Function {
        name: "filesha1",
        parameters: PATH,
        rest: None,
        summary: "The SHA-1 digest of the bytes of a file, in hexadecimal. It proves nothing: two files can have one.",
        examples: &[("filesha1(\"limits.json\") == sha1(file(\"limits.json\"))", "true")],
        errors: &[("filesha1(\"limit.json\")", "`limit.json` is not among the module's files")],
        code: Code::Strict(hexadecimal::<Sha1>),
    },
    Function {
        name: "filesha256",
        parameters: PATH,
        rest: None,
        summary: "The SHA-256 digest of the bytes of a file, in hexadecimal.",
        examples: &[("filesha256(\"limits.json\") == sha256(file(\"limits.json\"))", "true")],
        errors: &[("filesha256(\"limit.json\")", "`limit.json` is not among the module's files")],
        code: Code::Strict(hexadecimal::<Sha256>),
    },
    Function {
        name: "filesha512",
        parameters: PATH,
        rest: None,
        summary: "The SHA-512 digest of the bytes of a file, in hexadecimal.",
        examples: &[("filesha512(\"limits.json\") == sha512(file(\"limits.json\"))", "true")],
        errors: &[("filesha512(\"limit.json\")", "`limit.json` is not among the module's files")],
        code: Code::Strict(hexadecimal::<Sha512>),
    },
];

/// Whether a function reads files.
pub(crate) fn reads(name: &str) -> bool {
    [FUNCTIONS, super::fileset::FUNCTIONS, super::template::FUNCTIONS]
        .iter()
        .any(|functions| functions.iter().any(|function| function.name == name))
}

/// The files that the call may read.
pub(super) fn files<'a>(given: &Given<'a>) -> Result<&'a dyn ModuleFiles, Failure> {
    given.evaluator.scope.files().ok_or_else(|| {
        let detail = "no file is read here: a file is read in the locals and the blocks of a module";
        let message = Diagnostic::error(code::FUNCTION_FAILED, given.span, detail);
        Failure::Message(Box::new(message.help("Read it in a local, and name that.")))
    })
}

/// The path that an argument names, inside the module's directory.
pub(super) fn named(given: &Given<'_>, at: usize) -> Result<String, Failure> {
    let path = path::join(".", given.text(at));
    if path == "." {
        return Ok(path);
    }
    inside(&path).map_err(|refusal| Failure::Argument(at, format!("{refusal}; a module reads its own files only")))?;
    Ok(path)
}

/// The bytes of the file that the first argument names.
pub(super) fn content(given: &Given<'_>) -> Result<Arc<[u8]>, Failure> {
    let path = named(given, 0)?;
    let content = if path == "." { Err(ContentProblem::NoFile("a directory")) } else { files(given)?.content(&path) };
    let bytes = content.map_err(|problem| refused(given, &problem))?;
    given.spend_text(bytes.len())?;
    Ok(bytes)
}

/// The text of the file that the first argument names.
pub(super) fn text(given: &Given<'_>) -> Result<String, Failure> {
    let bytes = content(given)?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let at = error.valid_up_to();
            let byte = bytes.get(at).copied().unwrap_or_default();
            let detail = format!("`{}` is not UTF-8: byte {at} is 0x{byte:02x}", given.shown(0).escape_debug());
            let message = Diagnostic::error(code::FUNCTION_FAILED, given.span, detail);
            let help = "Save it as UTF-8; `filebase64` gives the bytes of any file, `filesha256` their digest.";
            Err(Failure::Message(Box::new(message.help(help))))
        }
    }
}

/// Why the file that the first argument names is not read; of one that is not there, the nearest that is.
fn refused(given: &Given<'_>, problem: &ContentProblem) -> Failure {
    let written = given.text(0);
    let detail = format!("`{}` {problem}", given.shown(0).escape_debug());
    let message = Diagnostic::error(code::FUNCTION_FAILED, given.span, detail);
    let path = path::join(".", written);
    let (directory, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let names = match (problem, given.evaluator.scope.files()) {
        (ContentProblem::Missing, Some(files)) => files.names(directory, 0).ok(),
        _ => None,
    };
    let near = names.as_ref().and_then(|names| nearest(name, names.iter().map(String::as_str)));
    Failure::Message(Box::new(match near {
        Some(near) if directory.is_empty() => message.paste(format!("\"{near}\"")),
        Some(near) => message.paste(format!("\"{directory}/{near}\"")),
        None if *problem == ContentProblem::Missing => message.help("A path is relative to the module's directory."),
        None => message,
    }))
}

fn hexadecimal<D: Digest>(given: &Given<'_>) -> Outcome {
    let digest = D::digest(content(given)?);
    Ok(Value::String(digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()))
}
