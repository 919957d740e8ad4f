//! A mailbox made into a tree by ours.

use posthoc_core::message::{Limits, parse};
use posthoc_core::text::TimeZone;
use posthoc_mhonarc::{Archive, Refusal, Resources, Surroundings};
use std::collections::BTreeMap;
use std::path::Path;

/// Now: the original gives it to mails without a date.
fn now() -> i64 {
    let since = std::time::UNIX_EPOCH.elapsed().expect("after 1970");
    i64::try_from(since.as_secs()).expect("fits")
}

/// An archive without mails, with a resource file's resources, and what of those is not done.
pub(crate) fn archive_and_refusals(resource_file: Option<&Path>) -> (Archive, Vec<Refusal>) {
    let mut resources = Resources::default();
    let mut refused = Vec::new();
    if let Some(file) = resource_file {
        let mut included = |name: &str| std::fs::read(file.parent()?.join(name)).ok();
        refused = resources.read(&std::fs::read(file).expect("works"), &mut included);
    }
    let around = Surroundings {
        now: now(),
        time_zone: TimeZone::utc(),
        environment: BTreeMap::new(),
        folder: String::new(),
    };
    let (archive, more) = Archive::new(resources, around);
    refused.extend(more);
    (archive, refused)
}

/// The same where everything is done.
pub(crate) fn archive(resource_file: Option<&Path>) -> Archive {
    let (archive, refused) = archive_and_refusals(resource_file);
    assert_eq!(refused, []);
    archive
}

/// Files by their paths.
pub(crate) fn tree(mbox: &Path, resource_file: Option<&Path>) -> BTreeMap<String, Vec<u8>> {
    tree_in(archive(resource_file), mbox)
}

/// The same of an archive without mails.
pub(crate) fn tree_in(mut archive: Archive, mbox: &Path) -> BTreeMap<String, Vec<u8>> {
    let mbox = std::fs::read(mbox).expect("works");
    let limits = Limits::default();
    let taken: Vec<_> = mails(&mbox)
        .map(|mail| (parse(mail, &limits), mail))
        .filter(|(message, mail)| archive.add(message, mail).is_ok())
        .collect();
    let site = archive.site();
    let sheets = site.indexes();
    let mut files: Vec<_> = sheets.iter().map(|sheet| site.index(sheet)).collect();
    for (at, (message, _)) in taken.iter().enumerate() {
        if let Some(page) = site.message(at, message) {
            files.push(page.page);
            files.extend(page.files);
        }
    }
    files
        .into_iter()
        .map(|file| (file.name, file.bytes))
        .collect()
}

/// The beginning of a mailbox; 0 is all of it.
pub(crate) fn first_mails(mbox: &[u8], most: usize) -> &[u8] {
    let end = starts(mbox).nth(most).filter(|_| most > 0);
    &mbox[..end.unwrap_or(mbox.len())]
}

/// MSGSEP: every line that begins with `From ` begins a mail.
pub(crate) fn starts(mbox: &[u8]) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(memchr::memmem::find_iter(mbox, b"\nFrom ").map(|at| at + 1))
}

/// The mails of a mailbox, without their From_ lines.
pub(crate) fn mails(mbox: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut bounds: Vec<usize> = starts(mbox).collect();
    bounds.push(mbox.len());
    let ranges: Vec<(usize, usize)> = bounds.windows(2).map(|pair| (pair[0], pair[1])).collect();
    ranges.into_iter().map(|(start, end)| {
        let mail = &mbox[start..end];
        let line = memchr::memchr(b'\n', mail).map_or(mail.len(), |end| end + 1);
        &mail[line..]
    })
}
