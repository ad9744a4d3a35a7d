//! `html`: one page with everything in it. It loads nothing, and its policy (Content-Security-Policy) lets nothing run but its
//! own script, by digest. Without the script everything is there to read; with it there is search and a filter.

mod parts;
mod rows;
mod text;

use super::Format;
use super::provenance::{first_line, not_evidence};
use crate::report::Report;
use crate::style::Style;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ordain_model::digest::Digest;
use std::io::{self, Write};
use text::quoted;

/// The format.
pub const FORMAT: Format = Format {
    name: "html",
    summary: "one page, for people",
    begins: "<!DOCTYPE html>\n<html lang=\"en\" data-report=\"ordain\">\n",
    write,
};

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    head(report, out)?;
    parts::header(report, out)?;
    parts::counts(report, out)?;
    parts::messages(report, out)?;
    parts::controls(report, out)?;
    parts::requirements(report, out)?;
    rows::findings(report, out)?;
    parts::steps(report, out)?;
    parts::withheld(report, out)?;
    parts::exceptions(report, out)?;
    parts::population(report, out)?;
    parts::provenance(report, out)?;
    write!(out, "</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n")
}

fn head(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let source = |text: &str| format!("'sha256-{}'", STANDARD.encode(Digest::of(text.as_bytes()).0));
    let policy = format!("default-src 'none'; style-src {}; script-src {}", source(STYLE), source(SCRIPT));
    let title = format!("ordain {}: {}", report.command, report.headline.verdict.word());
    out.write_all(FORMAT.begins.as_bytes())?;
    out.write_all(b"<head>\n<meta charset=\"utf-8\">\n")?;
    writeln!(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">")?;
    out.write_all(b"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")?;
    out.write_all(
        b"<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n",
    )?;
    for (name, value) in super::provenance::properties(report) {
        writeln!(out, "<meta name=\"ordain:{}\" content=\"{}\">", quoted(&name), quoted(&value))?;
    }
    writeln!(out, "<title>{}</title>\n<style>{STYLE}</style>\n</head>", quoted(&title))?;
    out.write_all(b"<body>\n<main>\n")?;
    writeln!(out, "<h1>{}</h1>", quoted(&first_line(report)))?;
    match not_evidence(report) {
        Some(why) => writeln!(out, "<p class=\"warning\" role=\"note\">Not evidence: {}.</p>", quoted(why)),
        None => Ok(()),
    }
}
