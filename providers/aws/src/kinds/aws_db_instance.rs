//! `aws_db_instance`: a database instance in RDS, and what its cluster decides for it.

use crate::terraform::{by_identifier, days_or_none};
use ordain_model::address::SettingName;
use ordain_model::domain::{Days, Domain, Lengths};
use ordain_model::observation::{Cause, Reading, Reason};
use ordain_model::retention::Retention;
use ordain_model::schema::{
    Argument, Attribute, Exposes, Kind, Resource, Setting, Stricter, Unit, WriteClass, WriteToken, as_it_is,
};
use ordain_model::types::Type;
use ordain_model::value::Value;

/// The kind.
pub static KIND: Kind = Kind {
    name: "aws_db_instance",
    summary: "A database instance in Amazon RDS, a member of a cluster or on its own. Its id is its identifier.",
    page: include_str!("aws_db_instance.md"),
    attributes: &[
        Attribute {
            name: "cluster",
            of: Type::String,
            summary: "Identifier of its cluster; null when it stands on its own.",
            actions: &[],
        },
        Attribute {
            name: "engine",
            of: Type::String,
            summary: "For example `postgres`, `aurora-mysql`.",
            actions: &[],
        },
        Attribute { name: "engine_version", of: Type::String, summary: "For example `16.4`.", actions: &[] },
        Attribute { name: "tags", of: Type::Tags, summary: "Its tags.", actions: &[] },
    ],
    settings: &[
        Setting {
            name: "backup_retention",
            summary: "How long automated backups are kept, in days; zero days, which switch them off, read as disabled.",
            of: Type::Retention,
            domain: Domain::Retention(Lengths {
                days: Days::Range { least: 1, greatest: 35, step: 1 },
                disabled: true,
                unlimited: false,
            }),
            stricter: Stricter::Greater,
            keyed: None,
            join: None,
            unit: "instance",
            class: WriteClass::Restarts,
            exposes: Exposes::Nothing,
            read_actions: &["rds:DescribeDBClusters"],
            write_actions: &["rds:DescribeDBInstances", "rds:ModifyDBInstance"],
            source: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html",
        },
        Setting {
            name: "deletion_protection",
            summary: "Whether the database cannot be deleted: the instance's own setting, its cluster's for a member.",
            of: Type::Bool,
            domain: Domain::Any,
            stricter: Stricter::True,
            keyed: None,
            join: None,
            unit: "instance",
            class: WriteClass::Safe,
            exposes: Exposes::Nothing,
            read_actions: &["rds:DescribeDBClusters"],
            write_actions: &["rds:DescribeDBInstances", "rds:ModifyDBInstance"],
            source: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html",
        },
        Setting {
            name: "publicly_accessible",
            summary: "Whether its name resolves to a public address outside its VPC. Whether somebody gets through is \
                      up to its security groups and subnets.",
            of: Type::Bool,
            domain: Domain::Any,
            stricter: Stricter::False,
            keyed: None,
            join: None,
            unit: "instance",
            class: WriteClass::Restarts,
            exposes: Exposes::Somebody,
            read_actions: &[],
            write_actions: &["rds:DescribeDBInstances", "rds:ModifyDBInstance"],
            source: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html",
        },
    ],
    deprecated: &[],
    rules: &[],
    units: &[Unit {
        name: "instance",
        token: WriteToken::None,
        calls: &["rds:DescribeDBInstances", "rds:ModifyDBInstance"],
        waits: &["rds:DescribeDBInstances"],
    }],
    terraform: &[Resource {
        name: "aws_db_instance",
        object: by_identifier,
        arguments: &[
            Argument { setting: "backup_retention", name: "backup_retention_period", value: days_or_none },
            Argument { setting: "deletion_protection", name: "deletion_protection", value: as_it_is },
            Argument { setting: "publicly_accessible", name: "publicly_accessible", value: as_it_is },
        ],
    }],
    list_actions: &["rds:DescribeDBInstances"],
};

/// `DBInstance`, as far as it is needed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Instance {
    /// `DBInstanceIdentifier`.
    pub id: String,
    /// `Engine`.
    pub engine: String,
    /// `EngineVersion`.
    pub engine_version: Option<String>,
    /// `DBClusterIdentifier`.
    pub cluster: Option<String>,
    /// `TagList`.
    pub tags: Vec<(String, String)>,
    /// `PubliclyAccessible`.
    pub publicly_accessible: Option<bool>,
    /// `BackupRetentionPeriod`, days.
    pub backup_days: Option<i32>,
    /// `PendingModifiedValues.BackupRetentionPeriod`, days.
    pub pending_backup_days: Option<i32>,
    /// The other fields of `PendingModifiedValues` that have a value, by name.
    pub pending_others: Vec<&'static str>,
    /// `DeletionProtection`.
    pub deletion_protection: Option<bool>,
    /// What its cluster decides; asked only for members.
    pub of_cluster: Option<Result<Cluster, Reason>>,
}

