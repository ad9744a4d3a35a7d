//! The forms of an IAM policy.

use crate::providers::Grants;
use hcl::expr::{Expression, FuncCall, Object, ObjectKey};
use hcl::{Attribute, Block, Body};
use ordain_model::provider::Purpose;
use serde_json::{Value as Json, json};

/// The statements for the principal that the run starts as, or for the one that acts in each account. Without roles
/// they are the same principal, which then needs both.
pub fn statements(grants: &Grants, caller: bool, purpose: Purpose) -> Vec<Json> {
    let sid = if purpose == Purpose::Read { "OrdainRead" } else { "OrdainApply" };
    let one = grants.roles.is_empty();
    let mut actions = if caller && !one { grants.caller.clone() } else { grants.account.clone() };
    if one {
        actions.extend(&grants.caller);
    }
    let assumes = actions.remove("sts:AssumeRole");
    let passes = actions.remove("iam:PassRole");
    let mut statements = Vec::new();
    if !actions.is_empty() {
        statements.push(json!({"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": "*"}));
    }
    if passes {
        // Only flow logs are handed a role: passing one to anything else could hand out what that role may do.
        let service = json!({"StringEquals": {"iam:PassedToService": "vpc-flow-logs.amazonaws.com"}});
        statements.push(json!({
            "Sid": "OrdainPass", "Effect": "Allow", "Action": ["iam:PassRole"], "Resource": "*", "Condition": service
        }));
    }
    if assumes {
        let roles = &grants.roles;
        statements
            .push(json!({"Sid": "OrdainAssume", "Effect": "Allow", "Action": ["sts:AssumeRole"], "Resource": roles}));
    }
    statements
}

/// The policy document.
pub fn policy(statements: &[Json]) -> Json {
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// The text of the policy document.
pub fn json(statements: &[Json]) -> String {
    format!("{:#}\n", policy(statements))
}

/// A template with one managed policy.
pub fn cloudformation(name: &str, statements: &[Json]) -> String {
    let properties = json!({"ManagedPolicyName": name, "PolicyDocument": policy(statements)});
    let resource = json!({"Type": "AWS::IAM::ManagedPolicy", "Properties": properties});
    format!("{:#}\n", json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"OrdainPolicy": resource}}))
}

/// One `aws_iam_policy` resource.
pub fn terraform(name: &str, statements: &[Json]) -> String {
    let encode = FuncCall::builder("jsonencode").arg(expression(&policy(statements))).build();
    let block = Block::builder("resource")
        .add_label("aws_iam_policy")
        .add_label(name.replace('-', "_"))
        .add_attribute(Attribute::new("name", name))
        .add_attribute(Attribute::new("policy", Expression::from(encode)))
        .build();
    let body = Body::builder().add_block(block).build();
    // A body of blocks and literals always has a text.
    hcl::to_string(&body).unwrap_or_default()
}

fn expression(json: &Json) -> Expression {
    match json {
        Json::Array(items) => Expression::Array(items.iter().map(expression).collect()),
        Json::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| (ObjectKey::from(name.as_str()), expression(value)));
            Expression::Object(fields.collect::<Object<_, _>>())
        }
        Json::String(text) => Expression::String(text.clone()),
        Json::Bool(truth) => Expression::Bool(*truth),
        Json::Number(_) | Json::Null => Expression::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grants(roles: &[&str]) -> Grants {
        Grants {
            caller: ["organizations:ListAccounts", "sts:AssumeRole"]
                .into_iter()
                .filter(|action| !roles.is_empty() || *action != "sts:AssumeRole")
                .collect(),
            account: ["logs:DescribeLogGroups"].into(),
            roles: roles.iter().map(ToString::to_string).collect(),
            ..Grants::default()
        }
    }

    #[test]
    fn without_a_role_one_principal_needs_everything() {
        let statements = statements(&grants(&[]), false, Purpose::Read);
        assert_eq!(
            statements,
            [
                json!({"Sid": "OrdainRead", "Effect": "Allow", "Action": ["logs:DescribeLogGroups", "organizations:ListAccounts"], "Resource": "*"})
            ]
        );
    }

    #[test]
    fn with_a_role_the_two_are_told_apart() {
        let grants = grants(&["arn:aws-cn:iam::*:role/OrdainRead"]);
        let account = statements(&grants, false, Purpose::Read);
        assert_eq!(account[0]["Action"], json!(["logs:DescribeLogGroups"]));
        let caller = statements(&grants, true, Purpose::Read);
        assert_eq!(caller[0]["Action"], json!(["organizations:ListAccounts"]));
        assert_eq!(caller[1]["Resource"], json!(["arn:aws-cn:iam::*:role/OrdainRead"]));
    }

    #[test]
    fn a_role_is_passed_to_flow_logs_only() {
        let mut grants = grants(&["arn:aws:iam::*:role/OrdainApply"]);
        grants.account.insert("iam:PassRole");
        let statements = statements(&grants, false, Purpose::Apply);
        assert_eq!(statements[0]["Action"], json!(["logs:DescribeLogGroups"]));
        assert_eq!(statements[1]["Action"], json!(["iam:PassRole"]));
        let service = &statements[1]["Condition"]["StringEquals"]["iam:PassedToService"];
        assert_eq!(service, "vpc-flow-logs.amazonaws.com");
    }

    #[test]
    fn terraform_reads_its_own_form() {
        let text = terraform("ordain-read", &statements(&grants(&[]), false, Purpose::Read));
        let body: hcl::Body = hcl::parse(&text).unwrap();
        assert_eq!(body.blocks().next().unwrap().labels().len(), 2);
        assert!(text.contains("jsonencode(") && text.contains("\"logs:DescribeLogGroups\""), "{text}");
    }
}
