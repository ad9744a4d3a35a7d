//! Writes every report of the set in every format for files: `cargo run -p ordain-tests --example reports -- FOLDER`.

use ordain_report::render::FORMATS;
use ordain_report::style::Style;
use ordain_tests::reports;
use std::path::Path;

fn main() {
    let folder = std::env::args().nth(1).expect("expected FOLDER");
    std::fs::create_dir_all(&folder).expect("FOLDER can be made");
    for (name, report) in reports::all() {
        for format in FORMATS.iter().filter(|format| !format.begins.is_empty()) {
            let path = Path::new(&folder).join(format!("{name}.{}", format.name));
            std::fs::write(path, format.text(&report, Style::PLAIN)).expect("FOLDER can be written");
        }
    }
}
