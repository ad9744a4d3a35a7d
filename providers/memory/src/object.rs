//! One object of an estate: its JSON becomes readings, each typed by the schema.

use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::bound::Bound;
use ordain_model::diagnostic::nearest;
use ordain_model::observation::{Cause, Object, Reading, Reason};
use ordain_model::schema::{Kind, Rule, Setting};
use ordain_model::types::Type;
use ordain_model::value::Value;
use serde_json::{Map, Value as Json};

/// The sorts of part that say of a name why it has no plain value.
const REMARKS: [&str; 4] = ["held", "not_applicable", "provider_fixed", "unknown"];

/// A mistake: the path below the object, and what is wrong there.
pub(crate) struct Flaw {
    pub(crate) path: String,
    pub(crate) what: String,
}

/// Reads an object. Every mistake in it is reported.
pub(crate) fn read(json: &Json, kind: &Kind, flaws: &mut Vec<Flaw>) -> Object {
    let mut object = Object::default();
    let Some(parts) = json.as_object() else {
        flaws.push(Flaw { path: String::new(), what: "expected an object with `attributes` and `settings`".into() });
        return object;
    };
    for (part, content) in parts {
        let Some(content) = content.as_object() else {
            flaws.push(Flaw { path: format!(".{part}"), what: "expected an object".into() });
            continue;
        };
        match part.as_str() {
            "attributes" => attributes(content, kind, &mut object, flaws),
            "settings" => settings(content, kind, &mut object, flaws),
            // Below, once every value is known.
            other if REMARKS.contains(&other) => {}
            other => {
                let near = nearest(other, ["attributes", "settings"].into_iter().chain(REMARKS));
                flaws.push(Flaw {
                    path: format!(".{part}"),
                    what: format!("an object has no such part{}", meant(near)),
                });
            }
        }
    }
    for sort in REMARKS {
        for (name, said) in parts.get(sort).and_then(Json::as_object).into_iter().flatten() {
            if let Err(what) = remark(sort, name, said, kind, &mut object) {
                flaws.push(Flaw { path: format!(".{sort}[{}]", Json::from(name.as_str())), what });
            }
        }
    }
    flaws.extend(ambiguous(kind, &object));
    object
}

/// An empty list of addresses whose kind says nobody by switching something off, and which is not switched off: an API may
/// take that for everybody.
pub(crate) fn ambiguous(kind: &Kind, object: &Object) -> Option<Flaw> {
    let value = |name: &str| object.settings.get(&SettingName::plain(name)).and_then(Reading::value);
    let nobody = |rule: &&Rule| (rule.must)() == Bound::nobody();
    kind.rules.iter().filter(nobody).find_map(|rule| {
        let empty = matches!(value(rule.then), Some(Value::Cidrs(addresses)) if addresses.is_empty());
        let off = value(rule.when).is_some_and(|value| (rule.is)().admits(value));
        (empty && !off).then(|| Flaw {
            path: format!(".settings.{}", rule.then),
            what: format!(
                "an empty list is nobody only where `{}` says so; for everybody write `[\"0.0.0.0/0\", \"::/0\"]`",
                rule.when
            ),
        })
    })
}

fn attributes(content: &Map<String, Json>, kind: &Kind, object: &mut Object, flaws: &mut Vec<Flaw>) {
    for (name, json) in content {
        let path = format!(".attributes.{name}");
        match kind.attribute(name) {
            None => flaws.push(Flaw { path, what: unknown("attribute", kind, name) }),
            Some(attribute) => {
                let reading = value(attribute.of, json, &path, flaws);
                object.attributes.extend(reading.map(|reading| (attribute.name.into(), reading)));
            }
        }
    }
}

fn settings(content: &Map<String, Json>, kind: &Kind, object: &mut Object, flaws: &mut Vec<Flaw>) {
    for (name, json) in content {
        let path = format!(".settings.{name}");
        let Some(setting) = kind.setting(name) else {
            flaws.push(Flaw { path, what: unknown("setting", kind, name) });
            continue;
        };
        match (&setting.keyed, setting.join.is_some(), json) {
            (_, true, _) => {
                flaws.push(Flaw { path, what: "it is a view of another object's field: state it there".into() })
            }
            (None, false, json) => {
                let reading = set(setting, json, &path, flaws);
                object.settings.extend(reading.map(|reading| (SettingName::plain(name), reading)));
            }
            (Some(keyed), false, Json::Object(keys)) => {
                for (key, json) in keys {
                    let path = format!("{path}[{}]", Json::from(key.as_str()));
                    match (keyed.check)(key) {
                        Err(what) => flaws.push(Flaw { path, what }),
                        Ok(normal) if *normal != **key => {
                            flaws.push(Flaw { path, what: format!("write the {} as `{normal}`", keyed.what) })
                        }
                        Ok(_) => {
                            let reading = set(setting, json, &path, flaws);
                            object.settings.extend(reading.map(|reading| (SettingName::keyed(name, key), reading)));
                        }
                    }
                }
            }
            (Some(keyed), false, _) => {
                flaws.push(Flaw { path, what: format!("expected an object, a value per {}", keyed.what) })
            }
        }
    }
}

