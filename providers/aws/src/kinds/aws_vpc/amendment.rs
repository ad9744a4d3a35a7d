//! [`Amendment`]: the flow logs to make and to delete, so that a VPC's flow logs are as a change says.

use super::flow_log::{FlowLog, Place, format_of};
use super::{carried, destinations};
use ordain_model::address::SettingName;
use ordain_model::digest::Digest;
use ordain_model::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What to do to a VPC's flow logs. A flow log cannot be changed: it is made, or deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amendment {
    /// Made first, so that no traffic goes unlogged in between.
    pub create: Vec<NewFlowLog>,
    /// Ids of flow logs that Ordain made and that are no longer wanted.
    pub delete: Vec<String>,
}

/// A flow log to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFlowLog {
    /// `ACCEPT`, `REJECT` or `ALL`.
    pub traffic_type: &'static str,
    /// `cloud-watch-logs` or `s3`.
    pub destination_type: &'static str,
    /// ARN of the destination.
    pub destination: String,
    /// `LogFormat`, or the default one.
    pub format: Option<String>,
    /// The role that delivers to a log group.
    pub role: Option<String>,
    /// Makes a repeated request harmless: at most 64 ASCII characters, as EC2 asks.
    pub client_token: String,
}

/// What a change says about flow logs: its values, what it keeps, and where both are silent what is there.
struct Wanted {
    traffic: BTreeSet<String>,
    destinations: BTreeSet<String>,
    fields: Option<BTreeSet<String>>,
}

impl Amendment {
    /// What makes the counted flow logs of a VPC carry the wanted traffic to the wanted destinations.
    ///
    /// # Errors
    /// Why Ordain cannot: no destination is named, somebody else's flow log would have to go, or one is there already
    /// and fails to deliver.
    pub fn new(
        logs: &[FlowLog],
        place: Place<'_>,
        values: &BTreeMap<SettingName, Value>,
        kept: &BTreeMap<SettingName, Value>,
        token: &str,
    ) -> Result<Amendment, String> {
        let wanted = Wanted::read(logs, place, values, kept);
        let (stay, go) = counted(logs).partition::<Vec<&FlowLog>, _>(|log| wanted.admits(log, place));
        if let Some(foreign) = go.iter().find(|log| log.made_by().is_none()) {
            let id = &foreign.flow_log_id;
            return Err(format!("flow log {id} would have to go, and Ordain deletes only what it made itself"));
        }
        let create = wanted.missing(&stay, place)?;
        let make =
            |(destination, traffic): (String, &'static str)| wanted.make(logs, place, destination, traffic, token);
        let create = create.into_iter().map(make).collect::<Result<Vec<_>, String>>()?;
        if create.is_empty() && wanted.fields.is_some() {
            return Err("a format is for flow logs that a change makes: demand `flow_log_destination` as well".into());
        }
        Ok(Amendment { create, delete: go.into_iter().map(|log| log.flow_log_id.clone()).collect() })
    }
}

fn counted(logs: &[FlowLog]) -> impl Iterator<Item = &FlowLog> {
    logs.iter().filter(|log| log.delivers())
}

impl Wanted {
    fn read(
        logs: &[FlowLog],
        place: Place<'_>,
        values: &BTreeMap<SettingName, Value>,
        kept: &BTreeMap<SettingName, Value>,
    ) -> Wanted {
        let said = |name: &str| {
            let name = SettingName::plain(name);
            match values.get(&name).or_else(|| kept.get(&name)) {
                Some(Value::Set(members)) => Some(members.iter().map(ToString::to_string).collect::<BTreeSet<_>>()),
                _ => None,
            }
        };
        let live: Vec<&FlowLog> = counted(logs).collect();
        let destinations = said("flow_log_destination").unwrap_or_else(|| destinations(&live, place));
        let mut traffic = said("flow_logs").unwrap_or_else(|| carried(&live).into_iter().map(str::to_owned).collect());
        // A destination is demanded, and nothing says which traffic it is for.
        if traffic.is_empty() && !values.contains_key(&SettingName::plain("flow_logs")) && !destinations.is_empty() {
            traffic = ["accept", "reject"].map(str::to_owned).into();
        }
        let fields = match values.get(&SettingName::plain("flow_log_format")) {
            Some(Value::Set(fields)) => Some(fields.iter().map(ToString::to_string).collect()),
            _ => None,
        };
        Wanted { traffic, destinations, fields }
    }

