//! A text as the formatter writes it.

use ordain_language::format::format;
use ordain_model::diagnostic::Diagnostics;
use ordain_model::source::Sources;

/// The errors, one per line, where it does not parse.
pub fn formatted(text: &str) -> Result<String, String> {
    let mut sources = Sources::default();
    let id = sources.add("main.hcl", text);
    let mut diagnostics = Diagnostics::default();
    format(&sources, id, &mut diagnostics).map_err(|_| {
        diagnostics
            .items()
            .iter()
            .map(|item| format!("{}: {}", item.code.name, item.detail))
            .collect::<Vec<_>>()
            .join("\n")
    })
}

/// What formatting may not change. Strings lose their space here too.
pub fn without_space(text: &str) -> String {
    text.replace([' ', '\t'], "")
}
