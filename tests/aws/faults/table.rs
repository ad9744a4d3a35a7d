//! What an apply calls: every operation of each sort of object, and the profile that makes it call them.

use ordain_tests::backend::Kind;

/// What changes some settings of a sort of object.
pub(super) struct Row {
    /// The sort, as `tests/seeds/faults.py` makes it.
    pub(super) sort: &'static str,
    /// The settings.
    pub(super) settings: &'static [&'static str],
    /// The operations; the last one writes.
    pub(super) operations: &'static [&'static str],
}

const fn row(sort: &'static str, settings: &'static [&'static str], operations: &'static [&'static str]) -> Row {
    Row { sort, settings, operations }
}

/// What every apply calls, whatever it changes.
pub(super) const SESSION: &[&str] = &["sts:AssumeRole", "sts:GetCallerIdentity"];

/// What has to be asked for by its address: one key is not stricter than none.
pub(super) fn allowed(sorts: &[&str]) -> &'static [&'static str] {
    match sorts.contains(&"log_group") {
        true => &["-allow", "aws:123456789012/eu-west-3/aws_cloudwatch_log_group/%2Fapp%2Fkeyed#kms_key"],
        false => &[],
    }
}

/// Sorts whose change is made of several calls: a part of it may be there.
pub(super) const PARTLY: &[&str] = &["security_group", "vpc"];

/// What fakecloud has right.
const FAKECLOUD: &[Row] = &[
    row(
        "account",
        &["ebs_encryption_by_default"],
        &["ec2:GetEbsEncryptionByDefault", "ec2:DisableEbsEncryptionByDefault", "ec2:EnableEbsEncryptionByDefault"],
    ),
    row("account", &["metadata_tokens"], &["ec2:GetInstanceMetadataDefaults", "ec2:ModifyInstanceMetadataDefaults"]),
    row("bucket", &["encryption"], &["s3:GetBucketEncryption", "s3:PutBucketEncryption"]),
    row("bucket", &["public_access_block"], &["s3:GetPublicAccessBlock", "s3:PutPublicAccessBlock"]),
    row(
        "bucket",
        &["retention"],
        &[
            "s3:GetBucketLifecycleConfiguration",
            "s3:GetBucketVersioning",
            "s3:ListBuckets",
            "s3:DeleteBucketLifecycle",
            "s3:PutBucketLifecycleConfiguration",
        ],
    ),
    row(
        "cluster",
        &["endpoint_private_access", "logging"],
        &["eks:DescribeCluster", "eks:DescribeUpdate", "eks:ListClusters", "eks:UpdateClusterConfig"],
    ),
    row("instance", &["metadata_tokens"], &["ec2:DescribeInstances", "ec2:ModifyInstanceMetadataOptions"]),
    row(
        "log_group",
        &["retention"],
        &["logs:DescribeLogGroups", "tag:GetResources", "logs:DeleteRetentionPolicy", "logs:PutRetentionPolicy"],
    ),
    row(
        "log_group",
        &["kms_key"],
        &["logs:DescribeLogGroups", "tag:GetResources", "logs:AssociateKmsKey", "logs:DisassociateKmsKey"],
    ),
    row(
        "repository",
        &["image_retention"],
        &["ecr:DescribeRepositories", "ecr:GetLifecyclePolicy", "ecr:DeleteLifecyclePolicy", "ecr:PutLifecyclePolicy"],
    ),
    row(
        "repository",
        &["scan_on_push"],
        &["ecr:GetRegistryScanningConfiguration", "ecr:PutImageScanningConfiguration"],
    ),
    row("repository", &["tag_immutability"], &["ecr:DescribeRepositories", "ecr:PutImageTagMutability"]),
    row(
        "template",
        &["metadata_tokens"],
        &[
            "ec2:DescribeLaunchTemplateVersions",
            "ec2:GetInstanceMetadataDefaults",
            "ec2:CreateLaunchTemplateVersion",
            "ec2:ModifyLaunchTemplate",
        ],
    ),
];

/// What fakecloud has not, or not right.
const MOTO: &[Row] = &[
    row("database", &["backup_retention", "deletion_protection"], &["rds:DescribeDBInstances", "rds:ModifyDBInstance"]),
    row(
        "security_group",
        &["ingress_from"],
        &["ec2:DescribeSecurityGroups", "ec2:RevokeSecurityGroupIngress", "ec2:AuthorizeSecurityGroupIngress"],
    ),
    row(
        "vpc",
        &["flow_logs", "flow_log_destination"],
        &["ec2:DescribeVpcs", "ec2:DescribeFlowLogs", "ec2:CreateFlowLogs", "ec2:DeleteFlowLogs"],
    ),
];

/// The rows of a back end.
pub(super) fn rows(kind: Kind) -> &'static [Row] {
    match kind {
        Kind::Fakecloud => FAKECLOUD,
        Kind::Moto => MOTO,
        Kind::Azurite => &[],
    }
}

