//! Lists under other names and other settings: what stays where it was.

use crate::prelude::*;
use posthoc_core::page::{ListSettings, Mask, Visibility};
use posthoc_core::text::Frequency;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn name(text: &str) -> ListName {
    ListName::new(text).unwrap()
}

fn site(lists: &[(&str, ListSettings)]) -> Site {
    let lists = lists.iter().map(|(list, set)| (name(list), set.clone()));
    Site {
        lists: lists.collect(),
        ..Site::default()
    }
}

/// Statuses of these paths for the public.
fn answers(store: &dyn Store, site: &Site, paths: &[&str]) -> Vec<Status> {
    with_site(site, |settings| {
        let reader = Reader::new(store, settings, Audience::Public).unwrap();
        let answer = |path: &&str| reader.answer(&Route::parse(path).unwrap()).unwrap().status;
        paths.iter().map(answer).collect()
    })
}

fn mail(n: u32, date: &str) -> String {
    format!(
        "From a@example.org Mon Nov  3 10:00:00 2025\nFrom: Ada <ada@example.org>\nSubject: Mail {n}\n\
         Date: {date}\nMessage-ID: <{n}@example.org>\n\nMail {n}.\n\n"
    )
}

#[test]
fn ten_years_of_links_lead_to_the_new_name() {
    let store = MemoryStore::new();
    let first = mail(1, "Tue, 3 Nov 2015 10:00:00 +0000");
    let second = mail(2, "Mon, 3 Nov 2025 10:00:00 +0000");
    take_bytes(&store, "cats", format!("{first}{second}").as_bytes());
    let plain = Site::default();
    let key = with_settings(|settings| {
        let reader = Reader::new(&store, settings, Audience::Operator).unwrap();
        reader.show(None, "1@example.org").unwrap()[0].key.clone()
    });
    let limits = Limits::default();
    rename_list(&store, &name("cats"), &name("felines"), false, NOW, &limits).unwrap();
    // Once more is no mistake.
    rename_list(&store, &name("cats"), &name("felines"), false, NOW, &limits).unwrap();
    let old = [
        "cats/index.html".to_owned(),
        "cats/2015-November/msg00000.html".to_owned(),
        "cats/2015-November/000000.html".to_owned(),
        "cats/2015-November/index.html".to_owned(),
        "cats/2015-November/date.html".to_owned(),
        "cats/2015-November.txt.gz".to_owned(),
        "cats/2015-November.mbox.gz".to_owned(),
        format!("cats/thread/{key}.html"),
        "cats/mid/1@example.org/".to_owned(),
        "cats/mid.html".to_owned(),
        "cats/n/1".to_owned(),
        "cats/feed.atom".to_owned(),
        "cats/search/index.html".to_owned(),
    ];
    for path in &old {
        let to = path.replacen("cats", "felines", 1);
        let route = Route::parse(&to).unwrap();
        assert_eq!(
            answers(&store, &plain, &[path]),
            [Status::Renamed(route)],
            "{path}"
        );
        assert!(
            !matches!(answers(&store, &plain, &[&to])[0], Status::NotFound),
            "{to}"
        );
    }
    // Mail for the old name arrives, and a source that grew goes on.
    let third = mail(3, "Tue, 4 Nov 2025 10:00:00 +0000");
    deliver(&store, &name("cats"), third.as_bytes(), NOW, &limits).unwrap();
    let report = take_bytes(&store, "cats", format!("{first}{second}").as_bytes());
    assert_eq!(report.counts.duplicate, 2);
    // After a rebuild all is the same.
    rebuild(&store, &limits, true).unwrap();
    with_settings(|settings| {
        let reader = Reader::new(&store, settings, Audience::Operator).unwrap();
        let lists = reader.lists().unwrap();
        assert_eq!((lists.len(), lists[0].messages), (1, 3));
        assert_eq!(reader.called(&name("cats")).unwrap(), Some(name("felines")));
    });
    let rules = |store: &dyn Store| {
        let out = tempfile::tempdir().unwrap();
        publish_to(store, out.path());
        let rule = |(name, bytes): (String, Vec<u8>)| {
            let text = String::from_utf8(bytes).unwrap_or_default();
            let last = text.lines().last().unwrap_or_default().to_owned();
            (
                name.strip_prefix("_rules/").unwrap_or_default().to_owned(),
                last,
            )
        };
        let files = crate::prelude::tree(out.path()).into_iter();
        let rules = files.filter(|(name, _)| name.starts_with("_rules/"));
        rules.map(rule).collect::<Vec<_>>()
    };
    let wanted = [
        ("_redirects", "/cats/* /felines/:splat 301"),
        (
            "apache-renamed.conf",
            "RedirectMatch permanent \"^/cats/(.*)$\" \"/felines/$1\"",
        ),
        (
            "caddy-renamed.conf",
            "redir @renamed0 /felines/{re.renamed0.1} permanent",
        ),
        (
            "nginx-renamed.conf",
            "rewrite \"^/cats/(.*)$\" \"/felines/$1\" permanent;",
        ),
    ];
    let wanted = wanted.map(|(name, last)| (name.to_owned(), last.to_owned()));
    assert_eq!(rules(&store), wanted);
    // A private list's old name is nothing to strangers.
    show_list(&store, &name("felines"), Visibility::Private, NOW, &limits).unwrap();
    for path in &old {
        assert_eq!(
            answers(&store, &plain, &[path]),
            [Status::NotFound],
            "{path}"
        );
    }
    assert_eq!(rules(&store), []);
}

