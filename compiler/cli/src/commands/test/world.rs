//! [`observe`]: what a profile test judges the profile against: an estate or a snapshot, never a network.

use crate::anchor;
use crate::profile::Profile;
use crate::progress::Line;
use crate::providers;
use crate::run::Run;
use crate::worlds;
use ordain_engine::observed::{self, Observed, Worlds};
use ordain_language::config::TargetDeclaration;
use ordain_language::test_file::{ProfileTest, TestWorld};
use ordain_memory::Estate;
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress, SettingName};
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported};
use ordain_model::observation::{ObjectRead, Observation, ReadSet, Reason};
use ordain_model::provider::{Change, Progress, Purpose, World};
use ordain_model::stop::Stop;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

/// Reads what the profile asks for from the world of a test.
///
/// # Errors
/// There is no such world, or it does not read.
pub fn observe(profile: &Profile, test: &ProfileTest, run: &mut Run) -> Result<Observed, Reported> {
    let worlds = match &test.world {
        TestWorld::Snapshot(path) => return worlds::observe(profile, Some(Path::new(&**path)), run),
        TestWorld::Profile => {
            estates_only(profile, test, run)?;
            worlds::connect(profile, Purpose::Read, &Stop::default(), run)?
        }
        TestWorld::Estate(path) => covered(&estate(Path::new(&**path), path, run)?, profile, test, run)?,
        TestWorld::Written(text) => covered(&written(text, run)?, profile, test, run)?,
    };
    let unseen = Line::new("Reading", false);
    let observed = observed::observe(&profile.constraints, &profile.graph, &worlds, &unseen);
    profile.anchor_holds(&anchor::observed(&observed), run).map(|()| observed)
}

/// A test that brings no world uses the estates of the profile's targets; what is live is out of its reach.
fn estates_only(profile: &Profile, test: &ProfileTest, run: &mut Run) -> Result<(), Reported> {
    let live = profile.constraints.config.targets.iter().find(|(_, declaration)| declaration.estate.is_none());
    let Some((name, declaration)) = live else { return Ok(()) };
    let detail = format!("`target.{name}` is live, and a test reaches no network: it needs an estate or a snapshot");
    let diagnostic = Diagnostic::error(code::TEST_WORLD, test.span, detail).label(declaration.span, "the target");
    Err(run.diagnostics.push(diagnostic.paste("estate = \"estate.json\"")))
}

fn estate(path: &Path, name: &str, run: &mut Run) -> Result<Estate, Reported> {
    Estate::open(path, name, providers::all(), &mut run.diagnostics)
}

/// An estate that the test holds itself.
fn written(text: &str, run: &mut Run) -> Result<Estate, Reported> {
    let kept = tempfile::NamedTempFile::new().and_then(|mut file| file.write_all(text.as_bytes()).map(|()| file));
    let file = kept.map_err(|error| run.unwritable(Path::new("a file for the estate of a test"), &error))?;
    estate(file.path(), "the test's estate", run)
}

/// The estate as each target sees it: of a target that says which cells it covers, only those.
fn covered(estate: &Estate, profile: &Profile, test: &ProfileTest, run: &mut Run) -> Result<Worlds, Reported> {
    let mut worlds = Worlds::new();
    for (name, declaration) in &profile.constraints.config.targets {
        let covers = |cell: &Cell| outside(declaration, cell).is_none();
        let cells: BTreeSet<Cell> = estate.cells().iter().map(|cell| (**cell).clone()).filter(covers).collect();
        if let (true, Some(cell)) = (cells.is_empty(), estate.cells().first()) {
            let why = outside(declaration, cell).unwrap_or_default();
            let detail = format!("`target.{name}` covers no cell of the test's estate, as {cell}: {why}");
            let diagnostic = Diagnostic::error(code::TEST_WORLD, test.span, detail);
            return Err(run.diagnostics.push(diagnostic.label(declaration.span, "the target")));
        }
        worlds.insert(name.clone(), Ok(Box::new(Covered { estate: estate.clone(), cells })));
    }
    Ok(worlds)
}

/// Why a cell is none of a target's; nothing where it may be one.
fn outside(declaration: &TargetDeclaration, cell: &Cell) -> Option<String> {
    if declaration.estate.is_some() {
        return None;
    }
    if declaration.target.provider != cell.provider {
        return Some(format!("its provider is `{}`", declaration.target.provider));
    }
    let provider = providers::all().get(&declaration.target.provider)?;
    provider.differs(&declaration.target, &BTreeSet::from([cell.clone()]), false)
}

/// Some cells of an estate.
struct Covered {
    estate: Estate,
    cells: BTreeSet<Cell>,
}

impl World for Covered {
    fn observe(&self, reads: &ReadSet, progress: &dyn Progress) -> Observation {
        let mut seen = self.estate.observe(reads, progress);
        seen.cells.retain(|cell, _| self.cells.contains(&**cell));
        seen
    }

    fn read(
        &self,
        object: &ObjectAddress,
        attributes: &BTreeSet<Text>,
        settings: &BTreeSet<SettingName>,
    ) -> Result<ObjectRead, Reason> {
        self.estate.read(object, attributes, settings)
    }

    fn write(&self, change: &Change) -> Result<(), Reason> {
        self.estate.write(change)
    }
}
