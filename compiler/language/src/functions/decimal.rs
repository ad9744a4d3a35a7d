//! Numbers in the forms that `%e`, `%f` and `%g` write.

use ordain_model::number::Number;

/// The sign, digits and point of a number: `0.DIGITS` times ten to the power `point`.
pub(super) struct Decimal {
    pub(super) negative: bool,
    /// Without zeros at either end; empty for zero.
    digits: Vec<u8>,
    point: i64,
}

impl Decimal {
    pub(super) fn of(number: &Number) -> Decimal {
        let plain = number.to_string();
        let unsigned = plain.strip_prefix('-').unwrap_or(&plain);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).map(|byte| byte - b'0').collect();
        let zeros = digits.iter().take_while(|digit| **digit == 0).count();
        digits.drain(..zeros);
        let point = if digits.is_empty() { 0 } else { whole.len() as i64 - zeros as i64 };
        let mut decimal = Decimal { negative: plain.starts_with('-'), digits, point };
        decimal.trim();
        decimal
    }

    fn trim(&mut self) {
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
    }

    /// Keeps this many digits, rounding half to even; a negative count leaves nothing.
    fn round(&mut self, keep: i64) {
        let Ok(keep) = usize::try_from(keep) else {
            self.digits.clear();
            return;
        };
        if keep >= self.digits.len() {
            return;
        }
        let rest = self.digits.split_off(keep);
        let half = rest[0] == 5 && rest[1..].iter().all(|digit| *digit == 0);
        let odd = self.digits.last().is_some_and(|digit| digit % 2 == 1);
        if rest[0] > 5 || (rest[0] == 5 && (!half || odd)) {
            self.up();
        }
        self.trim();
    }

    fn up(&mut self) {
        while let Some(digit) = self.digits.pop() {
            if digit < 9 {
                return self.digits.push(digit + 1);
            }
        }
        self.digits.push(1);
        self.point += 1;
    }

    fn digit(&self, at: i64) -> char {
        let digit = usize::try_from(at).ok().and_then(|at| self.digits.get(at)).copied().unwrap_or(0);
        char::from(b'0' + digit)
    }

    /// `%f`: this many digits behind the point.
    pub(super) fn fixed(mut self, precision: usize) -> String {
        self.round(self.point + precision as i64);
        let whole: String =
            if self.point > 0 { (0..self.point).map(|at| self.digit(at)).collect() } else { "0".into() };
        let fraction: String = (0..precision as i64).map(|at| self.digit(self.point + at)).collect();
        if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") }
    }

    /// `%e`: one digit before the point and this many behind it, or as many as there are.
    pub(super) fn exponential(mut self, precision: Option<usize>) -> String {
        let precision = precision.unwrap_or(self.digits.len().saturating_sub(1));
        self.round(precision as i64 + 1);
        let exponent = if self.digits.is_empty() { 0 } else { self.point - 1 };
        let fraction: String = (1..=precision as i64).map(|at| self.digit(at)).collect();
        let dot = if fraction.is_empty() { "" } else { "." };
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{}{dot}{fraction}e{sign}{:02}", self.digit(0), exponent.abs())
    }

    /// `%g`: this many digits in all, or as many as there are; with an exponent where that is shorter, as Go decides it.
    pub(super) fn general(mut self, precision: Option<usize>) -> String {
        if let Some(precision) = precision {
            self.round(precision.max(1) as i64);
        }
        let digits = self.digits.len() as i64;
        let most = match precision {
            None => 6,
            Some(precision) if precision as i64 > digits && digits >= self.point => digits,
            Some(precision) => precision.max(1) as i64,
        };
        let exponent = self.point - 1;
        match self.digits.is_empty() || (-4..most.max(1)).contains(&exponent) {
            true => {
                let fraction = (digits - self.point).max(0) as usize;
                self.fixed(fraction)
            }
            false => self.exponential(None),
        }
    }
}
