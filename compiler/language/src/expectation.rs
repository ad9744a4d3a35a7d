//! [`Expectation`]: what a profile test expects, from its `expect` block.
//!
//! ```hcl
//! expect {
//!   verdict     = "unmet"                      # of everything that is enforced
//!   diagnostics = ["possible-contradiction"]   # these codes, and no error of another
//!   verdicts = {
//!     "require.aws_s3_bucket.encrypted" = { "logs" = "met", "old#encryption" = "unmet", "temporary" = null }
//!     "assert.one_flow_log_sink"        = "met"
//!   }
//!   steps = { "old#encryption" = "aes256" }    # all that the plan changes, and no more
//! }
//! ```

use crate::context::{Context, list};
use crate::grammar::argument;
use crate::syntax::{Block, Entry, Expression, Node};
use crate::test_file::{constant, expects_nothing};
use crate::variable_type::unfit;
use ordain_model::Text;
use ordain_model::code::{self, Code};
use ordain_model::conclusion::Conclusion;
use ordain_model::diagnostic::{Diagnostic, Reported, nearest};
use ordain_model::source::{Span, Spanned};
use ordain_model::types::Mismatch;
use ordain_model::value::Value;
use ordain_model::verdict::Verdict;

/// What a profile test expects. What it does not mention may be anything, but an error is always a surprise.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// The verdict over everything.
    pub verdict: Option<Spanned<Conclusion>>,
    /// Codes of messages that have to be given.
    pub diagnostics: Vec<Spanned<Code>>,
    /// Verdicts of requirements and assertions, as a whole or on one subject.
    pub verdicts: Vec<ExpectedVerdict>,
    /// Everything that the plan changes.
    pub steps: Option<Spanned<Vec<ExpectedStep>>>,
}

/// A verdict that is expected.
#[derive(Clone, Debug)]
pub struct ExpectedVerdict {
    /// Address of the requirement or assertion.
    pub requirement: Text,
    /// What it is about: the id of an object, its address, or the end of one that begins behind a `/`; with `#` a setting of
    /// it. None: the requirement as a whole.
    pub subject: Option<Text>,
    /// The verdict: the worst where there are several. None: nothing is demanded there.
    pub verdict: Option<Verdict>,
    /// Where it stands.
    pub span: Span,
}

/// A change that is expected.
#[derive(Clone, Debug)]
pub struct ExpectedStep {
    /// A setting: the object as in [`ExpectedVerdict::subject`], `#`, the setting.
    pub subject: Text,
    /// Where it goes, not typed yet.
    pub value: Value,
    /// Where it stands.
    pub span: Span,
}

impl Expectation {
    /// Whether a world has to be judged to know, also where the test names none.
    #[must_use]
    pub fn needs_world(&self) -> bool {
        let verdict = self.verdict.as_ref().is_some_and(|verdict| verdict.value != Conclusion::Error);
        verdict || !self.verdicts.is_empty() || self.steps.is_some()
    }
}

/// Reads an `expect` block.
///
/// # Errors
/// What is wrong with it was reported, all of it.
pub(crate) fn read(block: &Block, context: &mut Context<'_>) -> Result<Expectation, Reported> {
    let of = |name: &str| argument(&block.body, name);
    if block.body.attributes.is_empty() {
        return Err(expects_nothing(block.header(), context));
    }
    let verdict = of("verdict").map(|expression| conclusion(expression, context)).transpose();
    let diagnostics = of("diagnostics").map_or(Ok(Vec::new()), |expression| codes(expression, context));
    let verdicts = of("verdicts").map_or(Ok(Vec::new()), |expression| verdicts(expression, context));
    let steps = of("steps").map(|expression| steps(expression, context)).transpose();
    Ok(Expectation { verdict: verdict?, diagnostics: diagnostics?, verdicts: verdicts?, steps: steps? })
}

