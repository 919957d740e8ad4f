//! The suite's part on the index port.

#![allow(clippy::unwrap_used)] // A failure here is a test's failure.

use crate::conformance::Fixture;
use crate::{Generation, Hits, Index, Order, Search, StoreError, Tally};
use posthoc_core::query::{Doc, Query, Stems};
use posthoc_core::text::TimeZone;
use std::collections::BTreeMap;

const DAY: i64 = 86_400;

/// A mail on a list.
fn doc(list: u32, number: u32, subject: &str, text: &str) -> Doc {
    Doc {
        list,
        number,
        date: i64::from(number) * DAY,
        id: format!("{number}.{list}@example.org"),
        subject: subject.to_owned(),
        author: "Alice Liddell <alice@example.org>".to_owned(),
        to: "ports@lists.example.net".to_owned(),
        text: text.to_owned(),
        quoted: "Who said that?".to_owned(),
        size: 100 * u64::from(number),
        ..Doc::default()
    }
}

fn few() -> Vec<Doc> {
    vec![
        doc(1, 0, "Cache flush", "The cache is flushed twice."),
        doc(1, 1, "Re: Cache flush", "No, once. See flush_cache_all()."),
        doc(1, 2, "Weather", "Größe und 缓存一致性"),
        doc(2, 0, "Cache of tea", "A cache, a cache."),
        doc(3, 7, "Other", "Nothing of note."),
    ]
}

fn fill(index: &dyn Index, docs: &[Doc], generation: u64) {
    let mut writer = index.writer().unwrap();
    for doc in docs {
        writer.add(doc).unwrap();
    }
    writer.commit(Generation(generation)).unwrap();
}

struct Ask<'a> {
    typed: &'a str,
    lists: Option<&'a [u32]>,
    order: Order,
    offset: usize,
    limit: usize,
}

impl Ask<'_> {
    fn of(&self, index: &dyn Index) -> Hits {
        self.with(|search| index.search(search).unwrap())
    }

    fn with<T>(&self, ask: impl FnOnce(&Search<'_>) -> T) -> T {
        let names = BTreeMap::from([("ports".to_owned(), 1), ("tea".to_owned(), 2)]);
        ask(&Search {
            query: &Query::parse(self.typed).unwrap(),
            lists: self.lists,
            names: &names,
            order: self.order,
            offset: self.offset,
            limit: self.limit,
            zone: &TimeZone::utc(),
            now: 10 * DAY,
            standing: &[],
            stems: Stems::of(["en"]),
            tally: true,
        })
    }
}

/// Places of all mails that answer, oldest first, by list and number: `1/0 2/0`.
fn found(index: &dyn Index, typed: &str, lists: Option<&[u32]>) -> String {
    let ask = Ask {
        typed,
        lists,
        order: Order::OldestFirst,
        offset: 0,
        limit: 100,
    };
    let hits = ask.of(index);
    assert_eq!(hits.total as usize, hits.hits.len(), "{typed}");
    places(&hits)
}

fn places(hits: &Hits) -> String {
    let places = hits.hits.iter().map(|h| format!("{}/{}", h.list, h.number));
    places.collect::<Vec<_>>().join(" ")
}

