//! Removal: what is gone, where, and that it stays gone.

use crate::prelude::*;
use std::collections::BTreeMap;

const DATE: &str = "Mon, 3 Nov 2025 10:00:00 +0000";
/// In every field of the mail that is removed.
const TOKEN: &str = "zyxomma";

/// A mail of which every field holds the token.
fn secret() -> String {
    format!(
        "Received: from {TOKEN}.example by mx; {DATE}\nMessage-ID: <{TOKEN}@id.example>\nDate: {DATE}\n\
         From: {TOKEN} Name <{TOKEN}@author.example>\nSubject: {TOKEN} subject\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=b\n\n--b\n\nThe {TOKEN} text\nstands\nin\nfive\nlines\n\
         --b\nContent-Type: text/plain; name={TOKEN}.txt\nContent-Disposition: attachment; \
         filename={TOKEN}.txt\n\n{TOKEN} attached\n--b--\n"
    )
}

/// An answer that does not say the token but in its references.
fn answer(id: &str) -> String {
    mail(
        id,
        "Mon, 3 Nov 2025 11:00:00 +0000",
        "Re: answer",
        &[&format!("{TOKEN}@id.example")],
        "I see.",
    )
}

fn thread() -> Vec<String> {
    let other = mail(
        "other@x",
        "Sun, 2 Nov 2025 11:00:00 +0000",
        "Other",
        &[],
        "o",
    );
    vec![other, secret(), answer("re@x")]
}

pub fn why() -> Decided {
    Decided {
        reason: "asked for".to_owned(),
        by: "tests".to_owned(),
        now: NOW,
    }
}

pub fn take_down(store: &dyn Store, names: &[&str], list: Option<&str>, purge: bool) -> u64 {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let list = list.and_then(ListName::new);
    let chosen = with_settings(|settings| {
        let reader = Reader::new(store, settings, Audience::Operator).unwrap();
        reader.removal(&names, None, list.as_ref(), NOW).unwrap()
    });
    remove(store, &Limits::default(), &chosen, &why(), purge).unwrap()
}

pub fn put_back(store: &dyn Store, name: &str) -> u64 {
    with_settings(|settings| {
        let reader = Reader::new(store, settings, Audience::Operator).unwrap();
        unremove(store, &reader, None, &[name.to_owned()], &why()).unwrap()
    })
}

pub fn total(store: &dyn Store, query: &str) -> u64 {
    with_settings(|settings| {
        let reader = Reader::new(store, settings, Audience::Public).unwrap();
        let found = reader.search(&request(query)).unwrap();
        assert_eq!(found.total, found.hits.len() as u64);
        found.total
    })
}

pub fn status(store: &dyn Store, path: &str) -> (Status, String) {
    with_settings(|settings| {
        let reader = Reader::new(store, settings, Audience::Public).unwrap();
        let answer = reader.answer(&Route::parse(path).unwrap()).unwrap();
        let bytes = String::from_utf8_lossy(&answer.page.bytes).into_owned();
        (answer.status, bytes)
    })
}

pub fn clean(store: &dyn Store) {
    with_settings(|settings| {
        let reader = Reader::new(store, settings, Audience::Operator).unwrap();
        let report = check(store, &reader, &mut |_, _| {}).unwrap();
        assert_eq!(report.damage, Vec::<String>::new());
    });
}

pub fn site(store: &dyn Store) -> BTreeMap<String, Vec<u8>> {
    let out = tempfile::tempdir().unwrap();
    publish_to(store, out.path());
    tree(out.path())
}

