//! [`Grammar`]: what a sort of block may hold. Everything else in it is reported, with the nearest name there is.

use crate::context::{Context, list};
use crate::files::TEST_ENDING;
use crate::syntax::{Block, Body, Expression, Name};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported, nearest};

/// What a sort of block may hold.
pub(crate) struct Grammar {
    /// The block's kind.
    pub(crate) block: &'static str,
    /// What its labels are, in messages.
    pub(crate) labels: &'static [&'static str],
    /// Its arguments.
    pub(crate) arguments: &'static [&'static str],
    /// The blocks inside it, each at most once unless several of them make sense.
    pub(crate) blocks: &'static [&'static str],
    /// Whether it takes arguments of other names too.
    pub(crate) open: bool,
}

/// Inner blocks of which there may be several.
const SEVERAL: &[&str] = &["validation"];

const fn grammar(
    block: &'static str,
    labels: &'static [&'static str],
    arguments: &'static [&'static str],
    blocks: &'static [&'static str],
    open: bool,
) -> Grammar {
    Grammar { block, labels, arguments, blocks, open }
}

/// The top-level blocks of a module.
#[rustfmt::skip]
pub(crate) const GRAMMARS: &[Grammar] = &[
    grammar("approval", &["NAME"], &["emergency", "not_author", "required", "risk", "severity", "signers", "targets", "valid_for"], &[], false),
    grammar("assert", &["NAME"], &["condition", "message", "satisfies", "severity", "targets"], &[], false),
    grammar("baseline", &["NAME"], &["ends", "findings", "owner", "reason"], &[], false),
    grammar("brakes", &["NAME"], &["keep_access", "max_changes", "max_percent", "targets"], &["change_window"], false),
    grammar("control", &["FRAMEWORK", "ID"], &["citation", "edition", "title"], &[], false),
    grammar("locals", &[], &[], &[], true),
    grammar("module", &["NAME"], &["for_each", "source", "targets", "version"], &[], true),
    grammar("moved", &[], &["from", "to"], &[], false),
    grammar("ordain", &[], &["calendar", "journal", "lints", "required_version"], &[], false),
    grammar("output", &["NAME"], &["description", "value"], &[], false),
    grammar("require", &["KIND", "NAME"], &["enforce", "for_each", "id", "max_waiver", "objects", "owner", "remedy", "satisfies", "sealed", "severity", "targets", "title", "waivable", "waivable_by", "where"], &["must"], false),
    grammar("target", &["PROVIDER", "NAME"], &["canary", "estate", "for_each", "keep_access", "max_changes", "max_percent", "owner"], &["change_window"], true),
    grammar("variable", &["NAME"], &["bound", "default", "description", "ephemeral", "nullable", "type"], &["validation"], false),
    grammar("waiver", &["NAME"], &["expires", "granted", "owner", "reason", "require", "settings", "ticket", "where"], &[], false),
];

/// The blocks of an anchor.
#[rustfmt::skip]
pub(crate) const ANCHOR_GRAMMARS: &[Grammar] = &[
    grammar("approval", &["NAME"], &["cells", "emergency", "not_author", "required", "signers", "valid_for"], &[], false),
    grammar("brakes", &["NAME"], &["cells", "keep_access", "max_changes", "max_percent"], &["change_window"], false),
    grammar("identity", &["NAME"], &["audience", "issuer", "keys", "person"], &[], false),
    grammar("module", &["NAME"], &["cells", "digests", "source", "version"], &[], false),
];

/// The blocks of a file of profile tests.
#[rustfmt::skip]
pub(crate) const TEST_GRAMMARS: &[Grammar] = &[
    grammar("test", &["TITLE"], &["estate", "snapshot"], &["expect", "variables"], false),
    grammar("variables", &[], &[], &[], true),
];

/// The blocks inside a `test`.
#[rustfmt::skip]
pub(crate) const INNER_TEST_GRAMMARS: &[Grammar] = &[
    grammar("expect", &[], &["diagnostics", "steps", "verdict", "verdicts"], &[], false),
    grammar("variables", &[], &[], &[], true),
];

