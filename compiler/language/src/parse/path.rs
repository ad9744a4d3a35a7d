//! Paths: `.name`, `[key]`, `[*]`, `.*` and the legacy `.0`; and calls.

use super::cursor::{Parsed, Parser};
use super::token::{Kind, Token};
use crate::syntax::{Argument, Expression, Name, Node, Step};
use ordain_model::source::Span;

impl Parser<'_> {
    /// An operand with the steps that stand behind it.
    pub(super) fn path(&mut self, operand: Expression) -> Parsed<Expression> {
        let mut steps = Vec::new();
        let end = self.steps(&mut steps)?;
        self.tallest += 1;
        let span = operand.span.to(end);
        Ok(Expression { node: Node::Path(operand.into(), steps.into()), span })
    }

    /// Steps as far as they go. Behind `[*]` all further ones belong to the items, so that they nest.
    fn steps(&mut self, steps: &mut Vec<Step>) -> Parsed<Span> {
        let next = self.peek();
        let mut end = self.span(next);
        loop {
            match self.peek().kind {
                Kind::Dot => end = self.dot(steps)?,
                Kind::OpenBracket => {
                    let opener = self.take();
                    match self.peek().kind {
                        Kind::Star => return self.each(opener, steps),
                        _ => end = self.index(opener, steps)?,
                    }
                }
                _ => return Ok(end),
            }
        }
    }

    fn dot(&mut self, steps: &mut Vec<Step>) -> Parsed<Span> {
        self.take();
        let next = self.peek();
        match next.kind {
            Kind::Identifier => steps.push(Step::Member(self.name("a name")?)),
            Kind::Number => steps.push(Step::Index(self.legacy_index()?)),
            Kind::Star => {
                self.take();
                let mut inner = Vec::new();
                let mut end = self.span(next);
                while self.peek().kind == Kind::Dot {
                    if self.second().kind == Kind::Star {
                        self.take();
                        return Err(self.unexpected("a name (`.*` cannot stand behind `.*`; `[*]` can)"));
                    }
                    end = self.dot(&mut inner)?;
                }
                steps.push(Step::Each(inner, self.span(next)));
                return Ok(end);
            }
            _ => return Err(self.unexpected("a name behind the `.`")),
        }
        Ok(self.span(next))
    }

    /// `.0`: an index in the syntax of long ago.
    fn legacy_index(&mut self) -> Parsed<Expression> {
        let token = self.peek();
        if let Some((first, second)) = self.slice(token).split_once('.') {
            return Err(self.chained_index(token, first, second));
        }
        Ok(self.number())
    }

    fn index(&mut self, opener: Token, steps: &mut Vec<Step>) -> Parsed<Span> {
        let key = self.expression()?;
        let end = self.closed(opener, "`]`")?;
        steps.push(Step::Index(key));
        Ok(self.span(end))
    }

    fn each(&mut self, opener: Token, steps: &mut Vec<Step>) -> Parsed<Span> {
        self.take();
        let end = self.closed(opener, "`]`")?;
        let mut inner = Vec::new();
        let span = self.span(opener).to(self.span(end));
        let last = match self.peek().kind {
            Kind::Dot | Kind::OpenBracket => match self.deeper(|parser| parser.steps(&mut inner)) {
                Some(last) => last?,
                None => {
                    self.too_deep();
                    span
                }
            },
            _ => span,
        };
        self.tallest += 1;
        steps.push(Step::Each(inner, span));
        Ok(last)
    }

    /// `name(arguments)` or `namespace::name(arguments)`.
    pub(super) fn call(&mut self) -> Parsed<Expression> {
        let mut name = self.name("a function's name")?;
        while self.eat(Kind::DoubleColon).is_some() {
            let next = self.name("a function's name behind `::`")?;
            name = Name { text: format!("{}::{}", name.text, next.text).into(), span: name.span.to(next.span) };
        }
        let opener = self.expect(Kind::OpenParenthesis, "`(` and the function's arguments")?;
        let mut expand = false;
        let (arguments, end) = self.list(opener, |parser| parser.argument(&mut expand))?;
        let span = name.span.to(self.span(end));
        Ok(Expression { node: Node::Call { name: name.into(), arguments: arguments.into(), expand }, span })
    }

    fn argument(&mut self, expand: &mut bool) -> Parsed<Argument> {
        let named = self.peek().kind == Kind::Identifier && self.second().kind == Kind::Equal;
        let name = if named { Some(self.name("a name")?.into()) } else { None };
        if named {
            self.take();
        }
        let value = self.expression()?;
        if self.eat(Kind::Ellipsis).is_some() {
            *expand = true;
            if self.peek().kind != Kind::CloseParenthesis {
                return Err(self.unexpected("`)` behind `...`"));
            }
        }
        Ok(Argument { name, value })
    }
}
