//! Purging: no byte of the mail is left, whatever happens on the way, and all else is as before.

use crate::prelude::*;
use crate::removal::{clean, take_down};
use posthoc_store::faulty::{FaultyStore, Kind};
use std::sync::Arc;

const ID: &str = "secret@id.example";

fn secret() -> String {
    mail(
        ID,
        "Mon, 3 Nov 2025 10:00:00 +0000",
        "A subject that nobody else has",
        &["parent@x"],
        "These are words that stand in this one mail alone,\nand so do those of the second line here.",
    )
    .replace("ada@example.org", "lone.author@secret.example")
}

fn mails() -> Vec<u8> {
    let other = |id: &str, references: &[&str]| {
        mail(
            id,
            "Mon, 3 Nov 2025 12:00:00 +0000",
            "Other",
            references,
            "o",
        )
    };
    let before = mbox(&[other("parent@x", &[])]);
    let after = mbox(&[other("child@x", &[ID])]);
    let lone = b"From lone.author@secret.example Mon Nov  3 10:00:00 2025\n";
    [&before, &lone[..], secret().as_bytes(), b"\n", &after].concat()
}

fn purge(store: &dyn Store) {
    take_down(store, &[ID], None, true);
    finish_purges(store, &Limits::default()).unwrap();
}

fn traces(store: &dyn Store) -> Vec<Trace> {
    let mail = secret().into_bytes();
    find_traces(store, &[], &[mail], &Limits::default())
        .unwrap()
        .traces
}

fn purging(store: &dyn Store) -> u64 {
    with_settings(|settings| {
        let reader = Reader::new(store, settings, Audience::Operator).unwrap();
        check(store, &reader, &mut |_, _| {}).unwrap().purging
    })
}

fn pages(store: &dyn Store) -> std::collections::BTreeMap<String, Vec<u8>> {
    let out = tempfile::tempdir().unwrap();
    publish_to(store, out.path());
    tree(out.path())
}

#[test]
fn a_purged_mail_is_gone_and_stays_gone() {
    let store = MemoryStore::new();
    take_bytes(&store, "town", &mails());
    take_down(&store, &[ID], None, false);
    let hidden = pages(&store);
    purge(&store);
    assert_eq!(traces(&store), []);
    clean(&store);
    assert_same(&pages(&store), &hidden, "purged, and only removed");
    // It comes again in every way.
    for mail in [secret(), format!("X-Trace: 1\n{}", secret())] {
        for list in ["town", "village"] {
            let lone = b"From lone.author@secret.example Mon Nov  3 10:00:00 2025\n";
            let bytes = [&lone[..], mail.as_bytes(), b"\n"].concat();
            let report = take_bytes(&store, list, &bytes);
            assert_eq!(report.counts.removed, 1, "{report:?}");
            let list = ListName::new(list).unwrap();
            deliver(&store, &list, mail.as_bytes(), NOW, &Limits::default()).unwrap();
        }
    }
    assert_eq!(traces(&store), []);
    clean(&store);
    let before = pages(&store);
    rebuild(&store, &Limits::default(), true).unwrap();
    assert_same(&pages(&store), &before, "rebuilt");
    clean(&store);
}

/// An answer whose quotes are quoted-printable.
fn mail_of_encoded_lines() -> String {
    let text = "> These are words that stand in this one mail=20alone,";
    let date = "Mon, 3 Nov 2025 13:00:00 +0000";
    let mail = mail("quoting@x", date, "Quoting", &[], text);
    format!("MIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\n{mail}")
}

