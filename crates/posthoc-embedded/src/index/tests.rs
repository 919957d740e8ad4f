#![allow(clippy::unwrap_used)]

use super::*;
use posthoc_core::query::{Doc, Expr, Places, Query, Stems};
use posthoc_core::text::TimeZone;
use posthoc_store::{MemoryIndex, Order};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use tempfile::TempDir;

fn index_in(dir: &TempDir) -> TantivyIndex {
    let access = Access::of(dir.path()).unwrap();
    TantivyIndex::new(&dir.path().join("index"), access)
}

fn doc(number: u32, text: &str) -> Doc {
    Doc {
        list: number % 3,
        number,
        date: i64::from(number) * 86_400,
        id: format!("{number}@example.org"),
        text: text.to_owned(),
        ..Doc::default()
    }
}

fn fill(index: &dyn Index, docs: &[Doc], generation: u64) {
    let mut writer = index.writer().unwrap();
    for doc in docs {
        writer.add(doc).unwrap();
    }
    writer.commit(Generation(generation)).unwrap();
}

/// As a catalog might answer: of every leaf the mails with odd numbers, and one that is not there.
fn standing(query: &Query) -> Vec<(Expr, Arc<Places>)> {
    let mut odd = Places::default();
    for number in (1..99).step_by(2) {
        odd.insert(number % 3, number);
    }
    let odd = Arc::new(odd);
    let leaves = query.of_catalog().into_iter();
    leaves
        .map(|leaf| (leaf.clone(), Arc::clone(&odd)))
        .collect()
}

fn search(index: &dyn Index, typed: &str, order: Order, lists: Option<&[u32]>) -> Hits {
    asking(typed, order, lists, |search| index.search(search).unwrap())
}

fn asking<T>(
    typed: &str,
    order: Order,
    lists: Option<&[u32]>,
    ask: impl FnOnce(&Search<'_>) -> T,
) -> T {
    let names = BTreeMap::from([("one".to_owned(), 1), ("two".to_owned(), 2)]);
    let query = Query::parse(typed).unwrap();
    ask(&Search {
        query: &query,
        lists,
        names: &names,
        order,
        offset: 0,
        limit: 100,
        zone: &TimeZone::utc(),
        now: 5 * 86_400,
        standing: &standing(&query),
        stems: Stems::of(["en", "de"]),
        tally: true,
    })
}

#[test]
fn reading_makes_nothing() {
    let dir = TempDir::new().unwrap();
    let index = index_in(&dir);
    assert_eq!(index.generation().unwrap(), Generation(0));
    assert_eq!(
        search(&index, "x1", Order::Relevance, None),
        Hits::default()
    );
    assert_eq!(index.stored_bytes().unwrap(), 0);
    index.clear().unwrap();
    assert!(!dir.path().join("index").exists());
}

/// Each way of breaking leaves an index that is empty to readers and begun anew by the next writer, also
/// for a reader that had it open.
#[test]
fn what_is_gone_or_broken_is_empty() {
    type Break = fn(&Path);
    let ways: [Break; 6] = [
        |dir| fs::remove_dir_all(dir).unwrap(),
        |dir| fs::remove_file(dir.join(META)).unwrap(),
        |dir| fs::write(dir.join(META), "{}").unwrap(),
        |dir| fs::write(dir.join(META), "nonsense").unwrap(),
        |dir| {
            let meta = fs::read_to_string(dir.join(META)).unwrap();
            fs::write(
                dir.join(META),
                meta.replace(&format!("posthoc {SCHEMA_VERSION}."), "posthoc 0."),
            )
            .unwrap();
        },
        |dir| {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|e| e == "term" || e == "idx") {
                    fs::remove_file(path).unwrap();
                }
            }
        },
    ];
    for (n, way) in ways.into_iter().enumerate() {
        let dir = TempDir::new().unwrap();
        let before = index_in(&dir);
        fill(&before, &[doc(1, "some words")], 7);
        assert_eq!(before.generation().unwrap(), Generation(7));
        way(&dir.path().join("index"));
        let after = index_in(&dir);
        assert_eq!(after.generation().unwrap(), Generation(0), "way {n}");
        assert_eq!(search(&after, "words", Order::Relevance, None).total, 0);
        drop(after.writer().unwrap());
        assert_eq!(after.generation().unwrap(), Generation(0), "way {n}");
        fill(&after, &[doc(2, "other words")], 8);
        for index in [&before, &after] {
            let hits = search(index, "words", Order::Relevance, None);
            assert_eq!((hits.total, hits.generation), (1, Generation(8)), "way {n}");
        }
    }
}

