//! Lists with Pipermail's layout, published and asked for.

use crate::prelude::*;
use crate::removal::take_down;
use posthoc_core::page::{Downloads, LayoutName, ListSettings, Mask};
use posthoc_core::route::Volume;
use std::collections::BTreeMap;
use std::fs;

fn site(change: impl FnOnce(&mut ListSettings)) -> Site {
    let mut site = Site {
        base_url: Some("https://lists.example.org/pipermail".to_owned()),
        ..Site::default()
    };
    site.defaults.layout = LayoutName::Pipermail;
    site.defaults.address = Some("hall@lists.example.org".to_owned());
    change(&mut site.defaults);
    site
}

fn answered(store: &dyn Store, site: &Site, path: &str) -> Answer {
    let route = Route::parse(path).unwrap_or_else(|| panic!("{path} is no route"));
    with_site(site, |settings| {
        let reader = Reader::new(store, settings, Audience::Public).unwrap();
        reader.answer(&route).unwrap()
    })
}

fn shown(store: &dyn Store, site: &Site, path: &str) -> String {
    let answer = answered(store, site, path);
    assert_eq!(answer.status, Status::Found, "{path}");
    String::from_utf8_lossy(&answer.page.bytes).into_owned()
}

const SEPTEMBER: [&str; 3] = [
    "Mon, 1 Sep 2025 10:00:00 +0000",
    "Tue, 2 Sep 2025 10:00:00 +0000",
    "Wed, 3 Sep 2025 10:00:00 +0000",
];

/// One by one, in batches and at once; published after each, or once; derived anew; with one reader or one for
/// each page.
#[test]
fn one_by_one_in_batches_or_at_once_is_the_same_tree() {
    let site = site(|_| {});
    let mails: Vec<String> = mails_of("lighthouse-keepers.mbox")
        .iter()
        .map(|mail| String::from_utf8_lossy(mail).into_owned())
        .collect();
    let at_once = MemoryStore::new();
    take_bytes(&at_once, "hall", &mbox(&mails));
    let whole = tempfile::tempdir().unwrap();
    publish_as(&at_once, &site, whole.path());
    let expected = tree(whole.path());
    assert!(expected.keys().any(|name| name.ends_with("/000000.html")));
    assert!(
        !expected.keys().any(|name| name.contains("/msg0")),
        "no page has the other name"
    );
    for batch in [1, 7] {
        let store = MemoryStore::new();
        let out = tempfile::tempdir().unwrap();
        for piece in mails.chunks(batch) {
            take_bytes(&store, "hall", &mbox(piece));
            publish_as(&store, &site, out.path());
        }
        assert_same(
            &tree(out.path()),
            &expected,
            &format!("in batches of {batch}"),
        );
        rebuild(&store, &Limits::default(), true).unwrap();
        let rebuilt = tempfile::tempdir().unwrap();
        publish_as(&store, &site, rebuilt.path());
        assert_same(&tree(rebuilt.path()), &expected, "rebuilt");
    }
    for (name, bytes) in &expected {
        if let Some(route) = Route::parse(name) {
            let answer = with_site(&site, |settings| {
                let reader = Reader::new(&at_once, settings, Audience::Public).unwrap();
                reader.answer(&route).unwrap()
            });
            assert_eq!(&answer.page.bytes, bytes, "{name} live");
        }
    }
}

/// One more mail in a long volume: its page, those beside it, and what names the volume.
#[test]
fn one_more_mail_touches_its_neighbours_and_the_volume() {
    let site = site(|_| {});
    let store = MemoryStore::new();
    let mails: Vec<String> = (0..700)
        .map(|n| {
            let date = format!("Mon, {} Sep 2025 10:00:{:02} +0000", n % 28 + 1, n % 60);
            let parent = [format!("{}@x.example", n / 3)];
            let parents: Vec<&str> = parent
                .iter()
                .map(String::as_str)
                .filter(|_| n % 3 > 0)
                .collect();
            mail(
                &format!("{n}@x.example"),
                &date,
                &format!("Topic {}", n / 3),
                &parents,
                "text\n",
            )
        })
        .collect();
    take_bytes(&store, "hall", &mbox(&mails));
    let out = tempfile::tempdir().unwrap();
    publish_as(&store, &site, out.path());
    let more = mail(
        "more@x.example",
        SEPTEMBER[1],
        "Re: Topic 30",
        &["90@x.example"],
        "so\n",
    );
    take_bytes(&store, "hall", &mbox(&[more]));
    let report = publish_as(&store, &site, out.path());
    let pages: Vec<&String> = report
        .written
        .iter()
        .filter(|path| path.ends_with(".html"))
        .collect();
    assert!(pages.len() <= 14, "{pages:?}");
    let whole = tempfile::tempdir().unwrap();
    publish_as(&store, &site, whole.path());
    assert_same(&tree(out.path()), &tree(whole.path()), "one more and whole");
}