/// Words, phrases, operators, fields and dates find what they should.
pub fn index_answers_what_matches(fixture: &dyn Fixture) {
    let store = fixture.handle();
    let index = store.index();
    assert_eq!(found(index, "cache", None), "");
    fill(index, &few(), 5);
    let table = [
        ("cache", "1/0 2/0 1/1"),
        ("cache once", "1/1"),
        ("cache -tea", "1/0 1/1"),
        ("-cache", "1/2 3/7"),
        ("-cache -weather", "3/7"),
        ("NOT (cache weather)", "1/0 2/0 1/1 1/2 3/7"),
        ("weather OR -cache", "1/2 3/7"),
        ("twice OR once", "1/0 1/1"),
        ("\"cache is flushed\"", "1/0"),
        ("\"is cache flushed\"", ""),
        ("\"a cache a cache\"", "2/0"),
        ("subject:cache nq:cache", "1/0 2/0 1/1"),
        ("flush_cache_all", "1/1"),
        ("\"flush cache all\"", "1/1"),
        ("flu*", "1/0 1/1"),
        ("grosse", "1/2"),
        ("存", "1/2"),
        ("缓存", "1/2"),
        ("存缓", ""),
        ("缓", "1/2"),
        ("性", "1/2"),
        ("subject:cache nq:twice", "1/0"),
        ("from:alice@example.org weather", "1/2"),
        ("to:lists.example.net weather", "1/2"),
        ("q:said weather", "1/2"),
        ("list:tea OR list:nowhere", "2/0"),
        ("-list:ports", "2/0 3/7"),
        ("<1.1@example.org>", "1/1"),
        ("0.2@example.org", "2/0"),
        ("date:1970-01-02..1970-01-03", "1/1 1/2"),
        ("date:1970-01-03..", "1/2 3/7"),
        ("before:1970-01-02", "1/0 2/0"),
        ("date:3d..", "3/7"),
        ("*", "1/0 2/0 1/1 1/2 3/7"),
        ("cache -\"cache is flushed\"", "2/0 1/1"),
        (
            "NOT (\"a cache\" OR \"that was\" list:tea)",
            "1/0 1/1 1/2 3/7",
        ),
        ("nosuchword", ""),
        ("-*", ""),
    ];
    for (typed, expected) in table {
        assert_eq!(found(index, typed, None), expected, "{typed}");
    }
}

/// A word finds its forms in texts, a quoted word and a name only what was typed.
pub fn index_finds_forms(fixture: &dyn Fixture) {
    let store = fixture.handle();
    let index = store.index();
    let docs = [
        doc(1, 0, "Threads", "They are cut."),
        doc(1, 1, "Cut", "Threading is hard."),
        doc(1, 2, "Thread", "Thready, and cutting."),
        doc(2, 0, "Tries", "One try."),
        Doc {
            author: "Threads Alice <thread@example.org>".to_owned(),
            quoted: "connections".to_owned(),
            ..doc(2, 1, "Other", "Nothing.")
        },
    ];
    fill(index, &docs, 5);
    let table = [
        ("thread", "1/0 1/1 2/1 1/2"),
        ("threads", "1/0 1/1 2/1 1/2"),
        ("\"thread\"", "2/1 1/2"),
        ("\"threads\"", "1/0 2/1"),
        ("subject:threading", "1/0 1/2"),
        ("from:threading", ""),
        ("from:threads", "2/1"),
        ("thready", "1/2"),
        ("trying", "2/0"),
        ("thread -tries -cut", "2/1"),
        ("connected OR cuts", "1/0 1/1 2/1 1/2"),
        ("nq:connected", ""),
        ("NOT threads", "2/0"),
        ("\"they are\" cutting", "1/0"),
    ];
    for (typed, wanted) in table {
        assert_eq!(found(index, typed, None), wanted, "{typed}");
    }
}

/// What is counted beside a question is what both together would find, behind the gate and behind the
/// window.
pub fn index_counts_what_answers_others_too(fixture: &dyn Fixture) {
    let store = fixture.handle();
    let index = store.index();
    fn ask<'a>(typed: &'a str, lists: Option<&'a [u32]>) -> Ask<'a> {
        Ask {
            typed,
            lists,
            order: Order::Relevance,
            offset: 0,
            limit: 1,
        }
    }
    let others = [
        "cache",
        "\"the cache\"",
        "list:tea",
        "-cache",
        "nothing",
        "from:alice",
    ];
    let queries = others.map(|other| Query::parse(other).unwrap());
    let counts =
        |typed, lists| ask(typed, lists).with(|search| index.count_also(search, &queries).unwrap());
    assert_eq!(counts("cache", None), [0; 6]);
    fill(index, &few()[..3], 3);
    fill(index, &few()[3..], 5);
    for typed in [
        "cache",
        "*",
        "-cache",
        "nothing",
        "ca*",
        "from:alice OR list:tea",
    ] {
        for lists in [None, Some(&[1][..]), Some(&[3, 2]), Some(&[])] {
            let both = others.map(|other| {
                let both = format!("({typed}) AND ({other})");
                ask(&both, lists).of(index).total
            });
            assert_eq!(counts(typed, lists), both, "{typed} {lists:?}");
        }
    }
}