/// `DBCluster`, as far as it decides for its members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// `BackupRetentionPeriod`, days.
    pub backup_days: Option<i32>,
    /// `DeletionProtection`.
    pub deletion_protection: Option<bool>,
}

/// Settings that a cluster decides for its members.
pub const OF_CLUSTER: &[&str] = &["backup_retention", "deletion_protection"];

/// Reads an attribute.
#[must_use]
pub fn attribute(instance: &Instance, name: &str) -> Reading {
    let text = |text: &Option<String>| Reading::Value(text.as_deref().map_or(Value::Null, Value::string));
    match name {
        "cluster" => text(&instance.cluster),
        "engine" => Reading::Value(Value::string(&instance.engine)),
        "engine_version" => text(&instance.engine_version),
        "tags" => {
            let pairs = instance.tags.iter().map(|(key, value)| (key.as_str().into(), Value::string(value)));
            Reading::Value(Value::object(pairs))
        }
        _ => unread(name),
    }
}

/// Reads a setting.
#[must_use]
pub fn setting(instance: &Instance, setting: &SettingName) -> Reading {
    match (&*setting.name, &instance.cluster) {
        ("publicly_accessible", _) => publicly_accessible(instance),
        ("backup_retention" | "deletion_protection", Some(cluster)) => of_cluster(instance, cluster, &setting.name),
        ("backup_retention", None) => match (instance.backup_days, instance.pending_backup_days) {
            // What is pending comes without anybody acting: the shorter of the two is what can be relied on.
            (Some(now), Some(pending)) => days(Some(now.min(pending))),
            (now, _) => days(now),
        },
        ("deletion_protection", None) => bool(instance.deletion_protection, "DeletionProtection"),
        (name, _) => unread(name),
    }
}

/// Whether a change to so many days of backups has to be applied immediately. To none and from none it waits for the
/// maintenance window otherwise; every other change of this kind's settings comes by itself.
///
/// # Errors
/// When something else is pending: the flag would apply that too, whatever it interrupts.
pub fn immediately(instance: &Instance, days: i32) -> Result<bool, Reason> {
    let switched = |before: i32| (before == 0) != (days == 0);
    let at_once = instance.backup_days.is_none_or(switched) || instance.pending_backup_days.is_some_and(switched);
    match (at_once, instance.pending_others.as_slice()) {
        (true, [_, ..]) => Err(Reason::new(
            Cause::Failed,
            format!(
                "switching backups on or off at once would also apply what waits for the maintenance window: {}",
                instance.pending_others.join(", ")
            ),
        )),
        (at_once, _) => Ok(at_once),
    }
}

fn of_cluster(instance: &Instance, id: &str, name: &str) -> Reading {
    let cluster = match &instance.of_cluster {
        Some(Ok(cluster)) => cluster,
        Some(Err(reason)) => return Reading::Unknown(reason.clone()),
        None => return unread(name),
    };
    let read = match name {
        "backup_retention" => days(cluster.backup_days),
        _ => bool(cluster.deletion_protection, "DeletionProtection"),
    };
    held(read, id)
}

/// Aurora's members have a setting of their own; those of other clusters follow theirs.
fn publicly_accessible(instance: &Instance) -> Reading {
    let read = bool(instance.publicly_accessible, "PubliclyAccessible");
    match &instance.cluster {
        Some(cluster) if !instance.engine.starts_with("aurora") => held(read, cluster),
        _ => read,
    }
}

fn held(read: Reading, cluster: &str) -> Reading {
    match read {
        Reading::Value(value) => Reading::Held(value, format!("its cluster `{cluster}`").into()),
        other => other,
    }
}

fn days(days: Option<i32>) -> Reading {
    match days.map(u32::try_from) {
        Some(Ok(0)) => Reading::Value(Value::Retention(Retention::Disabled)),
        Some(Ok(days)) => Reading::Value(Value::Retention(Retention::Days(days))),
        _ => missing("BackupRetentionPeriod"),
    }
}