/// The pages of the two layouts lead to each other, so that no link breaks when a list changes over.
#[test]
fn a_page_of_the_other_layout_leads_to_the_one_in_its_place() {
    let store = MemoryStore::new();
    let first = mail("one@x.example", SEPTEMBER[0], "One", &[], "text\n");
    take_bytes(&store, "hall", &mbox(&[first]));
    let pipermail = site(|_| {});
    let own = site(|settings| settings.layout = LayoutName::Posthoc);
    let moved = |site: &Site, path: &str| match answered(&store, site, path).status {
        Status::Moved(to) => to.path(),
        other => panic!("{path}: {other:?}"),
    };
    for (from, to) in [
        (
            "hall/2025-September/msg00000.html",
            "hall/2025-September/000000.html",
        ),
        ("hall/n/0", "hall/2025-September/000000.html"),
        ("hall/mid/one@x.example/", "hall/2025-September/000000.html"),
        ("hall/2025-September/attachments.html", "hall/index.html"),
        ("hall/attachments.html", "hall/index.html"),
        (
            "hall/2025-September/date-03.html",
            "hall/2025-September/date.html",
        ),
    ] {
        assert_eq!(moved(&pipermail, from), to, "{from}");
    }
    for (from, to) in [
        (
            "hall/2025-September/000000.html",
            "hall/2025-September/msg00000.html",
        ),
        ("hall/2025-September.txt", "hall/2025-September.txt.gz"),
    ] {
        assert_eq!(moved(&own, from), to, "{from}");
    }
}

const WITH_FILE: &str = "Message-ID: <file@x.example>\nDate: Tue, 2 Sep 2025 23:30:00 -0300\n\
    From: Ada Example <ada@example.org>\nSubject: A picture\nMIME-Version: 1.0\n\
    Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nsee below\n--b\n\
    Content-Type: image/png; name=lamp.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n\
    --b\nContent-Type: image/svg+xml; name=lamp.svg\n\n<svg onload='alert(1)'/>\n--b--\n";

/// The path of the first file that a page names.
fn file_named(page: &str, ending: &str) -> String {
    let begin = "https://lists.example.org/pipermail/";
    let links = page.split(begin).skip(1).map(|rest| {
        let end = rest.find(['"', '&', '<']).unwrap_or(rest.len());
        rest[..end].to_owned()
    });
    let mut links = links.filter(|link| link.contains("attachments/") && link.ends_with(ending));
    links
        .next()
        .unwrap_or_else(|| panic!("no {ending} in {page}"))
}

#[test]
fn files_stand_where_notes_say_and_go_with_their_mail() {
    let site = site(|_| {});
    let store = MemoryStore::new();
    let other = mail("two@x.example", SEPTEMBER[1], "Two", &[], "text\n");
    take_bytes(&store, "hall", &mbox(&[WITH_FILE.to_owned(), other]));
    let page = shown(&store, &site, "hall/2025-September/000000.html");
    let picture = file_named(&page, ".png");
    // The day is the author's, which is the third in UTC.
    assert!(
        picture.starts_with("hall/attachments/20250902/"),
        "{picture}"
    );
    let out = tempfile::tempdir().unwrap();
    publish_as(&store, &site, out.path());
    let drawing = file_named(&page, ".svg.txt");
    for path in [&picture, &drawing] {
        let answer = answered(&store, &site, path);
        assert_eq!(answer.status, Status::Found, "{path}");
        assert_eq!(fs::read(out.path().join(path)).unwrap(), answer.page.bytes);
        let own = self::site(|settings| settings.layout = LayoutName::Posthoc);
        assert_eq!(
            answered(&store, &own, path).status,
            Status::Found,
            "{path} in the other layout"
        );
    }
    assert_eq!(
        answered(&store, &site, &drawing).page.media_type,
        "text/plain"
    );
    take_down(&store, &["file@x.example"], None, false);
    publish_as(&store, &site, out.path());
    assert!(
        !out.path().join(&picture).exists(),
        "{picture} is still there"
    );
    assert_eq!(answered(&store, &site, &picture).status, Status::Gone);
    assert_eq!(
        answered(&store, &site, "hall/2025-September/000000.html").status,
        Status::Gone
    );
    let index = shown(&store, &site, "hall/2025-September/thread.html");
    assert!(!index.contains("A picture"), "{index}");
    let whole = tempfile::tempdir().unwrap();
    publish_as(&store, &site, whole.path());
    let before: BTreeMap<_, _> = tree(out.path())
        .into_iter()
        .filter(|(name, _)| !name.starts_with("_rules"))
        .collect();
    let whole: BTreeMap<_, _> = tree(whole.path())
        .into_iter()
        .filter(|(name, _)| !name.starts_with("_rules"))
        .collect();
    assert_same(&before, &whole, "after a removal");
}