/// A setting's value. What the API never accepted cannot be read of it either.
fn set(setting: &Setting, json: &Json, path: &str, flaws: &mut Vec<Flaw>) -> Option<Reading> {
    let reading = value(setting.of, json, path, flaws)?;
    if reading.value().is_some_and(|value| !setting.domain.legal(value)) {
        flaws.push(Flaw { path: path.into(), what: format!("the API accepts no `{json}`") });
    }
    Some(reading)
}

fn value(of: Type, json: &Json, path: &str, flaws: &mut Vec<Flaw>) -> Option<Reading> {
    match of.decode(json) {
        Ok(value) => Some(Reading::Value(value)),
        Err(mismatch) => {
            let offer = mismatch.offer.map(|offer| format!("; perhaps `{offer}` is meant")).unwrap_or_default();
            flaws.push(Flaw {
                path: path.into(),
                what: format!("expected {}, found `{json}`{offer}", mismatch.expected),
            });
            None
        }
    }
}

/// Applies what one of the other parts says of `attributes.NAME` or `settings.NAME`.
fn remark(sort: &str, name: &str, said: &Json, kind: &Kind, object: &mut Object) -> Result<(), String> {
    let text = said.as_str().ok_or("expected a text")?;
    let own = match name.split_once('.') {
        Some(("attributes", name)) => {
            let attribute = kind.attribute(name).ok_or_else(|| unknown("attribute", kind, name))?;
            let known = object.attributes.remove(attribute.name);
            object.attributes.insert(attribute.name.into(), said_of(sort, text, known)?);
            return Ok(());
        }
        Some(("settings", name)) => name,
        _ => return Err("expected `attributes.NAME` or `settings.NAME`".into()),
    };
    let name = SettingName::parse(own).ok_or("expected `settings.NAME` or `settings.NAME[\"KEY\"]`")?;
    let setting = kind.setting(&name.name).ok_or_else(|| unknown("setting", kind, &name.name))?;
    if setting.keyed.is_some() != name.key.is_some() {
        return Err(format!(
            "the setting `{}` {} a key",
            setting.name,
            if setting.keyed.is_some() { "needs" } else { "has not" }
        ));
    }
    let known = object.settings.remove(&name);
    object.settings.insert(name, said_of(sort, text, known)?);
    Ok(())
}

fn said_of(sort: &str, text: &str, known: Option<Reading>) -> Result<Reading, String> {
    match (sort, known) {
        ("held", Some(Reading::Value(value))) => Ok(Reading::Held(value, text.into())),
        ("held", _) => Err("its value must stand under `settings` or `attributes`".into()),
        (_, Some(_)) => Err("it has a value too: state one or the other".into()),
        ("not_applicable", None) => Ok(Reading::NotApplicable(text.into())),
        ("provider_fixed", None) => Ok(Reading::ProviderFixed(text.into())),
        (_, None) => reason(text).map(Reading::Unknown),
    }
}

/// Reads `denied: what the API said`.
pub(crate) fn reason(text: &str) -> Result<Reason, String> {
    let (cause, detail) =
        text.split_once(": ").ok_or("expected a cause and a detail, for example `denied: s3:GetBucketTagging`")?;
    let cause: Cause =
        serde_json::from_value(Json::from(cause)).map_err(|error| format!("`{cause}` is no cause: {error}"))?;
    Ok(Reason { cause, detail: Text::from(detail) })
}

fn unknown(sort: &str, kind: &Kind, name: &str) -> String {
    let attributes = || kind.attributes.iter().map(|attribute| attribute.name);
    let settings = || kind.settings.iter().map(|setting| setting.name);
    let near = if sort == "setting" { nearest(name, settings()) } else { nearest(name, attributes()) };
    let other =
        if sort == "setting" { attributes().any(|other| other == name) } else { settings().any(|other| other == name) };
    let wrong = if other { "; it stands in the wrong part" } else { "" };
    format!("`{}` has no {sort} `{name}`{}{wrong}", kind.name, meant(near))
}

fn meant(near: Option<&str>) -> String {
    near.map(|near| format!("; the nearest is `{near}`")).unwrap_or_default()
}
