//! Everything on the page but the findings.

use super::super::provenance::{as_of, properties};
use super::text::{mark, quoted, section, table};
use crate::report::Report;
use crate::report::finding::{ControlReference, ControlSummary, RequirementSummary};
use ordain_model::verdict::Verdict;
use std::io::{self, Write};

/// What was read, when and by whom.
pub(super) fn header(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let anchor = report.inputs.anchor.as_deref().unwrap_or("unanchored");
    write!(out, "<p class=\"faint\">ordain {}", report.command)?;
    if let Some(time) = as_of(report) {
        write!(out, ", settings as of <time datetime=\"{0}\">{0}</time>", quoted(time))?;
    }
    for (at, caller) in report.world.iter().flat_map(|world| &world.callers).enumerate() {
        write!(out, "{}{}", if at == 0 { ", read by " } else { ", " }, quoted(caller))?;
    }
    writeln!(out, ", {}</p>", quoted(anchor))
}

/// Obligations by verdict, worst first.
pub(super) fn counts(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let counts = &report.headline.counts;
    if counts.is_empty() {
        return Ok(());
    }
    out.write_all(b"<ul class=\"counts\" aria-label=\"obligations by verdict\">\n")?;
    for verdict in Verdict::ALL.iter().rev() {
        if let Some(number) = counts.get(verdict.word()) {
            writeln!(out, "<li><strong>{number}</strong> {}</li>", mark(verdict.word()))?;
        }
    }
    out.write_all(b"</ul>\n")
}

/// Errors and warnings.
pub(super) fn messages(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if report.diagnostics.is_empty() {
        return Ok(());
    }
    section(out, "messages", "Messages")?;
    out.write_all(b"<ul>\n")?;
    for message in &report.diagnostics {
        let place = message.place.as_ref().map(|place| format!(" <code>{}:{}</code>", quoted(&place.file), place.line));
        let (severity, detail) = (message.severity, quoted(&message.detail));
        let place = place.unwrap_or_default();
        writeln!(out, "<li><strong>{severity}</strong>: {}: {detail}{place}</li>", quoted(message.title))?;
    }
    out.write_all(b"</ul>\n</section>\n")
}

/// Verdicts by framework.
pub(super) fn controls(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if report.controls.is_empty() {
        return Ok(());
    }
    section(out, "controls", "Controls")?;
    let row = |control: &ControlSummary| {
        vec![quoted(&control.framework).into_owned(), quoted(&control.id).into_owned(), verdict(control.verdict)]
    };
    table(out, &["framework", "control", "verdict"], report.controls.iter().map(row))?;
    out.write_all(b"</section>\n")
}

fn verdict(of: Option<Verdict>) -> String {
    mark(of.map_or("vacuous", Verdict::word))
}

/// `soc2 CC7.2 (convention)`, quoted.
pub(super) fn cited(controls: &[ControlReference]) -> String {
    let one = |of: &ControlReference| format!("{} {}", quoted(&of.framework), quoted(&of.id));
    controls.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Each requirement in each target, worst first.
pub(super) fn requirements(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if report.requirements.is_empty() {
        return Ok(());
    }
    section(out, "requirements", "Requirements")?;
    let mut rows: Vec<&RequirementSummary> = report.requirements.iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.enforced, row.verdict, row.severity)));
    let row = |of: &RequirementSummary| {
        let counts = of.counts.iter().map(|(verdict, number)| format!("{number} {}", verdict.replace('_', " ")));
        let observed = if of.enforced { "" } else { " observed only" };
        let objects = if of.matched == 1 { "object" } else { "objects" };
        vec![
            format!("{}{observed}", verdict(of.verdict)),
            format!("{}<br><code>{}</code>", quoted(&of.title), quoted(&of.place)),
            of.severity.word().to_owned(),
            quoted(&of.target).into_owned(),
            format!("{} {objects}<br>{}", of.matched, counts.collect::<Vec<_>>().join(", ")),
            cited(&of.controls),
        ]
    };
    let columns = ["verdict", "requirement", "severity", "target", "obligations", "controls"];
    table(out, &columns, rows.into_iter().map(row))?;
    out.write_all(b"</section>\n")
}

