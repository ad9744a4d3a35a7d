//! Regions: their partition, and AWS's own host names.

/// Regions known when this was written, for hints only: a region that is not in the list is used all the same.
/// Source: <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html>.
const KNOWN: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eusc-de-east-1",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

/// A partition's suffixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    /// The second part of its ARNs.
    pub name: &'static str,
    /// Behind the region in host names.
    pub suffix: &'static str,
    /// The same for hosts that answer over IPv6 too.
    pub dual_stack_suffix: &'static str,
}

/// Partitions by the prefix of their regions; the last one takes every other region.
/// Source: `partitions.json` of the AWS SDKs, version 1.1.
const PARTITIONS: &[(&str, Partition)] = &[
    ("cn-", Partition::of("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn")),
    ("eu-isoe-", Partition::of("aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk")),
    ("eusc-", Partition::of("aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu")),
    ("us-gov-", Partition::of("aws-us-gov", "amazonaws.com", "api.aws")),
    ("us-iso-", Partition::of("aws-iso", "c2s.ic.gov", "api.aws.ic.gov")),
    ("us-isob-", Partition::of("aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud")),
    ("us-isof-", Partition::of("aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov")),
    ("", Partition::of("aws", "amazonaws.com", "api.aws")),
];

impl Partition {
    const fn of(name: &'static str, suffix: &'static str, dual_stack_suffix: &'static str) -> Partition {
        Partition { name, suffix, dual_stack_suffix }
    }
}

/// The partition of a region, by its prefix.
#[must_use]
pub fn partition(region: &str) -> Partition {
    let found = PARTITIONS.iter().find(|(prefix, _)| region.starts_with(prefix));
    found.map_or(Partition::of("aws", "amazonaws.com", "api.aws"), |(_, partition)| *partition)
}

/// The ARN of a role of this name, with its path, in an account.
#[must_use]
pub fn role(partition: &str, name: &str, account: &str) -> String {
    format!("arn:{partition}:iam::{account}:role/{}", name.trim_start_matches('/'))
}

/// AWS's own endpoint of EC2 in a region.
#[must_use]
pub fn ec2_endpoint(region: &str, fips: bool, dual_stack: bool) -> String {
    let partition = partition(region);
    // In GovCloud the plain host is the FIPS one.
    let service = if fips && (dual_stack || partition.name != "aws-us-gov") { "ec2-fips" } else { "ec2" };
    let suffix = if dual_stack { partition.dual_stack_suffix } else { partition.suffix };
    format!("https://{service}.{region}.{suffix}")
}

/// Whether a request to this URL went to AWS itself.
#[must_use]
pub fn is_aws(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let below = |suffix: &str| host.strip_suffix(suffix).is_some_and(|front| front.ends_with('.'));
    PARTITIONS.iter().any(|(_, partition)| below(partition.suffix) || below(partition.dual_stack_suffix))
}

/// What is wrong with a region's name: its shape, with the known region that is nearest.
#[must_use]
pub fn mistake(region: &str) -> Option<String> {
    let parts: Vec<&str> = region.split('-').collect();
    let letters = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let shaped = parts.len() >= 3
        && parts.iter().take(parts.len() - 1).all(letters)
        && parts.last().is_some_and(|last| !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()));
    (!shaped).then(|| format!("`{region}` is not a region{}", hint(region)))
}

/// `; did you mean "eu-west-1"?` for a region that is not known and near one that is.
#[must_use]
pub fn hint(region: &str) -> String {
    if KNOWN.contains(&region) {
        return String::new();
    }
    ordain_model::diagnostic::nearest(region, KNOWN.iter().copied())
        .map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_of_ec2_as_its_rules_give_them() {
        for (region, fips, dual_stack, expected) in [
            ("eu-west-1", false, false, "https://ec2.eu-west-1.amazonaws.com"),
            ("eu-west-1", true, false, "https://ec2-fips.eu-west-1.amazonaws.com"),
            ("eu-west-1", false, true, "https://ec2.eu-west-1.api.aws"),
            ("us-east-1", true, true, "https://ec2-fips.us-east-1.api.aws"),
            ("us-gov-west-1", true, false, "https://ec2.us-gov-west-1.amazonaws.com"),
            ("cn-north-1", false, false, "https://ec2.cn-north-1.amazonaws.com.cn"),
            ("us-iso-east-1", false, false, "https://ec2.us-iso-east-1.c2s.ic.gov"),
            ("eusc-de-east-1", false, false, "https://ec2.eusc-de-east-1.amazonaws.eu"),
        ] {
            assert_eq!(ec2_endpoint(region, fips, dual_stack), expected);
        }
    }

    #[test]
    fn only_awss_own_hosts_over_tls_are_awss_own() {
        for own in [
            "https://sts.amazonaws.com/",
            "https://s3.cn-north-1.amazonaws.com.cn",
            "https://eks.eu-west-1.api.aws/a?b",
        ] {
            assert!(is_aws(own), "{own}");
        }
        for other in [
            "http://sts.amazonaws.com/",
            "https://amazonaws.com.example.org/",
            "https://evilamazonaws.com/",
            "https://example.org/?x=.amazonaws.com",
            "https://sts.amazonaws.com@example.org/",
            "http://127.0.0.1:4566",
        ] {
            assert!(!is_aws(other), "{other}");
        }
    }

    #[test]
    fn a_region_has_a_shape_and_a_near_name() {
        assert_eq!(mistake("eu-west-1"), None);
        assert_eq!(mistake("xx-new-9"), None);
        assert!(mistake("eu-wst1").is_some_and(|text| text.ends_with("did you mean `eu-west-1`?")));
        assert!(mistake("").is_some());
        assert_eq!(hint("eu-wst-1"), "; did you mean `eu-west-1`?");
        assert_eq!(hint("eu-west-1"), "");
    }
}
