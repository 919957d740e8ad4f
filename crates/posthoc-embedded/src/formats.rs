//! Archives of earlier formats open for ever: `testdata/format-N` holds one of each, with every kind of
//! record.
#![allow(clippy::unwrap_used)]

use crate::EmbeddedStore;
use posthoc_store::{
    DialectTag, Head, ListHead, MailHead, QuarantineHead, Record, SourceEndHead, SourceHead,
    SpansHead, Store, StoreError, TakedownHead, Verdict,
};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn mail(number: u32, verdict: Verdict, dialect: DialectTag) -> MailHead {
    MailHead {
        list: 1,
        verdict,
        number,
        volume: "2025-November".into(),
        key: "abcdefghijklmnopqrstuvwxyz".into(),
        id: "1@example.org".into(),
        content: "00112233445566778899aabbccddeeff".into(),
        received: 1_762_000_000,
        neighbour: None,
        source: None,
        offset: 0,
        file: None,
        dialect,
        from_line: None,
        last: false,
        same_as: None,
    }
}

/// The records of `testdata/format-1`.
fn format_1() -> Vec<Record> {
    let with = |head, body: &[u8]| Record {
        head,
        body: body.to_vec(),
    };
    let full = MailHead {
        neighbour: Some(-5),
        source: Some(1),
        offset: 77,
        file: Some("cur/1".into()),
        from_line: Some("From a\u{fffd} Thu Jan  1 00:00:00 1970".into()),
        last: true,
        same_as: Some(2),
        ..mail(1, Verdict::Copy(0), DialectTag::Mboxrd)
    };
    vec![
        with(
            Head::List(ListHead {
                list: 1,
                name: "garden".into(),
                visibility: "private".into(),
                time_zone: "Europe/Berlin".into(),
                volumes: "monthly".into(),
                mask: None,
                downloads: None,
                drop: Vec::new(),
                at: 1_762_000_000,
            }),
            b"",
        ),
        with(
            Head::Source(SourceHead {
                list: 1,
                path: "/srv/mbox".into(),
                kind: "mbox".into(),
                split: "strict".into(),
                from_lines: false,
                at: 1,
            }),
            b"",
        ),
        with(
            Head::Mail(mail(0, Verdict::New, DialectTag::None)),
            b"Subject: beans\r\n\r\n\xff\0\n",
        ),
        with(Head::Mail(full), b""),
        with(
            Head::Mail(mail(2, Verdict::Variant(0), DialectTag::Mboxcl2)),
            &b"Subject: peas\n\n".repeat(50),
        ),
        with(
            Head::Spans(SpansHead {
                source: 1,
                from: 0,
                to: 9,
                sha256: "ab".repeat(32),
                read: 3,
                open: false,
            }),
            &[0, 1, 2],
        ),
        with(
            Head::SourceEnd(SourceEndHead {
                source: 1,
                bytes: 9,
                sha256: "ab".repeat(32),
                report: serde_json::json!({"read": 3, "reasons": {}}),
                at: 2,
            }),
            b"",
        ),
        with(
            Head::Quarantine(QuarantineHead {
                list: 1,
                source: Some(1),
                offset: 5,
                file: Some("x".into()),
                reason: "no_header".into(),
                at: 3,
            }),
            b"junk",
        ),
        with(
            Head::Takedown(TakedownHead {
                list: 1,
                number: 2,
                hidden: true,
                reason: "asked".into(),
                by: "root".into(),
                at: 4,
                ..TakedownHead::default()
            }),
            b"",
        ),
    ]
}

#[test]
fn format_1_opens() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/format-1");
    let dir = TempDir::new().unwrap();
    fs::create_dir(dir.path().join("journal")).unwrap();
    for file in ["posthoc-archive", "journal/00000001.seg"] {
        fs::copy(kept.join(file), dir.path().join(file)).unwrap();
    }
    let store = EmbeddedStore::open(dir.path()).unwrap();
    let mut found = Vec::new();
    let mut each = |_, record| {
        found.push(record);
        true
    };
    store.journal().scan(0, &mut each).unwrap();
    assert_eq!(found, format_1());
    store
        .journal()
        .verify(&mut |damage: StoreError| panic!("{damage}"))
        .unwrap();
}

#[test]
fn dialects_keep_their_stored_names() {
    for (tag, name) in [
        (DialectTag::None, "none"),
        (DialectTag::Mboxo, "mboxo"),
        (DialectTag::Mboxrd, "mboxrd"),
        (DialectTag::Mboxcl, "mboxcl"),
        (DialectTag::Mboxcl2, "mboxcl2"),
        (DialectTag::MhonarcPage, "mhonarc-page"),
    ] {
        assert_eq!(serde_json::to_value(tag).unwrap(), name);
    }
}
