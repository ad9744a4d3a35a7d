//! [`lockout`]: the proof that a change shuts out nobody who must get in. It is asked for when a plan is made and again
//! before each write, and can only say no.

use ordain_model::Text;
use ordain_model::cidr::CidrSet;
use ordain_model::schema::{Exposes, Setting};
use ordain_model::value::Value;

/// Addresses that do not come over the internet: RFC 1918, RFC 6598 (carriers), RFC 4193 and what stays on a machine or a
/// link (RFC 6890).
const PRIVATE: [&str; 9] = [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
];

/// Why a change is not known to shut nobody out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lockout {
    /// Nothing says who must keep access.
    NoKeepAccess,
    /// These addresses must keep access, have it, and would lose it.
    ShutsOut(Text),
}

/// Whether a change takes a way in from somebody: an allowlist lets some addresses in no more, or a way in is closed.
#[must_use]
pub(crate) fn narrows(setting: &Setting, before: &Value, after: &Value) -> bool {
    match (setting.exposes, before, after) {
        (Exposes::Nothing, ..) => false,
        (Exposes::Addresses | Exposes::InternetAddresses, Value::Cidrs(before), Value::Cidrs(after)) => {
            !before.is_subset(after)
        }
        (Exposes::Somebody, Value::Bool(before), Value::Bool(after)) => *before && !*after,
        // A value of another sort, or none: nothing shows that nobody is shut out.
        (_, before, after) => before != after,
    }
}

/// Why a change is not known to shut out nobody of `keep`; none where it is. A way in that is closed altogether names no
/// addresses: that who must keep access is known is all that can be asked there.
#[must_use]
pub(crate) fn lockout(keep: Option<&CidrSet>, setting: &Setting, before: &Value, after: &Value) -> Option<Lockout> {
    if !narrows(setting, before, after) {
        return None;
    }
    let Some(keep) = keep.filter(|keep| !keep.is_empty()) else { return Some(Lockout::NoKeepAccess) };
    let (Value::Cidrs(before), Value::Cidrs(after)) = (before, after) else { return None };
    let lost = keep.intersection(before).difference(after);
    let lost = match setting.exposes {
        Exposes::InternetAddresses => CidrSet::parse(PRIVATE).map_or(lost.clone(), |private| lost.difference(&private)),
        _ => lost,
    };
    let entries = || lost.entries().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    (!lost.is_empty()).then(|| Lockout::ShutsOut(entries().into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordain_model::domain::Domain;
    use ordain_model::schema::{Stricter, WriteClass};
    use ordain_model::types::Type;

    fn setting(exposes: Exposes) -> Setting {
        Setting {
            name: "way_in",
            summary: "A setting.",
            of: Type::Cidrs,
            domain: Domain::Any,
            stricter: Stricter::Subset,
            keyed: None,
            join: None,
            unit: "way_in",
            class: WriteClass::Safe,
            exposes,
            read_actions: &[],
            write_actions: &[],
            source: "none",
        }
    }

    fn set(entries: &[&str]) -> CidrSet {
        CidrSet::parse(entries.iter().copied()).unwrap()
    }

    fn judge(exposes: Exposes, keep: &[&str], before: &[&str], after: &[&str]) -> Option<Lockout> {
        let (before, after) = (Value::Cidrs(set(before)), Value::Cidrs(set(after)));
        lockout(Some(&set(keep)), &setting(exposes), &before, &after)
    }

    #[test]
    fn who_must_keep_access_and_has_it_does_not_lose_it() {
        let shut = |who: &str| Some(Lockout::ShutsOut(who.into()));
        for (keep, before, after, expected) in [
            (&["203.0.113.10/32"][..], &["0.0.0.0/0"][..], &["203.0.113.0/24"][..], None),
            (&["203.0.113.10/32"], &["0.0.0.0/0"], &["198.51.100.0/24"], shut("203.0.113.10/32")),
            (&["203.0.113.10/32"], &["0.0.0.0/0"], &[], shut("203.0.113.10/32")),
            // Not inside before: nothing is taken.
            (&["203.0.113.10/32"], &["10.0.0.0/8"], &["10.1.0.0/16"], None),
            // A part of it is lost.
            (&["203.0.113.0/24"], &["0.0.0.0/0"], &["203.0.113.0/25"], shut("203.0.113.128/25")),
            // What only widens needs no proof, whoever is to keep access.
            (&[], &["10.0.0.0/8"], &["0.0.0.0/0"], None),
            (&[], &["10.0.0.0/8"], &["10.1.0.0/16"], Some(Lockout::NoKeepAccess)),
            // A swap takes as much as a smaller list.
            (&["10.1.2.3/32"], &["10.0.0.0/8"], &["192.0.2.0/24"], shut("10.1.2.3/32")),
            (&["2001:db8::1/128"], &["::/0"], &["203.0.113.0/24"], shut("2001:db8::1/128")),
        ] {
            assert_eq!(judge(Exposes::Addresses, keep, before, after), expected, "{keep:?} {before:?} -> {after:?}");
        }
    }

    #[test]
    fn private_addresses_never_came_over_the_internet() {
        let (keep, all) = (["10.1.0.0/16", "fd00::1/128"], ["0.0.0.0/0", "::/0"]);
        assert_eq!(judge(Exposes::InternetAddresses, &keep, &all, &[]), None);
        let both = ["10.1.0.0/16", "203.0.113.10/32"];
        let shut = Some(Lockout::ShutsOut("203.0.113.10/32".into()));
        assert_eq!(judge(Exposes::InternetAddresses, &both, &all, &[]), shut);
        assert!(judge(Exposes::Addresses, &keep, &all, &[]).is_some());
    }

    #[test]
    fn a_way_in_that_is_closed_needs_somebody_who_keeps_access() {
        let (open, closed) = (Value::Bool(true), Value::Bool(false));
        let way = setting(Exposes::Somebody);
        assert_eq!(lockout(None, &way, &open, &closed), Some(Lockout::NoKeepAccess));
        assert_eq!(lockout(Some(&CidrSet::nobody()), &way, &open, &closed), Some(Lockout::NoKeepAccess));
        assert_eq!(lockout(Some(&set(&["203.0.113.10/32"])), &way, &open, &closed), None);
        assert_eq!(lockout(None, &way, &closed, &open), None);
        assert_eq!(lockout(None, &setting(Exposes::Nothing), &open, &closed), None);
        // What was not set may have let anybody in.
        assert_eq!(lockout(None, &way, &Value::Null, &closed), Some(Lockout::NoKeepAccess));
    }
}
