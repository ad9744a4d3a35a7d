//! One at a time holds the lease of a cell; a dead holder's lapses, a living one's does not, whatever the clocks say.

use crate::bucket::{Bucket, each};
use ordain_model::address::Cell;
use ordain_model::instant::Instant;
use ordain_store::journal::Store;
use ordain_store::objects::{Objects, Pace};
use ordain_tests::proxy::{Fault, Rule};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

fn pace(lapse: u64, renew: u64) -> Pace {
    let (lapse, renew) = (Duration::from_millis(lapse), Duration::from_millis(renew));
    Pace { lapse, renew, request: Duration::from_millis(500) }
}

fn cell() -> Cell {
    Cell::parse("aws:111111111111/eu-west-1").unwrap()
}

fn cells() -> BTreeSet<Cell> {
    BTreeSet::from([cell()])
}

fn now() -> Instant {
    Instant::of(1_800_000_000)
}

fn paced(bucket: &Bucket, pace: Pace) -> Objects {
    bucket.store().with_pace(pace)
}

#[test]
fn the_loser_is_told_who_holds_it_since_when_and_takes_it_when_it_is_given_back() {
    each(|bucket| {
        let held = bucket.store().lease(&cells(), "alice", now()).unwrap();
        assert_eq!(held.tokens().into_iter().collect::<Vec<_>>(), [(cell(), 1)]);
        assert!(held.owned(&cell()).is_ok());
        let refused = bucket.store().lease(&cells(), "bob", now()).err().unwrap();
        assert_eq!(refused, "alice holds the lease of aws:111111111111/eu-west-1 since 2027-01-15T08:00:00Z");
        assert_eq!(bucket.store().holder(&cell()).unwrap().unwrap().token, 1);
        let other = BTreeSet::from([Cell::parse("aws:111111111111/us-east-1").unwrap()]);
        assert!(bucket.store().lease(&other, "carol", now()).is_ok(), "another cell is no matter of alice's");
        drop(held);
        assert_eq!(bucket.store().holder(&cell()).unwrap(), None);
        let next = bucket.store().lease(&cells(), "bob", now()).unwrap();
        assert_eq!(next.tokens().into_iter().collect::<Vec<_>>(), [(cell(), 2)]);
    });
}

#[test]
fn a_dead_holders_lease_lapses_and_it_writes_no_more() {
    each(|bucket| {
        // It never renews: as if its process were gone.
        let dead = paced(&bucket, pace(2_000, 3_600_000)).lease(&cells(), "alice", now()).unwrap();
        assert!(dead.owned(&cell()).is_ok());
        let early = paced(&bucket, pace(2_000, 200)).lease(&cells(), "bob", now());
        assert!(early.err().unwrap().starts_with("alice holds the lease"));
        let taken = paced(&bucket, pace(2_000, 200)).lease(&cells(), "bob", now().plus(3)).unwrap();
        let why = dead.owned(&cell()).unwrap_err();
        assert!(why.contains("was not renewed"), "{why}");
        assert_eq!(taken.tokens().into_iter().collect::<Vec<_>>(), [(cell(), 2)]);
        // What the dead one gives back is not its own any more.
        drop(dead);
        assert_eq!(bucket.store().holder(&cell()).unwrap().unwrap().token, 2);
    });
}

#[test]
fn a_holder_that_lives_is_not_taken_over_by_a_clock_that_is_ahead() {
    each(|bucket| {
        let held = paced(&bucket, pace(2_000, 300)).lease(&cells(), "alice", now()).unwrap();
        let ahead = paced(&bucket, pace(2_000, 300)).lease(&cells(), "bob", now().plus(3_600));
        assert!(ahead.err().unwrap().starts_with("alice holds the lease"));
        sleep(Duration::from_millis(2_500));
        assert!(held.owned(&cell()).is_ok(), "it was renewed");
    });
}

#[test]
fn who_cannot_renew_gives_up_before_anybody_can_take_over() {
    each(|bucket| {
        let held = paced(&bucket, pace(2_000, 200)).lease(&cells(), "alice", now()).unwrap();
        bucket.proxy.rule(Rule::always("*", Fault::DroppedBefore));
        sleep(Duration::from_millis(1_700));
        let why = held.owned(&cell()).unwrap_err();
        assert!(why.contains("less of it is left than a request may take"), "{why}");
        bucket.proxy.clear();
    });
}

