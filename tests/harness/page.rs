//! [`Page`]: a Markdown page whose cases run. What stands before the first `##` is common to all of its cases.
//!
//! ````markdown
//! ## The longer of two minimums wins
//!
//! A module may raise what the root asks for.
//!
//! ```hcl modules/base/main.hcl
//! ...
//! ```
//! ```verdicts
//! ...
//! ```
//! ````
//!
//! | block | is |
//! |---|---|
//! | `hcl NAME` | a file of the profile; `main.hcl` where no name is given |
//! | `file NAME` | a file that the profile reads |
//! | `estate NAME` | an embedded estate; `estate.json` where no name is given |
//! | `file NAME` | any other file |
//! | `objects NAME` | a cluster, as [`crate::cluster`] reads it; `cluster.jsonl` where no name is given |
//! | `diagnostics` | expected: every message, as the terminal shows it |
//! | `verdicts` | expected: a line per obligation |
//! | `plan` | expected: what `ordain plan` prints |
//! | `json` | expected: what `ordain plan -json` prints |
//! | `console`, `terraform`, `text` | prose |

use std::collections::BTreeMap;
use std::ops::Range;

/// Blocks that are given.
const GIVEN: [&str; 4] = ["estate", "file", "hcl", "objects"];
/// Blocks that are expected.
const EXPECTED: [&str; 4] = ["diagnostics", "json", "plan", "verdicts"];
/// Blocks that nothing reads here.
const PROSE: [&str; 4] = ["", "console", "terraform", "text"];

/// A fenced block.
#[derive(Clone, Debug)]
pub struct Block {
    /// The first word after the fence.
    pub sort: String,
    /// The second one: a file's name.
    pub name: Option<String>,
    /// What stands inside, every line ended.
    pub text: String,
    /// The lines inside, counted from 0.
    lines: Range<usize>,
}

/// What stands under one `##`.
#[derive(Clone, Debug)]
pub struct Case {
    /// The heading.
    pub title: String,
    /// Its blocks, behind those that all cases of the page have in common.
    pub blocks: Vec<Block>,
}

/// A page and its cases.
#[derive(Clone, Debug)]
pub struct Page {
    lines: Vec<String>,
    /// The cases, in order.
    pub cases: Vec<Case>,
}

impl Case {
    /// The files that are given, by name.
    #[must_use]
    pub fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        for block in self.blocks.iter().filter(|block| GIVEN.contains(&block.sort.as_str())) {
            let usual = match block.sort.as_str() {
                "hcl" => "main.hcl",
                "objects" => "cluster.jsonl",
                _ => "estate.json",
            };
            let name = block.name.clone().unwrap_or_else(|| usual.to_string());
            files.entry(name).or_insert_with(String::new).push_str(&block.text);
        }
        files
    }

    /// Whether a block of this sort is expected.
    #[must_use]
    pub fn expects(&self, sort: &str) -> bool {
        self.blocks.iter().any(|block| block.sort == sort)
    }
}

impl Page {
    /// Reads a page.
    ///
    /// # Errors
    /// A fence that is not closed, or a block of a sort that nothing would check.
    pub fn parse(text: &str) -> Result<Page, String> {
        let lines: Vec<String> = text.lines().map(String::from).collect();
        let (mut shared, mut cases): (Vec<Block>, Vec<Case>) = (Vec::new(), Vec::new());
        let mut at = 0;
        while at < lines.len() {
            if let Some(title) = lines[at].strip_prefix("## ") {
                cases.push(Case { title: title.to_string(), blocks: shared.clone() });
            }
            if let Some(info) = lines[at].strip_prefix("```") {
                let block = block(&lines, at, info)?;
                at = block.lines.end;
                cases.last_mut().map_or(&mut shared, |case| &mut case.blocks).push(block);
            }
            at += 1;
        }
        Ok(Page { lines, cases })
    }

    /// The page with every expected block replaced by what `run` says for it. A case that expects nothing is an error.
    ///
    /// # Errors
    /// What stands in the way of running a case.
    pub fn run(&self, run: impl Fn(&Case) -> Result<BTreeMap<&'static str, String>, String>) -> Result<String, String> {
        let mut replaced: BTreeMap<usize, (usize, String)> = BTreeMap::new();
        for case in &self.cases {
            let expected: Vec<&Block> =
                case.blocks.iter().filter(|block| EXPECTED.contains(&block.sort.as_str())).collect();
            if expected.is_empty() {
                return Err(format!("`{}` expects nothing", case.title));
            }
            let actual = run(case).map_err(|problem| format!("`{}`: {problem}", case.title))?;
            for block in expected {
                let text = actual
                    .get(block.sort.as_str())
                    .ok_or_else(|| format!("`{}` gives no {}", case.title, block.sort))?;
                replaced.insert(block.lines.start, (block.lines.end, text.clone()));
            }
        }
        let mut text = String::new();
        let mut at = 0;
        while at < self.lines.len() {
            if let Some((end, actual)) = replaced.get(&at) {
                text.push_str(actual.trim_end());
                text.push_str(if actual.trim_end().is_empty() { "" } else { "\n" });
                at = *end;
            }
            text.push_str(&self.lines[at]);
            text.push('\n');
            at += 1;
        }
        Ok(text)
    }
}

