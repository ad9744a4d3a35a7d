//! What compiling a profile takes: `cargo bench -p ordain-tests --bench language`. `docs/performance.md` holds what was
//! measured.

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use ordain_language::parse::parse;
use ordain_model::diagnostic::Diagnostics;
use ordain_model::source::Sources;
use ordain_tests::line::Line;
use ordain_tests::sizes::{Groups, Profile, chain, files, mistakes, modules, text};

fn main() {
    divan::main();
}

/// Compiles what has no mistakes.
fn compiled(bencher: Bencher<'_, '_>, number: usize, profile: &Profile) {
    let line = Line::of(profile);
    assert!(line.constraints.is_some() && line.diagnostics.is_empty(), "{}", line.messages());
    bencher.counter(ItemsCount::new(number)).bench(|| Line::of(profile));
}

#[divan::bench]
fn compiles_one_requirement(bencher: Bencher<'_, '_>) {
    compiled(bencher, 1, &files(0, Groups::Compliant));
}

#[divan::bench(args = [50, 100, 200, 400])]
fn compiles_modules_of_25_requirements(bencher: Bencher<'_, '_>, number: usize) {
    compiled(bencher, number, &modules(number, 25));
}

#[divan::bench(args = [1_250, 5_000])]
fn compiles_requirements_of_one_module(bencher: Bencher<'_, '_>, number: usize) {
    compiled(bencher, number, &modules(1, number));
}

#[divan::bench(args = [1_000, 4_000, 16_000])]
fn compiles_a_chain_of_locals(bencher: Bencher<'_, '_>, number: usize) {
    compiled(bencher, number, &chain(number));
}

#[divan::bench(args = [200_000, 2_000_000, 20_000_000], sample_count = 5, sample_size = 1)]
fn parses_one_file(bencher: Bencher<'_, '_>, bytes: usize) {
    let text: String = text(bytes).into_values().collect();
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
        let id = sources.add("main.hcl", &text);
        parse(&sources, id, &mut diagnostics)
    });
}

#[divan::bench(args = [1_000, 10_000], sample_count = 10, sample_size = 1)]
fn renders_messages_about_one_file(bencher: Bencher<'_, '_>, number: usize) {
    let line = Line::of(&mistakes(number));
    assert!(line.diagnostics.len() >= number, "{}", line.messages());
    bencher.counter(ItemsCount::new(number)).bench(|| line.messages());
}
