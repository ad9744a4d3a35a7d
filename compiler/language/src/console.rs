//! [`Console`]: the names of the root module, for expressions that arrive one at a time.

use crate::bindings::Bindings;
use crate::context::Context;
use crate::environment::{Environment, Holder};
use crate::files::Files;
use crate::parse::parse_expression;
use crate::syntax::{Expression, Node, Step};
use ordain_model::address::SettingName;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported, nearest};
use ordain_model::provider::Providers;
use ordain_model::schema::Kind;
use ordain_model::source::{SourceId, Sources};
use ordain_model::value::Value;
use std::sync::Arc;

/// The names of the root module, with their values. Nothing that depends on an ephemeral variable is shown.
#[derive(Clone, Debug, Default)]
pub struct Console(Arc<Bindings>);

/// What an expression is.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A value.
    Value(Value),
    /// `KIND.SETTING` or `KIND.SETTING["key"]`, which asks what the profile demands of it.
    Setting(&'static Kind, SettingName),
}

impl Console {
    pub(crate) fn new(root: Bindings) -> Console {
        Console(Arc::new(root))
    }

    /// What a text is: an expression over the root module's variables and locals, or the name of a setting. A source of its
    /// own holds it.
    ///
    /// # Errors
    /// It does not read, names nothing or has no value; `diagnostics` says so.
    pub fn answer(
        &self,
        text: SourceId,
        providers: Providers<'_>,
        files: &dyn Files,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) -> Result<Answer, Reported> {
        let before = diagnostics.items().len();
        let Some(expression) = parse_expression(sources, text, diagnostics) else {
            // Whatever does not read was reported.
            return diagnostics.check().map(|()| Answer::Value(Value::Null));
        };
        let mut context = Context::new(providers, files, sources, diagnostics);
        if let Some(asked) = setting(&expression, &mut context) {
            return asked;
        }
        let value = Environment::of(&self.0).evaluate(&expression, Holder::Public, &mut context);
        value.map(|(value, _)| Answer::Value(value)).map_err(|reported| match diagnostics.items().len() == before {
            // Why a name has no value was said when the profile was read.
            true => {
                let detail = "this has no value, because a variable that it depends on has none";
                let diagnostic = Diagnostic::error(code::MISSING_VARIABLE, expression.span, detail);
                diagnostics.push(diagnostic.help("Give the variable a value.").paste("-var 'NAME=VALUE'"))
            }
            false => reported,
        })
    }
}

/// The setting that an expression names; nothing for one that begins with no kind.
fn setting(expression: &Expression, context: &mut Context<'_>) -> Option<Result<Answer, Reported>> {
    let (root, steps): (_, &[Step]) = match &expression.node {
        Node::Path(root, steps) => (root.as_ref(), steps),
        _ => (expression, &[]),
    };
    let Node::Variable(name) = &root.node else { return None };
    let kind = context.providers.kind(name)?;
    let (name, key) = match steps {
        [Step::Member(name)] => (name, None),
        [Step::Member(name), Step::Index(Expression { node: Node::String(key), .. })] => (name, Some(key)),
        _ => {
            let example = kind.settings.first().map_or("setting", |setting| setting.name);
            let detail = format!("`{}` is a kind: what is demanded of it is asked by setting", kind.name);
            let diagnostic = Diagnostic::error(code::UNKNOWN_NAME, expression.span, detail);
            return Some(Err(context.push(diagnostic.paste(format!("{}.{example}", kind.name)))));
        }
    };
    let Some(setting) = kind.setting(&name.text) else {
        let near = nearest(&name.text, kind.settings.iter().map(|setting| setting.name));
        let detail = format!("`{}` has no setting `{}`", kind.name, name.text);
        let diagnostic = Diagnostic::error(code::UNKNOWN_SETTING, name.span, detail);
        return Some(Err(context.push(match near {
            Some(near) => {
                diagnostic.help(format!("The nearest name is `{near}`.")).paste(format!("{}.{near}", kind.name))
            }
            None => diagnostic.help(format!("`ordain schema {}` lists its settings.", kind.name)),
        })));
    };
    let key = match (&setting.keyed, key) {
        (Some(keyed), Some(written)) => match (keyed.check)(written) {
            Ok(key) => Some(key),
            Err(why) => {
                let detail = format!("`{}` is no {}: {why}", written.escape_debug(), keyed.what);
                return Some(Err(context.error(code::WRONG_KEY, expression.span, detail)));
            }
        },
        (None, Some(_)) => {
            let detail = format!("`{}` has one value, and no keys", setting.name);
            return Some(Err(context.error(code::WRONG_KEY, expression.span, detail)));
        }
        (_, None) => None,
    };
    Some(Ok(Answer::Setting(kind, SettingName { name: setting.name.into(), key })))
}
