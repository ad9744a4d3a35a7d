//! What each stage of the line takes: `cargo bench -p ordain-tests`. `docs/performance.md` holds what was measured.

use divan::Bencher;
use divan::counter::ItemsCount;
use ordain_engine::findings::compare;
use ordain_engine::plan::{self, plan};
use ordain_engine::snapshot;
use ordain_model::diagnostic::Diagnostics;
use ordain_tests::line::{Judged, Line, PROVIDERS};
use ordain_tests::sizes::{Groups, files};

const SIZES: [usize; 3] = [1_000, 8_000, 64_000];

fn main() {
    divan::main();
}

fn judged(number: usize, groups: Groups) -> (Line, Judged) {
    let files = files(number, groups);
    let line = Line::of(&files);
    let judged = line.judge(&files).unwrap_or_else(|why| panic!("{why}"));
    (line, judged)
}

#[divan::bench(args = SIZES)]
fn reads_a_snapshot(bencher: Bencher<'_, '_>, number: usize) {
    let (_, judged) = judged(number, Groups::Compliant);
    let text: String = snapshot::lines(&judged.observed).map(|line| line + "\n").collect();
    bencher.counter(ItemsCount::new(number)).bench(|| {
        snapshot::parse(&mut text.as_bytes(), "snapshot", PROVIDERS, &mut Diagnostics::default())
            .unwrap_or_else(|_| panic!("a snapshot reads"))
    });
}

#[divan::bench(args = SIZES)]
fn compares(bencher: Bencher<'_, '_>, number: usize) {
    let (line, judged) = judged(number, Groups::Compliant);
    let Some((constraints, graph)) = &line.constraints else { panic!("{}", line.messages()) };
    bencher
        .counter(ItemsCount::new(number))
        .bench(|| compare(constraints, graph, &judged.observed, &Default::default()));
}

#[divan::bench(args = SIZES)]
fn plans(bencher: Bencher<'_, '_>, number: usize) {
    let (line, judged) = judged(number, Groups::Unmet);
    let Some((constraints, _)) = &line.constraints else { panic!("{}", line.messages()) };
    bencher
        .counter(ItemsCount::new(number))
        .bench(|| plan(&judged.findings, plan::Inputs::of(constraints, &judged.observed, "0.1.0")));
}

#[divan::bench(args = [1_000])]
fn renders_unmet_findings(bencher: Bencher<'_, '_>, number: usize) {
    let (_, judged) = judged(number, Groups::Unmet);
    bencher.counter(ItemsCount::new(number)).bench(|| judged.human());
}