/// Truncated files do not panic.
#[test]
fn cut_files_are_survived() {
    let dir = TempDir::new().unwrap();
    let docs: Vec<Doc> = (0..50).map(|n| doc(n, "some words of a mail")).collect();
    fill(&index_in(&dir), &docs, 7);
    for entry in fs::read_dir(dir.path().join("index")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        let index = index_in(&dir);
        let names = BTreeMap::new();
        let _ = index.search(&Search {
            query: &Query::parse("\"some words\"").unwrap(),
            lists: None,
            names: &names,
            order: Order::Relevance,
            offset: 0,
            limit: 10,
            zone: &TimeZone::utc(),
            now: 0,
            standing: &[],
            stems: Stems::of(["en"]),
            tally: false,
        });
        fs::write(&path, &bytes).unwrap();
    }
    assert_eq!(
        search(&index_in(&dir), "mail", Order::Relevance, None).total,
        50
    );
}

/// Many single deliveries do not pile up segments, and the order in which mails came does not matter.
#[test]
fn single_deliveries_are_merged() {
    let dir = TempDir::new().unwrap();
    let index = index_in(&dir);
    for n in 0..40 {
        fill(&index, &[doc(n, "a mail")], u64::from(n) + 1);
    }
    let meta = fs::read_to_string(dir.path().join("index").join(META)).unwrap();
    assert!(meta.matches("\"segment_id\"").count() < 2 * 8, "{meta}");
    let hits = search(&index, "mail", Order::OldestFirst, None);
    let numbers: Vec<u32> = hits.hits.iter().map(|hit| hit.number).collect();
    assert_eq!(numbers, (0..40).collect::<Vec<u32>>());
}

/// In a folder that its group may write, every file of the index may be written by the group.
#[test]
fn files_are_shared_like_the_folder() {
    let dir = TempDir::new().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o2770)).unwrap();
    let index = index_in(&dir);
    fill(&index, &[doc(1, "words")], 1);
    assert_eq!(search(&index, "words", Order::Relevance, None).total, 1);
    for entry in fs::read_dir(dir.path().join("index")).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o660, "{:?}", entry.path());
    }
}

#[test]
fn a_word_in_the_subject_counts_more() {
    let dir = TempDir::new().unwrap();
    let index = index_in(&dir);
    let mut docs: Vec<Doc> = (0..20).map(|n| doc(n, "cache and other words")).collect();
    for doc in &mut docs {
        // All of one day, so of one age.
        doc.date = i64::from(doc.number);
    }
    docs[3].subject = "cache".to_owned();
    docs[5].text = "words".to_owned();
    docs[5].quoted = "cache and other".to_owned();
    // Rare words weigh more; here the quoted one must not be the only one of its kind.
    for doc in &mut docs[10..] {
        doc.quoted = "cache".to_owned();
    }
    fill(&index, &docs, 1);
    let hits = search(&index, "cache", Order::Relevance, None).hits;
    assert_eq!((hits[0].number, hits[19].number), (3, 5));
    // Equal scores: newest first.
    assert_eq!((hits[1].number, hits[2].number), (19, 18));
    assert_eq!(hits[1].score, hits[2].score);
}

/// The numbers of the mails that answer, best first.
fn best(docs: &[Doc], typed: &str) -> Vec<u32> {
    let dir = TempDir::new().unwrap();
    let index = index_in(&dir);
    fill(&index, docs, 1);
    let hits = search(&index, typed, Order::Relevance, None).hits;
    hits.iter().map(|hit| hit.number).collect()
}

