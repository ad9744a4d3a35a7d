//! [`Anchor`]: what must be in a compile, said from outside the profile that is judged.
//!
//! ```hcl
//! module "baseline" {
//!   source  = "git::https://git.example.com/platform/baseline.git"   # as profiles import it
//!   version = ">= 2.3"                                               # which versions will do
//!   digests = ["sha256:..."]                                         # which contents will do
//!   cells   = ["aws:111111111111"]                                   # where it must hold; left out: everywhere
//! }
//!
//! approval "production" {
//!   required = 2                                                     # at least what profiles must ask for
//!   signers  = ["alice@example.com", "bob@example.com"]              # names; left out: whoever the runner's file of signers has
//!   cells    = ["aws:111111111111"]
//! }
//!
//! brakes "production" {
//!   max_changes = 20                                                 # what holds changes, whatever profiles say
//! }
//!
//! identity "gitlab" {
//!   issuer   = "https://gitlab.example.com"                          # whose tokens prove who wrote a profile
//!   audience = "ordain"
//!   person   = "user_email"                                          # the claim that names the person; left out: sub
//!   keys     = "{\"keys\": [...]}"                                   # the keys that the issuer publishes (JWKS)
//! }
//! ```
//! Who may say so is not decided here: whoever reads an anchor has checked its signature before.

mod brakes;
mod check;
mod identity;

pub use brakes::AnchoredBrakes;
pub use check::{Checked, Proof, Reach};
pub use identity::AnchoredIdentity;

use crate::approval::{VALID_FOR, count, seconds};
use crate::context::Context;
use crate::environment::constant;
use crate::files::{File, NoFiles};
use crate::grammar::{ANCHOR_GRAMMARS, argument, check_among, required};
use crate::load::utf8;
use crate::parse::parse;
use crate::syntax::{Block, Expression};
use crate::variable_type::unfit;
use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported, nearest};
use ordain_model::digest::Digest;
use ordain_model::duration::Calendar;
use ordain_model::module::{ModuleSource, Remote, Repository};
use ordain_model::provider::Providers;
use ordain_model::source::{Sources, Span};
use ordain_model::types::Mismatch;
use ordain_model::value::Value;
use ordain_model::version::Constraint;
use std::collections::{BTreeMap, BTreeSet};

/// What is demanded of every profile that is judged under it.
#[derive(Clone, Debug)]
pub struct Anchor {
    /// Its file, as it was named.
    pub name: Text,
    /// Digest of its bytes.
    pub digest: Digest,
    /// The modules that must be imported, in the order of their names.
    pub modules: Vec<AnchoredModule>,
    /// The approvals that must be asked for, in the order of their names.
    pub approvals: Vec<AnchoredApproval>,
    /// What holds changes whatever profiles say, in the order of their names.
    pub brakes: Vec<AnchoredBrakes>,
    /// Whose tokens prove who wrote a profile, in the order of their names.
    pub identities: Vec<AnchoredIdentity>,
}

/// A module that must be imported, for every target that reaches certain cells.
#[derive(Clone, Debug)]
pub struct AnchoredModule {
    /// How the anchor calls it.
    pub name: Text,
    /// Where it is published.
    pub repository: Repository,
    /// The folder in it; `.` for its top.
    pub folder: Text,
    /// The versions that will do; none where `digests` says it.
    pub version: Option<Text>,
    /// The digests of packages that will do; where it is empty, what the source publishes under the version.
    pub digests: BTreeSet<Digest>,
    /// Where it must hold; empty: everywhere.
    pub cells: Vec<Cell>,
    /// Its block's header.
    pub span: Span,
}

/// The least that a profile must ask of approvals for plans that change something in certain cells.
#[derive(Clone, Debug)]
pub struct AnchoredApproval {
    /// How the anchor calls it.
    pub name: Text,
    /// How many people have to sign, at least 1.
    pub required: u32,
    /// Names of those who may; empty: whoever the runner's file of signers has.
    pub signers: BTreeSet<Text>,
    /// Whether whoever wrote the profile may not.
    pub not_author: bool,
    /// How many seconds a signature counts at most.
    pub valid_for: u64,
    /// Only for plans that are made in an emergency, or only for those that are not.
    pub emergency: Option<bool>,
    /// Where it holds; empty: everywhere.
    pub cells: Vec<Cell>,
    /// Its block's header.
    pub span: Span,
}

impl AnchoredModule {
    /// As a `source` names it.
    #[must_use]
    pub fn source(&self) -> String {
        match &*self.folder {
            "." => self.repository.to_string(),
            folder => format!("{}//{folder}", self.repository),
        }
    }
}

