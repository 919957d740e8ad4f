//! Questions whose answers lie in the catalog, and mails that have a part of what was asked.

use crate::prelude::*;
use crate::public::with_list;
use crate::removal::{put_back, take_down};
use posthoc_archive::{FoundMails, Reader, SearchRequest};
use posthoc_core::page::{Audience, Downloads, Mask};
use posthoc_store::Store;

const DATE: &str = "Sun, 02 Nov 2025 15:31:00 +0100";

/// Two threads and an answer to a mail that is not here.
fn threads() -> MemoryStore {
    let store = MemoryStore::new();
    let mails = [
        mail(
            "1@x.example",
            DATE,
            "bells",
            &[],
            "who rings the great bell",
        ),
        mail(
            "2@x.example",
            DATE,
            "Re: bells",
            &["1@x.example"],
            "the sexton does",
        ),
        mail(
            "3@x.example",
            DATE,
            "Re: bells",
            &["1@x.example", "2@x.example"],
            "and on Sundays",
        ),
        mail("4@x.example", DATE, "boats", &[], "the great ferry is late"),
        mail(
            "5@x.example",
            DATE,
            "Re: lamps",
            &["0@x.example"],
            "no lamps",
        ),
    ];
    take_bytes(&store, "pub", &mbox(&mails));
    store
}

fn found(store: &dyn Store, mask: Mask, query: &str) -> FoundMails {
    with_list(mask, Downloads::Mbox, |settings| {
        let reader = Reader::new(store, settings, Audience::Public).unwrap();
        reader.search(&request(query)).unwrap()
    })
}

/// The first letters of the ids that are found, in order.
fn ids(store: &dyn Store, mask: Mask, query: &str) -> String {
    let mails = found(store, mask, query);
    assert_eq!(mails.total as usize, mails.hits.len(), "{query}");
    let mut ids: Vec<&str> = mails.hits.iter().map(|hit| &hit.id[..1]).collect();
    ids.sort_unstable();
    ids.concat()
}

#[test]
fn the_catalog_answers_for_threads() {
    let store = threads();
    let table = [
        ("is:root", "14"),
        ("is:reply", "235"),
        ("is:unanswered", "345"),
        ("is:unanswered is:root", "4"),
        ("-is:root subject:bells", "23"),
        ("thread:sexton", "123"),
        ("thread:(great)", "1234"),
        ("thread:(great is:unanswered)", "4"),
        ("thread:sexton is:unanswered", "3"),
        ("thread:nobody", ""),
        ("NOT thread:sexton", "45"),
        ("thread:<2@x.example>", "123"),
    ];
    for (query, expected) in table {
        assert_eq!(ids(&store, Mask::At, query), expected, "{query}");
        // On lists that hide addresses every mail is asked again.
        assert_eq!(ids(&store, Mask::Full, query), expected, "{query}");
    }
}

#[test]
fn a_removed_answer_answers_nothing() {
    let store = threads();
    take_down(&store, &["2@x.example", "3@x.example"], None, false);
    assert_eq!(ids(&store, Mask::At, "is:unanswered"), "145");
    assert_eq!(ids(&store, Mask::At, "thread:sexton"), "");
    put_back(&store, "3@x.example");
    assert_eq!(ids(&store, Mask::At, "thread:sundays"), "13");
}

#[test]
fn mails_with_some_of_the_words_follow() {
    let store = threads();
    let partial = |query: &str, offset: usize| {
        with_list(Mask::At, Downloads::Mbox, |settings| {
            let reader = Reader::new(&store, settings, Audience::Public).unwrap();
            let request = SearchRequest {
                offset,
                ..request(query)
            };
            let found = reader.search(&request).unwrap();
            let mut ids: Vec<String> = reader
                .search_partial(&request, &found)
                .unwrap()
                .iter()
                .map(|hit| hit.id[..1].to_owned())
                .collect();
            ids.sort_unstable();
            (found.total, ids.concat())
        })
    };
    assert_eq!(partial("great ferry", 0), (1, "1".to_owned()));
    assert_eq!(partial("great ferry", 1), (1, "1".to_owned()));
    assert_eq!(partial("great ferry", 2), (1, String::new()));
    assert_eq!(partial("great zzz", 0), (0, "14".to_owned()));
    assert_eq!(partial("great zzz -ferry", 0), (0, "1".to_owned()));
    assert_eq!(partial("great zzz is:reply", 0), (0, String::new()));
    assert_eq!(partial("zzz", 0), (0, String::new()));
    assert_eq!(partial("great OR zzz", 0), (2, String::new()));
    let hidden = with_list(Mask::Full, Downloads::Mbox, |settings| {
        let reader = Reader::new(&store, settings, Audience::Public).unwrap();
        let request = request("great zzz");
        let found = reader.search(&request).unwrap();
        reader.search_partial(&request, &found).unwrap().len()
    });
    assert_eq!(hidden, 0, "ranks would tell of hidden words");
}

