//! Mails in, descriptions out. One binary for all tests of reading mail.
// Tests stand outside the pure core: they read files and look at the clock.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_types,
    clippy::disallowed_methods
)]

mod author;
mod bounds;
mod charsets;
mod corpora;
mod describe;
mod goldens;
mod identity;
mod oracle;
mod properties;
mod public;
mod suites;
mod talon;

use posthoc_core::message::{Limits, Message, parse};
use std::path::{Path, PathBuf};

/// The shelves of single mails.
pub(crate) const SHELVES: [&str; 4] = ["standard", "wild", "malformed", "hostile"];

/// Parses with the default limits.
pub(crate) fn read(raw: &[u8]) -> Message {
    parse(raw, &Limits::default())
}

/// Every mail of a shelf, by name.
pub(crate) fn shelf(name: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../corpus")
        .join(name);
    let mut mails: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "eml"))
        .collect();
    mails.sort();
    assert!(!mails.is_empty(), "{name}");
    mails
}

/// The bytes of every mail on the shelves.
pub(crate) fn all_mails() -> Vec<Vec<u8>> {
    let paths = SHELVES.iter().flat_map(|name| shelf(name));
    paths.map(|path| std::fs::read(path).unwrap()).collect()
}