/// Reads an anchor; the file's name is the path as the user gave it. Every mistake is reported.
///
/// # Errors
/// It has one: then nothing of it counts.
pub fn read(
    file: &File,
    providers: Providers<'_>,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Result<Anchor, Reported> {
    let text = utf8(&file.name, &file.bytes).map_err(|diagnostic| diagnostics.push(*diagnostic))?;
    let id = sources.add(&file.name, text);
    let syntax = parse(sources, id, diagnostics);
    let context = &mut Context::new(providers, &NoFiles, sources, diagnostics);
    for attribute in &syntax.body.attributes {
        let detail = format!("`{}` stands outside of any block", attribute.name.text);
        context.error(code::UNKNOWN_ARGUMENT, attribute.name.span, detail);
    }
    let mut named: BTreeMap<(&str, &Text), &Block> = BTreeMap::new();
    for block in &syntax.body.blocks {
        if check_among(block, ANCHOR_GRAMMARS, "an anchor", context).is_err() {
            continue;
        }
        let Some(name) = block.labels.first() else { continue };
        match named.get(&(&*block.kind.text, &name.text)) {
            None => drop(named.insert((&block.kind.text, &name.text), block)),
            Some(first) => {
                let what = format!("`{}.{}`", block.kind.text, name.text);
                context.duplicate(code::DUPLICATE_NAME, &what, first.header(), block.header());
            }
        }
    }
    let (mut modules, mut approvals) = (Vec::new(), Vec::new());
    let (mut held, mut identities) = (Vec::new(), Vec::new());
    for ((kind, name), block) in named {
        match kind {
            "module" => modules.extend(module(name, block, context)),
            "brakes" => held.extend(brakes::brakes(name, block, context)),
            "identity" => identities.extend(identity::identity(name, block, context)),
            _ => approvals.extend(approval(name, block, context)),
        }
    }
    if syntax.body.blocks.is_empty() && syntax.body.attributes.is_empty() {
        let detail = format!(
            "`{}` demands nothing: an anchor holds `module`, `approval`, `brakes` and `identity` blocks",
            file.name
        );
        diagnostics.push(Diagnostic::new(code::MISSING_ARGUMENT, ordain_model::diagnostic::Severity::Error, detail));
    }
    let digest = Digest::of(&file.bytes);
    diagnostics.check().map(|()| Anchor {
        name: file.name.as_str().into(),
        digest,
        modules,
        approvals,
        brakes: held,
        identities,
    })
}

fn approval(name: &Text, block: &Block, context: &mut Context<'_>) -> Result<AnchoredApproval, Reported> {
    let required = required(block, "required", "required = 2", context)
        .and_then(|expression| Ok((constant(expression, Calendar::default(), context)?, expression)))
        .and_then(|(value, expression)| count(&value, expression, context));
    let expected = "a list of names, as the file of signers has them";
    let signers = argument(&block.body, "signers").map(|expression| texts(expression, expected, context)).transpose();
    let not_author = flag(block, "not_author", context);
    let emergency = flag(block, "emergency", context);
    let valid_for = argument(&block.body, "valid_for").map(|expression| {
        let value = constant(expression, Calendar::default(), context)?;
        seconds(&value, expression, Calendar::default(), context)
    });
    let cells = argument(&block.body, "cells").map(|expression| cells(expression, context)).transpose();
    Ok(AnchoredApproval {
        name: name.clone(),
        required: required?,
        signers: signers?.unwrap_or_default().into_iter().collect(),
        not_author: not_author?.unwrap_or(true),
        emergency: emergency?,
        valid_for: valid_for.transpose()?.unwrap_or(VALID_FOR),
        cells: cells?.unwrap_or_default(),
        span: block.header(),
    })
}

fn flag(block: &Block, name: &str, context: &mut Context<'_>) -> Result<Option<bool>, Reported> {
    let Some(expression) = argument(&block.body, name) else { return Ok(None) };
    match constant(expression, Calendar::default(), context)? {
        Value::Bool(flag) => Ok(Some(flag)),
        _ => Err(unfit(expression, &Mismatch::new("`true` or `false`"), context)),
    }
}

fn module(name: &Text, block: &Block, context: &mut Context<'_>) -> Result<AnchoredModule, Reported> {
    let source = required(block, "source", "source = \"git::https://git.example.com/platform/baseline.git\"", context)
        .and_then(|expression| source(expression, context));
    let version = argument(&block.body, "version").map(|expression| version(expression, context)).transpose();
    let digests = argument(&block.body, "digests").map(|expression| digests(expression, context)).transpose();
    let cells = argument(&block.body, "cells").map(|expression| cells(expression, context)).transpose();
    let Remote { repository, folder, .. } = source?;
    let (version, digests) = (version?, digests?.unwrap_or_default());
    if version.is_none() && digests.is_empty() && !matches!(repository, Repository::Profile(_)) {
        let detail = "this module may have any content: an anchor says which versions or digests will do";
        let diagnostic = Diagnostic::error(code::MISSING_ARGUMENT, block.header(), detail);
        return Err(context.push(diagnostic.paste("version = \">= 2.3\"")));
    }
    let cells = cells?.unwrap_or_default();
    Ok(AnchoredModule { name: name.clone(), repository, folder, version, digests, cells, span: block.header() })
}

