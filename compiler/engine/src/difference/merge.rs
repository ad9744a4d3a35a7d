//! [`merge`]: two worlds side by side, each an entry at a time in the order of a key that both share.

use super::{Changed, Difference, Member, Side, Untold};
use crate::observed::{List, Observed, Record, TargetObserved};
use crate::snapshot::{Row, Rows};
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress};
use ordain_model::diagnostic::Diagnostic;
use ordain_model::observation::{Cause, Reading, Reason};
use ordain_model::sorted::Sorted;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

/// What a world holds: a list, then its objects.
pub(super) enum Entry<'a> {
    List(Arc<Cell>, Text, Cow<'a, List>),
    Object(Cow<'a, Record>),
}

/// One of the two worlds, and how far it is read.
pub(super) struct Half<'a, I, K> {
    targets: &'a BTreeMap<Text, TargetObserved>,
    entries: I,
    upcoming: Option<(K, Entry<'a>)>,
    /// What it says of the list at hand; none where it does not tell.
    list: Option<Cow<'a, List>>,
}

/// The list at hand, and what came of those before it.
struct Merge {
    cell: Arc<Cell>,
    kind: Text,
    difference: Difference,
}

/// Where an entry of a world stands: its cell, kind and, of an object, id.
type Place<'a> = (&'a Arc<Cell>, &'a Text, Option<&'a Text>);

/// The entries of a world, by their places.
pub(super) fn world(world: &Observed) -> impl Iterator<Item = Result<(Place<'_>, Entry<'_>), Infallible>> {
    world.cells.iter().flat_map(|(cell, kinds)| {
        kinds.iter().flat_map(move |(kind, list)| {
            let objects = list.objects.iter();
            let objects =
                objects.map(move |record| ((cell, kind, Some(&record.id)), Entry::Object(Cow::Borrowed(record))));
            let head = ((cell, kind, None), Entry::List(cell.clone(), kind.clone(), Cow::Borrowed(list)));
            std::iter::once(head).chain(objects).map(Ok)
        })
    })
}

/// The entries of a snapshot, by address.
pub(super) fn snapshot<'a>(rows: &mut Rows<'_>) -> impl Iterator<Item = Result<(String, Entry<'a>), Box<Diagnostic>>> {
    std::iter::from_fn(move || {
        let row = rows.next().transpose()?;
        Some(row.map(|row| {
            let entry = match row {
                Row::List(cell, kind, list) => Entry::List(cell, kind, Cow::Owned(list)),
                Row::Object(record) => Entry::Object(Cow::Owned(record)),
            };
            (rows.address().to_owned(), entry)
        }))
    })
}

