//! [`Session`]: a target's way into AWS: its configuration, its caller, its accounts. Everything is made at first use.

use super::account::{Account, Caller, Role, caller};
use super::cells::{Cells, cells};
use super::gate::{Gate, Tally};
use super::pacer::Pacer;
use super::reason::in_region;
use super::scope::Scope;
use crate::Aws;
use crate::arguments::{Arguments, Regions};
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_smithy_http_client::{Builder, tls};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::observation::{Cause, Reason};
use ordain_model::provider::Purpose;
use ordain_model::stop::Stop;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;

/// Attempts per call. Standard mode: adaptive mode takes half a minute where this takes two seconds.
const ATTEMPTS: u32 = 6;

/// Pause before the first retry; doubles each time, and a random part of it is taken.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(3);

/// How long an answer may take to begin.
const ANSWER: Duration = Duration::from_secs(30);

/// The region of calls that belong to none (STS, Organizations) when nothing names a region.
const HOME: &str = "us-east-1";

/// A target's way into AWS.
#[derive(Debug)]
pub(crate) struct Session {
    /// What the target says.
    pub arguments: Arguments,
    /// What passed its gates.
    pub tally: Arc<Tally>,
    /// Whether somebody asked the run to stop.
    pub stop: Stop,
    role: Option<Text>,
    gate: Gate,
    sdk: OnceCell<SdkConfig>,
    caller: OnceCell<Caller>,
    cells: OnceCell<Cells>,
    accounts: Mutex<BTreeMap<Text, Arc<OnceCell<Arc<Account>>>>>,
}

impl Session {
    /// A session that has asked nothing yet.
    ///
    /// # Errors
    /// When applying has no role of its own although reading has one: writes never run under the reading role.
    pub(crate) fn new(aws: &Aws, arguments: Arguments, purpose: Purpose, stop: &Stop) -> Result<Session, Reason> {
        let role = match (purpose, &arguments.read_role, &arguments.apply_role) {
            (Purpose::Read, role, _) | (Purpose::Apply, None, role) => role.clone(),
            (Purpose::Apply, Some(_), Some(role)) => Some(Text::clone(role)),
            (Purpose::Apply, Some(_), None) => {
                let detail = "the target names `read_role` and no `apply_role`: say which role may write";
                return Err(Reason::new(Cause::NoCredentials, detail));
            }
        };
        let tally = Arc::new(Tally::default());
        let gate = Gate::new(http_client(), Pacer::new(aws.pace), Arc::clone(&tally));
        let (sdk, caller, cells) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Ok(Session { arguments, tally, stop: stop.clone(), role, gate, sdk, caller, cells, accounts: Mutex::default() })
    }

    /// The configuration that the environment and the profile give, before any role.
    pub(crate) async fn sdk(&self) -> &SdkConfig {
        self.sdk.get_or_init(|| self.load()).await
    }

