//! Git over HTTP: what is locked, what is fetched when, what a changed repository means, whose credentials are used.

use crate::place::Place;
use ordain_tests::git_server::GitServer;

fn served() -> (Place, GitServer) {
    let place = Place::new();
    place.publish("1.0.0", 30);
    place.publish("1.1.0", 60);
    place.publish("2.0.0", 90);
    let web = GitServer::start(&place.path("srv"), None);
    place.profile(&format!("git::http://127.0.0.1:{}/base.git//logs", web.port), Some("~> 1.0"));
    (place, web)
}

#[test]
fn a_clone_with_a_lock_file_validates_and_asks_only_once() {
    let (place, web) = served();
    place.bad("validate", "unlocked-module", &["ordain modules update module.m"]);
    assert_eq!(web.requests(), 0, "validate asks nobody about what is not locked");
    place.good("modules update");
    assert_eq!(place.locked("version"), "1.1.0");
    let lock = place.read("p/ordain.lock");
    let _ = web.requests();
    place.good("validate");
    assert_eq!(web.requests(), 0, "the update has cached it");
    place.forget();
    place.bad("validate -offline", "unreachable-module", &["neither vendored nor in the cache"]);
    assert_eq!(web.requests(), 0);
    place.good("validate");
    assert!(web.requests() > 0);
    place.good("validate -offline");
    place.good("modules update");
    assert_eq!(place.read("p/ordain.lock"), lock, "the same content gives the same bytes");
    let plan = place.good("plan");
    assert!(plan.contains(&format!("127.0.0.1:{}/base.git@1.1.0/logs/main.hcl:1", web.port)), "{plan}");
}

#[test]
fn a_commit_is_pinned_also_when_tags_move_and_a_moved_tag_is_no_update() {
    let (place, _web) = served();
    place.good("modules update");
    let before = place.locked("revision");
    place.write("work/logs/main.hcl", "locals { changed = true }\n");
    place.git("work", "commit --quiet -a -m moved");
    place.git("work", "tag -f -a -m moved v1.1.0");
    place.git("work", "push --quiet --force origin main v1.1.0");
    place.forget();
    place.good("validate");
    assert_eq!(place.locked("revision"), before);
    place.bad("modules update", "changed-module", &["was published anew", &before, "sha256:"]);
    assert_eq!(place.locked("revision"), before, "nothing is written");
}

#[test]
fn references_name_branches_tags_and_commits() {
    let (place, web) = served();
    let source = |reference: &str| format!("git::http://127.0.0.1:{}/base.git//logs?ref={reference}", web.port);
    let commit = |name: &str| {
        String::from_utf8(place.git("work", &format!("rev-parse {name}")).stdout).unwrap().trim().to_owned()
    };
    let first = commit("v1.0.0^{commit}");
    for (reference, expected) in [("main", commit("main")), ("v1.0.0", first.clone()), (first.as_str(), first.clone())]
    {
        place.profile(&source(reference), None);
        place.good("modules update");
        assert_eq!((place.locked("revision"), place.locked("ref")), (expected, reference.to_owned()));
        place.good("validate");
    }
    place.profile(&source("nothing"), None);
    place.bad("modules update", "unreachable-module", &["it has no branch or tag `nothing`"]);
    // What stands behind a branch now is fetched by its commit: the branch goes on, the profile stays.
    place.profile(&source("main"), None);
    place.good("modules update");
    place.publish("3.0.0", 120);
    place.forget();
    place.good("validate");
    assert_ne!(place.locked("revision"), commit("main"));
}

#[test]
fn one_module_is_updated_and_the_others_stay() {
    let (place, web) = served();
    let repository = format!("git::http://127.0.0.1:{}/base.git", web.port);
    let import = |name: &str, version: &str| {
        format!(
            "module \"{name}\" {{\n  source  = \"{repository}//logs\"\n  version = \"{version}\"\n  targets = [target.aws.t]\n}}\n"
        )
    };
    let target = "target \"aws\" \"t\" {\n  estate = \"estate.json\"\n}\n";
    place.write("p/main.hcl", &format!("{target}{}{}", import("a", "~> 1.0"), import("b", ">= 1.0")));
    place.good("modules update");
    place.publish("1.2.0", 70);
    place.publish("2.1.0", 95);
    place.good("modules update a");
    let lock = place.read("p/ordain.lock");
    assert!(lock.contains("\"1.2.0\"") && lock.contains("\"2.0.0\""), "{lock}");
    place.good("modules update");
    let lock = place.read("p/ordain.lock");
    assert!(lock.contains("\"1.2.0\"") && lock.contains("\"2.1.0\""), "{lock}");
    place.write("p/main.hcl", &format!("{target}{}", import("b", ">= 1.0")));
    place.good("modules update b");
    assert!(!place.read("p/ordain.lock").contains("1.2.0"), "what nothing imports is not locked");
    place.bad("modules update c", "unknown-subject", &["no module `c`"]);
}