#[test]
fn a_name_is_taken_over_on_request_only() {
    let store = MemoryStore::new();
    let limits = Limits::default();
    let plain = Site::default();
    let add = |list: &str, over| add_list(&store, &name(list), true, over, &plain, NOW, &limits);
    add("a", false).unwrap();
    add("b", false).unwrap();
    let rename = |old: &str, new: &str, over| {
        rename_list(&store, &name(old), &name(new), over, NOW, &limits)
    };
    assert!(matches!(
        rename("a", "b", true),
        Err(ArchiveError::NameTaken(_))
    ));
    assert!(matches!(
        rename("x", "y", true),
        Err(ArchiveError::NoList(_))
    ));
    rename("a", "c", false).unwrap();
    assert!(matches!(
        rename("a", "d", false),
        Err(ArchiveError::FormerName { .. })
    ));
    assert!(matches!(
        add("a", false),
        Err(ArchiveError::FormerName { .. })
    ));
    assert!(matches!(
        rename("b", "a", false),
        Err(ArchiveError::FormerName { .. })
    ));
    // Back again is its own affair.
    rename("c", "a", false).unwrap();
    rename("a", "c", false).unwrap();
    add("a", true).unwrap();
    assert_eq!(answers(&store, &plain, &["a/index.html"]), [Status::Found]);
}

#[test]
fn aliases_lead_to_their_list() {
    let store = MemoryStore::new();
    take_bytes(
        &store,
        "cats",
        mail(1, "Mon, 3 Nov 2025 10:00:00 +0000").as_bytes(),
    );
    let mut set = Site::default();
    set.aliases.insert(name("kittens"), name("cats"));
    let to = Route::parse("cats/n/0").unwrap();
    assert_eq!(
        answers(&store, &set, &["kittens/n/0"]),
        [Status::Renamed(to)]
    );
    let out = tempfile::tempdir().unwrap();
    let report = publish_as(&store, &set, out.path());
    assert!(report.written.contains(&"kittens/index.html".to_owned()));
    let report = publish_as(&store, &Site::default(), out.path());
    assert_eq!(report.deleted, ["kittens/index.html"]);
}

