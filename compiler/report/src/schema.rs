//! [`Schema`]: what can be required of each kind, as JSON, as Markdown and for people.

mod markdown;
mod text;

pub use markdown::markdown;
pub use text::{list, page};

use ordain_engine::constraints::accepts;
use ordain_model::schema::{Argument, Exposes, Kind, Resource, Setting, Stricter, Unit, WriteClass};
use ordain_model::types::Type;
use serde::Serialize;

/// Name and version of the JSON form. Within a version fields are only added.
pub const FORMAT: &str = "ordain.schema/1";

/// Kinds, in the order of their names.
#[derive(Clone, Debug, Serialize)]
pub struct Schema {
    /// [`FORMAT`].
    pub format: &'static str,
    /// The kinds.
    pub kinds: Vec<KindView>,
}

/// A kind.
#[derive(Clone, Debug, Serialize)]
pub struct KindView {
    /// Its name.
    pub name: &'static str,
    /// Its provider.
    pub provider: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// What `where` may read.
    pub attributes: Vec<AttributeView>,
    /// What a bound binds.
    pub settings: Vec<SettingView>,
    /// What the API demands between settings of one object.
    pub rules: Vec<RuleView>,
    /// The calls and documents that carry settings.
    pub units: &'static [Unit],
    /// Resources of Terraform that set its settings.
    pub terraform: Vec<ResourceView>,
    /// API actions that list the objects.
    pub list_actions: &'static [&'static str],
}

/// A resource of Terraform that sets settings.
#[derive(Clone, Debug, Serialize)]
pub struct ResourceView {
    /// Its type.
    pub name: &'static str,
    /// Each argument, with the blocks that it stands in, and the setting that it sets.
    pub arguments: Vec<ArgumentView>,
}

/// An argument that sets a setting.
#[derive(Clone, Debug, Serialize)]
pub struct ArgumentView {
    /// The argument.
    pub name: &'static str,
    /// The setting.
    pub setting: &'static str,
}

/// An attribute.
#[derive(Clone, Debug, Serialize)]
pub struct AttributeView {
    /// Its name after `self.`.
    pub name: &'static str,
    /// Its type, with its members where it has some.
    #[serde(rename = "type")]
    pub of: String,
    /// The members of its type, in their order.
    pub members: Vec<&'static str>,
    /// One sentence.
    pub summary: &'static str,
    /// API actions beyond the list that reading it takes.
    pub actions: &'static [&'static str],
}

/// A setting.
#[derive(Clone, Debug, Serialize)]
pub struct SettingView {
    /// Its name in `must`.
    pub name: &'static str,
    /// Its type, with its members where it has some.
    #[serde(rename = "type")]
    pub of: String,
    /// The members of its type, in their order.
    pub members: Vec<&'static str>,
    /// One sentence: meaning, unit, what null means.
    pub summary: &'static str,
    /// What its key is, where it has one value per key.
    pub key: Option<&'static str>,
    /// What the API accepts.
    pub accepts: String,
    /// Which of two values is stricter.
    pub stricter: &'static str,
    /// The kinds that own the field, where it is a view of another object's.
    pub view_of: Option<&'static [&'static str]>,
    /// The call or document that carries it.
    pub unit: &'static str,
    /// What changing it risks.
    pub class: WriteClass,
    /// Whom its values let in.
    pub exposes: Exposes,
    /// API actions beyond the list that reading it takes.
    pub read_actions: &'static [&'static str],
    /// API actions that changing it takes.
    pub write_actions: &'static [&'static str],
    /// Where the facts come from.
    pub source: &'static str,
}

/// A rule of the API.
#[derive(Clone, Debug, Serialize)]
pub struct RuleView {
    /// The setting whose value decides.
    pub when: &'static str,
    /// The values under which it binds.
    pub is: String,
    /// The setting that is bound.
    pub then: &'static str,
    /// What it is bound by, whatever object it is.
    pub must: String,
    /// Attributes of the object on which more of it depends.
    pub depends_on: &'static [&'static str],
    /// One sentence.
    pub why: &'static str,
}

impl Schema {
    /// The schema of some kinds.
    pub fn of<'k>(kinds: impl IntoIterator<Item = &'k Kind>) -> Schema {
        Schema { format: FORMAT, kinds: kinds.into_iter().map(KindView::of).collect() }
    }

    /// The JSON form, indented. Ends with a line break.
    #[must_use]
    pub fn json(&self) -> String {
        #[expect(clippy::expect_used, reason = "a schema holds strings and lists of them: all of it is JSON")]
        let text = serde_json::to_string_pretty(self).expect("a schema is JSON");
        text + "\n"
    }
}

impl KindView {
    fn of(kind: &Kind) -> KindView {
        let attributes = kind.attributes.iter().map(|attribute| AttributeView {
            name: attribute.name,
            of: type_name(&attribute.of),
            members: members(&attribute.of),
            summary: attribute.summary,
            actions: attribute.actions,
        });
        let rules = kind.rules.iter().map(|rule| RuleView {
            when: rule.when,
            is: (rule.is)().to_string(),
            then: rule.then,
            must: (rule.must)().to_string(),
            depends_on: rule.local.as_ref().map_or(&[], |local| local.needs),
            why: rule.why,
        });
        KindView {
            name: kind.name,
            provider: kind.provider(),
            summary: kind.summary,
            attributes: attributes.collect(),
            settings: kind.settings.iter().map(SettingView::of).collect(),
            rules: rules.collect(),
            units: kind.units,
            terraform: kind.terraform.iter().map(ResourceView::of).collect(),
            list_actions: kind.list_actions,
        }
    }
}

impl ResourceView {
    fn of(resource: &Resource) -> ResourceView {
        let argument = |argument: &Argument| ArgumentView { name: argument.name, setting: argument.setting };
        ResourceView { name: resource.name, arguments: resource.arguments.iter().map(argument).collect() }
    }
}

impl SettingView {
    fn of(setting: &Setting) -> SettingView {
        SettingView {
            name: setting.name,
            of: type_name(&setting.of),
            members: members(&setting.of),
            summary: setting.summary,
            key: setting.keyed.as_ref().map(|keyed| keyed.what),
            accepts: accepts(setting),
            stricter: stricter(setting.stricter),
            view_of: setting.join.as_ref().map(|join| join.owner_kinds),
            unit: setting.unit,
            class: setting.class,
            exposes: setting.exposes,
            read_actions: setting.read_actions,
            write_actions: setting.write_actions,
            source: setting.source,
        }
    }
}

/// The type, with its members where it has some.
fn type_name(of: &Type) -> String {
    match of {
        Type::Enum(members) => format!("{} ({})", of.name(), members.join(" < ")),
        Type::Strings(Some(members)) => format!("{} ({})", of.name(), members.join(", ")),
        other => other.name().to_owned(),
    }
}

fn members(of: &Type) -> Vec<&'static str> {
    match of {
        Type::Enum(members) | Type::Strings(Some(members)) => members.to_vec(),
        _ => Vec::new(),
    }
}

fn stricter(order: Stricter) -> &'static str {
    match order {
        Stricter::Greater => "greater",
        Stricter::Lesser => "lesser",
        Stricter::True => "true",
        Stricter::False => "false",
        Stricter::Later => "later",
        Stricter::Superset => "superset",
        Stricter::Subset => "subset",
        Stricter::Unordered => "unordered",
    }
}
