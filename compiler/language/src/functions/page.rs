//! A function's page, made of its item.

use super::{Code, EXAMPLE_FILES, FAMILIES, Family, Function, Of, Parameter};
use std::fmt::Write;

impl Function {
    /// Its page in Markdown: signature, what it does, what its arguments are, examples with their results, errors with what is
    /// said of them, and what else is about the same.
    #[must_use]
    pub fn page(&self) -> String {
        let mut page = format!("# {}\n\n`{}`\n\n{}\n", self.name, self.signature(), self.summary);
        self.arguments(&mut page);
        let family = FAMILIES.iter().find(|family| family.functions().any(|other| other.name == self.name));
        if let Some(family) = family.filter(|family| !family.preface.is_empty()) {
            // Writing to a string cannot fail.
            let _ = write!(page, "\n{}\n", family.preface.replace("](", "](../"));
        }
        self.examples(family.is_some_and(|family| family.reads), &mut page);
        self.errors(&mut page);
        if let Some(family) = family {
            self.others(family, &mut page);
        }
        page
    }

    fn arguments(&self, page: &mut String) {
        if self.parameters.is_empty() && self.rest.is_none() {
            return;
        }
        page.push_str("\n| argument | is |\n|---|---|\n");
        let line = |parameter: &Parameter, rest: bool| {
            let left_out = if parameter.optional { "; may be left out" } else { "" };
            let many = if rest { "; any number of them" } else { "" };
            format!("| `{}` | {}{left_out}{many} |\n", parameter.name, parameter.of.takes())
        };
        let lines = self.parameters.iter().map(|parameter| line(parameter, false));
        page.extend(lines.chain(self.rest.iter().map(|rest| line(rest, true))));
        if let Some(unknown) = self.unknown() {
            let _ = write!(page, "\n{unknown}\n");
        }
    }

    /// What becomes of unknown arguments.
    fn unknown(&self) -> Option<&'static str> {
        match self.code {
            Code::Strict(_) | Code::Bound(_) => {
                Some("The result is unknown where an argument, or anything inside of one, is unknown.")
            }
            Code::Shallow(_) => Some(
                "The result is unknown where an argument is unknown. What is unknown inside of a list or an object stays there.",
            ),
            Code::Lenient(_) => Some("Where something unknown does not decide, the result is known all the same."),
            Code::Lazy(_) => Some("A result that is unknown is no error, and is passed on."),
            Code::Deferred => None,
        }
    }

    /// A bound's value is the bound itself: its example shows no result.
    fn examples(&self, reads: bool, page: &mut String) {
        page.push_str("\n## Examples\n\n```text\n");
        for (expression, result) in self.examples {
            let _ = match expression == result {
                true => writeln!(page, "{expression}"),
                false => writeln!(page, "{expression} -> {result}"),
            };
        }
        page.push_str("```\n");
        if reads {
            let files = EXAMPLE_FILES.iter().map(|(path, text)| format!("{path}: {text}"));
            let _ = write!(page, "\nThey read these files:\n\n```text\n{}```\n", files.collect::<String>());
        }
    }

    fn errors(&self, page: &mut String) {
        if self.errors.is_empty() {
            return;
        }
        page.push_str("\n## Errors\n\n```text\n");
        for (call, said) in self.errors {
            let _ = writeln!(page, "{call}\n  {said}");
        }
        page.push_str("```\n");
    }

    fn others(&self, family: &Family, page: &mut String) {
        let others = family.functions().filter(|other| other.name != self.name);
        let others: Vec<String> = others.map(|other| format!("[`{0}`]({0}.md)", other.name)).collect();
        if !others.is_empty() {
            let _ = write!(page, "\n{}: {}.\n", family.title, others.join(", "));
        }
    }
}

impl Of {
    /// What an argument may be, and what becomes of it.
    fn takes(self) -> &'static str {
        match self {
            Of::Any => "any value, also null",
            Of::Some => "any value but null",
            Of::Text => "a string; numbers, bools and spans of time become one",
            Of::Number => "a number; a string that reads as one becomes one",
            Of::Whole => "a whole number that fits 64 bits; a string that reads as one becomes one",
            Of::List => "a list; a set becomes one",
            Of::Texts => "a list of strings; a set becomes one, and so do numbers and bools in it",
            Of::Object => "an object",
            Of::Addresses => "address blocks: a string, a list or a set of strings",
            Of::Duration => "a span of time; a string such as `90d` becomes one",
        }
    }
}
