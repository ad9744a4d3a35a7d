//! What each format of a report takes: `cargo bench -p ordain-tests --bench formats`. The aims for 10,000 findings: 200 ms each,
//! `html` 500 ms.

use divan::Bencher;
use divan::counter::ItemsCount;
use ordain_report::render::{FORMATS, find};
use ordain_report::style::Style;
use ordain_tests::reports;
use std::io;

/// Findings.
const NUMBER: usize = 10_000;

fn main() {
    divan::main();
}

#[divan::bench(args = FORMATS.iter().map(|format| format.name))]
fn writes_unmet_findings(bencher: Bencher<'_, '_>, name: &str) {
    let (report, format) = (reports::unmet(NUMBER), find(name).unwrap_or_else(|| panic!("no format {name}")));
    bencher.counter(ItemsCount::new(NUMBER)).bench(|| {
        (format.write)(&report, Style::PLAIN, &mut io::sink()).unwrap_or_else(|error| panic!("{name}: {error}"));
    });
}