/// What a list hides beyond Pipermail's masking is hidden here too.
#[test]
fn masks_and_downloads_hold() {
    let store = MemoryStore::new();
    let first = mail(
        "one@x.example",
        SEPTEMBER[0],
        "One",
        &[],
        "write to ada@example.org\n",
    );
    take_bytes(&store, "hall", &mbox(&[first]));
    let page = "hall/2025-September/000000.html";
    let text = "hall/2025-September.txt";
    let at = site(|settings| settings.mask = Some(Mask::At));
    assert!(shown(&store, &at, page).contains("ada at example.org"));
    assert!(shown(&store, &at, text).contains("ada at example.org"));
    for mask in [Mask::Domain, Mask::Full] {
        let hidden = site(|settings| settings.mask = Some(mask));
        for path in [page, text, "hall/2025-September/author.html"] {
            let said = shown(&store, &hidden, path);
            assert!(
                !said.contains("example.org&gt;") && !said.contains("ada at example.org"),
                "{path}: {said}"
            );
        }
    }
    let closed = site(|settings| settings.downloads = Some(Downloads::None));
    assert_eq!(answered(&store, &closed, text).status, Status::NotFound);
    assert!(!shown(&store, &closed, "hall/index.html").contains(".txt"));
}

/// A mail that came before the frequency changed stays where it is; both kinds of volume stand in the table of
/// contents.
#[test]
fn frequencies_may_change_twice() {
    use posthoc_core::text::Frequency;
    let store = MemoryStore::new();
    for (n, frequency) in [Frequency::Monthly, Frequency::Yearly, Frequency::Weekly]
        .into_iter()
        .enumerate()
    {
        let site = site(|settings| settings.volumes = Some(frequency));
        record_settings(
            &store,
            &site,
            std::time::Duration::ZERO,
            NOW,
            &Limits::default(),
        )
        .unwrap();
        let mail = mail(
            &format!("{n}@x.example"),
            SEPTEMBER[n],
            "Topic",
            &[],
            "text\n",
        );
        let mut options = options("hall");
        options.site = site;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("in.mbox");
        fs::write(&path, mbox(&[mail])).unwrap();
        import(&store, &[path], &options, &mut |_| {}).unwrap();
    }
    let site = site(|settings| settings.volumes = Some(Frequency::Weekly));
    let toc = shown(&store, &site, "hall/index.html");
    for (volume, number) in [
        ("2025-September", 0),
        ("2025", 1),
        ("Week-of-Mon-20250901", 2),
    ] {
        assert!(
            toc.contains(&format!("\"{volume}/thread.html\"")),
            "{volume}: {toc}"
        );
        assert!(Volume::parse(volume).is_some());
        shown(&store, &site, &format!("hall/{volume}/{number:06}.html"));
    }
}

/// Mailman's own places for templates, the closer before the farther; what is broken in one stays as it is
/// written.
#[test]
fn a_sites_own_templates_are_used() {
    let store = MemoryStore::new();
    let first = mail(
        "one@x.example",
        SEPTEMBER[0],
        "=?utf-8?q?P=C5=99=C3=ADli=C5=A1?=",
        &[],
        "text\n",
    );
    take_bytes(&store, "hall", &mbox(&[first]));
    let files = [
        ("templates/cs/article.html", &b"far"[..]),
        (
            "lists/hall/cs/article.html",
            b"50%% \xb9 %(subject_html)s %(unknown)s %(broken",
        ),
        ("templates/site/en/emptyarchive.html", b"nothing"),
    ];
    let files = files.map(|(name, bytes)| (name.to_owned(), bytes.to_vec()));
    let site = site(|settings| {
        settings.language = Some("cs".to_owned());
        settings.pipermail.templates = std::sync::Arc::new(files.to_vec());
    });
    let page = answered(&store, &site, "hall/2025-September/000000.html").page;
    assert_eq!(page.media_type, "text/html; charset=iso-8859-2");
    assert_eq!(page.bytes, b"50% \xb9 P\xf8\xedli\xb9 %(unknown)s %(broken");
}

