//! The calls of `aws_instance`.

use crate::connection::calls::{Ask, KindCalls};
use crate::connection::ec2::{Ec2, Page, Query};
use crate::connection::paging::Pages;
use crate::connection::reason::{code, reason, refusal};
use crate::connection::scope::Scope;
use crate::connection::wait::{Patience, Waited, under_way};
use crate::kinds::aws_instance::{DescribeInstances, Instance, attribute, setting};
use ordain_model::observation::{Cause, Listing, Reason};
use ordain_model::provider::Change;
use ordain_model::value::Value;
use std::time::Duration;

const DESCRIBE: &str = "ec2:DescribeInstances";
const MODIFY: &str = "ec2:ModifyInstanceMetadataOptions";

/// How long the options may take to reach the instance.
const LONGEST: Duration = Duration::from_secs(30);

/// The calls of this kind.
pub(crate) struct Calls;

impl Page for DescribeInstances {
    type Item = Instance;
    const MOST: u32 = 1000;

    fn take(self) -> (Vec<Instance>, Option<String>) {
        let instances = self.reservation_set.item.into_iter().flat_map(|reservation| reservation.instances_set.item);
        (instances.collect(), self.next_token)
    }
}

impl KindCalls for Calls {
    async fn list(scope: &Scope, ask: &Ask<'_>) -> Listing {
        let pages = described(scope.clients.ec2(), ask.one).await;
        pages.listing(|instance| {
            let object = || ask.object(|name| attribute(&instance, name), |name| setting(&instance, name));
            let wanted = ask.includes(&instance.instance_id) && !instance.is_terminated();
            wanted.then(|| (instance.instance_id.as_str().into(), object()))
        })
    }

    async fn write(scope: &Scope, change: &Change) -> Result<(), Reason> {
        let (client, id) = (scope.clients.ec2(), &*change.object.id);
        let mut query = Query::new().with("InstanceId", id);
        for (setting, value) in &change.values {
            query = match (&*setting.name, value) {
                ("metadata_hop_limit", Value::Number(hops)) => query.with("HttpPutResponseHopLimit", hops.to_string()),
                ("metadata_tokens", Value::String(tokens)) => query.with("HttpTokens", &**tokens),
                (other, _) => return Err(Reason::new(Cause::Failed, format!("`{other}` cannot be written"))),
            };
        }
        client
            .call::<Modified>("ModifyInstanceMetadataOptions", query)
            .await
            .map_err(|error| refusal(MODIFY, &error))?;
        applied(scope, id).await
    }
}

/// The answer to the change, of which nothing is needed.
#[derive(Debug, serde::Deserialize)]
struct Modified {}

async fn described(client: &Ec2, one: Option<&str>) -> Pages<Instance> {
    let Some(id) = one else {
        return client.pages::<DescribeInstances>("DescribeInstances", Query::new()).await;
    };
    match client.call::<DescribeInstances>("DescribeInstances", Query::new().with("InstanceId.1", id)).await {
        Ok(answer) => Pages::complete(answer.take().0),
        Err(error) if code(&error) == Some("InvalidInstanceID.NotFound") => Pages::complete(Vec::new()),
        Err(error) => Pages::failed(reason(DESCRIBE, &error)),
    }
}

/// Waits until the options have reached the instance.
async fn applied(scope: &Scope, id: &str) -> Result<(), Reason> {
    let mut patience = Patience::new(LONGEST, &scope.stop);
    loop {
        let pages = described(scope.clients.ec2(), Some(id)).await;
        if let Some(reason) = pages.incomplete {
            return Err(under_way(reason));
        }
        let options = pages.items.first().and_then(|instance| instance.metadata_options.as_ref());
        if options.is_none_or(|options| options.state.as_deref() != Some("pending")) {
            return Ok(());
        }
        let late = |Waited(when)| Reason::new(Cause::Unreachable, format!("{MODIFY}: still pending {when}"));
        patience.wait().await.map_err(late)?;
    }
}
