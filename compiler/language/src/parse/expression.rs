//! Expressions: operators by precedence, without recursion along a chain, and their operands.

use super::cursor::{DEEPEST, Parsed, Parser};
use super::token::Kind;
use crate::syntax::{Binary, Branch, Expression, Node, Unary};
use ordain_model::number::Number;
use ordain_model::source::Span;

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        let start = self.peek();
        let around = std::mem::take(&mut self.tallest);
        if self.depth >= DEEPEST {
            self.too_deep();
            return Ok(Expression { node: Node::Error, span: self.from(start) });
        }
        self.depth += 1;
        let expression = self.conditional();
        self.depth -= 1;
        self.tallest = around.max(self.tallest + 1);
        if self.tallest <= DEEPEST {
            return expression;
        }
        self.tallest = around;
        self.report_too_deep(self.span(start));
        Ok(Expression { node: Node::Error, span: self.from(start) })
    }

    /// An expression with nothing but line ends around it.
    pub(super) fn only_expression(&mut self) -> Option<Expression> {
        while self.eat(Kind::Newline).is_some() {}
        let expression = self.expression().ok()?;
        while self.eat(Kind::Newline).is_some() {}
        match self.peek().kind {
            Kind::End => Some(expression),
            _ => {
                self.unexpected("the end of the expression");
                None
            }
        }
    }

    /// Takes what is left, so that the mistakes in it are reported too.
    pub(super) fn take_rest(&mut self) {
        while self.peek().kind != Kind::End {
            self.take();
        }
    }

    fn conditional(&mut self) -> Parsed<Expression> {
        let mut branches = Vec::new();
        let mut last = self.operators()?;
        while self.eat(Kind::Question).is_some() {
            let then = self.expression()?;
            branches.push(Branch { condition: last, then });
            self.expect(Kind::Colon, "`:` and the value for when the condition does not hold")?;
            last = self.operators()?;
        }
        let Some(first) = branches.first() else { return Ok(last) };
        let span = first.condition.span.to(last.span);
        Ok(Expression { node: Node::Conditional(branches.into(), last.into()), span })
    }

    /// Operands and the operators between them, grouped by precedence as they are read.
    fn operators(&mut self) -> Parsed<Expression> {
        let first = self.operand()?;
        match binary(self.peek().kind) {
            Some(_) => self.chain(first),
            None => Ok(first),
        }
    }

    fn chain(&mut self, first: Expression) -> Parsed<Expression> {
        let mut runs: Vec<Run> = Vec::new();
        let mut last = first;
        let mut levels = 0_u8;
        while let Some(operator) = binary(self.peek().kind) {
            self.take();
            let level = precedence(operator);
            levels |= 1 << level;
            last = close(&mut runs, last, level);
            match runs.last_mut() {
                Some(run) if run.level == level => run.push(operator, last),
                _ => runs.push(Run::new(level, operator, last)),
            }
            last = self.operand()?;
        }
        self.tallest += levels.count_ones();
        Ok(close(&mut runs, last, 0))
    }

    /// An operand with its prefixes and its path. Operands stand beside each other: the tallest of them counts.
    pub(super) fn operand(&mut self) -> Parsed<Expression> {
        let around = std::mem::take(&mut self.tallest);
        let operand = self.operand_alone();
        self.tallest = self.tallest.max(around);
        operand
    }

    fn operand_alone(&mut self) -> Parsed<Expression> {
        if matches!(self.peek().kind, Kind::Not | Kind::Minus) {
            return self.prefixed();
        }
        let operand = self.primary()?;
        match self.peek().kind {
            Kind::Dot | Kind::OpenBracket => self.path(operand),
            _ => Ok(operand),
        }
    }

    fn prefixed(&mut self) -> Parsed<Expression> {
        let mut prefixes: Vec<(Unary, Span)> = Vec::new();
        loop {
            let next = self.peek();
            let operator = match next.kind {
                Kind::Not => Unary::Not,
                Kind::Minus => Unary::Negate,
                _ => break,
            };
            if prefixes.len() as u32 + self.depth >= DEEPEST {
                self.too_deep();
                return Ok(Expression { node: Node::Error, span: self.from(next) });
            }
            prefixes.push((operator, self.span(next)));
            self.take();
        }
        let operand = self.operand()?;
        self.tallest += prefixes.len() as u32;
        Ok(prefixes.into_iter().rev().fold(operand, |operand, (operator, start)| {
            let span = start.to(operand.span);
            Expression { node: Node::Unary(operator, operand.into()), span }
        }))
    }

    fn primary(&mut self) -> Parsed<Expression> {
        let next = self.peek();
        let node = match next.kind {
            Kind::Number => return Ok(self.number()),
            Kind::Invalid => Node::Error,
            Kind::Identifier => return self.named(),
            Kind::Quote | Kind::Heredoc | Kind::IndentedHeredoc => return self.template(),
            Kind::OpenParenthesis => return self.parentheses(),
            Kind::OpenBracket => return self.tuple(),
            Kind::OpenBrace => return self.object(),
            _ => return Err(self.unexpected("a value")),
        };
        self.take();
        Ok(Expression { node, span: self.span(next) })
    }

    pub(super) fn number(&mut self) -> Expression {
        let token = self.take();
        let node = Number::parse(self.slice(token)).map(Node::Number).unwrap_or_else(|error| {
            self.number_too_large(token, &error.to_string());
            Node::Error
        });
        Expression { node, span: self.span(token) }
    }

    /// A keyword, a name or a call.
    fn named(&mut self) -> Parsed<Expression> {
        let next = self.peek();
        let follows = self.second();
        if matches!(follows.kind, Kind::OpenParenthesis | Kind::DoubleColon) {
            return self.call();
        }
        self.take();
        let node = match self.slice(next) {
            "true" => Node::Bool(true),
            "false" => Node::Bool(false),
            "null" => Node::Null,
            _ => Node::Variable(self.word(next)),
        };
        Ok(Expression { node, span: self.span(next) })
    }

    fn parentheses(&mut self) -> Parsed<Expression> {
        let opener = self.take();
        let inner = self.expression()?;
        let end = self.closed(opener, "`)`")?;
        Ok(Expression { node: Node::Parentheses(inner.into()), span: self.span(opener).to(self.span(end)) })
    }
}

