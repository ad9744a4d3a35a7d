//! `ordain console`: expressions against a profile, one per line. Reads no network, changes nothing.

use crate::arguments::Console;
use crate::files::Disk;
use crate::profile::{self, Profile};
use crate::providers;
use crate::run::{Run, with_messages};
use crate::worlds;
use ordain_engine::effective::effective;
use ordain_language::console::Answer;
use ordain_language::inputs::Missing;
use ordain_model::address::SettingAddress;
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported, Severity};
use ordain_model::source::Sources;
use ordain_model::types::encode;
use ordain_model::value::Value;
use ordain_report::report::Report;
use ordain_report::report::requirement::EffectiveBound;
use ordain_report::style::harmless;
use ordain_report::{assemble, render, snippet};
use serde_json::{Value as Json, json};
use std::io::{self, BufRead, IsTerminal};

/// Most lines of one expression.
const MOST_LINES: usize = 1_000;
/// Longest line that is read, in bytes.
const LONGEST_LINE: u64 = 1 << 20;

/// Answers every line. From a pipe the exit code says whether each had an answer.
pub fn run(arguments: &Console, run: &mut Run) -> Result<Exit, Reported> {
    let profile = profile::compile(&arguments.directory, &arguments.outside, Missing::Undecided, run)?;
    // Lints are for `validate`; a variable without a value is told of when somebody asks for it.
    run.diagnostics = Diagnostics::default();
    let terminal = io::stdin().is_terminal();
    let mut lines = Lines { input: io::stdin().lock(), terminal };
    let mut failed = false;
    while let Some(first) = lines.next("> ", run)? {
        match first.trim() {
            "" => continue,
            "exit" | "quit" => break,
            _ => {}
        }
        failed |= whole(first, &mut lines, &profile, arguments, run)?.is_err();
    }
    Ok(if failed && !terminal { Exit::Error } else { Exit::Fine })
}

struct Lines<R> {
    input: R,
    terminal: bool,
}

impl<R: BufRead> Lines<R> {
    /// The next line with its break, asked for on a terminal; nothing at the end.
    fn next(&mut self, prompt: &str, run: &mut Run) -> Result<Option<String>, Reported> {
        if self.terminal {
            run.output.remark(prompt);
        }
        let mut bytes = Vec::new();
        let read = io::Read::take(&mut self.input, LONGEST_LINE).read_until(b'\n', &mut bytes);
        match (read, String::from_utf8(bytes)) {
            (Ok(0), _) => Ok(None),
            (Ok(_), Ok(line)) => Ok(Some(line)),
            (Ok(_), Err(_)) => Err(run.fail(code::NOT_UTF8, "A line is not UTF-8.")),
            (Err(error), _) => Err(run.fail(code::CANNOT_READ, format!("The input cannot be read: {error}."))),
        }
    }
}

/// Answers an expression, which goes on over the next lines as long as something in it is open.
fn whole(
    mut text: String,
    lines: &mut Lines<impl BufRead>,
    profile: &Profile,
    arguments: &Console,
    run: &mut Run,
) -> Result<Result<(), Reported>, Reported> {
    for _ in 1..MOST_LINES {
        let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
        let answered = answer(&text, profile, arguments, &mut sources, &mut diagnostics, run);
        if answered.is_err() && is_open(&text, &diagnostics) {
            match lines.next("  ", run)? {
                Some(more) if !more.trim().is_empty() => {
                    text.push_str(&more);
                    continue;
                }
                _ => {}
            }
        }
        let messages = diagnostics.into_sorted();
        if run.json {
            let document = with_messages(document(&text, answered.as_ref().ok()), &messages, &sources);
            run.print(&format!("{document}\n"))?;
            return Ok(answered.map(drop));
        }
        run.output.remark(&snippet::render(&messages, &sources, run.output.error_style));
        return Ok(match answered {
            Ok(answer) => run.print(&answer.text(run)),
            Err(reported) => Err(reported),
        });
    }
    Err(run.fail(code::TOO_LARGE, format!("An expression has at most {MOST_LINES} lines.")))
}

