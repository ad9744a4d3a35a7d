//! A provider for tests: a handful of kinds that have everything a kind can have, and nothing of any cloud.

use ordain_model::Text;
use ordain_model::address::{ObjectAddress, SettingName};
use ordain_model::bound::Bound;
use ordain_model::domain::{Days, Domain, Lengths};
use ordain_model::observation::{Object, Reading, Reason};
use ordain_model::provider::{self, Provider, Purpose, Target, World};
use ordain_model::retention::Retention;
use ordain_model::schema::{
    Argument, Attribute, Deprecated, Exposes, Identity, Join, Keyed, Kind, OwnerField, OwnerPlace, Owners, Resource,
    Rule, Setting, Stricter, Unit, WriteClass, WriteToken,
};
use ordain_model::stop::Stop;
use ordain_model::types::Type;
use ordain_model::value::Value;

pub struct Lab;

static KINDS: &[&Kind] = &[&ARCHIVE, &BUCKET, &CLUSTER, &GATE, &LADDER, &LOG];

impl Provider for Lab {
    fn name(&self) -> &'static str {
        "lab"
    }

    fn kinds(&self) -> &'static [&'static Kind] {
        KINDS
    }

    fn arguments(&self) -> &'static [provider::Argument] {
        &[]
    }

    fn connect(&self, _: &Target, _: Purpose, _: &Stop) -> Result<Box<dyn World>, Reason> {
        unreachable!("tests hand their worlds over")
    }
}

const NAME: Attribute = Attribute { name: "name", of: Type::String, summary: "Its name.", actions: &[] };
const TAGS: Attribute = Attribute { name: "tags", of: Type::Tags, summary: "Its tags.", actions: &[] };

const PLAIN: Setting = Setting {
    name: "",
    summary: "A setting.",
    of: Type::Bool,
    domain: Domain::Any,
    stricter: Stricter::True,
    keyed: None,
    join: None,
    unit: "",
    class: WriteClass::Safe,
    exposes: Exposes::Nothing,
    read_actions: &[],
    write_actions: &[],
    source: "the laboratory's handbook",
};

const fn kind(
    name: &'static str,
    attributes: &'static [Attribute],
    settings: &'static [Setting],
    rules: &'static [Rule],
) -> Kind {
    Kind {
        name,
        summary: "A kind.",
        page: "",
        attributes,
        settings,
        deprecated: &[],
        rules,
        units: UNITS,
        terraform: &[],
        list_actions: &["lab:List"],
    }
}

/// Every kind's units; a kind that has no setting of one has no use for it.
const UNITS: &[Unit] = &[
    unit("access", WriteToken::idempotency("token"), &["lab:GetAccess", "lab:PutAccess"], &["lab:GetUpdate"]),
    unit("retention", WriteToken::None, &["lab:PutRetention"], &[]),
];

const fn unit(
    name: &'static str,
    token: WriteToken,
    calls: &'static [&'static str],
    waits: &'static [&'static str],
) -> Unit {
    Unit { name, token, calls, waits }
}

/// Retention in whole weeks.
static ARCHIVE: Kind = kind(
    "lab_archive",
    &[NAME],
    &[Setting {
        name: "retention",
        of: Type::Retention,
        domain: Domain::Retention(Lengths {
            days: Days::Range { least: 7, greatest: 700, step: 7 },
            disabled: false,
            unlimited: false,
        }),
        stricter: Stricter::Greater,
        unit: "retention",
        class: WriteClass::DestructiveOnDecrease,
        ..PLAIN
    }],
    &[],
);

/// Keyed settings, enums, a manual and an irreversible setting.
static BUCKET: Kind = kind(
    "lab_bucket",
    &[NAME, TAGS],
    &[
        Setting {
            name: "encryption",
            of: Type::Enum(&["none", "aes256", "kms"]),
            stricter: Stricter::Later,
            unit: "encryption",
            ..PLAIN
        },
        Setting { name: "lock", unit: "lock", class: WriteClass::Irreversible, ..PLAIN },
        Setting { name: "region_lock", unit: "region_lock", class: WriteClass::Manual, ..PLAIN },
        Setting {
            name: "retention",
            of: Type::Retention,
            domain: Domain::Retention(Lengths {
                days: Days::Range { least: 1, greatest: 5000, step: 1 },
                disabled: false,
                unlimited: true,
            }),
            stricter: Stricter::Greater,
            keyed: Some(Keyed {
                what: "key prefix",
                covers: |outer, inner| inner.starts_with(outer),
                overlaps: |one, other| one.starts_with(other) || other.starts_with(one),
                order: str::cmp,
                sums: |key| key == "sum/",
                check: |key| Ok(key.into()),
            }),
            unit: "lifecycle",
            class: WriteClass::DestructiveOnDecrease,
            ..PLAIN
        },
    ],
    &[],
);

