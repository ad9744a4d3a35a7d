//! Reports of findings: the headline, the summaries, and one row for each obligation that is not simply met.

use super::changes::{Cures, controls, subject};
use super::{exceptions, words};
use crate::report::finding::{AssertionResult, ControlSummary, Finding, RequirementSummary};
use crate::report::{Conclusion, Headline, Population, Remark, Report, World};
use ordain_engine::constraints::Claim;
use ordain_engine::findings::{Findings, Judgement, Outcome, Subject};
use ordain_engine::observed::Observed;
use ordain_model::verdict::Verdict;
use std::collections::{BTreeMap, BTreeSet};

/// Which findings a report tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Those that are neither met nor inapplicable.
    Open,
    /// All of them.
    All,
}

/// What was found, with the steps that cure it where there is a plan.
pub(super) fn report(command: &'static str, findings: &Findings, cures: Option<&Cures>, observed: &Observed) -> Report {
    told(command, findings, cures, observed, Told::Open)
}

/// [`report`], with as many findings as are to be told.
pub(super) fn told(
    command: &'static str,
    findings: &Findings,
    cures: Option<&Cures>,
    observed: &Observed,
    told: Told,
) -> Report {
    let mut report = Report::new(command, headline(findings, cures));
    fill(&mut report, findings, cures, observed, told);
    report
}

/// What is left after every step of a plan was applied: a finding that a step cures counts as met.
pub(super) fn left(findings: &Findings, cures: &Cures, observed: &Observed) -> Report {
    let mut report = report("apply", findings, Some(cures), observed);
    report.findings.retain(|finding| finding.step.is_none());
    let left =
        |verdict| report.findings.iter().filter(|finding| finding.enforced && finding.verdict == verdict).count();
    let assertions = |verdict| report.assertions.iter().filter(|row| row.verdict == verdict).count();
    let counts = [Verdict::Waived, Verdict::Baselined, Verdict::Unmet, Verdict::Unknown, Verdict::Broken]
        .map(|verdict| (verdict, left(verdict) + assertions(verdict)));
    let any = |verdict| counts.iter().any(|(of, number)| *of == verdict && *number > 0);
    report.headline.verdict = Conclusion::of(|verdict| verdict == Verdict::Met || any(verdict));
    report.headline.text =
        match counts.iter().filter(|(_, n)| *n > 0).map(|(of, n)| format!("{n} {}", of.word())).collect::<Vec<_>>() {
            rest if rest.is_empty() => String::new(),
            rest => format!("Without a step: {}.", rest.join(", ")),
        };
    report
}

fn fill(report: &mut Report, findings: &Findings, cures: Option<&Cures>, observed: &Observed, told: Told) {
    report.world = Some(world(observed));
    report.population = findings.population.iter().map(population).collect();
    report.uncovered = findings.uncovered.iter().map(ToString::to_string).collect();
    let remark = |(target, reason): (&ordain_model::Text, &ordain_model::observation::Reason)| Remark {
        about: format!("target {target}"),
        text: words::reason(reason),
        place: None,
    };
    report.unresolved = findings.unresolved.iter().map(remark).collect();
    report.uncovered_incomplete = findings.uncovered_incomplete.iter().map(remark).collect();
    report.requirements = requirements(findings);
    report.controls = control_summaries(findings);
    let rows = || findings.findings.iter().filter(|finding| told == Told::All || !settled(&finding.judgement));
    report.findings =
        rows().filter(|finding| finding.subject != Subject::Assertion).map(|of| row(findings, of, cures)).collect();
    report.findings.sort_by(|a, b| {
        (b.verdict, &a.object, &a.setting, &a.requirement).cmp(&(a.verdict, &b.object, &b.setting, &b.requirement))
    });
    report.assertions =
        rows().filter(|finding| finding.subject == Subject::Assertion).map(|of| assertion(findings, of)).collect();
    report.exceptions = exceptions::exceptions(findings);
    report.inputs.world = Some(findings.world.to_string());
}

fn settled(judgement: &Judgement) -> bool {
    matches!(judgement, Judgement::Met | Judgement::NotApplicable(_))
}

fn claim<'a>(findings: &'a Findings, finding: &ordain_engine::findings::Finding) -> &'a Claim {
    &findings.claims[finding.claim as usize]
}

