//! [`State`]: what an estate holds, typed, and the writes that are on their way into its file.

use crate::file::EstateFile;
use crate::pending::{Left, Pending, Write};
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress, SettingName};
use ordain_model::digest::Digest;
use ordain_model::observation::{Listing, Object, Reading};
use ordain_model::schema::Kind;
use ordain_model::types::encode;
use ordain_model::value::Value;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

/// Everything of an estate by cell and kind.
pub(crate) type Typed = BTreeMap<Arc<Cell>, BTreeMap<Text, Listing>>;

/// An estate that is open.
pub(crate) struct State {
    pub file: EstateFile,
    /// What stood beside the file when it was read.
    left: Option<Left>,
    /// Where this apply's writes wait.
    pending: Option<Pending>,
    /// Durable writes that the file does not hold yet.
    unsaved: Vec<Write>,
    pub taken_at: Text,
    /// What it holds, typed.
    pub cells: Typed,
    /// The writes that wait for a commit, in their order, with what stood there.
    waiting: Vec<(Write, Option<Reading>)>,
}

impl State {
    /// What stands in a file and beside it.
    ///
    /// # Errors
    /// The file was changed since an apply that did not end.
    pub(crate) fn new(
        file: EstateFile,
        left: Option<Left>,
        (taken_at, mut cells): (Text, Typed),
        kinds: &BTreeMap<&'static str, &'static Kind>,
    ) -> Result<State, String> {
        let unsaved = match &left {
            Some(left) => catch_up(&mut cells, kinds, file.text(), left)?,
            None => Vec::new(),
        };
        Ok(State { file, left, pending: None, unsaved, taken_at, cells, waiting: Vec::new() })
    }

    fn object(&mut self, address: &ObjectAddress) -> Option<&mut Object> {
        self.cells.get_mut(&address.cell)?.get_mut(&address.kind)?.objects.get_mut(&address.id)
    }

    /// Puts a new value into the typed object, and remembers what stood there until it is durable.
    pub(crate) fn set(&mut self, address: &ObjectAddress, name: &SettingName, value: &Value) {
        let written = Reading::Value(value.clone());
        let before = self.object(address).and_then(|object| object.settings.insert(name.clone(), written));
        let write = Write { object: address.clone(), setting: name.clone(), value: encode(value) };
        self.waiting.push((write, before));
    }

    /// Makes the writes of a wave durable, or takes them back. Where there are none, brings in what an apply left.
    pub(crate) fn commit(&mut self) -> io::Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.is_empty() {
            return self.recover();
        }
        let (wave, before): (Vec<Write>, Vec<Option<Reading>>) = waiting.into_iter().unzip();
        let Err(error) = self.keep(&wave) else {
            self.unsaved.extend(wave);
            return Ok(());
        };
        for (write, before) in wave.into_iter().zip(before).rev() {
            let Some(object) = self.object(&write.object) else { continue };
            match before {
                Some(before) => drop(object.settings.insert(write.setting, before)),
                None => drop(object.settings.remove(&write.setting)),
            }
        }
        Err(error)
    }

    /// Puts a wave beside the file.
    fn keep(&mut self, wave: &[Write]) -> io::Result<()> {
        if let Some(pending) = &mut self.pending {
            self.file.glance()?;
            return pending.append(wave);
        }
        self.recover()?;
        let mut pending = Pending::begin(self.file.path(), self.file.text())?;
        pending.append(wave)?;
        self.pending = Some(pending);
        Ok(())
    }

    /// Brings in what an apply left that did not end.
    fn recover(&mut self) -> io::Result<()> {
        if self.pending.is_some() {
            return Ok(());
        }
        self.file.check()?;
        if let Some(left) = Pending::take_over(self.file.path(), self.left.as_ref())? {
            self.fold()?;
            left.remove()?;
        }
        self.left = None;
        Ok(())
    }

    /// Brings the writes that stand beside the file into it.
    fn fold(&mut self) -> io::Result<()> {
        if self.unsaved.is_empty() {
            return Ok(());
        }
        let mut tree: Json = serde_json::from_str(self.file.text())?;
        for Write { object, setting, value } in &self.unsaved {
            let cell = object.cell.to_string();
            let settings = &mut tree["cells"][cell][&*object.kind][&*object.id]["settings"];
            match &setting.key {
                Some(key) => settings[&*setting.name][&**key] = value.clone(),
                None => settings[&*setting.name] = value.clone(),
            }
        }
        self.file.replace(serde_json::to_string_pretty(&tree)? + "\n")?;
        self.unsaved.clear();
        Ok(())
    }
}

impl Drop for State {
    /// The last user is done. Where the file cannot be written, nothing is lost: the writes stay beside it.
    fn drop(&mut self) {
        if let Some(pending) = self.pending.take() {
            let _ = self.fold().and_then(|()| pending.remove());
        }
    }
}

/// Brings in what an apply left that did not end: on top of what it wrote to, or nothing where it is all there already.
/// The writes that the file does not hold.
///
/// # Errors
/// The file was changed since, and holds another value.
fn catch_up(
    cells: &mut Typed,
    kinds: &BTreeMap<&'static str, &'static Kind>,
    content: &str,
    left: &Left,
) -> Result<Vec<Write>, String> {
    let on_top = left.on == Digest::of(content.as_bytes());
    for write in &left.writes {
        let Write { object: address, setting, value } = write;
        let of = kinds.get(&*address.kind).and_then(|kind| kind.setting(&setting.name)).map(|setting| setting.of);
        let value = of.and_then(|of| of.decode(value).ok()).map(Reading::Value);
        let kinds = cells.get_mut(&address.cell);
        let object = kinds.and_then(|kinds| kinds.get_mut(&address.kind)?.objects.get_mut(&address.id));
        match (object, value) {
            (Some(object), Some(value)) if on_top => drop(object.settings.insert(setting.clone(), value)),
            (Some(object), value @ Some(_)) if object.settings.get(setting) == value.as_ref() => {}
            _ => {
                return Err(format!(
                    "{address}#{setting} was written by an apply that did not end, and the file was changed since; what it \
                     wrote stands in the file of the same name that ends in `.pending`: bring it over by hand and delete that"
                ));
            }
        }
    }
    Ok(if on_top { left.writes.clone() } else { Vec::new() })
}
