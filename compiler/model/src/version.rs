//! [`Version`]: versions, and what is asked of them: `">= 1.2, < 2"`, as Terraform reads it.
//!
//! Source: developer.hashicorp.com/terraform/language/expressions/version-constraints.

use crate::Text;
use crate::ranges::Ordered;
use semver::{BuildMetadata, Prerelease, Version as Numbers};
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// Reads `1.29`, `v1.29.3` or `1.29.3-rc.1`: numbers that are not there are 0, what stands behind a `+` does not count.
#[must_use]
pub fn parse(text: &str) -> Option<Numbers> {
    Some(numbered(text)?.0)
}

/// The version, and how many numbers were written.
fn numbered(text: &str) -> Option<(Numbers, usize)> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (core, prerelease) = text.split_once('-').map_or((text, None), |(core, prerelease)| (core, Some(prerelease)));
    let number = |part: &str| part.bytes().all(|digit| digit.is_ascii_digit()).then(|| part.parse().ok())?;
    let numbers: Vec<u64> = core.split('.').map(number).collect::<Option<_>>()?;
    let mut version = match *numbers.as_slice() {
        [major] => Numbers::new(major, 0, 0),
        [major, minor] => Numbers::new(major, minor, 0),
        [major, minor, patch] => Numbers::new(major, minor, patch),
        _ => return None,
    };
    if let Some(prerelease) = prerelease {
        version.pre = Prerelease::new(prerelease).ok().filter(|prerelease| !prerelease.is_empty())?;
    }
    if let Some(build) = build {
        version.build = BuildMetadata::new(build).ok().filter(|build| !build.is_empty())?;
    }
    Some((version, numbers.len()))
}

/// A version as it is written. Two are equal where neither is newer: `1.30` and `v1.30.0`.
///
/// ```
/// use ordain_model::version::Version;
/// let version = |text| Version::parse(text).unwrap();
/// assert!(version("1.9") < version("1.30.0-rc.1") && version("1.30.0-rc.1") < version("1.30"));
/// assert_eq!(version("1.30"), version("v1.30.0"));
/// ```
#[derive(Clone, Debug)]
pub struct Version(Arc<Parts>);

/// Shared, so that a value takes 24 bytes: worlds hold millions.
#[derive(Debug)]
struct Parts {
    written: Text,
    numbers: Numbers,
}

impl Version {
    /// Reads what [`parse`] reads.
    #[must_use]
    pub fn parse(text: &str) -> Option<Version> {
        Some(Version(Arc::new(Parts { written: text.into(), numbers: parse(text)? })))
    }

    /// Its place in the row of releases: from the release before it to its own, where it comes before its release.
    /// Nothing where no release comes before it.
    #[must_use]
    pub fn place(&self) -> Option<(Release, Release)> {
        let Numbers { major, minor, patch, pre, .. } = &self.0.numbers;
        let release = Release { major: *major, minor: *minor, patch: *patch };
        if pre.is_empty() { Some((release, release)) } else { Some((release.previous()?, release)) }
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Version) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Version) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Version) -> Ordering {
        self.0.numbers.cmp_precedence(&other.0.numbers)
    }
}

impl fmt::Display for Version {
    /// As it is written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.written)
    }
}

/// A version that is released: three numbers, each release with a next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    major: u64,
    minor: u64,
    patch: u64,
}

impl Ordered for Release {
    const LEAST: Release = Release { major: 0, minor: 0, patch: 0 };
    const GREATEST: Release = Release { major: u64::MAX, minor: u64::MAX, patch: u64::MAX };

    fn next(self) -> Option<Release> {
        let Release { major, minor, patch } = self;
        let patched = patch.checked_add(1).map(|patch| Release { patch, ..self });
        let minored = || minor.checked_add(1).map(|minor| Release { minor, patch: 0, ..self });
        patched.or_else(minored).or_else(|| Some(Release { major: major.checked_add(1)?, minor: 0, patch: 0 }))
    }

    fn previous(self) -> Option<Release> {
        let Release { major, minor, patch } = self;
        let patched = patch.checked_sub(1).map(|patch| Release { patch, ..self });
        let minored = || minor.checked_sub(1).map(|minor| Release { minor, patch: u64::MAX, ..self });
        let last = u64::MAX;
        patched.or_else(minored).or_else(|| Some(Release { major: major.checked_sub(1)?, minor: last, patch: last }))
    }
}