fn bool(value: Option<bool>, field: &str) -> Reading {
    value.map_or_else(|| missing(field), |value| Reading::Value(Value::Bool(value)))
}

fn missing(field: &str) -> Reading {
    Reading::Unknown(Reason::new(Cause::Unreadable, format!("the answer holds no legal {field}")))
}

fn unread(name: &str) -> Reading {
    Reading::Unknown(Reason::new(Cause::NotCollected, format!("`{name}` was not collected")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alone() -> Instance {
        Instance {
            id: "orders".into(),
            engine: "postgres".into(),
            publicly_accessible: Some(false),
            backup_days: Some(7),
            deletion_protection: Some(false),
            ..Instance::default()
        }
    }

    fn member(engine: &str, of_cluster: Option<Result<Cluster, Reason>>) -> Instance {
        Instance { engine: engine.into(), cluster: Some("main".into()), of_cluster, ..alone() }
    }

    fn read(instance: &Instance, name: &str) -> Reading {
        setting(instance, &SettingName::plain(name))
    }

    fn kept(days: u32) -> Value {
        Value::Retention(Retention::Days(days))
    }

    #[test]
    fn zero_days_are_disabled() {
        let off = Instance { backup_days: Some(0), ..alone() };
        assert_eq!(read(&off, "backup_retention"), Reading::Value(Value::Retention(Retention::Disabled)));
        assert_eq!(read(&alone(), "backup_retention"), Reading::Value(kept(7)));
    }

    #[test]
    fn of_now_and_pending_the_shorter_counts() {
        let pending = |days| Instance { pending_backup_days: Some(days), ..alone() };
        assert_eq!(read(&pending(35), "backup_retention"), Reading::Value(kept(7)));
        assert_eq!(read(&pending(0), "backup_retention"), Reading::Value(Value::Retention(Retention::Disabled)));
    }

    #[test]
    fn only_switching_backups_is_applied_at_once_and_never_with_what_others_queued() {
        let days = |backup_days| Instance { backup_days: Some(backup_days), ..alone() };
        assert_eq!(immediately(&days(7), 14), Ok(false));
        assert_eq!(immediately(&days(0), 14), Ok(true));
        assert_eq!(immediately(&days(7), 0), Ok(true));
        assert_eq!(immediately(&Instance { pending_backup_days: Some(0), ..days(7) }, 14), Ok(true));
        let queued = |backup_days| Instance { pending_others: vec!["EngineVersion"], ..days(backup_days) };
        assert_eq!(immediately(&queued(7), 14), Ok(false));
        let refused = immediately(&queued(0), 14).unwrap_err();
        assert!(refused.cause == Cause::Failed && refused.detail.contains("EngineVersion"), "{}", refused.detail);
    }

    #[test]
    fn a_cluster_holds_what_its_members_cannot_change() {
        let cluster = Cluster { backup_days: Some(30), deletion_protection: Some(true) };
        let member = member("aurora-postgresql", Some(Ok(cluster)));
        assert!(matches!(read(&member, "backup_retention"), Reading::Held(value, _) if value == kept(30)));
        assert!(matches!(read(&member, "deletion_protection"), Reading::Held(Value::Bool(true), _)));
        assert_eq!(read(&member, "publicly_accessible"), Reading::Value(Value::Bool(false)));
    }

    #[test]
    fn only_aurora_members_have_an_address_of_their_own() {
        let of_cluster = || Some(Ok(Cluster::default()));
        assert!(matches!(read(&member("postgres", of_cluster()), "publicly_accessible"), Reading::Held(..)));
        assert!(matches!(read(&member("docdb", of_cluster()), "publicly_accessible"), Reading::Held(..)));
    }

    #[test]
    fn clusters_that_were_denied_hide_only_what_they_decide() {
        let denied = Reason::new(Cause::Denied, "rds:DescribeDBClusters: AccessDenied");
        let member = member("aurora-mysql", Some(Err(denied.clone())));
        assert_eq!(read(&member, "deletion_protection"), Reading::Unknown(denied));
        assert_eq!(read(&member, "publicly_accessible"), Reading::Value(Value::Bool(false)));
    }

    #[test]
    fn an_absent_field_is_unknown_not_off() {
        let empty = Instance::default();
        for name in ["backup_retention", "deletion_protection", "publicly_accessible"] {
            assert!(matches!(read(&empty, name), Reading::Unknown(Reason { cause: Cause::Unreadable, .. })), "{name}");
        }
    }
}