fn headline(findings: &Findings, cures: Option<&Cures>) -> Headline {
    let (mut counts, mut observed) = (BTreeMap::new(), BTreeMap::new());
    let (mut unmet, mut cured) = (0, 0);
    for finding in &findings.findings {
        let enforced = finding.enforced;
        let verdict = finding.judgement.verdict();
        *if enforced { &mut counts } else { &mut observed }.entry(verdict.word()).or_insert(0) += 1;
        if enforced && verdict == Verdict::Unmet {
            unmet += 1;
            cured += u64::from(cures.is_some_and(|cures| cure(findings, finding, cures).step.is_some()));
        }
    }
    Headline { verdict: findings.conclusion(), text: sentence(&counts, unmet, cures.map(|_| cured)), counts, observed }
}

fn sentence(counts: &BTreeMap<&'static str, u64>, unmet: u64, cured: Option<u64>) -> String {
    let all: u64 = counts.values().sum();
    if all == 0 {
        return "the profile demands nothing of what is there.".to_owned();
    }
    let of = |verdict: Verdict| counts.get(verdict.word()).copied().unwrap_or(0);
    let mut parts = vec![format!("{} of {} met", of(Verdict::Met), words::count(all, "obligation"))];
    match (unmet, cured) {
        (0, _) => {}
        (_, Some(cured)) => parts.push(format!("{unmet} unmet ({cured} with a step)")),
        (_, None) => parts.push(format!("{unmet} unmet")),
    }
    let rest = [
        Verdict::Broken,
        Verdict::Unknown,
        Verdict::Baselined,
        Verdict::Waived,
        Verdict::ProviderFixed,
        Verdict::NotApplicable,
    ];
    let rest = rest.into_iter().filter(|verdict| of(*verdict) > 0);
    parts.extend(rest.map(|verdict| format!("{} {}", of(verdict), verdict.word().replace('_', " "))));
    format!("{}.", parts.join(", "))
}

/// What answered.
pub(super) fn world(observed: &Observed) -> World {
    let envelopes = || observed.targets.values().map(|target| &target.envelope);
    let estates: BTreeSet<_> = envelopes().filter_map(|envelope| envelope.estate.clone()).collect();
    let endpoints: BTreeSet<_> = envelopes().flat_map(|envelope| envelope.endpoints.iter().cloned()).collect();
    let list = |names: &BTreeSet<ordain_model::Text>| names.iter().map(|name| &**name).collect::<Vec<_>>().join(", ");
    let not_evidence = match (estates.is_empty(), endpoints.is_empty()) {
        (false, _) => Some(format!("read from the estate {}", list(&estates))),
        (true, false) => Some(format!("read from {}, which is not the cloud's own endpoint", list(&endpoints))),
        (true, true) => None,
    };
    let mut calls = BTreeMap::new();
    for (operation, number) in envelopes().flat_map(|envelope| &envelope.calls) {
        *calls.entry(operation.clone()).or_insert(0) += number;
    }
    World {
        source: if estates.is_empty() { "live" } else { "estate" },
        not_evidence,
        taken_at: envelopes().map(|envelope| envelope.taken_at.clone()).min().unwrap_or_default(),
        snapshot: None,
        callers: envelopes()
            .flat_map(|envelope| envelope.callers.iter().cloned())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        calls,
    }
}

fn population(row: &ordain_engine::findings::Population) -> Population {
    Population {
        cell: row.cell.to_string(),
        kind: row.kind.clone(),
        listed: row.listed,
        enforced: row.enforced,
        observed: row.observed,
        unknown: row.unknown,
        unselected: row.unselected,
        incomplete: row.incomplete.as_ref().map(words::reason),
    }
}

/// Groups, the controls of one requirement in one target folded into one row.
fn requirements(findings: &Findings) -> Vec<RequirementSummary> {
    let mut rows: Vec<RequirementSummary> = Vec::new();
    let mut seen = BTreeSet::new();
    for group in &findings.groups {
        if !seen.insert((group.claim, &group.target)) {
            continue;
        }
        let claim = &findings.claims[group.claim as usize];
        rows.push(RequirementSummary {
            address: claim.address.clone(),
            title: claim.title.clone(),
            target: group.target.clone().unwrap_or_default(),
            severity: claim.severity,
            enforced: group.enforced(claim),
            verdict: group.verdict,
            matched: group.matched,
            counts: group.counts.iter().map(|(verdict, number)| (verdict.word(), *number)).collect(),
            place: claim.place.clone(),
            controls: controls(&claim.citations),
        });
    }
    rows
}

