//! [`Parts`]: selectors that may select one object, told apart from those that never do, without comparing every two.

use ordain_language::selector::Selector;
use ordain_model::Text;
use std::collections::BTreeMap;

/// Selectors in parts. One of a part and one of another never select the same object.
pub(super) struct Parts {
    /// Places in the list, each in one part, ascending.
    pub(super) parts: Vec<Vec<usize>>,
    /// Those that may select what any part selects, ascending.
    pub(super) everywhere: Vec<usize>,
}

/// Divides selectors by the text that most of them test: those whose texts begin alike stay together. Linear but for
/// sorting, so that five thousand demands of two hundred teams need not be compared with each other.
pub(super) fn divide(selectors: &[&Selector]) -> Parts {
    let mut tested: BTreeMap<&[Text], usize> = BTreeMap::new();
    for (path, _) in selectors.iter().flat_map(|selector| selector.texts()) {
        *tested.entry(path).or_default() += 1;
    }
    let most = tested.into_iter().max_by_key(|(_, count)| *count).map(|(path, _)| path);
    let text =
        |selector: &Selector| selector.texts().find(|(path, _)| Some(*path) == most).map(|(_, text)| text.clone());
    let mut texts: Vec<_> = selectors.iter().map(|selector| text(selector)).zip(0..).collect();
    texts.sort();
    let bound = texts.partition_point(|(text, _)| text.is_none());
    let mut parts: Vec<Vec<usize>> = Vec::new();
    let mut beginning: Option<Text> = None;
    for (text, at) in texts.drain(bound..) {
        let same = beginning.as_ref().zip(text.as_ref()).is_some_and(|(first, text)| text.starts_with(&**first));
        match parts.last_mut().filter(|_| same) {
            Some(part) => part.push(at),
            None => {
                parts.push(vec![at]);
                beginning = text;
            }
        }
    }
    parts.iter_mut().for_each(|part| part.sort_unstable());
    Parts { parts, everywhere: texts.into_iter().map(|(_, at)| at).collect() }
}
