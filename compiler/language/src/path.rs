//! Paths as a profile writes them: `/` as separator, relative to the directory of the file that names them.

/// A path that a file in `directory` names, relative to where `directory` is: `.` and `..` are resolved in the text
/// alone, so that a path means the same on every machine. An absolute path stays what it is.
///
/// ```
/// assert_eq!(ordain_language::path::join("profiles/soc2", "../estate.json"), "profiles/estate.json");
/// assert_eq!(ordain_language::path::join(".", "main.hcl"), "main.hcl");
/// assert_eq!(ordain_language::path::join("a", "../.."), "..");
/// ```
#[must_use]
pub fn join(directory: &str, path: &str) -> String {
    let whole = if path.starts_with('/') { path.to_owned() } else { format!("{directory}/{path}") };
    let root = if whole.starts_with('/') { "/" } else { "" };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if !root.is_empty() => {}
            part => parts.push(part),
        }
    }
    let joined = format!("{root}{}", parts.join("/"));
    if joined.is_empty() { ".".to_owned() } else { joined }
}

/// Whether a path may be a module's: one that starts with `./` or `../`, so that it can never be taken for a URL.
#[must_use]
pub fn is_local(path: &str) -> bool {
    matches!(path, "." | "..") || path.starts_with("./") || path.starts_with("../")
}
