//! `ordain test`: the profile tests beside a profile, each against a world of its own. Reaches no network, changes nothing.

mod world;

use crate::anchor::Anchored;
use crate::arguments::Test;
use crate::files;
use crate::profile::{self, Profile};
use crate::providers;
use crate::run::Run;
use ordain_engine::findings::{Findings, compare};
use ordain_engine::observed::Observed;
use ordain_engine::parallel::parallel;
use ordain_engine::plan::{Inputs as PlanInputs, Plan, plan};
use ordain_engine::profile_test::{Judged, Seen};
use ordain_language::files::{File, TEST_ENDING};
use ordain_language::inputs::{Input, Inputs};
use ordain_language::test_file::{self, ProfileTest, TestFile, TestWorld};
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity, nearest};
use ordain_report::report::test_result::TestResult;
use ordain_report::style::Style;
use ordain_report::{assemble, render};
use std::collections::BTreeSet;
use std::path::Path;

/// A folder of tests beside the profile, as Terraform has one.
const FOLDER: &str = "tests";

/// Runs every test that the filter leaves, and prints what became of each.
pub fn run(arguments: &Test, run: &mut Run) -> Result<Exit, Reported> {
    if let Some(path) = &arguments.junit_xml {
        files::replaceable_by(path, "XML", |line| line.starts_with(b"<?xml"))
            .map_err(|error| run.unwritable(path, &error))?;
    }
    let common = Common {
        directory: &arguments.directory,
        inputs: profile::inputs(&arguments.outside.variables, run)?,
        anchored: Anchored::read(&arguments.outside, &arguments.directory, run)?,
    };
    let files = read(&arguments.directory, run)?;
    let chosen = chosen(&files, &arguments.filter, run)?;
    let base = &*run;
    let results = parallel(&chosen, |(file, test)| result(file, test, &common, base));
    let report = assemble::tests(results);
    if let Some(path) = &arguments.junit_xml {
        let text = render::junit::FORMAT.text(&report, Style::PLAIN);
        files::write(path, |file| file.write_all(text.as_bytes())).map_err(|error| run.unwritable(path, &error))?;
    }
    let exit = report.headline.verdict.exit();
    run.show(report)?;
    Ok(exit)
}

/// Every file of tests beside the profile and in its `tests` folder, by name. What is wrong in any of them is reported.
fn read(directory: &Path, run: &mut Run) -> Result<Vec<TestFile>, Reported> {
    let mut found = Vec::new();
    for folder in [directory.to_owned(), directory.join(FOLDER)] {
        let paths = match files::ending(&folder, TEST_ENDING) {
            Ok(paths) => paths,
            Err(error) if folder != directory && error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(run.unreadable(&folder, &error)),
        };
        for path in paths {
            let name = ordain_language::path::join(".", &path.to_string_lossy());
            match files::read(&path) {
                Ok(bytes) => found.push(File { name, bytes }),
                Err(error) => drop(run.unreadable(&path, &error)),
            }
        }
    }
    if found.is_empty() {
        let detail = format!("`{}` has no file whose name ends in `{TEST_ENDING}`.", directory.display());
        let diagnostic = Diagnostic::new(code::NO_TESTS, Severity::Error, detail);
        return Err(run.diagnostics.push(diagnostic.help("`ordain explain no-tests` shows one.")));
    }
    let read = |file: &File| test_file::read(file, providers::all(), &mut run.sources, &mut run.diagnostics).ok();
    let files: Vec<TestFile> = found.iter().filter_map(read).collect();
    run.diagnostics.check().map(|()| files)
}

/// The tests that are named, by their own name or their file's; all where nothing is named.
fn chosen<'t>(
    files: &'t [TestFile],
    filter: &[String],
    run: &mut Run,
) -> Result<Vec<(&'t TestFile, &'t ProfileTest)>, Reported> {
    let all = || files.iter().flat_map(|file| file.tests.iter().map(move |test| (file, test)));
    let is = |wanted: &str, (file, test): &(&TestFile, &ProfileTest)| {
        *wanted == *test.name || *wanted == *file.name || file.name.rsplit('/').next() == Some(wanted)
    };
    for wanted in filter {
        if !all().any(|test| is(wanted, &test)) {
            let names = all().flat_map(|(file, test)| [&*file.name, &*test.name]);
            let diagnostic = Diagnostic::new(
                code::UNKNOWN_SUBJECT,
                Severity::Error,
                format!("`-filter {wanted}` names no test and no file of tests."),
            );
            run.diagnostics.push(match nearest(wanted, names) {
                Some(near) => diagnostic.help("Did you mean this?").paste(format!("-filter '{near}'")),
                None => diagnostic,
            });
        }
    }
    let kept = |test: &(&TestFile, &ProfileTest)| filter.is_empty() || filter.iter().any(|wanted| is(wanted, test));
    run.diagnostics.check().map(|()| all().filter(kept).collect())
}

/// What every test is judged with.
struct Common<'a> {
    directory: &'a Path,
    inputs: Inputs,
    anchored: Option<Anchored>,
}

/// One test, with messages of its own.
fn result(file: &TestFile, test: &ProfileTest, common: &Common<'_>, base: &Run) -> TestResult {
    let mut own = base.apart();
    let judged = judge(test, common, &mut own).ok().flatten();
    let messages = std::mem::take(&mut own.diagnostics).into_sorted();
    let judged = judged.as_ref().map(|came| Judged {
        findings: &came.findings,
        plan: &came.plan,
        observed: &came.observed,
        kinds: &came.profile.constraints.kinds,
    });
    assemble::test(&file.name, test, &Seen { diagnostics: &messages, judged }, &own.sources)
}

/// What came of a profile in one test.
struct Came {
    profile: Profile,
    findings: Findings,
    plan: Plan,
    observed: Observed,
}

/// The line as far as the test needs it.
fn judge(test: &ProfileTest, common: &Common<'_>, run: &mut Run) -> Result<Option<Came>, Reported> {
    let mut inputs = common.inputs.clone();
    inputs.arguments.extend(test.variables.iter().cloned().map(Input::Attribute));
    let profile = profile::compile_inputs(common.directory, &inputs, common.anchored.clone(), run)?;
    if test.world == TestWorld::Profile && !test.expectation.needs_world() {
        return Ok(None);
    }
    let observed = world::observe(&profile, test, run)?;
    let findings = compare(&profile.constraints, &profile.graph, &observed, &BTreeSet::new());
    findings.warn(&mut run.diagnostics);
    let plan = plan(&findings, PlanInputs::of(&profile.constraints, &observed, env!("CARGO_PKG_VERSION")));
    Ok(Some(Came { profile, findings, plan, observed }))
}
