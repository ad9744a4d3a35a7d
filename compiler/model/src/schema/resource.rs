//! [`Resource`]: a resource of Terraform that sets settings of a kind.

use crate::Text;
use crate::address::ObjectAddress;
use crate::types::encode;
use crate::value::Value;
use serde_json::{Map, Value as Json};

/// A resource of Terraform that sets settings of a kind: what Ordain changes of them, the next run of Terraform takes back.
#[derive(Debug)]
pub struct Resource {
    /// Its type: `aws_cloudwatch_log_group`.
    pub name: &'static str,
    /// Which object an instance of it is about, by its attributes in a state. None where they do not say.
    pub object: fn(&Map<String, Json>) -> Option<Identity>,
    /// What it sets; a setting that several arguments make up stands there several times.
    pub arguments: &'static [Argument],
}

/// An argument of a resource that sets a setting.
#[derive(Debug)]
pub struct Argument {
    /// The setting.
    pub setting: &'static str,
    /// The argument: `retention_in_days`, or with the blocks that it stands in, `vpc_config.public_access_cidrs`.
    pub name: &'static str,
    /// What it is for a value of the setting. None where no single value of it says that.
    pub value: fn(&Value) -> Option<Json>,
}

/// Which object something is about, as far as it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The object's id.
    pub id: Text,
    /// Parts of its cell; empty ones are not known.
    pub scope: Vec<Text>,
}

impl Identity {
    /// Whether it is about an object: what is not known speaks against nothing.
    #[must_use]
    pub fn is(&self, object: &ObjectAddress) -> bool {
        let known = || self.scope.iter().zip(&object.cell.scope);
        self.id == object.id
            && self.scope.len() == object.cell.scope.len()
            && known().all(|(said, part)| said.is_empty() || said == part)
    }
}

/// The value of an argument that says a setting's value as it is.
#[must_use]
pub fn as_it_is(value: &Value) -> Option<Json> {
    Some(encode(value))
}
