//! Clusters: a list of names, one DescribeCluster each, and updates that have to be waited for.

mod egress;

use crate::connection::calls::{Ask, KindCalls};
use crate::connection::paging::{collect, concurrently};
use crate::connection::reason::{code, reason, refusal};
use crate::connection::scope::Scope;
use crate::connection::wait::{Patience, Waited, under_way};
use crate::kinds::aws_eks_cluster::{Cluster, Endpoints, Network, log_switches};
use aws_sdk_eks::operation::update_cluster_config::UpdateClusterConfigOutput;
use aws_sdk_eks::operation::update_cluster_config::builders::UpdateClusterConfigFluentBuilder;
use aws_sdk_eks::types::{self, ClusterStatus, LogSetup, LogType, Logging, UpdateStatus, VpcConfigRequest};
use egress::Ways;
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::observation::{Cause, Listing, Object, Reading, Reason};
use ordain_model::provider::Change;
use ordain_model::value::Value;
use std::time::Duration;

const DESCRIBE: &str = "eks:DescribeCluster";
const UPDATE: &str = "eks:UpdateClusterConfig";

/// How long a cluster may take to finish one update; most take two to ten minutes.
const LONGEST: Duration = Duration::from_secs(40 * 60);

pub(crate) struct Calls;

impl KindCalls for Calls {
    async fn list(scope: &Scope, ask: &Ask<'_>) -> Listing {
        let (names, incomplete) = names(scope, ask).await;
        let detail = needs_detail(ask);
        let clusters = concurrently(names, |name| async move {
            let cluster = if detail { describe(scope, &name).await } else { Ok(None) };
            (name, cluster.map(|cluster| cluster.map(read)))
        });
        // A cluster that was deleted since it was listed is no object.
        let mut clusters = clusters.await;
        clusters.retain(|(_, cluster)| !detail || *cluster != Ok(None));
        let ways = ways(scope, ask, &clusters).await;
        let object = |(name, cluster): (String, _)| (Text::from(&*name), object(ask, &name, &cluster, &ways));
        Listing { incomplete, objects: clusters.into_iter().map(object).collect() }
    }

    async fn write(scope: &Scope, change: &Change) -> Result<(), Reason> {
        let mut patience = Patience::new(LONGEST, &scope.stop);
        loop {
            let cluster = settled(scope, &change.object.id, &mut patience).await?;
            match request(scope, &cluster, change)?.send().await {
                Ok(answer) => return finished(scope, &change.object.id, answer, &mut patience).await,
                // Somebody else's update began in between.
                Err(error) if code(&error) == Some("ResourceInUseException") => {
                    patience.wait().await.map_err(|Waited(_)| refusal(UPDATE, &error))?;
                }
                Err(error) => return Err(refusal(UPDATE, &error)),
            }
        }
    }
}

/// The clusters' names. The one that is asked for by name needs no list: DescribeCluster knows whether it exists.
async fn names(scope: &Scope, ask: &Ask<'_>) -> (Vec<String>, Option<Reason>) {
    if let Some(one) = ask.one.filter(|_| needs_detail(ask)) {
        return (vec![one.to_owned()], None);
    }
    let pages = scope.clients.eks().list_clusters().into_paginator().send();
    let pages = collect("eks:ListClusters", pages, |page| (page.clusters, page.next_token)).await;
    (pages.items.into_iter().filter(|name| ask.includes(name)).collect(), pages.incomplete)
}

type Named = (String, Result<Option<Cluster>, Reason>);

/// Routes and NAT gateways, when they are asked for and some cluster's nodes need them to reach the API.
async fn ways(scope: &Scope, ask: &Ask<'_>, clusters: &[Named]) -> Result<Ways, Reason> {
    match first_without_private_endpoint(clusters) {
        Some(network) if ask.wants("node_egress") => egress::ways(scope, ask.one.and(network.vpc_id.as_deref())).await,
        _ => Ok(Ways::default()),
    }
}

