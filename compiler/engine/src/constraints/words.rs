//! How messages name a domain, a strength and a citation.

use super::{Citation, Origin};
use ordain_language::config::Strength;
use ordain_model::domain::{Days, Domain};
use ordain_model::schema::{Kind, Setting};
use ordain_model::types::Type;

/// What an API accepts for a setting, in words: the domain as an origin of a contradiction.
#[must_use]
pub fn domain(kind: &Kind, setting: &Setting) -> String {
    let (name, kind, accepts, source) = (setting.name, kind.name, accepts(setting), setting.source);
    format!("the API accepts as `{name}` of `{kind}` only {accepts} ({source})")
}

/// Which values an API accepts for a setting, in words.
#[must_use]
pub fn accepts(setting: &Setting) -> String {
    match &setting.domain {
        Domain::Any => match setting.of {
            Type::Enum(members) => format!("one of {}", members.join(", ")),
            Type::Strings(Some(members)) => format!("any of {}", members.join(", ")),
            other => format!("any {}", other.name()),
        },
        Domain::Except(members, why) => {
            format!("any {}, of which no step sets {}: {why}", setting.of.name(), members.join(" or "))
        }
        Domain::Integers(least, greatest) => format!("the integers from {least} to {greatest}"),
        Domain::Retention(lengths) => {
            let days = match lengths.days {
                Days::Listed(days) => {
                    let days: Vec<String> = days.iter().map(u32::to_string).collect();
                    format!("{} days", days.join(", "))
                }
                Days::Range { least, greatest, step: 1 } => format!("{least} to {greatest} days"),
                Days::Range { least, greatest, step } => format!("{least} to {greatest} days in steps of {step}"),
            };
            let also = [(lengths.disabled, "disabled"), (lengths.unlimited, "unlimited")];
            let also = also.iter().filter(|(accepted, _)| *accepted).map(|(_, name)| format!(", or {name}"));
            days + &also.collect::<String>()
        }
        Domain::Cidrs { most, ipv6: true } => format!("at most {most} CIDR blocks"),
        Domain::Cidrs { most, ipv6: false } => format!("at most {most} IPv4 CIDR blocks"),
    }
}

/// A demand as the label of a contradiction: `at_least("365d")`, by whom, and whose number it is.
pub(super) fn demand(origin: &Origin) -> String {
    match origin.citations.is_empty() {
        true => format!("`{}` demands `{}`, citing no control", origin.requirement, origin.bound),
        false => {
            let cited: Vec<String> = origin.citations.iter().map(citation).collect();
            format!("`{}` demands `{}` ({})", origin.requirement, origin.bound, cited.join(", "))
        }
    }
}

fn citation(citation: &Citation) -> String {
    let strength = match citation.strength {
        Strength::Text => "text",
        Strength::Derived => "derived",
        Strength::Convention => "convention",
        Strength::Vendor => "vendor",
        Strength::Organisation => "organisation",
    };
    format!("{strength}: {} {}", citation.control.framework, citation.control.id)
}

/// Half a sentence as a whole one.
pub(super) fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}
