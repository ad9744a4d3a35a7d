//! The texts of a profile that is written from what was found.

use crate::providers;
use ordain_engine::found::{Found, Open, PROBE};
use ordain_engine::observed::Observed;
use ordain_language::path;
use ordain_language::requirement_file::{RequirementText, render};
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::bound::Bound;
use ordain_model::domain::Domain;
use ordain_model::observation::ReadSet;
use ordain_model::schema::Setting;
use ordain_model::value::quote;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A target of the profile.
pub struct Target {
    /// `aws.production`.
    pub name: Text,
    /// The lines of its block.
    pub lines: Vec<String>,
}

impl Target {
    fn parts(&self) -> (&str, &str) {
        self.name.split_once('.').unwrap_or((&self.name, "production"))
    }
}

/// The targets of a snapshot, as a profile in this directory reaches them; a name that no block of its own has is the error.
pub fn targets(observed: &Observed, directory: &str) -> Result<Vec<Target>, Text> {
    let one = |(name, seen): (&Text, &ordain_engine::observed::TargetObserved)| {
        let estate = seen.envelope.estate.as_ref().map(|estate| relative(directory, estate).ok_or(name.clone()));
        let lines = match estate.transpose()? {
            Some(estate) => vec![format!("estate = {}", quote(&estate))],
            None => {
                let cells: Vec<String> = seen.cells.iter().map(ToString::to_string).collect();
                vec![format!("# The snapshot covers {}.", cells.join(", "))]
            }
        };
        match name.contains('[') {
            true => Err(name.clone()),
            false => Ok(Target { name: name.clone(), lines }),
        }
    };
    observed.targets.iter().map(one).collect()
}

/// A path, relative to the working directory, as a file in a directory names it.
fn relative(directory: &str, path: &str) -> Option<String> {
    let directory = path::join(".", directory);
    match &*directory {
        _ if path.starts_with('/') => Some(path.to_owned()),
        "." => Some(path.to_owned()),
        outside if outside.starts_with('/') || outside == ".." || outside.starts_with("../") => None,
        inside => Some(format!("{}{path}", "../".repeat(inside.split('/').count()))),
    }
}

/// `main.hcl`: targets, and the built-in profile that is imported.
pub fn main(targets: &[Target], profile: Option<&str>) -> String {
    let mut text = String::from(
        "# Written by `ordain init` from the settings that were found. They satisfy as_found.hcl as they are; what became weaker\n\
         # since is what `ordain plan` shows.\n",
    );
    for target in targets {
        let (provider, label) = target.parts();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\ntarget {} {} {{", quote(provider), quote(label));
        for line in &target.lines {
            let _ = writeln!(text, "  {line}");
        }
        text.push_str("}\n");
    }
    if let Some(profile) = profile {
        let names: Vec<String> = targets.iter().map(|target| format!("target.{}", target.name)).collect();
        let _ = writeln!(text, "\nmodule {} {{\n  source = {}", quote(profile), quote(&source(profile)));
        let _ = writeln!(text, "  targets = [{}]\n}}", names.join(", "));
    }
    text
}

/// The source of a built-in profile.
pub fn source(profile: &str) -> String {
    format!("ordain://{profile}")
}

/// The requirements that ask for everything that there is: each setting, of keyed ones the keys that are known.
pub fn probe(targets: &[Target], keys: &BTreeMap<Text, ReadSet>) -> String {
    let mut text = String::new();
    for target in targets {
        let (provider, label) = target.parts();
        let name = if targets.len() == 1 { PROBE.to_owned() } else { format!("{PROBE}_{label}") };
        for kind in providers::all().get(provider).into_iter().flat_map(|provider| provider.kinds()) {
            let known = keys.get(&target.name).and_then(|reads| reads.kinds.get(kind.name));
            let asked = known.into_iter().flat_map(|reads| &reads.settings).filter(|setting| setting.key.is_some());
            let plain = kind.settings.iter().filter(|setting| setting.keyed.is_none());
            let old = |name: &str| kind.deprecated.iter().any(|old| old.setting == name);
            let plain = plain.filter(|setting| !old(setting.name)).map(|setting| SettingName::plain(setting.name));
            let demands: BTreeMap<_, _> = plain.chain(asked.cloned()).map(|name| (name, Bound::Present)).collect();
            if !demands.is_empty() {
                let (name, target) = (&*name, Some(&*target.name));
                let (demands, comments) = (&demands, &BTreeMap::new());
                text.push_str(&render(&RequirementText { kind, name, title: name, target, demands, comments }));
            }
        }
    }
    text
}

/// `as_found.hcl`: what was found, as demands. Nothing where nothing is demanded.
pub fn as_found(found: &[Found], several: bool) -> String {
    let mut text = String::from(
        "# What the settings were when this was written: each demand is the strictest that they satisfy.\n",
    );
    for found in found {
        if let Some(reason) = &found.incomplete {
            let why = format!("objects may be missing: {}", reason.detail).replace(char::is_control, " ");
            let _ = writeln!(text, "\n# {} of {} is left open: {why}", found.kind.name, found.target);
        }
        let comments = found.open.iter().map(|(name, open)| (name.clone(), left_open(name, open)));
        let long = found.demands.iter().filter(|(name, bound)| is_long(found.kind.setting(&name.name), bound));
        let long = long.map(|(name, _)| (name.clone(), ALLOWED.to_owned()));
        let comments: BTreeMap<SettingName, String> = comments.chain(long).collect();
        if found.demands.is_empty() {
            for comment in comments.values() {
                let _ = writeln!(text, "\n# {}: {}", found.kind.name, comment.replace(char::is_control, " "));
            }
            continue;
        }
        text.push('\n');
        text.push_str(&render(&RequirementText {
            kind: found.kind,
            name: &found.name,
            title: &format!("No {} is weaker than those that were found", found.kind.name),
            target: several.then_some(&*found.target),
            demands: &found.demands,
            comments: &comments,
        }));
    }
    text
}

/// The objects' lists together may be longer than one object's.
const ALLOWED: &str = "ordain:allow(long-allowlist): the lists of all objects together";

fn is_long(setting: Option<&Setting>, bound: &Bound) -> bool {
    match (setting.map(|setting| setting.domain), bound) {
        (Some(Domain::Cidrs { most, .. }), Bound::Cidrs(bounds)) => bounds.upper.fewest().entries().len() > most,
        _ => false,
    }
}

fn left_open(name: &SettingName, open: &Open) -> String {
    match open {
        Open::Unknown(reason) => format!("{name} is left open, it could not be read everywhere: {}", reason.detail),
        Open::Anything => format!("{name} is left open: what was found leaves nothing to demand"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estate_is_named_from_where_the_profile_is() {
        let named = |directory, path| relative(directory, path).map(|named| path::join(directory, &named));
        for directory in [".", "a", "./a/b/"] {
            assert_eq!(named(directory, "x/estate.json").as_deref(), Some("x/estate.json"));
            assert_eq!(named(directory, "../estate.json").as_deref(), Some("../estate.json"));
            assert_eq!(named(directory, "/estate.json").as_deref(), Some("/estate.json"));
        }
        assert_eq!((named("..", "estate.json"), named("/a", "estate.json")), (None, None));
    }
}
