//! Stories through the program itself: `tests/session/*.md`.

use ordain_tests::session::{files, page};
use ordain_tests::snapshot::root;
use std::path::Path;

#[test]
fn every_session_prints_what_its_page_shows() {
    let pages = files(&root().join("tests/session"));
    assert!(!pages.is_empty());
    let program = Path::new(env!("CARGO_BIN_EXE_ordain"));
    let problems: Vec<String> =
        pages.iter().filter_map(|name| page(&format!("tests/session/{name}"), program).err()).collect();
    if !problems.is_empty() {
        panic!("{}", problems.join("\n"));
    }
}
