//! A plan as a contract, for `show`: what it was made from, and everything that a step rests on, reaches and costs.

use super::{count, heading};
use crate::report::change::{Change, Step};
use crate::report::{Inputs, Report};
use crate::style::{Page, Tone};
use ordain_model::commit::Commit;
use ordain_model::schema::WriteToken;

/// What the plan is closed over.
pub(super) fn inputs(page: &mut Page, report: &Report) {
    if report.command != "show" {
        return;
    }
    heading(page, "Made from");
    let inputs = &report.inputs;
    let version = inputs.version.as_ref().map(|version| format!(", by version {version}")).unwrap_or_default();
    let directory = inputs.directory.as_ref().map(|directory| format!("`{directory}`{version}"));
    line(page, "profile", directory.as_deref());
    line(page, "anchor", inputs.anchor.as_deref());
    line(page, "commit", Some(&inputs.commit.as_ref().map_or("not known".to_owned(), commit)));
    for (path, digest) in &inputs.modules {
        let name = if path.is_empty() { "the root module" } else { path };
        line(page, "module", Some(&format!("{name} {digest}")));
    }
    for (name, value) in &inputs.variables {
        line(page, "variable", Some(&format!("{name} = {value}")));
    }
    for (name, estate) in &inputs.targets {
        let world = estate.as_ref().map_or("live".to_owned(), |estate| format!("the estate `{estate}`"));
        line(page, "target", Some(&format!("{name}, {world}")));
    }
    line(page, "world", inputs.world.as_deref());
    line(page, "envelope", inputs.envelope.as_deref());
    for (provider, digest) in &inputs.schemas {
        line(page, "kinds", Some(&format!("{provider} {digest}")));
    }
    for (state, digest) in &inputs.terraform_states {
        line(page, "Terraform", Some(&format!("{state} {digest}")));
    }
    flags(page, inputs);
    line(page, "reverts", inputs.reverts.as_deref());
    line(page, "digest", inputs.plan.as_deref());
}

fn flags(page: &mut Page, inputs: &Inputs) {
    let given = [
        ("--only", &inputs.only),
        ("--except", &inputs.except),
        ("--allow", &inputs.allow),
        ("--baselined", &inputs.baselined),
    ];
    for (flag, addresses) in given {
        addresses.iter().for_each(|address| line(page, "flag", Some(&format!("{flag} '{address}'"))));
    }
}

fn line(page: &mut Page, what: &str, text: Option<&str>) {
    if let Some(text) = text {
        page.space(2).column(Tone::Faint, what, 12).put(text).end();
    }
}

/// `0bb1aeae98d1 by Ada <ada@example.com>, as claimed; not committed: main.hcl`.
fn commit(commit: &Commit) -> String {
    let short: String = commit.id.chars().take(12).collect();
    let said = format!("{short} by {}, as claimed", commit.author);
    match commit.uncommitted.is_empty() {
        true => said,
        false => {
            format!("{said}; not committed: {}", commit.uncommitted.iter().cloned().collect::<Vec<_>>().join(", "))
        }
    }
}

/// What a change shuts out, and the way back from it.
pub(super) fn change(page: &mut Page, change: &Change) {
    if !change.shuts_out.is_empty() {
        page.space(8).tone(Tone::Careful, "loses access: ").put(&change.shuts_out.join(", ")).end();
    }
    let (tone, way) = match (&change.undo.possible, &change.undo.detail) {
        (true, None) => (Tone::Faint, "way back: loses nothing".to_owned()),
        (true, Some(loss)) => (Tone::Careful, format!("way back: {loss}")),
        (false, why) => (Tone::Careful, format!("no way back: {}", why.as_deref().unwrap_or_default())),
    };
    page.space(8).tone(tone, &way).end();
}

/// What a step rests on, reaches and costs.
pub(super) fn step(page: &mut Page, step: &Step) {
    for held in &step.preconditions {
        page.space(6).tone(Tone::Faint, "only while ").put(&held.about).put(" = ").put(&held.value).end();
    }
    let radius = &step.blast_radius;
    let (objects, requirements) =
        (count(radius.objects as u64, "object"), count(radius.requirements.len() as u64, "requirement"));
    page.space(6).tone(Tone::Faint, "reaches ").put(&format!("{objects}, for {requirements}")).end();
    for view in &radius.views {
        page.space(8).tone(Tone::Faint, "shown by ").put(view).end();
    }
    let calls = &step.calls;
    let (total, look, write, back) = (count(calls.total as u64, "call"), calls.look, calls.write, calls.read_back);
    let waits = if calls.waits.is_empty() { String::new() } else { format!("; waits by {}", calls.waits.join(", ")) };
    page.space(6)
        .tone(Tone::Faint, "costs ")
        .put(&format!("{total}: {look} for each of two looks, {write} to write, {back} to read back{waits}"))
        .end();
    let token = match &step.token {
        WriteToken::None => return,
        WriteToken::Idempotency(field) => format!("{field}, so that it is done once"),
        WriteToken::Condition(field) => format!("{field}, so that nothing newer is overwritten"),
    };
    page.space(6).tone(Tone::Faint, "write token ").put(&token).end();
}