/// Only mails on the lists of the gate are answered and counted.
pub fn index_counts_behind_the_gate(fixture: &dyn Fixture) {
    let store = fixture.handle();
    let index = store.index();
    fill(index, &few(), 5);
    assert_eq!(found(index, "cache", Some(&[])), "");
    assert_eq!(found(index, "cache", Some(&[1])), "1/0 1/1");
    assert_eq!(found(index, "cache", Some(&[3, 2])), "2/0");
    assert_eq!(found(index, "-cache", Some(&[2, 3])), "3/7");
    assert_eq!(found(index, "<0.2@example.org>", Some(&[1])), "");
    assert_eq!(found(index, "list:tea", Some(&[1])), "");
}

/// Orders, windows, exact totals.
pub fn index_orders_and_pages(fixture: &dyn Fixture) {
    let store = fixture.handle();
    let index = store.index();
    let many: Vec<Doc> = (0..50)
        .map(|n| {
            doc(
                1,
                n,
                if n == 20 { "needle" } else { "hay" },
                "needle in hay",
            )
        })
        .collect();
    fill(index, &many[..30], 30);
    fill(index, &many[30..], 50);
    let ask = |order, offset, limit| {
        Ask {
            typed: "needle",
            lists: None,
            order,
            offset,
            limit,
        }
        .of(index)
    };
    let newest = ask(Order::NewestFirst, 10, 3);
    assert_eq!(
        (newest.total, places(&newest).as_str()),
        (50, "1/39 1/38 1/37")
    );
    assert_eq!(newest.hits[0].date, 39 * DAY);
    // Behind the window too, by the calendar of the zone.
    let tally = Tally {
        lists: BTreeMap::from([(1, 50)]),
        months: BTreeMap::from([(197001, 31), (197002, 19)]),
    };
    assert_eq!(newest.tally, tally);
    assert_eq!(places(&ask(Order::OldestFirst, 48, 10)), "1/48 1/49");
    assert_eq!(places(&ask(Order::OldestFirst, 50, 10)), "");
    let counted = ask(Order::Relevance, 0, 0);
    assert_eq!((counted.total, counted.hits.len()), (50, 0));
    let all = ask(Order::Relevance, 0, 100).hits;
    assert!(all.windows(2).all(|pair| pair[0].score >= pair[1].score));
    assert_eq!(all.len(), 50);
    assert_eq!(ask(Order::Relevance, usize::MAX, usize::MAX).hits.len(), 0);
}

/// A commit by one handle is seen by the next search of another, with its generation.
pub fn index_shows_commits_of_others(fixture: &dyn Fixture) {
    let (writer, reader) = (fixture.handle(), fixture.handle());
    assert_eq!(reader.index().generation().unwrap(), Generation(0));
    let mut session = writer.index().writer().unwrap();
    for (n, doc) in few().iter().enumerate() {
        session.add(doc).unwrap();
        session.commit(Generation(n as u64 + 1)).unwrap();
        let ask = Ask {
            typed: "*",
            lists: None,
            order: Order::Relevance,
            offset: 0,
            limit: 10,
        };
        let hits = ask.of(reader.index());
        assert_eq!(hits.generation, Generation(n as u64 + 1));
        assert_eq!(hits.total, n as u64 + 1);
        assert_eq!(reader.index().generation().unwrap(), hits.generation);
    }
    drop(session);
    assert_eq!(found(reader.index(), "cache", None), "1/0 2/0 1/1");
    // A commit without mails still moves the generation.
    fill(writer.index(), &[], 9);
    assert_eq!(reader.index().generation().unwrap(), Generation(9));
}

