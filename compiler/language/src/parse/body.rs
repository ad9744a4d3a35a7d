//! Bodies: attributes and blocks. An error in one is reported and the next line is read.

use super::cursor::{Parsed, Parser, Stop, add};
use super::token::{Kind, Token};
use crate::syntax::{Attribute, Block, Body, Expression, Name, Node};
use ordain_model::code;
use ordain_model::source::Span;
use std::collections::HashMap;

impl Parser<'_> {
    /// The whole file.
    pub(super) fn file(&mut self) -> Body {
        let mut body = self.body();
        while let Some(extra) = self.eat(Kind::CloseBrace) {
            let message = self.error(code::SYNTAX, extra, "this `}` closes nothing");
            self.report(message.help("Remove it, or look for a missing `{` above."));
            let rest = self.body();
            body.attributes.extend(rest.attributes);
            body.blocks.extend(rest.blocks);
        }
        self.duplicates(&body);
        body.span = Span { source: self.source, start: 0, end: self.text.len() as u32 };
        body
    }

    /// Items up to a closing brace or the end of the file, neither of them taken.
    fn body(&mut self) -> Body {
        let start = self.peek();
        let mut body = Body { attributes: Vec::new(), blocks: Vec::new(), span: self.span(start) };
        loop {
            while self.eat(Kind::Newline).is_some() {}
            let next = self.peek();
            if matches!(next.kind, Kind::End | Kind::CloseBrace) {
                body.span.end = next.start;
                body.attributes.shrink_to_fit();
                body.blocks.shrink_to_fit();
                return body;
            }
            let (mark, before) = (self.mark(), self.at);
            self.cut = false;
            if self.item(&mut body).and_then(|()| self.line_end()).is_err() {
                self.recover(mark, &[Kind::Newline]);
                if self.at == before {
                    self.take();
                }
            }
        }
    }

    fn item(&mut self, body: &mut Body) -> Parsed<()> {
        let next = self.peek();
        match next.kind {
            Kind::Identifier => {}
            Kind::Quote => return Err(self.quoted_name()),
            _ => return Err(self.unexpected("an attribute or a block")),
        }
        let name = self.name("a name")?;
        if self.eat(Kind::Equal).is_some() {
            return self.attribute(name, body);
        }
        let (labels, behind) = self.labels();
        match self.raw(behind).kind {
            kind if kind == Kind::OpenBrace || self.labels_then_brace(behind) => {
                let block = self.block(name)?;
                add(&mut body.blocks, block);
                Ok(())
            }
            // A label without its end, which the lexer reported.
            Kind::Broken => Err(Stop),
            Kind::Newline | Kind::End if labels > 1 => Err(self.missing_brace(&name, behind)),
            _ => Err(self.missing_equal(&name)),
        }
    }

    /// The value of an attribute; where it does not read, the attribute stands with [`Node::Error`].
    fn attribute(&mut self, name: Name, body: &mut Body) -> Parsed<()> {
        let start = self.peek();
        let value = self.expression();
        let read = if value.is_ok() { Ok(()) } else { Err(Stop) };
        let value = value.unwrap_or_else(|Stop| Expression { node: Node::Error, span: self.from(start) });
        add(&mut body.attributes, Attribute { name, value });
        read
    }

    fn line_end(&mut self) -> Parsed<()> {
        match self.peek().kind {
            Kind::Newline | Kind::End | Kind::CloseBrace => Ok(()),
            Kind::Comma => Err(self.comma()),
            _ => Err(self.unexpected("the end of the line")),
        }
    }

    /// How many labels follow on this line, and the place behind them.
    fn labels(&mut self) -> (usize, usize) {
        let (mut labels, mut at) = (0, self.at);
        loop {
            match self.raw(at).kind {
                Kind::Quote | Kind::Identifier | Kind::Number => labels += 1,
                Kind::Literal | Kind::EndQuote | Kind::Interpolation | Kind::EndTemplate => {}
                _ => return (labels, at),
            }
            at += 1;
        }
    }

    /// A header whose `{` stands on the next line is meant as a header too.
    fn labels_then_brace(&mut self, at: usize) -> bool {
        self.raw(at).kind == Kind::Newline && self.raw(at + 1).kind == Kind::OpenBrace
    }

    fn block(&mut self, kind: Name) -> Parsed<Block> {
        let mut labels = Vec::new();
        while self.peek().kind != Kind::OpenBrace {
            match self.peek().kind {
                Kind::Newline => {
                    self.brace_on_next_line();
                }
                _ => labels.push(self.label()?),
            }
        }
        let opener = self.take();
        let body = match self.deeper(|parser| parser.braced(opener)) {
            Some(body) => body?,
            None => Body { attributes: Vec::new(), blocks: Vec::new(), span: self.skipped(opener) },
        };
        self.duplicates(&body);
        let span = Span { end: body.span.end + 1, ..kind.span };
        Ok(Block { kind, labels, body, span })
    }

    fn label(&mut self) -> Parsed<Name> {
        let next = self.peek();
        if next.kind == Kind::Identifier {
            return self.name("a label");
        }
        let label = self.operand()?;
        match label.node {
            Node::String(text) => Ok(Name { text, span: label.span }),
            _ => Err(self.fixed_label(label.span)),
        }
    }

    fn braced(&mut self, opener: Token) -> Parsed<Body> {
        if matches!(self.peek().kind, Kind::Newline | Kind::CloseBrace | Kind::End) {
            let body = self.body();
            return self.close_block(opener, body);
        }
        let start = self.peek();
        let mut body = Body { attributes: Vec::new(), blocks: Vec::new(), span: self.span(start) };
        let mark = self.mark();
        let item = self.item(&mut body);
        if item.is_ok() && self.peek().kind == Kind::CloseBrace && body.blocks.is_empty() {
            return self.close_block(opener, body);
        }
        if item.is_ok() {
            self.one_line_block(opener);
        }
        self.recover(mark, &[Kind::Newline]);
        let rest = self.body();
        body.attributes.extend(rest.attributes);
        body.blocks.extend(rest.blocks);
        self.close_block(opener, body)
    }

    /// Skips a block that stands too deep; what was between its braces.
    fn skipped(&mut self, opener: Token) -> Span {
        let around = self.open.len().saturating_sub(1);
        while self.open.len() > around && self.peek().kind != Kind::End {
            self.take();
        }
        self.ended |= self.peek().kind == Kind::End;
        let span = self.from(opener);
        Span { start: opener.end, end: span.end.max(opener.end + 1) - 1, ..span }
    }

    fn close_block(&mut self, opener: Token, mut body: Body) -> Parsed<Body> {
        match self.eat(Kind::CloseBrace) {
            Some(end) => {
                body.span = Span { start: opener.end, end: end.start, source: self.source };
                Ok(body)
            }
            None => {
                self.unclosed(opener);
                body.span = Span { start: opener.end, end: self.peek().start.max(opener.end), source: self.source };
                Ok(body)
            }
        }
    }

    fn duplicates(&mut self, body: &Body) {
        let mut first: HashMap<&str, Span> = HashMap::new();
        for attribute in &body.attributes {
            let name = &attribute.name;
            let Some(before) = first.insert(&name.text, name.span) else { continue };
            first.insert(&name.text, before);
            self.duplicate_attribute(name, before);
        }
    }
}
