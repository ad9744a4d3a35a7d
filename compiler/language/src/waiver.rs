//! [`Waiver`]: a `waiver` block, and the requirements that it names once all of them are known.

use crate::check::Subject;
use crate::config::{Config, Requirement, Waiver};
use crate::context::{Context, list};
use crate::environment::{Environment, Holder};
use crate::grammar::{argument, required};
use crate::load::member;
use crate::reference::{Reference, unkeyed};
use crate::requirement::required_text;
use crate::selector::Selector;
use crate::syntax::{Block, Name, Node};
use crate::targets::text;
use crate::variable_type::unfit;
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported, nearest};
use ordain_model::instant::Moment;
use ordain_model::schema::Kind;
use ordain_model::source::Span;
use ordain_model::types::{Mismatch, Type};
use ordain_model::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A waiver whose requirements are not looked up yet: other modules may declare them.
pub(crate) struct Pending {
    waiver: Waiver,
    reference: Reference,
    /// Where the reference stands.
    span: Span,
    /// Where its time ends.
    expires: Span,
    /// Where its owner stands.
    owner: Span,
    /// Path of the module it is written in.
    module: Text,
}

/// Compiles a `waiver` block as far as one module goes.
///
/// # Errors
/// What is wrong with it was reported, all of it.
pub(crate) fn declare(
    block: &Block,
    environment: &Environment<'_>,
    context: &mut Context<'_>,
) -> Result<Pending, Reported> {
    let [name] = block.labels.as_slice() else {
        return Err(context.error(code::WRONG_LABELS, block.header(), "a waiver has a name"));
    };
    let named = required(block, "require", "require = require.KIND.NAME", context);
    let reference = named.and_then(|named| Reference::read(named, &environment.module.path, context));
    let condition = required(block, "where", "where = self.id == \"...\"", context);
    let reason = required_text(block, "reason", "reason = \"Why it cannot be met yet\"", environment, context);
    let owner = required_text(block, "owner", "owner = \"team@example.com\"", environment, context);
    let ticket = text(block, "ticket", environment, context);
    let term = term(block, environment, context);
    let reference = reference?;
    let selector = condition.and_then(|condition| {
        Selector::new(condition, Subject::Object(reference.kind), Type::Bool, environment, context)
    });
    let settings = settings(block, reference.kind, environment, context);
    let (granted, expires) = term?;
    let span = |name| argument(&block.body, name).map_or(block.header(), |expression| expression.span);
    let waiver = Waiver {
        address: member(&environment.module.path, "waiver", &name.text),
        requirements: BTreeSet::new(),
        selector: selector?,
        settings: settings?,
        reason: reason?,
        owner: owner?,
        ticket: ticket?,
        granted,
        expires,
        span: block.header(),
    };
    let (expires, owner) = (span("expires"), span("owner"));
    Ok(Pending { waiver, reference, span: span("require"), expires, owner, module: environment.module.path.clone() })
}

/// `granted` and `expires`, both required.
fn term(block: &Block, environment: &Environment<'_>, context: &mut Context<'_>) -> Result<(Moment, Moment), Reported> {
    let granted = moment(block, "granted", "granted = \"2026-11-01\"", environment, context);
    let expires = moment(block, "expires", "expires = \"2027-01-31\"", environment, context);
    let (granted, expires) = (granted?, expires?);
    if granted.start < expires.end {
        return Ok((granted, expires));
    }
    let span = |name| argument(&block.body, name).map_or(block.header(), |expression| expression.span);
    let detail = format!("a waiver granted `{}` expires after that; seen `{}`", granted.written, expires.written);
    let diagnostic = Diagnostic::error(code::EXCEPTION_DATE, span("expires"), detail).says("expires");
    Err(context.push(diagnostic.label(span("granted"), "granted")))
}

/// An argument that must be there and be a date or a moment.
///
/// # Errors
/// It is missing or no date; reported.
pub(crate) fn moment(
    block: &Block,
    name: &str,
    example: &str,
    environment: &Environment<'_>,
    context: &mut Context<'_>,
) -> Result<Moment, Reported> {
    let written = required_text(block, name, example, environment, context)?;
    Moment::parse(&written).ok_or_else(|| {
        let span = argument(&block.body, name).map_or(block.header(), |expression| expression.span);
        let detail = format!(
            "`{name}` is a date such as `2027-01-31`, which ends with its day in UTC, or an RFC 3339 time; seen `{}`",
            written.escape_debug()
        );
        context.push(Diagnostic::error(code::EXCEPTION_DATE, span, detail).paste(example))
    })
}

