//! Splitting a source into mails.

use posthoc_archive::source::{MsgSep, Piece, Split, split_bytes};

/// Under every splitting rule: the pieces put together are the input, byte for byte, and every
/// position that a piece names is true.
pub fn split(bytes: &[u8]) {
    let mut rules = vec![Split::Strict, Split::EveryFrom, Split::ContentLength];
    rules.extend(MsgSep::new("^(From |\x0c)").map(Split::MsgSep));
    for rule in rules {
        check(bytes, &split_bytes(bytes, &rule), &rule);
    }
}

fn check(bytes: &[u8], pieces: &[Piece], rule: &Split) {
    let mut at = 0;
    for piece in pieces {
        take(bytes, &mut at, &piece.gap, rule);
        if let Some(mail) = &piece.mail {
            assert!(
                piece.refused.is_none(),
                "{rule:?}: a mail is delivered and refused at once"
            );
            assert_eq!(
                mail.offset, at as u64,
                "{rule:?}: a mail is not where it says"
            );
            take(bytes, &mut at, &mail.bytes, rule);
        }
        assert_eq!(
            piece.end, at as u64,
            "{rule:?}: a piece does not end where it says"
        );
    }
    assert_eq!(at, bytes.len(), "{rule:?}: bytes were lost at the end");
}

fn take(bytes: &[u8], at: &mut usize, part: &[u8], rule: &Split) {
    assert!(
        bytes[*at..].starts_with(part),
        "{rule:?}: other bytes than the source's at {at}"
    );
    *at += part.len();
}
