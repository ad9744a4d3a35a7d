//! The names at the root of an expression: `var`, `local`, `module`, `each`, `self`, `all`, and what has members below them.

use super::{Shape, Subject, Walk, item, items};
use crate::context::list;
use crate::syntax::{Expression, Name, Node, Step};
use ordain_model::code::{self, Code};
use ordain_model::diagnostic::{Diagnostic, nearest};
use ordain_model::instant::Instant;
use ordain_model::number::Number;
use ordain_model::schema::{Kind, Setting};
use ordain_model::size::Size;
use ordain_model::source::Span;
use ordain_model::types::Type;
use ordain_model::version::Version;

/// Root names that mean something elsewhere, and where.
const ELSEWHERE: &[(&str, &str)] = &[
    ("all", "`all` is readable in the condition of an `assert` only"),
    ("control", "a control is named in `satisfies` only, as in `convention(control.soc2[\"CC7.2\"])`"),
    ("count", "there is no `count`; `for_each` makes several of one block, each with a key of its own"),
    ("each", "`each` is readable in blocks with `for_each` only"),
    ("require", "a requirement is no value"),
    (
        "self",
        "`self` is readable in `where` and `owner` of a `require` only; an assertion reads `all.KIND`, every object of a kind",
    ),
    ("target", "a target is named in `targets`, and `target.name` is readable in `enforce` only"),
];

impl Walk<'_, '_> {
    /// A root name that stands alone, or as the start of a path that is none of a namespace's.
    pub(super) fn root(&mut self, name: &Name) -> Shape {
        if let Some((_, shape)) = self.loops.iter().rev().find(|(known, _)| *known == name.text) {
            return *shape;
        }
        match (&*name.text, self.subject) {
            ("self", Subject::Object(kind)) => Shape::Object(kind),
            ("all", Subject::All) => Shape::All,
            ("var" | "local" | "module" | "path", _) => self.no_value(name),
            ("each", _) if self.visible.each => self.no_value(name),
            ("target", _) if self.visible.target => self.no_value(name),
            _ => self.absent(name),
        }
    }

    fn no_value(&mut self, name: &Name) -> Shape {
        let detail = format!("`{0}` is no value itself: name one of its members, as in `{0}.name`", name.text);
        self.fail(Diagnostic::error(code::UNKNOWN_NAME, name.span, detail))
    }

    /// `path.root`, `path.cwd`: a module reads its own files, wherever it is read from.
    fn no_path(&mut self, name: &Name) -> Shape {
        let detail = format!("there is no `path.{}`: a module reads the files of its own directory only", name.text);
        let diagnostic = Diagnostic::error(code::UNKNOWN_NAME, name.span, detail);
        self.fail(diagnostic.help("Paths are relative to that directory.").paste("path.module"))
    }

    fn absent(&mut self, name: &Name) -> Shape {
        if let Some((_, where_)) = ELSEWHERE.iter().find(|(known, _)| *known == &*name.text) {
            let detail = format!("`{}` means nothing here: {where_}", name.text);
            return self.fail(Diagnostic::error(code::UNKNOWN_NAME, name.span, detail));
        }
        let subject = match self.subject {
            Subject::None => None,
            Subject::Object(_) => Some("self"),
            Subject::All => Some("all"),
        };
        let own = [self.visible.each.then_some("each"), self.visible.target.then_some("target"), subject];
        let roots = ["local", "module", "path", "var"].into_iter().chain(own.into_iter().flatten());
        let loops: Vec<String> = self.loops.iter().map(|(name, _)| name.to_string()).collect();
        let roots: Vec<&str> = roots.chain(loops.iter().map(String::as_str)).collect();
        let detail = format!("`{}` is nothing here", name.text);
        let diagnostic = match nearest(&name.text, roots.iter().copied()) {
            Some(_) => self.context.unknown_message(code::UNKNOWN_NAME, name, detail, &roots),
            None => {
                let text = Diagnostic::error(code::UNKNOWN_NAME, name.span, detail).help("Text stands in quotes.");
                text.paste(format!("\"{}\"", name.text))
            }
        };
        self.fail(diagnostic)
    }

    /// `operand.name["key"][*].name`.
    pub(super) fn path(&mut self, operand: &Expression, steps: &[Step]) -> Shape {
        if let (Node::Variable(root), Some((Step::Member(name), rest))) = (&operand.node, steps.split_first())
            && !self.loops.iter().any(|(known, _)| known == root)
        {
            let span = operand.span.to(name.span);
            match &**root {
                "var" | "local" => {
                    let shape = self.named(root, name, span);
                    return self.steps(shape, rest);
                }
                "module" => return self.imported(name, span, rest),
                "path" if &*name.text == "module" => return self.steps(Shape::Typed(Type::String), rest),
                "path" => return self.no_path(name),
                "each" if self.visible.each => {
                    self.uses.each = true;
                    return self.own(root, name, &["key", "value"], rest);
                }
                "target" if self.visible.target => {
                    self.uses.target = true;
                    return self.own(root, name, &["key", "name", "provider"], rest);
                }
                _ => {}
            }
        }
        let shape = self.expression(operand);
        self.steps(shape, steps)
    }

