//! [`published`]: the digest of what kinds mean, so that a plan is carried out by the rules by which it was made.

use super::{Attribute, Kind, Rule, Setting};
use crate::digest::{Digest, canonical};
use serde_json::{Value as Json, json};

/// The digest of everything in some kinds that decides a verdict or a write. Texts for people are left out: a page may be
/// mended without making a plan void.
pub fn published<'k>(kinds: impl IntoIterator<Item = &'k Kind>) -> Digest {
    let kinds: Vec<Json> = kinds.into_iter().map(kind).collect();
    Digest::of(&canonical(&kinds).unwrap_or_default())
}

fn kind(kind: &Kind) -> Json {
    json!({
        "name": kind.name,
        "attributes": kind.attributes.iter().map(attribute).collect::<Vec<_>>(),
        "settings": kind.settings.iter().map(setting).collect::<Vec<_>>(),
        "rules": kind.rules.iter().map(rule).collect::<Vec<_>>(),
        "units": kind.units,
        "list_actions": kind.list_actions,
    })
}

fn attribute(attribute: &Attribute) -> Json {
    json!({ "name": attribute.name, "of": format!("{:?}", attribute.of), "actions": attribute.actions })
}

fn setting(setting: &Setting) -> Json {
    json!({
        "name": setting.name,
        "of": format!("{:?}", setting.of),
        "domain": format!("{:?}", setting.domain),
        "stricter": format!("{:?}", setting.stricter),
        "keyed": setting.keyed.as_ref().map(|keyed| keyed.what),
        "join": setting.join.as_ref().map(|join| [join.owner_kinds, join.needs]),
        "unit": setting.unit,
        "class": setting.class,
        "exposes": setting.exposes,
        "read_actions": setting.read_actions,
        "write_actions": setting.write_actions,
    })
}

fn rule(rule: &Rule) -> Json {
    json!({
        "when": rule.when,
        "is": (rule.is)().to_string(),
        "then": rule.then,
        "must": (rule.must)().to_string(),
        "needs": rule.local.as_ref().map(|local| local.needs),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Unit, WriteToken};

    static UNITS: &[Unit] = &[Unit { name: "u", token: WriteToken::None, calls: &["lab:Put"], waits: &[] }];
    static OTHERS: &[Unit] =
        &[Unit { name: "u", token: WriteToken::idempotency("Token"), calls: &["lab:Put"], waits: &[] }];

    const KIND: Kind = Kind {
        name: "lab_log",
        summary: "A log.",
        page: "",
        attributes: &[],
        settings: &[],
        deprecated: &[],
        rules: &[],
        units: UNITS,
        terraform: &[],
        list_actions: &["lab:List"],
    };

    #[test]
    fn texts_do_not_count_and_everything_else_does() {
        let mended = Kind { summary: "Another sentence.", page: "# lab_log", ..KIND };
        assert_eq!(published([&KIND]), published([&mended]));
        let changed =
            [Kind { name: "lab_lag", ..KIND }, Kind { list_actions: &[], ..KIND }, Kind { units: OTHERS, ..KIND }];
        for changed in changed {
            assert_ne!(published([&KIND]), published([&changed]), "{changed:?}");
        }
        assert_ne!(published([&KIND]), published([&KIND, &KIND]));
    }
}