/// What apply would do.
pub(super) fn steps(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if report.steps.is_empty() {
        return Ok(());
    }
    section(out, "plan", "The plan")?;
    let row = |step: &crate::report::change::Step| {
        let changes = step.changes.iter().map(|change| {
            let (before, after) = (quoted(&change.before), quoted(&change.after));
            let lost = change.lost.as_ref().map(|lost| format!("<br>{}", quoted(lost))).unwrap_or_default();
            format!("<code>{}</code> <del>{before}</del> <ins>{after}</ins>{lost}", quoted(&change.setting))
        });
        vec![
            step.number.to_string(),
            format!("<code>{}</code>", quoted(&step.object)),
            changes.collect::<Vec<_>>().join("<br>"),
            step.class.word().replace('_', " "),
            step.after.iter().map(usize::to_string).collect::<Vec<_>>().join(", "),
        ]
    };
    table(out, &["step", "object", "changes", "risk", "after"], report.steps.iter().map(row))?;
    out.write_all(b"</section>\n")
}

/// Changes that a bound asks for and the plan does not hold.
pub(super) fn withheld(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if report.withheld.is_empty() {
        return Ok(());
    }
    section(out, "withheld", "Withheld from the plan")?;
    let row = |of: &crate::report::change::Withheld| {
        let change = format!("<del>{}</del> <ins>{}</ins>", quoted(&of.before), quoted(&of.after));
        vec![format!("<code>{}</code>", quoted(&of.address)), change, quoted(&of.why).into_owned()]
    };
    table(out, &["setting", "change", "why"], report.withheld.iter().map(row))?;
    out.write_all(b"</section>\n")
}

/// Waivers and groups of the baseline, with their ends.
pub(super) fn exceptions(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if report.exceptions.is_empty() {
        return Ok(());
    }
    section(out, "exceptions", "Waivers and baselines")?;
    let row = |of: &crate::report::exception::Exception| {
        let state = if of.ends_soon { "ends soon" } else { of.state };
        let ticket = of.ticket.as_ref().map(|ticket| format!(" ({})", quoted(ticket))).unwrap_or_default();
        vec![
            state.replace('_', " "),
            format!("<code>{}</code>", quoted(&of.address)),
            quoted(&of.until).into_owned(),
            quoted(&of.owner).into_owned(),
            format!("{}{ticket}", quoted(&of.reason)),
            of.excepted.to_string(),
        ]
    };
    let columns = ["state", "exception", "until", "owner", "reason", "findings"];
    table(out, &columns, report.exceptions.iter().map(row))?;
    out.write_all(b"</section>\n")
}

/// What was looked at, and what no target covers.
pub(super) fn population(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if report.population.is_empty() && report.uncovered.is_empty() && report.unresolved.is_empty() {
        return Ok(());
    }
    section(out, "coverage", "Coverage")?;
    let row = |of: &crate::report::Population| {
        let numbers = [of.listed, of.enforced, of.observed, of.unknown, of.unselected].map(|number| number.to_string());
        let incomplete = of.incomplete.as_ref().map(|why| quoted(why).into_owned()).unwrap_or_default();
        let names = [quoted(&of.cell).into_owned(), quoted(&of.kind).into_owned()];
        names.into_iter().chain(numbers).chain(std::iter::once(incomplete)).collect()
    };
    let columns = ["cell", "kind", "listed", "enforced", "observed", "perhaps", "by none", "incomplete"];
    table(out, &columns, report.population.iter().map(row))?;
    let uncovered = report.uncovered.iter().map(|cell| format!("no target covers {cell}"));
    let remarks = report.unresolved.iter().chain(&report.uncovered_incomplete);
    let remarks = remarks.map(|remark| format!("{}: {}", remark.about, remark.text));
    let said: Vec<String> = uncovered.chain(remarks).collect();
    if !said.is_empty() {
        out.write_all(b"<ul>\n")?;
        said.iter().try_for_each(|text| writeln!(out, "<li>{}</li>", quoted(text)))?;
        out.write_all(b"</ul>\n")?;
    }
    out.write_all(b"</section>\n")
}

/// Digests and everything else that the result is closed over.
pub(super) fn provenance(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    section(out, "provenance", "Made from")?;
    out.write_all(b"<dl>\n")?;
    for (name, value) in properties(report) {
        writeln!(out, "<dt>{}</dt><dd>{}</dd>", quoted(&name), quoted(&value))?;
    }
    out.write_all(b"</dl>\n</section>\n")
}