/// A text with the inside of each fenced block replaced by what `replace` says for it: its info string and what stands
/// inside.
///
/// # Errors
/// A fence that is not closed.
pub fn fences(text: &str, mut replace: impl FnMut(&str, &str) -> Option<String>) -> Result<String, String> {
    let (mut new, mut rest) = (String::new(), text);
    while let Some(at) = if rest.starts_with("```") { Some(0) } else { rest.find("\n```").map(|at| at + 1) } {
        let (before, fence) = rest.split_at(at);
        let (info, inside) = fence[3..].split_once('\n').ok_or("a block is not closed")?;
        let end = if inside.starts_with("```") { 0 } else { inside.find("\n```").ok_or("a block is not closed")? + 1 };
        let now = replace(info, &inside[..end]).unwrap_or_else(|| inside[..end].to_string());
        new.push_str(&format!("{before}```{info}\n{now}```"));
        rest = &inside[end + 3..];
    }
    new.push_str(rest);
    Ok(new)
}

fn block(lines: &[String], fence: usize, info: &str) -> Result<Block, String> {
    let mut words = info.split_whitespace();
    let sort = words.next().unwrap_or("").to_string();
    let known = [&GIVEN[..], &EXPECTED[..], &PROSE[..]].concat();
    if !known.contains(&sort.as_str()) {
        return Err(format!("line {}: no block is called `{sort}`; there are {}", fence + 1, known.join(", ")));
    }
    let start = fence + 1;
    let length = lines[start..].iter().position(|line| line == "```");
    let end = start + length.ok_or_else(|| format!("line {}: the block is not closed", fence + 1))?;
    let text = lines[start..end].iter().map(|line| format!("{line}\n")).collect();
    Ok(Block { sort, name: words.next().map(String::from), text, lines: start..end })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Title\n\n```hcl\ncommon\n```\n\n## First\n\n```hcl\nown\n```\n```verdicts\nold\nlines\n```\nprose\n## Second\n```plan\n```\n";

    #[test]
    fn what_stands_before_the_first_case_belongs_to_all() {
        let page = Page::parse(PAGE).expect("a page");
        assert_eq!(page.cases.len(), 2);
        assert_eq!(page.cases[0].files(), [("main.hcl".to_string(), "common\nown\n".to_string())].into());
        assert_eq!(page.cases[1].files(), [("main.hcl".to_string(), "common\n".to_string())].into());
    }

    #[test]
    fn only_expected_blocks_are_rewritten() {
        let page = Page::parse(PAGE).expect("a page");
        let new = page.run(|_| Ok([("verdicts", "new\n".to_string()), ("plan", "steps\n".to_string())].into()));
        let wanted = PAGE.replace("old\nlines", "new").replace("```plan\n", "```plan\nsteps\n");
        assert_eq!(new.as_deref(), Ok(wanted.as_str()));
    }

    #[test]
    fn fences_keep_everything_around_them() {
        let count =
            |text: &str| fences(text, |info, inside| info.starts_with("plan").then(|| format!("{}\n", inside.len())));
        assert_eq!(
            count("a\n```plan x\nold\n```\nb\n```hcl\nkept\n```\n"),
            Ok("a\n```plan x\n4\n```\nb\n```hcl\nkept\n```\n".into())
        );
        assert_eq!(count("```plan\n```"), Ok("```plan\n0\n```".into()));
        assert!(count("```plan\nnever").is_err());
    }

    #[test]
    fn nothing_goes_unchecked_by_a_slip() {
        assert!(
            Page::parse("```verdict\n```\n").is_err_and(|problem| problem.contains("no block is called `verdict`"))
        );
        assert!(Page::parse("```hcl\n").is_err_and(|problem| problem.contains("not closed")));
        let silent = Page::parse("## Case\n```hcl\n```\n").expect("a page");
        assert_eq!(silent.run(|_| Ok(BTreeMap::new())), Err("`Case` expects nothing".to_string()));
        let page = Page::parse("## Case\n```plan\n```\n").expect("a page");
        assert_eq!(page.run(|_| Ok(BTreeMap::new())), Err("`Case` gives no plan".to_string()));
    }
}