#[test]
fn the_search_for_traces_can_find_them() {
    let store = MemoryStore::new();
    take_bytes(&store, "town", &mails());
    let folder = tempfile::tempdir().unwrap();
    // Before, the mail's own record is one.
    let mail = secret().into_bytes();
    let before = find_traces(&store, &[], &[mail], &Limits::default()).unwrap();
    assert!(before.traces.iter().any(|trace| trace.file == "journal"));
    // What another mail says too is its own, however it is encoded.
    let quoting = mail_of_encoded_lines();
    take_bytes(&store, "town", &mbox(&[quoting]));
    let said = "These are words that stand in this one mail alone,";
    std::fs::write(folder.path().join("quoting.html"), said).unwrap();
    std::fs::write(
        folder.path().join("page.html"),
        "x lone.author@secret.example y",
    )
    .unwrap();
    take_down(&store, &[ID], None, true);
    finish_purges(&store, &Limits::default()).unwrap();
    let folders = [folder.path().to_owned()];
    let mail = secret().into_bytes();
    let found = find_traces(&store, &folders, &[mail], &Limits::default()).unwrap();
    assert_eq!(found.traces.len(), 1, "{found:?}");
    assert_eq!(found.traces[0].offset, 2);
}

/// The words of a site's search files are bits, in which no text finds itself.
#[test]
fn traces_are_found_in_the_search_files_of_an_old_site() {
    let store = MemoryStore::new();
    take_bytes(&store, "town", &mbox(&[secret()]));
    let out = tempfile::tempdir().unwrap();
    publish_to(&store, out.path());
    purge(&store);
    let traces = || {
        let (folders, mails) = ([out.path().to_owned()], [secret().into_bytes()]);
        let found = find_traces(&store, &folders, &mails, &Limits::default()).unwrap();
        let of_chunks = |trace: &Trace| {
            let path = std::path::Path::new(&trace.file);
            trace.file.contains("/town/search/shards/") && path.ends_with("0.js")
        };
        found
            .traces
            .into_iter()
            .filter(of_chunks)
            .collect::<Vec<_>>()
    };
    assert!(traces().iter().any(|trace| trace.what.contains(ID)));
    publish_to(&store, out.path());
    assert_eq!(traces(), []);
}

#[test]
fn a_source_says_that_it_is_not_whole_any_more() {
    let store = MemoryStore::new();
    let report = take_bytes(&store, "town", &mails());
    purge(&store);
    with_settings(|settings| {
        let reader = Reader::new(&store, settings, Audience::Operator).unwrap();
        let mut out = Vec::new();
        let done = export_source(&store, &reader, report.sources[0].id, &mut out).unwrap();
        assert_eq!(done.removed, 1);
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("bytes were removed]") && text.contains("<child@x>"));
        assert!(!text.contains("lone.author"), "{text}");
    });
}

#[test]
fn bytes_that_another_list_needs_stay_there() {
    let store = MemoryStore::new();
    for list in ["town", "village", "hamlet"] {
        take_bytes(&store, list, &mbox(&[secret()]));
    }
    take_down(&store, &[ID], Some("town"), true);
    finish_purges(&store, &Limits::default()).unwrap();
    clean(&store);
    with_settings(|settings| {
        let reader = Reader::new(&store, settings, Audience::Operator).unwrap();
        for list in ["village", "hamlet"] {
            let raw = reader.show_raw(ListName::new(list).as_ref(), ID).unwrap();
            assert_eq!(raw, secret().into_bytes(), "{list}");
        }
        let town = ListName::new("town");
        assert_eq!(reader.show_raw(town.as_ref(), ID).unwrap(), b"");
    });
}

#[test]
fn a_purge_that_fails_anywhere_is_finished_by_the_next() {
    let mut at = 1;
    loop {
        let store = MemoryStore::new();
        take_bytes(&store, "town", &mails());
        take_down(&store, &[ID], None, true);
        let faulty = FaultyStore::new(Arc::new(store.clone()), at, Kind::Crash);
        let first = finish_purges(&faulty, &Limits::default());
        assert_eq!(first.is_err(), faulty.failed(), "step {at}");
        let _ = mend(&store, &Limits::default());
        clean(&store);
        // Whoever looks is told while there is anything left.
        assert!(
            purging(&store) == 1 || traces(&store).is_empty(),
            "step {at}"
        );
        finish_purges(&store, &Limits::default()).unwrap();
        assert_eq!(purging(&store), 0, "step {at}");
        assert_eq!(traces(&store), [], "step {at}");
        clean(&store);
        if !faulty.failed() {
            break;
        }
        at += 1;
    }
    assert!(at > 12, "{at}");
}
