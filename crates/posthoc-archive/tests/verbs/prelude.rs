//! The small vocabulary of these tests.

pub use posthoc_archive::*;
pub use posthoc_core::message::Limits;
pub use posthoc_core::page::{Audience, OwnLayout, Site};
pub use posthoc_core::route::{ListName, Route};
pub use posthoc_store::Store;
pub use posthoc_store::memory::MemoryStore;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The clock of all tests: 2026-11-22.
pub const NOW: i64 = 1_795_305_600;

pub fn options(list: &str) -> ImportOptions {
    ImportOptions {
        list: ListName::new(list),
        public: true,
        site: Site::default(),
        kind: None,
        split: source::Split::Strict,
        range: None,
        numbers: None,
        as_mhonarc: None,
        index: true,
        dry_run: false,
        honour_no_archive: false,
        now: NOW,
        limits: Limits::default(),
    }
}

/// A small list of our own.
pub fn small_list(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../corpus/lists")
        .join(name)
}

pub fn take(store: &dyn Store, list: &str, path: &Path) -> ImportReport {
    let report = import(store, &[path.to_owned()], &options(list), &mut |_| {}).unwrap();
    assert!(report.counts.balances(), "{report:?}");
    report
}

/// Imports bytes as an mbox.
pub fn take_bytes(store: &dyn Store, list: &str, bytes: &[u8]) -> ImportReport {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in.mbox");
    fs::write(&path, bytes).unwrap();
    take(store, list, &path)
}

pub fn with_settings<R>(act: impl FnOnce(&Settings<'_>) -> R) -> R {
    with_site(&Site::default(), act)
}

/// What is done with a site's settings.
pub fn with_site<R>(site: &Site, act: impl FnOnce(&Settings<'_>) -> R) -> R {
    let layout = OwnLayout::new(site).unwrap();
    act(&Settings {
        site,
        layout: &layout,
        limits: &Limits::default(),
        folds: &Folds::default(),
    })
}

pub fn publish_to(store: &dyn Store, out: &Path) -> PublishReport {
    publish_as(store, &Site::default(), out)
}

pub fn publish_as(store: &dyn Store, site: &Site, out: &Path) -> PublishReport {
    with_site(site, |settings| {
        publish(store, settings, out, &PublishOptions::default(), &|_, _| {}).unwrap()
    })
}

/// All files below a folder but the manifest.
pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            let name = path
                .strip_prefix(folder)
                .unwrap()
                .to_string_lossy()
                .into_owned();
            if name == ".posthoc" {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// Says which files differ, not just that they do.
#[track_caller]
pub fn assert_same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>, what: &str) {
    let names: Vec<&String> = one
        .keys()
        .filter(|name| !other.contains_key(*name))
        .collect();
    assert!(names.is_empty(), "{what}: only in the first: {names:?}");
    let names: Vec<&String> = other
        .keys()
        .filter(|name| !one.contains_key(*name))
        .collect();
    assert!(names.is_empty(), "{what}: only in the second: {names:?}");
    let differ: Vec<&String> = one
        .keys()
        .filter(|name| one[*name] != other[*name])
        .collect();
    if let Some(first) = differ.first() {
        let (a, b) = (&one[*first], &other[*first]);
        let at = a
            .iter()
            .zip(b)
            .position(|(a, b)| a != b)
            .unwrap_or(a.len().min(b.len()));
        let show = |bytes: &[u8]| {
            String::from_utf8_lossy(&bytes[at.saturating_sub(200)..bytes.len().min(at + 200)])
                .into_owned()
        };
        panic!(
            "{what}: {} differ, first {first} at {at}:\n{}\n---\n{}",
            differ.len(),
            show(a),
            show(b)
        );
    }
}

/// A question to all lists: the first ten hits, best first.
pub fn request(query: &str) -> SearchRequest {
    SearchRequest {
        query: query.to_owned(),
        lists: Vec::new(),
        order: Order::Relevance,
        offset: 0,
        limit: 10,
        snippets: true,
        forms: true,
        now: NOW,
    }
}

/// A plain mail.
pub fn mail(id: &str, date: &str, subject: &str, references: &[&str], text: &str) -> String {
    let references: Vec<String> = references.iter().map(|id| format!("<{id}>")).collect();
    let references = match references.is_empty() {
        true => String::new(),
        false => format!("References: {}\n", references.join("\n ")),
    };
    format!(
        "Message-ID: <{id}>\nDate: {date}\nFrom: Ada Example <ada@example.org>\nSubject: {subject}\n\
         {references}\n{text}\n"
    )
}

/// Mails as an mbox.
pub fn mbox(mails: &[String]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for mail in mails {
        bytes.extend(b"From mboxrd@z Thu Jan  1 00:00:00 1970\n");
        bytes.extend(mail.as_bytes());
        bytes.push(b'\n');
    }
    bytes
}

/// The mails of a small list, one string of bytes each.
pub fn mails_of(name: &str) -> Vec<Vec<u8>> {
    let source = source::Source::open(&small_list(name), &Default::default()).unwrap();
    source
        .filter_map(|piece| piece.unwrap().mail)
        .map(|mail| mail.unquoted().into_owned())
        .collect()
}
