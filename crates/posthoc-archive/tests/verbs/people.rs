//! Pages of people, and a list in numbers.

use crate::prelude::*;
use crate::redact::take_out_of;
use crate::removal::{put_back, readable, take_down};
use posthoc_core::page::{LayoutName, Mask, People};
use std::collections::BTreeMap;
use std::path::Path;

/// A mail by somebody.
fn by(who: &str, n: usize, references: &[&str]) -> String {
    let date = format!("{} Nov 2025 {:02}:00:00 +0100", n % 28 + 1, n % 23 + 1);
    let text = mail(
        &format!("m{n}@x"),
        &date,
        &format!("Subject {n}"),
        references,
        "t",
    );
    text.replace("Ada Example <ada@example.org>", who)
}

const ADA: &str = "Ada <ada@example.org>";
const OLD_ADA: &str = "A. Example <Ada@Old.example>";
const OTHER_ADA: &str = "Ada <another.ada@example.net>";

/// Three mails by Ada from two addresses, one by another Ada, two by Bo.
fn few() -> Vec<u8> {
    mbox(&[
        by(ADA, 0, &[]),
        by(OLD_ADA, 1, &["m0@x"]),
        by(OTHER_ADA, 2, &[]),
        by(ADA, 3, &["m0@x"]),
        by("Bo <bo@example.org>", 4, &["m0@x"]),
        by("Bo <bo@example.org>", 5, &[]),
    ])
}

const MAILMAP: &str = "Ada Lovelace <ada@example.org> <ada@old.example>\n";

fn told(apart: &[&str]) -> Site {
    let apart: Vec<String> = apart.iter().map(|address| (*address).to_owned()).collect();
    Site {
        people: People::parse(MAILMAP, &apart),
        ..Site::default()
    }
}

fn publish_as(store: &dyn Store, site: &Site, out: &Path) -> PublishReport {
    let layout = OwnLayout::new(site).unwrap();
    let settings = Settings {
        site,
        layout: &layout,
        limits: &Limits::default(),
        folds: &Folds::default(),
    };
    let options = PublishOptions::default();
    publish(store, &settings, out, &options, &|_, _| {}).unwrap()
}

fn published(store: &dyn Store, site: &Site) -> BTreeMap<String, String> {
    let out = tempfile::tempdir().unwrap();
    publish_as(store, site, out.path());
    readable(&tree(out.path()))
}

/// Pages of people: their names, and what they hold.
fn people(site: &BTreeMap<String, String>) -> Vec<(&String, &String)> {
    let is_one = |(path, _): &(&String, &String)| path.contains("/author/");
    site.iter().filter(is_one).collect()
}

/// The page that a mail's page links as that of its author.
fn author_of(site: &BTreeMap<String, String>, number: u32) -> Option<String> {
    let page = &site[&format!("town/2025-November/msg{number:05}.html")];
    let (_, link) = page.split_once("<p class=\"author\"><a href=\"../")?;
    Some(format!("town/{}", link.split('"').next()?))
}

