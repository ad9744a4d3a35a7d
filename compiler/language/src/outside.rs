//! Values from outside the profile: the environment, `-var` and `-var-file`, read by the type of the variable.
//!
//! The text of an ephemeral variable's value is masked before anything else sees it: no message can show it.

use crate::context::Context;
use crate::environment::constant;
use crate::files::File;
use crate::inputs::{Input, Inputs};
use crate::load::utf8;
use crate::parse::parse;
use crate::syntax::{Attribute, Expression, Name, Syntax};
use crate::variable::{Given, Variable};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported, Severity, nearest};
use ordain_model::duration::Calendar;
use ordain_model::source::{SourceId, Span};
use ordain_model::value::Value;
use std::collections::BTreeMap;

type Variables = BTreeMap<Text, Result<Variable, Reported>>;

/// The values given to the root module's variables: of several, the one that stands last, after the environment's.
pub(crate) fn given(
    inputs: &Inputs,
    variables: &Variables,
    calendar: Calendar,
    context: &mut Context<'_>,
) -> BTreeMap<Text, Given> {
    let mut outside = Outside { variables, calendar, context, given: BTreeMap::new() };
    for (name, text) in &inputs.environment {
        if variables.contains_key(name.as_str()) {
            outside.text(name, text, "the environment", &format!("ORDAIN_VAR_{name}"));
        }
    }
    for input in &inputs.arguments {
        match input {
            Input::Variable { name, text } if variables.contains_key(name.as_str()) => {
                outside.text(name, text, "the command line", &format!("-var {name}"));
            }
            Input::Variable { name, .. } => outside.undeclared(name, None, Severity::Error),
            Input::File(file) => outside.file(file),
            Input::Attribute(attribute) if variables.contains_key(&attribute.name.text) => {
                outside.attribute(attribute, "the test", None, false);
            }
            Input::Attribute(Attribute { name, .. }) => outside.undeclared(&name.text, Some(name), Severity::Error),
        }
    }
    outside.given
}

struct Outside<'a, 'c> {
    variables: &'a Variables,
    calendar: Calendar,
    context: &'a mut Context<'c>,
    given: BTreeMap<Text, Given>,
}

impl Outside<'_, '_> {
    /// A variable whose declaration failed may be one.
    fn is_ephemeral(&self, name: &str) -> bool {
        self.variables.get(name).is_some_and(|variable| variable.as_ref().map_or(true, |variable| variable.ephemeral))
    }

    /// One value as text: itself for a simple type, else an expression.
    fn text(&mut self, name: &str, text: &str, source: &str, who: &str) {
        let Some(Ok(variable)) = self.variables.get(name) else { return };
        if !variable.plain_text {
            let (syntax, failed) = self.read(source, &format!("{name} = {text}"));
            let alone = syntax.body.attributes.len() == 1 && syntax.body.blocks.is_empty();
            match syntax.body.attributes.first() {
                Some(attribute) if alone && failed.is_none() => self.attribute(attribute, who, None, true),
                _ => {
                    let reported = failed.unwrap_or_else(|| self.wrong(name, who));
                    self.set(
                        name,
                        Given {
                            value: Err(reported),
                            span: None,
                            who: format!("`{who}`"),
                            plain_text: false,
                            calendar: self.calendar,
                        },
                    );
                }
            }
            return;
        }
        let shown = if variable.ephemeral { "***".to_owned() } else { text.to_owned() };
        let whole = format!("{who}={shown}");
        let id = self.context.sources.add(source, &whole);
        let span = Span { source: id, start: (whole.len() - shown.len()) as u32, end: whole.len() as u32 };
        self.set(
            name,
            Given {
                value: Ok(Value::string(text)),
                span: Some(span),
                who: format!("`{who}`"),
                plain_text: true,
                calendar: self.calendar,
            },
        );
    }

    fn wrong(&mut self, name: &str, who: &str) -> Reported {
        let detail = format!("`{who}` gives `{name}` more than one value, or none");
        self.context.push(Diagnostic::new(code::WRONG_TYPE, Severity::Error, detail))
    }

    /// A file of attributes.
    fn file(&mut self, file: &File) {
        let text = match utf8(&file.name, &file.bytes) {
            Ok(text) => text,
            Err(diagnostic) => {
                self.context.push(*diagnostic);
                return;
            }
        };
        let (syntax, failed) = self.read(&file.name, text);
        for block in &syntax.body.blocks {
            let detail = "a file of values has attributes only";
            self.context.error(code::UNKNOWN_BLOCK, block.kind.span, detail);
        }
        for attribute in &syntax.body.attributes {
            if self.variables.contains_key(&attribute.name.text) {
                self.attribute(attribute, &file.name, failed, true);
            } else {
                self.undeclared(&attribute.name.text, Some(&attribute.name), Severity::Warning);
            }
        }
    }

