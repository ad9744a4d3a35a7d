//! Stories through the program itself: `tests/session/*.md`, and `tests/mistakes/*.md`, a page per common mistake with what
//! it says, and what Terraform says to the same one.

use ordain_tests::session::pages;
use std::path::Path;

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_ordain"))
}

#[test]
fn every_session_prints_what_its_page_shows() {
    pages("tests/session", program());
}

#[test]
fn every_mistake_is_told_as_its_page_shows() {
    pages("tests/mistakes", program());
}