#[test]
fn a_word_as_typed_comes_before_its_forms() {
    let texts = [
        "a thread here",
        "two threads here",
        "threaded out here",
        "none of it",
    ];
    let mut docs: Vec<Doc> = (0..).zip(texts).map(|(n, text)| doc(n, text)).collect();
    for doc in &mut docs {
        doc.date = i64::from(doc.number);
    }
    assert_eq!(best(&docs, "thread"), [0, 2, 1]);
    assert_eq!(best(&docs, "threads"), [1, 2, 0]);
    assert_eq!(best(&docs, "threading"), [2, 1, 0]);
    // A form that is rarer is not the better one for it, nor is a mail that has several.
    docs.extend((10..30).map(|n| doc(n, "a thread here")));
    docs.push(doc(30, "threading and threaded twice"));
    for doc in &mut docs {
        doc.date = i64::from(doc.number);
    }
    let found = best(&docs, "thread");
    assert_eq!(found.len(), 24);
    assert_eq!(found[..2], [29, 28]);
}

#[test]
fn of_equal_mails_the_newer_is_better_and_a_better_one_before() {
    let year = 365 * 86_400;
    let mut docs: Vec<Doc> = (0..4).map(|n| doc(n, "the bell and other words")).collect();
    for (doc, age) in docs.iter_mut().zip([10, 0, 3, -1]) {
        doc.date = 5 * 86_400 - age * year;
    }
    assert_eq!(best(&docs, "bell"), [1, 2, 0, 3]);
    docs[0].subject = "bell".to_owned();
    docs[1].subject = "other".to_owned();
    assert_eq!(best(&docs, "bell")[0], 0);
}

fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("one"),
        Just("two"),
        Just("three"),
        Just("foo_bar"),
        Just("foo"),
        Just("bar"),
        Just("東京都"),
        Just("東"),
        Just("é"),
        Just("x.y"),
        Just("onerous"),
        Just("threads"),
        Just("threaded"),
        Just("-"),
    ];
    prop::collection::vec(word, 0..8).prop_map(|words| words.join(" "))
}

fn docs() -> impl Strategy<Value = Vec<Doc>> {
    let doc = (words(), words(), words(), words(), -3i64..6).prop_map(
        |(subject, author, text, quoted, day)| Doc {
            date: day * 86_400,
            subject,
            author,
            size: (day + 3).unsigned_abs() * 100,
            cc: text.clone(),
            files: quoted.clone(),
            marks: if day > 2 { "attachment patch" } else { "" }.to_owned(),
            text,
            quoted,
            ..Doc::default()
        },
    );
    prop::collection::vec(doc, 1..12).prop_map(|mut docs| {
        for (n, doc) in docs.iter_mut().enumerate() {
            doc.list = n as u32 % 3;
            doc.number = n as u32;
            doc.id = format!("{n}@x.y");
        }
        docs
    })
}

fn query() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        words().prop_map(|words| format!("\"{words} one\"")),
        words().prop_map(|words| format!("nq:\"two {words}\"")),
        Just("one".to_owned()),
        Just("two".to_owned()),
        Just("thread".to_owned()),
        Just("\"threads\"".to_owned()),
        Just("s:threading".to_owned()),
        Just("f:threads".to_owned()),
        Just("foo_bar".to_owned()),
        Just("bar".to_owned()),
        Just("on*".to_owned()),
        Just("foo_b*".to_owned()),
        Just("東".to_owned()),
        Just("京".to_owned()),
        Just("東京".to_owned()),
        Just("\"one 東 two\"".to_owned()),
        Just("x.y".to_owned()),
        Just("2@x.y".to_owned()),
        Just("<3@x.y>".to_owned()),
        Just("*".to_owned()),
        Just("s:one".to_owned()),
        Just("f:e".to_owned()),
        Just("q:three".to_owned()),
        Just("body:(one two)".to_owned()),
        Just("list:one".to_owned()),
        Just("list:none".to_owned()),
        Just("is:root".to_owned()),
        Just("thread:(one two)".to_owned()),
        Just("has:patch".to_owned()),
        Just("size:200..400".to_owned()),
        Just("size:300..".to_owned()),
        Just("c:one n:x.y".to_owned()),
        Just("a:on*".to_owned()),
        Just("d:1970".to_owned()),
        Just("d:1969-12-31..1970-01-02".to_owned()),
        Just("before:1970".to_owned()),
        Just("d:2d..".to_owned()),
        Just("d:1970-01-04..yesterday".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|q| format!("({})", q.join(" "))),
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|q| format!("({})", q.join(" OR "))),
            inner.prop_map(|q| format!("NOT ({q})")),
        ]
    })
}

