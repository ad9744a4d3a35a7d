//! `aws_account`: what an account sets for a whole region.

use ordain_model::address::SettingName;
use ordain_model::domain::Domain;
use ordain_model::observation::{Cause, Reading, Reason};
use ordain_model::schema::{Attribute, Exposes, Kind, Setting, Stricter, Unit, WriteClass, WriteToken};
use ordain_model::types::Type;
use ordain_model::value::Value;
use serde::Deserialize;

/// The default for `HttpTokens`, from the weakest. `optional` overrides an image that asks for `required`, so it is
/// weaker than leaving the choice to the image.
pub const TOKENS: &[&str] = &["optional", "no_preference", "required"];

/// The kind.
pub static KIND: Kind = Kind {
    name: "aws_account",
    summary: "An account in one region: the defaults that apply to everything launched there. Its id is the account \
              number.",
    page: include_str!("aws_account.md"),
    attributes: &[Attribute { name: "region", of: Type::String, summary: "The region's name.", actions: &[] }],
    settings: &[
        Setting {
            name: "ebs_encryption_by_default",
            summary: "Whether new EBS volumes and copies of snapshots are encrypted without anybody asking for it.",
            of: Type::Bool,
            domain: Domain::Any,
            stricter: Stricter::True,
            keyed: None,
            join: None,
            unit: "ebs_encryption_by_default",
            class: WriteClass::Safe,
            exposes: Exposes::Nothing,
            read_actions: &["ec2:GetEbsEncryptionByDefault"],
            write_actions: &["ec2:DisableEbsEncryptionByDefault", "ec2:EnableEbsEncryptionByDefault"],
            source: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetEbsEncryptionByDefault.html",
        },
        Setting {
            name: "metadata_tokens",
            summary: "Whether instances that say nothing themselves are launched with a metadata service that demands \
                      session tokens (IMDSv2).",
            of: Type::Enum(TOKENS),
            domain: Domain::Any,
            stricter: Stricter::Later,
            keyed: None,
            join: None,
            unit: "metadata_defaults",
            class: WriteClass::Safe,
            exposes: Exposes::Nothing,
            read_actions: &["ec2:GetInstanceMetadataDefaults"],
            write_actions: &["ec2:ModifyInstanceMetadataDefaults"],
            source: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataDefaultsResponse.html",
        },
    ],
    deprecated: &[],
    rules: &[],
    units: &[
        Unit {
            name: "ebs_encryption_by_default",
            token: WriteToken::None,
            calls: &["ec2:EnableEbsEncryptionByDefault"],
            waits: &[],
        },
        Unit {
            name: "metadata_defaults",
            token: WriteToken::None,
            calls: &["ec2:ModifyInstanceMetadataDefaults"],
            waits: &[],
        },
    ],
    terraform: &[],
    list_actions: &[],
};

/// `GetInstanceMetadataDefaults`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetInstanceMetadataDefaults {
    /// The defaults, which are always answered; an absent field in them is no preference.
    pub account_level: AccountLevel,
}

/// Defaults for what is launched in a region.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default, rename_all = "camelCase")]
pub struct AccountLevel {
    /// `optional`, `required` or `no-preference`.
    pub http_tokens: Option<String>,
    /// 1 to 64, or -1: no preference.
    pub http_put_response_hop_limit: Option<i64>,
    /// `enabled`, `disabled` or `no-preference`.
    pub http_endpoint: Option<String>,
    /// `account`, or `declarative-policy`: then the organisation decides and the account cannot.
    pub managed_by: Option<String>,
}

/// `GetEbsEncryptionByDefault`, and the answers to switching it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EbsEncryptionByDefault {
    /// Whether it is on.
    pub ebs_encryption_by_default: bool,
}

/// An account in a region, as far as it is asked for.
#[derive(Clone, Debug)]
pub struct Account {
    /// The region.
    pub region: String,
    /// The metadata service's defaults, when asked for.
    pub metadata: Option<Result<AccountLevel, Reason>>,
    /// Encryption by default, when asked for.
    pub ebs_encryption: Option<Result<bool, Reason>>,
}

