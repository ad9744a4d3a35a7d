//! Answers of AWS: lifecycle policies and rules, and trees of XML.

use ordain_aws::kinds::aws_ecr_repository::{self as ecr, Repository};
use ordain_aws::kinds::aws_s3_bucket::amendment::{Wanted, amend};
use ordain_aws::kinds::aws_s3_bucket::lifecycle::{Expiration, Rule, Versioning, gone, kept};
use ordain_aws::xml::Tree;
use ordain_model::address::SettingName;
use ordain_model::observation::Reading;
use ordain_model::retention::Retention;

/// The first byte says which document the others are.
pub(crate) fn documents(bytes: &[u8]) {
    match bytes {
        [b'{', ..] => policy(bytes),
        [b'<', ..] => tree(bytes),
        _ => rules(bytes),
    }
}

/// A lifecycle policy of ECR: what can still be pulled was not kept for less.
fn policy(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let repository = Repository {
        name: "shop/checkout".into(),
        tag_mutability: Some(text.into()),
        scan_on_push: true,
        scanning: None,
        lifecycle: Some(Ok(Some(text.into()))),
        tags: None,
    };
    let read = |name: &str| ecr::setting(&repository, &SettingName::plain(name));
    drop(read("tag_immutability"));
    let (kept, available) = (read("image_retention"), read("image_retention_available"));
    let known = |reading: &Reading| matches!(reading, Reading::Value(_));
    assert_eq!(known(&kept), known(&available), "{kept:?} {available:?}");
    let _ = ecr::wildcard(text, "shop/checkout");
}

fn tree(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(tree) = quick_xml::de::from_str::<Tree>(text) {
        assert!(tree.differences(&tree, "").is_empty());
    }
}

/// Lifecycle rules of S3, four bytes each: what is certainly gone was kept no longer than that, and edits that are
/// offered can be made again without an edit more.
fn rules(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let versioning = [Versioning::Enabled, Versioning::Suspended, Versioning::Never][usize::from(*first) % 3];
    let rules: Vec<Rule> = rest.chunks_exact(4).take(8).map(rule).collect();
    for prefix in PREFIXES {
        let (least, most) = (kept(&rules, Some(versioning), prefix), gone(&rules, Some(versioning), prefix));
        assert!(least.is_some() && most.is_some(), "{rules:?} {versioning:?}");
        let wanted = Retention::Days(u32::from(*first) + 1);
        drop(amend(&rules, versioning, &Wanted { least: [(*prefix, wanted)].into(), most: [].into() }));
        drop(amend(&rules, versioning, &Wanted { least: [].into(), most: [(*prefix, wanted)].into() }));
    }
}

const PREFIXES: &[&str] = &["", "a", "a/", "a/b", "b"];

fn rule(bytes: &[u8]) -> Rule {
    let of = |at: usize| bytes.get(at).copied().unwrap_or_default();
    let flag = |bit: u8| of(0) & (1 << bit) != 0;
    Rule {
        id: flag(0).then(|| "logs".to_owned()),
        enabled: flag(1),
        prefix: PREFIXES[usize::from(of(1)) % PREFIXES.len()].to_owned(),
        filtered: flag(2),
        expiration: match (flag(3), flag(4)) {
            (true, true) => Some(Expiration::Date),
            (true, false) => Some(Expiration::Days(u32::from(of(2)))),
            _ => None,
        },
        noncurrent_days: flag(5).then(|| u32::from(of(3))),
        spares_versions: flag(6),
        does_more: flag(7),
    }
}
