//! The calls of `aws_account`: one per setting and region.

use crate::connection::calls::{Ask, KindCalls};
use crate::connection::ec2::{Ec2, Query};
use crate::connection::reason::{reason, refusal};
use crate::connection::scope::Scope;
use crate::kinds::aws_account::{Account, EbsEncryptionByDefault, attribute, setting};
use ordain_model::Text;
use ordain_model::observation::{Cause, Listing, Reason};
use ordain_model::provider::Change;
use ordain_model::value::Value;
use std::collections::BTreeMap;

/// The calls of this kind.
pub(crate) struct Calls;

impl KindCalls for Calls {
    async fn list(scope: &Scope, ask: &Ask<'_>) -> Listing {
        let mut objects = BTreeMap::new();
        if ask.includes(&scope.account) {
            let client = scope.clients.ec2();
            let (metadata, ebs_encryption) = tokio::join!(
                asked(ask, "metadata_tokens", scope.metadata_defaults()),
                asked(ask, "ebs_encryption_by_default", ebs_encryption(client)),
            );
            let account = Account { region: scope.region.to_string(), metadata, ebs_encryption };
            let object = ask.object(|name| attribute(&account, name), |name| setting(&account, name));
            objects.insert(Text::clone(&scope.account), object);
        }
        Listing { incomplete: None, objects }
    }

    async fn write(scope: &Scope, change: &Change) -> Result<(), Reason> {
        let client = scope.clients.ec2();
        for (setting, value) in &change.values {
            match (&*setting.name, value) {
                ("ebs_encryption_by_default", Value::Bool(on)) => set_ebs_encryption(client, *on).await?,
                ("metadata_tokens", Value::String(tokens)) => set_tokens(client, &tokens.replace('_', "-")).await?,
                (other, _) => return Err(Reason::new(Cause::Failed, format!("`{other}` cannot be written"))),
            }
        }
        Ok(())
    }
}

async fn asked<T>(ask: &Ask<'_>, name: &str, read: impl Future<Output = T>) -> Option<T> {
    match ask.wants(name) {
        true => Some(read.await),
        false => None,
    }
}

async fn ebs_encryption(client: &Ec2) -> Result<bool, Reason> {
    let answer = client.call::<EbsEncryptionByDefault>("GetEbsEncryptionByDefault", Query::new()).await;
    let on = answer.map(|answer| answer.ebs_encryption_by_default);
    on.map_err(|error| reason("ec2:GetEbsEncryptionByDefault", &error))
}

async fn set_ebs_encryption(client: &Ec2, on: bool) -> Result<(), Reason> {
    let action = if on { "EnableEbsEncryptionByDefault" } else { "DisableEbsEncryptionByDefault" };
    let answer = client.call::<EbsEncryptionByDefault>(action, Query::new()).await;
    answer.map(drop).map_err(|error| refusal(&format!("ec2:{action}"), &error))
}

async fn set_tokens(client: &Ec2, tokens: &str) -> Result<(), Reason> {
    let query = Query::new().with("HttpTokens", tokens);
    let answer = client.call::<serde::de::IgnoredAny>("ModifyInstanceMetadataDefaults", query).await;
    answer.map(drop).map_err(|error| refusal("ec2:ModifyInstanceMetadataDefaults", &error))
}