#[test]
fn the_closer_of_settings_and_record_counts() {
    let store = MemoryStore::new();
    take_bytes(
        &store,
        "cats",
        mail(1, "Mon, 3 Nov 2025 10:00:00 +0000").as_bytes(),
    );
    let limits = Limits::default();
    let with = |visibility| {
        site(&[(
            "cats",
            ListSettings {
                visibility: Some(visibility),
                ..ListSettings::default()
            },
        )])
    };
    let home = ["cats/index.html"];
    let (open, closed, none) = (
        with(Visibility::Public),
        with(Visibility::Private),
        Site::default(),
    );
    let record = |site: &Site| record_settings(&store, site, Duration::ZERO, NOW, &limits).unwrap();
    assert_eq!(answers(&store, &none, &home), [Status::Found]);
    // Closer: at once. And recorded, it stays without the settings.
    assert_eq!(answers(&store, &closed, &home), [Status::NotFound]);
    assert_eq!(record(&closed).len(), 1);
    assert_eq!(record(&closed), []);
    assert_eq!(answers(&store, &none, &home), [Status::NotFound]);
    assert_eq!(record(&none), []);
    // Looser: once it is recorded.
    assert_eq!(answers(&store, &open, &home), [Status::NotFound]);
    let recorded = record(&open);
    assert_eq!(
        (recorded[0].key, recorded[0].to.as_str()),
        ("visibility", "public")
    );
    assert_eq!(answers(&store, &open, &home), [Status::Found]);
}

#[test]
fn public_then_private_then_public_on_a_static_site() {
    let store = MemoryStore::new();
    take_bytes(
        &store,
        "cats",
        mail(1, "Mon, 3 Nov 2025 10:00:00 +0000").as_bytes(),
    );
    take_bytes(
        &store,
        "dogs",
        mail(2, "Mon, 3 Nov 2025 10:00:00 +0000").as_bytes(),
    );
    let limits = Limits::default();
    let out = tempfile::tempdir().unwrap();
    let plain = Site::default();
    let first = publish_as(&store, &plain, out.path());
    show_list(&store, &name("cats"), Visibility::Private, NOW, &limits).unwrap();
    let second = publish_as(&store, &plain, out.path());
    assert!(!out.path().join("cats").exists());
    assert!(
        second.written.iter().all(|path| !path.starts_with("dogs/")),
        "{second:?}"
    );
    let home = std::fs::read_to_string(out.path().join("index.html")).unwrap();
    assert!(!home.contains("cats"));
    show_list(&store, &name("cats"), Visibility::Public, NOW, &limits).unwrap();
    let third = publish_as(&store, &plain, out.path());
    let cats = |report: &PublishReport| {
        let cats = report
            .written
            .iter()
            .filter(|path| path.starts_with("cats/"));
        cats.cloned().collect::<Vec<_>>()
    };
    assert_eq!(cats(&first), cats(&third));
}

#[test]
fn a_changed_setting_concerns_its_own_list() {
    let store = MemoryStore::new();
    take_bytes(
        &store,
        "cats",
        mail(1, "Mon, 3 Nov 2025 10:00:00 +0000").as_bytes(),
    );
    take_bytes(
        &store,
        "dogs",
        mail(2, "Mon, 3 Nov 2025 10:00:00 +0000").as_bytes(),
    );
    let out = tempfile::tempdir().unwrap();
    publish_as(&store, &Site::default(), out.path());
    let set = site(&[(
        "cats",
        ListSettings {
            title: "All about cats".to_owned(),
            mask: Some(Mask::Full),
            ..ListSettings::default()
        },
    )]);
    let report = publish_as(&store, &set, out.path());
    assert!(report.written.contains(&"index.html".to_owned()));
    assert!(
        report
            .written
            .contains(&"cats/2025-November/msg00000.html".to_owned())
    );
    assert!(
        !report.written.iter().any(|path| path.starts_with("dogs/")),
        "{report:?}"
    );
    let fresh = tempfile::tempdir().unwrap();
    publish_as(&store, &set, fresh.path());
    assert_eq!(tree(out.path()), tree(fresh.path()));
    let again = publish_as(&store, &set, out.path());
    assert_eq!((again.written.len(), again.routes), (0, 0));
}

