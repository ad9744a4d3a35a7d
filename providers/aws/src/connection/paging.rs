//! [`Pages`]: what came of following a list to its end, and [`concurrently`], one call per object without a crowd.

use super::reason::reason;
use aws_smithy_async::future::pagination_stream::PaginationStream;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use futures_util::{StreamExt, stream};
use ordain_model::Text;
use ordain_model::observation::{Cause, Listing, Object, Reason};

/// Objects of one list whose calls are prepared at once; the gate bounds what is sent.
const PREPARED: usize = 128;

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

/// Follows a paginator of the SDK. `action` names the call in reasons, for example `ecr:DescribeRepositories`; `take`
/// gives a page's items and the token of the next one.
///
/// The SDK ends a list whose token repeats as if that were its end: the last page must have no token.
pub(crate) async fn collect<P, E, I: IntoIterator>(
    action: &str,
    mut pages: PaginationStream<Result<P, SdkError<E, HttpResponse>>>,
    take: impl Fn(P) -> (Option<I>, Option<String>),
) -> Pages<I::Item>
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let (mut items, mut token) = (Vec::new(), None);
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => {
                let (more, next) = take(page);
                items.extend(more.into_iter().flatten());
                token = next.filter(|token| !token.is_empty());
            }
            Err(error) => return Pages { items, incomplete: Some(reason(action, &error)) },
        }
    }
    let repeated = || Reason::new(Cause::Unreadable, format!("{action}: the list names the same next page twice"));
    Pages { items, incomplete: token.map(|_| repeated()) }
}

/// Runs one future per item, many at once, and gives the results in the order of the items.
pub(crate) async fn concurrently<I, F: Future>(
    items: impl IntoIterator<Item = I>,
    run: impl FnMut(I) -> F,
) -> Vec<F::Output> {
    stream::iter(items.into_iter().map(run)).buffered(PREPARED).collect().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::ec2::Ec2Error;
    use aws_smithy_async::future::pagination_stream::fn_stream::FnStream;

    type Page = Result<(&'static str, Option<&'static str>), SdkError<Ec2Error, HttpResponse>>;

    async fn collected(pages: Vec<(&'static str, Option<&'static str>)>) -> (Vec<&'static str>, Option<Cause>) {
        let stream: PaginationStream<Page> = PaginationStream::new(FnStream::new(move |tx| {
            Box::pin(async move {
                for page in pages {
                    if tx.send(Ok(page)).await.is_err() {
                        return;
                    }
                }
            })
        }));
        let take = |(item, token): (&'static str, Option<&'static str>)| (Some([item]), token.map(str::to_owned));
        let pages = collect("logs:DescribeLogGroups", stream, take).await;
        (pages.items, pages.incomplete.map(|reason| reason.cause))
    }

    #[tokio::test]
    async fn a_list_ends_with_a_page_that_names_no_other() {
        assert_eq!(collected(vec![("a", Some("1")), ("b", None)]).await, (vec!["a", "b"], None));
        assert_eq!(collected(vec![("a", Some("1")), ("b", Some(""))]).await, (vec!["a", "b"], None));
        let broken = collected(vec![("a", Some("1")), ("b", Some("1"))]).await;
        assert_eq!(broken, (vec!["a", "b"], Some(Cause::Unreadable)));
    }
}