/// Compares entry by entry.
pub(super) fn merge<'a, K: Ord, E, I, J>(mut before: Half<'a, I, K>, mut after: Half<'a, J, K>) -> Result<Difference, E>
where
    I: Iterator<Item = Result<(K, Entry<'a>), E>>,
    J: Iterator<Item = Result<(K, Entry<'a>), E>>,
{
    let nowhere = Arc::new(Cell { provider: Text::default(), scope: Vec::new() });
    let mut merge = Merge { cell: nowhere, kind: Text::default(), difference: Difference::default() };
    before.advance()?;
    after.advance()?;
    loop {
        let order = match (&before.upcoming, &after.upcoming) {
            (None, None) => return Ok(merge.difference),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((old, _)), Some((new, _))) => old.cmp(new),
        };
        let old = if order.is_le() { before.advance()? } else { None };
        let new = if order.is_ge() { after.advance()? } else { None };
        match (old, new) {
            (Some(Entry::Object(old)), Some(Entry::Object(new))) => merge.object(&old, &new),
            (Some(Entry::Object(old)), _) => merge.alone(Side::Before, &old, after.list.as_deref()),
            (_, Some(Entry::Object(new))) => merge.alone(Side::After, &new, before.list.as_deref()),
            (old, new) => {
                for entry in [&old, &new].into_iter().flatten() {
                    if let Entry::List(cell, kind, _) = entry {
                        (merge.cell, merge.kind) = (cell.clone(), kind.clone());
                    }
                }
                before.open(old, &merge.cell);
                after.open(new, &merge.cell);
                merge.lists([(Side::Before, before.list.as_deref()), (Side::After, after.list.as_deref())]);
            }
        }
    }
}

impl<'a, I, K, E> Half<'a, I, K>
where
    I: Iterator<Item = Result<(K, Entry<'a>), E>>,
{
    pub(super) fn new(targets: &'a BTreeMap<Text, TargetObserved>, entries: I) -> Half<'a, I, K> {
        Half { targets, entries, upcoming: None, list: None }
    }

    /// The upcoming entry, which makes way for the next one.
    fn advance(&mut self) -> Result<Option<Entry<'a>>, E> {
        let next = self.entries.next().transpose()?;
        Ok(std::mem::replace(&mut self.upcoming, next).map(|(_, entry)| entry))
    }

    /// Opens a list: as it stands here, or nothing at all in a cell that is known to lie outside the targets.
    fn open(&mut self, entry: Option<Entry<'a>>, cell: &Cell) {
        self.list = match entry {
            Some(Entry::List(_, _, list)) => Some(list),
            _ => outside(self.targets, cell).then(|| Cow::Owned(List::default())),
        };
    }
}

/// Whether a cell is known to lie outside the targets.
pub(crate) fn outside(targets: &BTreeMap<Text, TargetObserved>, cell: &Cell) -> bool {
    let knows = |target: &TargetObserved| {
        let all = target.unresolved.is_none() && target.uncovered_incomplete.is_none();
        all && !target.uncovered.iter().any(|outer| outer.holds(cell))
    };
    targets.values().all(|target| knows(target) && !target.cells.contains(cell))
}

fn collected(reading: Option<&Reading>) -> bool {
    reading.is_some_and(|reading| !matches!(reading, Reading::Unknown(Reason { cause: Cause::NotCollected, .. })))
}

fn read(reading: &Reading) -> bool {
    !matches!(reading, Reading::Unknown(_))
}

impl Merge {
    fn address(&self, record: &Record) -> ObjectAddress {
        ObjectAddress { cell: self.cell.clone(), kind: self.kind.clone(), id: record.id.clone() }
    }

    /// A list of which a side does not know whether it has them all.
    fn lists(&mut self, sides: [(Side, Option<&List>); 2]) {
        for (side, list) in sides {
            if list.is_none_or(|list| list.incomplete.is_some()) {
                let what = Untold::Objects(side, self.cell.clone(), self.kind.clone());
                self.difference.untold.entry(what).or_default();
            }
        }
    }

    /// An object that only one side has.
    fn alone(&mut self, side: Side, record: &Record, other: Option<&List>) {
        let address = self.address(record);
        match (other.is_some_and(|list| list.tells(&record.id)), side) {
            (true, Side::Before) => self.difference.gone.push(address),
            (true, Side::After) => self.difference.appeared.push(address),
            (false, _) => self.untold(Untold::Objects(side.other(), self.cell.clone(), self.kind.clone())),
        }
    }

    /// An object that both sides have.
    fn object(&mut self, before: &Record, after: &Record) {
        let (old, new) = (&before.object, &after.object);
        self.members(after, &old.attributes, &new.attributes, Member::Attribute);
        self.members(after, &old.settings, &new.settings, Member::Setting);
    }

    /// What either side could not read is not known to have changed.
    fn members<N: Ord + Clone>(
        &mut self,
        record: &Record,
        before: &Sorted<N, Reading>,
        after: &Sorted<N, Reading>,
        member: fn(N) -> Member,
    ) {
        for name in before.keys().chain(after.keys().filter(|name| before.get(name).is_none())) {
            let (then, now) = (before.get(name), after.get(name));
            // What neither was asked for is no question.
            if !collected(then) && !collected(now) {
                continue;
            }
            match (then.filter(|then| read(then)), now.filter(|now| read(now))) {
                (Some(then), Some(now)) if then != now => {
                    let (object, member) = (self.address(record), member(name.clone()));
                    self.difference.changed.push(Changed { object, member, before: then.clone(), after: now.clone() });
                }
                (Some(_), Some(_)) => {}
                (then, now) => {
                    let sides = [(Side::Before, then), (Side::After, now)];
                    for (side, _) in sides.into_iter().filter(|(_, reading)| reading.is_none()) {
                        self.untold(self.member(side, member(name.clone())));
                    }
                }
            }
        }
    }

    fn member(&self, side: Side, member: Member) -> Untold {
        Untold::Member(side, self.cell.clone(), self.kind.clone(), member)
    }

    fn untold(&mut self, what: Untold) {
        *self.difference.untold.entry(what).or_default() += 1;
    }
}

impl Side {
    fn other(self) -> Side {
        match self {
            Side::Before => Side::After,
            Side::After => Side::Before,
        }
    }
}
