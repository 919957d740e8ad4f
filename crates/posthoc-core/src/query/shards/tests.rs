//! What is built is what was gathered, however it came.

use super::*;
use crate::query::{Doc, Purpose, Tokens};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Files by the words of their mails, told by the tokenizer alone.
fn told(docs: &[Doc]) -> BTreeMap<String, [BTreeMap<u32, Vec<u32>>; 4]> {
    let mut told: BTreeMap<String, [BTreeMap<u32, Vec<u32>>; 4]> = BTreeMap::new();
    for doc in docs {
        for (field, part) in SHARD_PARTS.into_iter().enumerate() {
            let mut tokens = Tokens::new(doc.part(part), Purpose::Index);
            while let Some(token) = tokens.next() {
                let at = &mut told.entry(token.text.to_owned()).or_default()[field];
                let at = at.entry(doc.number).or_default();
                if at.last() != Some(&token.position) {
                    at.push(token.position);
                }
            }
        }
    }
    told
}

fn gathered(docs: &[Doc], run: usize) -> Vec<Run> {
    let runs = docs.chunks(run.max(1)).map(|docs| {
        let mut gather = Gather::default();
        for doc in docs.iter().rev() {
            gather.add(&Shown {
                volume: "2025-May",
                day: i64::from(doc.number) * 3 % 40 + 20_000,
                subject: &doc.subject,
                author: &doc.author,
                doc,
            });
        }
        gather.run()
    });
    runs.collect()
}

fn doc(number: u32, texts: [String; 4]) -> Doc {
    let [subject, author, text, quoted] = texts;
    Doc {
        number,
        id: format!("{number}@tests.example"),
        subject,
        author,
        text,
        quoted,
        ..Doc::default()
    }
}

fn docs() -> impl Strategy<Value = Vec<Doc>> {
    let words = "[a-c]{1,2}( [a-d]{1,3}| Ünï_cödé_x| 漢字かな| foo_| x86_64){0,30}";
    let texts = [words, words, words, words];
    let mails = proptest::collection::btree_map(0..200u32, texts, 1..40);
    mails.prop_map(|mails| mails.into_iter().map(|(n, texts)| doc(n, texts)).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_built_is_what_was_gathered(docs in docs(), run in 1..50usize) {
        let span = Span { from: 0, to: 200 };
        let shard = build(span, &gathered(&docs, run)).unwrap();
        prop_assert_eq!(shard.mails as usize, docs.len());
        let mut found = BTreeMap::new();
        let mut ids = 0;
        let all = read(span, &shard.files).unwrap();
        let chunks = (0..).map_while(|n: u32| shard.files.iter().find(|f| f.name == format!("{n}.js")));
        let words: Vec<String> = chunks.flat_map(|file| chunk_words(&file.bytes).unwrap()).collect();
        prop_assert!(words.iter().eq(all.iter().map(|listed| &listed.word)));
        for listed in all {
            if listed.word.starts_with('@') {
                ids += listed.mails[4].len();
                continue;
            }
            let parts = [0, 1, 2, 3].map(|field: usize| {
                let mails = listed.mails[field].iter();
                mails.map(|mail| (mail.number, mail.positions.clone())).collect()
            });
            found.insert(listed.word, parts);
        }
        prop_assert_eq!(ids, docs.len());
        prop_assert_eq!(found, told(&docs));
    }

    #[test]
    fn runs_make_no_difference(docs in docs(), one in 1..50usize, other in 1..50usize) {
        let span = Span { from: 0, to: 200 };
        let mut runs = gathered(&docs, other);
        runs.reverse();
        prop_assert_eq!(build(span, &gathered(&docs, one)), build(span, &runs));
    }

    #[test]
    fn letters_give_the_bytes_back(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut out = Vec::new();
        letters::push(&mut out, &bytes);
        let mut back = letters::bytes(&out).unwrap();
        prop_assert!(back.len() - bytes.len() <= 1);
        back.truncate(bytes.len());
        prop_assert_eq!(back, bytes);
    }

    #[test]
    fn numbers_are_read_as_written(numbers in proptest::collection::vec(0..1u32 << 20, 1..60), k in 0..15u32) {
        let mut bits = bits::Writer::default();
        for number in &numbers {
            bits.number(*number, k);
        }
        let bytes = bits.finish();
        let mut bits = bits::Reader::new(&bytes);
        for number in &numbers {
            prop_assert_eq!(bits.number(k), Some(*number));
        }
    }

    #[test]
    fn one_more_mail_leaves_the_full_stretches(count in 0..200_000u32) {
        let (before, after) = (spans(count), spans(count + 1));
        prop_assert_eq!(after.last().unwrap().to, count + 1);
        for pair in after.windows(2) {
            prop_assert_eq!(pair[0].to, pair[1].from);
        }
        let sealed = |spans: &[Span]| spans.iter().filter(|span| span.size() == SEALED).count();
        prop_assert!(after.len() <= sealed(&after) + 9);
        // Only stretches at the end are others, and together they are no more than was merged.
        let same = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
        prop_assert!(before[same..].iter().map(|span| span.size()).sum::<u32>() < SEALED);
    }
}

#[test]
fn nothing_of_a_page_ends_a_file() {
    let mut mail = doc(7, Default::default());
    mail.subject = "</script>\"\u{2028}\\".to_owned();
    mail.text = "\"); alert(1) //\u{2029} x".to_owned();
    let shard = build(Span { from: 0, to: 64 }, &gathered(&[mail], 1)).unwrap();
    for file in &shard.files {
        let text = std::str::from_utf8(&file.bytes).unwrap();
        assert_eq!(text.lines().count(), 1, "{}", file.name);
        assert!(!text.contains(['\u{2028}', '\u{2029}']), "{}", file.name);
    }
    let line = shard
        .files
        .iter()
        .find(|file| file.name == "t0.js")
        .unwrap();
    let rows = unwrapped(&line.bytes).unwrap();
    let row = r#"[[7,0,"2025-May","\u003c/script>\"\u2028\\","","\"); alert(1) // x"]]"#;
    assert_eq!(std::str::from_utf8(&rows).unwrap(), row);
}

#[test]
fn a_stretch_without_mails_has_no_files() {
    assert_eq!(build(Span { from: 0, to: 64 }, &gathered(&[], 1)), None);
    let outside = doc(64, ["a", "b", "c", "d"].map(str::to_owned));
    assert_eq!(
        build(Span { from: 0, to: 64 }, &gathered(&[outside], 1)),
        None
    );
}

#[test]
fn hashes_of_words_are_read_as_written() {
    let hashes = [0, 1 << 8, 77 << 8, 0x7fff_ff00, 0x8000_0000, u32::MAX];
    let kept: Vec<u32> = hashes.iter().map(|hash: &u32| hash >> 8).collect();
    for take in 0..=hashes.len() {
        let file = build::in_letters("w", lists::written_hashes(hashes[..take].to_vec()));
        assert_eq!(word_hashes(&file.bytes).unwrap(), &kept[..take]);
    }
}
