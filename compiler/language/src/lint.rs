//! [`Lints`]: which warnings about a profile that compiles are wanted, and where one is taken back with a reason.
//!
//! A lint is a warning by default, or an error where what it finds cannot be meant. `ordain { lints = { unused-variable = "deny" } }` sets its level for the files of that
//! module; `# ordain:allow(unused-variable): read by the next release` takes it back for what stands below the comment, or
//! before it on the same line. An allowance that takes nothing back is a warning itself, so that none outlives its reason.

mod allow;
mod unused;

pub(crate) use unused::unused;

use crate::context::Context;
use crate::grammar::argument;
use crate::load::Folder;
use crate::syntax::{Block, Entry, Node};
use allow::Allow;
use ordain_model::code::{self, Code};
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Severity, nearest};
use ordain_model::source::{SourceId, Span};
use std::collections::{BTreeMap, BTreeSet};

/// How much a lint counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// `allow`: nothing is said.
    Allow,
    /// `warn`, the default of most: it is said, and counts under `-strict` only.
    Warn,
    /// `deny`: an error.
    Deny,
}

const LEVELS: [(&str, Level); 3] = [("allow", Level::Allow), ("deny", Level::Deny), ("warn", Level::Warn)];

/// Which lints a profile wants to hear, by file.
#[derive(Clone, Debug, Default)]
pub struct Lints {
    levels: BTreeMap<(SourceId, &'static str), Level>,
    /// By lint: comments, each with the block or attribute it is about. A module that is imported twice stands here once.
    allows: BTreeMap<&'static str, BTreeMap<Span, Span>>,
}

impl Lints {
    /// Adds what one module says about lints.
    pub(crate) fn read(&mut self, folder: &Folder, block: Option<&Block>, context: &mut Context<'_>) {
        let levels = block.map(|block| levels(block, context)).unwrap_or_default();
        for file in &folder.files {
            self.levels.extend(levels.iter().map(|(lint, level)| ((file.source, *lint), *level)));
            for Allow { lint, comment, about } in allow::allows(file, context) {
                self.allows.entry(lint.name).or_default().insert(comment, about);
            }
        }
    }

    /// Settles every lint among the messages: what is allowed goes, what is denied becomes an error, and an allowance that
    /// was of no use is said. Called once, when every stage that finds lints has run.
    pub fn settle(&self, diagnostics: &mut Diagnostics) {
        let mut used: BTreeSet<Span> = BTreeSet::new();
        diagnostics.retain(|diagnostic| {
            let Some(place) = diagnostic.labels.first().map(|label| label.span) else { return true };
            if !diagnostic.code.is_lint() {
                return true;
            }
            let named = self.allows.get(diagnostic.code.name).into_iter().flatten();
            let allowing: Vec<Span> =
                named.filter(|(_, about)| about.covers(place)).map(|(comment, _)| *comment).collect();
            used.extend(&allowing);
            allowing.is_empty() && self.level(diagnostic, place)
        });
        if diagnostics.check().is_err() {
            // Not every lint has been looked for.
            return;
        }
        let allows = self.allows.iter().flat_map(|(lint, places)| places.keys().map(move |comment| (lint, comment)));
        for (lint, comment) in allows.filter(|(_, comment)| !used.contains(comment)) {
            let detail = format!("`{lint}` says nothing here");
            let mut unused = Diagnostic::warning(code::UNUSED_ALLOW, *comment, detail).help("Remove the comment.");
            if self.level(&mut unused, *comment) {
                diagnostics.push(unused);
            }
        }
    }

    /// Gives a lint its level; false where it is not to be said.
    fn level(&self, diagnostic: &mut Diagnostic, place: Span) -> bool {
        match self.levels.get(&(place.source, diagnostic.code.name)) {
            Some(Level::Allow) => return false,
            Some(Level::Deny) => diagnostic.severity = Severity::Error,
            Some(Level::Warn) => diagnostic.severity = Severity::Warning,
            None => {}
        }
        true
    }
}

/// The levels that an `ordain` block sets.
fn levels(block: &Block, context: &mut Context<'_>) -> Vec<(&'static str, Level)> {
    let Some(expression) = argument(&block.body, "lints") else { return Vec::new() };
    let Node::Object(entries) = &expression.node else {
        let detail = format!("`lints` gives levels by lint; seen `{}`", context.seen(expression));
        let paste = "lints = { unused-variable = \"deny\" }";
        context.push(Diagnostic::error(code::WRONG_TYPE, expression.span, detail).paste(paste));
        return Vec::new();
    };
    entries.iter().filter_map(|entry| one_level(entry, context)).collect()
}

fn one_level(entry: &Entry, context: &mut Context<'_>) -> Option<(&'static str, Level)> {
    let lint = match &entry.key.node {
        Node::String(name) => find(name, entry.key.span, context),
        _ => {
            context.error(code::UNKNOWN_LINT, entry.key.span, "a lint's name is a plain word");
            None
        }
    };
    let level = match &entry.value.node {
        Node::String(word) => LEVELS.iter().find(|(name, _)| *name == &**word).map(|(_, level)| *level),
        _ => None,
    };
    if level.is_none() {
        let seen = context.seen(&entry.value);
        let detail = format!("a lint's level is `\"allow\"`, `\"warn\"` or `\"deny\"`; seen `{seen}`");
        let near = LEVELS.iter().map(|(name, _)| *name);
        let near = nearest(seen.trim_matches('"'), near).unwrap_or("deny").to_owned();
        context.push(Diagnostic::error(code::WRONG_TYPE, entry.value.span, detail).paste(format!("\"{near}\"")));
    }
    Some((lint?.name, level?))
}

/// The lint of that name; that there is none is reported.
fn find(name: &str, span: Span, context: &mut Context<'_>) -> Option<&'static Code> {
    if let Some(lint) = code::lints().find(|lint| lint.name == name) {
        return Some(lint);
    }
    let known: Vec<&str> = code::lints().map(|lint| lint.name).collect();
    let detail = match code::find(name) {
        Some(_) => format!("`{name}` is an error, which cannot be allowed"),
        None => format!("there is no lint `{}`", name.escape_debug()),
    };
    let diagnostic = Diagnostic::error(code::UNKNOWN_LINT, span, detail);
    let near = nearest(name, known.iter().copied());
    let help = near.map_or_else(
        || format!("There is {}.", crate::context::list(known.iter().copied())),
        |near| format!("The nearest name is `{near}`."),
    );
    context.push(diagnostic.help(help));
    None
}
