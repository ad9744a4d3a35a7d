//! `aws_cloudwatch_log_group`: how long a log group keeps its events, and under whose key.

use crate::terraform::{by_name, days_or_for_ever};
use ordain_model::Text;
use ordain_model::address::{ObjectAddress, SettingName};
use ordain_model::domain::{Days, Domain, Lengths};
use ordain_model::observation::{Cause, Object, Reading, Reason};
use ordain_model::retention::Retention;
use ordain_model::schema::{
    Argument, Attribute, Exposes, Join, Kind, OwnerField, OwnerPlace, Owners, Resource, Setting, Stricter, Unit,
    WriteClass, WriteToken, as_it_is,
};
use ordain_model::types::Type;
use ordain_model::value::Value;

/// The retentions that PutRetentionPolicy takes: 22 numbers of days, or no policy at all. There is no zero.
pub const LENGTHS: Domain = Domain::Retention(Lengths {
    days: Days::Listed(&[
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ]),
    disabled: false,
    unlimited: true,
});

/// The kind.
pub static KIND: Kind = Kind {
    name: "aws_cloudwatch_log_group",
    summary: "A CloudWatch Logs log group.",
    page: include_str!("aws_cloudwatch_log_group.md"),
    attributes: &[
        Attribute { name: "arn", of: Type::String, summary: "ARN, without the trailing `:*`.", actions: &[] },
        Attribute {
            name: "class",
            of: Type::String,
            summary: "Log class: `STANDARD`, `INFREQUENT_ACCESS` or `DELIVERY`.",
            actions: &[],
        },
        Attribute { name: "name", of: Type::String, summary: "Name, which is also the id.", actions: &[] },
        Attribute { name: "tags", of: Type::Tags, summary: "Tags.", actions: &["tag:GetResources"] },
    ],
    settings: &[
        Setting {
            name: "kms_key",
            summary: "ARN of the KMS key that encrypts new events; null under the key that the service owns.",
            of: Type::String,
            domain: Domain::Any,
            stricter: Stricter::Unordered,
            keyed: None,
            join: None,
            unit: "kms_key",
            class: WriteClass::Safe,
            exposes: Exposes::Nothing,
            read_actions: &[],
            write_actions: &["logs:AssociateKmsKey", "logs:DisassociateKmsKey"],
            source: "CloudWatch Logs API: LogGroup.kmsKeyId, AssociateKmsKey, DisassociateKmsKey",
        },
        Setting {
            name: "retention",
            summary: "How long events are kept, in days; a group without a retention policy keeps them without limit.",
            of: Type::Retention,
            domain: LENGTHS,
            stricter: Stricter::Greater,
            keyed: None,
            join: None,
            unit: "retention",
            class: WriteClass::DestructiveOnDecrease,
            exposes: Exposes::Nothing,
            read_actions: &[],
            write_actions: &["logs:DeleteRetentionPolicy", "logs:PutRetentionPolicy"],
            source: "CloudWatch Logs API: LogGroup.retentionInDays and retentionPolicyName, PutRetentionPolicy",
        },
        Setting {
            name: "retention_available",
            summary: "How long events can be queried: as long as they are kept, but not at all in the DELIVERY class.",
            of: Type::Retention,
            domain: LENGTHS,
            stricter: Stricter::Greater,
            keyed: None,
            join: Some(Join { owner_kinds: &["aws_cloudwatch_log_group"], needs: &["class"], owners: available }),
            unit: "retention",
            class: WriteClass::DestructiveOnDecrease,
            exposes: Exposes::Nothing,
            read_actions: &[],
            write_actions: &[],
            source: "CloudWatch Logs API: LogGroup.logGroupClass",
        },
    ],
    deprecated: &[],
    rules: &[],
    units: &[
        Unit { name: "kms_key", token: WriteToken::None, calls: &["logs:AssociateKmsKey"], waits: &[] },
        Unit { name: "retention", token: WriteToken::None, calls: &["logs:PutRetentionPolicy"], waits: &[] },
    ],
    terraform: &[Resource {
        name: "aws_cloudwatch_log_group",
        object: by_name,
        arguments: &[
            Argument { setting: "kms_key", name: "kms_key_id", value: as_it_is },
            Argument { setting: "retention", name: "retention_in_days", value: days_or_for_ever },
        ],
    }],
    list_actions: &["logs:DescribeLogGroups"],
};

