//! [`Output`]: the only place that writes to stdout and stderr. A closed pipe ends the run quietly.

use ordain_report::style::Style;
use std::io::{self, IsTerminal, Write};

/// Where results and remarks go, and how they look there.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    /// Of stdout.
    pub style: Style,
    /// Of stderr.
    pub error_style: Style,
    /// Whether progress may be drawn: stderr is a terminal that no build server reads.
    pub progress: bool,
}

/// What the terminal and the environment say about looks.
#[derive(Clone, Copy, Debug)]
pub struct Looks {
    /// `-no-color`, or `NO_COLOR` is set and not empty (no-color.org).
    pub plain: bool,
    /// The locale speaks UTF-8.
    pub unicode: bool,
    /// `CI` is set and not empty, or the terminal is dumb.
    pub still: bool,
}

impl Looks {
    /// Reads the environment.
    #[must_use]
    pub fn of_environment(no_color: bool) -> Looks {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        let utf8 = locale.is_some_and(|value| value.to_lowercase().replace('-', "").contains("utf8"));
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        Looks { plain: no_color || set("NO_COLOR") || dumb, unicode: utf8, still: set("CI") || dumb }
    }
}

/// Columns of text that is wrapped: what a terminal of common width shows.
const WIDTH: usize = 100;

impl Output {
    /// Colours only for terminals; everything else for whoever reads.
    #[must_use]
    pub fn new(looks: Looks) -> Output {
        let style = |terminal: bool| Style {
            colour: terminal && !looks.plain,
            unicode: looks.unicode && terminal,
            width: WIDTH,
        };
        let (out, error) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        Output { style: style(out), error_style: style(error), progress: error && !looks.still }
    }

    /// Writes a result to stdout. Once the reader has gone away there is nobody left to tell, which is no error.
    ///
    /// # Errors
    /// Why it could not be written, when the reader is still there: the disk is full.
    pub fn result(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        quiet(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    }

    /// Writes a remark to stderr, for people. If that fails there is nowhere left to say so.
    pub fn remark(&self, text: &str) {
        let mut err = io::stderr().lock();
        let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
    }
}

fn quiet(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
