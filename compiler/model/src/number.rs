//! [`Number`]: exact decimal numbers, as Terraform prints them.
//!
//! Terraform keeps mantissas of 512 bits, which are 154 decimal digits; here results are rounded to 155 significant
//! digits (half to even), so that what both can hold prints the same. `0.1 + 0.2` is `0.3`.

use bigdecimal::num_bigint::{BigInt, Sign};
use bigdecimal::{BigDecimal, RoundingMode, Zero};
use std::cmp::Ordering;
use std::fmt;
use std::num::NonZeroU64;

/// Significant digits that are kept.
const PRECISION: u64 = 155;
/// Most digits before the point, and most zeros after it: a limit to what one number may take to print.
const MOST_DIGITS: i64 = 1_000;
/// Longest text that is read as a number.
const MOST_TEXT: usize = 10_000;

/// A number. Integers that fit 64 bits are cheap.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number(Form);

/// The one form of each number: an integer wherever one fits, else a decimal without trailing zeros.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Form {
    Integer(i64),
    /// Boxed, so that a value takes 24 bytes: worlds hold millions.
    Decimal(Box<BigDecimal>),
}

/// Why there is no such number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// The text is not a number.
    NotANumber,
    /// It has more than 1,000 digits before the point, or more than 1,000 zeros after it.
    OutOfRange,
    /// Division by zero, or the remainder of one.
    DivisionByZero,
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NumberError::NotANumber => "not a number",
            NumberError::OutOfRange => "a number of more than 1,000 digits",
            NumberError::DivisionByZero => "a division by zero",
        })
    }
}

impl Number {
    /// Reads a decimal literal: `1`, `-1.5`, `1.5e3`.
    ///
    /// # Errors
    /// Anything else, and numbers out of range.
    pub fn parse(text: &str) -> Result<Number, NumberError> {
        if let Ok(integer) = text.parse::<i64>()
            && !text.starts_with('+')
        {
            return Ok(Number::from(integer));
        }
        if !is_literal(text) {
            return Err(NumberError::NotANumber);
        }
        if text.len() > MOST_TEXT {
            return Err(NumberError::OutOfRange);
        }
        normal(text.parse().map_err(|_| NumberError::OutOfRange)?)
    }

    /// The integer, if it is one that fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self.0 {
            Form::Integer(integer) => Some(integer),
            Form::Decimal(_) => None,
        }
    }

    /// Whether it is a whole number, of any size.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        match &self.0 {
            Form::Integer(_) => true,
            Form::Decimal(decimal) => decimal.is_integer(),
        }
    }

    /// The sum.
    ///
    /// # Errors
    /// Out of range.
    pub fn add(&self, other: &Number) -> Result<Number, NumberError> {
        match self.integers(other).and_then(|(a, b)| a.checked_add(b)) {
            Some(sum) => Ok(Number::from(sum)),
            None => normal(self.decimal() + other.decimal()),
        }
    }

    /// The difference.
    ///
    /// # Errors
    /// Out of range.
    pub fn sub(&self, other: &Number) -> Result<Number, NumberError> {
        self.add(&other.neg()?)
    }

    /// The product.
    ///
    /// # Errors
    /// Out of range.
    pub fn mul(&self, other: &Number) -> Result<Number, NumberError> {
        match self.integers(other).and_then(|(a, b)| a.checked_mul(b)) {
            Some(product) => Ok(Number::from(product)),
            None => normal(self.decimal() * other.decimal()),
        }
    }

    /// The quotient.
    ///
    /// # Errors
    /// Division by zero; out of range.
    pub fn div(&self, other: &Number) -> Result<Number, NumberError> {
        if other.is_zero() {
            return Err(NumberError::DivisionByZero);
        }
        let ((dividend, up), (divisor, down)) = (parts(&self.decimal()), parts(&other.decimal()));
        let shift = PRECISION + 2 + digits(&divisor);
        let dividend = dividend * BigInt::from(10).pow(shift as u32);
        let (quotient, rest) = (&dividend / &divisor, &dividend % &divisor);
        // A last digit that stands for everything cut off, so that rounding is that of the exact quotient.
        let sticky = match (rest.is_zero(), quotient.sign()) {
            (true, _) => 0,
            (false, Sign::Minus) => -1,
            (false, _) => 1,
        };
        normal(BigDecimal::new(quotient * 10 + sticky, up - down + shift as i64 + 1))
    }

    /// The remainder, with the sign of the dividend.
    ///
    /// # Errors
    /// Division by zero; out of range.
    pub fn rem(&self, other: &Number) -> Result<Number, NumberError> {
        if other.is_zero() {
            return Err(NumberError::DivisionByZero);
        }
        match self.integers(other).and_then(|(a, b)| a.checked_rem(b)) {
            Some(remainder) => Ok(Number::from(remainder)),
            None => normal(self.decimal() % other.decimal()),
        }
    }

    /// The negative.
    ///
    /// # Errors
    /// None today: the range is symmetric.
    pub fn neg(&self) -> Result<Number, NumberError> {
        match &self.0 {
            Form::Integer(integer) if *integer != i64::MIN => Ok(Number::from(-integer)),
            _ => normal(-self.decimal()),
        }
    }

    /// The greatest whole number that is not greater.
    #[must_use]
    pub fn floor(&self) -> Number {
        self.rounded(RoundingMode::Floor)
    }

    /// The least whole number that is not less.
    #[must_use]
    pub fn ceil(&self) -> Number {
        self.rounded(RoundingMode::Ceiling)
    }

    fn rounded(&self, mode: RoundingMode) -> Number {
        match &self.0 {
            Form::Integer(_) => self.clone(),
            Form::Decimal(decimal) => settle(decimal.with_scale_round(0, mode)),
        }
    }

    fn is_zero(&self) -> bool {
        self.0 == Form::Integer(0)
    }

    fn integers(&self, other: &Number) -> Option<(i64, i64)> {
        Some((self.as_i64()?, other.as_i64()?))
    }

    fn decimal(&self) -> BigDecimal {
        match &self.0 {
            Form::Integer(integer) => BigDecimal::from(*integer),
            Form::Decimal(decimal) => (**decimal).clone(),
        }
    }
}

