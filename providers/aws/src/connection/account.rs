//! [`Account`]: an account, who we are in it, and its clients per region.

use super::gate::{Gate, Named};
use super::reason::{Refused, reason};
use super::scope::Clients;
use crate::region;
use aws_config::{Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use ordain_model::Text;
use ordain_model::observation::{Cause, Reason};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// The name under which assumed sessions appear in CloudTrail.
const SESSION: &str = "ordain";

/// Who holds the credentials, as STS says.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// Its account.
    pub account: Text,
    /// Its ARN.
    pub arn: Text,
}

/// An account in which we can act.
#[derive(Debug)]
pub(crate) struct Account {
    /// Its number.
    pub id: Text,
    /// Who we are in it: the ARN that STS returned.
    pub caller: Text,
    /// The second part of every ARN in it.
    pub partition: Text,
    sdk: SdkConfig,
    gate: Gate,
    clients: Mutex<BTreeMap<Text, Arc<Clients>>>,
}

/// Asks STS who holds the credentials.
pub(crate) async fn caller(sdk: &SdkConfig) -> Result<Caller, Reason> {
    let answer =
        sts(sdk).get_caller_identity().send().await.map_err(|error| reason("sts:GetCallerIdentity", &error))?;
    match (answer.account(), answer.arn()) {
        (Some(account), Some(arn)) => Ok(Caller { account: account.into(), arn: arn.into() }),
        _ => Err(Reason::new(Cause::Unreadable, "sts:GetCallerIdentity: the answer names no account")),
    }
}

fn sts(sdk: &SdkConfig) -> aws_sdk_sts::Client {
    aws_sdk_sts::Client::from_conf(aws_sdk_sts::config::Builder::from(sdk).interceptor(Named).build())
}

impl Account {
    /// The account that the credentials belong to, with those credentials.
    pub(crate) fn own(caller: &Caller, sdk: &SdkConfig, gate: &Gate) -> Account {
        Account::new(&caller.account, &caller.arn, sdk.clone(), gate)
    }

    /// An account through a role in it. The role is assumed at once, so that a refusal has its reason.
    pub(crate) async fn through(role: Role, sdk: &SdkConfig, gate: &Gate) -> Result<Account, Reason> {
        let account = Text::clone(&role.account);
        let session = role.assume().await?;
        *role.first.lock().unwrap_or_else(PoisonError::into_inner) = Some(session.credentials);
        let sdk = sdk.to_builder().credentials_provider(SharedCredentialsProvider::new(role)).build();
        Ok(Account::new(&account, &session.arn, sdk, gate))
    }

    fn new(id: &Text, caller: &Text, sdk: SdkConfig, gate: &Gate) -> Account {
        Account {
            id: Text::clone(id),
            caller: Text::clone(caller),
            partition: partition_of(caller),
            sdk,
            gate: gate.clone(),
            clients: Mutex::default(),
        }
    }

    /// The clients of a region, made once.
    pub(crate) fn clients(&self, region: &str) -> Arc<Clients> {
        let mut made = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let clients = made.entry(region.into()).or_insert_with(|| {
            let sdk = self.sdk.to_builder().region(Region::new(region.to_owned()));
            Arc::new(Clients::new(sdk.http_client(self.gate.at(&self.id, region)).build()))
        });
        Arc::clone(clients)
    }
}

/// The partition of an ARN.
pub(crate) fn partition_of(arn: &str) -> Text {
    arn.split(':').nth(1).filter(|part| !part.is_empty()).unwrap_or(region::partition("").name).into()
}

/// A role to assume in an account. Provides its credentials and renews them before they expire.
#[derive(Debug)]
pub(crate) struct Role {
    account: Text,
    arn: String,
    external_id: Option<Text>,
    sts: aws_sdk_sts::Client,
    first: Mutex<Option<Credentials>>,
}

/// What assuming a role gave.
struct Session {
    credentials: Credentials,
    arn: Text,
}

impl Role {
    /// The role of this name in an account of the caller's partition.
    pub(crate) fn new(name: &str, account: &Text, external_id: Option<Text>, caller: &Caller, sdk: &SdkConfig) -> Role {
        let arn = region::role(&partition_of(&caller.arn), name, account);
        Role { account: Text::clone(account), arn, external_id, sts: sts(sdk), first: Mutex::default() }
    }

    /// Whether the caller already acts in this role: assuming it once more would need a trust in itself.
    pub(crate) fn is_callers(&self, caller: &Caller) -> bool {
        let name = self.arn.rsplit('/').next().unwrap_or_default();
        let session = format!(":assumed-role/{name}/");
        caller.account == self.account && caller.arn.contains(&session)
    }

    async fn assume(&self) -> Result<Session, Reason> {
        let request = self.sts.assume_role().role_arn(&self.arn).role_session_name(SESSION);
        let request = request.set_external_id(self.external_id.as_deref().map(str::to_owned));
        let answer = request.send().await.map_err(|error| self.because(&reason("sts:AssumeRole", &error)))?;
        let unreadable = || Reason::new(Cause::Unreadable, "sts:AssumeRole: the answer holds no session");
        let given = answer.credentials().ok_or_else(unreadable)?;
        let expiry = SystemTime::try_from(*given.expiration()).ok();
        let token = Some(given.session_token().to_owned());
        let credentials =
            Credentials::new(given.access_key_id(), given.secret_access_key(), token, expiry, "AssumeRole");
        let arn = answer.assumed_role_user().ok_or_else(unreadable)?.arn().into();
        Ok(Session { credentials, arn })
    }

    /// The reason with the role's ARN: which account refuses is what the reader needs to know.
    fn because(&self, short: &Reason) -> Reason {
        Reason::new(short.cause, format!("{} ({})", short.detail, self.arn))
    }
}

impl ProvideCredentials for Role {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
            match first {
                Some(credentials) => Ok(credentials),
                None => match self.assume().await {
                    Ok(session) => Ok(session.credentials),
                    Err(reason) => Err(CredentialsError::provider_error(Refused(reason.detail.to_string()))),
                },
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_partition_is_the_callers() {
        assert_eq!(&*partition_of("arn:aws-us-gov:sts::111111111111:assumed-role/a/b"), "aws-us-gov");
        assert_eq!(&*partition_of("nothing"), "aws");
    }

    #[test]
    fn a_role_is_in_the_callers_partition_and_is_not_assumed_from_itself() {
        let sdk = SdkConfig::builder().behavior_version(aws_config::BehaviorVersion::latest()).build();
        let arn = "arn:aws-cn:sts::111111111111:assumed-role/audit/me".into();
        let caller = Caller { account: "111111111111".into(), arn };
        let role = |name: &str, account: &str| Role::new(name, &account.into(), None, &caller, &sdk);
        assert_eq!(role("/team/audit", "222222222222").arn, "arn:aws-cn:iam::222222222222:role/team/audit");
        assert!(role("audit", "111111111111").is_callers(&caller));
        assert!(!role("audit", "222222222222").is_callers(&caller));
        assert!(!role("apply", "111111111111").is_callers(&caller));
    }
}
