//! A provider of two kinds for the tests of this crate, and a second one whose only kind shows that they do not mix.

use ordain_model::Text;
use ordain_model::domain::Domain;
use ordain_model::observation::{Cause, Reason};
use ordain_model::provider::{Argument, ArgumentType, Provider, Purpose, Target, World};
use ordain_model::schema::{Attribute, Exposes, Keyed, Kind, Setting, Stricter, WriteClass};
use ordain_model::stop::Stop;
use ordain_model::types::Type;

const fn attribute(name: &'static str, of: Type) -> Attribute {
    Attribute { name, of, summary: "", actions: &[] }
}

const fn setting(name: &'static str, of: Type, stricter: Stricter) -> Setting {
    Setting {
        name,
        summary: "",
        of,
        domain: Domain::Any,
        stricter,
        keyed: None,
        join: None,
        unit: "unit",
        class: WriteClass::Safe,
        exposes: Exposes::Nothing,
        read_actions: &[],
        write_actions: &[],
        source: "",
    }
}

fn covers(one: &str, other: &str) -> bool {
    one == other
}

fn port(key: &str) -> Result<Text, String> {
    let normal = key.to_lowercase();
    match normal.strip_prefix("tcp/").map(str::parse::<u16>) {
        Some(Ok(_)) => Ok(normal.into()),
        _ => Err("write the protocol and the port, as in `tcp/5432`".into()),
    }
}

pub static LOG_GROUP: Kind = Kind {
    name: "fake_log_group",
    summary: "",
    page: "",
    attributes: &[
        attribute("engine", Type::Enum(&["mysql", "postgres"])),
        attribute("multi", Type::Bool),
        attribute("name", Type::String),
        attribute("size", Type::Integer),
        attribute("tags", Type::Tags),
    ],
    settings: &[
        setting("encrypted", Type::Bool, Stricter::True),
        setting("kms_key", Type::String, Stricter::Unordered),
        setting("log_types", Type::Strings(Some(&["api", "audit"])), Stricter::Superset),
        setting("retention", Type::Retention, Stricter::Greater),
        setting("tokens", Type::Enum(&["optional", "required"]), Stricter::Later),
    ],
    deprecated: &[],
    rules: &[],
    units: &[],
    terraform: &[],
    list_actions: &[],
};

pub static FIREWALL: Kind = Kind {
    name: "fake_firewall",
    summary: "",
    page: "",
    attributes: &[attribute("name", Type::String)],
    settings: &[Setting {
        keyed: Some(Keyed { what: "port", covers, overlaps: covers, order: str::cmp, sums: |_| false, check: port }),
        ..setting("ingress_from", Type::Cidrs, Stricter::Subset)
    }],
    deprecated: &[],
    rules: &[],
    units: &[],
    terraform: &[],
    list_actions: &[],
};

pub static THING: Kind = Kind {
    name: "other_thing",
    summary: "",
    page: "",
    attributes: &[],
    settings: &[setting("enabled", Type::Bool, Stricter::True)],
    deprecated: &[],
    rules: &[],
    units: &[],
    terraform: &[],
    list_actions: &[],
};

pub struct Fake;
pub struct Other;

impl Provider for Fake {
    fn name(&self) -> &'static str {
        "fake"
    }

    fn kinds(&self) -> &'static [&'static Kind] {
        static KINDS: [&Kind; 2] = [&FIREWALL, &LOG_GROUP];
        &KINDS
    }

    fn arguments(&self) -> &'static [Argument] {
        const fn argument(name: &'static str, of: ArgumentType) -> Argument {
            Argument { name, of, summary: "" }
        }
        const ARGUMENTS: &[Argument] = &[
            argument("accounts", ArgumentType::Names { function: "organization", arguments: &["ou"] }),
            argument("endpoint", ArgumentType::Plain(Type::String)),
            argument("regions", ArgumentType::Names { function: "enabled", arguments: &[] }),
            argument("token", ArgumentType::Plain(Type::String)),
        ];
        ARGUMENTS
    }

    fn connect(&self, _: &Target, _: Purpose, _: &Stop) -> Result<Box<dyn World>, Reason> {
        Err(Reason::new(Cause::Failed, "no world"))
    }
}

impl Provider for Other {
    fn name(&self) -> &'static str {
        "other"
    }

    fn kinds(&self) -> &'static [&'static Kind] {
        static KINDS: [&Kind; 1] = [&THING];
        &KINDS
    }

    fn arguments(&self) -> &'static [Argument] {
        &[]
    }

    fn connect(&self, _: &Target, _: Purpose, _: &Stop) -> Result<Box<dyn World>, Reason> {
        Err(Reason::new(Cause::Failed, "no world"))
    }
}
