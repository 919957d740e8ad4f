//! Packed, cut, damaged, long and growing streams; going on; progress.

use crate::{FROM, joined, mail, mails, open, options, pieces};
use flate2::write::GzEncoder;
use posthoc_archive::source::{Compression, Kind, OpenOptions, Piece, Reason, Source, SourceError};
use std::io::Write;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn mailbox(count: usize) -> String {
    (0..count)
        .map(|n| format!("{FROM}{}\n", mail(&n.to_string(), &format!("body {n}"))))
        .collect()
}

#[test]
fn packed_in_several_members_and_frames() {
    let (a, b) = (mailbox(3), mailbox(2));
    let whole = format!("{a}{b}");
    let gz = [gzip(a.as_bytes()), gzip(b.as_bytes())].concat();
    let zst = |text: &str| zstd::encode_all(text.as_bytes(), 1).unwrap();
    let zst = [zst(&a), zst(&b)].concat();
    for (packed, how) in [(gz, Compression::Gzip), (zst, Compression::Zstd)] {
        let size = packed.len() as u64;
        let mut source = open(packed, &OpenOptions::default()).unwrap();
        assert_eq!(source.description().compression, how);
        let pieces: Vec<Piece> = source.by_ref().map(Result::unwrap).collect();
        assert_eq!(joined(&pieces), whole.as_bytes());
        assert_eq!(mails(&pieces).len(), 5);
        assert_eq!(source.bytes_read(), size);
    }
}

#[test]
fn a_large_zstd_window_is_accepted() {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(27).unwrap();
    encoder.include_contentsize(false).unwrap();
    encoder.write_all(mailbox(2).as_bytes()).unwrap();
    assert_eq!(
        mails(&pieces(encoder.finish().unwrap(), &OpenOptions::default())).len(),
        2
    );
}

#[test]
fn a_cut_stream_gives_what_came_before_then_says_so() {
    let text = mailbox(20_000);
    let zst = zstd::encode_all(text.as_bytes(), 1).unwrap();
    for packed in [gzip(text.as_bytes()), zst] {
        let cut = &packed[..packed.len() / 2];
        let mut given = Vec::new();
        let mut errors = Vec::new();
        for piece in open(cut, &OpenOptions::default()).unwrap() {
            match piece {
                Ok(piece) => given.push(piece),
                Err(error) => errors.push(error),
            }
        }
        let given = joined(&given);
        assert!(given.len() > text.len() / 10 && text.as_bytes().starts_with(&given));
        assert_eq!(errors.len(), 1);
        let SourceError::Truncated { offset, .. } = &errors[0] else {
            panic!("{:?}", errors[0])
        };
        assert_eq!(*offset, given.len() as u64);
        assert!(errors[0].to_string().contains("fetch it again"));
    }
}

#[test]
fn a_damaged_stream_is_named() {
    let mut packed = gzip(mailbox(20_000).as_bytes());
    let middle = packed.len() / 2;
    packed[middle..middle + 64].fill(0xFF);
    let last = open(packed, &OpenOptions::default())
        .unwrap()
        .last()
        .unwrap();
    assert!(matches!(
        last,
        Err(SourceError::Damaged { .. } | SourceError::Truncated { .. })
    ));
}

#[test]
fn other_packings_are_refused_by_name() {
    for (magic, name) in [(&b"BZh91AY&SY"[..], "bzip2"), (b"\xFD7zXZ\0\0", "xz")] {
        let error = open(magic, &OpenOptions::default()).err().unwrap();
        assert!(matches!(error, SourceError::Packed { format, .. } if format == name));
    }
}

#[test]
fn a_mail_over_the_limit_goes_by_in_bounded_pieces() {
    let long = mail("long", &"0123456789\n".repeat(400_000));
    let (a, b) = (mail("a", "one"), mail("b", "two"));
    let input = format!("{FROM}{a}\n{FROM}{long}\n{FROM}{b}\n");
    for max_mail_bytes in [1_000, 3_000_000, long.len() as u64 - 1] {
        let options = OpenOptions {
            max_mail_bytes,
            ..options("strict")
        };
        let found = pieces(input.clone(), &options);
        assert_eq!(mails(&found), [a.as_str(), &b]);
        assert_eq!(joined(&found), input.as_bytes());
        assert!(found.iter().all(|piece| piece.gap.len() <= 1 << 20));
        let refused: Vec<_> = found
            .iter()
            .filter_map(|piece| piece.refused.as_ref())
            .collect();
        assert_eq!(refused.len(), 1);
        assert_eq!(refused[0].reason, Reason::TooLarge);
        assert_eq!(refused[0].length, long.len() as u64);
        assert_eq!(refused[0].offset as usize, input.find(&long).unwrap());
    }
    let options = OpenOptions {
        max_mail_bytes: long.len() as u64,
        ..options("strict")
    };
    assert_eq!(mails(&pieces(input, &options)).len(), 3);
}

#[test]
fn what_is_appended_while_it_is_read_waits_for_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Test.List.mbox");
    std::fs::write(&path, mailbox(2)).unwrap();
    let mut source = Source::open(&path, &OpenOptions::default()).unwrap();
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .unwrap();
    file.write_all(mailbox(1).as_bytes()).unwrap();
    let first: Vec<_> = source.by_ref().map(Result::unwrap).collect();
    assert_eq!(mails(&first).len(), 2);
    assert_eq!(
        source.description().list_name_guess.as_deref(),
        Some("test.list")
    );
    assert_eq!(source.total_bytes(), Some(source.bytes_read()));
    // From the end of the piece before the one that may have been growing.
    let mut second = Source::open(&path, &OpenOptions::default()).unwrap();
    second.skip_to(first[0].end).unwrap();
    let second: Vec<_> = second.map(Result::unwrap).collect();
    assert_eq!(mails(&second).len(), 2);
    assert_eq!(
        second[0].mail.as_ref().unwrap().bytes,
        first[1].mail.as_ref().unwrap().bytes
    );
    assert_eq!(
        second[0].mail.as_ref().unwrap().offset,
        first[1].mail.as_ref().unwrap().offset
    );
}

#[test]
fn a_source_that_became_shorter_says_so() {
    let mut source = open(mailbox(1), &OpenOptions::default()).unwrap();
    let error = source.skip_to(1_000_000).unwrap_err();
    assert!(matches!(error, SourceError::Shorter { .. }));
    assert!(source.next().is_none());
}

#[test]
fn paths_that_are_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let open = |path: &std::path::Path, kind| {
        Source::open(
            path,
            &OpenOptions {
                kind,
                ..OpenOptions::default()
            },
        )
        .err()
        .unwrap()
    };
    let error = open(&folder.path().join("absent"), None);
    assert!(matches!(error, SourceError::NoSuch { .. }));
    let error = open(folder.path(), None);
    assert!(matches!(error, SourceError::NotAMailSource { .. }));
    assert!(error.to_string().contains("--kind files"));
    let file = folder.path().join("mail");
    std::fs::write(&file, mailbox(1)).unwrap();
    let error = open(&file, Some(Kind::Maildir));
    assert!(matches!(error, SourceError::NotAMailSource { .. }));
}
