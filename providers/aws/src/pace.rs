//! [`Pace`]: which share of an API's documented request rate one run may use.

/// How fast to call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// Half of the documented rate of each operation, so that others in the account keep the other half.
    #[default]
    Half,
    /// As fast as answers come. For back ends on the same machine.
    Unlimited,
}

/// A token bucket: `burst` requests at once, then `per_second`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Requests that may go at once.
    pub burst: u32,
    /// Requests per second after that.
    pub per_second: u32,
}

/// Where a rate comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The page of AWS that has the number.
    Page(&'static str),
    /// AWS publishes no number for these operations: ours, and why it is careful enough.
    Assumed(&'static str),
}

/// Operations, each with a bucket of its own of this size per account and region.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The whole rate, of which [`Pace`] takes its share.
    pub rate: Rate,
    /// Who says so.
    pub source: Source,
    /// The operations, for example `ecr:GetLifecyclePolicy`, sorted.
    pub operations: &'static [&'static str],
}

const EC2: Source = Source::Page("https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html");
const LOGS: Source =
    Source::Page("https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html");
const ORGANIZATIONS: Source =
    Source::Page("https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html");
const STS: Source = Source::Page("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html");
const TAGGING: Source = Source::Page("https://docs.aws.amazon.com/tag-editor/latest/userguide/reference.html");

/// Every operation that the provider sends, with its rate. What is missing here goes at the pace of [`UNKNOWN`].
pub const RATES: &[Row] = &[
    // "Non-mutating actions": `Describe*` and `Get*` that the page puts in no other category.
    Row {
        rate: Rate { burst: 100, per_second: 20 },
        source: EC2,
        operations: &[
            "ec2:DescribeFlowLogs",
            "ec2:DescribeLaunchTemplateVersions",
            "ec2:DescribeLaunchTemplates",
            "ec2:DescribeNatGateways",
            "ec2:DescribeRegions",
            "ec2:DescribeRouteTables",
            "ec2:DescribeVpcs",
            "ec2:GetEbsEncryptionByDefault",
            "ec2:GetInstanceMetadataDefaults",
            "ec2:GetManagedPrefixListEntries",
        ],
    },
    // "Unfiltered and unpaginated non-mutating actions": lists are paged, but one object is read back by its id alone.
    Row {
        rate: Rate { burst: 50, per_second: 10 },
        source: EC2,
        operations: &["ec2:DescribeInstances", "ec2:DescribeSecurityGroups"],
    },
    // "Mutating actions", and "resource-intensive actions" with the same numbers.
    Row {
        rate: Rate { burst: 50, per_second: 5 },
        source: EC2,
        operations: &[
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:CreateFlowLogs",
            "ec2:DeleteFlowLogs",
            "ec2:DisableEbsEncryptionByDefault",
            "ec2:EnableEbsEncryptionByDefault",
            "ec2:RevokeSecurityGroupIngress",
        ],
    },
    // "Uncategorized actions", each with numbers of its own.
    Row {
        rate: Rate { burst: 100, per_second: 5 },
        source: EC2,
        operations: &[
            "ec2:CreateLaunchTemplateVersion",
            "ec2:ModifyInstanceMetadataOptions",
            "ec2:ModifyLaunchTemplate",
        ],
    },
    Row { rate: Rate { burst: 2, per_second: 2 }, source: EC2, operations: &["ec2:ModifyInstanceMetadataDefaults"] },
    Row { rate: Rate { burst: 10, per_second: 10 }, source: LOGS, operations: &["logs:DescribeLogGroups"] },
    Row {
        rate: Rate { burst: 5, per_second: 5 },
        source: LOGS,
        operations: &["logs:AssociateKmsKey", "logs:DeleteRetentionPolicy", "logs:PutRetentionPolicy"],
    },
    Row {
        rate: Rate { burst: 5, per_second: 5 },
        source: Source::Assumed("that of logs:AssociateKmsKey, its other half; the page leaves it out"),
        operations: &["logs:DisassociateKmsKey"],
    },
    // Per account; the limits of the whole organisation are a little higher.
    Row { rate: Rate { burst: 12, per_second: 8 }, source: ORGANIZATIONS, operations: &["organizations:ListAccounts"] },
    // One number, but a bucket for each: together they may use the whole of it while units are listed.
    Row {
        rate: Rate { burst: 8, per_second: 5 },
        source: ORGANIZATIONS,
        operations: &["organizations:ListAccountsForParent", "organizations:ListOrganizationalUnitsForParent"],
    },
    Row { rate: Rate { burst: 2, per_second: 1 }, source: ORGANIZATIONS, operations: &["organizations:ListRoots"] },
    // 600 a second for all operations together that take credentials; the provider sends these two, at 300 each.
    Row {
        rate: Rate { burst: 300, per_second: 300 },
        source: STS,
        operations: &["sts:AssumeRole", "sts:GetCallerIdentity"],
    },
    Row { rate: Rate { burst: 15, per_second: 15 }, source: TAGGING, operations: &["tag:GetResources"] },
    Row {
        rate: Rate { burst: 100, per_second: 20 },
        source: Source::Assumed(
            "no page of ECR, EKS, RDS or S3 has a number for reads of settings: as EC2's reads, \
             of which half is taken, and throttling backs off",
        ),
        operations: &[
            "ecr:DescribeRepositories",
            "ecr:GetLifecyclePolicy",
            "ecr:GetRegistryScanningConfiguration",
            "eks:DescribeCluster",
            "eks:DescribeUpdate",
            "eks:ListClusters",
            "rds:DescribeDBClusters",
            "rds:DescribeDBInstances",
            "s3:GetBucketEncryption",
            "s3:GetBucketLifecycleConfiguration",
            "s3:GetBucketVersioning",
            "s3:GetPublicAccessBlock",
            "s3:ListBuckets",
        ],
    },
    Row {
        rate: UNKNOWN,
        source: Source::Assumed("no page of ECR, EKS, RDS or S3 has a number for writes of settings: as EC2's writes"),
        operations: &[
            "ecr:DeleteLifecyclePolicy",
            "ecr:PutImageScanningConfiguration",
            "ecr:PutImageTagMutability",
            "ecr:PutLifecyclePolicy",
            "eks:UpdateClusterConfig",
            "rds:ModifyDBInstance",
            "s3:DeleteBucketEncryption",
            "s3:DeleteBucketLifecycle",
            "s3:PutBucketEncryption",
            "s3:PutBucketLifecycleConfiguration",
            "s3:PutPublicAccessBlock",
        ],
    },
];

