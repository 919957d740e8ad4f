//! A mail's page as MHonArc writes it.

use posthoc_core::message::{Limits, MhonarcPage, parse};
use posthoc_core::text::TimeZone;
use posthoc_mhonarc::{Archive, OldArchive, Resources, Surroundings};
use std::collections::BTreeMap;

/// Any bytes give a page, the same each time, and no element that runs or loads is on it. The same bytes
/// as a resource file give some resources.
pub fn mhonarc(bytes: &[u8]) {
    let make = || {
        let around = Surroundings {
            now: 0,
            time_zone: TimeZone::utc(),
            environment: BTreeMap::new(),
            folder: String::new(),
        };
        let (mut archive, _) = Archive::new(Resources::default(), around);
        let message = parse(bytes, &Limits::default());
        let added = archive.add(&message, bytes);
        assert!(added.is_ok(), "the first mail is taken: {added:?}");
        let site = archive.site();
        let page = site.message(0, &message).map(|made| made.page.bytes);
        (
            page.unwrap_or_default(),
            site.indexes()
                .iter()
                .map(|sheet| site.index(sheet))
                .collect::<Vec<_>>(),
        )
    };
    let made = make();
    assert_eq!(made, make(), "made twice, not the same");
    let page = made.0.to_ascii_lowercase();
    for tag in [
        "<script", "<object", "<embed", "<form", "<style", "<meta", "<base", "<svg", "<math",
    ] {
        let found = memchr::memmem::find(&page, tag.as_bytes());
        assert!(found.is_none(), "an element of the mail's: {tag}");
    }
    let mut resources = Resources::default();
    resources.read(bytes, &mut |_| Some(bytes.to_vec()));
    read_back(bytes);
}

/// Any bytes are a page or none, and a database or none; a Message-ID of any bytes that stands in a database is
/// the one that a page tells of.
fn read_back(bytes: &[u8]) {
    if let Some(page) = MhonarcPage::read(bytes) {
        parse(&page.mail(), &Limits::default());
    }
    let _ = OldArchive::read(bytes);
    let quoted = bytes.iter().flat_map(|byte| match byte {
        b'\'' | b'\\' => vec![b'\\', *byte],
        byte => vec![*byte],
    });
    let quoted: Vec<u8> = quoted.collect();
    let database = [
        &b"%IndexNum=('k','7',);\n%MsgId=('"[..],
        &quoted,
        b"','k',);\n1;\n",
    ]
    .concat();
    let old = OldArchive::read(&database);
    let comments = old.map(|old| old.mails[&7].comments());
    let comments = comments.expect("a database is read");
    let on_one_line = bytes.iter().map(|byte| match byte {
        b'\n' | b'\r' | 0 => b' ',
        byte => *byte,
    });
    let on_one_line: Vec<u8> = on_one_line.collect();
    let told = MhonarcPage::read(&comments).map(|page| page.id);
    assert_eq!(told.unwrap_or_default(), on_one_line.trim_ascii());
}