/// `settings = ["name", "keyed[\"key\"]"]`; empty where none is named.
fn settings(
    block: &Block,
    kind: &'static Kind,
    environment: &Environment<'_>,
    context: &mut Context<'_>,
) -> Result<Vec<SettingName>, Reported> {
    let Some(expression) = argument(&block.body, "settings") else { return Ok(Vec::new()) };
    let (value, _) = environment.evaluate(expression, Holder::Public, context)?;
    let names = match &value {
        Value::List(items) => items.iter().map(Value::as_str).collect::<Option<Vec<&str>>>(),
        Value::Set(items) => Some(items.iter().map(|item| &**item).collect()),
        _ => None,
    };
    let Some(names) = names.filter(|names| !names.is_empty()) else {
        return Err(unfit(expression, &Mismatch::new("a list of the names of settings"), context));
    };
    // Each name has its place where the list is written out.
    let items = if let Node::Tuple(items) = &expression.node { items.as_slice() } else { &[] };
    let place = |at: usize| items.get(at).map_or(expression.span, |item| item.span);
    let named: Vec<_> =
        names.into_iter().enumerate().map(|(at, name)| setting(name, place(at), kind, context)).collect();
    named.into_iter().collect()
}

fn setting(written: &str, span: Span, kind: &'static Kind, context: &mut Context<'_>) -> Result<SettingName, Reported> {
    let name = SettingName::parse(written).unwrap_or_else(|| SettingName::plain(written));
    let Some(setting) = kind.setting(&name.name) else {
        let detail = format!("`{}` has no setting `{}`", kind.name, written.escape_debug());
        let settings: Vec<&str> = kind.settings.iter().map(|setting| setting.name).collect();
        let name = Name { text: name.name, span };
        return Err(context.unknown(code::UNKNOWN_SETTING, &name, detail, &settings));
    };
    match (&name.key, &setting.keyed) {
        (None, _) => Ok(name),
        (Some(key), Some(keyed)) => match (keyed.check)(key) {
            Ok(key) => Ok(SettingName { name: name.name, key: Some(key) }),
            Err(why) => {
                let detail = format!("`{}` is no {}: {why}", key.escape_debug(), keyed.what);
                Err(context.error(code::WRONG_KEY, span, detail))
            }
        },
        (Some(_), None) => {
            let detail = format!("`{}` has one value, and no keys", setting.name);
            Err(context.error(code::WRONG_KEY, span, detail))
        }
    }
}

/// Looks up what the waivers name, and holds each against the seals of its requirements.
pub(crate) fn settle(pending: Vec<Pending>, config: &mut Config, context: &mut Context<'_>) {
    // By address without keys: a waiver for each requirement is not held against every other one.
    let mut index: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, requirement) in config.requirements.iter().enumerate().filter(|_| !pending.is_empty()) {
        let names = [&requirement.address].into_iter().chain(&requirement.formerly);
        for name in names.map(|name| unkeyed(name)).collect::<BTreeSet<String>>() {
            index.entry(name).or_default().push(at);
        }
    }
    for pending in pending {
        let places = index.get(&pending.reference.unkeyed()).map_or(&[][..], Vec::as_slice);
        let near = places.iter().filter_map(|at| config.requirements.get(*at));
        let named: Vec<&Requirement> =
            near.filter(|requirement| pending.means(&requirement.address, &requirement.formerly)).collect();
        let settled = match named.as_slice() {
            [] if config.undecided.iter().any(|open| pending.means(&open.address, &open.formerly)) => continue,
            [] => Err(pending.no_requirement(config, context)),
            named => pending.check(named, context),
        };
        if settled.is_ok() {
            pending.former_name(&named, config, context);
            let requirements = named.iter().map(|requirement| requirement.address.clone()).collect();
            config.waivers.push(Waiver { requirements, ..pending.waiver });
        }
    }
    config.waivers.sort_by(|one, other| one.address.cmp(&other.address));
}

impl Pending {
    /// Whether it names what has this address, or had it: nothing is followed out of the module and what it imports.
    fn means(&self, address: &str, formerly: &[Text]) -> bool {
        let former = || formerly.iter().any(|former| self.reference.names(former));
        self.reference.names(address) || (former() && self.below(address).is_some())
    }