/// Mails as they are written, and what they must be found by.
#[test]
fn real_situations() {
    let store = MemoryStore::new();
    let flowed = "From: Ada <ada@example.org>\nSubject: wrapped\nMessage-ID: <6@x.example>\nDate: Sun, \
                  02 Nov 2025 15:31:00 +0100\nContent-Type: text/plain; format=flowed\n\nthe soft \nwrapped line\n"
        .to_owned();
    let html = "From: Ada <ada@example.org>\nSubject: pretty\nMessage-ID: <7@x.example>\nDate: Sun, \
                02 Nov 2025 15:31:00 +0100\nContent-Type: text/html; charset=utf-8\n\n\
                <style>.hidden { color: red }</style><p>only <b>mark</b>up &amp; colours<p>Stra&szlig;e\n"
        .to_owned();
    let person = |n: usize, address: &str| {
        mail(
            &format!("{n}@y.example"),
            DATE,
            "five",
            &[],
            "from one person",
        )
        .replace("ada@example.org", address)
    };
    let mut mails = vec![
        mail(
            "1@x.example",
            DATE,
            "cut",
            &[],
            "a word that is hyphen-\nated over a line",
        ),
        mail(
            "2@x.example",
            DATE,
            "quoted",
            &["1@x.example"],
            "> a phrase that the quote\n> marks have broken\n\nyes",
        ),
        mail(
            "3@x.example",
            DATE,
            "Isparta",
            &[],
            "Il\u{131}k \u{130}stanbul",
        ),
        mail("4@x.example", DATE, "greek", &[], "ΟΔΥΣΣΕΥΣ and οδυσσευς"),
        mail(
            "5@x.example",
            DATE,
            "ti\u{1ebf}ng Vi\u{1ec7}t",
            &[],
            "tie\u{302}\u{301}ng and ｶﾞｲﾄﾞ",
        ),
        flowed,
        html,
    ];
    mails.extend((0..5).map(|n| person(n, &format!("ada@host{n}.example"))));
    let cron = |n: usize| {
        mail(
            &format!("{n}@cron.example"),
            DATE,
            "Cron <root@x> backup",
            &[],
            "done",
        )
    };
    mails.extend((0..200).map(cron));
    take_bytes(&store, "pub", &mbox(&mails));
    let total = |query: &str| found(&store, Mask::At, query).total;
    let table = [
        ("hyphenated", 1),
        ("hyphen", 1),
        ("\"is hyphenated\"", 1),
        ("\"quote marks\"", 1),
        ("ILIK istanbul", 1),
        ("ılık İSTANBUL", 1),
        ("οδυσσεύς", 1),
        ("tiếng", 1),
        ("TIENG viet", 1),
        ("ガイド", 1),
        ("\"soft wrapped\"", 1),
        ("markup strasse", 1),
        ("STRASSE", 1),
        ("hidden", 0),
        ("from:ada subject:five", 5),
        ("from:host3.example", 1),
        ("backup", 200),
        ("-backup", 12),
        ("-backup -five", 7),
        ("NOT (backup OR five OR is:root OR quoted)", 0),
    ];
    for (query, expected) in table {
        assert_eq!(total(query), expected, "{query}");
    }
}

/// A copy is another's bytes with the same content. What is shown is found, whichever came first; the index
/// once held the words of the first.
#[test]
fn the_fullest_copy_is_searched() {
    let short = mail("1@x.example", DATE, "bells", &[], "who rings");
    let full = format!("Cc: Bob <bob@skarv.example>\n{short}");
    for (first, second) in [(&short, &full), (&full, &short)] {
        let store = MemoryStore::new();
        take_bytes(&store, "pub", &mbox(std::slice::from_ref(first)));
        let size = format!("size:{}", full.len());
        let is_found = |query: &str| assert_eq!(ids(&store, Mask::None, query), "1", "{query}");
        let all = || {
            is_found("rings cc:bob");
            is_found(&format!("{size}..{}", full.len()));
            assert_eq!(ids(&store, Mask::None, "NOT cc:bob"), "");
        };
        take_bytes(&store, "pub", &mbox(std::slice::from_ref(second)));
        all();
        store.index().clear().unwrap();
        assert!(posthoc_archive::index_words(&store, &Limits::default()).unwrap());
        all();
    }
}
