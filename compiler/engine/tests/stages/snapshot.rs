//! A snapshot is what was read, and nothing that was changed reads back.

use crate::line::Line;
use crate::world::{Bench, PROVIDERS};
use ordain_engine::findings::compare;
use ordain_engine::observed::Observed;
use ordain_engine::snapshot::{lines, parse};
use ordain_model::diagnostic::Diagnostics;
use ordain_model::digest::{Digest, Merkle, canonical};
use ordain_model::observation::{Cause, Reason};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

const PROFILE: &str = "require \"lab_cluster\" \"logs\" {\n  where = self.tags.team == \"x\"\n  must {\n    allowlist     = within([\"203.0.113.0/24\"])\n    log_retention = at_least(\"365d\")\n  }\n}\nrequire \"lab_bucket\" \"kept\" {\n  where = true\n  must {\n    encryption = \"kms\"\n    retention  = { \"logs/\\\"x\\\"/\" = at_least(\"90d\") }\n  }\n}\n";

fn line() -> Line {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_cluster/prod", json!({"name": "prod", "tags": {"team": "x", "unknown": "y"}, "allowlist": ["10.0.0.0/8", "10.1.0.0/16"], "public_access": true}));
    bench.put("lab:1/eu/lab_cluster/dark", json!({"name": "?denied", "tags": {"team": "x"}, "allowlist": [["10.0.0.0/8"], "!a policy"], "public_access": true}));
    bench.put("lab:1/eu/lab_log/%2Fcluster%2Fprod", json!({"retention": "30d"}));
    bench.put(
        "lab:1/eu/lab_bucket/a%2F%C3%A9",
        json!({"encryption": ["n/a", "no"], "retention[\"logs/\\\"x\\\"/\"]": "unlimited"}),
    );
    bench.put(
        "lab:1/eu/lab_bucket/a-b",
        json!({"encryption": ["fixed", "see"], "retention[\"logs/\\\"x\\\"/\"]": "1d"}),
    );
    bench.0.lock().unwrap().incomplete.insert("lab_bucket".into(), Reason::new(Cause::Throttled, "gave up"));
    Line::of(PROFILE, &bench)
}

fn text(observed: &Observed) -> String {
    lines(observed).map(|line| line + "\n").collect()
}

fn read(text: &[u8]) -> Result<Observed, String> {
    let mut diagnostics = Diagnostics::default();
    let mut input = text;
    parse(&mut input, "world.jsonl", PROVIDERS, &mut diagnostics).map_err(|_| {
        let item = &diagnostics.items()[0];
        format!("{} {}", item.detail, item.help.clone().unwrap_or_default())
    })
}

/// Makes lines into a snapshot with the right digest, whatever they say.
fn forge(change: impl Fn(&mut Vec<Json>)) -> String {
    let text = text(&line().observed);
    let mut all: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    change(&mut all);
    let world: Vec<String> = all[1..].iter().map(|line| String::from_utf8(canonical(line).unwrap()).unwrap()).collect();
    let mut root = Merkle::default();
    world.iter().for_each(|line| root.push(line.as_bytes()));
    all[0]["world"] = root.root().to_string().into();
    all[0]["envelope"] = Digest::of(&canonical(&all[0]["targets"]).unwrap()).to_string().into();
    format!("{}\n{}\n", all[0], world.join("\n"))
}

#[test]
fn a_snapshot_reads_back_as_what_was_read() {
    let line = line();
    let text = text(&line.observed);
    let back = read(text.as_bytes()).unwrap();
    assert_eq!(back, line.observed);
    assert_eq!(lines(&back).map(|line| line + "\n").collect::<String>(), text);
    let again = compare(&line.constraints, &line.graph, &back, &Default::default());
    assert_eq!(again.findings, line.findings.findings);
    assert!(read(forge(|_| {}).as_bytes()).is_ok());
}

#[test]
fn the_same_world_has_the_same_digest_whatever_answered() {
    let (a, mut b) = (line().observed, line().observed);
    b.targets.values_mut().for_each(|target| target.envelope.taken_at = "2027-01-01T00:00:00Z".into());
    assert_eq!(a.world, b.world);
}

#[test]
fn a_changed_or_cut_file_does_not_read() {
    let text = text(&line().observed);
    let said = read(text.replace("\"30d\"", "\"90d\"").as_bytes()).unwrap_err();
    assert!(said.contains("says sha256:") && said.contains("was changed or cut"), "{said}");
    let cut: String = text.lines().take(4).map(|line| format!("{line}\n")).collect();
    assert!(read(cut.as_bytes()).unwrap_err().contains("was changed or cut"));
    let said = read(text.replacen("2026-11-01", "2027-11-01", 1).as_bytes()).unwrap_err();
    assert!(said.contains("line 1: the header says"), "{said}");
}

#[test]
fn every_mistake_names_its_line() {
    let last = |all: &mut Vec<Json>| all.len() - 1;
    let said = |change: &dyn Fn(&mut Vec<Json>)| read(forge(change).as_bytes()).unwrap_err();
    let one = said(&|all| all.swap(2, 3));
    assert!(one.contains("line 4") && one.contains("sorted by address"), "{one}");
    let one = said(&|all| all.insert(3, all[2].clone()));
    assert!(one.contains("line 4") && one.contains("each address once"), "{one}");
    let one = said(&|all| all[1]["list"] = "lab:1/eu/lab_buckett".into());
    assert!(one.contains("line 2: no provider has the kind `lab_buckett`") && one.contains("`lab_bucket`"), "{one}");
    let one = said(&|all| {
        let at = last(all);
        all[at]["settings"]["retentoin"] = "1d".into();
    });
    assert!(one.contains("has no setting `retentoin`") && one.contains("`retention`"), "{one}");
    let one = said(&|all| {
        let at = last(all);
        all[at]["settings"]["retention"] = 30.into();
    });
    assert!(one.contains("found `30`"), "{one}");
    let one = said(&|all| all[2]["more"] = 1.into());
    assert!(one.contains("line 3") && one.contains("unknown field `more`"), "{one}");
    let one = said(&|all| {
        all.remove(1);
    });
    assert!(one.contains("stands under no list"), "{one}");
    assert!(read(b"").unwrap_err().contains("the file is empty"));
    assert!(read(b"{}").unwrap_err().contains("expected the header"));
    assert!(
        read(b"{\"format\":\"ordain.snapshot/9\"}").unwrap_err().contains("expected the format `ordain.snapshot/1`")
    );
    assert!(read(b"\xff\n").unwrap_err().contains("byte 1 is not UTF-8"));
}

proptest! {
    #[test]
    fn hostile_input_is_an_error_and_no_panic(at in 0usize..4000, byte in any::<u8>(), cut in 0usize..4000) {
        let mut bytes = text(&line().observed).into_bytes();
        let place = at % bytes.len();
        bytes[place] = byte;
        bytes.truncate(bytes.len() - cut % bytes.len() / 8);
        let _ = read(&bytes);
        let _ = ordain_engine::plan::Plan::parse(&String::from_utf8_lossy(&bytes), "x", PROVIDERS, &mut Diagnostics::default());
    }
}
