//! [`Scope`]: the targets that a module may name, and the lists that name some of them.

use crate::context::{Context, list};
use crate::environment::{Environment, Holder};
use crate::names::{keyed, name};
use crate::syntax::{Expression, Name, Node, Step};
use crate::variable_type::unfit;
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported};
use ordain_model::source::Span;
use ordain_model::types::Mismatch;
use ordain_model::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The targets that a module may name, by provider and label as in `aws.production`, with `["key"]` where
/// the block has `for_each`.
#[derive(Clone)]
pub(crate) struct Scope {
    /// By name what `target` is in an `enforce`; an error when the importer's list of them failed.
    pub(crate) names: Result<BTreeMap<Text, Value>, Reported>,
    /// What says so: the importing block, or nothing for the root module, which sees every target.
    pub(crate) importer: Option<Span>,
}

impl Scope {
    /// What `target` is in an `enforce`: its name, its provider, and its key where its block has `for_each`.
    pub(crate) fn object(provider: &str, name: &str, key: Option<&Text>) -> Value {
        let members = [
            ("key", key.map_or(Value::Null, |key| Value::String(key.clone()))),
            ("name", Value::string(name)),
            ("provider", Value::string(provider)),
        ];
        Value::Object(Arc::new(members.into_iter().map(|(name, value)| (name.into(), value)).collect()))
    }

    /// What `target` is in an `enforce` that is asked about this one.
    pub(crate) fn about(&self, target: &Text) -> Option<Value> {
        self.names.as_ref().ok()?.get(target).cloned()
    }

    /// The targets that a list names, sorted.
    ///
    /// # Errors
    /// A name that is no target here, or no list; reported.
    pub(crate) fn named(
        &self,
        expression: &Expression,
        provider: Option<&str>,
        environment: &Environment<'_>,
        context: &mut Context<'_>,
    ) -> Result<Vec<Text>, Reported> {
        self.names.as_ref().map_err(|reported| *reported)?;
        let Node::Tuple(items) = &expression.node else {
            let detail = format!("`targets` is a list; seen `{}`", context.seen(expression));
            let paste = format!("targets = [{}]", context.text(expression));
            return Err(context.push(Diagnostic::error(code::UNKNOWN_TARGET, expression.span, detail).paste(paste)));
        };
        if items.is_empty() {
            let detail = "an empty list of targets binds nothing: name one, or leave `targets` out";
            return Err(context.error(code::TARGET_NEEDED, expression.span, detail));
        }
        let mut named = Ok(BTreeSet::new());
        for item in items {
            match reference(item, environment, context).and_then(|to| self.find(item, to, provider, context)) {
                Ok(found) => drop(named.as_mut().map(|named| named.extend(found))),
                Err(reported) => named = Err(reported),
            }
        }
        Ok(named?.into_iter().collect())
    }

    /// What a reference names: one target, or without a key all that a `for_each` made.
    fn find(
        &self,
        item: &Expression,
        to: Reference,
        provider: Option<&str>,
        context: &mut Context<'_>,
    ) -> Result<Vec<Text>, Reported> {
        let names = self.names.as_ref().map_err(|reported| *reported)?;
        let whole = keyed(&to.whole, to.key.as_ref());
        let instances = format!("{whole}[");
        let found = names.keys().filter(|name| **name == whole || name.starts_with(&*instances));
        let found: Vec<Text> = found.cloned().collect();
        if found.is_empty() {
            let written = Name { text: format!("target.{whole}").into(), span: item.span };
            let known: Vec<String> = names.keys().map(|name| format!("target.{name}")).collect();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let detail = format!("no target `{}` is in scope here", written.text);
            return Err(context.unknown(code::UNKNOWN_TARGET, &written, detail, &known));
        }
        match provider {
            Some(provider) if provider != &*to.provider => {
                let detail = format!(
                    "`{}` is a target of provider `{}`; this requirement is about `{provider}`",
                    context.text(item),
                    to.provider
                );
                Err(context.error(code::UNKNOWN_TARGET, item.span, detail))
            }
            _ => Ok(found),
        }
    }

    /// The only target of a provider, for a requirement that names none.
    ///
    /// # Errors
    /// There is none, or more than one; reported at `span`.
    pub(crate) fn only(&self, provider: &str, span: Span, context: &mut Context<'_>) -> Result<Vec<Text>, Reported> {
        let names = self.names.as_ref().map_err(|reported| *reported)?;
        let prefix = format!("{provider}.");
        let of: Vec<&Text> = names.keys().filter(|name| name.starts_with(&prefix)).collect();
        let (detail, paste) = match (of.as_slice(), self.importer) {
            ([one], _) => return Ok(vec![(*one).clone()]),
            ([], None) => (
                format!("the profile has no target of provider `{provider}`"),
                format!("target \"{provider}\" \"production\" {{ }}"),
            ),
            ([], Some(_)) => (
                format!("this module is given no target of provider `{provider}`"),
                format!("targets = [target.{provider}.NAME]"),
            ),
            (several, _) => {
                let all: Vec<String> = several.iter().map(|name| format!("target.{name}")).collect();
                (
                    format!(
                        "several targets of provider `{provider}` are in scope: {}",
                        list(all.iter().map(String::as_str))
                    ),
                    format!("targets = [{}]", all.join(", ")),
                )
            }
        };
        let diagnostic = Diagnostic::error(code::TARGET_NEEDED, span, detail).paste(paste);
        if !of.is_empty() {
            return Err(context.push(diagnostic));
        }
        let diagnostic = match self.importer {
            Some(importer) => diagnostic.label(importer, "imported here"),
            None => diagnostic.help("A profile that is only imported is checked through a module that imports it."),
        };
        Err(context.once(format!("{:?} {provider}", self.importer), diagnostic))
    }
}

/// A reference to a target: `target.PROVIDER.NAME`, with `["key"]` where its block has `for_each`.
struct Reference {
    provider: Text,
    /// Without the key: `aws.production`.
    whole: Text,
    key: Option<Text>,
}

/// Reads a reference; the key may be any expression that is known at compile time.
fn reference(
    item: &Expression,
    environment: &Environment<'_>,
    context: &mut Context<'_>,
) -> Result<Reference, Reported> {
    if let Node::Path(root, steps) = &item.node
        && matches!(&root.node, Node::Variable(root) if &**root == "target")
        && let [of, label, key @ ..] = &**steps
        && let (Some(provider), Some(label)) = (name(of), name(label))
        && key.len() <= 1
    {
        let key = match key.first() {
            None => None,
            Some(Step::Index(key)) => Some(text_of(key, environment, context)?),
            Some(key) => name(key).cloned(),
        };
        return Ok(Reference { provider: provider.clone(), whole: format!("{provider}.{label}").into(), key });
    }
    let detail = format!("expected a target such as `target.aws.production`; seen `{}`", context.seen(item));
    Err(context.error(code::UNKNOWN_TARGET, item.span, detail))
}

fn text_of(key: &Expression, environment: &Environment<'_>, context: &mut Context<'_>) -> Result<Text, Reported> {
    match environment.evaluate(key, Holder::Public, context)? {
        (Value::String(text), _) => Ok(text),
        _ => Err(unfit(key, &Mismatch::new("the key of a target, a text"), context)),
    }
}