    pub(super) fn steps(&mut self, start: Shape, steps: &[Step]) -> Shape {
        steps.iter().fold(start, |shape, step| match step {
            Step::Member(name) => self.member(shape, name),
            Step::Index(key) => self.index(shape, key),
            Step::Each(inner, _) => items(self.steps(item(shape), inner)),
        })
    }

    /// `var.name` and `local.name`.
    fn named(&mut self, root: &str, name: &Name, span: Span) -> Shape {
        let (known, uses, what) = match root {
            "var" => (&self.visible.names.variables, &mut self.uses.variables, "variable"),
            _ => (&self.visible.names.locals, &mut self.uses.locals, "local"),
        };
        if known.contains(&name.text) {
            uses.entry(name.text.clone()).or_insert(span);
            return Shape::Any;
        }
        let names: Vec<&str> = known.iter().map(|name| &**name).collect();
        let detail = format!("this module has no {what} `{}`", name.text);
        let diagnostic = self.context.unknown_message(code::UNKNOWN_NAME, name, detail, &names);
        self.fail(diagnostic)
    }

    /// `value[key]`: a literal key of an object is a member, and names the key of a keyed setting.
    fn index(&mut self, shape: Shape, key: &Expression) -> Shape {
        self.whole([key]);
        let Node::String(text) = &key.node else {
            return match shape {
                Shape::Objects(kind) => Shape::Object(kind),
                Shape::Typed(Type::Tags) => Shape::Typed(Type::String),
                Shape::Object(_) | Shape::All | Shape::Keyed(..) => {
                    let detail = "what is read of an object is known before it is read: this key is a text in quotes";
                    self.fail(Diagnostic::error(code::UNKNOWN_NAME, key.span, detail))
                }
                Shape::Any | Shape::Typed(_) => Shape::Any,
            };
        };
        self.member(shape, &Name { text: text.clone(), span: key.span })
    }

    fn member(&mut self, shape: Shape, name: &Name) -> Shape {
        match shape {
            Shape::Any => Shape::Any,
            Shape::Typed(of) => self.inside(of, name),
            Shape::Object(kind) => self.reading(kind, name),
            Shape::All => self.objects(name),
            Shape::Keyed(kind, setting) => self.key(kind, setting, name),
            Shape::Objects(kind) => {
                let detail = format!(
                    "this is a list of `{}` objects: read `{}` of each, as in `[for one in ... : one.{}]`",
                    kind.name, name.text, name.text
                );
                self.fail(Diagnostic::error(code::UNKNOWN_NAME, name.span, detail))
            }
        }
    }

    /// A member of a value whose type is known.
    fn inside(&mut self, of: Type, name: &Name) -> Shape {
        if of == Type::Tags {
            return Shape::Typed(Type::String);
        }
        let detail = format!("this is of type {} and has no member `{}`", of.name(), name.text);
        self.fail(Diagnostic::error(code::WRONG_TYPE, name.span, detail))
    }

    /// `all.KIND`.
    fn objects(&mut self, name: &Name) -> Shape {
        if let Some(kind) = self.context.providers.kind(&name.text) {
            self.uses.reads.entry(kind.name).or_default();
            return Shape::Objects(kind);
        }
        let names: Vec<&str> = self.context.providers.kinds().map(|kind| kind.name).collect();
        let detail = format!("there is no kind `{}`", name.text);
        let diagnostic = self.context.unknown_message(code::UNKNOWN_KIND, name, detail, &names);
        self.fail(diagnostic)
    }

    /// An attribute of an object, or in `all` a setting of it.
    fn reading(&mut self, kind: &'static Kind, name: &Name) -> Shape {
        if let Some(attribute) = kind.attribute(&name.text) {
            self.read(kind, &name.text);
            return Shape::Typed(attribute.of);
        }
        if &*name.text == "id" || (&*name.text == "cell" && matches!(self.subject, Subject::All)) {
            return Shape::Typed(Type::String);
        }
        match (kind.setting(&name.text), self.subject) {
            (Some(setting), Subject::All) if setting.keyed.is_some() => Shape::Keyed(kind, setting),
            (Some(setting), Subject::All) => {
                self.read(kind, setting.name);
                Shape::Typed(setting.of)
            }
            (Some(setting), _) => self.setting_read(kind, setting, name),
            (None, _) => {
                let settings = kind.settings.iter().filter(|_| matches!(self.subject, Subject::All));
                let names = kind.attributes.iter().map(|attribute| attribute.name);
                let names: Vec<&str> = names.chain(settings.map(|setting| setting.name)).collect();
                let detail = format!("`{}` has no attribute `{}`", kind.name, name.text);
                let diagnostic = self.context.unknown_message(code::UNKNOWN_ATTRIBUTE, name, detail, &names);
                self.fail(diagnostic)
            }
        }
    }