/// The rate of an operation of which nothing is known.
pub const UNKNOWN: Rate = Rate { burst: 20, per_second: 5 };

/// The row of an operation (`ecr:GetLifecyclePolicy`), if it has one.
#[must_use]
pub fn row(operation: &str) -> Option<&'static Row> {
    RATES.iter().find(|row| row.operations.contains(&operation))
}

/// The rate at which an operation may be called under this pace, if any holds.
#[must_use]
pub fn rate(pace: Pace, operation: &str) -> Option<Rate> {
    let full = row(operation).map_or(UNKNOWN, |row| row.rate);
    match pace {
        Pace::Half => Some(Rate { burst: (full.burst / 2).max(1), per_second: (full.per_second / 2).max(1) }),
        Pace::Unlimited => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn half_of_what_is_documented_and_never_nothing() {
        let half = |operation| rate(Pace::Half, operation).map(|rate| (rate.burst, rate.per_second));
        assert_eq!(half("ec2:DescribeVpcs"), Some((50, 10)));
        assert_eq!(half("ec2:DescribeInstances"), Some((25, 5)));
        assert_eq!(half("ec2:ModifyInstanceMetadataDefaults"), Some((1, 1)));
        assert_eq!(half("logs:PutRetentionPolicy"), Some((2, 2)));
        assert_eq!(half("organizations:ListAccountsForParent"), Some((4, 2)));
        assert_eq!(half("ecr:GetLifecyclePolicy"), Some((50, 10)));
        assert_eq!(half("new:PutAnything"), Some((10, 2)), "what is not known goes slowly");
        assert_eq!(rate(Pace::Unlimited, "ec2:DescribeInstances"), None);
    }

    #[test]
    fn an_operation_stands_in_one_row() {
        let all: Vec<&str> = RATES.iter().flat_map(|row| row.operations).copied().collect();
        assert_eq!(all.len(), all.iter().collect::<BTreeSet<_>>().len());
        assert!(RATES.iter().all(|row| row.operations.is_sorted()));
    }
}
