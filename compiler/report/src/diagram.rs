//! [`Diagram`]: requirements, the settings that they bind and the steps that change them, as nodes and edges.
//!
//! Nodes stand in the order of their sort and name, edges in the order of their ends: the same profile or plan gives the
//! same diagram.

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Nodes and edges.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diagram {
    /// The nodes, ordered.
    pub nodes: Vec<Node>,
    /// The edges, ordered; each pair of nodes at most once per label.
    pub edges: Vec<Edge>,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Node {
    /// What it stands for.
    pub sort: Sort,
    /// Its lines of text.
    pub label: Vec<String>,
}

/// What a node stands for, in the order in which demands flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// A requirement.
    Requirement,
    /// An assertion.
    Assertion,
    /// A setting of a kind, or of an object.
    Setting,
    /// A step of a plan.
    Step,
}

/// An edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edge {
    /// Index of the node it leaves.
    pub from: usize,
    /// Index of the node it leads to.
    pub to: usize,
    /// Its text; empty where the ends say it all.
    pub label: String,
}

impl Diagram {
    /// `ordain.graph/1`: the nodes in order, and the edges between them by their places.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({ "format": "ordain.graph/1", "nodes": self.nodes, "edges": self.edges })
    }
}

/// A node's name among those of its sort. Numbers, where there are any, come before texts.
type Key = (Sort, usize, String);

/// A diagram under construction.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    nodes: BTreeMap<Key, Vec<String>>,
    edges: BTreeSet<(Key, Key, String)>,
}

impl Builder {
    /// Names a node; the first label of a name stays.
    pub(crate) fn node(&mut self, sort: Sort, name: &str, label: Vec<String>) -> Key {
        self.numbered(sort, 0, name, label)
    }

    /// Names a node whose place among its sort is a number.
    pub(crate) fn numbered(&mut self, sort: Sort, number: usize, name: &str, label: Vec<String>) -> Key {
        let key = (sort, number, name.to_owned());
        self.nodes.entry(key.clone()).or_insert(label);
        key
    }

    /// Joins two nodes.
    pub(crate) fn edge(&mut self, from: &Key, to: &Key, label: impl Into<String>) {
        self.edges.insert((from.clone(), to.clone(), label.into()));
    }

    /// The diagram.
    pub(crate) fn finish(self) -> Diagram {
        let places: BTreeMap<&Key, usize> = self.nodes.keys().enumerate().map(|(at, key)| (key, at)).collect();
        let edge = |(from, to, label): &(Key, Key, String)| {
            Some(Edge { from: *places.get(from)?, to: *places.get(to)?, label: label.clone() })
        };
        let edges = self.edges.iter().filter_map(edge).collect();
        let nodes = self.nodes.iter().map(|((sort, ..), label)| Node { sort: *sort, label: label.clone() }).collect();
        Diagram { nodes, edges }
    }
}
