//! [`Image`]: a container's image as the runtime resolves the reference.

/// A reference to an image, every default filled in: `nginx` is `docker.io/library/nginx:latest`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Image<'a> {
    /// Where it is pulled from.
    pub registry: &'a str,
    /// The tag, which is written or `latest`; none where a digest stands alone.
    pub tag: Option<&'a str>,
    /// The digest; it decides where there is one.
    pub digest: Option<&'a str>,
}

/// Where an image without a registry comes from.
const HUB: &str = "docker.io";

impl<'a> Image<'a> {
    /// Reads a reference.
    pub(super) fn parse(reference: &'a str) -> Image<'a> {
        let (named, digest) = match reference.split_once('@') {
            Some((named, digest)) => (named, Some(digest)),
            None => (reference, None),
        };
        let (registry, path) = match named.split_once('/') {
            // What has no dot, no port and is not the machine itself is the first part of a path on the hub.
            Some((first, path)) if first.contains(['.', ':']) || first == "localhost" => (first, path),
            _ => (HUB, named),
        };
        let last = path.rsplit('/').next().unwrap_or(path);
        let tag = last.split_once(':').map(|(_, tag)| tag);
        let tag = tag.or_else(|| digest.is_none().then_some("latest"));
        Image { registry: if registry == "index.docker.io" { HUB } else { registry }, tag, digest }
    }

    /// Whether it can only ever be one content.
    pub(super) fn is_pinned(&self) -> bool {
        let hexadecimal = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let algorithm = self.digest.and_then(|digest| digest.split_once(':'));
        algorithm.is_some_and(|(name, text)| match name {
            "sha256" => text.len() == 64 && hexadecimal(text),
            "sha512" => text.len() == 128 && hexadecimal(text),
            _ => false,
        })
    }

    /// Whether it is whatever was pushed last.
    pub(super) fn is_latest(&self) -> bool {
        self.digest.is_none() && self.tag == Some("latest")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_gets_what_the_runtime_fills_in() {
        for (reference, registry, tag) in [
            ("nginx", "docker.io", Some("latest")),
            ("library/nginx:1.27", "docker.io", Some("1.27")),
            ("team/app", "docker.io", Some("latest")),
            ("index.docker.io/team/app:1", "docker.io", Some("1")),
            ("ghcr.io/team/app:v1", "ghcr.io", Some("v1")),
            ("localhost/app", "localhost", Some("latest")),
            ("registry:5000/app", "registry:5000", Some("latest")),
            ("registry:5000/app:2", "registry:5000", Some("2")),
            ("ghcr.io/app@sha256:ab", "ghcr.io", None),
            ("ghcr.io/app:v1@sha256:ab", "ghcr.io", Some("v1")),
        ] {
            let image = Image::parse(reference);
            assert_eq!((image.registry, image.tag), (registry, tag), "{reference}");
        }
    }

    #[test]
    fn only_a_whole_digest_pins_and_it_beats_a_tag() {
        let (short, long) = ("a".repeat(63), "0f".repeat(32));
        let pinned = |reference: String| Image::parse(&reference).is_pinned();
        assert!(pinned(format!("app@sha256:{long}")) && pinned(format!("app:latest@sha256:{long}")));
        assert!(pinned(format!("app@sha512:{long}{long}")));
        assert!(!pinned(format!("app@sha256:{short}")) && !pinned(format!("app@sha256:{}", long.to_uppercase())));
        assert!(!pinned("app:1.2.3".into()) && !pinned(format!("app@md5:{long}")));
        let latest = |reference: &str| Image::parse(reference).is_latest();
        assert!(latest("app") && latest("ghcr.io/app:latest") && !latest("app:1"));
        assert!(!latest(&format!("app:latest@sha256:{long}")));
    }
}
