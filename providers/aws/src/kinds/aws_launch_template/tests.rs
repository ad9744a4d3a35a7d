//! Documented answers, and what each of them means.

use super::*;

fn version(options: &str) -> TemplateVersion {
    let xml = format!(
        "<DescribeLaunchTemplateVersionsResponse><launchTemplateVersionSet><item><launchTemplateId>lt-1</launchTemplateId>\
         <launchTemplateName>web</launchTemplateName><versionNumber>3</versionNumber><defaultVersion>true</defaultVersion>\
         <launchTemplateData><imageId>ami-1</imageId>{options}</launchTemplateData></item></launchTemplateVersionSet>\
         </DescribeLaunchTemplateVersionsResponse>"
    );
    let mut answer: DescribeLaunchTemplateVersions = crate::xml::tests::read(&xml);
    answer.launch_template_version_set.item.remove(0)
}

fn read(options: &str, defaults: Option<Result<AccountLevel, Reason>>, name: &str) -> Reading {
    let options = format!("<metadataOptions>{options}</metadataOptions>");
    let template = LaunchTemplate { version: version(&options), defaults, tags: None };
    setting(&template, &SettingName::plain(name))
}

fn account(tokens: &str, hops: i64, endpoint: &str) -> Option<Result<AccountLevel, Reason>> {
    Some(Ok(AccountLevel {
        http_tokens: Some(tokens.into()),
        http_put_response_hop_limit: Some(hops),
        http_endpoint: Some(endpoint.into()),
        managed_by: None,
    }))
}

const NOTHING: &str = "no-preference";

fn value(text: &str) -> Reading {
    Reading::Value(Value::string(text))
}

#[test]
fn an_unset_endpoint_is_not_switched_off() {
    let optional = "<httpTokens>optional</httpTokens>";
    assert_eq!(read(optional, account(NOTHING, -1, NOTHING), "metadata_tokens"), value("optional"));
    assert_eq!(read(optional, account(NOTHING, -1, "disabled"), "metadata_tokens"), value("required"));
    let off = "<httpTokens>optional</httpTokens><httpEndpoint>disabled</httpEndpoint>";
    assert_eq!(read(off, None, "metadata_tokens"), value("required"));
    assert!(matches!(read(off, None, "metadata_hop_limit"), Reading::NotApplicable(_)));
}

#[test]
fn what_is_set_and_does_not_read_is_not_open() {
    for options in [
        "<httpPutResponseHopLimit>many</httpPutResponseHopLimit>",
        "<httpPutResponseHopLimit/>",
        "<httpTokens><value>required</value></httpTokens>",
        "text",
    ] {
        for name in ["metadata_hop_limit", "metadata_tokens"] {
            let reading = read(options, account("required", 1, "enabled"), name);
            assert!(matches!(reading, Reading::Unknown(Reason { cause: Cause::Unreadable, .. })), "{options} {name}");
        }
    }
}

#[test]
fn a_version_without_data_is_not_one_that_sets_nothing() {
    let item = |data: &str| {
        format!(
            "<item><launchTemplateId>lt-1</launchTemplateId><versionNumber>1</versionNumber>\
             <defaultVersion>true</defaultVersion>{data}</item>"
        )
    };
    assert!(crate::xml::tests::refuses::<TemplateVersion>(&item("")));
    assert!(crate::xml::tests::read::<TemplateVersion>(&item("<launchTemplateData/>")).is_open("metadata_tokens"));
}

#[test]
fn what_the_template_leaves_open_the_account_decides() {
    assert_eq!(read("", account("required", 1, NOTHING), "metadata_tokens"), value("required"));
    assert_eq!(read("", account("required", 1, NOTHING), "metadata_hop_limit"), Reading::Value(Value::integer(1)));
    assert_eq!(read("", account(NOTHING, -1, NOTHING), "metadata_tokens"), value("optional"));
    assert_eq!(read("", account(NOTHING, -1, NOTHING), "metadata_hop_limit"), Reading::Value(Value::integer(2)));
    assert_eq!(read("", Some(Ok(AccountLevel::default())), "metadata_tokens"), value("optional"));
}

#[test]
fn without_any_options_at_all_nothing_is_required() {
    let template = LaunchTemplate { version: version(""), defaults: account(NOTHING, -1, NOTHING), tags: None };
    assert_eq!(setting(&template, &SettingName::plain("metadata_tokens")), value("optional"));
}

#[test]
fn defaults_that_were_denied_hide_only_what_they_decide() {
    let denied = Reason::new(Cause::Denied, "ec2:GetInstanceMetadataDefaults: UnauthorizedOperation");
    let read = |options| read(options, Some(Err(denied.clone())), "metadata_tokens");
    assert_eq!(read("<httpTokens>required</httpTokens>"), value("required"));
    assert_eq!(read("<httpTokens>optional</httpTokens><httpEndpoint>enabled</httpEndpoint>"), value("optional"));
    assert_eq!(read("<httpTokens>optional</httpTokens>"), Reading::Unknown(denied.clone()));
    assert_eq!(read(""), Reading::Unknown(denied.clone()));
}

#[test]
fn attributes() {
    let template = LaunchTemplate { version: version(""), defaults: None, tags: None };
    assert_eq!(attribute(&template, "default_version"), Reading::Value(Value::integer(3)));
    assert_eq!(attribute(&template, "name"), value("web"));
}

#[test]
fn what_a_new_version_does_not_keep_is_named() {
    let old = version("<metadataOptions><httpTokens>optional</httpTokens></metadataOptions><userData>eA==</userData>");
    let same = version("<userData>eA==</userData><metadataOptions><httpTokens>required</httpTokens></metadataOptions>");
    assert!(old.launch_template_data.lost_in(&same.launch_template_data).is_empty());
    assert_eq!(old.launch_template_data.lost_in(&version("").launch_template_data), ["userData"]);
}