/// A view, an allowlist, and a rule between two settings of different units.
static CLUSTER: Kind = kind(
    "lab_cluster",
    &[NAME, TAGS],
    &[
        Setting {
            name: "allowlist",
            of: Type::Cidrs,
            domain: Domain::Cidrs { most: 3, ipv6: false },
            stricter: Stricter::Subset,
            unit: "access",
            exposes: Exposes::Addresses,
            ..PLAIN
        },
        Setting {
            name: "log_retention",
            of: Type::Retention,
            stricter: Stricter::Greater,
            join: Some(Join { owner_kinds: &["lab_log"], needs: &["name"], owners: log_of }),
            unit: "",
            ..PLAIN
        },
        Setting {
            name: "logging",
            of: Type::Strings(Some(&["api", "audit", "scheduler"])),
            stricter: Stricter::Superset,
            unit: "logging",
            ..PLAIN
        },
        Setting { name: "private_access", stricter: Stricter::True, unit: "private", ..PLAIN },
        Setting {
            name: "public_access",
            stricter: Stricter::False,
            unit: "access",
            exposes: Exposes::Somebody,
            ..PLAIN
        },
    ],
    &[Rule {
        when: "public_access",
        is: || Bound::exactly(&Value::Bool(false)),
        then: "private_access",
        must: || Bound::exactly(&Value::Bool(true)),
        local: None,
        why: "a cluster is reachable in one of two ways",
    }],
);

/// An allowlist that may be narrowed only while another setting is on.
static GATE: Kind = kind(
    "lab_gate",
    &[NAME],
    &[
        Setting {
            name: "allowlist",
            of: Type::Cidrs,
            domain: Domain::Cidrs { most: 3, ipv6: false },
            stricter: Stricter::Subset,
            unit: "access",
            exposes: Exposes::Addresses,
            ..PLAIN
        },
        Setting { name: "private_access", stricter: Stricter::True, unit: "private", ..PLAIN },
    ],
    &[Rule {
        when: "private_access",
        is: || Bound::exactly(&Value::Bool(false)),
        then: "allowlist",
        must: || Bound::Absent,
        local: None,
        why: "nodes come from outside",
    }],
);

/// A kind that no provider may publish: each setting has to be changed before the other.
pub static CIRCLE: Kind = kind(
    "lab_circle",
    &[NAME],
    &[Setting { name: "left", unit: "left", ..PLAIN }, Setting { name: "right", unit: "right", ..PLAIN }],
    &[circular("left", "right"), circular("right", "left")],
);

const fn circular(when: &'static str, then: &'static str) -> Rule {
    let yes: fn() -> Bound = || Bound::exactly(&Value::Bool(true));
    Rule { when, is: yes, then, must: yes, local: None, why: "the one needs the other" }
}

/// Each rung needs the one below; the lowest cannot be undone.
static LADDER: Kind = Kind {
    deprecated: &[Deprecated { setting: "low", instead: "middle", why: "the lowest rung is always there" }],
    ..kind(
        "lab_ladder",
        &[NAME],
        &[
            Setting { name: "high", unit: "high", ..PLAIN },
            Setting { name: "low", unit: "low", class: WriteClass::Irreversible, ..PLAIN },
            Setting { name: "middle", unit: "middle", ..PLAIN },
        ],
        &[rung("high", "middle"), rung("middle", "low")],
    )
};

const fn rung(when: &'static str, then: &'static str) -> Rule {
    let on = || Bound::exactly(&Value::Bool(true));
    Rule { when, is: on, then, must: on, local: None, why: "each rung needs the one below" }
}

static LOG: Kind = Kind {
    terraform: &[Resource {
        name: "lab_log",
        object: |values| {
            let text = |key: &str| values.get(key).and_then(|value| value.as_str()).unwrap_or_default();
            Some(Identity { id: text("name").into(), scope: vec![text("account").into(), text("region").into()] })
        },
        arguments: &[Argument {
            setting: "retention",
            name: "days",
            value: |value| match *value {
                Value::Retention(Retention::Days(days)) => Some(days.into()),
                _ => None,
            },
        }],
    }],
    ..LOG_OF_ONE_TOOL
};

const LOG_OF_ONE_TOOL: Kind = kind(
    "lab_log",
    &[NAME, TAGS],
    &[
        Setting { name: "key", of: Type::String, stricter: Stricter::Unordered, unit: "key", ..PLAIN },
        Setting {
            name: "retention",
            of: Type::Retention,
            domain: Domain::Retention(Lengths {
                days: Days::Listed(&[1, 7, 30, 90, 365, 400, 731]),
                disabled: false,
                unlimited: true,
            }),
            stricter: Stricter::Greater,
            unit: "retention",
            class: WriteClass::DestructiveOnDecrease,
            ..PLAIN
        },
    ],
    &[],
);

/// A cluster's log is `/cluster/NAME` in its own cell, or what its tag `log` names in any.
fn log_of(address: &ObjectAddress, object: &Object) -> Owners {
    let name = match object.attribute("name") {
        Reading::Value(Value::String(name)) => name,
        Reading::Unknown(reason) => return Owners::Unknown(reason),
        _ => address.id.clone(),
    };
    let (id, place): (Text, _) = match name.strip_prefix("shared-") {
        Some(shared) => (format!("/shared/{shared}").into(), OwnerPlace::AnyCell),
        None => (format!("/cluster/{name}").into(), OwnerPlace::SameCell),
    };
    let missing = Value::Retention(Retention::Disabled);
    Owners::Fields(vec![OwnerField { kind: "lab_log", id, setting: SettingName::plain("retention"), place, missing }])
}
