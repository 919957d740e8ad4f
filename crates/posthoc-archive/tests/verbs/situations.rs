//! Situations of the wild, each a test.

use crate::prelude::*;

fn import_mails(mails: &[String]) -> (MemoryStore, ImportReport) {
    let store = MemoryStore::new();
    let report = take_bytes(&store, "wild", &mbox(mails));
    (store, report)
}

fn lists(store: &dyn Store) -> Vec<ShownList> {
    with_settings(|settings| {
        Reader::new(store, settings, Audience::Operator)
            .unwrap()
            .lists()
            .unwrap()
    })
}

/// Publishes, so that every page of the situation is made once; returns the site's files.
fn site(store: &dyn Store) -> std::collections::BTreeMap<String, Vec<u8>> {
    let out = tempfile::tempdir().unwrap();
    publish_to(store, out.path());
    tree(out.path())
}

#[test]
fn dates_of_2038_1904_and_the_year_102_are_never_the_latest() {
    let good = "Mon, 3 Nov 2025 10:00:00 +0000";
    let (store, report) = import_mails(&[
        mail("a@x", good, "fine", &[], "a"),
        mail("b@x", "Tue, 19 Jan 2038 03:14:07 +0000", "late", &[], "b"),
        mail("c@x", "Fri, 1 Jan 1904 00:00:00 +0000", "early", &[], "c"),
        mail("d@x", "Mon, 3 Nov 102 10:00:00 +0000", "y2k", &[], "d"),
    ]);
    assert_eq!(report.counts.stored, 4);
    let list = &lists(&store)[0];
    assert_eq!(list.last.as_deref(), Some("2025-11-03T10:00:00Z"));
    assert!(
        list.first.as_deref().unwrap().starts_with("2002-11-03"),
        "{list:?}"
    );
    site(&store);
}

#[test]
fn one_id_five_times_with_equal_bodies_is_one_mail() {
    let one = mail(
        "a@x",
        "Mon, 3 Nov 2025 10:00:00 +0000",
        "Bells",
        &[],
        "Ding.",
    );
    let mails: Vec<String> = (0..5).map(|n| format!("X-Trace: {n}\n{one}")).collect();
    let (store, report) = import_mails(&mails);
    assert_eq!((report.counts.stored, report.counts.copy), (1, 4));
    assert_eq!(lists(&store)[0].messages, 1);
}

#[test]
fn subjects_empty_endless_and_turned_around() {
    let date = "Mon, 3 Nov 2025 10:00:00 +0000";
    let long = "x".repeat(5_000);
    let (store, report) = import_mails(&[
        mail("a@x", date, "", &[], "a"),
        mail("b@x", date, &long, &[], "b"),
        mail("c@x", date, "abc\u{202e}gpj.exe", &[], "c"),
    ]);
    assert_eq!(report.counts.stored, 3);
    for (name, bytes) in site(&store) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(
            !name.ends_with(".html") || !text.contains('\u{202e}'),
            "{name}"
        );
        if name.ends_with("date.html") {
            assert!(text.contains("(no subject)"), "{text}");
            assert!(text.len() < 40_000);
        }
    }
}

#[test]
fn three_hundred_references_self_reference_and_a_circle() {
    let date = "Mon, 3 Nov 2025 10:00:00 +0000";
    let ids: Vec<String> = (0..300).map(|n| format!("r{n}@x")).collect();
    let references: Vec<&str> = ids.iter().map(String::as_str).collect();
    let (store, report) = import_mails(&[
        mail("a@x", date, "many", &references, "a"),
        mail("b@x", date, "self", &["b@x"], "b"),
        mail("c@x", date, "circle", &["d@x"], "c"),
        mail("d@x", date, "circle", &["c@x"], "d"),
    ]);
    assert_eq!(report.counts.stored, 4);
    assert_eq!(lists(&store)[0].threads, 3);
    site(&store);
}

/// 23:30 -0800 on the last of a month is the next month in UTC, the list's zone.
#[test]
fn a_month_ends_in_the_lists_zone() {
    let (store, _) = import_mails(&[mail(
        "a@x",
        "Fri, 31 Oct 2025 23:30:00 -0800",
        "late",
        &[],
        "a",
    )]);
    let files = site(&store);
    assert!(
        files.contains_key("wild/2025-November/msg00000.html"),
        "{:?}",
        files.keys()
    );
}

#[test]
fn a_mail_without_any_header_is_quarantined() {
    let store = MemoryStore::new();
    let mut bytes = mbox(&[mail("a@x", "Mon, 3 Nov 2025 10:00:00 +0000", "a", &[], "a")]);
    bytes.extend(b"From mboxrd@z Thu Jan  1 00:00:00 1970\n\njust text\n\n");
    let report = take_bytes(&store, "wild", &bytes);
    assert!(
        report.counts.quarantined <= 1 && report.counts.stored == 1,
        "{report:?}"
    );
}

#[test]
fn fifty_thousand_nested_mails_are_one_mail() {
    let mut text = String::new();
    for _ in 0..50_000 {
        text += "Content-Type: message/rfc822\n\n";
    }
    let head =
        "Message-ID: <deep@x>\nDate: Mon, 3 Nov 2025 10:00:00 +0000\nFrom: a@x\nSubject: deep\n";
    let (store, report) = import_mails(&[format!("{head}{text}")]);
    assert_eq!(report.counts.stored, 1);
    site(&store);
}

#[test]
fn pieces_of_a_mail_stand_in_one_thread_in_any_order() {
    let piece = |n: u8| {
        format!(
            "Message-ID: <piece-{n}@x>\nDate: Mon, {n} Nov 2025 10:00:00 +0000\nFrom: Ada <ada@example.org>\n\
             Subject: The long report ({n}/3)\nMIME-Version: 1.0\n\
             Content-Type: message/partial; id=\"whole@x\"; number={n}; total=3\n\nwords of the piece {n}\n"
        )
    };
    let mut made = Vec::new();
    for order in [[1, 2, 3], [3, 1, 2], [2, 3, 1]] {
        let (store, _) = import_mails(&order.map(piece));
        let pages = site(&store);
        let threads: Vec<&Vec<u8>> = pages
            .iter()
            .filter(|(path, _)| path.contains("/thread/") && path.ends_with(".html"))
            .map(|(_, page)| page)
            .collect();
        assert_eq!(threads.len(), 1, "{order:?}");
        let page = String::from_utf8(threads[0].clone()).unwrap();
        for n in 1..=3 {
            assert!(
                page.contains(&format!("words of the piece {n}")),
                "{order:?}"
            );
        }
        made.push(page.matches("<article").count());
    }
    made.dedup();
    assert_eq!(made.len(), 1);
}