#[test]
fn a_package_imports_its_neighbours_and_packages_of_its_own() {
    let (place, web) = served();
    let other = format!(
        "module \"old\" {{\n  source  = \"git::http://127.0.0.1:{}/base.git//logs\"\n  version = \"1.0.0\"\n}}\n",
        web.port
    );
    place.write("work/outer/main.hcl", &format!("module \"logs\" {{\n  source = \"../logs\"\n}}\n{other}"));
    place.publish("1.3.0", 61);
    place.profile(&format!("git::http://127.0.0.1:{}/base.git//outer", web.port), Some("~> 1.3"));
    let listed = place.good("modules update");
    assert!(listed.contains("module.m.module.logs") && listed.contains("module.m.module.old"), "{listed}");
    let lock = place.read("p/ordain.lock");
    assert!(lock.contains("\"1.3.0\"") && lock.contains("constraint = \"1.0.0\""), "{lock}");
}

#[test]
fn credentials_are_those_of_git_and_are_not_repeated() {
    let mut place = Place::new();
    place.publish("1.0.0", 30);
    // user:hunter2
    let web = GitServer::start(&place.path("srv"), Some("Basic dXNlcjpodW50ZXIy"));
    place.profile(&format!("git::http://127.0.0.1:{}/base.git//logs", web.port), Some("~> 1.0"));
    place.bad("modules update", "unreachable-module", &["could not read Username", "terminal prompts disabled"]);
    place.variable("GIT_CONFIG_COUNT", "1");
    place.variable("GIT_CONFIG_KEY_0", &format!("url.http://user:wrong@127.0.0.1:{}/.insteadOf", web.port));
    place.variable("GIT_CONFIG_VALUE_0", &format!("http://127.0.0.1:{}/", web.port));
    let ended = place.ordain("modules update");
    assert!(ended.code == 1 && !ended.text.contains("wrong"), "{}", ended.text);
    place.variable("GIT_CONFIG_KEY_0", "credential.helper");
    place.variable("GIT_CONFIG_VALUE_0", "!echo username=user; echo password=hunter2; :");
    let text = place.good("modules update");
    assert!(!text.contains("hunter2") && !place.read("p/ordain.lock").contains("hunter2"));
    place.good("validate");
}

#[test]
fn a_server_that_is_not_there_or_has_no_such_repository_is_said() {
    let (place, web) = served();
    place.profile(&format!("git::http://127.0.0.1:{}/nothing.git", web.port), None);
    place.bad("modules update", "unreachable-module", &["Git says: ", "nothing.git", "not found"]);
    let port = web.port;
    drop(web);
    place.profile(&format!("git::http://127.0.0.1:{port}/base.git"), None);
    place.bad("modules update", "unreachable-module", &["Git says: "]);
    assert!(!place.path("p/ordain.lock").exists(), "nothing is written");
}

#[test]
fn a_vendored_copy_stands_in_and_one_byte_is_seen() {
    let (place, web) = served();
    place.good("modules update");
    place.good("modules vendor");
    place.forget();
    drop(web);
    place.good("validate -offline");
    let copy = walk(&place.path("p/vendor")).pop().expect("a file");
    let digest = place.locked("digest");
    let mut bytes = std::fs::read(&copy).unwrap();
    bytes[40] ^= 1;
    std::fs::write(&copy, &bytes).unwrap();
    place.bad("validate", "changed-module", &[&digest, "ordain modules vendor"]);
    bytes[40] ^= 1;
    std::fs::write(&copy, &bytes).unwrap();
    place.good("validate -offline");
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn runs_at_the_same_time_share_a_cache() {
    let (place, _web) = served();
    place.good("modules update");
    place.forget();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| place.good("validate"));
        }
    });
    place.good("validate -offline");
}
