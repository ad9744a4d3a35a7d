//! [`TestFile`]: the profile tests of one `*.test.hcl`, read before any profile is compiled.
//!
//! ```hcl
//! variables { log_retention = "400d" }        # for every test of the file
//!
//! test "a short retention is raised" {
//!   estate = "short.json"                     # beside this file; or an estate written out; or `snapshot = "now.snapshot"`
//!   variables { log_retention = "365d" }      # wins over the file's, which win over the command line's
//!   expect { verdict = "unmet" }
//! }
//! ```

use crate::context::Context;
use crate::expectation::{self, Expectation};
use crate::files::{File, NoFiles};
use crate::grammar::{INNER_TEST_GRAMMARS, TEST_GRAMMARS, argument, check_among};
use crate::load::utf8;
use crate::parse::parse;
use crate::path;
use crate::syntax::{Attribute, Block, Expression, Syntax};
use crate::variable_type::unfit;
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported};
use ordain_model::duration::Calendar;
use ordain_model::provider::Providers;
use ordain_model::source::{Sources, Span};
use ordain_model::types::{Mismatch, encode};
use ordain_model::value::Value;
use std::collections::BTreeMap;

/// The profile tests of one file, in their order.
#[derive(Clone, Debug)]
pub struct TestFile {
    /// The file as the user would write it.
    pub name: Text,
    /// Its tests.
    pub tests: Vec<ProfileTest>,
}

/// `test "NAME"`.
#[derive(Clone, Debug)]
pub struct ProfileTest {
    /// Its name, unique in its file.
    pub name: Text,
    /// What the profile is judged against.
    pub world: TestWorld,
    /// Values of variables: its own, and the file's of other names.
    pub variables: Vec<Attribute>,
    /// What it expects.
    pub expectation: Expectation,
    /// Its block's header.
    pub span: Span,
}

/// What a test judges the profile against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestWorld {
    /// The estates that the profile's own targets name.
    Profile,
    /// An estate's file, relative to the working directory: what every target reaches.
    Estate(Text),
    /// An estate written out in the test, as JSON.
    Written(Text),
    /// A snapshot's file, relative to the working directory.
    Snapshot(Text),
}

/// Reads a file of profile tests; its name is the path as the user would write it. Every mistake is reported.
///
/// # Errors
/// It has one; `diagnostics` says which.
pub fn read(
    file: &File,
    providers: Providers<'_>,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Result<TestFile, Reported> {
    let text = utf8(&file.name, &file.bytes).map_err(|diagnostic| diagnostics.push(*diagnostic))?;
    let id = sources.add(&file.name, text);
    let syntax = parse(sources, id, diagnostics);
    let mut context = Context::new(providers, &NoFiles, sources, diagnostics);
    let tests = tests(&syntax, &file.name, &mut context);
    diagnostics.check().map(|()| TestFile { name: file.name.as_str().into(), tests })
}

fn tests(syntax: &Syntax, file: &str, context: &mut Context<'_>) -> Vec<ProfileTest> {
    for attribute in &syntax.body.attributes {
        let detail = format!("`{}` stands outside of any block", attribute.name.text);
        context.error(code::UNKNOWN_ARGUMENT, attribute.name.span, detail);
    }
    let check = |block: &&Block| check_among(block, TEST_GRAMMARS, "a file of tests", context).is_ok();
    let blocks: Vec<&Block> = syntax.body.blocks.iter().filter(check).collect();
    // `variables` has no label: it is the block without a name.
    let mut named: BTreeMap<Option<&Text>, &Block> = BTreeMap::new();
    for block in &blocks {
        let name = block.labels.first().map(|name| &name.text);
        if let Some(first) = named.get(&name) {
            let what = name.map_or("`variables`".to_owned(), |name| format!("the test `{name}`"));
            context.duplicate(code::DUPLICATE_NAME, &what, first.header(), block.header());
        }
        named.entry(name).or_insert(block);
    }
    let common = named.get(&None).map_or(&[][..], |block| &block.body.attributes);
    let named = blocks.into_iter().filter_map(|block| Some((block.labels.first()?.text.clone(), block)));
    named.filter_map(|(name, block)| one(name, block, file, common, context).ok()).collect()
}

fn one(
    name: Text,
    block: &Block,
    file: &str,
    common: &[Attribute],
    context: &mut Context<'_>,
) -> Result<ProfileTest, Reported> {
    for inner in &block.body.blocks {
        // What is no inner block at all was reported with the test's own body.
        if INNER_TEST_GRAMMARS.iter().any(|grammar| grammar.block == &*inner.kind.text) {
            let _ = check_among(inner, INNER_TEST_GRAMMARS, "a test", context);
        }
    }
    let inner = |kind: &str| block.body.blocks.iter().find(|inner| &*inner.kind.text == kind);
    let world = world(block, file, context);
    let expectation = match inner("expect") {
        Some(expect) => expectation::read(expect, context),
        None => Err(expects_nothing(block.header(), context)),
    };
    let own = inner("variables").map_or(&[][..], |block| &block.body.attributes);
    let inherited = common.iter().filter(|one| own.iter().all(|other| other.name.text != one.name.text));
    let variables = inherited.chain(own).cloned().collect();
    Ok(ProfileTest { name, world: world?, variables, expectation: expectation?, span: block.header() })
}

/// A test that expects nothing cannot fail.
pub(crate) fn expects_nothing(span: Span, context: &mut Context<'_>) -> Reported {
    let detail = "this test expects nothing, so that it could never fail";
    context.push(Diagnostic::error(code::MISSING_ARGUMENT, span, detail).paste("expect { verdict = \"met\" }"))
}

fn world(block: &Block, file: &str, context: &mut Context<'_>) -> Result<TestWorld, Reported> {
    let directory = file.rsplit_once('/').map_or(".", |(directory, _)| directory);
    let beside = |path: &Text| Text::from(path::join(directory, path));
    match (argument(&block.body, "estate"), argument(&block.body, "snapshot")) {
        (None, None) => Ok(TestWorld::Profile),
        (Some(estate), Some(snapshot)) => {
            let detail = "a test is judged against an estate or a snapshot, not against both";
            Err(context
                .push(Diagnostic::error(code::WRONG_TYPE, snapshot.span, detail).label(estate.span, "the other")))
        }
        (Some(estate), None) => match constant(estate, context)? {
            Value::String(path) => Ok(TestWorld::Estate(beside(&path))),
            written @ Value::Object(_) => Ok(TestWorld::Written(encode(&written).to_string().into())),
            _ => Err(unfit(
                estate,
                &Mismatch::new("the path of an estate, or an estate written out as an object"),
                context,
            )),
        },
        (None, Some(snapshot)) => match constant(snapshot, context)? {
            Value::String(path) => Ok(TestWorld::Snapshot(beside(&path))),
            _ => Err(unfit(snapshot, &Mismatch::new("the path of a snapshot"), context)),
        },
    }
}

/// The value of an expression of a test, which names nothing.
///
/// # Errors
/// It names something, or has no value.
pub(crate) fn constant(expression: &Expression, context: &mut Context<'_>) -> Result<Value, Reported> {
    crate::environment::constant(expression, Calendar::default(), context)
}
