//! [`Pages`]: what came of following a list to its end, and [`concurrently`], one call per object without a crowd.

use super::reason::reason;
use aws_smithy_async::future::pagination_stream::PaginationStream;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use futures_util::{StreamExt, stream};
use ordain_model::Text;
use ordain_model::observation::{Listing, Object, Reason};

/// Objects of one list whose calls are prepared at once; the gate bounds what is sent.
const PREPARED: usize = 64;

/// The items of every page that was read, and why there may be more.
#[derive(Clone, Debug)]
pub(crate) struct Pages<T> {
    /// The items, in the API's order.
    pub items: Vec<T>,
    /// The failure that ended the list before its end.
    pub incomplete: Option<Reason>,
}

impl<T> Pages<T> {
    /// A list of which nothing could be read.
    pub(crate) fn failed(reason: Reason) -> Pages<T> {
        Pages { items: Vec::new(), incomplete: Some(reason) }
    }

    /// A list that is complete.
    pub(crate) fn complete(items: Vec<T>) -> Pages<T> {
        Pages { items, incomplete: None }
    }

    /// The listing of these items, each turned into an id and an object; `None` leaves one out.
    pub(crate) fn listing(self, object: impl FnMut(T) -> Option<(Text, Object)>) -> Listing {
        Listing { incomplete: self.incomplete, objects: self.items.into_iter().filter_map(object).collect() }
    }
}

/// Follows a paginator of the SDK. `action` names the call in reasons, for example `ecr:DescribeRepositories`.
pub(crate) async fn collect<T, E>(
    action: &str,
    mut stream: PaginationStream<Result<T, SdkError<E, HttpResponse>>>,
) -> Pages<T>
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let mut items = Vec::new();
    while let Some(item) = stream.next().await {
        match item {
            Ok(item) => items.push(item),
            Err(error) => return Pages { items, incomplete: Some(reason(action, &error)) },
        }
    }
    Pages::complete(items)
}

/// Follows a paginator whose pages must be taken apart by hand.
pub(crate) async fn collect_pages<P, T, E, I>(
    action: &str,
    stream: PaginationStream<Result<P, SdkError<E, HttpResponse>>>,
    items: impl Fn(P) -> I,
) -> Pages<T>
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    I: IntoIterator<Item = T>,
{
    let pages = collect(action, stream).await;
    Pages { items: pages.items.into_iter().flat_map(items).collect(), incomplete: pages.incomplete }
}

/// Runs one future per item, many at once, and gives the results in the order of the items.
pub(crate) async fn concurrently<I, F: Future>(
    items: impl IntoIterator<Item = I>,
    run: impl FnMut(I) -> F,
) -> Vec<F::Output> {
    stream::iter(items.into_iter().map(run)).buffered(PREPARED).collect().await
}
