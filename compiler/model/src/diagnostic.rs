//! [`Diagnostic`]: what is wrong, where, what was expected and what to do; [`Reported`]: the proof that somebody was told.

use crate::Text;
use crate::code::Code;
use crate::source::Span;
use std::collections::BTreeSet;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing further can be trusted; exit code 1.
    Error,
    /// Worth a look; changes no exit code unless `-strict`.
    Warning,
}

/// A remark on a piece of source text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// The text it is about.
    pub span: Span,
    /// The remark, without a full stop.
    pub text: String,
}

/// One message to the user.
///
/// The title belongs to the code and never contains user text; `detail` is one sentence about this case with the
/// user's words in backticks; `help` says what to do and `paste` is the line to paste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which mistake; names the page that explains it.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// One sentence about this case.
    pub detail: String,
    /// The first label is the primary one; empty only where no source is involved.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
    /// A line (or block) that can be pasted as it stands.
    pub paste: Option<String>,
    /// The instances of a block with `for_each` in which this case was met; [`Diagnostics::into_sorted`] says them in the
    /// detail.
    pub instances: BTreeSet<Text>,
}

/// Most instances that a message names.
const MOST_INSTANCES: usize = 3;

impl Diagnostic {
    /// An error at a place.
    #[must_use]
    pub fn error(code: Code, span: Span, detail: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, Severity::Error, detail).label(span, "")
    }

    /// A warning at a place.
    #[must_use]
    pub fn warning(code: Code, span: Span, detail: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, Severity::Warning, detail).label(span, "")
    }

    /// A message without a place: a missing file, a refused connection.
    #[must_use]
    pub fn new(code: Code, severity: Severity, detail: impl Into<String>) -> Diagnostic {
        let (labels, instances) = (Vec::new(), BTreeSet::new());
        Diagnostic { code, severity, detail: detail.into(), labels, help: None, paste: None, instances }
    }

    /// Adds a label; the first one added is the primary one.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Replaces the remark on the primary label.
    #[must_use]
    pub fn says(mut self, text: impl Into<String>) -> Diagnostic {
        if let Some(first) = self.labels.first_mut() {
            first.text = text.into();
        }
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help = Some(text.into());
        self
    }

    /// Adds to the detail in which instances the case was met.
    fn say_instances(&mut self) {
        let instances = std::mem::take(&mut self.instances);
        // A message whose own words name it needs no second mention.
        if instances.iter().all(|name| self.detail.contains(&format!("`{name}`"))) {
            return;
        }
        let more = instances.len().saturating_sub(MOST_INSTANCES);
        let mut named: Vec<String> = instances.iter().take(MOST_INSTANCES).map(|name| format!("`{name}`")).collect();
        named.extend((more > 0).then(|| format!("{more} more")));
        let list = match named.split_last() {
            None => String::new(),
            Some((only, [])) => only.clone(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
        };
        self.detail.push_str(&format!(" (in {list})"));
    }

    /// Gives the line to paste.
    #[must_use]
    pub fn paste(mut self, line: impl Into<String>) -> Diagnostic {
        self.paste = Some(line.into());
        self
    }
}

/// Proof that an error was pushed to a [`Diagnostics`]: an `Err(Reported)` without a message cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported(());

/// Where a stage puts its messages. Every stage reports all of its errors before it stops.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    items: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds a message; an error gives the proof.
    pub fn push(&mut self, diagnostic: Diagnostic) -> Reported {
        self.items.push(diagnostic);
        Reported(())
    }

    /// Adds messages.
    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.items.extend(diagnostics);
    }

    /// `Err` when any error was pushed.
    ///
    /// # Errors
    /// The proof that at least one error stands in the list.
    pub fn check(&self) -> Result<(), Reported> {
        match self.items.iter().any(|item| item.severity == Severity::Error) {
            true => Err(Reported(())),
            false => Ok(()),
        }
    }

    /// Keeps the messages for which the function says so; it may change them.
    pub fn retain(&mut self, keep: impl FnMut(&mut Diagnostic) -> bool) {
        self.items.retain_mut(keep);
    }

    /// The messages so far, in the order they were pushed.
    #[must_use]
    pub fn items(&self) -> &[Diagnostic] {
        &self.items
    }

    /// The messages ordered by file, place and code, each once, with the instances in which it was met: the order in which
    /// people read them.
    #[must_use]
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        let said = |item: &Diagnostic, other: &Diagnostic| {
            let place = |item: &Diagnostic| item.labels.first().map(|label| label.span);
            let order = (place(item), item.severity, item.code.name, &item.detail);
            let order = order.cmp(&(place(other), other.severity, other.code.name, &other.detail));
            let rest = || (&item.labels, &item.help, &item.paste).cmp(&(&other.labels, &other.help, &other.paste));
            order.then_with(rest)
        };
        self.items.sort_by(said);
        self.items.dedup_by(|item, first| {
            let same = said(item, first).is_eq();
            if same {
                first.instances.append(&mut item.instances);
            }
            same
        });
        self.items.iter_mut().for_each(Diagnostic::say_instances);
        self.items
    }
}

/// The nearest of `names` to `word`, when it is near enough to be meant: at most a third of its letters differ, and not
/// all of them.
#[must_use]
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = word.chars().count();
    let limit = (letters.max(3) / 3).min(letters.saturating_sub(1));
    let near = |name: &'a str| (strsim::damerau_levenshtein(word, name), name);
    // What differs more in length differs more in letters.
    let about = |name: &&str| name.chars().count().abs_diff(letters) <= limit;
    names.into_iter().filter(about).map(near).filter(|(distance, _)| *distance <= limit).min().map(|(_, name)| name)
}