fn first_without_private_endpoint(clusters: &[Named]) -> Option<&Network> {
    let mut networks = clusters.iter().filter_map(|(_, cluster)| cluster.as_ref().ok()?.as_ref()?.network.as_ref());
    networks.find(|network| !network.private)
}

/// Whether anything is asked for that the list of names does not say.
fn needs_detail(ask: &Ask<'_>) -> bool {
    ask.reads.attributes.iter().any(|name| &**name != "name")
        || ask.kind.settings.iter().any(|setting| setting.join.is_none() && ask.wants(setting.name))
}

async fn describe(scope: &Scope, name: &str) -> Result<Option<types::Cluster>, Reason> {
    match scope.clients.eks().describe_cluster().name(name).send().await {
        Ok(answer) => match answer.cluster {
            Some(cluster) => Ok(Some(cluster)),
            None => Err(Reason::new(Cause::Unreadable, format!("{DESCRIBE}: the answer has no cluster"))),
        },
        Err(error) if code(&error) == Some("ResourceNotFoundException") => Ok(None),
        Err(error) => Err(reason(DESCRIBE, &error)),
    }
}

fn object(ask: &Ask<'_>, name: &str, cluster: &Result<Option<Cluster>, Reason>, ways: &Result<Ways, Reason>) -> Object {
    let of = |read: &dyn Fn(&Cluster) -> Option<Reading>, what: &str| match cluster {
        Ok(cluster) => cluster.as_ref().and_then(read).unwrap_or_else(|| absent(what)),
        Err(reason) => Reading::Unknown(reason.clone()),
    };
    ask.object(
        |attribute| match attribute {
            "name" => Reading::Value(Value::string(name)),
            "node_egress" => of(
                &|cluster| match ways {
                    Ok(ways) => Some(cluster.node_egress(&ways.tables, &ways.gateways)),
                    Err(reason) => Some(Reading::Unknown(reason.clone())),
                },
                attribute,
            ),
            other => of(&|cluster| cluster.attribute(other), other),
        },
        |setting: &SettingName| of(&|cluster| cluster.setting(setting), &setting.name),
    )
}

fn absent(what: &str) -> Reading {
    Reading::Unknown(Reason::new(Cause::NotCollected, format!("`{what}` was not read")))
}

fn read(cluster: types::Cluster) -> Cluster {
    let enabled = |logging: Logging| {
        let setups = logging.cluster_logging.unwrap_or_default().into_iter();
        let types =
            setups.filter(|setup| setup.enabled == Some(true)).flat_map(|setup| setup.types.unwrap_or_default());
        types.map(|name| name.as_str().to_owned()).collect()
    };
    Cluster {
        arn: cluster.arn,
        ip_family: cluster
            .kubernetes_network_config
            .and_then(|network| network.ip_family)
            .map(|it| it.as_str().to_owned()),
        role_arn: cluster.role_arn,
        tags: cluster.tags.unwrap_or_default().into_iter().collect(),
        version: cluster.version,
        logging: cluster.logging.map(enabled).unwrap_or_default(),
        network: cluster.resources_vpc_config.map(network),
    }
}

fn network(config: types::VpcConfigResponse) -> Network {
    Network {
        vpc_id: config.vpc_id,
        subnets: config.subnet_ids.unwrap_or_default(),
        public: config.endpoint_public_access,
        private: config.endpoint_private_access,
        cidrs: config.public_access_cidrs.unwrap_or_default(),
    }
}

