//! Writes a profile and its estate of a given size: `cargo run -p ordain-tests --example generate -- FOLDER NUMBER [unmet]`.

use ordain_tests::sizes::{Groups, files};
use std::path::Path;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, number, groups) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [folder, number] => (folder, number, Groups::Compliant),
        [folder, number, "unmet"] => (folder, number, Groups::Unmet),
        _ => panic!("expected FOLDER NUMBER [unmet]"),
    };
    let number = number.parse().expect("NUMBER is a whole number");
    std::fs::create_dir_all(folder).expect("FOLDER can be made");
    for (name, text) in files(number, groups) {
        std::fs::write(Path::new(folder).join(name), text).expect("FOLDER can be written");
    }
}
