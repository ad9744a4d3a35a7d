//! [`descriptions`]: fakecloud forgets the descriptions of launch template versions; the proxy adds them to its answers, where
//! EC2 documents them: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplateVersion.html>.

use crate::operation::form_field;
use crate::proxy::{Amendment, Call};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// The operations whose answers show versions.
pub const VERSIONS: &[&str] = &["ec2:CreateLaunchTemplateVersion", "ec2:DescribeLaunchTemplateVersions"];

/// By template and number.
type Known = BTreeMap<(String, String), String>;

/// Remembers the description of each version that is made, and shows it with the version from then on.
#[must_use]
pub fn descriptions() -> Amendment {
    let known = Mutex::new(Known::new());
    Arc::new(move |call: &Call, answer: &str| {
        let mut known = known.lock().expect("no test panics while it holds the lock");
        if let Some(description) = form_field(call.body.as_bytes(), "VersionDescription")
            && let Some(version) = versions(answer).next()
        {
            known.insert(version, description);
        }
        described(answer, &known)
    })
}

/// The template and number of each version in an answer.
fn versions(answer: &str) -> impl Iterator<Item = (String, String)> {
    answer.split("<launchTemplateId>").skip(1).filter_map(|part| {
        let (id, rest) = part.split_once("</launchTemplateId>")?;
        let (number, _) = rest.split_once("<versionNumber>")?.1.split_once("</versionNumber>")?;
        Some((id.to_owned(), number.to_owned()))
    })
}

fn described(answer: &str, known: &Known) -> String {
    let mut parts = answer.split("<launchTemplateId>");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str("<launchTemplateId>");
        let version = versions(&format!("<launchTemplateId>{part}")).next();
        match version.and_then(|version| known.get(&version)) {
            Some(said) => text.push_str(&part.replacen(
                "</versionNumber>",
                &format!("</versionNumber><versionDescription>{said}</versionDescription>"),
                1,
            )),
            None => text.push_str(part),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Operation;
    use hyper::{HeaderMap, Method, Uri};

    fn call(body: &str) -> Call {
        let operation = Operation::of(&Method::POST, &Uri::from_static("/"), &HeaderMap::new(), body.as_bytes());
        Call { operation, path: "/".into(), body: body.into(), answered: Some(200) }
    }

    #[test]
    fn a_version_keeps_the_description_that_it_was_made_with() {
        let amend = descriptions();
        let version = |id: &str, number: u32, more: &str| {
            format!(
                "<item><launchTemplateId>{id}</launchTemplateId><versionNumber>{number}</versionNumber>{more}</item>"
            )
        };
        let said = "<versionDescription>ordain sha256:1</versionDescription>";
        let made =
            amend(&call("Action=C&VersionDescription=ordain%20sha256:1&LaunchTemplateId=a"), &version("a", 2, ""));
        assert_eq!(made, version("a", 2, said));
        let listed =
            amend(&call("Action=D"), &[version("a", 1, ""), version("a", 2, ""), version("b", 2, "")].concat());
        assert_eq!(listed, [version("a", 1, ""), version("a", 2, said), version("b", 2, "")].concat());
    }
}