/// Deleting takes effect with the commit; a mail can be deleted and added again at once.
pub fn index_deletes_and_replaces(fixture: &dyn Fixture) {
    let store = fixture.handle();
    let index = store.index();
    fill(index, &few(), 5);
    let mut session = index.writer().unwrap();
    session.delete(1, 0).unwrap();
    session.delete(9, 9).unwrap();
    session.delete(2, 0).unwrap();
    session.add(&doc(2, 0, "Coffee", "No more tea.")).unwrap();
    session.commit(Generation(6)).unwrap();
    session.delete(3, 7).unwrap();
    session.commit(Generation(7)).unwrap();
    drop(session);
    assert_eq!(found(index, "cache", None), "1/1");
    assert_eq!(found(index, "coffee", None), "2/0");
    assert_eq!(found(index, "*", None), "2/0 1/1 1/2");
    index.scrub().unwrap();
    assert_eq!(found(index, "*", None), "2/0 1/1 1/2");
    let held = |list, number| index.holds(list, number).unwrap();
    assert!(held(2, 0) && held(1, 1) && held(1, 2));
    assert!(!held(1, 0) && !held(3, 7) && !held(9, 9));
    assert_eq!(index.generation().unwrap(), Generation(7));
}

/// The second writer is told that it is locked.
pub fn index_has_one_writer(fixture: &dyn Fixture) {
    let (one, two) = (fixture.handle(), fixture.handle());
    let session = one.index().writer().unwrap();
    assert!(matches!(two.index().writer(), Err(StoreError::Locked)));
    assert!(matches!(one.index().writer(), Err(StoreError::Locked)));
    assert!(matches!(two.index().clear(), Err(StoreError::Locked)));
    drop(session);
    drop(two.index().writer().unwrap());
}

/// What was added but not committed is gone with the session.
pub fn index_forgets_what_was_not_committed(fixture: &dyn Fixture) {
    let store = fixture.handle();
    let index = store.index();
    fill(index, &few()[..1], 1);
    let mut session = index.writer().unwrap();
    session.add(&few()[1]).unwrap();
    session.delete(1, 0).unwrap();
    drop(session);
    assert_eq!(found(index, "cache", None), "1/0");
    fill(index, &[], 2);
    assert_eq!(found(index, "cache", None), "1/0");
}

/// After clearing nothing is found, and filling begins again.
pub fn index_clears(fixture: &dyn Fixture) {
    let (one, two) = (fixture.handle(), fixture.handle());
    fill(one.index(), &few(), 5);
    assert_eq!(found(two.index(), "cache", None), "1/0 2/0 1/1");
    one.index().clear().unwrap();
    one.index().clear().unwrap();
    assert_eq!(two.index().generation().unwrap(), Generation(0));
    assert_eq!(found(two.index(), "cache", None), "");
    fill(one.index(), &few()[..1], 1);
    assert_eq!(found(two.index(), "cache", None), "1/0");
    assert!(two.index().stored_bytes().unwrap() > 0);
}

/// Empty, huge and strange texts, and dates at the ends of time.
pub fn index_takes_odd_mails(fixture: &dyn Fixture) {
    let store = fixture.handle();
    let index = store.index();
    let empty = Doc {
        list: u32::MAX,
        number: u32::MAX,
        date: i64::MAX,
        ..Doc::default()
    };
    let early = Doc {
        date: i64::MIN,
        subject: "\u{202e}\0\u{feff} odd".to_owned(),
        id: "x".repeat(100_000),
        ..Doc::default()
    };
    let huge = Doc {
        number: 1,
        text: format!("{} {} end", "x".repeat(1 << 20), "word ".repeat(100_000)),
        ..Doc::default()
    };
    fill(index, &[empty, early, huge], 3);
    assert_eq!(found(index, "odd", None), "0/0");
    assert_eq!(found(index, "end word", None), "0/1");
    assert_eq!(found(index, &"x".repeat(900), None), "0/1");
    assert_eq!(found(index, "*", None), "0/0 0/1 4294967295/4294967295");
    assert_eq!(found(index, "date:..1970", None), "0/0 0/1");
    assert_eq!(found(index, "date:9999..", None), "4294967295/4294967295");
}
