//! The kinds, one file each: what it is, and how an answer of the API reads. No SDK, no network.

use ordain_model::schema::Kind;

/// Hands the kinds' modules, sorted, to another macro. The one list that a new kind is added to.
macro_rules! each_kind {
    ($take:ident) => {
        $take! {
            aws_account,
            aws_cloudwatch_log_group,
            aws_db_instance,
            aws_ecr_repository,
            aws_eks_cluster,
            aws_instance,
            aws_launch_template,
            aws_s3_bucket,
            aws_security_group,
            aws_vpc,
        }
    };
}
#[cfg(feature = "live")]
pub(crate) use each_kind;

/// Declares the modules and lists their kinds.
macro_rules! declare {
    ($($kind:ident,)*) => {
        $(pub mod $kind;)*
        /// Every kind, sorted by name.
        pub static KINDS: &[&Kind] = &[$(&$kind::KIND,)*];
    };
}

each_kind!(declare);
