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

/// Rates by the start of the operation's name, per account and region; the first that fits holds.
///
/// Compared with its page: EC2's bucket of a `Describe` that is paged (ours are, but for `DescribeRegions`, which has no
/// pages), <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html>. Not yet compared, to be held
/// against the page before a change relies on them: the other EC2 rows (the same page), logs
/// (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html>), tagging
/// (<https://docs.aws.amazon.com/general/latest/gr/arg.html>) and STS
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>). ECR, EKS, RDS, S3 and Organizations: no
/// figure was found for the operations used here, so the last two rows are this project's assumption.
const DOCUMENTED: &[(&str, Rate)] = &[
    ("ec2:DescribeRegions", Rate { burst: 50, per_second: 10 }),
    ("ec2:Describe", Rate { burst: 100, per_second: 20 }),
    ("ec2:Get", Rate { burst: 50, per_second: 10 }),
    ("ec2:", Rate { burst: 50, per_second: 5 }),
    ("logs:DescribeLogGroups", Rate { burst: 10, per_second: 10 }),
    ("logs:", Rate { burst: 5, per_second: 5 }),
    ("sts:", Rate { burst: 600, per_second: 600 }),
    ("tag:GetResources", Rate { burst: 15, per_second: 15 }),
];

/// Assumed for reads of services of which no rate was found.
const ASSUMED_READ: Rate = Rate { burst: 100, per_second: 20 };

/// Assumed for writes of services of which no rate was found.
const ASSUMED_WRITE: Rate = Rate { burst: 20, per_second: 5 };

/// The rate at which an operation (`ecr:GetLifecyclePolicy`) may be called under this pace, if any holds.
#[must_use]
pub fn rate(pace: Pace, operation: &str) -> Option<Rate> {
    let reads = ["Describe", "Get", "List"];
    let name = operation.split_once(':').map_or(operation, |(_, name)| name);
    let assumed = if reads.iter().any(|verb| name.starts_with(verb)) { ASSUMED_READ } else { ASSUMED_WRITE };
    let full = DOCUMENTED.iter().find(|(start, _)| operation.starts_with(start)).map_or(assumed, |(_, rate)| *rate);
    match pace {
        Pace::Half => Some(Rate { burst: (full.burst / 2).max(1), per_second: (full.per_second / 2).max(1) }),
        Pace::Unlimited => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_what_is_documented_and_never_nothing() {
        assert_eq!(rate(Pace::Half, "ec2:DescribeInstances"), Some(Rate { burst: 50, per_second: 10 }));
        assert_eq!(rate(Pace::Half, "ec2:DescribeRegions"), Some(Rate { burst: 25, per_second: 5 }));
        assert_eq!(rate(Pace::Half, "ec2:ModifyLaunchTemplate"), Some(Rate { burst: 25, per_second: 2 }));
        assert_eq!(rate(Pace::Half, "logs:PutRetentionPolicy"), Some(Rate { burst: 2, per_second: 2 }));
        assert_eq!(rate(Pace::Half, "ecr:GetLifecyclePolicy"), Some(Rate { burst: 50, per_second: 10 }));
        assert_eq!(rate(Pace::Half, "ecr:PutLifecyclePolicy"), Some(Rate { burst: 10, per_second: 2 }));
        assert_eq!(rate(Pace::Unlimited, "ec2:DescribeInstances"), None);
    }
}
