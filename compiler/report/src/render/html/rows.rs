//! The findings: an entry each, worst first, that the page's script can search and filter.

use super::super::row::{Row, rows};
use super::parts::cited;
use super::text::{mark, quoted, section};
use crate::report::Report;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Every row, below a form that only the script shows.
pub(super) fn findings(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let rows = rows(report);
    if rows.is_empty() {
        return Ok(());
    }
    section(out, "findings", "Findings")?;
    form(&rows, out)?;
    out.write_all(b"<ol class=\"rows\">\n")?;
    rows.iter().try_for_each(|row| entry(row, out))?;
    out.write_all(b"</ol>\n</section>\n")
}

fn form(rows: &[Row<'_>], out: &mut dyn Write) -> io::Result<()> {
    let of =
        |what: fn(&Row<'_>) -> String| rows.iter().map(what).filter(|word| !word.is_empty()).collect::<BTreeSet<_>>();
    out.write_all(b"<form id=\"filter\" hidden>\n<label>Search <input type=\"search\" name=\"text\" autocomplete=\"off\"></label>\n")?;
    choice(out, "verdict", &of(|row| row.word.to_owned()))?;
    choice(out, "severity", &of(|row| row.severity.map(|severity| severity.word().to_owned()).unwrap_or_default()))?;
    choice(out, "owner", &of(|row| row.owner.to_owned()))?;
    choice(out, "since", &of(|row| row.since.unwrap_or_default().to_owned()))?;
    let frameworks = rows.iter().flat_map(|row| row.controls).map(|control| control.framework.to_string());
    choice(out, "framework", &frameworks.collect())?;
    writeln!(out, "<output name=\"shown\">{0} of {0}</output>\n</form>", rows.len())
}

fn choice(out: &mut dyn Write, name: &str, of: &BTreeSet<String>) -> io::Result<()> {
    if of.is_empty() {
        return Ok(());
    }
    write!(out, "<label>{name} <select name=\"{name}\"><option value=\"\">all</option>")?;
    of.iter().try_for_each(|word| write!(out, "<option value=\"{0}\">{0}</option>", quoted(word)))?;
    out.write_all(b"</select></label>\n")
}

fn entry(row: &Row<'_>, out: &mut dyn Write) -> io::Result<()> {
    let severity = row.severity.map(|severity| severity.word()).unwrap_or_default();
    let frameworks: BTreeSet<&str> = row.controls.iter().map(|control| &*control.framework).collect();
    let frameworks = frameworks.into_iter().collect::<Vec<_>>().join(" ");
    write!(
        out,
        "<li id=\"f-{}\" data-verdict=\"{}\" data-severity=\"{severity}\" data-owner=\"{}\" data-since=\"{}\" data-framework=\"{}\">",
        quoted(row.id),
        row.word,
        quoted(row.owner),
        row.since.unwrap_or_default(),
        quoted(&frameworks),
    )?;
    write!(out, "<p>{} {severity}", mark(row.word))?;
    for word in row.since.iter().copied().chain((!row.enforced).then_some("observed only")) {
        write!(out, " <b>{word}</b>")?;
    }
    let address = row.address();
    write!(out, " <code>{}</code></p><p>{}", quoted(&address), quoted(row.title))?;
    let seen = row.seen();
    if seen != row.title {
        write!(out, "<br>{}", quoted(&seen))?;
    }
    if let Some(cure) = row.cure() {
        write!(out, "<br>{}", quoted(&cure))?;
    }
    write!(out, "</p><p class=\"faint\">owner {}", quoted(row.owner))?;
    if let Some((file, line)) = row.place {
        write!(out, ", <code>{}:{line}</code>", quoted(file))?;
    }
    if !row.controls.is_empty() {
        write!(out, ", {}", cited(row.controls))?;
    }
    if let Some(exception) = row.exception {
        let soon = if exception.ends_soon { ", which is soon" } else { "" };
        write!(out, ", {} until {}{soon}", quoted(&exception.address), quoted(&exception.until))?;
    }
    writeln!(out, ", id {}</p></li>", quoted(row.id))
}
