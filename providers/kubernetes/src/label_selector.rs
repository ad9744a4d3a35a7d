//! [`LabelSelector`]: which objects a policy is about, and [`Index`], which finds them without looking at every one.

use crate::metadata::Labels;
use crate::page::absent;
use ordain_model::Text;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A selector over labels; every part has to hold. An empty one selects everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct LabelSelector {
    /// Labels with these values.
    #[serde(deserialize_with = "absent", skip_serializing_if = "Labels::is_empty")]
    pub match_labels: Labels,
    /// More that has to hold.
    #[serde(deserialize_with = "absent", skip_serializing_if = "Vec::is_empty")]
    pub match_expressions: Vec<Expression>,
}

/// What has to hold of one label.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub struct Expression {
    /// The label.
    pub key: Text,
    /// What about it.
    pub operator: Operator,
    /// The values of `In` and `NotIn`.
    #[serde(default, deserialize_with = "absent", skip_serializing_if = "BTreeSet::is_empty")]
    pub values: BTreeSet<Text>,
}

/// What an expression says of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub enum Operator {
    /// Its value is one of these.
    In,
    /// Its value is none of these, or it is not there.
    NotIn,
    /// It is there.
    Exists,
    /// It is not there.
    DoesNotExist,
}

impl Expression {
    fn holds(&self, labels: &Labels) -> bool {
        let value = labels.get(&self.key);
        match self.operator {
            Operator::In => value.is_some_and(|value| self.values.contains(value)),
            Operator::NotIn => value.is_none_or(|value| !self.values.contains(value)),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
        }
    }
}

impl LabelSelector {
    /// Whether it selects whatever there is and will be.
    #[must_use]
    pub fn selects_everything(&self) -> bool {
        self.match_labels.is_empty() && self.match_expressions.is_empty()
    }

    /// Whether it selects what carries these labels.
    #[must_use]
    pub fn selects(&self, labels: &Labels) -> bool {
        self.match_labels.iter().all(|(key, value)| labels.get(key) == Some(value))
            && self.match_expressions.iter().all(|expression| expression.holds(labels))
    }
}

/// Things with labels, found by what they carry.
///
/// A selector is answered from the shortest list of those that carry what it asks for, so that many selectors over many
/// things take the time of what they match. One that only says what things must not carry looks at all of them.
#[derive(Debug)]
pub struct Index<'a> {
    labels: Vec<&'a Labels>,
    carrying: BTreeMap<&'a Text, BTreeMap<&'a Text, Vec<usize>>>,
}

impl<'a> Index<'a> {
    /// An index of things by their labels, numbered in their order.
    pub fn of(things: impl IntoIterator<Item = &'a Labels>) -> Index<'a> {
        let labels: Vec<&Labels> = things.into_iter().collect();
        let mut carrying: BTreeMap<&Text, BTreeMap<&Text, Vec<usize>>> = BTreeMap::new();
        for (at, labels) in labels.iter().enumerate() {
            for (key, value) in *labels {
                carrying.entry(key).or_default().entry(value).or_default().push(at);
            }
        }
        Index { labels, carrying }
    }

    /// How many things there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The numbers of the things that a selector selects, each once.
    #[must_use]
    pub fn select(&self, selector: &LabelSelector) -> Vec<usize> {
        let mut candidates: Vec<usize> = match self.shortest(selector) {
            Some(lists) => lists.into_iter().flatten().copied().collect(),
            None => (0..self.labels.len()).collect(),
        };
        candidates.retain(|at| selector.selects(self.labels[*at]));
        candidates
    }

    /// The shortest lists that together hold everything that a selector selects. A thing carries one value of a label, so
    /// it stands in one list of a label at most.
    fn shortest(&self, selector: &LabelSelector) -> Option<Vec<&Vec<usize>>> {
        let of = |key: &Text, value: &Text| self.carrying.get(key).and_then(|values| values.get(value));
        let labels = selector.match_labels.iter().map(|(key, value)| of(key, value).into_iter().collect());
        let expressions = selector.match_expressions.iter().filter_map(|expression| match expression.operator {
            Operator::In => Some(expression.values.iter().filter_map(|value| of(&expression.key, value)).collect()),
            Operator::Exists => {
                Some(self.carrying.get(&expression.key).into_iter().flat_map(BTreeMap::values).collect())
            }
            Operator::NotIn | Operator::DoesNotExist => None,
        });
        labels
            .chain(expressions)
            .min_by_key(|lists: &Vec<&Vec<usize>>| lists.iter().map(|list| list.len()).sum::<usize>())
    }
}

#[cfg(test)]
mod tests;