/// A site's files with the compressed ones unpacked.
pub fn readable(site: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, String> {
    let plain = |(name, bytes): (&String, &Vec<u8>)| {
        let mut text = Vec::new();
        match name.ends_with(".gz") {
            true => {
                let mut reader = flate2::read::MultiGzDecoder::new(&bytes[..]);
                std::io::Read::read_to_end(&mut reader, &mut text).unwrap();
            }
            false => text.clone_from(bytes),
        }
        (name.clone(), String::from_utf8_lossy(&text).into_owned())
    };
    site.iter().map(plain).collect()
}

/// Files that hold the token, the references of its answers apart.
fn traces(site: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let spoken = |text: &str| {
        let text = text.replace(&format!("<{TOKEN}@id.example>"), "");
        text.contains(TOKEN)
    };
    readable(site)
        .into_iter()
        .filter(|(name, text)| name.contains(TOKEN) || spoken(text))
        .map(|(name, _)| name)
        .collect()
}

#[test]
fn a_removed_root_leaves_its_place_and_nothing_else() {
    let store = MemoryStore::new();
    take_bytes(&store, "town", &mbox(&thread()));
    let before = site(&store);
    assert!(
        traces(&before).len() > 8,
        "the token is to be seen at first"
    );
    assert_eq!(total(&store, TOKEN), 1);

    assert_eq!(
        take_down(&store, &[&format!("<{TOKEN}@id.example>")], None, false),
        1
    );
    let after = site(&store);
    assert_eq!(traces(&after), Vec::<String>::new());
    assert_eq!(total(&store, TOKEN), 0);
    let text = readable(&after);
    let key = after
        .keys()
        .find_map(|name| name.strip_prefix("town/thread/"))
        .unwrap();
    assert!(text["town/2025-November/thread.html"].contains("a mail that was removed"));
    let whole = &text[&format!("town/thread/{key}")];
    let others = before
        .keys()
        .filter(|name| name.starts_with("town/thread/"));
    assert_eq!(others.count(), 2, "{:?}", before.keys());
    assert!(whole.contains("a mail that") || whole.contains("Other"));
    assert!(text["town/2025-November/msg00001.html"].contains("was removed from the archive"));
    assert!(text["_rules/nginx-removed.conf"].contains("\"/town/2025-November/msg00001.html\" 1;"));
    assert!(
        text["_rules/apache-removed.conf"]
            .contains("gone \"^/town/2025-November/msg00001\\.html$\"")
    );
    for path in [
        "town/2025-November/msg00001.html",
        "town/2025-November/msg00001.eml",
        "town/n/1",
        &format!("town/mid/{TOKEN}@id.example/"),
        &format!("mid/{TOKEN}@id.example/"),
    ] {
        let (status, bytes) = status(&store, path);
        assert_eq!(status, Status::Gone, "{path}");
        assert!(
            !bytes.contains(TOKEN) && !bytes.contains("2025-11-03"),
            "{path}: {bytes}"
        );
    }
    clean(&store);
    rebuild(&store, &Limits::default(), true).unwrap();
    assert_same(&site(&store), &after, "rebuilt");
    clean(&store);

    assert_eq!(put_back(&store, &format!("{TOKEN}@id.example")), 1);
    assert_eq!(total(&store, TOKEN), 1);
    let mut back = site(&store);
    back.retain(|name, _| !name.starts_with("_rules/"));
    assert_same(&back, &before, "taken back");
    clean(&store);
}

#[test]
fn publishing_again_equals_publishing_anew() {
    let store = MemoryStore::new();
    take_bytes(&store, "town", &mbox(&thread()));
    let out = tempfile::tempdir().unwrap();
    publish_to(&store, out.path());
    take_down(&store, &["1"], Some("town"), false);
    publish_to(&store, out.path());
    assert_same(&tree(out.path()), &site(&store), "removed");
    // The last mail of a month goes: so do its pages.
    take_down(&store, &["0"], Some("town"), false);
    take_down(&store, &["2"], Some("town"), false);
    publish_to(&store, out.path());
    assert_same(&tree(out.path()), &site(&store), "all removed");
    assert!(!tree(out.path()).contains_key("town/2025-November/date.html"));
    put_back(&store, "re@x");
    publish_to(&store, out.path());
    let (mut one, mut other) = (tree(out.path()), site(&store));
    one.retain(|name, _| !name.starts_with("_rules/"));
    other.retain(|name, _| !name.starts_with("_rules/"));
    assert_same(&one, &other, "one back");
    clean(&store);
}

#[test]
fn long_volumes_are_cut_anew_when_mails_leave() {
    let store = MemoryStore::new();
    let mails: Vec<String> = (0..502)
        .map(|n| {
            let date = format!("Mon, {} Nov 2025 10:00:{:02} +0000", n % 28 + 1, n % 60);
            mail(
                &format!("{n}@x"),
                &date,
                &format!("{} words", n % 26),
                &[],
                "t",
            )
        })
        .collect();
    take_bytes(&store, "long", &mbox(&mails));
    let out = tempfile::tempdir().unwrap();
    publish_to(&store, out.path());
    for names in [["3@x"], ["4@x"]] {
        take_down(&store, &names, None, false);
        publish_to(&store, out.path());
        assert_same(&tree(out.path()), &site(&store), names[0]);
    }
    assert!(!tree(out.path()).contains_key("long/2025-November/date-05.html"));
    clean(&store);
}

#[test]
fn a_removed_mail_stays_gone_however_it_comes_again() {
    let store = MemoryStore::new();
    take_bytes(&store, "town", &mbox(&thread()));
    take_down(&store, &[&format!("{TOKEN}@id.example")], None, false);
    let again = [
        ("town", secret(), "the same file"),
        ("town", format!("X-Trace: 1\n{}", secret()), "another copy"),
        ("village", secret(), "a cross-post"),
        (
            "hamlet",
            format!("X-Trace: 2\n{}", secret()),
            "a cross-posted copy",
        ),
        (
            "town",
            secret().replace("--b--\n", "--b\n\n_____\nunknown footer\n--b--\n"),
            "another footer",
        ),
    ];
    for (list, mail, what) in again {
        let report = take_bytes(&store, list, &mbox(std::slice::from_ref(&mail)));
        assert_eq!(report.counts.removed, 1, "{what}: {report:?}");
        let list = ListName::new(list).unwrap();
        deliver(&store, &list, mail.as_bytes(), NOW, &Limits::default()).unwrap();
        assert_eq!(traces(&site(&store)), Vec::<String>::new(), "{what}");
        assert_eq!(total(&store, TOKEN), 0, "{what}");
    }
    clean(&store);
    let before = site(&store);
    rebuild(&store, &Limits::default(), true).unwrap();
    assert_same(&site(&store), &before, "rebuilt");
    assert_eq!(total(&store, TOKEN), 0);
}

#[test]
fn an_unchanged_source_counts_what_is_removed() {
    let store = MemoryStore::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.mbox");
    std::fs::write(&path, mbox(&thread())).unwrap();
    take(&store, "town", &path);
    take_down(&store, &["1"], Some("town"), false);
    let report = take(&store, "town", &path);
    assert_eq!((report.counts.duplicate, report.counts.removed), (2, 1));
}

#[test]
fn a_removal_on_one_list_leaves_the_other() {
    let store = MemoryStore::new();
    for list in ["town", "village"] {
        take_bytes(&store, list, &mbox(&[secret()]));
    }
    take_down(
        &store,
        &[&format!("{TOKEN}@id.example")],
        Some("town"),
        false,
    );
    let found = traces(&site(&store));
    assert!(
        !found.is_empty() && found.iter().all(|name| name.starts_with("village")),
        "{found:?}"
    );
    assert_eq!(total(&store, TOKEN), 1);
    clean(&store);
}

#[test]
fn a_variant_stays_when_the_other_is_named_by_number() {
    let store = MemoryStore::new();
    let one = mail("v@x", DATE, "One", &[], "one");
    let other = mail("v@x", DATE, "Other", &[], "other");
    take_bytes(&store, "town", &mbox(&[one.clone(), other.clone()]));
    take_down(&store, &["0"], Some("town"), false);
    assert_eq!((total(&store, "one"), total(&store, "other")), (0, 1));
    // A third mail with the id is another mail; the first one is not.
    let third = mail("v@x", DATE, "Third", &[], "third");
    take_bytes(&store, "town", &mbox(&[third, format!("X: y\n{one}")]));
    assert_eq!((total(&store, "one"), total(&store, "third")), (0, 1));
    take_down(&store, &["v@x"], None, false);
    assert_eq!(total(&store, "other") + total(&store, "third"), 0);
    clean(&store);
}

#[test]
fn a_reader_who_pages_through_a_search_never_meets_it() {
    let store = MemoryStore::new();
    take_bytes(&store, "town", &mbox(&thread()));
    with_settings(|settings| {
        // A server reads rows of one state with an index of another.
        let reader = Reader::new(&store, settings, Audience::Public).unwrap();
        take_down(&store, &["1"], Some("town"), false);
        for reader in [
            reader,
            Reader::new(&store, settings, Audience::Public).unwrap(),
        ] {
            let request = SearchRequest {
                query: TOKEN.to_owned(),
                lists: Vec::new(),
                order: Order::NewestFirst,
                offset: 1,
                limit: 10,
                snippets: true,
                forms: true,
                now: NOW,
            };
            assert_eq!(reader.search(&request).unwrap().hits.len(), 0);
        }
    });
    assert_eq!(total(&store, TOKEN), 0);
}

#[test]
fn the_log_tells_who_when_and_why() {
    let store = MemoryStore::new();
    take_bytes(&store, "town", &mbox(&thread()));
    take_down(&store, &["other@x", "re@x"], None, false);
    put_back(&store, "re@x");
    let log = with_settings(|settings| {
        let reader = Reader::new(&store, settings, Audience::Operator).unwrap();
        reader.removals().unwrap()
    });
    let lines: Vec<_> = log
        .iter()
        .map(|entry| (entry.action, entry.mail.number, entry.state))
        .collect();
    let expected = [
        ("remove", 0, "removed"),
        ("remove", 2, "shown"),
        ("unremove", 2, "shown"),
    ];
    assert_eq!(lines, expected);
    assert_eq!((&*log[0].by, &*log[0].reason), ("tests", "asked for"));
}

#[test]
fn mails_that_quote_it_are_named() {
    let store = MemoryStore::new();
    let quoted = "> The zyxomma text\n> stands\n>in\n> > five\n> lines\n";
    let quoting = mail("q@x", DATE, "Re", &[&format!("{TOKEN}@id.example")], quoted);
    let mut mails = thread();
    mails.push(quoting);
    take_bytes(&store, "town", &mbox(&mails));
    let found = with_settings(|settings| {
        let reader = Reader::new(&store, settings, Audience::Operator).unwrap();
        let chosen = reader
            .removal(&[format!("{TOKEN}@id.example")], None, None, NOW)
            .unwrap();
        reader.quoting(&chosen.mails).unwrap()
    });
    assert_eq!(found.len(), 1);
    assert_eq!((&*found[0].mail.id, found[0].lines), ("q@x", 5));
}