    /// An address as this module writes it, where it is of this module or of one that it imports.
    fn below<'a>(&self, address: &'a str) -> Option<&'a str> {
        match &*self.module {
            "" => Some(address),
            module => address.strip_prefix(module)?.strip_prefix('.'),
        }
    }

    /// Says what is called otherwise now.
    fn former_name(&self, named: &[&Requirement], config: &Config, context: &mut Context<'_>) {
        let former = named.iter().filter(|requirement| !self.reference.names(&requirement.address));
        let now: Vec<&str> = former.filter_map(|requirement| self.below(&requirement.address)).collect();
        let [first, ..] = now.as_slice() else { return };
        let detail = format!("`{}` is called {} now", self.reference.written(), list(now.iter().copied()));
        let diagnostic = Diagnostic::warning(code::FORMER_NAME, self.span, detail);
        // One name for all of them, and for nothing else.
        let all = self.reference.of_all(first, &self.module);
        let same = |requirement: &Requirement| all.names(&requirement.address);
        let only = config.requirements.iter().filter(|requirement| same(requirement)).count() == named.len();
        let name = match now.as_slice() {
            _ if only && named.iter().all(|requirement| same(requirement)) => Some(all.written().to_string()),
            [one] if named.len() == 1 => Some((*one).to_owned()),
            _ => None,
        };
        context.push(match name {
            Some(name) => diagnostic.paste(format!("require = {name}")),
            None => diagnostic.help("Write a waiver for each of them."),
        });
    }

    /// A module waives its own requirements and those of modules that it imports: others are not offered either.
    fn no_requirement(&self, config: &Config, context: &mut Context<'_>) -> Reported {
        // What failed to compile was still meant.
        let failed = config.undecided.iter().map(|open| &open.address);
        let all = config.requirements.iter().map(|requirement| &requirement.address).chain(failed);
        let below = all.filter_map(|address| self.below(address));
        let known: Vec<&str> = below.filter(|address| address.contains("require.")).collect();
        let written = self.reference.written();
        let detail = format!("this module has no requirement `{written}`, and imports none");
        let name = Name { text: written.clone(), span: self.span };
        context.unknown(code::WAIVER_SUBJECT, &name, detail, &known)
    }

    fn check(&self, requirements: &[&Requirement], context: &mut Context<'_>) -> Result<(), Reported> {
        let mut checked = Ok(());
        for setting in &self.waiver.settings {
            let only = Waiver { settings: vec![setting.clone()], ..self.waiver.clone() };
            let demands =
                || requirements.iter().flat_map(|requirement| &requirement.demands).map(|demand| demand.name());
            if !demands().any(|name| only.covers(&name)) {
                let names: BTreeSet<String> = demands().map(|name| name.to_string()).collect();
                checked = Err(self.no_setting(setting, &names, context));
            }
        }
        requirements.iter().fold(checked, |checked, requirement| checked.and(self.sealed(requirement, context)))
    }

    fn no_setting(&self, setting: &SettingName, names: &BTreeSet<String>, context: &mut Context<'_>) -> Reported {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let detail = format!("`{}` demands nothing of `{setting}`", self.reference.written());
        let diagnostic = Diagnostic::error(code::WAIVER_SUBJECT, self.waiver.span, detail);
        context.push(match nearest(&setting.to_string(), names.iter().copied()) {
            Some(near) => diagnostic
                .help(format!("The nearest name is `{near}`."))
                .paste(format!("settings = [{}]", Value::string(near))),
            None => diagnostic.help(format!("It demands something of {}.", list(names))),
        })
    }

    /// What a requirement says about who waives it, and for how long.
    fn sealed(&self, requirement: &Requirement, context: &mut Context<'_>) -> Result<(), Reported> {
        let (seal, waiver) = (&requirement.seal, &self.waiver);
        let refused = |detail: String, at: Span, seal: Span| {
            Diagnostic::error(code::NOT_WAIVABLE, at, detail).says("the waiver").label(seal, "the requirement says so")
        };
        if let Some(span) = seal.unwaivable {
            let detail = format!("`{}` is not to be waived", requirement.address);
            return Err(context.push(refused(detail, self.span, span)));
        }
        let mut checked = Ok(());
        if let Some(owners) = seal.waivable_by.as_ref().filter(|owners| !owners.value.contains(&waiver.owner)) {
            let detail = format!(
                "`{}` is waived by {} only, and this waiver's owner is `{}`",
                requirement.address,
                list(owners.value.iter().map(|owner| &**owner)),
                waiver.owner.escape_debug()
            );
            checked = Err(context.push(refused(detail, self.owner, owners.span)));
        }
        if let Some(most) = &seal.max_waiver {
            let longest = i64::try_from(most.value.shortest_seconds()).unwrap_or(i64::MAX);
            if waiver.expires.start.since(waiver.granted.start) > longest {
                let detail = format!(
                    "`{}` is waived for at most {}, and this waiver lasts from {} to {}",
                    requirement.address, most.value, waiver.granted.written, waiver.expires.written
                );
                let last = waiver.granted.start.plus(longest).date();
                checked =
                    Err(context.push(refused(detail, self.expires, most.span).paste(format!("expires = \"{last}\""))));
            }
        }
        checked
    }
}
