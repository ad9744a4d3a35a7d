//! Messages as people see them.

use super::*;
use ordain_model::code;
use ordain_model::source::Span;

fn sources() -> (Sources, SourceId, SourceId) {
    let mut sources = Sources::default();
    let main = sources.add("main.hcl", "a = 1\nretention = at_least(\"365d\")\nb = 2\n");
    let other = sources.add("modules/base/main.hcl", "x = 1\nretention = at_most(\"30d\")\n");
    (sources, main, other)
}

#[test]
fn the_title_the_case_the_source_and_what_to_do() {
    let (sources, main, other) = sources();
    let diagnostic = Diagnostic::error(
        code::SYNTAX,
        Span { source: main, start: 18, end: 33 },
        "No value is at least `365d` and at most `30d`.",
    )
    .says("at least 365 days")
    .label(Span { source: other, start: 18, end: 32 }, "at most 30 days")
    .help("Say one of the two.")
    .paste("retention = at_least(\"30d\")");
    let text = render(&[diagnostic], &sources, Style { unicode: true, ..Style::PLAIN });
    assert_eq!(
        text,
        "\
error[syntax]: The file does not read as HCL
  × No value is at least `365d` and at most `30d`.
   ╭─[main.hcl:2:13]
 1 │ a = 1
 2 │ retention = at_least(\"365d\")
   ·             ───────┬───────
   ·                    ╰── at least 365 days
 3 │ b = 2
   ╰────
  ☞ modules/base/main.hcl:2:13
   ╭─[modules/base/main.hcl:2:13]
 1 │ x = 1
 2 │ retention = at_most(\"30d\")
   ·             ───────┬──────
   ·                    ╰── at most 30 days
   ╰────
  help: Say one of the two.
      retention = at_least(\"30d\")

"
    );
}

#[test]
fn hostile_text_cannot_steer_the_terminal() {
    let mut sources = Sources::default();
    let file = sources.add("a\u{1b}]0;x\u{7}.hcl", "name = \"\u{1b}[2J\u{202e}\"\n");
    let diagnostic =
        Diagnostic::error(code::SYNTAX, Span { source: file, start: 7, end: 15 }, "what \u{1b}[31m is `\u{9b}`")
            .says("\u{1b}[0m")
            .help("\u{1b}c");
    let text = render(&[diagnostic], &sources, Style::PLAIN);
    assert!(!text.chars().any(|character| character.is_control() && character != '\n'), "{text:?}");
    assert!(!text.contains('\u{202e}'));
}

#[test]
fn places_at_the_end_and_in_long_lines_are_named() {
    let mut sources = Sources::default();
    let long = sources.add("long.hcl", &format!("a = \"{}\"\n", "x".repeat(100_000)));
    let empty = sources.add("empty.hcl", "");
    let at = |source, start, end| Diagnostic::error(code::SYNTAX, Span { source, start, end }, "wrong");
    let text = render(&[at(long, 5, 9), at(empty, 0, 0), at(long, 100_007, 100_007)], &sources, Style::PLAIN);
    assert!(text.contains("long.hcl:1:6: wrong"), "{text}");
    assert!(text.contains("empty.hcl"), "{text}");
    assert!(text.len() < 1_000, "{}", text.len());
}

#[test]
fn a_span_past_the_end_is_said_without_source() {
    let (sources, main, _) = sources();
    let text = render(
        &[Diagnostic::error(code::SYNTAX, Span { source: main, start: 900, end: 901 }, "wrong")],
        &sources,
        Style::PLAIN,
    );
    assert!(text.contains("wrong"), "{text}");
}

#[test]
fn warnings_say_so_and_colours_obey() {
    let (sources, main, _) = sources();
    let warning = Diagnostic::warning(code::SYNTAX, Span { source: main, start: 0, end: 1 }, "odd");
    let plain = render(std::slice::from_ref(&warning), &sources, Style::PLAIN);
    assert!(plain.starts_with("warning[syntax]: ") && !plain.contains('\u{1b}') && plain.is_ascii(), "{plain}");
    let coloured = render(&[warning], &sources, Style { colour: true, ..Style::PLAIN });
    assert!(coloured.contains("\u{1b}[33m") && !coloured.contains("\u{1b}]8"), "{coloured:?}");
}

#[test]
fn a_thousand_messages_about_one_file_read_it_once() {
    let mut sources = Sources::default();
    let line = "require \"aws_s3_bucket\" \"x\" { where = true }\n";
    let file = sources.add("main.hcl", &line.repeat(20_000));
    let at = |index: u32| Span {
        source: file,
        start: index * 20 * line.len() as u32,
        end: index * 20 * line.len() as u32 + 7,
    };
    let diagnostics: Vec<_> =
        (0..1_000).map(|index| Diagnostic::error(code::SYNTAX, at(index), "wrong").says("here").help("so")).collect();
    let text = render(&diagnostics, &sources, Style::PLAIN);
    assert_eq!(text.matches("main.hcl:").count(), 1_000);
}

/// How long it takes to draw so many messages, each on a line of its own, in the best of three runs.
fn drawing(messages: u32) -> std::time::Duration {
    let line = "retention = at_least(\"365d\")\n";
    let mut sources = Sources::default();
    let file = sources.add("main.hcl", &line.repeat(messages as usize));
    let message = |at: u32| {
        let start = at * line.len() as u32;
        let span = Span { source: file, start, end: start + 9 };
        Diagnostic::error(code::SYNTAX, span, format!("Number {at}.")).says("here").paste("x = 1")
    };
    let all: Vec<Diagnostic> = (0..messages).map(message).collect();
    let run = || {
        // The clock is banned from this crate's code, not from its tests.
        #[expect(clippy::disallowed_types, reason = "a test may ask how long something takes")]
        let start = std::time::Instant::now();
        let text = render(&all, &sources, Style::PLAIN);
        let taken = start.elapsed();
        assert_eq!(text.matches("error[syntax]").count(), messages as usize);
        taken
    };
    (0..3).map(|_| run()).min().unwrap_or_default()
}

#[test]
fn ten_thousand_messages_are_drawn_in_linear_time() {
    let (some, many) = (drawing(1_000), drawing(10_000));
    // Ten times as many: linear is 10, quadratic 100.
    assert!(many < some * 30, "1,000 take {some:?}, 10,000 take {many:?}");
}
