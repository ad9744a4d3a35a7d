//! [`observe`]: what a run sees: each target's world, or a snapshot.

use crate::anchor;
use crate::profile::Profile;
use crate::progress::Line;
use crate::providers;
use crate::run::Run;
use crate::{clock, files};
use ordain_engine::observed::{self, Observed, Worlds};
use ordain_engine::snapshot;
use ordain_memory::Estate;
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::Reported;
use ordain_model::duration::{Calendar, Duration};
use ordain_model::observation::{Cause, Reason};
use ordain_model::provider::{Purpose, World};
use ordain_model::stop::Stop;
use std::io::BufReader;
use std::path::Path;

/// How far ahead the clock may be by which settings were read.
const SKEW: jiff::SignedDuration = jiff::SignedDuration::from_mins(5);

/// Reaches every target: estates as the files that they are, all others through their provider, which wait no longer once
/// `stop` is asked.
///
/// # Errors
/// An estate does not read.
pub fn connect(profile: &Profile, purpose: Purpose, stop: &Stop, run: &mut Run) -> Result<Worlds, Reported> {
    let mut worlds = Worlds::new();
    let mut estates: Vec<Estate> = Vec::new();
    for (name, declaration) in &profile.constraints.config.targets {
        let target = &declaration.target;
        let world: Result<Box<dyn World>, Reason> = match (&declaration.estate, providers::all().get(&target.provider))
        {
            (Some(path), _) => {
                let estate = Estate::open(Path::new(&**path), path, providers::all(), &mut run.diagnostics)?;
                let estate = shared(estate, &mut estates, run)?;
                if purpose == Purpose::Apply {
                    // What an apply that was killed left beside the file is brought in, also where nothing is left to do.
                    estate.commit().map_err(|reason| run.fail(code::ESTATE, format!("{}.", reason.detail)))?;
                }
                Ok(Box::new(estate))
            }
            (None, Some(provider)) => provider.connect(target, purpose, stop),
            (None, None) => {
                Err(Reason::new(Cause::Unreachable, format!("this build has no provider `{}`", target.provider)))
            }
        };
        worlds.insert(name.clone(), world);
    }
    Ok(worlds)
}

/// The estate among those that are open already, whatever it was called there: two targets on one file share it, so that
/// each sees what the other writes.
///
/// # Errors
/// Another file says something of the same cell, and only one of them can be the world.
fn shared(estate: Estate, open: &mut Vec<Estate>, run: &mut Run) -> Result<Estate, Reported> {
    if let Some(same) = open.iter().find(|other| other.path() == estate.path()) {
        return Ok(same.clone());
    }
    let cells = estate.cells();
    let both = |other: &Estate| other.cells().into_iter().find(|cell| cells.contains(cell));
    if let Some((other, cell)) = open.iter().find_map(|other| Some((other, both(other)?))) {
        let (one, two) = (other.name(), estate.name());
        return Err(run.fail(code::ESTATE, format!("`{one}` and `{two}` both hold {cell}: a cell is in one file.")));
    }
    open.push(estate.clone());
    Ok(estate)
}

/// Reads everything that a profile asks for, from a snapshot or else from the worlds, and checks the profile against its
/// anchor now that it is known what its targets reach.
///
/// # Errors
/// The snapshot or an estate does not read, or the profile lacks what its anchor demands. What cannot be read of a live world is no error but a reason in the result.
pub fn observe(profile: &Profile, snapshot: Option<&Path>, run: &mut Run) -> Result<Observed, Reported> {
    let observed = match snapshot {
        Some(path) => {
            let observed = read_snapshot(path, run)?;
            stands_for(&observed, profile, path, run)?;
            observed
        }
        None => {
            let worlds = connect(profile, Purpose::Read, &Stop::default(), run)?;
            let progress = Line::new("Reading", run.output.progress);
            observed::observe(&profile.constraints, &profile.graph, &worlds, &progress)
        }
    };
    profile.anchor_holds(&anchor::observed(&observed), run).map(|()| observed)
}

/// Reads a snapshot file.
///
/// # Errors
/// It cannot be read, is no snapshot, or was edited.
pub fn read_snapshot(path: &Path, run: &mut Run) -> Result<Observed, Reported> {
    let file = files::open(path).map_err(|error| run.unreadable(path, &error))?;
    snapshot::parse(&mut BufReader::new(file), &path.display().to_string(), providers::all(), &mut run.diagnostics)
}

