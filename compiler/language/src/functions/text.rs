//! Texts.

use super::{Code, Failure, Function, Given, Of, Outcome, parameter};
use ordain_model::Text;
use ordain_model::value::Value;

const TEXT: &[super::Parameter] = &[parameter("text", Of::Text)];
const PREFIX: &[super::Parameter] = &[parameter("text", Of::Text), parameter("prefix", Of::Text)];
const SUFFIX: &[super::Parameter] = &[parameter("text", Of::Text), parameter("suffix", Of::Text)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "chomp",
        parameters: TEXT,
        rest: None,
        summary: "The text without the line ends at its end.",
        examples: &[("chomp(\"a\\n\")", "\"a\"")],
        errors: &[("chomp([\"a\"])", "`text` is a list: expected a string")],
        code: Code::Strict(|given| text(given.text(0).trim_end_matches(['\r', '\n']))),
    },
    Function {
        name: "endswith",
        parameters: SUFFIX,
        rest: None,
        summary: "Whether a text ends with another.",
        examples: &[("endswith(\"a.log\", \".log\")", "true")],
        errors: &[("endswith(\"a\")", "`endswith` takes 2 arguments, 1 is given: `suffix` is missing")],
        code: Code::Strict(|given| Ok(Value::Bool(given.text(0).ends_with(given.text(1))))),
    },
    Function {
        name: "indent",
        parameters: &[parameter("spaces", Of::Whole), parameter("text", Of::Text)],
        rest: None,
        summary: "The text with every line but the first moved to the right.",
        examples: &[("indent(2, \"a\\nb\")", "\"a\\n  b\"")],
        errors: &[("indent(-1, \"a\")", "`indent`: expected no negative number")],
        code: Code::Strict(|given| {
            let lines = given.text(1).matches('\n').count();
            let spaces = usize::try_from(given.whole(0))
                .map_err(|_| Failure::Argument(0, "expected no negative number".into()))?;
            given.spend_text(lines.saturating_mul(spaces))?;
            match lines {
                0 => text(given.text(1)),
                _ => text(&given.text(1).replace('\n', &format!("\n{}", " ".repeat(spaces)))),
            }
        }),
    },
    Function {
        name: "join",
        parameters: &[parameter("separator", Of::Text)],
        rest: Some(parameter("lists", Of::Texts)),
        summary: "The texts of lists, with a separator between them.",
        examples: &[("join(\", \", [\"a\", \"b\"])", "\"a, b\"")],
        errors: &[
            ("join(\",\", \"a\")", "`lists` is a string: expected a list of strings"),
            ("join(\",\", [[\"a\"]])", "an item of `lists` is a list: expected a list of strings"),
        ],
        code: Code::Strict(join),
    },
    Function {
        name: "lower",
        parameters: TEXT,
        rest: None,
        summary: "The text in small letters.",
        examples: &[("lower(\"ABC\")", "\"abc\"")],
        errors: &[("lower([\"a\"])", "`text` is a list: expected a string")],
        code: Code::Strict(|given| text(&given.text(0).chars().map(small).collect::<String>())),
    },
    Function {
        name: "split",
        parameters: &[parameter("separator", Of::Text), parameter("text", Of::Text)],
        rest: None,
        summary: "The pieces of a text between separators; its characters where the separator is empty.",
        examples: &[("split(\",\", \"a,b\")", "[\"a\", \"b\"]")],
        errors: &[("split(\",\", [\"a,b\"])", "`text` is a list: expected a string")],
        code: Code::Strict(|given| {
            given.spend(given.text(1).len())?;
            Ok(match given.text(0) {
                "" => Value::list(given.text(1).chars().map(|c| Value::string(c.encode_utf8(&mut [0; 4])))),
                separator => Value::list(given.text(1).split(separator).map(Value::string)),
            })
        }),
    },
    Function {
        name: "startswith",
        parameters: PREFIX,
        rest: None,
        summary: "Whether a text begins with another.",
        examples: &[("startswith(\"/aws/eks/a\", \"/aws/eks/\")", "true")],
        errors: &[("startswith(\"a\")", "`startswith` takes 2 arguments, 1 is given: `prefix` is missing")],
        code: Code::Strict(|given| Ok(Value::Bool(given.text(0).starts_with(given.text(1))))),
    },
    Function {
        name: "strcontains",
        parameters: &[parameter("text", Of::Text), parameter("part", Of::Text)],
        rest: None,
        summary: "Whether a text stands anywhere in another.",
        examples: &[("strcontains(\"abc\", \"b\")", "true")],
        errors: &[("strcontains(\"a\")", "`strcontains` takes 2 arguments, 1 is given: `part` is missing")],
        code: Code::Strict(|given| Ok(Value::Bool(given.text(0).contains(given.text(1))))),
    },
    Function {
        name: "title",
        parameters: TEXT,
        rest: None,
        summary: "The text with the first letter of each word in capitals.",
        examples: &[("title(\"hello world\")", "\"Hello World\"")],
        errors: &[("title([\"a\"])", "`text` is a list: expected a string")],
        code: Code::Strict(|given| {
            let mut begins = true;
            let letter = |c: char| {
                let titled = if begins { capital(c) } else { c };
                begins = c.is_whitespace() || (c.is_ascii() && !c.is_ascii_alphanumeric() && c != '_');
                titled
            };
            text(&given.text(0).chars().map(letter).collect::<String>())
        }),
    },
    Function {
        name: "trim",
        parameters: &[parameter("text", Of::Text), parameter("characters", Of::Text)],
        rest: None,
        summary: "The text without any of these characters at its ends.",
        examples: &[("trim(\"--a--\", \"-\")", "\"a\"")],
        errors: &[("trim(\"a\")", "`trim` takes 2 arguments, 1 is given: `characters` is missing")],
        code: Code::Strict(|given| {
            given.spend(given.text(0).len().saturating_mul(given.text(1).len()) / 16)?;
            text(given.text(0).trim_matches(|c| given.text(1).contains(c)))
        }),
    },
    Function {
        name: "trimprefix",
        parameters: PREFIX,
        rest: None,
        summary: "The text without another at its beginning.",
        examples: &[("trimprefix(\"v1.2\", \"v\")", "\"1.2\"")],
        errors: &[("trimprefix(\"a\")", "`trimprefix` takes 2 arguments, 1 is given: `prefix` is missing")],
        code: Code::Strict(|given| text(given.text(0).strip_prefix(given.text(1)).unwrap_or(given.text(0)))),
    },
    Function {
        name: "trimspace",
        parameters: TEXT,
        rest: None,
        summary: "The text without space and line ends at its ends.",
        examples: &[("trimspace(\"  a \")", "\"a\"")],
        errors: &[("trimspace([\"a\"])", "`text` is a list: expected a string")],
        code: Code::Strict(|given| text(given.text(0).trim())),
    },
    Function {
        name: "trimsuffix",
        parameters: SUFFIX,
        rest: None,
        summary: "The text without another at its end.",
        examples: &[("trimsuffix(\"a.log\", \".log\")", "\"a\"")],
        errors: &[("trimsuffix(\"a\")", "`trimsuffix` takes 2 arguments, 1 is given: `suffix` is missing")],
        code: Code::Strict(|given| text(given.text(0).strip_suffix(given.text(1)).unwrap_or(given.text(0)))),
    },
    Function {
        name: "upper",
        parameters: TEXT,
        rest: None,
        summary: "The text in capitals.",
        examples: &[("upper(\"abc\")", "\"ABC\"")],
        errors: &[("upper([\"a\"])", "`text` is a list: expected a string")],
        code: Code::Strict(|given| text(&given.text(0).chars().map(capital).collect::<String>())),
    },
];

fn text(text: &str) -> Outcome {
    Ok(Value::String(Text::from(text)))
}

/// The capital of a letter where it is one character: `ß` stays, as in Terraform.
fn capital(letter: char) -> char {
    let mut capitals = letter.to_uppercase();
    match (capitals.next(), capitals.next()) {
        (Some(capital), None) => capital,
        _ => letter,
    }
}

fn small(letter: char) -> char {
    let mut letters = letter.to_lowercase();
    match (letters.next(), letters.next()) {
        (Some(small), None) => small,
        _ => letter,
    }
}

fn join(given: &Given<'_>) -> Outcome {
    let lists = (1..given.values.len()).flat_map(|at| given.list(at));
    let items: Vec<&str> = lists.filter_map(Value::as_str).collect();
    let bytes: usize = items.iter().map(|item| item.len()).sum();
    given.spend_text(bytes.saturating_add(items.len().saturating_mul(given.text(0).len())))?;
    text(&items.join(given.text(0)))
}