/// The grammar of a top-level block, its labels, arguments and inner blocks checked. A block whose labels are wrong
/// has no name and is left out; what else is wrong with it is reported and the rest of it goes on.
///
/// # Errors
/// There is no such block, or its labels are not what they must be.
pub(crate) fn check(block: &Block, context: &mut Context<'_>) -> Result<&'static Grammar, Reported> {
    check_among(block, GRAMMARS, "a module", context)
}

/// [`check`] among other blocks than a module's; `what` holds them.
///
/// # Errors
/// There is no such block, or its labels are not what they must be.
pub(crate) fn check_among<'g>(
    block: &Block,
    grammars: &'g [Grammar],
    what: &str,
    context: &mut Context<'_>,
) -> Result<&'g Grammar, Reported> {
    let Some(grammar) = grammars.iter().find(|grammar| grammar.block == &*block.kind.text) else {
        return Err(unknown_block(block, grammars, what, context));
    };
    grammar.body(block, context);
    grammar.labels(block, context)?;
    Ok(grammar)
}

fn unknown_block(block: &Block, grammars: &[Grammar], what: &str, context: &mut Context<'_>) -> Reported {
    let kind = &block.kind.text;
    let known = |grammars: &[Grammar]| grammars.iter().any(|grammar| grammar.block == &**kind);
    if known(TEST_GRAMMARS) || known(GRAMMARS) {
        let (whose, ending) = if known(GRAMMARS) { ("the profile's", ".hcl") } else { ("a test's", TEST_ENDING) };
        let detail = format!("`{kind}` is {whose} block: it stands in a file that ends in `{ending}`");
        return context.error(code::UNKNOWN_BLOCK, block.kind.span, detail);
    }
    if &**kind == "anchor" {
        let detail = "an anchor is no block of the profile that it judges: it is given from outside";
        let diagnostic = Diagnostic::error(code::UNKNOWN_BLOCK, block.kind.span, detail);
        return context.push(diagnostic.paste("ordain plan -anchor FILE -signers FILE"));
    }
    let names: Vec<&str> = grammars.iter().map(|grammar| grammar.block).collect();
    context.unknown(code::UNKNOWN_BLOCK, &block.kind, format!("{what} has no `{kind}` blocks"), &names)
}

impl Grammar {
    fn labels(&self, block: &Block, context: &mut Context<'_>) -> Result<(), Reported> {
        if block.labels.len() != self.labels.len() {
            let detail = match self.labels.len() {
                0 => format!("a `{}` block takes no labels, this one has {}", self.block, block.labels.len()),
                _ => format!(
                    "a `{}` block has the labels {}, this one has {}",
                    self.block,
                    self.labels.join(" and "),
                    block.labels.len()
                ),
            };
            let labels: String = self.labels.iter().map(|label| format!(" \"{label}\"")).collect();
            let diagnostic = Diagnostic::error(code::WRONG_LABELS, block.header(), detail);
            return Err(context.push(diagnostic.paste(format!("{}{labels} {{", self.block))));
        }
        for (label, what) in block.labels.iter().zip(self.labels) {
            let (good, form) = match *what {
                "ID" | "TITLE" => (is_id(&label.text), "a text of one line"),
                _ => (is_identifier(&label.text), "a letter or `_`, then letters, digits, `_` and `-`"),
            };
            if !good {
                let detail = format!("`{}` is no {what}: expected {form}", label.text.escape_debug());
                return Err(context.error(code::WRONG_LABELS, label.span, detail));
            }
        }
        Ok(())
    }

    fn body(&self, block: &Block, context: &mut Context<'_>) {
        for attribute in &block.body.attributes {
            if self.blocks.contains(&&*attribute.name.text) {
                let name = &attribute.name.text;
                let detail = format!("`{name}` is a block of `{}`, not an argument", self.block);
                context.push(
                    Diagnostic::error(code::UNKNOWN_ARGUMENT, attribute.name.span, detail)
                        .paste(format!("{name} {{ }}")),
                );
            } else if &*attribute.name.text == "count" && self.arguments.contains(&"for_each") {
                no_count(&attribute.name, context);
            } else if !self.open && !self.arguments.contains(&&*attribute.name.text) {
                self.unknown_argument(block, &attribute.name, context);
            }
        }
        let mut seen: Vec<&Block> = Vec::new();
        for block in &block.body.blocks {
            let first = seen.iter().find(|first| first.kind.text == block.kind.text);
            if let Some(first) = first.filter(|_| !SEVERAL.contains(&&*block.kind.text)) {
                context.duplicate(
                    code::DUPLICATE_NAME,
                    &format!("`{}`", block.kind.text),
                    first.kind.span,
                    block.kind.span,
                );
            }
            seen.push(block);
            if !self.blocks.contains(&&*block.kind.text) {
                self.unknown_inner(block, context);
            }
        }
    }

