//! Signatures that OpenSSH 9.2 made with `ssh-keygen -Y sign` and keys that nobody has any more.

use super::*;

const MESSAGE: &[u8] = b"what is signed\n";
const ALICE: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHF79+qTxiXLYk0jMsuG7wYASphIFCE4LMgSxom/sOFN";
/// By Alice's key, in the namespace `ordain.anchor`.
const GOOD: &str = "\
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgcXv36pPGJctiTSMyy4bvBgBKmE
gUITgsyBLGib+w4U0AAAANb3JkYWluLmFuY2hvcgAAAAAAAAAGc2hhNTEyAAAAUwAAAAtz
c2gtZWQyNTUxOQAAAEAXhRnf0h9rJItn1WJKLBbhBjtHR2D9Gf03a5HzCvLGaZYcvZVawg
kXe9qesayzv8frPNzw12RZaKkutyUcPLwD
-----END SSH SIGNATURE-----
";
/// The same with SHA-256 in place of SHA-512.
const SHA256: &str = "\
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgcXv36pPGJctiTSMyy4bvBgBKmE
gUITgsyBLGib+w4U0AAAANb3JkYWluLmFuY2hvcgAAAAAAAAAGc2hhMjU2AAAAUwAAAAtz
c2gtZWQyNTUxOQAAAED0V9L8X2S0HWyTHnM6rJyru6h9jl/VnWU2LC6WlVBmhvZc5ymm61
IB2TKGEqplSD4RY0kM7yZZj8fcyeIR0XsH
-----END SSH SIGNATURE-----
";
/// By Alice's key, in the namespace `file`.
const FILE: &str = "\
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgcXv36pPGJctiTSMyy4bvBgBKmE
gUITgsyBLGib+w4U0AAAAEZmlsZQAAAAAAAAAGc2hhNTEyAAAAUwAAAAtzc2gtZWQyNTUx
OQAAAEC7yuVIAHMiOBPV+PoeIyTNANx/YDZ71kJn/BwmnoflgdcyUU0moWGIoeLH1Isvkm
JeWJbKVVVf6xphtVIP198M
-----END SSH SIGNATURE-----
";
/// By a key on the curve P-256.
const CURVE: &str = "\
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAAGgAAAATZWNkc2Etc2hhMi1uaXN0cDI1NgAAAAhuaXN0cDI1NgAAAE
EE4kwjzjMPwVRhwgjvUwZOV2X+zYEuRRnmOsnzNy1HlLQ12Y0GZkVeOK2zMn9EvFMusvI7
3x+MUp1/cZQiRtK4ZgAAAA1vcmRhaW4uYW5jaG9yAAAAAAAAAAZzaGE1MTIAAABkAAAAE2
VjZHNhLXNoYTItbmlzdHAyNTYAAABJAAAAIADc+WpsC9wgZxrCymvvMuncdacDmnlW7nq/
hg9+K6ZzAAAAIQCD5FCveIwzQxwHFa9lvpaoQUYISvMbVqMT48q8YrDWpw==
-----END SSH SIGNATURE-----
";

fn verified(message: &[u8], signature: &str, signers: &str) -> Result<Signer, Refusal> {
    let signers = Signers::parse(signers).unwrap();
    let at = Instant::parse("2026-11-20T12:00:00Z").unwrap();
    verify(message, signature.as_bytes(), "ordain.anchor", &signers, at)
}

fn alice() -> String {
    format!("alice@example.com {ALICE}")
}

#[test]
fn a_good_signature_says_who_made_it() {
    for signature in [GOOD, SHA256] {
        let signer = verified(MESSAGE, signature, &alice()).unwrap();
        assert_eq!((signer.name(), signer.key.starts_with("SHA256:")), ("alice@example.com".to_owned(), true));
    }
}

#[test]
fn every_other_one_is_refused_by_name() {
    let why = |message: &[u8], signature: &str, signers: &str| verified(message, signature, signers).unwrap_err();
    assert!(matches!(why(b"what is signed", GOOD, &alice()), Refusal::OtherText { .. }));
    assert!(matches!(why(MESSAGE, FILE, &alice()), Refusal::Namespace { found, .. } if found == "file"));
    assert_eq!(why(MESSAGE, CURVE, &alice()), Refusal::Unreadable);
    assert!(matches!(why(MESSAGE, GOOD, ""), Refusal::NotAllowed { why: Unfit::Unknown, .. }));
    let only = format!("alice@example.com namespaces=\"git\" {ALICE}");
    assert!(matches!(why(MESSAGE, GOOD, &only), Refusal::NotAllowed { why: Unfit::OtherNamespace { .. }, .. }));
}

#[test]
fn no_damage_passes_and_none_panics() {
    let lines: Vec<&str> = GOOD.lines().collect();
    for text in ["", "-----BEGIN SSH SIGNATURE-----", lines[0], &lines[..3].join("\n"), &"A".repeat(LONGEST + 1)] {
        assert_eq!(verified(MESSAGE, text, &alice()), Err(Refusal::Unreadable), "{text}");
    }
    for at in 0..GOOD.len() {
        for letter in [b'A', b'/', b'-', 0xff] {
            let mut bytes = GOOD.as_bytes().to_vec();
            if bytes[at] == letter {
                continue;
            }
            bytes[at] = letter;
            let signers = Signers::parse(&alice()).unwrap();
            let at_noon = Instant::parse("2026-11-20T12:00:00Z").unwrap();
            assert!(verify(MESSAGE, &bytes, "ordain.anchor", &signers, at_noon).is_err(), "byte {at}");
        }
        assert!(verified(MESSAGE, &GOOD[..at], &alice()).is_err() || at >= GOOD.trim_end().len());
    }
}

#[test]
fn one_person_is_known_by_a_name_or_by_a_key() {
    let signer = |names: &[&str], key: &str| Signer {
        principals: names.iter().map(|name| (*name).to_owned()).collect(),
        key: key.to_owned(),
    };
    let alice = signer(&["alice", "a"], "1");
    assert!(alice.is(&signer(&["bob"], "1")) && alice.is(&signer(&["a"], "2")) && !alice.is(&signer(&["bob"], "2")));
}