/// Every published file.
fn tree(out: &Path) -> std::collections::BTreeMap<PathBuf, Vec<u8>> {
    let mut files = std::collections::BTreeMap::new();
    let mut folders = vec![out.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().unwrap() == ".posthoc" {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                files.insert(path.strip_prefix(out).unwrap().to_owned(), bytes);
            }
        }
    }
    files
}

#[test]
fn volumes_of_every_frequency_and_a_change_that_moves_nothing() {
    let limits = Limits::default();
    for (frequency, volume) in [
        (Frequency::Yearly, "2025"),
        (Frequency::Quarterly, "2025q4"),
        (Frequency::Monthly, "2025-November"),
        (Frequency::Weekly, "Week-of-Mon-20251103"),
        (Frequency::Daily, "20251104"),
    ] {
        let with = |volumes, zone: &str| {
            site(&[(
                "cats",
                ListSettings {
                    volumes: Some(volumes),
                    time_zone: Some(zone.to_owned()),
                    ..ListSettings::default()
                },
            )])
        };
        let store = MemoryStore::new();
        let set = with(frequency, "UTC");
        add_list(&store, &name("cats"), true, false, &set, NOW, &limits).unwrap();
        // Once enough mails for indexes in pieces.
        let mails = match frequency {
            Frequency::Quarterly => 505,
            _ => 10,
        };
        let mut text = String::new();
        for n in 0..mails {
            text += &mail(n, &format!("Tue, 4 Nov 2025 23:{:02}:00 +0000", n % 60));
        }
        take_bytes(&store, "cats", text.as_bytes());
        let out = tempfile::tempdir().unwrap();
        publish_as(&store, &set, out.path());
        let page = out.path().join("cats").join(volume).join("msg00007.html");
        let before = std::fs::read(&page).unwrap();
        let pieces = std::fs::read_dir(page.parent().unwrap()).unwrap();
        let pieces = pieces.filter(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_string_lossy().starts_with("date-")
        });
        assert_eq!(pieces.count() > 0, mails > 500, "{volume}");
        // Other volumes, another zone: an answer to an old mail, dated before it.
        let other = match frequency {
            Frequency::Weekly => Frequency::Daily,
            _ => Frequency::Weekly,
        };
        let set = with(other, "Asia/Tokyo");
        let recorded = record_settings(&store, &set, Duration::ZERO, NOW, &limits).unwrap();
        assert_eq!(
            recorded.iter().map(|r| r.key).collect::<Vec<_>>(),
            ["volumes", "time_zone"]
        );
        let answer = mail(600, "Tue, 4 Nov 2025 22:00:00 +0000")
            .replace("Subject", "In-Reply-To: <7@example.org>\nSubject");
        take_bytes(&store, "cats", answer.as_bytes());
        publish_as(&store, &set, out.path());
        assert!(page.exists());
        let new = match other {
            Frequency::Daily => "20251105",
            _ => "Week-of-Mon-20251103",
        };
        assert!(
            out.path()
                .join(format!("cats/{new}/msg{mails:05}.html"))
                .exists(),
            "{volume}"
        );
        assert_ne!(std::fs::read(&page).unwrap(), before);
        let fresh = tempfile::tempdir().unwrap();
        rebuild(&store, &limits, false).unwrap();
        publish_as(&store, &set, fresh.path());
        assert_eq!(tree(out.path()), tree(fresh.path()), "{volume}");
        with_settings(|settings| {
            let reader = Reader::new(&store, settings, Audience::Operator).unwrap();
            let report = check(&store, &reader, &mut |_, _| {}).unwrap();
            assert!(report.damage.is_empty(), "{report:?}");
        });
    }
}