/// `-`? digits (`.` digits)? (`e` sign? digits)?, as HCL writes numbers.
fn is_literal(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole) && fraction.is_none_or(digits) && exponent.is_none_or(digits)
}

fn parts(decimal: &BigDecimal) -> (BigInt, i64) {
    decimal.as_bigint_and_exponent()
}

fn digits(integer: &BigInt) -> u64 {
    BigDecimal::new(integer.clone(), 0).digits()
}

/// Rounds to the precision, and refuses what would take too many digits to print.
fn normal(decimal: BigDecimal) -> Result<Number, NumberError> {
    if decimal.is_zero() {
        return Ok(Number::from(0));
    }
    let whole_digits =
        i64::try_from(decimal.digits()).unwrap_or(i64::MAX).saturating_sub(decimal.fractional_digit_count());
    if whole_digits.saturating_abs() > MOST_DIGITS {
        return Err(NumberError::OutOfRange);
    }
    let precision = NonZeroU64::new(PRECISION).ok_or(NumberError::OutOfRange)?;
    match decimal.digits() > PRECISION {
        true => Ok(settle(decimal.with_precision_round(precision, RoundingMode::HalfEven))),
        false => Ok(settle(decimal)),
    }
}

/// The one form of a number that is in range.
fn settle(decimal: BigDecimal) -> Number {
    let decimal = decimal.normalized();
    let integer = decimal.is_integer().then(|| decimal.with_scale(0).into_bigint_and_exponent().0);
    match integer.and_then(|integer| i64::try_from(integer).ok()) {
        Some(integer) => Number::from(integer),
        None => Number(Form::Decimal(Box::new(decimal))),
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Number {
        Number(Form::Integer(number))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        match self.integers(other) {
            Some((this, that)) => this.cmp(&that),
            None => self.decimal().cmp(&other.decimal()),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Number {
    /// Plain decimal: no exponent, no trailing zeros.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Integer(integer) => fmt::Display::fmt(integer, f),
            Form::Decimal(decimal) => f.write_str(&decimal.to_plain_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn prints_plain_decimals() {
        for (text, printed) in [
            ("1", "1"),
            ("-0", "0"),
            ("007", "7"),
            ("1.50", "1.5"),
            ("1.5e3", "1500"),
            ("1E-3", "0.001"),
            ("100e-2", "1"),
            ("0.0", "0"),
            ("9223372036854775808", "9223372036854775808"),
            ("1e20", "100000000000000000000"),
        ] {
            assert_eq!(number(text).to_string(), printed, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_literal() {
        for text in ["", "-", "+1", ".5", "1.", "1e", "1e+", "1_000", "inf", "NaN", "0x10", "1 ", "--1", "1e5e5", "٣"]
        {
            assert_eq!(Number::parse(text), Err(NumberError::NotANumber), "{text}");
        }
    }

    #[test]
    fn refuses_what_would_not_fit_a_page() {
        for text in ["1e1001", "1e999999999999", "1e99999999999999999999", "1e-1002", "1e-99999999999"] {
            assert_eq!(Number::parse(text), Err(NumberError::OutOfRange), "{text}");
        }
        assert_eq!(Number::parse(&"9".repeat(20_000)), Err(NumberError::OutOfRange));
        assert_eq!(number("1e999").to_string().len(), 1_000);
        let mut square = number("1.1");
        let limit = (0..60).find_map(|_| match square.mul(&square) {
            Ok(next) => {
                square = next;
                None
            }
            Err(error) => Some(error),
        });
        assert_eq!(limit, Some(NumberError::OutOfRange));
    }

    #[test]
    fn arithmetic_is_exact() {
        assert_eq!(number("18446744073709551615").add(&number("1")).unwrap(), number("18446744073709551616"));
        assert_eq!(number("0.1").add(&number("0.2")).unwrap(), number("0.3"));
        assert_eq!(Number::from(i64::MAX).add(&Number::from(1)).unwrap().to_string(), "9223372036854775808");
        assert_eq!(Number::from(i64::MIN).neg().unwrap().to_string(), "9223372036854775808");
        assert_eq!(Number::from(i64::MAX).mul(&Number::from(-2)).unwrap().to_string(), "-18446744073709551614");
        assert_eq!(number("0.3").sub(&number("0.1")).unwrap(), number("0.2"));
        assert_eq!(number("7").div(&number("2")).unwrap(), number("3.5"));
        assert_eq!(number("1").div(&number("8")).unwrap().to_string(), "0.125");
        assert_eq!(number("-6").div(&number("3")).unwrap().as_i64(), Some(-2));
        assert_eq!(number("1e-900").div(&number("1e-900")).unwrap().as_i64(), Some(1));
    }

    #[test]
    fn quotients_are_rounded_to_155_digits() {
        assert_eq!(number("1").div(&number("3")).unwrap().to_string(), format!("0.{}", "3".repeat(155)));
        assert_eq!(number("-2").div(&number("3")).unwrap().to_string(), format!("-0.{}7", "6".repeat(154)));
        assert_eq!(
            number("1").div(&number("3")).unwrap().mul(&number("3")).unwrap().to_string(),
            format!("0.{}", "9".repeat(155))
        );
    }

    /// The digits beyond the 155th are 5, several zeros, and more: only the exact quotient rounds up.
    #[test]
    fn a_quotient_just_above_the_middle_rounds_up() {
        let quotient = number("2").div(&number("433031")).unwrap().to_string();
        assert!(quotient.starts_with("0.00000461860698194") && quotient.ends_with("8307534565"), "{quotient}");
        assert_eq!(quotient.len(), "0.00000".len() + 155);
    }

    #[test]
    fn remainders_have_the_sign_of_the_dividend() {
        for (a, b, rest) in
            [("7", "3", "1"), ("-7", "3", "-1"), ("7", "-3", "1"), ("7.5", "2", "1.5"), ("1e30", "7", "1")]
        {
            assert_eq!(number(a).rem(&number(b)).unwrap(), number(rest), "{a} % {b}");
        }
        assert_eq!(Number::from(i64::MIN).rem(&Number::from(-1)).unwrap(), Number::from(0));
    }

    #[test]
    fn zero_divides_nothing() {
        assert_eq!(number("1").div(&number("0")), Err(NumberError::DivisionByZero));
        assert_eq!(number("1").rem(&number("0.0")), Err(NumberError::DivisionByZero));
    }

    #[test]
    fn orders_and_rounds_by_value() {
        assert_eq!(number("1.0"), number("1"));
        assert!(number("9223372036854775808") > Number::from(i64::MAX) && number("-0.5") < number("0"));
        assert_eq!((number("-1.5").floor().as_i64(), number("-1.5").ceil().as_i64()), (Some(-2), Some(-1)));
        assert_eq!(number("0.2").ceil().as_i64(), Some(1));
        assert_eq!(number("1e18").as_i64(), Some(1_000_000_000_000_000_000));
        assert!(number("1e20").is_whole() && number("1e20").as_i64().is_none() && !number("0.5").is_whole());
    }
}
