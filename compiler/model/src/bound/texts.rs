//! Bounds on texts: strings, and the members of an enum.

use super::Bound;
use crate::Text;
use regex::{Regex, RegexBuilder};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Most bytes a compiled pattern may take, so that a hostile one costs little.
const MOST_PATTERN_BYTES: usize = 1 << 20;

/// The admitted texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextBounds {
    /// Only these. Patterns have been tested against each.
    Only(BTreeSet<Text>),
    /// All that every pattern matches, but these. Each of these is matched by every pattern.
    AllBut {
        /// What is not admitted.
        excluded: BTreeSet<Text>,
        /// What every admitted text matches.
        patterns: BTreeSet<Pattern>,
    },
}

/// A regular expression, found anywhere in the text unless it is anchored (as Terraform's `regex` does). Linear time.
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// What is wrong with it, on one line.
    pub fn new(pattern: &str) -> Result<Pattern, String> {
        let built =
            RegexBuilder::new(pattern).size_limit(MOST_PATTERN_BYTES).dfa_size_limit(MOST_PATTERN_BYTES).build();
        built.map(Pattern).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "it compiles to more than a megabyte".to_owned(),
            error => error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned(),
        })
    }

    /// The pattern's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether it matches.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Pattern {}

impl Ord for Pattern {
    fn cmp(&self, other: &Pattern) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl PartialOrd for Pattern {
    fn partial_cmp(&self, other: &Pattern) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl TextBounds {
    /// All but these.
    #[must_use]
    pub fn all_but(excluded: BTreeSet<Text>) -> TextBounds {
        TextBounds::AllBut { excluded, patterns: BTreeSet::new() }
    }

    /// All that the pattern matches.
    #[must_use]
    pub fn matching(pattern: Pattern) -> TextBounds {
        TextBounds::AllBut { excluded: BTreeSet::new(), patterns: BTreeSet::from([pattern]) }
    }

    pub(super) fn admits(&self, text: &str) -> bool {
        match self {
            TextBounds::Only(texts) => texts.contains(text),
            TextBounds::AllBut { excluded, patterns } => {
                !excluded.contains(text) && patterns.iter().all(|pattern| pattern.matches(text))
            }
        }
    }

    #[expect(clippy::mutable_key_type, reason = "patterns are compared by their text, which never changes")]
    pub(super) fn meet(&self, other: &TextBounds) -> TextBounds {
        match (self, other) {
            (TextBounds::Only(texts), bounds) | (bounds, TextBounds::Only(texts)) => {
                TextBounds::Only(texts.iter().filter(|text| bounds.admits(text)).cloned().collect())
            }
            (
                TextBounds::AllBut { excluded: these, patterns: left },
                TextBounds::AllBut { excluded: those, patterns: right },
            ) => {
                let patterns: BTreeSet<Pattern> = left.union(right).cloned().collect();
                let matched = |text: &&Text| patterns.iter().all(|pattern| pattern.matches(text));
                let excluded = these.union(those).filter(matched).cloned().collect();
                TextBounds::AllBut { excluded, patterns }
            }
        }
    }
}

impl From<TextBounds> for Bound {
    fn from(bounds: TextBounds) -> Bound {
        match &bounds {
            TextBounds::Only(texts) if texts.is_empty() => Bound::Nothing,
            TextBounds::AllBut { excluded, patterns } if excluded.is_empty() && patterns.is_empty() => Bound::Present,
            _ => Bound::Text(bounds),
        }
    }
}