/// Operands with operators of one level between them and one behind the last: what binds looser stands before it.
struct Run {
    level: u8,
    first: Expression,
    rest: Vec<(Binary, Expression)>,
    /// The operator behind the last operand.
    open: Binary,
}

impl Run {
    fn new(level: u8, open: Binary, first: Expression) -> Run {
        Run { level, first, rest: Vec::new(), open }
    }

    fn push(&mut self, operator: Binary, operand: Expression) {
        self.rest.push((std::mem::replace(&mut self.open, operator), operand));
    }
}

/// Ends every run that binds tighter than a level: each is the last operand of the one before it.
fn close(runs: &mut Vec<Run>, mut last: Expression, level: u8) -> Expression {
    while let Some(Run { first, mut rest, open, .. }) = runs.pop_if(|run| run.level > level) {
        let span = first.span.to(last.span);
        rest.push((open, last));
        last = Expression { node: Node::Chain(first.into(), rest.into()), span };
    }
    last
}

/// From 1, the loosest.
fn precedence(operator: Binary) -> u8 {
    match operator {
        Binary::Or => 1,
        Binary::And => 2,
        Binary::Equal | Binary::NotEqual => 3,
        Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual => 4,
        Binary::Add | Binary::Subtract => 5,
        Binary::Multiply | Binary::Divide | Binary::Remainder => 6,
    }
}

fn binary(kind: Kind) -> Option<Binary> {
    Some(match kind {
        Kind::Or => Binary::Or,
        Kind::And => Binary::And,
        Kind::EqualEqual => Binary::Equal,
        Kind::NotEqual => Binary::NotEqual,
        Kind::Less => Binary::Less,
        Kind::LessEqual => Binary::LessOrEqual,
        Kind::Greater => Binary::Greater,
        Kind::GreaterEqual => Binary::GreaterOrEqual,
        Kind::Plus => Binary::Add,
        Kind::Minus => Binary::Subtract,
        Kind::Star => Binary::Multiply,
        Kind::Slash => Binary::Divide,
        Kind::Percent => Binary::Remainder,
        _ => return None,
    })
}