/// Reads an attribute.
#[must_use]
pub fn attribute(account: &Account, name: &str) -> Reading {
    match name {
        "region" => Reading::Value(Value::string(&account.region)),
        _ => unread(name),
    }
}

/// Reads a setting.
#[must_use]
pub fn setting(account: &Account, setting: &SettingName) -> Reading {
    match (&*setting.name, &account.metadata, &account.ebs_encryption) {
        ("ebs_encryption_by_default", _, Some(Ok(on))) => Reading::Value(Value::Bool(*on)),
        ("metadata_tokens", Some(Ok(defaults)), _) => tokens(defaults),
        ("ebs_encryption_by_default", _, Some(Err(reason))) | ("metadata_tokens", Some(Err(reason)), _) => {
            Reading::Unknown(reason.clone())
        }
        (name, _, _) => unread(name),
    }
}

fn tokens(defaults: &AccountLevel) -> Reading {
    let value = match defaults.http_tokens.as_deref() {
        None | Some("" | "no-preference") => "no_preference",
        Some("optional") => "optional",
        Some("required") => "required",
        Some(_) => {
            return Reading::Unknown(Reason::new(Cause::Unreadable, "httpTokens has a value that is not documented"));
        }
    };
    match defaults.managed_by.as_deref() {
        Some("declarative-policy") => {
            Reading::Held(Value::string(value), "a declarative policy of the organisation".into())
        }
        _ => Reading::Value(Value::string(value)),
    }
}

fn unread(name: &str) -> Reading {
    Reading::Unknown(Reason::new(Cause::NotCollected, format!("`{name}` was not collected")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(level: &str) -> Reading {
        let xml = format!(
            "<GetInstanceMetadataDefaultsResponse><requestId>x</requestId><accountLevel>{level}</accountLevel>\
             </GetInstanceMetadataDefaultsResponse>"
        );
        let answer: GetInstanceMetadataDefaults = crate::xml::tests::read(&xml);
        let account =
            Account { region: "eu-west-1".into(), metadata: Some(Ok(answer.account_level)), ebs_encryption: None };
        setting(&account, &SettingName::plain("metadata_tokens"))
    }

    #[test]
    fn absent_is_no_preference() {
        assert_eq!(read(""), Reading::Value(Value::string("no_preference")));
        assert_eq!(
            read("<httpPutResponseHopLimit>2</httpPutResponseHopLimit>"),
            Reading::Value(Value::string("no_preference"))
        );
        assert_eq!(read("<httpTokens>required</httpTokens>"), Reading::Value(Value::string("required")));
        assert!(matches!(read("<httpTokens>perhaps</httpTokens>"), Reading::Unknown(_)));
    }

    #[test]
    fn an_answer_without_defaults_is_not_one_without_preferences() {
        let without =
            "<GetInstanceMetadataDefaultsResponse><requestId>x</requestId></GetInstanceMetadataDefaultsResponse>";
        assert!(crate::xml::tests::refuses::<GetInstanceMetadataDefaults>(without));
    }

    #[test]
    fn a_declarative_policy_holds_the_default() {
        let reading = read("<httpTokens>optional</httpTokens><managedBy>declarative-policy</managedBy>");
        assert!(matches!(reading, Reading::Held(Value::String(value), _) if &*value == "optional"));
        let own = read("<httpTokens>optional</httpTokens><managedBy>account</managedBy>");
        assert_eq!(own, Reading::Value(Value::string("optional")));
    }

    #[test]
    fn a_failure_hides_exactly_its_setting() {
        let denied = Reason::new(Cause::Denied, "ec2:GetInstanceMetadataDefaults: UnauthorizedOperation");
        let account =
            Account { region: String::new(), metadata: Some(Err(denied.clone())), ebs_encryption: Some(Ok(true)) };
        assert_eq!(setting(&account, &SettingName::plain("metadata_tokens")), Reading::Unknown(denied));
        assert_eq!(
            setting(&account, &SettingName::plain("ebs_encryption_by_default")),
            Reading::Value(Value::Bool(true))
        );
    }
}
