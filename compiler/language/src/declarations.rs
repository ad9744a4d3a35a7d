//! [`Declarations`]: the blocks of one module by name, before any value is known.

use crate::context::Context;
use crate::grammar::{argument, check};
use crate::load::{Folder, member};
use crate::syntax::{Attribute, Block, Node};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::Diagnostic;
use ordain_model::duration::Calendar;
use ordain_model::version::{self, Constraint};
use std::collections::BTreeMap;

/// The version that `required_version` is compared with.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The blocks of one module by name. Of a name that stands twice, the first.
#[derive(Default)]
pub(crate) struct Declarations<'a> {
    pub(crate) calendar: Calendar,
    pub(crate) locals: BTreeMap<Text, &'a Attribute>,
    pub(crate) moved: Vec<&'a Block>,
    /// By kind of block, then by labels joined with dots.
    blocks: BTreeMap<&'static str, BTreeMap<Text, &'a Block>>,
}

impl<'a> Declarations<'a> {
    /// Sorts a module's blocks; everything that can be said against them without a value is reported.
    pub(crate) fn read(folder: &'a Folder, context: &mut Context<'_>) -> Declarations<'a> {
        let mut declarations = Declarations::default();
        for attribute in folder.files.iter().flat_map(|file| &file.body.attributes) {
            let detail = format!("`{}` stands outside of any block", attribute.name.text);
            let help = "A named value of the module is a local.";
            let paste = format!("locals {{\n  {} = {}\n}}", attribute.name.text, context.text(&attribute.value));
            context
                .push(Diagnostic::error(code::UNKNOWN_ARGUMENT, attribute.name.span, detail).help(help).paste(paste));
        }
        for block in folder.blocks() {
            let Ok(grammar) = check(block, context) else { continue };
            match grammar.block {
                "locals" => declarations.add_locals(block, context),
                "moved" => declarations.moved.push(block),
                kind => declarations.add(kind, block, context),
            }
        }
        if let Some(block) = declarations.of("ordain").values().next().copied() {
            declarations.calendar = calendar(block, context);
            required_version(block, context);
        }
        declarations
    }

    /// The blocks of a kind, by their labels joined with dots.
    pub(crate) fn of(&self, kind: &str) -> &BTreeMap<Text, &'a Block> {
        static NONE: BTreeMap<Text, &Block> = BTreeMap::new();
        self.blocks.get(kind).unwrap_or(&NONE)
    }

    fn add(&mut self, kind: &'static str, block: &'a Block, context: &mut Context<'_>) {
        let labels: Vec<&str> = block.labels.iter().map(|label| &*label.text).collect();
        let name = Text::from(labels.join("."));
        let blocks = self.blocks.entry(kind).or_default();
        match blocks.get(&name) {
            None => drop(blocks.insert(name, block)),
            Some(first) => {
                let what = if labels.is_empty() {
                    format!("the block `{kind}`")
                } else {
                    format!("`{}`", member("", kind, &name))
                };
                context.duplicate(code::DUPLICATE_NAME, &what, first.header(), block.header());
            }
        }
    }

    fn add_locals(&mut self, block: &'a Block, context: &mut Context<'_>) {
        for local in &block.body.attributes {
            let name = &local.name;
            match self.locals.get(&name.text) {
                // The parser reports a name that stands twice in one block.
                Some(first) if block.body.attributes.iter().any(|other| std::ptr::eq(other, *first)) => {}
                Some(first) => drop(context.duplicate(
                    code::DUPLICATE_NAME,
                    &format!("`local.{}`", name.text),
                    first.name.span,
                    name.span,
                )),
                None => drop(self.locals.insert(name.text.clone(), local)),
            }
        }
    }
}

fn calendar(block: &Block, context: &mut Context<'_>) -> Calendar {
    let Some(expression) = argument(&block.body, "calendar") else { return Calendar::default() };
    match &expression.node {
        Node::String(word) if &**word == "strict" => Calendar::Strict,
        Node::String(word) if &**word == "nominal" => Calendar::Nominal,
        _ => {
            let detail = format!("the calendar is `\"strict\"` or `\"nominal\"`; seen `{}`", context.seen(expression));
            context.push(Diagnostic::error(code::WRONG_TYPE, expression.span, detail).paste("calendar = \"strict\""));
            Calendar::default()
        }
    }
}

fn required_version(block: &Block, context: &mut Context<'_>) {
    let Some(expression) = argument(&block.body, "required_version") else { return };
    let required = match &expression.node {
        Node::String(text) => Constraint::parse(text),
        _ => None,
    };
    match required {
        Some(required) if version::parse(VERSION).is_some_and(|version| required.admits(&version)) => {}
        Some(_) => {
            let detail = format!("this profile wants Ordain {}; this is Ordain {VERSION}", context.seen(expression));
            context.error(code::REQUIRED_VERSION, expression.span, detail);
        }
        None => {
            let detail = format!("expected versions such as `\">= 0.1\"`; seen `{}`", context.seen(expression));
            let paste = format!("required_version = \">= {VERSION}\"");
            context.push(Diagnostic::error(code::REQUIRED_VERSION, expression.span, detail).paste(paste));
        }
    }
}
