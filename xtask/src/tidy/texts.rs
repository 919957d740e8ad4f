//! What may not stand in the files of the repository.

use super::metadata::Metadata;
use crate::run::root;
use std::path::Path;

/// A file of code or prose may not be longer than this.
const MOST_LINES: usize = 1_000;
/// Tables, which are as long as what they list.
const TABLES: &[&str] = &["crates/posthoc/tests/cli/help.txt"];

/// Words that say that something is not finished. Split, so that this file does not hold them.
const MARKERS: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("HA", "CK"),
];
/// Code that says so.
const UNFINISHED: &[&str] = &[concat!("todo", "!("), concat!("unimplemented", "!(")];
const SWITCHED_OFF: &str = concat!("#[", "ignore");
/// Folders of somebody's machine.
const MACHINE_PATHS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
];
/// Settings that send cargo to another registry than crates.io.
const OTHER_REGISTRIES: &[&str] = &[
    concat!("replace", "-with"),
    concat!("[sour", "ce."),
    concat!("[regis", "tries"),
    concat!("regis", "try ="),
];
const CRATES_IO: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

/// One line per breach.
pub(super) fn check(texts: &[(String, String)], metadata: &Metadata) -> Vec<String> {
    let mut breaches = Vec::new();
    for (path, text) in texts {
        check_lines(path, text, &mut breaches);
    }
    check_crates(texts, metadata, &mut breaches);
    breaches
}

fn check_lines(path: &str, text: &str, breaches: &mut Vec<String>) {
    let is = |endings: &[&str]| endings.iter().any(|ending| path.ends_with(ending));
    if path == "Cargo.lock" {
        for (number, line) in text.lines().enumerate() {
            if line.starts_with("source = ") && line != CRATES_IO {
                breaches.push(format!("{path}:{}: not from crates.io: {line}", number + 1));
            }
        }
        return;
    }
    // Mails are data: they may say what they like, but name no machine either.
    let is_data =
        path.starts_with("corpus/") || path.contains("/snapshots/") || path.contains("/goldens/");
    let is_code =
        is(&[".rs", ".js", ".css", ".html", ".toml", ".sh"]) || path == "test" || path == ".ci/run";
    let is_prose = is(&[".md", ".txt"]);
    let count = text.lines().count();
    if (is_code || is_prose) && !is_data && count > MOST_LINES && !TABLES.contains(&path) {
        breaches.push(format!(
            "{path}: {count} lines; two rooms in one, or a table to be listed?"
        ));
    }
    for (number, line) in text.lines().enumerate() {
        let mut say = |what: &str| breaches.push(format!("{path}:{}: {what}", number + 1));
        if (is_code || is_prose) && !is_data && MARKERS.iter().any(|marker| has_word(line, marker))
        {
            say("left-over marker");
        }
        if path.ends_with(".rs") && UNFINISHED.iter().any(|word| line.contains(word)) {
            say("unfinished");
        }
        if path.ends_with(".rs") && line.contains(SWITCHED_OFF) {
            say("a test is switched off");
        }
        if let Some(folder) = MACHINE_PATHS
            .iter()
            .find(|folder| starts_a_path(line, folder))
        {
            say(&format!("a path of somebody's machine: {folder}"));
        }
        if path.ends_with(".toml") && OTHER_REGISTRIES.iter().any(|word| line.contains(word)) {
            say("another registry");
        }
    }
}

/// Whether the word stands alone in the line.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let letter = |c: char| c.is_alphanumeric() || c == '_';
        !line[..at].ends_with(letter) && !line[at + word.len()..].starts_with(letter)
    })
}

/// Whether an absolute path with that beginning is in the line (not the middle of a longer one).
fn starts_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder)
        .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-~/".contains(c)))
}

fn check_crates(texts: &[(String, String)], metadata: &Metadata, breaches: &mut Vec<String>) {
    let text_of = |path: &str| {
        texts
            .iter()
            .find(|(name, _)| name == path)
            .map(|(_, text)| text.as_str())
    };
    let architecture = text_of("ARCHITECTURE.md").unwrap_or_default();
    for package in metadata.members() {
        let name = &package.name;
        if !architecture.contains(name.as_str()) {
            breaches.push(format!("ARCHITECTURE.md: does not name {name}"));
        }
        let manifest = Path::new(&package.manifest_path);
        let Ok(manifest) = manifest.strip_prefix(root()) else {
            continue;
        };
        let folder = manifest.parent().unwrap_or(manifest).to_string_lossy();
        let heads = [
            format!("{folder}/src/lib.rs"),
            format!("{folder}/src/main.rs"),
        ];
        let documented = heads
            .iter()
            .filter_map(|head| text_of(head))
            .all(|head| head.starts_with("//!"));
        if !documented {
            breaches.push(format!(
                "{folder}: lib.rs or main.rs does not begin with a doc comment"
            ));
        }
        let text = text_of(&manifest.to_string_lossy()).unwrap_or_default();
        breaches.extend(own_versions(text).into_iter().map(|word| {
            format!("{folder}/Cargo.toml: {word}: versions stand in the root manifest only")
        }));
    }
}

/// Names in a member's manifest that carry a version or place of their own.
fn own_versions(manifest: &str) -> Vec<String> {
    let Ok(table) = manifest.parse::<toml::Table>() else {
        return vec!["not TOML".to_owned()];
    };
    let inherits =
        |value: &toml::Value| value.get("workspace") == Some(&toml::Value::Boolean(true));
    let mut found = Vec::new();
    for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
        for (name, value) in table
            .get(section)
            .and_then(|s| s.as_table())
            .into_iter()
            .flatten()
        {
            if !inherits(value) {
                found.push(name.clone());
            }
        }
    }
    let version = table
        .get("package")
        .and_then(|package| package.get("version"));
    if !version.is_some_and(inherits) {
        found.push("version".to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{check_lines, own_versions};

    fn breaches(path: &str, text: &str) -> usize {
        let mut found = Vec::new();
        check_lines(path, text, &mut found);
        found.len()
    }

    #[test]
    fn left_overs_are_found() {
        let marker = concat!("// TO", "DO later\n");
        assert_eq!(breaches("crates/a/src/lib.rs", marker), 1);
        assert_eq!(breaches("corpus/wild/a.eml", marker), 0);
        assert_eq!(breaches("crates/a/src/lib.rs", concat!("TO", "DOS\n")), 0);
        assert_eq!(breaches("crates/a/src/lib.rs", concat!("todo", "!()\n")), 1);
        assert_eq!(
            breaches("crates/a/src/lib.rs", concat!("#[", "ignore]\n")),
            1
        );
        assert_eq!(breaches("README.md", concat!("see /ho", "me/me/x\n")), 1);
        assert_eq!(
            breaches("README.md", concat!("see https://a.example/ho", "me/x\n")),
            0
        );
        assert_eq!(breaches("crates/a/src/lib.rs", &"\n".repeat(1_001)), 1);
        assert_eq!(
            breaches("Cargo.lock", "source = \"git+https://a.example/b\"\n"),
            1
        );
    }

    #[test]
    fn versions_of_a_member_are_found() {
        let good = "[package]\nversion.workspace = true\n[dependencies]\na.workspace = true\n";
        assert!(own_versions(good).is_empty());
        let bad = "[package]\nversion = \"1\"\n[dev-dependencies]\na = \"1\"\n";
        assert_eq!(own_versions(bad), ["a", "version"]);
    }
}
