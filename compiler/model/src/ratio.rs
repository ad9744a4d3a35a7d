//! [`Ratio`]: a part of a whole, exact to nine decimal places. No binary fraction is near it.

use crate::number::Number;
use crate::ranges::Ordered;

/// A ratio, in billionths: `0.25`, or `25%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ratio(u64);

/// Billionths of one.
const ONE: i64 = 1_000_000_000;

impl Ratio {
    /// The ratio that a number is: at least 0, with at most nine decimal places.
    ///
    /// ```
    /// use ordain_model::{number::Number, ratio::Ratio};
    /// let quarter = Ratio::of(&Number::parse("0.25").unwrap());
    /// assert_eq!(quarter, Ratio::parse("25%"));
    /// assert_eq!(Ratio::parse("0.0000000001"), None);
    /// ```
    #[must_use]
    pub fn of(number: &Number) -> Option<Ratio> {
        let billionths = number.mul(&Number::from(ONE)).ok()?.as_i64()?;
        u64::try_from(billionths).ok().map(Ratio)
    }

    /// Reads a decimal number, with `%` one of hundredths.
    #[must_use]
    pub fn parse(text: &str) -> Option<Ratio> {
        match text.strip_suffix('%') {
            Some(percent) => Ratio::of(&Number::parse(percent).ok()?.div(&Number::from(100)).ok()?),
            None => Ratio::of(&Number::parse(text).ok()?),
        }
    }

    /// The number that it is.
    #[must_use]
    pub fn number(self) -> Number {
        let billionths = Number::from(i64::try_from(self.0).unwrap_or(i64::MAX));
        // What a whole number of billionths is always has a decimal form.
        billionths.div(&Number::from(ONE)).unwrap_or(billionths)
    }

    /// How far apart two are, in billionths.
    #[must_use]
    pub fn distance(self, other: Ratio) -> u64 {
        self.0.abs_diff(other.0)
    }

    /// What messages say is expected.
    pub(crate) const EXPECTED: &'static str =
        "a ratio such as `0.25` or `\"25%\"`: at least 0, with at most 9 decimal places";
}

impl Ordered for Ratio {
    const LEAST: Ratio = Ratio(0);
    const GREATEST: Ratio = Ratio(i64::MAX as u64);

    fn next(self) -> Option<Ratio> {
        (self < Ratio::GREATEST).then(|| Ratio(self.0 + 1))
    }

    fn previous(self) -> Option<Ratio> {
        self.0.checked_sub(1).map(Ratio)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_the_number_that_was_written() {
        for text in ["0", "1", "0.25", "0.1", "0.000000001", "12.5", "9223372036.854775807"] {
            let ratio = Ratio::parse(text).unwrap();
            assert_eq!(ratio.number().to_string(), text);
            assert_eq!(Ratio::of(&ratio.number()), Some(ratio));
        }
        assert_eq!(Ratio::parse("12.5%").map(|ratio| ratio.number().to_string()).as_deref(), Some("0.125"));
        assert_eq!(Ratio::GREATEST.next(), None);
        for text in ["-0.1", "0.0000000001", "9223372036.854775808", "1/3", "%", "a"] {
            assert_eq!(Ratio::parse(text), None, "{text}");
        }
    }
}
