//! `openreports`: ClusterReports of openreports.io/v1alpha1, which follow the PolicyReports.

use super::Format;
use super::policyreport::list;
use crate::style::Style;

/// The format.
pub const FORMAT: Format = Format {
    name: "openreports",
    summary: "reports for Kubernetes (openreports.io)",
    begins: "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"List\",\n  \"metadata\": {},\n  \"items\": [\n    {\n      \"apiVersion\": \"openreports.io/v1alpha1\"",
    write: |report, _: Style, out| list(report, out, "openreports.io/v1alpha1", "ClusterReport"),
};