    /// One attribute of a file; of a file that does not read, none has a value. Where a secret stands in its source as it
    /// is, not `masked`, nothing shows that place.
    fn attribute(&mut self, attribute: &Attribute, who: &str, failed: Option<Reported>, masked: bool) {
        let name = &attribute.name.text;
        let span = Some(attribute.value.span).filter(|_| masked || !self.is_ephemeral(name));
        let value = match failed {
            Some(reported) => Err(reported),
            None if self.is_ephemeral(name) => self.secret(name, &attribute.value, span),
            None => constant(&attribute.value, self.calendar, self.context),
        };
        self.set(name, Given { value, span, who: format!("`{who}`"), plain_text: false, calendar: self.calendar });
    }

    /// The value of an ephemeral variable: what is wrong with it is said without its words.
    fn secret(&mut self, name: &str, expression: &Expression, shown: Option<Span>) -> Result<Value, Reported> {
        let mut unseen = Diagnostics::default();
        let mut context = Context::new(self.context.providers, self.context.files, self.context.sources, &mut unseen);
        constant(expression, self.calendar, &mut context).map_err(|_| {
            let detail =
                format!("the value given to the ephemeral variable `{name}` cannot be evaluated; it is not shown");
            let diagnostic = Diagnostic::new(code::EPHEMERAL_VALUE, Severity::Error, detail);
            let place = |diagnostic: Diagnostic, span| diagnostic.label(span, "");
            self.context.push(shown.map_or(diagnostic.clone(), |span| place(diagnostic, span)))
        })
    }

    /// Parses a text of values; those of ephemeral variables are masked in the source that messages point into, and
    /// so is all of it when it does not parse.
    fn read(&mut self, name: &str, text: &str) -> (Syntax, Option<Reported>) {
        let mut unmasked = self.context.sources.clone();
        let id = unmasked.add(name, text);
        let mut unseen = Diagnostics::default();
        let syntax = parse(&unmasked, id, &mut unseen);
        let secret = |attribute: &&Attribute| self.is_ephemeral(&attribute.name.text);
        let secrets: Vec<Span> =
            syntax.body.attributes.iter().filter(secret).map(|attribute| attribute.value.span).collect();
        let failed = unseen.check().is_err();
        let hides = self.variables.keys().any(|name| self.is_ephemeral(name));
        let shown = if failed && hides { masked(text) } else { mask(text, &secrets) };
        self.context.sources.add(name, &shown);
        if !failed {
            return (syntax, None);
        }
        let reported = if hides { self.unreadable(id, &unseen) } else { self.pass_on(unseen) };
        (syntax, Some(reported))
    }

    /// Says where a text that may hold secrets does not parse, without its words.
    fn unreadable(&mut self, id: SourceId, unseen: &Diagnostics) -> Reported {
        let first = unseen.items().first();
        let start = Span { source: id, start: 0, end: 0 };
        let span = first.and_then(|diagnostic| diagnostic.labels.first()).map_or(start, |label| label.span);
        let detail =
            "this does not read as HCL; it is not shown, because it may hold the value of an ephemeral variable";
        self.context.error(code::SYNTAX, span, detail)
    }

    fn pass_on(&mut self, messages: Diagnostics) -> Reported {
        let mut last = None;
        for diagnostic in messages.items() {
            last = Some(self.context.push(diagnostic.clone()));
        }
        last.unwrap_or_else(|| self.context.push(Diagnostic::new(code::SYNTAX, Severity::Error, "")))
    }

    fn set(&mut self, name: &str, given: Given) {
        self.given.insert(name.into(), given);
    }

    /// A value for a variable that the root module does not declare. A file may serve several profiles: a warning.
    fn undeclared(&mut self, name: &str, place: Option<&Name>, severity: Severity) {
        let detail = format!("the profile declares no variable `{name}`");
        let diagnostic = Diagnostic::new(code::UNDECLARED_VARIABLE, severity, detail);
        let diagnostic = place.map_or(diagnostic.clone(), |name| diagnostic.label(name.span, ""));
        let near = nearest(name, self.variables.keys().map(|name| &**name));
        let diagnostic = near
            .map_or(diagnostic.clone(), |near| diagnostic.help(format!("The nearest name is `{near}`.")).paste(near));
        self.context.push(diagnostic);
    }
}

/// A text of the same length and lines without its letters.
fn masked(text: &str) -> String {
    let mask = |letter: char| if letter == '\n' { "\n".to_owned() } else { "*".repeat(letter.len_utf8()) };
    text.chars().map(mask).collect()
}

/// A text with some ranges masked.
fn mask(text: &str, ranges: &[Span]) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for range in ranges {
        let (start, end) = (range.start as usize, range.end as usize);
        shown.push_str(text.get(at..start).unwrap_or_default());
        shown.push_str(&masked(text.get(start..end).unwrap_or_default()));
        at = end.max(at);
    }
    shown.push_str(text.get(at..).unwrap_or_default());
    shown
}