/// By sort: kind, selector, demands.
const REQUIREMENTS: &[(&str, &str, &str, &str)] = &[
    ("account", "aws_account", "true", "ebs_encryption_by_default = true\n metadata_tokens = \"required\""),
    (
        "bucket",
        "aws_s3_bucket",
        "self.name == \"audit-logs\"",
        "retention = { \"logs/\" = at_least(\"365d\") }\n encryption = at_least(\"aws_kms\")\n public_access_block = superset_of([\"block_public_acls\"])",
    ),
    ("bucket", "aws_s3_bucket", "self.name == \"kept-forever\"", "retention = { \"logs/\" = at_least(\"unlimited\") }"),
    (
        "cluster",
        "aws_eks_cluster",
        "self.name == \"prod\"",
        "logging = superset_of([\"audit\"])\n endpoint_private_access = true",
    ),
    (
        "database",
        "aws_db_instance",
        "self.id == \"orders\"",
        "backup_retention = at_least(\"14d\")\n deletion_protection = true",
    ),
    ("instance", "aws_instance", "true", "metadata_tokens = \"required\""),
    (
        "log_group",
        "aws_cloudwatch_log_group",
        "self.name == \"/app/api\" && lookup(self.tags, \"team\", \"\") == \"\"",
        "retention = at_least(\"365d\")",
    ),
    ("log_group", "aws_cloudwatch_log_group", "self.name == \"/app/forever\"", "retention = at_least(\"unlimited\")"),
    (
        "log_group",
        "aws_cloudwatch_log_group",
        "self.name == \"/app/keyed\"",
        "kms_key = \"arn:aws:kms:eu-west-3:123456789012:key/11111111-2222-3333-4444-555555555555\"",
    ),
    (
        "repository",
        "aws_ecr_repository",
        "self.name == \"shop\"",
        "image_retention = at_least(\"365d\")\n scan_on_push = true\n tag_immutability = \"immutable\"",
    ),
    ("repository", "aws_ecr_repository", "self.name == \"forever\"", "image_retention = at_least(\"unlimited\")"),
    (
        "security_group",
        "aws_security_group",
        "self.name == \"databases\"",
        "ingress_from = { \"tcp/5432\" = within([\"203.0.113.0/24\"]) }",
    ),
    ("template", "aws_launch_template", "self.name == \"web\"", "metadata_tokens = \"required\""),
    (
        "vpc",
        "aws_vpc",
        "lookup(self.tags, \"scenario\", \"\") == \"faults\"",
        "flow_logs = superset_of([\"accept\", \"reject\"])\n flow_log_destination = superset_of([\"arn:aws:s3:::flow-logs\"])",
    ),
];

/// The profile of some sorts.
pub(super) fn profile(sorts: &[&str]) -> String {
    let target = "target \"aws\" \"account\" {\n apply_role = \"Change\"\n keep_access = [\"203.0.113.10/32\"]\n max_changes = 100\n max_percent = 100\n}\n";
    let wanted = REQUIREMENTS.iter().filter(|(sort, ..)| sorts.contains(sort)).enumerate();
    let block = |(at, (_, kind, selector, must)): (usize, &(&str, &str, &str, &str))| {
        format!("require \"{kind}\" \"r{at}\" {{\n where = {selector}\n must {{\n {must}\n }}\n}}\n")
    };
    format!("{target}{}", wanted.map(block).collect::<String>())
}
