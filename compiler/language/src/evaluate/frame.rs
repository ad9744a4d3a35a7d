//! [`Frame`]: a loop variable, and the ones around it.

use ordain_model::value::Value;

/// A loop variable. The innermost one of a name hides the others.
pub(crate) struct Frame<'f> {
    pub(crate) around: Option<&'f Frame<'f>>,
    pub(crate) name: &'f str,
    pub(crate) value: Value,
    /// How many steps below it must exist, as in [`super::Root::Namespace`].
    pub(crate) strict: u32,
}

impl<'f> Frame<'f> {
    pub(crate) fn find<'a>(frame: Option<&'a Frame<'f>>, name: &str) -> Option<&'a Frame<'f>> {
        let mut next = frame;
        while let Some(frame) = next {
            if frame.name == name {
                return Some(frame);
            }
            next = frame.around;
        }
        None
    }

    pub(crate) fn names<'a>(frame: Option<&'a Frame<'f>>) -> Vec<&'a str> {
        let mut names = Vec::new();
        let mut next = frame;
        while let Some(frame) = next {
            names.push(frame.name);
            next = frame.around;
        }
        names
    }
}
