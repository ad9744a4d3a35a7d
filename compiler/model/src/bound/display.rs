//! Bounds in the profile's own syntax.

use super::{Bound, CidrBounds, RetentionBounds, StringBounds, TextBounds};
use crate::duration::Duration;
use crate::ranges::{Ordered, Ranges};
use crate::value::{Value, quote};
use std::fmt;

impl fmt::Display for Bound {
    /// A bound that reads back as the same one: `at_least("365d")`. The top and the bottom, which no profile writes, are
    /// `anything` and `nothing`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = match self {
            Bound::Anything => return f.write_str("anything"),
            Bound::Nothing => return f.write_str("nothing"),
            Bound::Present => return f.write_str("present()"),
            Bound::Absent => return f.write_str("absent()"),
            Bound::Bool(value) => return write!(f, "exactly({value})"),
            Bound::Integer(ranges) => of_ranges(ranges, |value| value.to_string()),
            Bound::Ratio(ranges) => of_ranges(ranges, |ratio| ratio.number().to_string()),
            Bound::Size(ranges) => of_ranges(ranges, |size| quote(&size.to_string())),
            Bound::Duration(ranges) => of_ranges(ranges, |seconds| quote(&Duration::of_seconds(seconds).to_string())),
            Bound::Retention(bounds) => of_retentions(bounds),
            Bound::Instant(ranges) => of_ranges(ranges, |instant| quote(&instant.to_string())),
            Bound::Version(ranges) => of_ranges(ranges, |release| quote(&release.to_string())),
            Bound::Text(bounds) => of_texts(bounds),
            Bound::Strings(bounds) => of_strings(bounds),
            Bound::Cidrs(bounds) => of_cidrs(bounds),
        };
        match &parts[..] {
            [one] => f.write_str(one),
            several => write!(f, "all_of({})", several.join(", ")),
        }
    }
}

fn of_retentions(bounds: &RetentionBounds) -> Vec<String> {
    of_ranges(bounds.ranges(), |retention| quote(&retention.to_string()))
}

/// A set made from bounds is finite, or an interval that finitely many values are taken from. The shorter list is printed,
/// which is no longer than what was written.
fn of_ranges<P: Ordered>(ranges: &Ranges<P>, spell: impl Fn(P) -> String) -> Vec<String> {
    let ([(least, _), .., (_, greatest)] | [(least, greatest)]) = ranges.as_slice() else { return Vec::new() };
    // All but the last value is `none_of`: nobody writes a span of 4,294,967,295 days.
    let greatest = if greatest.next() == Some(P::GREATEST) { &P::GREATEST } else { greatest };
    let left_out = Ranges::between(*least, *greatest).intersection(&ranges.complement());
    let list = |values: &Ranges<P>| values.values().map(&spell).collect::<Vec<_>>().join(", ");
    if !left_out.is_empty() && is_shorter(ranges, &left_out) {
        return vec![format!("one_of({})", list(ranges))];
    }
    let mut parts = match (*least == P::LEAST, *greatest == P::GREATEST) {
        _ if least == greatest => vec![format!("exactly({})", spell(*least))],
        (true, true) => Vec::new(),
        (false, true) => vec![format!("at_least({})", spell(*least))],
        (true, false) => vec![format!("at_most({})", spell(*greatest))],
        (false, false) => vec![format!("between({}, {})", spell(*least), spell(*greatest))],
    };
    if !left_out.is_empty() {
        parts.push(format!("none_of({})", list(&left_out)));
    }
    parts
}

/// Whether the one set has at most as many values as the other. Looks at no more values than the smaller one has.
fn is_shorter<P: Ordered>(one: &Ranges<P>, other: &Ranges<P>) -> bool {
    let (mut one, mut other) = (one.values(), other.values());
    loop {
        match (one.next(), other.next()) {
            (None, _) => return true,
            (_, None) => return false,
            _ => {}
        }
    }
}

fn of_texts(bounds: &TextBounds) -> Vec<String> {
    let list = |texts: &std::collections::BTreeSet<crate::Text>| {
        texts.iter().map(|text| quote(text)).collect::<Vec<_>>().join(", ")
    };
    match bounds {
        TextBounds::Only(texts) if texts.len() == 1 => vec![format!("exactly({})", list(texts))],
        TextBounds::Only(texts) => vec![format!("one_of({})", list(texts))],
        TextBounds::AllBut { excluded, patterns } => {
            let excluded = (!excluded.is_empty()).then(|| format!("none_of({})", list(excluded)));
            let patterns = patterns.iter().map(|pattern| format!("matches({})", quote(pattern.as_str())));
            excluded.into_iter().chain(patterns).collect()
        }
    }
}

fn of_strings(bounds: &StringBounds) -> Vec<String> {
    let spell = |set| Value::Set(std::sync::Arc::clone(set));
    match &bounds.upper {
        Some(upper) if *upper == bounds.lower => vec![format!("exactly({})", spell(upper))],
        upper => {
            let lower = (!bounds.lower.is_empty()).then(|| format!("superset_of({})", spell(&bounds.lower)));
            let upper = upper.as_ref().map(|upper| format!("subset_of({})", spell(upper)));
            lower.into_iter().chain(upper).collect()
        }
    }
}

fn of_cidrs(CidrBounds { lower, upper, names_nobody }: &CidrBounds) -> Vec<String> {
    match (upper.is_empty(), names_nobody) {
        (true, true) => vec!["nobody()".to_owned()],
        (true, false) => vec!["within([])".to_owned()],
        _ if lower == upper => vec![format!("exactly({lower})")],
        _ => {
            let lower = (!lower.is_empty()).then(|| format!("superset_of({lower})"));
            let upper = (!upper.is_everything()).then(|| format!("within({upper})"));
            lower.into_iter().chain(upper).collect()
        }
    }
}