/// Takes a snapshot for the world of a profile, and says how old it is.
///
/// # Errors
/// It was read from another world.
pub fn stands_for(observed: &Observed, profile: &Profile, path: &Path, run: &mut Run) -> Result<(), Reported> {
    belongs(observed, profile, path, run)?;
    if let Some(age) = age(observed).filter(|_| !run.json) {
        let ago = clock::words(age.max(jiff::SignedDuration::ZERO));
        run.output.remark(&format!("The settings in {} were read {ago} ago.\n", path.display()));
    }
    Ok(())
}

/// Refuses a snapshot that stands for a world and was read from another one than the profile's targets reach.
fn belongs(observed: &Observed, profile: &Profile, path: &Path, run: &mut Run) -> Result<(), Reported> {
    let name = path.display();
    for (target, seen) in &observed.targets {
        let Some(declared) = profile.constraints.config.targets.get(target) else { continue };
        let why = match (&declared.estate, &seen.envelope.estate) {
            (now, then) if now != then => Some(format!("it is {} and was {}", sort(now.as_ref()), sort(then.as_ref()))),
            (Some(_), _) => None,
            (None, _) => providers::all()
                .get(&declared.target.provider)
                .and_then(|provider| provider.differs(&declared.target, &seen.cells, seen.unresolved.is_none())),
        };
        if let Some(why) = why {
            let detail = format!("`{name}` was not read from `target.{target}` as the profile declares it: {why}.");
            return Err(run.fail(code::SNAPSHOT_FILE, detail));
        }
    }
    Ok(())
}

/// Where a target is, in words.
pub fn sort(estate: Option<&Text>) -> String {
    estate.map_or_else(|| "live".to_owned(), |path| format!("the estate `{path}`"))
}

/// How long ago the oldest part was read; none for estates, which state their own time.
fn age(observed: &Observed) -> Option<jiff::SignedDuration> {
    let live = observed.targets.values().filter(|target| target.envelope.estate.is_none());
    let ages: Vec<_> = live.filter_map(|target| clock::age(&target.envelope.taken_at)).collect();
    // What was read in the future is the worst of all.
    ages.iter().copied().min().filter(|age| *age < -SKEW).or_else(|| ages.into_iter().max())
}

/// Refuses a snapshot that was read too long ago.
///
/// # Errors
/// It was, or `most` is no duration.
pub fn fresh(observed: &Observed, most: &str, run: &mut Run) -> Result<(), Reported> {
    match age(observed) {
        Some(age) => young(age, most, run),
        None => Ok(()),
    }
}

/// Refuses what is older than `most`.
///
/// # Errors
/// It is, or `most` is no duration.
pub fn young(age: jiff::SignedDuration, most: &str, run: &mut Run) -> Result<(), Reported> {
    // Two clocks are never quite the same.
    if age < -SKEW {
        let detail = format!("The settings say that they were read {} from now.", clock::words(age.abs()));
        return Err(run.fail(code::TOO_OLD, detail));
    }
    let limit = Duration::parse(most, Calendar::Nominal)
        .map_err(|mismatch| run.fail(code::ARGUMENT, format!("`--max-age {most}`: expected {}.", mismatch.expected)))?;
    match age.as_secs().max(0).unsigned_abs() > limit.longest_seconds() {
        true => Err(run.fail(
            code::TOO_OLD,
            format!("The settings were read {} ago; at most {most} is accepted.", clock::words(age)),
        )),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::{Looks, Output};

    #[test]
    fn what_was_read_long_ago_or_ahead_of_the_clock_is_too_old() {
        let said = |hours: i64, most: &str| {
            let mut run =
                Run::new(Output::new(Looks { plain: true, unicode: false, still: true }), "apply", false, true);
            let _ = young(jiff::SignedDuration::from_hours(hours), most, &mut run);
            run.diagnostics.items().first().map(|message| message.code.name)
        };
        assert_eq!(said(23, "24h"), None);
        assert_eq!(said(25, "24h"), Some("too-old"));
        assert_eq!(said(25, "72h"), None);
        assert_eq!(said(-1, "24h"), Some("too-old"), "the clock was never an hour behind");
        assert_eq!(said(1, "soon"), Some("argument"));
    }
}
