//! Default encryption and the public access block of a bucket.

use super::value;
use crate::connection::reason::{code, reason, refusal};
use crate::connection::scope::Scope;
use crate::kinds::aws_s3_bucket::PUBLIC_ACCESS;
use aws_sdk_s3::types::{
    PublicAccessBlockConfiguration, ServerSideEncryption, ServerSideEncryptionByDefault,
    ServerSideEncryptionConfiguration, ServerSideEncryptionRule,
};
use ordain_model::observation::{Cause, Reason};
use ordain_model::provider::Change;
use ordain_model::value::Value;
use std::collections::BTreeSet;

const GET_ENCRYPTION: &str = "s3:GetEncryptionConfiguration";
const PUT_ENCRYPTION: &str = "s3:PutEncryptionConfiguration";
const GET_BLOCK: &str = "s3:GetBucketPublicAccessBlock";
const PUT_BLOCK: &str = "s3:PutBucketPublicAccessBlock";

/// The default algorithm, as the setting's word.
pub(super) async fn encryption(scope: &Scope, bucket: &str) -> Result<&'static str, Reason> {
    let Some(rule) = encryption_rule(scope, bucket).await? else { return Ok("none") };
    match rule.apply_server_side_encryption_by_default.map(|default| default.sse_algorithm) {
        None => Ok("none"),
        Some(ServerSideEncryption::Aes256) => Ok("aes256"),
        Some(ServerSideEncryption::AwsKms) => Ok("aws_kms"),
        Some(ServerSideEncryption::AwsKmsDsse) => Ok("aws_kms_dsse"),
        Some(_) => {
            Err(Reason::new(Cause::Unreadable, format!("{GET_ENCRYPTION}: an algorithm that is not documented")))
        }
    }
}

/// The one rule of the encryption configuration, if there is a configuration.
async fn encryption_rule(scope: &Scope, bucket: &str) -> Result<Option<ServerSideEncryptionRule>, Reason> {
    match scope.clients.s3().get_bucket_encryption().bucket(bucket).send().await {
        Ok(answer) => Ok(answer.server_side_encryption_configuration.and_then(|it| it.rules.into_iter().next())),
        Err(error) if code(&error) == Some("ServerSideEncryptionConfigurationNotFoundError") => Ok(None),
        Err(error) => Err(reason(GET_ENCRYPTION, &error)),
    }
}

/// Changes the default algorithm and keeps what else the configuration says: the bucket key, and a key that is named.
pub(super) async fn write_encryption(scope: &Scope, change: &Change) -> Result<(), Reason> {
    let refuse = |error: aws_sdk_s3::error::BuildError| Reason::new(Cause::Failed, error.to_string());
    let (s3, bucket) = (scope.clients.s3(), &*change.object.id);
    let algorithm = match value(&change.values, "encryption").and_then(Value::as_str) {
        Some("aes256") => ServerSideEncryption::Aes256,
        Some("aws_kms") => ServerSideEncryption::AwsKms,
        Some("aws_kms_dsse") => ServerSideEncryption::AwsKmsDsse,
        _ => {
            let sent = s3.delete_bucket_encryption().bucket(bucket).send().await;
            return sent.map(drop).map_err(|error| refusal(PUT_ENCRYPTION, &error));
        }
    };
    let now = encryption_rule(scope, bucket).await?;
    let named =
        now.as_ref().and_then(|rule| rule.apply_server_side_encryption_by_default.as_ref()?.kms_master_key_id.clone());
    let key = named.filter(|_| algorithm != ServerSideEncryption::Aes256);
    let default = ServerSideEncryptionByDefault::builder().sse_algorithm(algorithm).set_kms_master_key_id(key).build();
    let mut rule = now.unwrap_or_else(|| ServerSideEncryptionRule::builder().build());
    rule.apply_server_side_encryption_by_default = Some(default.map_err(refuse)?);
    let configuration = ServerSideEncryptionConfiguration::builder().rules(rule).build().map_err(refuse)?;
    let request = s3.put_bucket_encryption().bucket(bucket).server_side_encryption_configuration(configuration);
    request.send().await.map(drop).map_err(|error| refusal(PUT_ENCRYPTION, &error))
}

/// The flags that are on, as the setting's words. No block is no flag.
pub(super) async fn public_access_block(scope: &Scope, bucket: &str) -> Result<BTreeSet<&'static str>, Reason> {
    let block = match scope.clients.s3().get_public_access_block().bucket(bucket).send().await {
        Ok(answer) => answer.public_access_block_configuration,
        Err(error) if code(&error) == Some("NoSuchPublicAccessBlockConfiguration") => None,
        Err(error) => return Err(reason(GET_BLOCK, &error)),
    };
    let Some(block) = block else { return Ok(BTreeSet::new()) };
    // In the order of the setting's words.
    let flags =
        [block.block_public_acls, block.block_public_policy, block.ignore_public_acls, block.restrict_public_buckets];
    Ok(PUBLIC_ACCESS.iter().copied().zip(flags).filter(|(_, on)| *on == Some(true)).map(|(word, _)| word).collect())
}

/// Sends all four flags.
pub(super) async fn write_public_access_block(scope: &Scope, change: &Change) -> Result<(), Reason> {
    let Some(Value::Set(on)) = value(&change.values, "public_access_block") else {
        return Err(Reason::new(Cause::Failed, "`public_access_block` is not in the change"));
    };
    let block = PublicAccessBlockConfiguration::builder()
        .block_public_acls(on.contains("block_public_acls"))
        .block_public_policy(on.contains("block_public_policy"))
        .ignore_public_acls(on.contains("ignore_public_acls"))
        .restrict_public_buckets(on.contains("restrict_public_buckets"))
        .build();
    let request = scope.clients.s3().put_public_access_block().bucket(&*change.object.id);
    let sent = request.public_access_block_configuration(block).send().await;
    sent.map(drop).map_err(|error| refusal(PUT_BLOCK, &error))
}