#[test]
fn a_person_has_the_mails_of_their_addresses_and_nobody_elses() {
    let store = MemoryStore::new();
    take_bytes(&store, "town", &few());
    let site = published(&store, &Site::default());
    assert_eq!(people(&site).len(), 4, "every address is another person");
    let site = published(&store, &told(&[]));
    assert_eq!(people(&site).len(), 3);
    let ada = author_of(&site, 0).unwrap();
    for (number, is_hers) in [(1, true), (2, false), (3, true), (4, false)] {
        let page = author_of(&site, number).unwrap();
        assert_eq!(page == ada, is_hers, "{number}");
        assert!(site.contains_key(&page), "{page}");
    }
    let page = &site[&ada];
    for words in [
        "<h1><bdi>Ada Lovelace</bdi></h1>",
        "3 mails from <bdi>ada at example.org</bdi>, <bdi>Ada at Old.example</bdi></p>",
        "content=\"noindex\"",
        "msg00000.html",
        "msg00001.html",
        "msg00003.html",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(
        !page.contains("Subject 2") && !page.contains("Subject 4"),
        "{page}"
    );
    // In the index by author a name that two people bear leads to neither.
    let index = &site["town/2025-November/author.html"];
    let heading = |name: &str| index.contains(&format!("<h2><bdi>{name}</bdi></h2>"));
    assert!(heading("Ada") && !heading("Bo"), "{index}");
}

#[test]
fn any_mail_leads_to_its_authors_page_live() {
    let store = MemoryStore::new();
    take_bytes(&store, "town", &few());
    let site = published(&store, &Site::default());
    let (ada, bo) = (author_of(&site, 0).unwrap(), author_of(&site, 4).unwrap());
    let page = |id: &str| {
        let key =
            posthoc_core::message::MessageKey::of(&posthoc_core::message::MessageId(id.into()));
        crate::removal::status(&store, &format!("town/author/{key}.html"))
    };
    let moved = |path: &str| Status::Moved(Route::parse(path).unwrap());
    assert_eq!(page("m3@x").0, moved(&ada));
    assert_eq!(page("m5@x").0, moved(&bo));
    assert_eq!(page("m0@x"), (Status::Found, site[&ada].clone()));
    assert_eq!(page("nobody@x").0, Status::NotFound);
    take_down(&store, &["m5@x"], None, false);
    assert_eq!(page("m5@x").0, Status::Gone);
}

/// Whoever asks has no page, with none of their addresses, and is not named; a list that shows nothing of
/// addresses, has another layout or wants none has no page of anybody.
#[test]
fn nobody_has_a_page_who_should_have_none() {
    let store = MemoryStore::new();
    take_bytes(&store, "town", &few());
    let asked = published(&store, &told(&["ada@OLD.example"]));
    assert_eq!(people(&asked).len(), 2);
    for number in [0, 1, 3] {
        assert_eq!(author_of(&asked, number), None);
    }
    let stats = &asked["town/stats.html"];
    assert!(
        stats.contains(">Bo<") && !stats.contains("Lovelace"),
        "{stats}"
    );
    let of_list = |change: fn(&mut posthoc_core::page::ListSettings)| {
        let mut site = told(&[]);
        change(&mut site.defaults);
        published(&store, &site)
    };
    for site in [
        of_list(|list| list.mask = Some(Mask::Full)),
        of_list(|list| list.no_author_pages = true),
        of_list(|list| list.layout = LayoutName::Pipermail),
    ] {
        assert_eq!(people(&site), []);
        if let Some(stats) = site.get("town/stats.html") {
            assert!(!stats.contains("Who writes most"), "{stats}");
            assert_eq!(author_of(&site, 0), None);
        }
    }
}

/// In whose name a list writes, many write.
#[test]
fn the_lists_own_address_is_nobody() {
    let store = MemoryStore::new();
    take_bytes(
        &store,
        "town",
        &mbox(&[by("Town <town@lists.example>", 0, &[])]),
    );
    let site = published(&store, &Site::default());
    assert_eq!(people(&site), []);
}

#[test]
fn a_list_in_numbers() {
    let store = MemoryStore::new();
    let late = by(ADA, 6, &[]).replace("Nov 2025", "Jan 2026");
    take_bytes(&store, "town", &[few(), mbox(&[late])].concat());
    let site = published(&store, &told(&[]));
    let stats = &site["town/stats.html"];
    for words in [
        "7 mails in 4 threads from 4 addresses",
        "<th scope=\"row\">November 2025</th><td>6</td><td>3</td>",
        "<th scope=\"row\">December 2025</th><td>0</td><td>0</td>",
        "<th scope=\"row\">January 2026</th><td>1</td><td>1</td>",
        // On the clock of who wrote it, not on the list's.
        "<th scope=\"row\">5 to 6 o&#39;clock</th><td>1</td>",
        "4 mails, the first by <bdi>Ada</bdi>",
        "<bdi>Ada Lovelace</bdi></a> <span class=\"count\">4 mails</span>",
        "<bdi>Bo</bdi></a> <span class=\"count\">2 mails</span>",
    ] {
        assert!(stats.contains(words), "{words}: {stats}");
    }
    assert!(
        stats.find("Ada Lovelace") < stats.find("<bdi>Bo"),
        "{stats}"
    );
    assert!(site["town/index.html"].contains("href=\"stats.html\""));
    // What is removed is neither counted nor named.
    take_down(&store, &["m0@x", "m4@x", "m6@x"], None, false);
    let site = published(&store, &told(&[]));
    let stats = &site["town/stats.html"];
    for words in [
        "4 mails in 3 threads from 4 addresses",
        "2 mails, the first by <bdi>A. Example</bdi>",
        "<bdi>Ada Lovelace</bdi></a> <span class=\"count\">2 mails</span>",
    ] {
        assert!(stats.contains(words), "{words}: {stats}");
    }
    assert!(
        !stats.contains("January 2026") && !stats.contains("<bdi>Bo"),
        "{stats}"
    );
}

/// Publishes what changed into a folder, and compares it with publishing all of it, now and after all was
/// derived anew.
fn in_step(store: &dyn Store, out: &Path, what: &str) -> PublishReport {
    let site = told(&[]);
    let report = publish_as(store, &site, out);
    let whole = tempfile::tempdir().unwrap();
    publish_as(store, &site, whole.path());
    let (mut here, there) = (tree(out), tree(whole.path()));
    // Rule files that were there stay, also when they have nothing to say.
    here.retain(|path, _| !path.starts_with("_rules/") || there.contains_key(path));
    assert_same(&here, &there, what);
    report
}

/// A person with many mails has pages of a hundred, and one more mail touches few of them.
#[test]
fn many_mails_are_cut_by_hundreds() {
    let store = MemoryStore::new();
    let out = tempfile::tempdir().unwrap();
    let who = |n: usize| if n.is_multiple_of(3) { OLD_ADA } else { ADA };
    let mails: Vec<String> = (0..310).map(|n| by(who(n), n, &[])).collect();
    let mut taken = 0;
    for (upto, count) in [(199, 1), (200, 2), (310, 3)] {
        take_bytes(&store, "town", &mbox(&mails[taken..upto]));
        taken = upto;
        in_step(&store, out.path(), &format!("{upto} mails"));
        let pages = people(&readable(&tree(out.path()))).len();
        assert_eq!(pages, count, "{upto} mails");
    }
    let first = author_of(&readable(&tree(out.path())), 0).unwrap();
    let earlier = |page: u32| first.replace(".html", &format!("-{page}.html"));
    let site = readable(&tree(out.path()));
    assert!(site[&first].contains("310 mails from"));
    assert!(site[&earlier(2)].contains("mails 101 to 200"));
    for (page, of) in [(1, 0), (1, 99), (2, 100), (2, 199)] {
        assert!(
            site[&earlier(page)].contains(&format!("msg{of:05}.html")),
            "{page} {of}"
        );
    }
    assert!(site[&first].contains("msg00200.html") && site[&first].contains("msg00309.html"));
    // A late mail by date is the newest by arrival.
    take_bytes(
        &store,
        "town",
        &mbox(&[by(ADA, 1_000, &[]).replace("2025", "2024")]),
    );
    let report = in_step(&store, out.path(), "one more");
    let touched = report
        .written
        .iter()
        .filter(|path| path.contains("/author/"));
    assert_eq!(touched.collect::<Vec<_>>(), [&first]);
    // Removed mails let the later ones move up, and take their name with them.
    for (ids, what) in [
        (vec!["m150@x"], "one within"),
        (vec!["m0@x", "m1@x", "m309@x"], "the first and the last"),
    ] {
        take_down(&store, &ids, None, false);
        in_step(&store, out.path(), what);
    }
    assert!(!tree(out.path()).contains_key(&first));
    put_back(&store, "m0@x");
    in_step(&store, out.path(), "the first is back");
    assert!(tree(out.path()).contains_key(&first));
    let all: Vec<String> = (0..230).map(|n| format!("m{n}@x")).collect();
    take_down(
        &store,
        &all.iter().map(String::as_str).collect::<Vec<_>>(),
        None,
        false,
    );
    rebuild(&store, &Limits::default(), true).unwrap();
    in_step(&store, out.path(), "most are gone, and all derived anew");
}

/// Whose a mail was is not known any more when that was taken out of it, or all of it was destroyed.
#[test]
fn nothing_stays_of_an_author_who_was_taken_out() {
    let store = MemoryStore::new();
    let out = tempfile::tempdir().unwrap();
    take_bytes(&store, "town", &few());
    in_step(&store, out.path(), "at first");
    take_out_of(&store, "m4@x", None, &[Piece::Header("From".to_owned())]).unwrap();
    in_step(&store, out.path(), "without its author");
    take_down(&store, &["m5@x"], None, true);
    finish_purges(&store, &Limits::default()).unwrap();
    in_step(&store, out.path(), "destroyed");
    let site = readable(&tree(out.path()));
    assert_eq!(people(&site).len(), 2);
    for (path, page) in site {
        assert!(!page.contains("bo at example.org"), "{path}");
    }
    rebuild(&store, &Limits::default(), true).unwrap();
    in_step(&store, out.path(), "derived anew");
}

/// Settings about people make anew what they concern.
#[test]
fn who_asks_later_is_gone_with_the_next_publishing() {
    let store = MemoryStore::new();
    let out = tempfile::tempdir().unwrap();
    take_bytes(&store, "town", &few());
    for site in [
        Site::default(),
        told(&[]),
        told(&["ada@example.org"]),
        Site::default(),
    ] {
        publish_as(&store, &site, out.path());
        assert_eq!(
            people(&readable(&tree(out.path()))),
            people(&published(&store, &site)),
        );
    }
}
