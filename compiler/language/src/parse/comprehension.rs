//! `for` expressions: `[for ...]` and `{for ...}`.

use super::cursor::{Parsed, Parser};
use super::token::{Kind, Token};
use crate::syntax::{Expression, For, Name, Node};

/// The names of a `for`, and what it loops over.
pub(super) struct Loop {
    pub(super) key: Option<Name>,
    pub(super) value: Name,
    pub(super) collection: Expression,
}

impl Parser<'_> {
    /// From `for` to the closer of `opener`.
    pub(super) fn comprehension(&mut self, opener: Token) -> Parsed<(Node, Token)> {
        let Loop { key, value, collection } = self.loop_header()?;
        self.expect(Kind::Colon, "`:` and the result for each item")?;
        let object = opener.kind == Kind::OpenBrace;
        let mut result_key = None;
        if object {
            result_key = Some(self.expression()?);
            self.expect(Kind::Arrow, "`=>` and the value for the key")?;
        }
        let result = self.expression()?;
        let group = object && self.eat(Kind::Ellipsis).is_some();
        let mut condition = None;
        if self.at_word("if") {
            self.take();
            condition = Some(self.expression()?);
        }
        let closer = opener.kind.closer().unwrap_or(Kind::End);
        if self.peek().kind != closer {
            return Err(self.unclosed_or(&format!("`if` or `{}`", closer.symbol()), opener));
        }
        let end = self.take();
        Ok((Node::For(Box::new(For { key, value, collection, result_key, result, group, condition })), end))
    }

    /// `for key, value in collection`.
    pub(super) fn loop_header(&mut self) -> Parsed<Loop> {
        self.take();
        let mut value = self.name("the name of each item behind `for`")?;
        let mut key = None;
        if self.eat(Kind::Comma).is_some() {
            key = Some(std::mem::replace(&mut value, self.name("a second name behind the `,`")?));
        }
        if !self.at_word("in") {
            return Err(self.unexpected("`in` and a collection"));
        }
        self.take();
        Ok(Loop { key, value, collection: self.expression()? })
    }
}