    fn admits(&self, log: &FlowLog, place: Place<'_>) -> bool {
        let destination = log.destination(place);
        destination.is_some_and(|destination| self.destinations.contains(&destination))
            && log.traffic().iter().all(|kind| self.traffic.contains(*kind))
    }

    /// Destinations and traffic that no flow log which stays covers: a new destination takes all wanted traffic, and
    /// traffic that then still goes nowhere is sent to the first destination.
    fn missing(&self, stay: &[&FlowLog], place: Place<'_>) -> Result<Vec<(String, &'static str)>, String> {
        let Some(all) = traffic_type(&self.traffic) else { return Ok(Vec::new()) };
        let Some(first) = self.destinations.first() else {
            return Err("no destination is known: demand `flow_log_destination = superset_of([ARN])` as well".into());
        };
        let there = destinations(stay, place);
        let new: Vec<_> = self.destinations.difference(&there).map(|arn| (arn.clone(), all)).collect();
        if !new.is_empty() {
            return Ok(new);
        }
        let carried = carried(stay);
        let rest = self.traffic.iter().filter(|kind| !carried.contains(kind.as_str())).cloned().collect();
        Ok(traffic_type(&rest).map(|rest| (first.clone(), rest)).into_iter().collect())
    }

    fn make(
        &self,
        logs: &[FlowLog],
        place: Place<'_>,
        destination: String,
        traffic: &'static str,
        token: &str,
    ) -> Result<NewFlowLog, String> {
        let same = |log: &&FlowLog| {
            log.destination(place).as_deref() == Some(&destination) && log.traffic_type.as_deref() == Some(traffic)
        };
        if let Some(broken) = logs.iter().find(|log| !log.delivers() && same(log)) {
            let why = broken.deliver_logs_error_message.as_deref().unwrap_or("no reason given");
            let id = &broken.flow_log_id;
            return Err(format!(
                "flow log {id} already goes to {destination} and does not deliver ({why}): repair that"
            ));
        }
        let destination_type = destination_type(&destination)?;
        let role = logs.iter().find_map(|log| log.deliver_logs_permission_arn.clone());
        if destination_type == "cloud-watch-logs" && role.is_none() {
            return Err(format!(
                "a flow log to {destination} needs a delivery role, and no flow log of this VPC has one to take it from: make the first one by hand, or name a bucket"
            ));
        }
        let role = role.filter(|_| destination_type == "cloud-watch-logs");
        let format = self.fields.as_ref().map(|fields| format_of(&fields.iter().map(String::as_str).collect()));
        let seed = format!("{token}\n{destination}\n{traffic}");
        let client_token = Digest::of(seed.as_bytes()).to_string().trim_start_matches("sha256:").to_owned();
        Ok(NewFlowLog { traffic_type: traffic, destination_type, destination, format, role, client_token })
    }
}

/// The one traffic type that stands for a set; none for no traffic.
fn traffic_type(traffic: &BTreeSet<String>) -> Option<&'static str> {
    match (traffic.contains("accept"), traffic.contains("reject")) {
        (true, true) => Some("ALL"),
        (true, false) => Some("ACCEPT"),
        (false, true) => Some("REJECT"),
        (false, false) => None,
    }
}

fn destination_type(arn: &str) -> Result<&'static str, String> {
    match arn.split(':').nth(2) {
        Some("s3") => Ok("s3"),
        Some("logs") => Ok("cloud-watch-logs"),
        // It would take permission to make a role of AWS's own, and what a stream does with records cannot be followed.
        Some("firehose") => Err(format!("a flow log to the delivery stream `{arn}` is made by hand")),
        _ => Err(format!("`{arn}` is no ARN of a bucket or a log group")),
    }
}
