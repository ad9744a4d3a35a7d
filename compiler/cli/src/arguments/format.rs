//! [`Formats`]: the forms in which a report is printed and written, `-format` and `-json`.

use clap::Args;
use ordain_model::diagnostic::nearest;
use ordain_report::render::{self, FORMATS, Format};
use std::path::PathBuf;

/// In which forms a report is wanted.
#[derive(Args, Clone, Debug, Default)]
pub struct Formats {
    /// In which format to print the result, or what to write to which file.
    #[arg(long = "format", value_name = "NAME or NAME=FILE", value_parser = wanted, help = help())]
    pub wanted: Vec<Wanted>,
    /// Print the result as one JSON document, which is what -format json does
    #[arg(long)]
    pub json: bool,
}

/// A format, and the file that it goes to; without one it is printed.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The format.
    pub format: &'static Format,
    /// The file.
    pub file: Option<PathBuf>,
}

impl Formats {
    /// Whether stdout is one JSON document.
    #[must_use]
    pub fn json(&self) -> bool {
        self.json || self.printed().any(|format| format.name == render::json::FORMAT.name)
    }

    /// What is to be printed.
    pub fn printed(&self) -> impl Iterator<Item = &'static Format> {
        self.wanted.iter().filter(|wanted| wanted.file.is_none()).map(|wanted| wanted.format)
    }
}

fn help() -> String {
    let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    format!(
        "Print the result in this format, or write it to a file, as in -format sarif=drift.sarif; may be given several times: {}",
        names.join(", ")
    )
}

/// `sarif`, `sarif=drift.sarif`.
fn wanted(text: &str) -> Result<Wanted, String> {
    let (name, file) = match text.split_once('=') {
        Some((name, file)) => (name, Some(file)),
        None => (text, None),
    };
    let names = || FORMATS.iter().map(|format| format.name);
    let Some(format) = render::find(name) else {
        let near = nearest(name, names()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        return Err(format!("there is no format `{name}`{near} There are {}", names().collect::<Vec<_>>().join(", ")));
    };
    match file {
        Some("") => Err(format!("`{name}=` names no file")),
        Some(_) if format.begins.is_empty() => {
            Err(format!("`{name}` is for the terminal; a file takes any other format"))
        }
        file => Ok(Wanted { format, file: file.map(PathBuf::from) }),
    }
}
