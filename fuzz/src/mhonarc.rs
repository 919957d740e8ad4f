//! A mail's page as MHonArc writes it.

use posthoc_core::message::{Limits, parse};
use posthoc_core::text::TimeZone;
use posthoc_mhonarc::{Archive, Resources, Surroundings};
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
}