/// What DescribeLogGroups says of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogGroup {
    /// `logGroupName`.
    pub name: String,
    /// `logGroupArn`.
    pub arn: Option<String>,
    /// `logGroupClass`; the API leaves it out of groups older than classes.
    pub class: Option<String>,
    /// `retentionInDays`: the effective one. Absent: events do not expire.
    pub retention_in_days: Option<i32>,
    /// `retentionPolicyName`: the account-level policy that decides, if one does.
    pub retention_policy: Option<String>,
    /// `kmsKeyId`.
    pub kms_key: Option<String>,
}

impl LogGroup {
    /// An attribute other than tags.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<Reading> {
        let text = |text: &Option<String>| Reading::Value(text.as_deref().map_or(Value::Null, Value::string));
        match name {
            "arn" => Some(text(&self.arn)),
            "class" => Some(Reading::Value(Value::string(self.class()))),
            "name" => Some(Reading::Value(Value::string(&self.name))),
            _ => None,
        }
    }

    /// A setting that is no view.
    #[must_use]
    pub fn setting(&self, setting: &SettingName) -> Option<Reading> {
        match &*setting.name {
            "kms_key" => Some(Reading::Value(self.kms_key.as_deref().map_or(Value::Null, Value::string))),
            "retention" => Some(self.retention()),
            _ => None,
        }
    }

    fn class(&self) -> &str {
        self.class.as_deref().unwrap_or("STANDARD")
    }

    /// Effective retention. What an account policy or the class decides is held: PutRetentionPolicy would answer
    /// success and change nothing.
    fn retention(&self) -> Reading {
        if self.class() == "DELIVERY" {
            let holder = "the DELIVERY class keeps events for one day, whatever its retention policy says";
            return Reading::Held(Value::Retention(Retention::Days(1)), holder.into());
        }
        let effective = match self.retention_in_days.map(u32::try_from) {
            None => Retention::Unlimited,
            Some(Ok(days)) if days > 0 => Retention::Days(days),
            Some(_) => {
                let detail = "logs:DescribeLogGroups: retentionInDays is not a positive number of days";
                return Reading::Unknown(Reason::new(Cause::Unreadable, detail));
            }
        };
        match &self.retention_policy {
            None => Reading::Value(Value::Retention(effective)),
            Some(policy) => {
                let holder = format!("the account-level retention policy `{policy}` overrides the log group");
                Reading::Held(Value::Retention(effective), holder.into())
            }
        }
    }
}

/// The call that makes a retention so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetentionCall {
    /// PutRetentionPolicy with this many days.
    Put(i32),
    /// DeleteRetentionPolicy: events no longer expire.
    Delete,
}

impl RetentionCall {
    /// The call for a value of `retention`; none makes `disabled`.
    #[must_use]
    pub fn for_value(value: &Value) -> Option<RetentionCall> {
        match value {
            Value::Retention(Retention::Unlimited) => Some(RetentionCall::Delete),
            Value::Retention(Retention::Days(days)) => i32::try_from(*days).ok().map(RetentionCall::Put),
            _ => None,
        }
    }
}

/// `retention_available` is the group's own retention, except where nothing can be queried.
fn available(group: &ObjectAddress, object: &Object) -> Owners {
    match object.attribute("class") {
        Reading::Unknown(reason) => Owners::Unknown(reason),
        reading if reading.value().and_then(Value::as_str) == Some("DELIVERY") => {
            Owners::Value(Value::Retention(Retention::Disabled))
        }
        _ => Owners::Fields(vec![retention_of(&group.id)]),
    }
}

