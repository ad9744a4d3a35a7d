//! [`Number`]: exact decimal numbers.

/// A number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(bigdecimal::BigDecimal);

impl From<i64> for Number {
    fn from(number: i64) -> Number {
        Number(number.into())
    }
}
