//! Rules between crates: who may know whom, and where an SDK may be named.

use super::{none, root, rust, text, walk};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// The edges of the charter. A provider is any crate below `providers/`.
fn allowed(from: &str) -> &'static [&'static str] {
    match from {
        "ordain-model" => &[],
        "ordain-language" => &["ordain-model"],
        "ordain-engine" => &["ordain-language", "ordain-model"],
        "ordain-report" => &["ordain-engine", "ordain-language", "ordain-model"],
        "ordain-store" => &["ordain-model"],
        _ => &["ordain-model"],
    }
}

/// One of our crates.
struct Member {
    name: String,
    folder: String,
    /// Our crates that it depends on, with the sort of dependency: none, `dev` or `build`.
    knows: Vec<(String, Option<String>)>,
}

impl Member {
    fn of(package: &Value) -> Member {
        let text = |value: &Value| value.as_str().expect("text").to_string();
        let dependencies = package["dependencies"].as_array().expect("dependencies").iter();
        let ours = dependencies.filter(|dependency| dependency["path"].is_string());
        let manifest = text(&package["manifest_path"]);
        let folder = Path::new(&manifest).parent().expect("a folder").strip_prefix(root()).expect("below the checkout");
        Member {
            name: text(&package["name"]),
            folder: folder.display().to_string(),
            knows: ours.map(|of| (text(&of["name"]), of["kind"].as_str().map(String::from))).collect(),
        }
    }
}

/// Every member of the workspace, as Cargo reads the manifests.
fn members() -> Vec<Member> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    metadata["packages"].as_array().expect("packages").iter().map(Member::of).collect()
}

#[test]
fn crates_know_only_what_the_charter_lets_them_know() {
    let mut wrong = Vec::new();
    for member in members().iter().filter(|member| !matches!(member.name.as_str(), "ordain" | "ordain-tests")) {
        let refused = member.knows.iter().filter(|(to, _)| !allowed(&member.name).contains(&to.as_str()));
        wrong.extend(refused.map(|(to, _)| format!("{}: {} -> {to}", member.folder, member.name)));
    }
    none("an edge that the charter does not have", wrong);
}

#[test]
fn only_tests_depend_on_the_tests_crate() {
    let in_program =
        |member: &Member| member.knows.iter().any(|(to, sort)| to == "ordain-tests" && sort.as_deref() != Some("dev"));
    none("the harness in a program", members().into_iter().filter(in_program).map(|member| member.name).collect());
}

#[test]
fn every_crate_is_a_member() {
    let folders: Vec<String> = members().into_iter().map(|member| member.folder).collect();
    let manifests = walk(".").into_iter().filter(|path| path.ends_with("Cargo.toml") && path.components().count() > 1);
    let lost = manifests.filter(|path| !folders.iter().any(|folder| path.parent() == Some(Path::new(folder))));
    let lost = lost.filter(|path| !path.starts_with("tests/fuzz"));
    none("a crate outside the workspace", lost.map(|path| path.display().to_string()).collect());
}

#[test]
fn pure_crates_refuse_the_world() {
    let pure = ["model", "language", "engine", "report"].map(|name| format!("compiler/{name}/clippy.toml"));
    let first = text(&pure[0]);
    assert!(first.contains("std::fs::File") && first.contains("std::time::SystemTime"), "{} bans nothing", pure[0]);
    let different = pure.iter().filter(|path| text(path) != first);
    none("the pure crates ban the same things", different.cloned().collect());
}

#[test]
fn an_sdk_is_named_only_where_a_provider_connects() {
    let prefixes = [
        "aws_config",
        "aws_sdk_",
        "aws_sigv4",
        "aws_smithy",
        "aws_credential",
        "aws_types",
        "k8s_openapi",
        "kube::",
        "quick_xml",
    ];
    let outside = rust(".").into_iter().filter(|path| {
        let inside = path.starts_with("providers")
            && (path.ends_with("src/xml.rs")
                || path.iter().any(|part| part.to_string_lossy().starts_with("connection")));
        !inside && !path.starts_with("tests")
    });
    let named = outside.flat_map(|path| {
        let text = text(&path);
        let found = prefixes
            .iter()
            .filter(|prefix| text.contains(**prefix))
            .map(|prefix| format!("{}: {prefix}", path.display()));
        found.collect::<Vec<_>>()
    });
    none("an SDK outside providers/*/src/connection*", named.collect());
}

#[test]
fn the_hcl_library_is_named_only_where_text_is_parsed_or_written() {
    let outside = rust(".").into_iter().filter(|path| {
        let place = path.to_string_lossy();
        let hands = place.starts_with("compiler/language/src/parse") || place.starts_with("compiler/cli");
        !hands && !place.contains("tests/")
    });
    let named = outside.filter(|path| ["hcl_edit::", "hcl::"].iter().any(|word| text(path).contains(word)));
    none(
        "HCL's library types outside compiler/language/src/parse",
        named.map(|path| path.display().to_string()).collect(),
    );
}

#[test]
fn the_engine_and_the_language_name_no_provider() {
    let pure = ["compiler/model", "compiler/language", "compiler/engine", "compiler/report"];
    let named = pure.iter().flat_map(|folder| rust(folder)).filter(|path| {
        let text = text(path);
        ["ordain_aws", "ordain_kubernetes", "ordain_memory"].iter().any(|word| text.contains(word))
    });
    none("a provider's name in a pure crate", named.map(|path| path.display().to_string()).collect());
}
