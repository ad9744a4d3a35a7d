//! The table of what each back end does is what each back end does.

use crate::scenario::PAGE;
use ordain_tests::backend::{Backend, Kind};
use ordain_tests::operations::Operations;
use ordain_tests::snapshot::{file, root};

#[test]
fn every_cell_of_the_table_is_what_the_back_end_does() {
    let answers = Kind::ALL.map(|kind| Backend::start(kind).python("backends/probes", &[]));
    let page = std::fs::read_to_string(root().join(PAGE)).expect("the page");
    let prose = page.split("\n| operation |").next().expect("text before the table");
    let actual = format!("{}\n\n{}", prose.trim_end(), Operations::probed(&answers).table());
    if let Err(difference) = file(PAGE, &actual) {
        panic!("{difference}");
    }
}