/// A word among some; the others are reported with the nearest one.
fn word<T: Copy>(
    expression: &Expression,
    what: &str,
    words: &[(&'static str, T)],
    context: &mut Context<'_>,
) -> Result<T, Reported> {
    let value = constant(expression, context)?;
    if let Some((_, found)) = words.iter().find(|(word, _)| value.as_str() == Some(word)) {
        return Ok(*found);
    }
    let known = || words.iter().map(|(word, _)| *word);
    let detail = format!("expected {what}; seen `{}`", context.seen(expression));
    let diagnostic = Diagnostic::error(code::WRONG_TYPE, expression.span, detail);
    Err(context.push(match value.as_str().and_then(|seen| nearest(seen, known())) {
        Some(near) => diagnostic.paste(Value::string(near).to_string()),
        None => diagnostic.help(format!("There is {}.", list(known()))),
    }))
}

fn conclusion(expression: &Expression, context: &mut Context<'_>) -> Result<Spanned<Conclusion>, Reported> {
    let words = Conclusion::OF_A_PROFILE.map(|conclusion| (conclusion.word(), conclusion));
    let value = word(expression, "the verdict over everything", &words, context)?;
    Ok(Spanned { value, span: expression.span })
}

fn codes(expression: &Expression, context: &mut Context<'_>) -> Result<Vec<Spanned<Code>>, Reported> {
    let Node::Tuple(items) = &expression.node else {
        return Err(unfit(expression, &Mismatch::new("a list of codes of messages"), context));
    };
    let words: Vec<(&'static str, Code)> = code::CODES.iter().map(|code| (code.name, *code)).collect();
    let one = |item: &Expression| {
        word(item, "the code of a message", &words, context).map(|value| Spanned { value, span: item.span })
    };
    all(items.iter().map(one))
}

/// The entries of an object that is written out, each with its key.
fn entries<'e>(
    expression: &'e Expression,
    what: &str,
    context: &mut Context<'_>,
) -> Result<Vec<(Text, &'e Entry)>, Reported> {
    let Node::Object(entries) = &expression.node else {
        return Err(unfit(expression, &Mismatch::new(what), context));
    };
    all(entries.iter().map(|entry| match constant(&entry.key, context)? {
        Value::String(key) => Ok((key, entry)),
        _ => Err(unfit(&entry.key, &Mismatch::new("an address in quotes"), context)),
    }))
}

fn verdicts(expression: &Expression, context: &mut Context<'_>) -> Result<Vec<ExpectedVerdict>, Reported> {
    let entries = entries(expression, "an object: verdicts by the address of a requirement", context)?;
    let of_one = |(requirement, entry): (Text, &Entry)| of_requirement(&requirement, entry, context);
    Ok(all(entries.into_iter().map(of_one))?.into_iter().flatten().collect())
}

/// One verdict for the whole of a requirement, or one by subject.
fn of_requirement(
    requirement: &Text,
    entry: &Entry,
    context: &mut Context<'_>,
) -> Result<Vec<ExpectedVerdict>, Reported> {
    let expected =
        |subject, verdict, span| ExpectedVerdict { requirement: requirement.clone(), subject, verdict, span };
    if !matches!(entry.value.node, Node::Object(_)) {
        let words = Verdict::ALL.map(|verdict| (verdict.word(), Some(verdict)));
        let words: Vec<_> = words.into_iter().chain([("vacuous", None)]).collect();
        let verdict = word(&entry.value, "a verdict, or an object: verdicts by subject", &words, context)?;
        return Ok(vec![expected(None, verdict, entry.key.span.to(entry.value.span))]);
    }
    let subjects = entries(&entry.value, "an object: verdicts by subject", context)?;
    all(subjects.into_iter().map(|(subject, inner)| {
        let span = inner.key.span.to(inner.value.span);
        let verdict = match inner.value.node {
            Node::Null => None,
            _ => {
                let words = Verdict::ALL.map(|verdict| (verdict.word(), verdict));
                Some(word(&inner.value, "a verdict, or null where nothing is demanded", &words, context)?)
            }
        };
        Ok(expected(Some(subject), verdict, span))
    }))
}

fn steps(expression: &Expression, context: &mut Context<'_>) -> Result<Spanned<Vec<ExpectedStep>>, Reported> {
    let entries = entries(expression, "an object: values by the address of a setting", context)?;
    let step = |(subject, entry): (Text, &Entry)| {
        if !subject.contains('#') {
            return Err(unfit(&entry.key, &Mismatch::new("a setting: the object, `#`, the setting"), context));
        }
        let value = constant(&entry.value, context)?;
        Ok(ExpectedStep { subject, value, span: entry.key.span.to(entry.value.span) })
    };
    Ok(Spanned { value: all(entries.into_iter().map(step))?, span: expression.span })
}

/// Everything, or the last failure once every one was reported.
fn all<T>(results: impl Iterator<Item = Result<T, Reported>>) -> Result<Vec<T>, Reported> {
    let mut whole = Ok(Vec::new());
    for result in results {
        match result {
            Ok(item) => drop(whole.as_mut().map(|items| items.push(item))),
            Err(reported) => whole = Err(reported),
        }
    }
    whole
}
