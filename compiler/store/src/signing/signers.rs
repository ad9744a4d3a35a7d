//! [`Signers`]: an `allowed_signers` file, as `ssh-keygen -Y verify` and Git read it: which key may sign, as whom, for what
//! and when.
//!
//! ```text
//! alice@example.com namespaces="ordain.approval,git",valid-before="20270101Z" ssh-ed25519 AAAA... a comment
//! ```
//! What differs from OpenSSH is stricter: a time without `Z` would depend on the machine's time zone, and counts as no leave;
//! a name with `*`, `?` or `!` names nobody; lines of certificate authorities and of other algorithms than Ed25519 allow
//! nothing. A key is withdrawn by `valid-before`, or by taking its line out.

use ordain_model::instant::Instant;
use ssh_key::PublicKey;
use ssh_key::public::KeyData;
use std::collections::BTreeSet;
use std::fmt;

/// Most bytes of a file.
pub const LONGEST: usize = 1 << 20;

/// Who may sign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signers {
    lines: Vec<Line>,
}

/// One line: a key and what it is allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Line {
    number: usize,
    principals: Vec<String>,
    /// None for a key that cannot sign here.
    key: Option<[u8; 32]>,
    namespaces: Option<Vec<String>>,
    after: Option<String>,
    before: Option<String>,
}

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The line, counted from 1.
    pub line: usize,
    /// Half a sentence.
    pub what: String,
}

/// Why a key may not sign; [`fmt::Display`] writes what follows "its key".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// No line has it.
    Unknown,
    /// No line lets it sign for this purpose.
    OtherNamespace {
        /// The purpose.
        wanted: String,
        /// The line that has it.
        line: usize,
    },
    /// Not yet.
    NotYet {
        /// From when on.
        from: Instant,
        /// The moment that is asked about.
        at: Instant,
        /// The line that says so.
        line: usize,
    },
    /// No more.
    Expired {
        /// Until when.
        until: Instant,
        /// The moment that is asked about.
        at: Instant,
        /// The line that says so.
        line: usize,
    },
    /// A time that says nothing certain.
    NoTime {
        /// As it is written.
        written: String,
        /// Where.
        line: usize,
    },
    /// Only patterns name it.
    Pattern {
        /// Where.
        line: usize,
    },
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unfit::Unknown => write!(f, "is on no line of the file of signers"),
            Unfit::OtherNamespace { wanted, line } => {
                write!(f, "may not sign in the namespace `{wanted}` (line {line} of the file of signers)")
            }
            Unfit::NotYet { from, at, line } => {
                write!(f, "is valid from {from} on, and it is {at} (line {line} of the file of signers)")
            }
            Unfit::Expired { until, at, line } => {
                write!(f, "was valid until {until}, and it is {at} (line {line} of the file of signers)")
            }
            Unfit::NoTime { written, line } => write!(
                f,
                "has `{}` for a time, which is none of `YYYYMMDDZ` and `YYYYMMDDHHMM[SS]Z` (line {line} of the file of signers)",
                written.escape_debug()
            ),
            Unfit::Pattern { line } => {
                write!(f, "is named by a pattern, which is nobody's name (line {line} of the file of signers)")
            }
        }
    }
}

impl Signers {
    /// Reads a file.
    ///
    /// # Errors
    /// The first line that does not read: nothing of such a file counts.
    pub fn parse(text: &str) -> Result<Signers, Mistake> {
        if text.len() > LONGEST {
            return Err(Mistake { line: 1, what: format!("it is longer than {} KiB", LONGEST >> 10) });
        }
        let mut lines = Vec::new();
        for (at, text) in text.lines().enumerate() {
            let text = text.trim();
            if !text.is_empty() && !text.starts_with('#') {
                let read = Line::parse(text, at + 1);
                lines.push(read.map_err(|what| Mistake { line: at + 1, what })?);
            }
        }
        Ok(Signers { lines })
    }

    /// Whether a line gives somebody this name, for any purpose and at any time.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        let pattern = name.contains(['*', '?', '!']);
        !pattern && self.lines.iter().any(|line| line.principals.iter().any(|known| known == name))
    }

    /// How many people can be told apart in it who may sign for a purpose at some time.
    #[must_use]
    pub fn people(&self, namespace: &str) -> usize {
        let mut seen: Vec<(&[u8; 32], &[String])> = Vec::new();
        for line in &self.lines {
            let Some(key) = &line.key else { continue };
            if line.namespaces.as_ref().is_some_and(|patterns| !listed(patterns, namespace)) {
                continue;
            }
            let known = |(other, names): &(&[u8; 32], &[String])| {
                *other == key || names.iter().any(|name| line.principals.contains(name))
            };
            if !seen.iter().any(known) {
                seen.push((key, &line.principals));
            }
        }
        seen.len()
    }

    /// The names under which a key may sign for a purpose at a moment.
    ///
    /// # Errors
    /// Why it may not: of several lines with the key, what the first one says.
    pub(super) fn principals(&self, key: &[u8; 32], namespace: &str, at: Instant) -> Result<BTreeSet<String>, Unfit> {
        let mut names = BTreeSet::new();
        let mut first = None;
        for line in self.lines.iter().filter(|line| line.key.as_ref() == Some(key)) {
            match line.allows(namespace, at) {
                Ok(principals) => names.extend(principals),
                Err(why) => drop(first.get_or_insert(why)),
            }
        }
        if names.is_empty() { Err(first.unwrap_or(Unfit::Unknown)) } else { Ok(names) }
    }
}