/// Few hits are looked up in another question's mails, many are marked: both count alike.
#[test]
fn few_hits_and_many_are_counted_alike() {
    let dir = TempDir::new().unwrap();
    let (engine, memory) = (index_in(&dir), MemoryIndex::new());
    let docs: Vec<Doc> = (0..300)
        .map(|n| {
            doc(
                n,
                match n % 100 {
                    0 => "a needle in the hay stack",
                    50 => "a needle, a stack of hay",
                    _ => "hay, a hay stack",
                },
            )
        })
        .collect();
    for index in [&engine as &dyn Index, &memory] {
        fill(index, &docs[..130], 1);
        fill(index, &docs[130..], 2);
    }
    let also = [
        "hay",
        "\"hay stack\"",
        "-needle",
        "needle",
        "-\"hay stack\"",
        "none",
    ];
    let also = also.map(|typed| Query::parse(typed).unwrap());
    for typed in ["needle", "hay", "\"needle in\"", "none", "-hay"] {
        let counts = |index: &dyn Index| {
            let count = |search: &Search<'_>| index.count_also(search, &also).unwrap();
            asking(typed, Order::Relevance, None, count)
        };
        assert_eq!(counts(&engine), counts(&memory), "{typed}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// The engine answers as the matcher does, whatever is asked, in however many segments.
    #[test]
    fn the_engine_answers_as_the_matcher(
        docs in docs(),
        queries in prop::collection::vec(query(), 30),
        cut in 0usize..12,
        gone in 0u32..12,
    ) {
        let dir = TempDir::new().unwrap();
        let (engine, memory) = (index_in(&dir), MemoryIndex::new());
        for index in [&engine as &dyn Index, &memory] {
            let mut writer = index.writer().unwrap();
            for (n, doc) in docs.iter().enumerate() {
                writer.add(doc).unwrap();
                if n == cut {
                    writer.commit(Generation(1)).unwrap();
                    writer.delete(gone % 3, gone).unwrap();
                }
            }
            writer.commit(Generation(2)).unwrap();
        }
        let also: Vec<Query> = queries[..3].iter().map(|typed| Query::parse(typed).unwrap()).collect();
        for typed in queries {
            for lists in [None, Some(&[0, 2][..])] {
                for order in [Order::NewestFirst, Order::OldestFirst] {
                    let engine = search(&engine, &typed, order, lists);
                    prop_assert_eq!(engine, search(&memory, &typed, order, lists), "{}", typed);
                }
                let ranked = search(&engine, &typed, Order::Relevance, lists);
                let newest = search(&memory, &typed, Order::NewestFirst, lists);
                prop_assert_eq!(ranked.total, newest.total, "{}", typed);
                prop_assert_eq!(&ranked.tally, &newest.tally, "{}", typed);
                prop_assert_eq!(ranked.tally.lists.values().sum::<u64>(), ranked.total);
                prop_assert!(ranked.hits.iter().all(|hit| hit.score >= 0.0));
                let counts = |index: &dyn Index| {
                    let count = |search: &Search<'_>| index.count_also(search, &also).unwrap();
                    asking(&typed, Order::Relevance, lists, count)
                };
                prop_assert_eq!(counts(&engine), counts(&memory), "{}", typed);
            }
        }
    }
}

/// What mails of other lists say of a word's rarity is not counted, whether the engine's own counts are
/// taken or not.
#[test]
fn ranks_are_of_the_searched_lists_alone() {
    let texts = [
        "bell rope",
        "bell",
        "rope clock",
        "bell clock clock",
        "rope",
    ];
    let few = |n: u32| Doc {
        list: 1,
        date: 0,
        ..doc(n, texts[n as usize])
    };
    let scores = |others: std::ops::Range<u32>| -> Vec<(u32, f32)> {
        let dir = TempDir::new().unwrap();
        let index = index_in(&dir);
        let others = others.map(|n| Doc {
            list: 2,
            ..doc(n, "rope")
        });
        let docs: Vec<Doc> = (0..5).map(few).chain(others).collect();
        fill(&index, &docs, 1);
        let hits = search(&index, "bell OR rope", Order::Relevance, Some(&[1])).hits;
        hits.iter().map(|hit| (hit.number, hit.score)).collect()
    };
    let alone = scores(0..0);
    assert_eq!(alone.len(), 5);
    assert_eq!(scores(20..40), alone);
}
