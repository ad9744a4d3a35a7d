//! [`Size`]: how many bytes something takes or may take. Powers of 1000 and of 1024 have units of their own, as IEC 80000-13 has
//! them; what `G` alone means differs from cloud to cloud, and cannot be written.

use crate::ranges::Ordered;
use crate::types::Mismatch;
use std::fmt;

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size(pub u64);

/// The units, each with its bytes; those of 1024 first, the greatest first.
const UNITS: [(&str, u64); 13] = [
    ("EiB", 1 << 60),
    ("PiB", 1 << 50),
    ("TiB", 1 << 40),
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("EB", 1_000_000_000_000_000_000),
    ("PB", 1_000_000_000_000_000),
    ("TB", 1_000_000_000_000),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1_000),
    ("B", 1),
];

impl Size {
    /// Reads a whole number with a unit: `10GiB`, `500MB`, `0B`.
    ///
    /// # Errors
    /// What was expected instead; a number without a unit, or with one that has two meanings, is offered the binary one.
    ///
    /// ```
    /// use ordain_model::size::Size;
    /// assert_eq!(Size::parse("10GiB"), Ok(Size(10_737_418_240)));
    /// assert_eq!(Size::parse("1024MiB").unwrap().to_string(), "1GiB");
    /// assert_eq!(Size::parse("10G").unwrap_err().offer.as_deref(), Some("10GiB"));
    /// ```
    pub fn parse(text: &str) -> Result<Size, Mismatch> {
        let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
        let (digits, unit) = text.split_at(end);
        let expected = || Mismatch::new(Size::EXPECTED);
        let count: u64 = digits.parse().map_err(|_| expected())?;
        let Some((_, bytes)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(match binary(unit) {
                Some(meant) => expected().offer(format!("{count}{meant}")),
                None => expected(),
            });
        };
        count.checked_mul(*bytes).map(Size).ok_or_else(|| Mismatch::new(format!("a size of at most {}B", u64::MAX)))
    }

    /// What messages say is expected.
    pub(crate) const EXPECTED: &'static str = "a whole number of bytes with a unit such as `10GiB` or `500MB`";
}

/// The unit of 1024 that a unit with two meanings, or none, is likely to be.
fn binary(unit: &str) -> Option<&'static str> {
    match unit.to_ascii_lowercase().as_str() {
        "" | "g" | "gb" | "gib" => Some("GiB"),
        "k" | "kb" | "kib" => Some("KiB"),
        "m" | "mb" | "mib" => Some("MiB"),
        "t" | "tb" | "tib" => Some("TiB"),
        "p" | "pb" | "pib" => Some("PiB"),
        _ => None,
    }
}

impl fmt::Display for Size {
    /// In the greatest unit that it is a whole number of, those of 1024 before those of 1000.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = UNITS.iter().find(|(_, bytes)| self.0 > 0 && self.0.is_multiple_of(*bytes));
        let (unit, bytes) = whole.unwrap_or(&("B", 1));
        write!(f, "{}{unit}", self.0 / bytes)
    }
}

impl Ordered for Size {
    const LEAST: Size = Size(0);
    const GREATEST: Size = Size(u64::MAX);

    fn next(self) -> Option<Size> {
        self.0.checked_add(1).map(Size)
    }

    fn previous(self) -> Option<Size> {
        self.0.checked_sub(1).map(Size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_size_reads_as_the_size() {
        for bytes in [0, 1, 999, 1_000, 1_024, 1_500, 5 << 30, 3_000_000_000, u64::MAX] {
            let text = Size(bytes).to_string();
            assert_eq!(Size::parse(&text), Ok(Size(bytes)), "{text}");
        }
        let spelled = [5 << 30, 3_000_000_000, 1_500, 1].map(|bytes| Size(bytes).to_string());
        assert_eq!(spelled, ["5GiB", "3GB", "1500B", "1B"]);
    }

    #[test]
    fn what_has_two_meanings_or_none_is_no_size() {
        let offer = |text| Size::parse(text).unwrap_err().offer;
        assert_eq!(offer("10"), Some("10GiB".into()));
        assert_eq!(offer("5KB"), Some("5KiB".into()));
        for text in ["", "GiB", "-1B", "1.5GiB", "1 GiB", "20000000EiB"] {
            assert_eq!(offer(text), None, "{text}");
        }
    }
}
