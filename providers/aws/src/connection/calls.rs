//! [`KindCalls`]: the API calls of one kind. The only thing that a kind adds to the connection.

use super::scope::Scope;
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::observation::{KindReads, Listing, Object, Reading, Reason};
use ordain_model::provider::Change;
use ordain_model::schema::Kind;

/// The API calls of one kind. Failures never get lost: a list that broke off says so in [`Listing::incomplete`], a
/// call that failed for one object becomes the reason of exactly the readings it hides.
pub(crate) trait KindCalls {
    /// How the Resource Groups Tagging API calls objects of this kind, where the kind's own list carries no tags.
    /// [`Scope::tags`] then knows them.
    const TAGGED_AS: Option<&'static str> = None;

    /// Lists the objects of a cell and fills in what is asked for, and nothing else.
    async fn list(scope: &Scope, ask: &Ask<'_>) -> Listing;

    /// Sends one change and waits until the API says it is done.
    async fn write(scope: &Scope, change: &Change) -> Result<(), Reason>;
}

/// What is asked of a kind in one cell.
pub(crate) struct Ask<'a> {
    /// The kind.
    pub kind: &'static Kind,
    /// Only the object of this id: the API's own id parameter is used where it has one. An id that does not exist
    /// gives an empty list that is complete.
    pub one: Option<&'a str>,
    /// What to read of each object.
    pub reads: &'a KindReads,
}

impl Ask<'_> {
    /// Whether an attribute or setting of this name is asked for, under any key.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.reads.attributes.contains(name) || self.reads.settings.iter().any(|setting| &*setting.name == name)
    }

    /// Whether any of these is asked for.
    pub(crate) fn wants_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.wants(name))
    }

    /// Whether the object of this id is asked for.
    pub(crate) fn includes(&self, id: &str) -> bool {
        self.one.is_none_or(|one| one == id) && self.reads.only.as_ref().is_none_or(|only| only.contains(id))
    }

    /// What the ids of all objects that are asked for begin with; nothing when every object is.
    pub(crate) fn prefix(&self) -> Option<&str> {
        let only = self.reads.only.as_ref();
        let (first, last) = (only.and_then(|only| only.first()), only.and_then(|only| only.last()));
        let (first, last) = self.one.map(|one| (one, one)).or_else(|| Some((&**first?, &**last?)))?;
        // Sorted, so what the first and the last share every one between them has.
        let pairs = first.char_indices().zip(last.chars());
        let end = pairs.take_while(|((_, a), b)| a == b).map(|((at, a), _)| at + a.len_utf8()).last()?;
        first.get(..end)
    }

    /// An object with every attribute and setting that is asked for. Joined settings are left out: the engine shows
    /// their owner's.
    pub(crate) fn object(
        &self,
        attribute: impl Fn(&str) -> Reading,
        setting: impl Fn(&SettingName) -> Reading,
    ) -> Object {
        let own = |name: &&SettingName| self.kind.setting(&name.name).is_none_or(|setting| setting.join.is_none());
        Object {
            attributes: self.reads.attributes.iter().map(|name| (Text::clone(name), attribute(name))).collect(),
            settings: self.reads.settings.iter().filter(own).map(|name| (name.clone(), setting(name))).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::aws_s3_bucket::KIND;

    #[test]
    fn the_ids_that_are_asked_for_share_a_prefix() {
        let prefix = |only: Option<&[&str]>, one: Option<&str>| {
            let only = only.map(|ids| ids.iter().map(|id| Text::from(*id)).collect());
            let reads = KindReads { only, ..KindReads::default() };
            Ask { kind: &KIND, one, reads: &reads }.prefix().map(str::to_owned)
        };
        assert_eq!(prefix(None, None), None);
        assert_eq!(prefix(Some(&[]), None), None);
        assert_eq!(prefix(Some(&["/aws/eks/a/cluster", "/aws/eks/b/cluster"]), None).as_deref(), Some("/aws/eks/"));
        assert_eq!(prefix(Some(&["a", "b"]), None), None);
        assert_eq!(prefix(Some(&["é1", "é2"]), None).as_deref(), Some("é"));
        assert_eq!(prefix(None, Some("one")).as_deref(), Some("one"));
    }
}
