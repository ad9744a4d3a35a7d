//! One view model and its renderers. Pure: text in, text out; whoever calls decides about files, colours and width.
//!
//! | module | holds |
//! |---|---|
//! | [`report`] | [`report::Report`], what every renderer reads |
//! | [`assemble`] | reports of findings, plans, journals and drift |
//! | [`diagnostics`] | the JSON form of a message |
//! | [`schema`] | kinds and settings: JSON, Markdown, text |
//! | [`snippet`] | messages for people, with the source under them |
//! | [`diagram`] | requirements, settings and steps as nodes and edges |
//! | [`render`] | the output formats |
//! | [`style`] | colours, character set, and text that cannot steer a terminal |

pub mod assemble;
pub mod diagnostics;
pub mod diagram;
pub mod render;
pub mod report;
pub mod schema;
pub mod snippet;
pub mod style;
