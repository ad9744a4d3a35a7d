//! The order of reading and changing, and the providers that have none.

use crate::lab::CIRCLE;
use crate::line::constraints;
use ordain_engine::graph::order;
use ordain_model::diagnostic::Diagnostics;

#[test]
fn rules_in_a_circle_are_named_whole() {
    let (constraints, said) = constraints("");
    let mut constraints = constraints.unwrap_or_else(|| panic!("{said}"));
    constraints.kinds.insert(CIRCLE.name, &CIRCLE);
    let mut diagnostics = Diagnostics::default();
    assert!(order(&constraints, &mut diagnostics).is_err());
    let said = diagnostics.items();
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(said[0].code.name, "kind-cycle");
    assert_eq!(said[0].detail, "The rules of `lab_circle` form a cycle: `left`, `right`.");
}
