//! Plans as files: canonical JSON with a digest over all of it, and back.

use super::brakes::{Brakes, blocked};
use super::lockout::narrows;
use super::{Change, FORMAT, Plan, Step};
use ordain_model::address::{Cell, ObjectAddress, SettingName};
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported, Severity, nearest};
use ordain_model::digest::{Digest, canonical};
use ordain_model::provider::Providers;
use ordain_model::schema::{Kind, Setting};
use ordain_model::value::Value;
use serde_json::Value as Json;
use std::collections::BTreeSet;

impl Plan {
    /// The file's text: canonical JSON on one line.
    #[must_use]
    pub fn text(&self) -> String {
        canonical(self).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// Reads a file's text. A plan that was changed after it was made does not read.
    ///
    /// # Errors
    /// It is no plan, it was edited, or it names what the providers of this run do not know; `diagnostics` says why.
    pub fn parse(
        text: &str,
        name: &str,
        providers: Providers<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Result<Plan, Reported> {
        read(text, providers).map_err(|(what, help)| {
            let diagnostic = Diagnostic::new(code::PLAN_FILE, Severity::Error, format!("`{name}`: {what}."));
            diagnostics.push(diagnostic.help(help))
        })
    }

    /// The same plan under the digest of what it holds.
    pub(crate) fn sealed(mut self) -> Plan {
        let json = serde_json::to_value(&self).unwrap_or_default();
        self.digest = digest(json);
        self
    }
}

/// The digest of everything in a plan but the digest.
fn digest(mut json: Json) -> Digest {
    if let Some(fields) = json.as_object_mut() {
        fields.remove("digest");
    }
    Digest::of(&canonical(&json).unwrap_or_default())
}

/// What is wrong, and what to do.
type Flaw = (String, &'static str);

const AGAIN: &str =
    "Make the plan again with `ordain plan -out FILE`; a plan file is applied as it was made or not at all.";

fn read(text: &str, providers: Providers<'_>) -> Result<Plan, Flaw> {
    let again = |what: String| (what, AGAIN);
    let json: Json = serde_json::from_str(text).map_err(|error| again(format!("it is no JSON: {error}")))?;
    match json.get("format").and_then(Json::as_str) {
        Some(FORMAT) => {}
        Some(other) => return Err(again(format!("expected the format `{FORMAT}`, found `{other}`"))),
        None => return Err(again(format!("it is no plan: there is no `\"format\":\"{FORMAT}\"`"))),
    }
    let actual = digest(json.clone());
    let plan: Plan = serde_json::from_value(json).map_err(|error| again(format!("it is no plan: {error}")))?;
    if plan.digest != actual {
        return Err(again(format!("it was edited: it says {}, and its digest is {actual}", plan.digest)));
    }
    held(&plan).map_err(again)?;
    for (at, step) in plan.steps.iter().enumerate() {
        check(at, step, &plan, providers).map_err(|what| again(format!("step {}: {what}", at + 1)))?;
    }
    Ok(plan)
}

/// What holds the steps is what the limits of the plan and its steps give.
fn held(plan: &Plan) -> Result<(), String> {
    let unread = |brakes: &Brakes| brakes.keep_access.is_some() && brakes.keep_access().is_none();
    if let Some((cell, _)) = plan.inputs.brakes.iter().find(|(_, brakes)| unread(brakes)) {
        return Err(format!("`keep_access` of {cell}: expected addresses in CIDR notation"));
    }
    if plan.blocked != blocked(plan.steps.iter().map(|step| &step.object), &plan.inputs.brakes) {
        return Err("`blocked` names other cells than its limits and steps give".to_owned());
    }
    let cells: BTreeSet<&Cell> = plan.steps.iter().map(|step| &*step.object.cell).collect();
    let others = cells.iter().any(|cell| !plan.canary.contains(*cell));
    match plan.canary.is_empty() || (others && plan.canary.iter().all(|cell| cells.contains(cell))) {
        true => Ok(()),
        false => Err("`canary` is no part of the cells that its steps touch".to_owned()),
    }
}

/// A digest proves that nothing was changed by accident, not who made the plan: what apply relies on is checked.
fn check(at: usize, step: &Step, plan: &Plan, providers: Providers<'_>) -> Result<(), String> {
    if step.after.iter().any(|first| *first >= at) {
        return Err("it comes after a step that stands behind it".to_owned());
    }
    for object in std::iter::once(&step.object).chain(step.preconditions.keys()) {
        if !plan.reaches.contains_key(&*object.cell) {
            return Err(format!("no target reaches {}", object.cell));
        }
    }
    let kind = find_kind(&step.object, providers)?;
    let mut settings = Vec::new();
    for (name, change) in &step.changes {
        let setting = find_setting(kind, name)?;
        if setting.unit != &*step.unit || setting.join.is_some() {
            return Err(format!("`{name}` is not written by `{}`", step.unit));
        }
        weigh(setting, step, name, change, plan)?;
        settings.push((setting, name, change));
    }
    let class = settings.iter().map(|(setting, ..)| setting.class).max();
    if class != Some(step.class) {
        return Err("its class is not that of its changes".to_owned());
    }
    let narrowing = |(setting, name, change): &(&Setting, &SettingName, &Change)| {
        Ok::<_, String>(narrows(
            setting,
            &decode(setting, name, &change.before)?,
            &decode(setting, name, &change.after)?,
        ))
    };
    let narrowing = settings.iter().map(narrowing).collect::<Result<Vec<_>, _>>()?.contains(&true);
    // What others need first cannot come last.
    let needed = plan.steps.iter().any(|other| other.after.contains(&at));
    if step.narrows_access != narrowing && (!narrowing || !needed) {
        return Err(format!("it says `narrows_access: {}`, which its changes do not", step.narrows_access));
    }
    if step.clone().complete(&|name| providers.kind(name)) != *step {
        return Err("its token, blast radius or calls are not those of its changes".to_owned());
    }
    step.kept.iter().try_for_each(|(name, json)| decode(find_setting(kind, name)?, name, json).map(drop))?;
    for (object, values) in &step.preconditions {
        let kind = find_kind(object, providers)?;
        for (name, json) in &values.attributes {
            let attribute = kind.attribute(name).ok_or_else(|| format!("`{}` has no attribute `{name}`", kind.name))?;
            attribute
                .of
                .decode(json)
                .map_err(|mismatch| format!("`{name}`: expected {}, found `{json}`", mismatch.expected))?;
        }
        if let Some(name) = values.unread.iter().find(|name| kind.attribute(name).is_none()) {
            return Err(format!("`{}` has no attribute `{name}`", kind.name));
        }
        values.settings.iter().try_for_each(|(name, json)| decode(find_setting(kind, name)?, name, json).map(drop))?;
    }
    Ok(())
}

/// What a change risks follows from its values: it says so itself, and what loses something has its leave in the plan.
/// A revert goes back to what was read, which needs no leave and may be what the API no longer takes.
fn weigh(setting: &Setting, step: &Step, name: &SettingName, change: &Change, plan: &Plan) -> Result<(), String> {
    let (before, after) = (decode(setting, name, &change.before)?, decode(setting, name, &change.after)?);
    let told = Change::of(setting, name.key.as_ref(), (&before, &after), Vec::new());
    let same = (change.direction, &change.lost) == (told.direction, &told.lost);
    if !same || (&change.shuts_out, &change.undo) != (&told.shuts_out, &told.undo) {
        return Err(format!("`{name}` says another direction, loss or way back than {before} -> {after} has"));
    }
    if plan.inputs.reverts.is_some() {
        return Ok(());
    }
    if !setting.domain.settable(&after) {
        return Err(format!("`{name}`: the API does not take {after}"));
    }
    let address = step.object.setting(name.clone()).to_string();
    match told.lost {
        Some(loss) if !plan.inputs.allow.contains(&*address) => {
            Err(format!("`{name}` loses something that nobody allowed: {loss}"))
        }
        _ => Ok(()),
    }
}

fn find_kind(object: &ObjectAddress, providers: Providers<'_>) -> Result<&'static Kind, String> {
    providers.kind(&object.kind).ok_or_else(|| {
        let near = nearest(&object.kind, providers.kinds().map(|kind| kind.name));
        let near = near.map(|near| format!("; the nearest is `{near}`")).unwrap_or_default();
        format!("no provider has the kind `{}`{near}", object.kind)
    })
}

pub(super) fn find_setting(kind: &'static Kind, name: &SettingName) -> Result<&'static Setting, String> {
    let setting = kind.setting(&name.name).ok_or_else(|| format!("`{}` has no setting `{name}`", kind.name))?;
    match setting.keyed.is_some() == name.key.is_some() {
        true => Ok(setting),
        false => Err(format!("`{name}`: a key is missing or too much")),
    }
}

pub(super) fn decode(setting: &Setting, name: &SettingName, json: &Json) -> Result<Value, String> {
    let mismatch = |expected| format!("`{name}`: expected {expected}, found `{json}`");
    setting.of.decode(json).map_err(|error| mismatch(error.expected))
}
