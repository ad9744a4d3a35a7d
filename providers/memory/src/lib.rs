//! An estate that is a JSON file: the embedded default, the examples, the tests. Its kinds are handed to it, it has none of its own.
//!
//! ```json
//! {
//!   "as_of": "2026-11-01T00:00:00Z",
//!   "cells": {
//!     "aws:111111111111/eu-west-1": {
//!       "aws_s3_bucket": {
//!         "audit-logs": {
//!           "attributes": { "tags": { "team": "platform" } },
//!           "settings": { "encryption": "aes256", "retention": { "AWSLogs/": "90d" } },
//!           "held": { "settings.encryption": "the account's default" },
//!           "unknown": { "settings.public_access_block": "denied: s3:GetBucketPublicAccessBlock" }
//!         }
//!       }
//!     }
//!   },
//!   "incomplete": { "aws:111111111111/eu-west-1/aws_vpc": "denied: ec2:DescribeVpcs" }
//! }
//! ```
//!
//! | part of an object | holds |
//! |---|---|
//! | `attributes`, `settings` | values in their types' JSON form; a keyed setting is an object, a value per key |
//! | `held` | what decides a setting in place of the object's own field; its value stands in `settings` |
//! | `unknown` | why something could not be read: a cause and a detail |
//! | `not_applicable`, `provider_fixed` | why there is no such thing, or where the evidence of it is |
//!
//! What an object does not say is not known. A kind that a cell does not mention is not known either: `"aws_vpc": {}` says
//! that there is none. Writing keeps all of this: only the changed values move.
//!
//! While an apply is under way its writes stand beside the file, in `ESTATE.pending`; when it is done they are in the
//! file. An apply that was killed leaves them there: whoever opens the estate sees them, and the next apply brings them in.

mod estate;
mod file;
mod json;
mod object;
mod pending;
mod state;

pub use estate::Estate;