impl Line {
    fn parse(text: &str, number: usize) -> Result<Line, String> {
        let (principals, rest) = field(text).ok_or("it has no key")?;
        let principals = principals.trim_matches('"').split(',').map(str::to_owned).collect();
        let line = Line { number, principals, ..Line::default() };
        if let Some(key) = key(rest)? {
            return Ok(Line { key, ..line });
        }
        let (options, rest) = field(rest).ok_or("it has no key")?;
        let key = key(rest)?.ok_or("it has no key that reads")?;
        line.with(options, key)
    }

    /// The line with its options.
    fn with(mut self, options: &str, key: Option<[u8; 32]>) -> Result<Line, String> {
        self.key = key;
        for option in split(options, ',') {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            let text = || value.map(str::to_owned).ok_or_else(|| format!("`{name}` has no value in quotes"));
            match name.to_ascii_lowercase().as_str() {
                // What an authority signs is a certificate.
                "cert-authority" => self.key = None,
                "namespaces" => self.namespaces = Some(text()?.split(',').map(str::to_owned).collect()),
                "valid-after" => self.after = Some(text()?),
                "valid-before" => self.before = Some(text()?),
                _ => return Err(format!("there is no option `{}`", name.escape_debug())),
            }
        }
        Ok(self)
    }

    fn allows(&self, namespace: &str, at: Instant) -> Result<Vec<String>, Unfit> {
        let line = self.number;
        if self.namespaces.as_ref().is_some_and(|patterns| !listed(patterns, namespace)) {
            return Err(Unfit::OtherNamespace { wanted: namespace.to_owned(), line });
        }
        let moment = |written: &Option<String>| match written {
            Some(written) => moment(written).map(Some).ok_or(Unfit::NoTime { written: written.clone(), line }),
            None => Ok(None),
        };
        if let Some(from) = moment(&self.after)?.filter(|from| at < *from) {
            return Err(Unfit::NotYet { from, at, line });
        }
        if let Some(until) = moment(&self.before)?.filter(|until| at > *until) {
            return Err(Unfit::Expired { until, at, line });
        }
        let plain = |name: &&String| !name.is_empty() && !name.contains(['*', '?', '!']);
        match self.principals.iter().filter(plain).cloned().collect::<Vec<_>>() {
            names if names.is_empty() => Err(Unfit::Pattern { line }),
            names => Ok(names),
        }
    }
}

/// The first word of a text, in which quotes hold words together, and what follows it.
fn field(text: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let end = text.find(|letter: char| {
        quoted ^= letter == '"';
        !quoted && letter.is_whitespace()
    })?;
    Some((&text[..end], text[end..].trim_start()))
}

/// The parts of a text between separators that stand in no quotes.
fn split(text: &str, by: char) -> Vec<&str> {
    let mut quoted = false;
    text.split(|letter: char| {
        quoted ^= letter == '"';
        !quoted && letter == by
    })
    .collect()
}

/// The key that a text begins with; `Some(None)` for one of another algorithm, none where it begins with no key.
fn key(text: &str) -> Result<Option<Option<[u8; 32]>>, String> {
    let algorithm = text.split_whitespace().next().unwrap_or_default();
    if algorithm == "ssh-ed25519" {
        let key = PublicKey::from_openssh(text).map_err(|error| format!("its key does not read: {error}"))?;
        return match key.key_data() {
            KeyData::Ed25519(key) => Ok(Some(Some(key.0))),
            _ => Err("its key is another than it says".to_owned()),
        };
    }
    let other = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"].iter().any(|start| algorithm.starts_with(start));
    Ok(other.then_some(None))
}

/// Whether a list of patterns names a word: one of them does, and none that begins with `!`.
fn listed(patterns: &[String], word: &str) -> bool {
    let refused = patterns.iter().filter_map(|pattern| pattern.strip_prefix('!')).any(|pattern| matches(pattern, word));
    !refused && patterns.iter().any(|pattern| matches(pattern, word))
}

/// Whether a pattern with `*` and `?` matches a word, in time proportional to both lengths multiplied.
fn matches(pattern: &str, word: &str) -> bool {
    let (pattern, word) = (pattern.as_bytes(), word.as_bytes());
    let (mut at, mut seen) = (0, 0);
    // Where the last `*` stands, and how much of the word it has taken.
    let mut star: Option<(usize, usize)> = None;
    while seen < word.len() {
        match (pattern.get(at), star) {
            (Some(b'*'), _) => {
                star = Some((at, seen));
                at += 1;
            }
            (Some(letter), _) if *letter == b'?' || *letter == word[seen] => {
                at += 1;
                seen += 1;
            }
            (_, Some((place, taken))) => {
                star = Some((place, taken + 1));
                (at, seen) = (place + 1, taken + 1);
            }
            _ => return false,
        }
    }
    pattern[at..].iter().all(|letter| *letter == b'*')
}