impl fmt::Display for Release {
    /// `1.30.0`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// What is asked of a version: every part of it, which stand with commas between them.
///
/// ```
/// use ordain_model::version::{Constraint, parse};
/// let constraint = Constraint::parse("~> 2.3, != 2.4.0").unwrap();
/// let admits = |version| constraint.admits(&parse(version).unwrap());
/// assert!(admits("2.3.0") && admits("2.9.1") && !admits("2.4.0") && !admits("3.0.0") && !admits("2.5.0-rc.1"));
/// ```
#[derive(Clone, Debug)]
pub struct Constraint(Vec<Part>);

/// One comparison.
#[derive(Clone, Debug)]
struct Part {
    admits: fn(Ordering) -> bool,
    version: Numbers,
    /// Of `~>` the first version that is too new.
    below: Option<Numbers>,
}

impl Constraint {
    /// Reads `=`, `!=`, `>`, `>=`, `<`, `<=` and `~>` with versions: `~> 1.2` is at least 1.2 and below 2, `~> 1.2.3` at
    /// least 1.2.3 and below 1.3; a bare version is exactly that one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Constraint> {
        text.split(',').map(|part| Part::parse(part.trim())).collect::<Option<_>>().map(Constraint)
    }

    /// Whether a version is what is asked for. One before its release is, only where a part names one of that release.
    #[must_use]
    pub fn admits(&self, version: &Numbers) -> bool {
        self.0.iter().all(|part| part.admits(version))
    }
}

impl Part {
    fn parse(text: &str) -> Option<Part> {
        let digits = text.find(|first: char| first.is_ascii_digit() || first == 'v')?;
        let (operator, version) = text.split_at(digits);
        let (version, numbers) = numbered(version)?;
        let admits: fn(Ordering) -> bool = match operator.trim() {
            "" | "=" => Ordering::is_eq,
            "!=" => Ordering::is_ne,
            ">" => Ordering::is_gt,
            ">=" | "~>" => Ordering::is_ge,
            "<" => Ordering::is_lt,
            "<=" => Ordering::is_le,
            _ => return None,
        };
        let below = match (operator.trim(), numbers) {
            ("~>", 2) => Some(Numbers::new(version.major.checked_add(1)?, 0, 0)),
            ("~>", 3) => Some(Numbers::new(version.major, version.minor.checked_add(1)?, 0)),
            ("~>", _) => return None,
            _ => None,
        };
        Some(Part { admits, version, below })
    }

    fn admits(&self, version: &Numbers) -> bool {
        let release = |version: &Numbers| (version.major, version.minor, version.patch);
        if !version.pre.is_empty() && (self.version.pre.is_empty() || release(version) != release(&self.version)) {
            return false;
        }
        (self.admits)(version.cmp_precedence(&self.version))
            && self.below.as_ref().is_none_or(|below| version.cmp_precedence(below).is_lt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(constraint: &str, version: &str) -> Option<bool> {
        Some(Constraint::parse(constraint)?.admits(&parse(version)?))
    }

    #[test]
    fn constraints_mean_what_terraform_means() {
        for (constraint, yes, no) in [
            ("1.2", "1.2.0", "1.2.1"),
            ("= 1.2", "v1.2", "1.3"),
            ("!= 1.2", "1.2.1", "1.2"),
            ("> 1.2", "1.2.1", "1.2.0"),
            ("<=1.2", "1.2", "1.2.1"),
            ("~> 1.2", "1.9.9", "2.0.0"),
            ("~> 1.2.3", "1.2.9", "1.3.0"),
            (">= 1.2, < 2", "1.29", "2"),
            (">= 1.2.3-rc.1", "1.2.3-rc.2", "1.2.4-rc.1"),
            (">= 1.2", "1.3.0+build.5", "1.3.0-rc.1"),
        ] {
            assert_eq!((admits(constraint, yes), admits(constraint, no)), (Some(true), Some(false)), "{constraint}");
        }
    }

    #[test]
    fn what_is_no_version_does_not_read() {
        for text in
            ["", "v", "1.", ".1", "1.2.3.4", "1.x", "1.2-", "1.2+", "-1", "1 2", "99999999999999999999", "1.2.3-a_b"]
        {
            assert!(parse(text).is_none(), "{text}");
        }
        for text in ["", ">", "~> 1", "~ 1.2", "^1.2", ">= 1.2,", "=> 1", "1.2 || 1.3", "~> 18446744073709551615.1"] {
            assert!(Constraint::parse(text).is_none(), "{text}");
        }
    }
    #[test]
    fn releases_stand_in_a_row_without_gaps() {
        let release = |major, minor, patch| Release { major, minor, patch };
        for (one, next) in [
            (release(1, 30, 0), release(1, 30, 1)),
            (release(1, 29, u64::MAX), release(1, 30, 0)),
            (release(1, u64::MAX, u64::MAX), release(2, 0, 0)),
        ] {
            assert_eq!((one.next(), next.previous()), (Some(next), Some(one)));
        }
        assert_eq!((Release::GREATEST.next(), Release::LEAST.previous()), (None, None));
    }

    #[test]
    fn a_version_before_its_release_stands_between_two() {
        let place = |text| Version::parse(text).unwrap().place().map(|(from, to)| (from.to_string(), to.to_string()));
        assert_eq!(place("1.30.1-rc.1"), Some(("1.30.0".into(), "1.30.1".into())));
        assert_eq!(place("1.30+build"), Some(("1.30.0".into(), "1.30.0".into())));
        assert_eq!(place("0.0.0-rc.1"), None);
    }
}
