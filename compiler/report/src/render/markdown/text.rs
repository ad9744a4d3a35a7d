//! [`Room`]: text of a bounded length; and texts that others wrote, quoted so that no Markdown and no HTML is read in them.

use crate::style::harmless;

/// Text that grows up to a length. What does not fit is left out whole and counted.
pub(super) struct Room {
    text: String,
    /// Characters that are left.
    left: usize,
}

/// Characters that are kept for `and N more` in every list, so that a full list can say so.
const MORE: usize = 80;

impl Room {
    pub(super) fn new(longest: usize) -> Room {
        Room { text: String::new(), left: longest }
    }

    /// Adds a piece if it fits, and says whether it did.
    pub(super) fn put(&mut self, piece: &str) -> bool {
        let length = piece.chars().count();
        let fits = length <= self.left;
        if fits {
            self.text.push_str(piece);
            self.left -= length;
        }
        fits
    }

    /// Adds as many lines as fit between two pieces, and how many did not. Nothing where not even that fits.
    pub(super) fn list<T>(&mut self, before: &str, after: &str, of: &[T], line: impl Fn(&T) -> String) {
        let frame = before.chars().count() + after.chars().count() + MORE;
        if frame > self.left {
            return;
        }
        self.put(before);
        self.left -= frame - before.chars().count();
        let shown = of.iter().take_while(|of| self.put(&line(of))).count();
        self.left += frame - before.chars().count();
        if shown < of.len() {
            let which = if shown == 0 { "of which none fits here" } else { "more, which do not fit here" };
            self.put(&format!("\n*{} {which}.*\n", of.len() - shown));
        }
        self.put(after);
    }

    /// A table with as many rows as fit.
    pub(super) fn table<T>(&mut self, columns: &[&str], of: &[T], line: impl Fn(&T) -> String) {
        let rule = vec!["---"; columns.len()].join(" | ");
        self.list(&format!("\n| {} |\n| {rule} |\n", columns.join(" | ")), "", of, line);
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// A text in a line: every character that Markdown or HTML takes for more than itself is escaped. Mentions, issues and addresses
/// are looked for in what comes of that, text by text: an empty comment parts the text behind what they begin with.
pub(super) fn inline(text: &str, longest: usize) -> String {
    let mut quoted = String::with_capacity(text.len());
    for character in shortened(text, longest).replace("www.", "www\u{0}.").chars() {
        match character {
            '&' => quoted.push_str("&amp;"),
            '<' => quoted.push_str("&lt;"),
            '>' => quoted.push_str("&gt;"),
            // Put in above: nothing else of the text is a control character any more.
            '\u{0}' => quoted.push_str("<!-- -->"),
            '@' | '#' | ':' => quoted.push_str(&format!("&#{};<!-- -->", character as u32)),
            '|' | '`' | '*' | '_' | '[' | ']' | '~' | '!' | '\\' | '$' => {
                quoted.push_str(&format!("&#{};", character as u32));
            }
            other => quoted.push(other),
        }
    }
    quoted
}

/// A text as code: nothing in it is read, and no backtick of its own ends it.
pub(super) fn code(text: &str) -> String {
    // A span of code takes character references as they stand, so what would end it, or a cell of a table, is percent-encoded
    // as addresses are.
    format!("`{}`", shortened(text, 400).replace('`', "%60").replace('|', "%7C"))
}

fn shortened(text: &str, longest: usize) -> String {
    let text = harmless(text);
    match text.char_indices().nth(longest) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.into_owned(),
    }
}