/// The retention field of a log group in the viewing object's cell. A group that does not exist keeps nothing.
#[must_use]
pub fn retention_of(group: &Text) -> OwnerField {
    OwnerField {
        kind: "aws_cloudwatch_log_group",
        id: group.clone(),
        setting: SettingName::plain("retention"),
        place: OwnerPlace::SameCell,
        missing: Value::Retention(Retention::Disabled),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retention(group: LogGroup) -> Reading {
        group.setting(&SettingName::plain("retention")).expect("a setting")
    }

    fn days(days: u32) -> Value {
        Value::Retention(Retention::Days(days))
    }

    #[test]
    fn no_policy_is_unlimited_and_there_is_no_zero() {
        let unlimited = Value::Retention(Retention::Unlimited);
        assert_eq!(retention(LogGroup::default()), Reading::Value(unlimited.clone()));
        assert_eq!(RetentionCall::for_value(&unlimited), Some(RetentionCall::Delete));
        assert_eq!(RetentionCall::for_value(&days(400)), Some(RetentionCall::Put(400)));
        assert_eq!(RetentionCall::for_value(&Value::Retention(Retention::Disabled)), None);
        for odd in [0, -1] {
            let group = LogGroup { retention_in_days: Some(odd), ..LogGroup::default() };
            assert!(matches!(retention(group), Reading::Unknown(Reason { cause: Cause::Unreadable, .. })));
        }
    }

    #[test]
    fn an_account_policy_holds_the_effective_value() {
        let policy = |retention_in_days| LogGroup {
            retention_in_days,
            retention_policy: Some("ninety".into()),
            ..LogGroup::default()
        };
        let Reading::Held(value, holder) = retention(policy(Some(90))) else { panic!("held") };
        assert_eq!(value, days(90));
        assert!(holder.contains("`ninety`"));
        let Reading::Held(value, _) = retention(policy(None)) else { panic!("held") };
        assert_eq!(value, Value::Retention(Retention::Unlimited));
    }

    #[test]
    fn the_delivery_class_keeps_one_day_and_answers_no_query() {
        let group = LogGroup { class: Some("DELIVERY".into()), retention_in_days: Some(365), ..LogGroup::default() };
        let address = ObjectAddress::parse("aws:1/eu-west-1/aws_cloudwatch_log_group/x").expect("an address");
        let mut object = Object::default();
        object.attributes.insert("class".into(), group.attribute("class").expect("an attribute"));
        assert_eq!(available(&address, &object), Owners::Value(Value::Retention(Retention::Disabled)));
        assert!(matches!(retention(group), Reading::Held(value, _) if value == days(1)));
    }

    #[test]
    fn what_can_be_queried_is_what_is_kept_unless_the_class_is_not_known() {
        let address = ObjectAddress::parse("aws:1/eu-west-1/aws_cloudwatch_log_group/x").expect("an address");
        let mut object = Object::default();
        assert!(matches!(available(&address, &object), Owners::Unknown(_)));
        object.attributes.insert("class".into(), LogGroup::default().attribute("class").expect("an attribute"));
        assert_eq!(available(&address, &object), Owners::Fields(vec![retention_of(&"x".into())]));
    }

    #[test]
    fn twenty_two_lengths_are_legal_and_zero_is_none_of_them() {
        let domain = KIND.setting("retention").expect("a setting").domain;
        let legal = |days: u32| domain.legal(&Value::Retention(Retention::Days(days)));
        assert_eq!((1..=4000).filter(|days| legal(*days)).count(), 22);
        assert!(legal(365) && legal(3653) && !legal(366));
        assert!(domain.legal(&Value::Retention(Retention::Unlimited)));
        assert!(!domain.legal(&Value::Retention(Retention::Disabled)));
    }
}