fn control_summaries(findings: &Findings) -> Vec<ControlSummary> {
    let mut worst: BTreeMap<_, Vec<Verdict>> = BTreeMap::new();
    for group in &findings.groups {
        let Some(citation) = group.control.as_ref().filter(|_| group.enforced(&findings.claims[group.claim as usize]))
        else {
            continue;
        };
        worst.entry(&citation.control).or_default().extend(group.verdict);
    }
    let one = |(control, verdicts): (&ordain_language::config::ControlId, Vec<Verdict>)| ControlSummary {
        framework: control.framework.clone(),
        id: control.id.clone(),
        verdict: Verdict::of_group(verdicts),
    };
    worst.into_iter().map(one).collect()
}

fn row(findings: &Findings, finding: &ordain_engine::findings::Finding, cures: Option<&Cures>) -> Finding {
    let claim = claim(findings, finding);
    let demand = finding.demand.and_then(|at| claim.demands.get(at as usize));
    let cure = cures.map(|cures| cure(findings, finding, cures)).unwrap_or_default();
    let exception = finding.exception.and_then(|at| findings.exceptions.get(at as usize));
    let excepted = exception.filter(|_| finding.judgement.excepted());
    let (object, setting) = match &finding.subject {
        Subject::Setting(address) => (address.object.to_string(), Some(address.setting.to_string())),
        other => (subject(other, &claim.address), None),
    };
    Finding {
        id: finding.id(claim),
        verdict: finding.judgement.verdict(),
        enforced: finding.enforced,
        object,
        setting,
        live: finding.live.as_ref().map(words::value),
        bound: demand.map(|origin| origin.bound.clone()),
        reason: excepted.map(exceptions::sentence).or_else(|| reason(&finding.judgement)),
        step: cure.step,
        no_step: cure.no_step,
        withheld: cure.withheld,
        requirement: claim.address.clone(),
        title: claim.title.clone(),
        severity: claim.severity,
        place: demand.map_or(&claim.place, |origin| &origin.place).clone(),
        controls: controls(&claim.citations),
        owner: finding.owner.clone(),
        exception: exception.map(|exception| exception.address.clone()),
        since: None,
    }
}

pub(super) fn reason(judgement: &Judgement) -> Option<String> {
    match judgement {
        Judgement::Unknown(reason) => Some(words::reason(reason)),
        Judgement::Broken(why) => Some(why.to_string()),
        Judgement::ProviderFixed(evidence) => Some(format!("the evidence is {evidence}")),
        Judgement::NotApplicable(why) => Some(why.to_string()),
        Judgement::Met | Judgement::Waived | Judgement::Baselined | Judgement::Unmet(_) => None,
    }
}

/// What becomes of an unmet finding.
#[derive(Default)]
struct Cure {
    step: Option<usize>,
    no_step: Option<String>,
    withheld: Option<String>,
}

impl Cure {
    fn none(why: String) -> Cure {
        Cure { no_step: Some(why), ..Cure::default() }
    }
}

/// The first step that changes one of a finding's fields, or why there is none. A finding with several fields is cured
/// only when each of them is: one field without a step leaves it unmet.
fn cure(findings: &Findings, finding: &ordain_engine::findings::Finding, cures: &Cures) -> Cure {
    match &finding.judgement {
        Judgement::Unmet(Some(why)) => return Cure::none(words::no_step(why)),
        // What is baselined has fields where it was named to be cured.
        Judgement::Unmet(None) | Judgement::Baselined => {}
        _ => return Cure::default(),
    }
    let mut step = None;
    for field in finding.fields.iter().map(|at| &findings.fields[*at as usize]) {
        match &field.outcome {
            Outcome::None(why) => return Cure::none(words::no_step(why)),
            Outcome::Broken(why) => return Cure::none(format!("no step: {why}")),
            Outcome::Stays => {}
            Outcome::Change(_) => match cures.step(&field.address) {
                Some(number) => step = step.or(Some(number)),
                None => {
                    let no_step = cures.withheld(&field.address).cloned();
                    return Cure { step: None, no_step, withheld: Some(field.address.to_string()) };
                }
            },
        }
    }
    Cure { step, ..Cure::default() }
}

fn assertion(findings: &Findings, finding: &ordain_engine::findings::Finding) -> AssertionResult {
    let claim = claim(findings, finding);
    let exception = finding.exception.and_then(|at| findings.exceptions.get(at as usize));
    AssertionResult {
        id: finding.id(claim),
        address: claim.address.clone(),
        verdict: finding.judgement.verdict(),
        message: claim.title.clone(),
        severity: claim.severity,
        owner: finding.owner.clone(),
        since: None,
        reason: exception.map(exceptions::sentence).or_else(|| reason(&finding.judgement)),
        exception: exception.map(|exception| exception.address.clone()),
        place: claim.place.clone(),
        controls: controls(&claim.citations),
    }
}