/// Whether nothing is wrong with a text but that it ends too early: inside a heredoc, or behind a bracket that is open.
/// A blank line ends it all the same.
fn is_open(text: &str, messages: &Diagnostics) -> bool {
    let end = text.trim_end().len();
    let at_end = |message: &Diagnostic| {
        let place = message.labels.first().map(|label| label.span.end as usize);
        message.code == code::UNCLOSED || (message.code == code::SYNTAX && place.is_some_and(|place| place >= end))
    };
    let count = |brackets: [char; 3]| text.matches(brackets).count();
    let bracket = count(['(', '[', '{']) > count([')', ']', '}']);
    (bracket || text.contains("<<")) && messages.items().iter().all(at_end)
}

/// What answers a line.
enum Answered {
    Value(Value),
    Setting(EffectiveBound),
    Object(Box<Report>),
}

impl Answered {
    fn text(&self, run: &Run) -> String {
        match self {
            Answered::Value(value) => format!("{}\n", harmless(&value.to_string())),
            Answered::Setting(effective) => render::human::effective(effective, run.output.style),
            Answered::Object(report) => render::human::FORMAT.text(report, run.output.style),
        }
    }
}

/// `ordain.console/1`: the input, and the answer where there is one.
fn document(input: &str, answered: Option<&Answered>) -> Json {
    let mut document = json!({"format": "ordain.console/1", "input": input.trim()});
    let (name, answer) = match answered {
        None => return document,
        Some(Answered::Value(value)) => ("value", encode(value)),
        Some(Answered::Setting(effective)) => ("effective", json!(effective)),
        Some(Answered::Object(report)) => ("report", json!(report)),
    };
    document[name] = answer;
    document
}

fn answer(
    text: &str,
    profile: &Profile,
    arguments: &Console,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
    run: &mut Run,
) -> Result<Answered, Reported> {
    if let Some(address) = SettingAddress::parse(text.trim()) {
        // What there is to say of an address has no place in the line.
        let told = of_object(&address, profile, arguments, run);
        for message in std::mem::take(&mut run.diagnostics).into_sorted() {
            diagnostics.push(message);
        }
        return told;
    }
    // The line break behind a heredoc's marker is part of it.
    let whole = if text.contains("<<") { text } else { text.trim_end() };
    let id = sources.add("console", whole);
    let console = &profile.constraints.config.console;
    let disk = Disk::of(&arguments.directory, run.offline);
    match console.answer(id, providers::all(), &disk, sources, diagnostics)? {
        Answer::Value(value) => Ok(Answered::Value(value)),
        Answer::Setting(kind, name) => {
            let effective = effective(&profile.constraints, kind, &name);
            Ok(Answered::Setting(assemble::effective(kind, &name, &effective, &run.sources)))
        }
    }
}

/// What bears on a setting of an object, where the world is a file.
fn of_object(
    address: &SettingAddress,
    profile: &Profile,
    arguments: &Console,
    run: &mut Run,
) -> Result<Answered, Reported> {
    let live = profile.constraints.config.targets.iter().find(|(_, declaration)| declaration.estate.is_none());
    if let (Some((name, _)), None) = (live, &arguments.snapshot) {
        let detail = format!("`target.{name}` is live, and the console reaches no network.");
        let diagnostic = Diagnostic::new(code::ARGUMENT, Severity::Error, detail);
        return Err(run.diagnostics.push(
            diagnostic.help("Give it a snapshot, or ask `ordain explain`.").paste("ordain console --snapshot FILE"),
        ));
    }
    let observed = worlds::observe(profile, arguments.snapshot.as_deref(), run)?;
    let report = super::explain::report(address, profile, &observed, run)?;
    Ok(Answered::Object(Box::new(report)))
}
