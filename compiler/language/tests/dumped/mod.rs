//! A file's tree as one text, made from our tree and from hcl-edit's: equal texts are equal trees, spans included.
#![allow(dead_code, reason = "one of the tests that share it has one parser only")]

pub mod ours;
pub mod theirs;

/// A node: its sort, its parts, and where it stands.
fn node(sort: &str, parts: impl IntoIterator<Item = String>, span: Option<(usize, usize)>) -> String {
    let parts: Vec<String> = parts.into_iter().collect();
    match span {
        Some((start, end)) => format!("{sort}@{start}-{end}({})", parts.join(" ")),
        None => format!("{sort}({})", parts.join(" ")),
    }
}