#[test]
fn a_renewal_whose_answer_is_lost_is_still_a_renewal() {
    each(|bucket| {
        let held = paced(&bucket, pace(3_000, 300)).lease(&cells(), "alice", now()).unwrap();
        bucket.proxy.rule(Rule::times(2, bucket.put(), Fault::DroppedAfter));
        sleep(Duration::from_millis(2_700));
        assert!(held.owned(&cell()).is_ok(), "{:?}", held.owned(&cell()));
    });
}

#[test]
fn a_dead_holder_whose_clock_was_ahead_lapses_all_the_same() {
    each(|bucket| {
        let dead = paced(&bucket, pace(1_500, 3_600_000)).lease(&cells(), "alice", now().plus(86_400)).unwrap();
        let taken = paced(&bucket, pace(1_500, 200)).lease(&cells(), "bob", now()).unwrap();
        assert!(dead.owned(&cell()).is_err());
        assert_eq!(taken.tokens().into_iter().collect::<Vec<_>>(), [(cell(), 2)]);
    });
}

#[test]
fn a_holder_that_lives_is_not_taken_over_whatever_its_clock_says() {
    for wrong in [-86_400, 86_400] {
        each(|bucket| {
            let held = paced(&bucket, pace(1_500, 300)).lease(&cells(), "alice", now().plus(wrong)).unwrap();
            let other = paced(&bucket, pace(1_500, 300)).lease(&cells(), "bob", now());
            assert!(other.err().unwrap().starts_with("alice holds the lease"), "{wrong}");
            assert!(held.owned(&cell()).is_ok());
        });
    }
}

#[test]
fn two_who_say_the_same_of_themselves_are_still_two() {
    each(|bucket| {
        let held = bucket.store().lease(&cells(), "root on runner (process 1)", now()).unwrap();
        // Another one wrote first, and what this one wrote met the same words.
        bucket.proxy.rule(Rule::times(1, bucket.get(), missing(&bucket)).mentioning("leases/"));
        let other = bucket.store().lease(&cells(), "root on runner (process 1)", now());
        assert!(other.err().unwrap().starts_with("root on runner (process 1) holds the lease"));
        drop(held);
    });
}

/// What a store answers where there is no such object.
fn missing(bucket: &Bucket) -> Fault {
    match bucket.put() {
        "azure:PutBlob" => Fault::Error(404, "BlobNotFound", "The specified blob does not exist."),
        _ => Fault::Error(404, "NoSuchKey", "The specified key does not exist."),
    }
}

/// Where a process of its own takes a lease, to be killed: what says so in its environment.
const HOLDER: &str = "ORDAIN_TEST_HOLDS_A_LEASE_IN";

#[test]
#[expect(clippy::print_stdout, reason = "what the process that is killed says to the one that kills it")]
fn the_lease_of_a_process_that_is_killed_lapses_by_itself() {
    if let Ok(place) = std::env::var(HOLDER) {
        let store = Objects::at(&place).unwrap().with_pace(pace(2_000, 200));
        let _held = store.lease(&cells(), "alice", now()).unwrap();
        println!("held");
        sleep(Duration::from_secs(60));
        return;
    }
    each(|bucket| {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "leases::the_lease_of_a_process_that_is_killed_lapses_by_itself", "--nocapture"])
            .envs(bucket.variables())
            .env(HOLDER, bucket.address("ordain"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(said.any(|line| line.unwrap().contains("held")));
        sleep(Duration::from_millis(2_500));
        let other = paced(&bucket, pace(2_000, 200)).lease(&cells(), "bob", now());
        assert!(other.err().unwrap().starts_with("alice holds the lease"), "it lives, and renews");
        child.kill().unwrap();
        child.wait().unwrap();
        let taken = loop {
            match paced(&bucket, pace(2_000, 200)).lease(&cells(), "bob", now().plus(5)) {
                Ok(taken) => break taken,
                Err(why) => assert!(why.starts_with("alice holds the lease"), "{why}"),
            }
        };
        assert_eq!(taken.tokens().into_iter().collect::<Vec<_>>(), [(cell(), 2)]);
    });
}
