//! Whether a bound demands anything at all.

use super::Bound;
use crate::domain::{Domain, Legal};
use crate::ranges::{Ordered, Ranges};
use crate::types::Type;
use crate::value::Value;

impl Bound {
    /// Whether every value that the API accepts for a setting of this type is admitted: then the demand is none. An enum
    /// and a closed set of strings are judged by their members. False where it is not proved.
    #[must_use]
    pub fn is_vacuous(&self, domain: &Domain, of: Type) -> bool {
        let lengths = domain.lengths();
        match (self, of) {
            (Bound::Anything, _) => true,
            (Bound::Present, _) => !domain.legal(&Value::Null),
            (Bound::Integer(ranges), _) => {
                leaves_none(ranges, &Legal { from: &|at| domain.integer_from(at), to: &|at| domain.integer_to(at) })
            }
            (Bound::Retention(bounds), _) => {
                leaves_none(bounds.ranges(), &Legal { from: &|at| lengths.from(at), to: &|at| lengths.to(at) })
            }
            (Bound::Text(bounds), Type::Enum(members)) => members.iter().all(|member| bounds.admits(member)),
            (Bound::Strings(bounds), Type::Strings(members)) => {
                let all = |upper: &std::collections::BTreeSet<crate::Text>| {
                    members.is_some_and(|members| members.iter().all(|member| upper.contains(*member)))
                };
                bounds.lower.is_empty() && bounds.upper.as_ref().is_none_or(|upper| all(upper))
            }
            (Bound::Cidrs(bounds), _) => {
                let v4 = matches!(domain, Domain::Cidrs { ipv6: false, .. }) && bounds.upper.covers_all_v4();
                bounds.lower.is_empty() && (v4 || bounds.upper.is_everything())
            }
            _ => false,
        }
    }
}

fn leaves_none<P: Ordered>(ranges: &Ranges<P>, legal: &Legal<P>) -> bool {
    legal.up(ranges.complement().as_slice(), P::LEAST).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cidr::CidrSet;
    use crate::domain::{Days, Lengths};
    use crate::retention::Retention;

    #[test]
    fn a_demand_is_vacuous_when_the_api_can_say_nothing_else() {
        let days = |disabled| Domain::Retention(Lengths { days: Days::Listed(&[1, 7, 30]), disabled, unlimited: true });
        let least = Bound::retention_between(Retention::Days(1), Retention::Unlimited);
        assert!(least.is_vacuous(&days(false), Type::Retention) && !least.is_vacuous(&days(true), Type::Retention));
        let week = Bound::retention_between(Retention::Days(2), Retention::Unlimited);
        assert!(!week.is_vacuous(&days(false), Type::Retention), "one day can be said");
        let backups = Domain::Integers(0, 35);
        assert!(Bound::integer_between(0, 40).is_vacuous(&backups, Type::Integer));
        assert!(!Bound::integer_between(0, 34).is_vacuous(&backups, Type::Integer));
        let tokens = Type::Enum(&["optional", "required"]);
        assert!(Bound::one_of_texts(["optional", "required"]).is_vacuous(&Domain::Any, tokens));
        assert!(!Bound::one_of_texts(["required"]).is_vacuous(&Domain::Any, tokens));
        let anywhere = Bound::within(CidrSet::parse(["0.0.0.0/0"]).unwrap());
        assert!(anywhere.is_vacuous(&Domain::Cidrs { most: 40, ipv6: false }, Type::Cidrs));
        assert!(!anywhere.is_vacuous(&Domain::Cidrs { most: 40, ipv6: true }, Type::Cidrs));
        assert!(
            !Bound::Present.is_vacuous(&Domain::Any, Type::String)
                && Bound::Present.is_vacuous(&backups, Type::Integer)
        );
        let logs = Type::Strings(Some(&["api", "audit"]));
        let within = |members: &[&str]| {
            let upper = Some(std::sync::Arc::new(members.iter().map(|member| crate::Text::from(*member)).collect()));
            Bound::Strings(crate::bound::StringBounds { lower: std::sync::Arc::default(), upper })
        };
        assert!(
            within(&["api", "audit"]).is_vacuous(&Domain::Any, logs)
                && !within(&["api"]).is_vacuous(&Domain::Any, logs)
        );
        assert!(!Bound::superset_of(["api"]).is_vacuous(&Domain::Any, logs));
    }
}