fn text(expression: &Expression, expected: &str, context: &mut Context<'_>) -> Result<Text, Reported> {
    match constant(expression, Calendar::default(), context)? {
        Value::String(text) => Ok(text),
        _ => Err(unfit(expression, &Mismatch::new(expected), context)),
    }
}

/// The texts of a list that is not empty: one that is would demand nothing without saying so.
fn texts(expression: &Expression, expected: &str, context: &mut Context<'_>) -> Result<Vec<Text>, Reported> {
    let texts = match constant(expression, Calendar::default(), context)? {
        Value::List(items) => items.iter().map(|item| item.as_str().map(Text::from)).collect::<Option<Vec<_>>>(),
        _ => None,
    };
    match texts {
        Some(texts) if !texts.is_empty() => Ok(texts),
        _ => Err(unfit(expression, &Mismatch::new(expected), context)),
    }
}

fn source(expression: &Expression, context: &mut Context<'_>) -> Result<Remote, Reported> {
    let written = text(expression, "the source of a module, as profiles import it", context)?;
    let (detail, meant) = match written.parse::<ModuleSource>() {
        Ok(ModuleSource::Remote(remote)) if remote.reference.is_none() => return Ok(remote),
        Ok(ModuleSource::Remote(Remote { repository, .. })) => {
            ("`version` and `digests` say which content will do, not `?ref=`".to_owned(), Some(repository.to_string()))
        }
        Ok(ModuleSource::Local(_)) => ("a directory of the profile is what its author makes it".to_owned(), None),
        Err(wrong) => (wrong.detail, wrong.meant),
    };
    let detail = format!("`{}` is no source that can be demanded: {detail}", written.escape_debug());
    let diagnostic = Diagnostic::error(code::MODULE_SOURCE, expression.span, detail);
    Err(context.push(match meant {
        Some(meant) => diagnostic.paste(format!("source = \"{meant}\"")),
        None => diagnostic,
    }))
}

fn version(expression: &Expression, context: &mut Context<'_>) -> Result<Text, Reported> {
    let written = text(expression, "versions such as `\">= 2.3\"`", context)?;
    match Constraint::parse(&written) {
        Some(_) => Ok(written),
        None => {
            let detail = format!("expected versions such as `\">= 2.3\"`; seen `{}`", context.seen(expression));
            let diagnostic = Diagnostic::error(code::MODULE_VERSION, expression.span, detail);
            Err(context.push(diagnostic.paste("version = \">= 2.3\"")))
        }
    }
}

fn digests(expression: &Expression, context: &mut Context<'_>) -> Result<BTreeSet<Digest>, Reported> {
    let expected = "a list of digests, each `sha256:` and 64 hexadecimal digits";
    let written = texts(expression, expected, context)?;
    let digests: Option<BTreeSet<Digest>> = written.iter().map(|text| Digest::parse(text)).collect();
    digests.ok_or_else(|| unfit(expression, &Mismatch::new(expected), context))
}

fn cells(expression: &Expression, context: &mut Context<'_>) -> Result<Vec<Cell>, Reported> {
    let expected = "a list of cells or of what holds them, such as `[\"aws:111111111111\"]`";
    let written = texts(expression, expected, context)?;
    let cells: Option<Vec<Cell>> = written.iter().map(|text| Cell::parse(text)).collect();
    let cells = cells.ok_or_else(|| unfit(expression, &Mismatch::new(expected), context))?;
    for cell in &cells {
        // A name that is nothing would never be reached, and nothing be demanded.
        if context.providers.get(&cell.provider).is_none() {
            let known = || context.providers.0.iter().map(|provider| provider.name());
            let detail = format!("there is no provider `{}`", cell.provider);
            let diagnostic = Diagnostic::error(code::UNKNOWN_PROVIDER, expression.span, detail);
            let near = nearest(&cell.provider, known()).map(|near| cell_of(near, cell));
            return Err(context.push(match near {
                Some(near) => diagnostic.paste(format!("cells = [\"{near}\"]")),
                None => diagnostic,
            }));
        }
    }
    Ok(cells)
}

fn cell_of(provider: &str, cell: &Cell) -> Cell {
    Cell { provider: provider.into(), scope: cell.scope.clone() }
}
