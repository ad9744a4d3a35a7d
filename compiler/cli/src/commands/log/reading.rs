//! [`Reading`]: a journal that was read from its first line on, as far as its chain holds, and what is to be said of it.

use crate::heads::{Known, count};
use crate::journal::running;
use crate::run::Run;
use ordain_engine::journal::{Event, Line, Standing};
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity};
use ordain_model::digest::Digest;
use ordain_report::style::{Page, Style, Tone};
use ordain_store::journal::Store;
use std::collections::BTreeMap;

/// A journal as far as its chain holds. No more of it is in memory than a portion.
pub(super) struct Reading {
    pub(super) standing: Standing,
    /// What ends the chain before the journal does.
    pub(super) broken: Option<String>,
    /// How many applies began.
    pub(super) applies: u64,
    pub(super) known: Known,
    /// Digests of the lines at which a head is known.
    digests: BTreeMap<u64, Digest>,
}

type Each<'a> = &'a mut dyn FnMut(&Line, &str, &Standing) -> Result<(), Reported>;

impl Reading {
    /// Of nothing yet; heads that were known before.
    pub(super) fn new(known: Known) -> Reading {
        let digests = BTreeMap::from([(0, Digest::of(b""))]);
        Reading { standing: Standing::default(), broken: None, applies: 0, known, digests }
    }

    /// Reads all of it, and hands over each line with the standing behind it.
    pub(super) fn all(&mut self, store: &dyn Store, each: Each<'_>) -> Result<(), Reported> {
        let mut journal = store.journal();
        while self.broken.is_none() {
            match journal.read() {
                Ok(texts) if texts.is_empty() => break,
                Ok(texts) => self.portion(&texts, each)?,
                Err(error) => self.broken = Some(format!("the journal cannot be read: {error}.")),
            }
        }
        Ok(())
    }

    fn portion(&mut self, texts: &[String], each: Each<'_>) -> Result<(), Reported> {
        for text in texts {
            let line = match self.standing.take(text) {
                Ok(line) => line,
                Err(error) => {
                    self.broken = Some(format!("the journal is not whole: {error}."));
                    return Ok(());
                }
            };
            self.applies += u64::from(matches!(line.event, Event::Begun(_)));
            let head = &self.standing.head;
            if self.known.at(head.lines) {
                self.digests.insert(head.lines, head.digest);
            }
            each(&line, text, &self.standing)?;
        }
        Ok(())
    }

    /// What comes first: whether the journal is whole, whether its head is signed, and what to do next.
    pub(super) fn verdict(&self, store: &dyn Store, style: Style) -> String {
        let mut page = Page::new(style);
        let head = &self.standing.head;
        let (held, tone) = match self.broken {
            None => ("the chain holds", Tone::Good),
            Some(_) => ("the chain holds only up to there", Tone::Bad),
        };
        let applies = if self.applies == 1 { "1 apply".to_owned() } else { format!("{} applies", self.applies) };
        page.tone(Tone::Strong, &format!("Journal {}: ", store.name()));
        page.tone(tone, &format!("{} of {applies}, {held}.", count(head.lines))).end();
        if head.lines > 0 {
            page.tone(Tone::Faint, &format!("Head: {}, {}.", head.digest, self.known.words(head.lines))).end();
        }
        let (now, doubts): (Vec<_>, Vec<_>) = self.standing.doubts().partition(|doubt| running(doubt, store));
        if !now.is_empty() {
            page.tone(Tone::Careful, &format!("Being written now: {}.", steps(now.len()))).end();
        }
        // Nobody continues a journal that is not whole.
        if !doubts.is_empty() && self.broken.is_none() {
            let text = format!("In doubt: {}. `ordain plan` says what is there now; ", steps(doubts.len()));
            page.tone(Tone::Bad, &text).put("the next `ordain apply` writes down what became of them.").end();
        }
        page.finish()
    }

    /// Whether all is well.
    pub(super) fn exit(&self, store: &dyn Store, run: &mut Run) -> Result<Exit, Reported> {
        if let Some(broken) = &self.broken {
            let diagnostic = Diagnostic::new(code::JOURNAL, Severity::Error, format!("`{}`: {broken}", store.name()));
            let help = "Find out who can write there, and compare with a copy.";
            run.diagnostics.push(diagnostic.help(help).paste("ordain log -json > copy.jsonl"));
        }
        self.known.check(&self.standing.head, self.broken.is_some(), &self.digests, run);
        run.diagnostics.check().map(|()| Exit::Fine)
    }
}

fn steps(count: usize) -> String {
    if count == 1 { "1 step".to_owned() } else { format!("{count} steps") }
}
