//! The one place that names provider crates.

use ordain_aws::Aws;
use ordain_aws::pace::Pace;
use ordain_kubernetes::Kubernetes;
use ordain_kubernetes::cluster_role::ClusterRole;
use ordain_model::observation::{ReadSet, Reason};
use ordain_model::provider::{Provider, Providers, Purpose, Target};
use std::collections::BTreeSet;

static AWS: Aws = Aws { pace: Pace::Half };
static ALL: &[&dyn Provider] = &[&AWS, &Kubernetes];

/// Every provider of this build, sorted by name.
#[must_use]
pub fn all() -> Providers<'static> {
    Providers(ALL)
}

/// What a profile needs to be allowed, over its targets: IAM actions in accounts, rules in clusters.
#[derive(Clone, Debug, Default)]
pub struct Grants {
    /// Taken by the principal of the credentials before any role.
    pub caller: BTreeSet<&'static str>,
    /// Taken in each account.
    pub account: BTreeSet<&'static str>,
    /// Roles that are assumed in each account: ARNs with `*` for the account.
    pub roles: BTreeSet<String>,
    /// Taken in each cluster.
    pub cluster: ClusterRole,
}

impl Grants {
    /// Adds what reading one set from a target takes, and for apply changing another.
    ///
    /// # Errors
    /// What the target's arguments say and cannot be.
    pub fn add(&mut self, target: &Target, reads: &ReadSet, writes: &ReadSet, purpose: Purpose) -> Result<(), Reason> {
        if &*target.provider == Kubernetes.name() {
            return self.cluster.add(target, reads, writes, purpose);
        }
        // Whoever applies also reads; the roles are those of the purpose.
        let of_reads = ordain_aws::actions::actions(reads, target, Purpose::Read)?;
        let of_purpose = match purpose {
            Purpose::Read => of_reads.clone(),
            Purpose::Apply => ordain_aws::actions::actions(writes, target, purpose)?,
        };
        self.account.extend(of_reads.account.union(&of_purpose.account));
        self.caller.extend(of_purpose.caller);
        self.roles.extend(of_purpose.role);
        Ok(())
    }
}
