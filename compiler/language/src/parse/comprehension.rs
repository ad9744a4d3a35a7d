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
    pub(super) fn comprehension(&mut self, opener: Token) -> Parsed<Expression> {
        let header = self.loop_header()?;
        self.results(opener, header)
    }

    fn results(&mut self, opener: Token, header: Loop) -> Parsed<Expression> {
        let Loop { key, value, collection } = header;
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
        let closer = opener.kind.closer().map_or("", Kind::symbol);
        let end = self.closed(opener, &format!("`if` or `{closer}`"))?;
        let span = self.span(opener).to(self.span(end));
        let each = For { key, value, collection, result_key, result, group, condition };
        Ok(Expression { node: Node::For(Box::new(each)), span })
    }

    /// `for key, value in collection`.
    pub(super) fn loop_header(&mut self) -> Parsed<Loop> {
        let (key, value) = self.loop_names()?;
        Ok(Loop { key, value, collection: self.expression()? })
    }

    fn loop_names(&mut self) -> Parsed<(Option<Name>, Name)> {
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
        Ok((key, value))
    }
}
