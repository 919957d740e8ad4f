//! For any bytes: nothing is lost, and how they arrive changes nothing.

use crate::{FROM, Slow, joined};
use posthoc_archive::source::{Kind, OpenOptions, Piece, Source, Split, split_bytes};
use proptest::prelude::*;
use std::io::Cursor;

const SPLITS: [&str; 4] = [
    "strict",
    "every-from",
    "content-length",
    "msgsep=^(From |--)",
];

fn token() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(vec![
            "\n", "\r\n", "\r", "x", " ", "From ", ">From ", ">>From ", "Subject: a\n", "text\n",
            "Content-Length: 5\n", "Content-Length: 60\r\n", "12345\n", "--", "\u{FEFF}", "\0",
            "10:00 2025\n", "\n\nFrom a Sat Nov  1 10:00:00 2025\nSubject: b\n\n",
            "\r\n\r\nFrom a Sat Nov  1 10:00:00 2025\r\nSubject: b\r\n\r\n",
            "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1\n\n",
        ]).prop_map(str::to_owned),
        1 => (1_usize..12_000).prop_map(|n| "y".repeat(n)),
        1 => Just(FROM.to_owned()),
        1 => ".{0,20}",
    ]
}

/// Streams whose interesting part lies before or behind the part that is looked at first.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let filler = prop_oneof![Just(0_usize), Just(30_000)];
    (filler, prop::collection::vec(token(), 0..60)).prop_map(|(filler, tokens)| {
        let mut text = String::new();
        if filler > 0 {
            text.push_str(FROM);
            text.push_str("Subject: filler\n\n");
            text.push_str(&"filler\n".repeat(filler));
        }
        text.push_str(&tokens.concat());
        text.into_bytes()
    })
}

fn by_steps(bytes: &[u8], step: usize, options: &OpenOptions) -> Vec<Piece> {
    let slow = Slow {
        bytes: Cursor::new(bytes.to_vec()),
        step,
    };
    Source::from_reader(slow, "test", options)
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn pieces_are_the_input(bytes in stream(), at in 0..SPLITS.len()) {
        let pieces = split_bytes(&bytes, &SPLITS[at].parse().unwrap());
        prop_assert_eq!(joined(&pieces), bytes);
    }

    #[test]
    fn any_bytes_at_all(bytes in prop::collection::vec(any::<u8>(), 0..500)) {
        for split in SPLITS {
            let pieces = split_bytes(&bytes, &split.parse().unwrap());
            prop_assert_eq!(joined(&pieces), bytes.clone());
        }
    }

    #[test]
    fn how_it_arrives_changes_nothing(
        bytes in stream(),
        step in prop_oneof![1_usize..300, 1_000_usize..100_000],
        at in 0..SPLITS.len(),
        max in prop_oneof![Just(256_u64 << 20), 0_u64..2_000],
    ) {
        let split: Split = SPLITS[at].parse().unwrap();
        let options = OpenOptions { kind: Some(Kind::Mbox), split, max_mail_bytes: max };
        let slowly = by_steps(&bytes, step, &options);
        prop_assert_eq!(&slowly, &by_steps(&bytes, usize::MAX, &options));
        prop_assert_eq!(joined(&slowly), bytes);
        for mail in slowly.iter().filter_map(|piece| piece.mail.as_ref()) {
            prop_assert!(mail.bytes.len() as u64 <= max);
        }
    }

    #[test]
    fn going_on_gives_the_rest(bytes in stream(), at in 0..SPLITS.len(), stop in 0_usize..20) {
        let split: Split = SPLITS[at].parse().unwrap();
        let options = OpenOptions { kind: Some(Kind::Mbox), split, ..OpenOptions::default() };
        let open = || Source::from_reader(Cursor::new(bytes.clone()), "test", &options).unwrap();
        let mut first = open();
        let before: Vec<_> = first.by_ref().take(stop).map(Result::unwrap).collect();
        let mut second = open();
        second.skip_to(first.position()).unwrap();
        prop_assert_eq!(first.sha256_so_far(), second.sha256_so_far());
        prop_assert_eq!(first.position(), before.last().map_or(0, |piece| piece.end));
        let texts = |source: Source| -> Vec<Vec<u8>> {
            source.map(Result::unwrap).filter_map(|piece| Some(piece.mail?.bytes)).collect()
        };
        prop_assert_eq!(texts(first), texts(second));
    }
}
