//! Every mail of the corpus against what is written beside it. `UPDATE_GOLDENS=1` rewrites the
//! descriptions; read the difference before you commit it.

use crate::describe::describe;
use crate::{read, shelf};
use std::path::Path;

/// Checks one mail and its CRLF twin. A mismatch is saved beside the golden as `NAME.found`.
fn check(path: &Path) -> Option<String> {
    let raw = std::fs::read(path).unwrap();
    let found = describe(&read(&raw));
    // A mail that is about line ends has no twin.
    if !raw.contains(&b'\r') {
        let twin = describe(&read(&with_crlf(&raw)));
        assert_eq!(twin, found, "the CRLF twin of {}", path.display());
    }
    let golden = path.with_extension("golden");
    let saved = path.with_extension("found");
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::write(&golden, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    if expected == found {
        if saved.exists() {
            std::fs::remove_file(saved).unwrap();
        }
        return None;
    }
    std::fs::write(&saved, &found).unwrap();
    let differing = expected.lines().zip(found.lines()).find(|(e, f)| e != f);
    Some(format!(
        "{}: {differing:?}, see {}",
        golden.display(),
        saved.display()
    ))
}

fn check_shelf(name: &str) {
    let wrong: Vec<String> = shelf(name).iter().filter_map(|path| check(path)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn with_crlf(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + raw.len() / 20);
    for byte in raw {
        if *byte == b'\n' {
            out.push(b'\r');
        }
        out.push(*byte);
    }
    out
}

#[test]
fn standard_mails() {
    check_shelf("standard");
}

#[test]
fn wild_mails() {
    check_shelf("wild");
}

#[test]
fn malformed_mails() {
    check_shelf("malformed");
}

#[test]
fn hostile_mails() {
    check_shelf("hostile");
}
