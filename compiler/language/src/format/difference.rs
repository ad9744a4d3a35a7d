//! [`difference`]: two texts of a file as people compare them. Formatting keeps line ends, so that each line has its
//! counterpart, and no search is needed.

use std::fmt::Write as _;
use std::ops::Range;

/// Equal lines that are shown around those that differ.
const CONTEXT: usize = 3;

/// A unified diff between a text and what [`super::format`] made of it; empty where they are equal.
#[must_use]
pub fn difference(name: &str, before: &str, after: &str) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) = (lines(before), lines(after));
    let longest = before.len().max(after.len());
    let differs: Vec<usize> = (0..longest).filter(|at| before.get(*at) != after.get(*at)).collect();
    let mut text = String::new();
    if !differs.is_empty() {
        let _ = writeln!(text, "--- old/{name}\n+++ new/{name}");
    }
    for near in differs.chunk_by(|one, next| next - one <= 2 * CONTEXT) {
        let (Some(first), Some(last)) = (near.first(), near.last()) else { continue };
        hunk(&before, &after, first.saturating_sub(CONTEXT)..(last + CONTEXT + 1).min(longest), &mut text);
    }
    text
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn hunk(before: &[&str], after: &[&str], range: Range<usize>, text: &mut String) {
    let count = |lines: &[&str]| range.end.min(lines.len()).saturating_sub(range.start);
    let start = range.start + 1;
    let _ = writeln!(text, "@@ -{start},{} +{start},{} @@", count(before), count(after));
    let indexes: Vec<usize> = range.collect();
    for run in
        indexes.chunk_by(|one, next| (before.get(*one) == after.get(*one)) == (before.get(*next) == after.get(*next)))
    {
        let equal = run.first().is_some_and(|at| before.get(*at) == after.get(*at));
        let mut side = |sign: char, lines: &[&str]| {
            run.iter().filter_map(|at| lines.get(*at)).for_each(|line| add(sign, line, text));
        };
        if equal {
            side(' ', before);
        } else {
            side('-', before);
            side('+', after);
        }
    }
}

fn add(sign: char, line: &str, text: &mut String) {
    let _ = write!(text, "{sign}{line}");
    if !line.ends_with('\n') {
        text.push_str("\n\\ No newline at end of file\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_no_difference() {
        assert_eq!(difference("a", "x\ny\n", "x\ny\n"), "");
    }

    #[test]
    fn lines_that_differ_stand_together_with_their_neighbours() {
        let before: String = (0..30).map(|at| format!("{at}\n")).collect();
        let after = before.replace("5\n6\n", "five\nsix\n").replace("\n20\n", "\ntwenty\n");
        let expected =
            "--- old/a\n+++ new/a\n@@ -3,8 +3,8 @@\n 2\n 3\n 4\n-5\n-6\n+five\n+six\n 7\n 8\n 9\n@@ -18,7 +18,7 @@\n";
        let shown = difference("a", &before, &after);
        assert!(shown.starts_with(expected), "{shown}");
    }

    #[test]
    fn a_last_line_without_its_end_is_marked() {
        let shown = difference("a", "x\n ", "x\n");
        assert_eq!(shown, "--- old/a\n+++ new/a\n@@ -1,2 +1,1 @@\n x\n- \n\\ No newline at end of file\n");
    }
}
