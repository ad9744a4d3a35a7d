//! How long reading an account takes when every answer is late: `tests/run bench-aws`. `docs/performance.md` holds what was
//! measured.
//!
//! The account of `tests/aws/calls.rs` in each back end, behind a proxy that holds every call for the latency. With the rate
//! bucket off, the wall time beyond the longest chain of calls times the latency is what reading costs by itself; what the
//! back end needs of it shows at no latency.

#![expect(clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a bench prints, and stops by panicking")]

use ordain_aws::Aws;
use ordain_aws::pace::Pace;
use ordain_engine::observed::{Worlds, observe};
use ordain_model::provider::{Progress, Provider, Purpose};
use ordain_model::stop::Stop;
use ordain_tests::backend::{Backend, Kind, credentials};
use ordain_tests::line::Line;
use ordain_tests::proxy::{Fault, Proxy, Rule};
use std::process::Command;
use std::time::{Duration, Instant};

const LATENCIES: [u64; 4] = [0, 100, 200, 400];

/// Who I am, the list, and one call per object.
const CHAIN: u64 = 3;

static AWS: Aws = Aws { pace: Pace::Unlimited };

struct Unwatched;

impl Progress for Unwatched {
    fn step(&self, _: &str) {}
}

/// Starts the back ends and measures in a process of its own: what the SDK takes from the environment is given to that one.
fn main() {
    if std::env::var_os("AWS_ENDPOINT_URL").is_some() {
        return println!("{}", read().as_millis());
    }
    println!("{:<10} {:>8} {:>8} {:>8} {:>8}", "", "latency", "chain", "wall", "beyond");
    for kind in Kind::ALL {
        let backend = Backend::start(kind);
        let _ = backend.python("seeds/many.py", &["seed", "20", "50", "50", "100", "10", "50"]);
        for latency in LATENCIES {
            let wall = behind(&backend, Duration::from_millis(latency));
            let chain = CHAIN * latency;
            let beyond = wall.saturating_sub(chain);
            println!("{:<10} {latency:>5} ms {chain:>5} ms {wall:>5} ms {beyond:>5} ms", kind.name());
        }
    }
}

/// The least of five readings, in milliseconds.
fn behind(backend: &Backend, latency: Duration) -> u64 {
    let proxy = Proxy::before(backend.address);
    proxy.rule(Rule::always("*", Fault::Delayed(latency)));
    let measured = (0..5).map(|_| {
        let mut command = Command::new(std::env::current_exe().expect("a program"));
        let output = credentials(&mut command).env("AWS_ENDPOINT_URL", proxy.url()).output().expect("it runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.trim().parse::<u64>().unwrap_or_else(|_| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)))
    });
    measured.min().expect("five")
}

/// Reads everything that the profile asks for.
fn read() -> Duration {
    let line = Line::of(&[("main.hcl".to_string(), include_str!("account.hcl").to_string())].into());
    let Some((constraints, graph)) = &line.constraints else { panic!("{}", line.messages()) };
    let targets = constraints.config.targets.iter();
    let start = Instant::now();
    let worlds: Worlds = targets
        .map(|(name, declared)| (name.clone(), AWS.connect(&declared.target, Purpose::Read, &Stop::default())))
        .collect();
    let observed = observe(constraints, graph, &worlds, &Unwatched);
    let wall = start.elapsed();
    let lists = observed.cells.values().flat_map(|kinds| kinds.values());
    let objects: usize = lists.inspect(|list| assert_eq!(list.incomplete, None)).map(|list| list.objects.len()).sum();
    assert!(objects >= 280, "{objects} objects are not the whole account");
    wall
}
