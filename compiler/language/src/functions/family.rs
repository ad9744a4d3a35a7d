//! [`FAMILIES`]: what functions are about, with the lists of those that are.

use super::{
    Function, address, attempt, bound, choice, collection, combination, conversion, csv, deferred, digest, encoding,
    file, fileset, format, graphemes, instant, json, measure, number, object, path, pattern, power, set, span, subnet,
    template, text, version, yaml,
};

/// Functions about one thing.
pub struct Family {
    /// What they are about.
    pub title: &'static str,
    /// What holds for all of them, where there is something. Links are relative to the folder of the reference.
    pub preface: &'static str,
    /// Whether their examples read [`EXAMPLE_FILES`].
    pub reads: bool,
    pub(crate) lists: &'static [&'static [Function]],
}

impl Family {
    /// Its functions, sorted by name.
    pub fn functions(&self) -> impl Iterator<Item = &'static Function> {
        let mut functions: Vec<&'static Function> = self.lists.iter().flat_map(|list| list.iter()).collect();
        functions.sort_by_key(|function| function.name);
        functions.into_iter()
    }
}

/// The files of the module in which the examples run, by their paths.
pub const EXAMPLE_FILES: &[(&str, &str)] = &[
    ("limits.json", "{ \"days\": 365 }\n"),
    ("notes/office.txt", "203.0.113.0/24\n"),
    ("notes/rule.tpl", "Kept ${days} days:%{ for name in names } ${name}%{ endfor }\n"),
];

const ADDRESSES: &str = "A set of addresses is a block, a list of blocks or a value of the type `cidrs`; a result is a list of blocks that compares by the addresses it covers.";
const BOUNDS: &str = "What a setting must satisfy. What each admits, and which values it takes, depends on the setting's type: [bounds](language.md#bounds). Only `optional_bound` takes what compares with null.";
const FILES: &str = "Paths are relative to the module's directory, and what they lead to stands below it. What is read is part of the module's digest: [files of the module](language.md#files-of-the-module).";
const MOMENTS: &str = "Moments are texts as RFC 3339 writes them. Nothing reads the clock.";
const MEASURES: &str = "A text stands for a size or a ratio wherever a setting or a variable of the type takes it: `at_most(\"10GiB\")`, `at_least(\"5%\")`. Neither is ever a binary fraction.";
const SPANS: &str = "Months and years stay months and years until something asks how long they are: [months and years](language.md#months-and-years).";

const fn family(title: &'static str, preface: &'static str, lists: &'static [&'static [Function]]) -> Family {
    Family { title, preface, reads: false, lists }
}

/// Every family, sorted by title.
pub static FAMILIES: &[Family] = &[
    family("Addresses", ADDRESSES, &[address::FUNCTIONS, subnet::FUNCTIONS]),
    family("Bounds", BOUNDS, &[bound::FUNCTIONS]),
    family("Calls that a provider resolves", "", &[deferred::FUNCTIONS]),
    family("Choices", "", &[attempt::FUNCTIONS, choice::FUNCTIONS]),
    family("Conversions", "", &[conversion::FUNCTIONS]),
    family("Digests", "", &[digest::FUNCTIONS]),
    family("Encodings", "", &[csv::FUNCTIONS, encoding::FUNCTIONS, json::FUNCTIONS, yaml::FUNCTIONS]),
    Family { reads: true, ..family("Files", FILES, &[file::FUNCTIONS, fileset::FUNCTIONS, template::FUNCTIONS]) },
    family(
        "Lists, sets and objects",
        "",
        &[collection::FUNCTIONS, combination::FUNCTIONS, object::FUNCTIONS, set::FUNCTIONS],
    ),
    family("Moments", MOMENTS, &[instant::FUNCTIONS]),
    family("Numbers", "", &[number::FUNCTIONS, power::FUNCTIONS]),
    family("Paths", "", &[path::FUNCTIONS]),
    family("Sizes and ratios", MEASURES, &[measure::FUNCTIONS]),
    family("Spans of time", SPANS, &[span::FUNCTIONS]),
    family("Texts", "", &[format::FUNCTIONS, graphemes::FUNCTIONS, pattern::FUNCTIONS, text::FUNCTIONS]),
    family("Versions", "", &[version::FUNCTIONS]),
];