    async fn load(&self) -> SdkConfig {
        let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT).read_timeout(ANSWER).build();
        let retries = RetryConfig::standard().with_max_attempts(ATTEMPTS).with_initial_backoff(FIRST_PAUSE);
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(self.gate.clone())
            .retry_config(retries)
            .timeout_config(timeouts);
        if let Ok(name) = AppName::new("ordain") {
            loader = loader.app_name(name);
        }
        if let Some(profile) = &self.arguments.profile {
            loader = loader.profile_name(&**profile);
        }
        if let Regions::Listed(regions) = &self.arguments.regions
            && let Some(first) = regions.first()
        {
            loader = loader.region(Region::new(first.to_string()));
        }
        loader.load().await
    }

    /// The configuration for calls that belong to no region.
    pub(crate) async fn home(&self) -> SdkConfig {
        self.sdk().await.to_builder().region(Region::new(self.region().await.to_string())).build()
    }

    /// The region that the environment or the profile names.
    pub(crate) async fn own_region(&self) -> Option<Text> {
        self.sdk().await.region().map(|region| region.as_ref().into())
    }

    /// The region of calls that belong to none.
    pub(crate) async fn region(&self) -> Text {
        self.own_region().await.unwrap_or_else(|| HOME.into())
    }

    /// Who holds the credentials.
    pub(crate) async fn caller(&self) -> Result<&Caller, Reason> {
        self.caller
            .get_or_try_init(async || {
                let found = caller(&self.home().await).await;
                let region = self.region().await;
                found.map_err(|reason| self.in_profile(in_region(reason, &region)))
            })
            .await
    }

    /// The reason, with the profile that was to have the credentials.
    fn in_profile(&self, reason: Reason) -> Reason {
        match (reason.cause, &self.arguments.profile) {
            (Cause::NoCredentials, Some(profile)) => {
                Reason::new(reason.cause, format!("{} (profile `{profile}`)", reason.detail))
            }
            _ => reason,
        }
    }

    /// The cells of the target, found out once. What could not be found out is asked again by the next observation.
    pub(crate) async fn cells(&self) -> Cells {
        let found = self.cells.get_or_try_init(async || match cells(self).await {
            found if found.is_complete() => Ok(found),
            found => Err(found),
        });
        match found.await {
            Ok(found) => found.clone(),
            Err(found) => found,
        }
    }

    /// An account, entered once. A failure is not kept: a later call tries again.
    pub(crate) async fn account(&self, id: &Text) -> Result<Arc<Account>, Reason> {
        let entered = {
            let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(accounts.entry(Text::clone(id)).or_default())
        };
        entered.get_or_try_init(|| self.enter(id)).await.cloned()
    }

    async fn enter(&self, id: &Text) -> Result<Arc<Account>, Reason> {
        let (sdk, caller) = (&self.home().await, self.caller().await?);
        let Some(name) = &self.role else {
            return match caller.account == *id {
                true => Ok(Arc::new(Account::own(caller, sdk, &self.gate))),
                false => Err(elsewhere(id, caller)),
            };
        };
        let role = Role::new(name, id, self.arguments.external_id.clone(), caller, sdk);
        match role.is_callers(caller) {
            true => Ok(Arc::new(Account::own(caller, sdk, &self.gate))),
            false => Account::through(role, sdk, &self.gate).await.map(Arc::new),
        }
    }

    /// Who we are in each account entered so far.
    pub(crate) fn callers(&self) -> BTreeSet<Text> {
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.values().filter_map(|account| account.get()).map(|account| Text::clone(&account.caller)).collect()
    }

    /// A cell, for one observation, read or write.
    pub(crate) async fn scope(&self, cell: &Arc<Cell>, tagged: BTreeSet<&'static str>) -> Result<Scope, Reason> {
        let [account, region] = &cell.scope[..] else {
            return Err(Reason::new(Cause::OutOfScope, format!("`{cell}` is not an account and region")));
        };
        let account = self.account(account).await?;
        Ok(Scope {
            cell: Arc::clone(cell),
            account: Text::clone(&account.id),
            partition: Text::clone(&account.partition),
            region: Text::clone(region),
            clients: account.clients(region),
            stop: self.stop.clone(),
            tagged,
            tags: OnceCell::new(),
            metadata_defaults: OnceCell::new(),
        })
    }
}

fn elsewhere(id: &str, caller: &Caller) -> Reason {
    let detail = format!(
        "the credentials belong to account {} and the target names no role to assume in account {id}",
        caller.account
    );
    Reason::new(Cause::NoCredentials, detail)
}

/// One HTTP client, and with it one pool of connections and one TLS provider, for every client of a target.
fn http_client() -> SharedHttpClient {
    Builder::new().tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc)).build_https()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordain_model::provider::Target;
    use ordain_model::value::Value;

    fn role(pairs: &[(&str, &str)], purpose: Purpose) -> Result<Option<Text>, Reason> {
        let arguments = pairs.iter().map(|(name, value)| ((*name).into(), Value::string(value))).collect();
        let target = Target { name: "t".into(), provider: "aws".into(), arguments };
        Session::new(&Aws::default(), Arguments::read(&target)?, purpose, &Stop::default()).map(|session| session.role)
    }

    #[test]
    fn reading_never_takes_the_role_that_may_write() {
        let (read, apply) = (("read_role", "audit"), ("apply_role", "change"));
        assert_eq!(role(&[], Purpose::Read), Ok(None));
        assert_eq!(role(&[apply], Purpose::Read), Ok(None));
        assert_eq!(role(&[read, apply], Purpose::Read), Ok(Some("audit".into())));
        assert_eq!(role(&[], Purpose::Apply), Ok(None));
        assert_eq!(role(&[apply], Purpose::Apply), Ok(Some("change".into())));
        assert_eq!(role(&[read, apply], Purpose::Apply), Ok(Some("change".into())));
    }

    #[test]
    fn writing_never_takes_the_role_for_reading() {
        let refused = role(&[("read_role", "audit")], Purpose::Apply).unwrap_err();
        assert!(refused.detail.contains("apply_role"), "{}", refused.detail);
    }
}