/// `YYYYMMDDZ` or `YYYYMMDDHHMM[SS]Z`.
fn moment(text: &str) -> Option<Instant> {
    let digits = text.strip_suffix('Z').filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    let part = |from: usize| digits.get(from..from + 2).unwrap_or("00");
    match digits.len() {
        8 | 12 | 14 => {}
        _ => return None,
    }
    let (year, month, day) = (digits.get(..4)?, part(4), part(6));
    Instant::parse(&format!("{year}-{month}-{day}T{}:{}:{}Z", part(8), part(10), part(12)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti";

    fn asked(text: &str, namespace: &str, at: &str) -> Result<Vec<String>, Unfit> {
        let signers = Signers::parse(text).unwrap();
        let KeyData::Ed25519(key) = PublicKey::from_openssh(KEY).unwrap().key_data().clone() else { panic!() };
        let at = Instant::parse(at).unwrap();
        signers.principals(&key.0, namespace, at).map(|names| names.into_iter().collect())
    }

    const NOON: &str = "2026-11-20T12:00:00Z";

    #[test]
    fn a_line_names_whom_it_allows() {
        let names = |text: &str| asked(text, "git", NOON).unwrap().join(" ");
        assert_eq!(names(&format!("a@x {KEY} comment here")), "a@x");
        assert_eq!(names(&format!("# all of them\n\n b@x,a@x,*@x\t{KEY}\n{RSA_LINE}")), "a@x b@x");
        assert_eq!(names(&format!("a@x NAMESPACES=\"file,gi?\",valid-after=\"20261120Z\" {KEY}")), "a@x");
        assert_eq!(names(&format!("a@x valid-before=\"20261120115959Z\" {KEY}\nb@x {KEY}")), "b@x");
    }

    const RSA_LINE: &str = "c@x ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ== somebody";

    #[test]
    fn what_a_line_does_not_allow_is_said_by_its_number() {
        let why = |text: &str| asked(text, "git", NOON).unwrap_err().to_string();
        assert_eq!(why(RSA_LINE), "is on no line of the file of signers");
        assert_eq!(why(&format!("a@x cert-authority {KEY}")), "is on no line of the file of signers");
        let why_not = |option: &str| why(&format!("\n# x\na@x {option} {KEY}"));
        let end = "(line 3 of the file of signers)";
        assert_eq!(why_not("namespaces=\"*,!git\""), format!("may not sign in the namespace `git` {end}"));
        let until = "was valid until 2026-11-20T11:59:00Z, and it is 2026-11-20T12:00:00Z";
        assert_eq!(why_not("valid-before=\"202611201159Z\""), format!("{until} {end}"));
        let from = "is valid from 2026-11-21T00:00:00Z on, and it is 2026-11-20T12:00:00Z";
        assert_eq!(why_not("valid-after=\"20261121Z\""), format!("{from} {end}"));
        for time in ["20270101", "2027-01-01Z", "2027Z", "20271301Z", "", "é0270101Z"] {
            let said = why_not(&format!("valid-before=\"{time}\""));
            assert!(said.contains(&format!("has `{time}` for a time")), "{said}");
        }
        assert_eq!(
            why(&format!("*@x,!b@x {KEY}")),
            "is named by a pattern, which is nobody's name (line 1 of the file of signers)"
        );
    }

    #[test]
    fn a_line_that_does_not_read_spoils_the_file() {
        let wrong = [
            "a@x",
            "a@x ssh-ed25519",
            "a@x ssh-ed25519 AAAA",
            "a@x valid-until=\"20270101Z\" ssh-ed25519 AAAA",
            "a@x nothing here",
            "a@x valid-before=\"20270101Z ssh-ed25519",
            "\"",
        ];
        for text in wrong {
            assert_eq!(Signers::parse(&format!("a@x {KEY}\n{text}")).unwrap_err().line, 2, "{text}");
        }
        assert!(Signers::parse(&format!("a@x valid-before=20270101Z {KEY}")).is_err());
        assert!(Signers::parse(&" ".repeat(LONGEST + 1)).is_err());
    }

    #[test]
    fn patterns_are_those_of_ssh_and_take_no_long_time() {
        for (pattern, yes, no) in [("*", "", "-"), ("a?c", "abc", "ac"), ("a*c*", "abbc", "ab"), ("", "", "a")] {
            assert!(matches(pattern, yes) && (no == "-" || !matches(pattern, no)), "{pattern}");
        }
        assert!(!matches(&"*a".repeat(1_000), &"a".repeat(900)));
    }
}
