//! [`Workload`]: what makes pods from a template, and the [`ServiceAccount`] that they run as.

use super::pod::PodSpec;
use crate::label_selector::LabelSelector;
use crate::metadata::Metadata;
use crate::page::absent;
use serde::Deserialize;

/// A `Deployment`, `StatefulSet`, `DaemonSet`, `ReplicaSet` (`apps/v1`), `Job` or `CronJob` (`batch/v1`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Workload {
    /// Name, namespace, labels.
    pub metadata: Metadata,
    /// What it says.
    #[serde(deserialize_with = "absent")]
    pub spec: WorkloadSpec,
    /// How it stands.
    #[serde(deserialize_with = "absent")]
    pub status: WorkloadStatus,
}

/// How a daemon set stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct WorkloadStatus {
    /// On how many nodes it should run.
    pub desired_number_scheduled: i64,
    /// On how many it runs and is ready.
    pub number_ready: i64,
}

/// What a workload says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct WorkloadSpec {
    /// How many pods it keeps; 1 where it says nothing.
    pub replicas: Option<i64>,
    /// The pods that it counts as its own.
    #[serde(deserialize_with = "absent")]
    pub selector: LabelSelector,
    /// What its pods are made from.
    #[serde(deserialize_with = "absent")]
    pub template: Template,
    /// Of a cron job, what its jobs are made from.
    #[serde(deserialize_with = "absent")]
    pub job_template: JobTemplate,
}

/// What pods are made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Template {
    /// The labels of the pods.
    #[serde(deserialize_with = "absent")]
    pub metadata: Metadata,
    /// How they are to run.
    #[serde(deserialize_with = "absent")]
    pub spec: PodSpec,
}

/// What jobs are made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct JobTemplate {
    /// What they say.
    #[serde(deserialize_with = "absent")]
    pub spec: JobSpec,
}

/// What a job of a cron job says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct JobSpec {
    /// What its pods are made from.
    #[serde(deserialize_with = "absent")]
    pub template: Template,
}

/// A service account (`v1`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ServiceAccount {
    /// Name and namespace.
    pub metadata: Metadata,
    /// Whether its token is mounted into pods that say nothing of it; it is where nothing is said here either.
    pub automount_service_account_token: Option<bool>,
}