/// The cluster once no update runs: EKS takes one at a time.
async fn settled(scope: &Scope, name: &str, patience: &mut Patience) -> Result<types::Cluster, Reason> {
    loop {
        let cluster = describe(scope, name).await?;
        let cluster = cluster.ok_or_else(|| Reason::new(Cause::Failed, format!("{DESCRIBE}: no such cluster")))?;
        match &cluster.status {
            Some(ClusterStatus::Active) => return Ok(cluster),
            Some(status @ (ClusterStatus::Creating | ClusterStatus::Pending | ClusterStatus::Updating)) => {
                let late = |Waited(when)| Reason::new(Cause::Failed, format!("the cluster is still {status} {when}"));
                patience.wait().await.map_err(late)?;
            }
            other => {
                let status = other.as_ref().map_or("without a status", ClusterStatus::as_str);
                return Err(Reason::new(Cause::Failed, format!("the cluster is {status}: nothing was sent")));
            }
        }
    }
}

/// The request of one change: logging and endpoints are two kinds of update, and two write units.
fn request(
    scope: &Scope,
    cluster: &types::Cluster,
    change: &Change,
) -> Result<UpdateClusterConfigFluentBuilder, Reason> {
    let refuse = |why: String| Reason::new(Cause::Failed, why);
    let request =
        scope.clients.eks().update_cluster_config().name(&*change.object.id).client_request_token(&*change.token);
    if &*change.unit == "logging" {
        let value = change.values.get(&SettingName::plain("logging"));
        let (on, off) = value.and_then(log_switches).ok_or_else(|| refuse("`logging` is not in the change".into()))?;
        let setup = |types: Vec<&str>, enabled| {
            let types = types.into_iter().map(LogType::from).collect();
            LogSetup::builder().set_types(Some(types)).enabled(enabled).build()
        };
        let setups = [(on, true), (off, false)].into_iter().filter(|(types, _)| !types.is_empty());
        let setups = setups.map(|(types, enabled)| setup(types, enabled)).collect();
        return Ok(request.logging(Logging::builder().set_cluster_logging(Some(setups)).build()));
    }
    let now = cluster.resources_vpc_config.clone().map(network);
    let now = now.ok_or_else(|| refuse(format!("{DESCRIBE}: the answer has no resourcesVpcConfig")))?;
    let endpoints = Endpoints::amend(now.answered()?, &change.values, &change.kept).map_err(refuse)?;
    let config = VpcConfigRequest::builder()
        .endpoint_public_access(endpoints.public)
        .endpoint_private_access(endpoints.private)
        .set_public_access_cidrs(endpoints.cidrs);
    Ok(request.resources_vpc_config(config.build()))
}

/// Waits until an update has ended. An answer that names no update leaves only the cluster's own status to go by.
async fn finished(
    scope: &Scope,
    name: &str,
    answer: UpdateClusterConfigOutput,
    patience: &mut Patience,
) -> Result<(), Reason> {
    let mut update = answer.update;
    loop {
        let Some((id, now)) = update.and_then(|update| Some((update.id.clone()?, update))) else {
            return settled(scope, name, patience).await.map(drop).map_err(under_way);
        };
        match &now.status {
            Some(UpdateStatus::Successful) => return Ok(()),
            Some(UpdateStatus::InProgress) | None => {}
            Some(other) => return Err(Reason::new(Cause::Failed, format!("{UPDATE}: {other}{}", why(&now)))),
        }
        let late = |Waited(when)| Reason::new(Cause::Unreachable, format!("{UPDATE}: still in progress {when}"));
        patience.wait().await.map_err(late)?;
        let answer = scope.clients.eks().describe_update().name(name).update_id(id).send().await;
        update = answer.map_err(|error| under_way(reason("eks:DescribeUpdate", &error)))?.update;
    }
}

/// What EKS says about an update that failed: `: InsufficientFreeAddresses`, ...
fn why(update: &types::Update) -> String {
    let say = |error: &types::ErrorDetail| {
        let code = error.error_code.as_ref().map_or("", |code| code.as_str());
        let message = error.error_message.as_deref().unwrap_or_default();
        format!(": {code} {}", crate::connection::reason::message(message)).trim_end().to_owned()
    };
    update.errors().iter().map(say).collect()
}
