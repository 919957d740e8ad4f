//! Files of mails: stored once, listed by volume, gone with their mails.

use crate::prelude::*;
use crate::removal::take_down;
use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// A mail with files: their names and contents.
fn with_files(id: &str, day: usize, files: &[(&str, &str)]) -> String {
    let mut mail = format!(
        "Message-ID: <{id}>\nDate: {day:02} Nov 2025 10:00:00 +0000\nFrom: Ada Example <ada@example.org>\n\
         Subject: Lamp {id}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n\
         --b\nContent-Type: text/plain\n\nSee the files.\n"
    );
    for (name, text) in files {
        mail += &format!(
            "--b\nContent-Type: application/octet-stream\n\
             Content-Disposition: attachment; filename=\"{name}\"\n\n{text}\n"
        );
    }
    mail + "--b--\n"
}

/// The published files of mails, by path, with the file that each is on the disk.
fn files(out: &Path) -> Vec<(String, u64)> {
    let names = tree(out).into_keys();
    let names = names.filter(|name| name.contains("/attachments/"));
    names
        .map(|name| {
            let inode = std::fs::metadata(out.join(&name)).unwrap().ino();
            (name, inode)
        })
        .collect()
}

#[test]
fn the_same_bytes_are_stored_once() {
    let store = MemoryStore::new();
    let mails = [
        with_files("a@x", 1, &[("lamp.dat", "light"), ("other.dat", "dark")]),
        with_files("b@x", 2, &[("lamp.dat", "light")]),
        with_files("c@x", 3, &[("lantern.dat", "light")]),
    ];
    take_bytes(&store, "town", &mbox(&mails));
    let out = tempfile::tempdir().unwrap();
    let report = publish_to(&store, out.path());
    let published = files(out.path());
    assert_eq!(published.len(), 3, "{published:?}");
    let inodes: BTreeSet<u64> = published.iter().map(|(_, inode)| *inode).collect();
    assert_eq!(inodes.len(), 2, "{published:?}");
    let times = |name: &str| {
        report
            .written
            .iter()
            .filter(|path| path.ends_with(name))
            .count()
    };
    assert_eq!((times("/lamp.dat.bin"), times("/lantern.dat.bin")), (1, 1));
    let site = tree(out.path());
    let lamp = &published
        .iter()
        .find(|(name, _)| name.ends_with("/lamp.dat.bin"))
        .unwrap()
        .0;
    let link = lamp.strip_prefix("town/").unwrap();
    for number in 0..2 {
        let page =
            String::from_utf8_lossy(&site[&format!("town/2025-November/msg{number:05}.html")])
                .into_owned();
        assert!(page.contains(&format!("href=\"../{link}\"")), "{page}");
    }
    let index = String::from_utf8_lossy(&site["town/2025-November/attachments.html"]).into_owned();
    assert_eq!(index.matches(link).count(), 2);
    for word in [
        "lamp.dat",
        "application/octet-stream",
        "5 bytes",
        "Lamp b@x",
        "Ada Example",
    ] {
        assert!(index.contains(word), "{word}: {index}");
    }
    let all = String::from_utf8_lossy(&site["town/attachments.html"]).into_owned();
    assert!(all.contains("2025-November/attachments.html"), "{all}");
}

#[test]
fn a_file_goes_with_the_last_mail_that_has_it() {
    let store = MemoryStore::new();
    let mails = [
        with_files("a@x", 1, &[("lamp.dat", "light"), ("other.dat", "dark")]),
        with_files("b@x", 2, &[("lamp.dat", "light")]),
        mail("c@x", "3 Nov 2025 10:00:00 +0000", "None", &[], "No file."),
    ];
    take_bytes(&store, "town", &mbox(&mails));
    let out = tempfile::tempdir().unwrap();
    publish_to(&store, out.path());
    let before = files(out.path());
    let named = |end: &str| {
        before
            .iter()
            .find(|(name, _)| name.ends_with(end))
            .unwrap()
            .0
            .clone()
    };
    let (lamp, other) = (named("/lamp.dat.bin"), named("/other.dat.bin"));
    let status = |path: &str| {
        with_settings(|settings| {
            let reader = Reader::new(&store, settings, Audience::Public).unwrap();
            reader.answer(&Route::parse(path).unwrap()).unwrap().status
        })
    };
    let same_anew = |what: &str| {
        let report = publish_to(&store, out.path());
        let whole = tempfile::tempdir().unwrap();
        publish_to(&store, whole.path());
        let (mut here, mut there) = (tree(out.path()), tree(whole.path()));
        // Rule files that were there stay, also when they have nothing to say.
        for tree in [&mut here, &mut there] {
            tree.retain(|name, _| !name.starts_with("_rules/"));
        }
        assert_same(&here, &there, what);
        report
    };
    take_down(&store, &["a@x"], None, false);
    let report = same_anew("one removed");
    assert!(report.deleted.contains(&other) && !report.deleted.contains(&lamp));
    assert_eq!(
        (status(&lamp), status(&other)),
        (Status::Found, Status::Gone)
    );
    let index = tree(out.path())["town/2025-November/attachments.html"].clone();
    assert!(!String::from_utf8_lossy(&index).contains("other.dat"));

    take_down(&store, &["b@x"], None, false);
    same_anew("both removed");
    assert!(files(out.path()).is_empty());
    assert_eq!(status(&lamp), Status::Gone);
    let all = tree(out.path())["town/attachments.html"].clone();
    assert!(!String::from_utf8_lossy(&all).contains("2025-November"));
    rebuild(&store, &Limits::default(), true).unwrap();
    same_anew("rebuilt");
    assert_eq!(status(&lamp), Status::Gone);
}

/// A busy month: its index of attachments is cut by day, one more mail writes its own day alone, and
/// the list's page of attachments stays as it is.
#[test]
fn one_more_file_touches_its_own_day() {
    let store = MemoryStore::new();
    let one = |n: usize| {
        let id = format!("m{n}@x");
        with_files(&id, n % 28 + 1, &[("lamp.dat", &format!("light {n}"))])
    };
    let mut mails: Vec<String> = (0..198).map(one).collect();
    take_bytes(&store, "town", &mbox(&mails));
    let out = tempfile::tempdir().unwrap();
    publish_to(&store, out.path());
    for n in 198..204 {
        mails.push(one(n));
        take_bytes(&store, "town", &mbox(&mails[n..]));
        let report = publish_to(&store, out.path());
        assert!(!report.written.contains(&"town/attachments.html".to_owned()));
        let indexes: Vec<&String> = report
            .written
            .iter()
            .filter(|path| path.contains("/attachments-"))
            .collect();
        match n {
            0..200 => assert!(indexes.is_empty(), "{n}: {indexes:?}"),
            200 => assert_eq!(indexes.len(), 28, "{n}: {indexes:?}"),
            _ => assert_eq!(
                *indexes,
                [&format!(
                    "town/2025-November/attachments-{:02}.html",
                    n % 28 + 1
                )]
            ),
        }
        let whole = tempfile::tempdir().unwrap();
        publish_to(&store, whole.path());
        assert_same(
            &tree(out.path()),
            &tree(whole.path()),
            &format!("after {n}"),
        );
    }
}