    fn setting_read(&mut self, kind: &Kind, setting: &Setting, name: &Name) -> Shape {
        let attributes = list(kind.attributes.iter().map(|attribute| attribute.name));
        let detail = format!(
            "`{}` is a setting of `{}`: a requirement binds it, so it cannot decide which objects are selected",
            setting.name, kind.name
        );
        let help = format!("`where` reads attributes: {attributes}. A setting is bound in `must`.");
        self.fail(Diagnostic::error(code::SETTING_IN_WHERE, name.span, detail).help(help))
    }

    /// One key of a keyed setting.
    fn key(&mut self, kind: &'static Kind, setting: &'static Setting, name: &Name) -> Shape {
        let checked = setting.keyed.as_ref().map(|keyed| (keyed.check)(&name.text));
        match checked {
            Some(Ok(normal)) if normal == name.text => {
                let reading = ordain_model::address::SettingName::keyed(setting.name, &normal).to_string();
                self.read(kind, &reading);
                Shape::Typed(setting.of)
            }
            Some(Ok(normal)) => {
                let detail = format!("`{}` is written `{normal}`", name.text);
                self.fail(Diagnostic::error(code::WRONG_KEY, name.span, detail).paste(format!("\"{normal}\"")))
            }
            Some(Err(why)) => self.fail(Diagnostic::error(code::WRONG_KEY, name.span, why)),
            None => Shape::Any,
        }
    }

    fn read(&mut self, kind: &'static Kind, name: &str) {
        self.uses.reads.entry(kind.name).or_default().insert(name.into());
    }

    /// A value that is used as a whole: of objects of `all` that is every attribute, `self` has no value of its own.
    pub(super) fn escape(&mut self, shape: Shape, span: Span) {
        match (shape, self.subject) {
            (Shape::Object(kind), Subject::Object(_)) => {
                let detail = format!(
                    "`self` is no value itself: read an attribute of it, one of {}",
                    list(kind.attributes.iter().map(|attribute| attribute.name))
                );
                self.fail(Diagnostic::error(code::UNKNOWN_NAME, span, detail));
            }
            (Shape::Object(kind) | Shape::Objects(kind), _) => {
                kind.attributes.iter().for_each(|attribute| self.read(kind, attribute.name))
            }
            (Shape::Keyed(_, setting), _) => {
                let what = setting.keyed.as_ref().map_or("key", |keyed| keyed.what);
                let detail =
                    format!("`{}` has one value per {what}: name one, as in `{}[\"...\"]`", setting.name, setting.name);
                self.fail(Diagnostic::error(code::WRONG_KEY, span, detail));
            }
            (Shape::All, _) => {
                self.fail(Diagnostic::error(
                    code::UNKNOWN_NAME,
                    span,
                    "`all` is no value itself: name a kind, as in `all.aws_vpc`",
                ));
            }
            (Shape::Any | Shape::Typed(_), _) => {}
        }
    }

    /// `left == right`: a literal that no value of the other side's type can equal is a mistake, not `false`.
    pub(super) fn comparison(&mut self, left: &Expression, right: &Expression) {
        let sides = [(left, self.expression(left)), (right, self.expression(right))];
        for (expression, shape) in sides {
            self.escape(shape, expression.span);
        }
        for ((_, shape), (other, _)) in [(sides[0], sides[1]), (sides[1], sides[0])] {
            if let (Shape::Typed(of), Node::String(text)) = (shape, &other.node)
                && let Some(expected) = never(of, text)
            {
                let detail = format!("`{text}` never equals this: expected {expected}");
                let code: Code = code::WRONG_TYPE;
                self.fail(Diagnostic::error(code, other.span, detail));
            }
        }
    }
}

/// What would have to stand in place of a text that no value of the type equals.
fn never(of: Type, text: &str) -> Option<String> {
    match of {
        Type::Bool if !matches!(text, "true" | "false") => Some("`true` or `false`".into()),
        Type::Integer if Number::parse(text).is_err() => Some("a number".into()),
        Type::Ratio if Number::parse(text).is_err() => Some("a number such as `0.25`, or `ratio(\"25%\")`".into()),
        Type::Size if Size::parse(text).is_err() => Some("a size such as `10GiB`".into()),
        Type::Instant if Instant::parse(text).is_none() => Some("a moment such as `2027-01-31T00:00:00Z`".into()),
        Type::Version if Version::parse(text).is_none() => Some("a version such as `1.29.3`".into()),
        Type::Enum(members) if !members.contains(&text) => Some(format!("one of {}", list(members.iter().copied()))),
        _ => None,
    }
}