/// Pipermail numbered every mail of a mailbox, also one that stood there twice, with or without an id. The mails
/// behind it keep their numbers, both numbers answer, and a second run or another copy of the mailbox numbers
/// nothing.
#[test]
fn a_mail_that_stands_twice_has_two_numbers() {
    let site = site(|_| {});
    let store = MemoryStore::new();
    let without_id = format!(
        "Date: {}\nFrom: Ada Example <ada@example.org>\nSubject: No id\n\ntext\n",
        SEPTEMBER[0]
    );
    let one = mail("one@x.example", SEPTEMBER[0], "One", &[], "text\n");
    let mails = [
        without_id.clone(),
        without_id,
        one.clone(),
        mail("two@x.example", SEPTEMBER[1], "Two", &[], "text\n"),
        one,
        mail("three@x.example", SEPTEMBER[2], "Three", &[], "text\n"),
    ];
    let folder = tempfile::tempdir().unwrap();
    for file in ["in.mbox", "in.mbox", "other.mbox"] {
        let path = folder.path().join(file);
        fs::write(&path, mbox(&mails)).unwrap();
        let mut options = options("hall");
        options.site = site.clone();
        let report = import(&store, &[path], &options, &mut |_| {}).unwrap();
        assert!(report.counts.balances());
    }
    for (number, subject) in [
        (0, "No id"),
        (1, "No id"),
        (2, "One"),
        (3, "Two"),
        (4, "One"),
        (5, "Three"),
    ] {
        let page = shown(
            &store,
            &site,
            &format!("hall/2025-September/{number:06}.html"),
        );
        assert!(
            page.contains(&format!("<H1>{subject}</H1>"))
                || page.contains(&format!("<h1>{subject}</h1>")),
            "{number}: {page}"
        );
    }
    let last = answered(&store, &site, "hall/2025-September/000006.html");
    assert_eq!(last.status, Status::NotFound);
    let index = shown(&store, &site, "hall/2025-September/date.html");
    assert!(
        index.contains("000002.html") && !index.contains("000004.html"),
        "{index}"
    );
    let own = self::site(|settings| settings.layout = LayoutName::Posthoc);
    for path in ["hall/2025-September/000004.html", "hall/n/4"] {
        let Status::Moved(to) = answered(&store, &own, path).status else {
            panic!("{path} leads nowhere");
        };
        assert_eq!(to.path(), "hall/2025-September/msg00002.html");
    }
    with_site(&site, |settings| {
        let reader = Reader::new(&store, settings, Audience::Operator).unwrap();
        let found = check(&store, &reader, &mut |_, _| {}).unwrap();
        assert!(found.damage.is_empty(), "{:?}", found.damage);
    });
    let out = tempfile::tempdir().unwrap();
    publish_as(&store, &site, out.path());
    assert!(out.path().join("hall/2025-September/000004.html").exists());
    rebuild(&store, &Limits::default(), true).unwrap();
    let rebuilt = tempfile::tempdir().unwrap();
    publish_as(&store, &site, rebuilt.path());
    assert_same(&tree(out.path()), &tree(rebuilt.path()), "rebuilt");
}

/// Pipermail cut a text at a line that begins with `From ` and numbered the rest.
#[test]
fn the_rest_of_a_mail_that_pipermail_cut_leads_to_it() {
    let site = site(|_| {});
    let store = MemoryStore::new();
    let cut = mail(
        "one@x.example",
        SEPTEMBER[0],
        "One",
        &[],
        "text\n\nFrom here on all is well\n\nrest\n",
    );
    let two = mail("two@x.example", SEPTEMBER[1], "Two", &[], "text\n");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in.mbox");
    fs::write(&path, mbox(&[cut, two])).unwrap();
    let mut options = options("hall");
    options.site = site.clone();
    options.split = source::Split::EveryFrom;
    for _ in 0..2 {
        import(&store, std::slice::from_ref(&path), &options, &mut |_| {}).unwrap();
    }
    let Status::Moved(to) = answered(&store, &site, "hall/2025-September/000001.html").status
    else {
        panic!("the rest leads nowhere");
    };
    assert_eq!(to.path(), "hall/2025-September/000000.html");
    assert!(shown(&store, &site, "hall/2025-September/000002.html").contains("Two"));
    let index = shown(&store, &site, "hall/2025-September/date.html");
    assert!(!index.contains("000001.html"), "{index}");
}
