//! Lists and objects. An error in one item is reported and the next item is read.

use super::cursor::{Parsed, Parser, Stop, add};
use super::mistake::Commas;
use super::token::{Kind, Token};
use crate::syntax::{Entry, Expression, Node};

impl Parser<'_> {
    pub(super) fn tuple(&mut self) -> Parsed<Expression> {
        let opener = self.take();
        if self.at_word("for") {
            return self.comprehension(opener);
        }
        let (items, end) = self.list(opener, Parser::expression)?;
        Ok(Expression { node: Node::Tuple(items), span: self.span(opener).to(self.span(end)) })
    }

    /// Items with commas between them, up to the closer of `opener`, which was taken.
    pub(super) fn list<T>(
        &mut self,
        opener: Token,
        mut item: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<(Vec<T>, Token)> {
        let closer = opener.kind.closer().unwrap_or(Kind::End);
        let mark = self.mark();
        let (mut items, mut commas) = (Vec::new(), Commas::default());
        loop {
            if let Some(end) = self.eat(closer) {
                self.missing_commas(opener, &mut commas);
                return Ok((items, end));
            }
            if self.peek().kind == Kind::CloseBrace {
                return Err(self.unclosed(opener));
            }
            match item(self) {
                Ok(item) => add(&mut items, item),
                Err(Stop) if self.recover(mark, &[Kind::Comma, closer]) => {}
                Err(Stop) => return Err(Stop),
            }
            let next = self.peek();
            if next.kind == Kind::Comma {
                self.take();
            } else if next.kind.begins_value() && self.is_item(next) {
                commas.add(self.before(), next);
            } else if next.kind != closer {
                self.missing_commas(opener, &mut commas);
                let expected = format!("`,` or `{}`", closer.symbol());
                let stop = self.unclosed_or(&expected, opener);
                if !self.recover(mark, &[Kind::Comma, closer]) {
                    return Err(stop);
                }
                self.eat(Kind::Comma);
            }
        }
    }

    pub(super) fn object(&mut self) -> Parsed<Expression> {
        let opener = self.take();
        let first = self.first_in_lines();
        if first.kind == Kind::Identifier && self.slice(first) == "for" {
            self.ignore_newlines();
            return self.comprehension(opener);
        }
        self.entries(opener)
    }

    fn entries(&mut self, opener: Token) -> Parsed<Expression> {
        let mark = self.mark();
        let (mut entries, mut commas) = (Vec::new(), Commas::default());
        loop {
            while self.eat(Kind::Newline).is_some() {}
            if let Some(end) = self.eat(Kind::CloseBrace) {
                self.missing_commas(opener, &mut commas);
                return Ok(Expression { node: Node::Object(entries), span: self.span(opener).to(self.span(end)) });
            }
            let entry = self.entry(opener).and_then(|entry| {
                add(&mut entries, entry);
                let next = self.peek();
                match next.kind {
                    Kind::Comma | Kind::Newline | Kind::CloseBrace => Ok(()),
                    Kind::Identifier if matches!(self.second().kind, Kind::Equal | Kind::Colon) => {
                        commas.add(self.before(), next);
                        Ok(())
                    }
                    _ => Err(self.unclosed_or("`,`, the end of the line or `}`", opener)),
                }
            });
            if entry.is_err() && !self.recover(mark, &[Kind::Comma, Kind::Newline, Kind::CloseBrace]) {
                return Err(Stop);
            }
            self.eat(Kind::Comma);
        }
    }

    fn entry(&mut self, opener: Token) -> Parsed<Entry> {
        let bare = self.peek();
        let word = bare.kind == Kind::Identifier && matches!(self.second().kind, Kind::Equal | Kind::Colon);
        let key = match word {
            true => {
                self.take();
                Expression { node: Node::String(self.word(bare)), span: self.span(bare) }
            }
            false if self.peek().kind == Kind::End || self.begins_block() => {
                return Err(self.unclosed_or("`}`", opener));
            }
            false => self.expression()?,
        };
        match self.peek().kind {
            Kind::Equal | Kind::Colon => self.take(),
            _ => return Err(self.unexpected("`=` and a value behind the key")),
        };
        Ok(Entry { key, value: self.expression()? })
    }

    /// Whether a block's header stands here: inside an object a sign that the object was never closed.
    fn begins_block(&mut self) -> bool {
        self.peek().kind == Kind::Identifier && self.second().kind == Kind::Quote && self.begins_item(self.at)
    }
}
