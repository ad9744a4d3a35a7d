//! How much memory parsing takes at most, in bytes per byte of text, counted by an allocator that counts.

use ordain_language::parse::parse;
use ordain_model::diagnostic::Diagnostics;
use ordain_model::source::Sources;

/// The largest file that is measured.
const LARGE: usize = 20 << 20;
const SMALL: usize = 1 << 20;

const PROFILE: &str = r#"
# How long control-plane logs are kept.
require "aws_cloudwatch_log_group" "control_plane" {
  title     = "EKS control-plane logs are kept for a year"
  where     = startswith(self.name, "/aws/eks/") && self.tags.team != "shop"
  severity  = "high"
  satisfies = [convention(control.soc2["CC7.2"]), text(control.pci["10.5.1"])]

  must {
    retention           = at_least(var.log_retention)
    retention_available = at_least("92d")
  }
}
"#;

/// The most that was allocated at one time while a text was parsed, per byte of text, rounded up.
fn cost(text: &str) -> u64 {
    let mut sources = Sources::default();
    let id = sources.add("main.hcl", text);
    let mut diagnostics = Diagnostics::default();
    let used = allocation_counter::measure(|| {
        let syntax = parse(&sources, id, &mut diagnostics);
        assert_eq!(syntax.body.span.end as usize, text.len());
    });
    assert!(diagnostics.check().is_ok(), "{:?}", diagnostics.items().first());
    used.bytes_max.div_ceil(text.len() as u64)
}

fn repeated(open: &str, piece: &str, close: &str, bytes: usize) -> u64 {
    cost(&format!("{open}{}{close}\n", piece.repeat(bytes / piece.len())))
}

#[test]
fn a_large_profile_takes_at_most_ten_times_its_text() {
    let most = repeated("", PROFILE, "", LARGE);
    assert!(most <= 10, "{most}");
}

#[test]
fn a_body_of_many_attributes_takes_at_most_ten_times_its_text() {
    // The counts just above a power of two are those for which a growing list has the most room to spare.
    for count in [1 << 16, (1 << 16) + 1, 100_000] {
        let values: String = (0..count).map(|at| format!("name_{at} = \"the value of it\"\n")).collect();
        let bounds: String = (0..count).map(|at| format!("  retention_{at} = at_least(\"365d\")\n")).collect();
        let cases = [cost(&values), cost(&format!("must {{\n{bounds}}}\n"))];
        assert!(cases.iter().all(|most| *most <= 10), "{count}: {cases:?}");
    }
    let million: String = (0..1_000_000).map(|at| format!("name_{at} = \"the value\"\n")).collect();
    let most = cost(&million);
    assert!(most <= 10, "{most}");
}

/// What text takes that is a piece again and again between an opening and a closing text, each in so many bytes; every one
/// at most so many times its length.
#[track_caller]
fn at_most(limit: u64, cases: &[(&str, &str, &str, usize)]) {
    let costs: Vec<(&str, u64)> =
        cases.iter().map(|(open, piece, close, bytes)| (*piece, repeated(open, piece, close, *bytes))).collect();
    assert!(costs.iter().all(|(_, most)| *most <= limit), "{costs:?}");
}

#[test]
fn long_texts_and_comments_take_at_most_ten_times_their_text() {
    at_most(
        10,
        &[
            ("", "# a comment\n", "", LARGE),
            ("/*", " a comment\n", "*/", SMALL),
            ("", "\n", "", SMALL),
            ("a = \"", "abc", "\"", LARGE),
            ("a = \"", "\\n", "\"", SMALL),
            ("a = <<E\n", "ab\n", "E\n", SMALL),
            ("a = <<-E\n", "  ab\n", "  E\n", SMALL),
        ],
    );
}

/// Text of nothing but short tokens: what a tree's nodes cost. Nobody writes it; 64 MiB of it is a limit of a profile.
#[test]
fn the_densest_text_takes_a_bounded_multiple() {
    at_most(
        80,
        &[
            ("", "a{}\n", "", SMALL),
            ("a = [", "1,", "]", SMALL),
            ("a = [", "{a=1},", "]", SMALL),
            ("a = {", "a=1\n", "}", SMALL),
            ("a = \"", "${a}", "\"", SMALL),
            ("a = \"", "the name of it is ${var.name}, ", "\"", SMALL),
            ("a = \"", "%{if a}%{endif}", "\"", SMALL),
            ("a = 1", "+1", "", SMALL),
            ("a = b", ".c", "", SMALL),
            ("a = ", "a?b:", "c", SMALL),
            ("a = f(", "a,", ")", SMALL),
            ("a = [", "f(),", "]", SMALL),
            ("a = [", "a[0],", "]", SMALL),
        ],
    );
}
