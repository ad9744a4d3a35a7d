//! [`Endpoints`]: the request that changes who reaches a cluster's API.

use super::Network;
use ordain_model::address::SettingName;
use ordain_model::value::Value;
use std::collections::BTreeMap;

/// The part of UpdateClusterConfig that carries the endpoints. All of it is sent, changed or not, so that what the API
/// makes of a field that is left out never matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// `endpointPublicAccess`.
    pub public: bool,
    /// `endpointPrivateAccess`.
    pub private: bool,
    /// `publicAccessCidrs`; left out when the public endpoint is off, and never empty: empty means everybody.
    pub cidrs: Option<Vec<String>>,
}

impl Endpoints {
    /// The request that makes these values so, from what the cluster declares now. Nobody on the public endpoint is said
    /// by switching it off, as it is read.
    ///
    /// # Errors
    /// Why no request does.
    pub fn amend(
        now: &Network,
        values: &BTreeMap<SettingName, Value>,
        kept: &BTreeMap<SettingName, Value>,
    ) -> Result<Endpoints, String> {
        let said = |name: &str| values.get(&SettingName::plain(name));
        let flag = |name: &str, now: bool| said(name).map_or(now, |value| *value == Value::Bool(true));
        let private = flag("endpoint_private_access", now.private);
        let public = flag("endpoint_public_access", now.public);
        match said("public_access_cidrs") {
            Some(Value::Cidrs(addresses)) if addresses.is_empty() => {
                let name = SettingName::plain("endpoint_public_access");
                match values.get(&name).or_else(|| kept.get(&name)) {
                    Some(Value::Bool(true)) => Err(
                        "EKS takes an empty list for everybody: nobody is let in only by a public endpoint that is off"
                            .into(),
                    ),
                    _ => Ok(Endpoints { public: false, private, cidrs: None }),
                }
            }
            Some(Value::Cidrs(addresses)) => {
                let cidrs = addresses.entries().iter().map(ToString::to_string).collect();
                Ok(Endpoints { public, private, cidrs: Some(cidrs).filter(|_| public) })
            }
            _ => Ok(Endpoints {
                public,
                private,
                cidrs: Some(now.cidrs.clone()).filter(|cidrs| public && !cidrs.is_empty()),
            }),
        }
    }
}