    fn unknown_argument(&self, block: &Block, name: &Name, context: &mut Context<'_>) {
        let kind = block.labels.first().and_then(|label| context.providers.kind(&label.text));
        if self.block == "require" && kind.is_some_and(|kind| kind.setting(&name.text).is_some()) {
            let detail = format!("`{}` is a setting: it stands in `must`", name.text);
            let value = argument(&block.body, &name.text).map_or("...", |value| context.text(value));
            let paste = format!("must {{ {} = {value} }}", name.text);
            context.push(Diagnostic::error(code::UNKNOWN_ARGUMENT, name.span, detail).paste(paste));
            return;
        }
        if self.block == "variable" && &*name.text == "sensitive" {
            let detail = "there is no `sensitive`: a secret is `ephemeral`, and every other value can be printed";
            context.push(Diagnostic::error(code::UNKNOWN_ARGUMENT, name.span, detail).paste("ephemeral = true"));
            return;
        }
        let detail = format!("a `{}` block has no argument `{}`", self.block, name.text);
        context.unknown(code::UNKNOWN_ARGUMENT, name, detail, self.arguments);
    }

    fn unknown_inner(&self, block: &Block, context: &mut Context<'_>) {
        let name = &block.kind.text;
        if self.arguments.contains(&&**name) {
            let detail = format!("`{name}` is an argument of `{}`, not a block: it wants `=`", self.block);
            context
                .push(Diagnostic::error(code::UNKNOWN_BLOCK, block.kind.span, detail).paste(format!("{name} = ...")));
        } else {
            let detail = format!("a `{}` block holds no `{name}` block", self.block);
            context.unknown(code::UNKNOWN_BLOCK, &block.kind, detail, self.blocks);
        }
    }
}

fn no_count(name: &Name, context: &mut Context<'_>) {
    let detail = "there is no `count`: instances that are numbered change names when one is taken out";
    let help = "`for_each` names each instance by its key; in the block, `each.key` and `each.value` are its own.";
    let diagnostic = Diagnostic::error(code::UNKNOWN_ARGUMENT, name.span, detail).help(help);
    context.push(diagnostic.paste("for_each = toset([\"a\", \"b\"])"));
}

/// Whether something in a block was reported that its author meant as the argument or inner block `name`: that it is
/// missing is then no further mistake.
pub(crate) fn meant(block: &Block, name: &str, context: &Context<'_>) -> Option<Reported> {
    let grammar = GRAMMARS.iter().find(|grammar| grammar.block == &*block.kind.text)?;
    let known = || grammar.arguments.iter().chain(grammar.blocks).copied();
    let attributes = block.body.attributes.iter().map(|attribute| &attribute.name.text);
    let mut written = attributes.chain(block.body.blocks.iter().map(|inner| &inner.kind.text));
    let misspelt = |word: &Text| {
        &**word == name || (!known().any(|known| known == &**word) && nearest(word, known()) == Some(name))
    };
    if written.any(misspelt) { context.diagnostics.check().err() } else { None }
}

/// An argument's expression.
pub(crate) fn argument<'a>(body: &'a Body, name: &str) -> Option<&'a Expression> {
    body.attributes.iter().find(|attribute| &*attribute.name.text == name).map(|attribute| &attribute.value)
}

/// An argument that must be there; `example` is the line to paste.
///
/// # Errors
/// It is not there.
pub(crate) fn required<'a>(
    block: &'a Block,
    name: &str,
    example: &str,
    context: &mut Context<'_>,
) -> Result<&'a Expression, Reported> {
    argument(&block.body, name).ok_or_else(|| {
        if let Some(reported) = meant(block, name, context) {
            return reported;
        }
        let detail = format!("this `{}` block lacks `{name}`", block.kind.text);
        context.push(Diagnostic::error(code::MISSING_ARGUMENT, block.header(), detail).paste(example))
    })
}

pub(crate) fn is_identifier(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '-')
}

fn is_id(text: &Text) -> bool {
    !text.is_empty() && !text.chars().any(char::is_control)
}

/// The arguments that an open block takes beyond its own, checked against the names there are.
pub(crate) fn only(body: &Body, own: &[&str], others: &[&str], what: &str, context: &mut Context<'_>) {
    for attribute in &body.attributes {
        let name = &attribute.name;
        if !own.contains(&&*name.text) && !others.contains(&&*name.text) {
            let names: Vec<&str> = own.iter().chain(others).copied().collect();
            let detail = format!("{what} has no argument `{}`; it has {}", name.text, list(names.iter().copied()));
            context.unknown(code::UNKNOWN_ARGUMENT, name, detail, &names);
        }
    }
}
