//! What `ordain log -json` prints: the lines that are meant as they are kept, and a last one that says what is to be said of
//! the whole journal.

use super::reading::Reading;
use crate::journal::running;
use crate::run::Run;
use ordain_engine::journal::Selection;
use ordain_model::diagnostic::Reported;
use ordain_store::journal::Store;
use serde_json::{Value as Json, json};

/// Name and version of the format of the last line.
const FORMAT: &str = "ordain.log/1";

/// Prints the lines that are meant, as they are read.
pub(super) fn lines(
    reading: &mut Reading,
    selection: &Selection,
    store: &dyn Store,
    run: &mut Run,
) -> Result<(), Reported> {
    let mut meant = selection.ask();
    let mut text = String::new();
    reading.all(store, &mut |line, kept, standing| {
        if meant.take(line) {
            text.extend([kept, "\n"]);
        }
        if !standing.open(&line.apply) {
            meant.forget(&line.apply);
        }
        if text.len() < 1 << 16 {
            return Ok(());
        }
        run.print(&std::mem::take(&mut text))
    })?;
    run.print(&text)
}

/// Prints the last line.
pub(super) fn closing(reading: &Reading, store: &dyn Store, run: &mut Run) -> Result<(), Reported> {
    let doubts = reading.standing.doubts().map(|doubt| {
        let running = running(&doubt, store);
        let (object, unit) = (doubt.planned.object.to_string(), doubt.planned.unit);
        json!({
            "apply": doubt.apply, "step": doubt.step, "object": object, "unit": unit,
            "at": doubt.at, "who": doubt.who, "running": running,
        })
    });
    let line = json!({
        "format": FORMAT,
        "journal": store.name(),
        "lines": reading.standing.head.lines,
        "digest": reading.standing.head.digest,
        "applies": reading.applies,
        "broken": reading.broken,
        "doubts": doubts.collect::<Vec<Json>>(),
        "signed": reading.known.signed(),
    });
    run.print(&format!("{line}\n"))
}
