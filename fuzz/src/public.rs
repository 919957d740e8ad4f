//! What others are shown of a mail.

use posthoc_core::message::{Limits, Piece, parse, redact, redactable_parts};
use posthoc_core::page::{Mask, mask_body, public_bytes};

/// Any bytes have a public copy under every mask: it is bounded, it is a mail again, and the words of
/// a text that holds no address stay as they are.
pub fn public(bytes: &[u8]) {
    let limits = Limits::default();
    let text = String::from_utf8_lossy(bytes);
    redacted(bytes, &limits);
    for mask in [Mask::None, Mask::At, Mask::Domain, Mask::Full] {
        let masked = mask.text(&text);
        // Four bytes, `a@bc` without a point, are no address yet; each one grows by no more than the
        // words that stand for it.
        assert!(masked.len() <= text.len() * 6 + 64, "{mask:?} grows");
        if mask == Mask::None {
            assert_eq!(masked, text);
        }
        let copy = public_bytes(bytes, mask, &["x-own*".to_owned()], &limits);
        assert!(copy.len() <= bytes.len() * 20 + 4096, "{mask:?} grows");
        let mut body = parse(&copy, &limits).body(&limits);
        mask_body(&mut body, mask);
    }
}

/// Whatever is taken out of any bytes, what is left is a mail, little longer than it was; without its
/// parts it holds none of what they said.
fn redacted(bytes: &[u8], limits: &Limits) {
    let parts = redactable_parts(bytes, limits).len() as u32;
    let fields = ["from", "Subject"].map(|name| Piece::Header(name.to_owned()));
    let range = Piece::Bytes(bytes.len() as u64 / 3..bytes.len() as u64 / 2);
    let all: Vec<Piece> = (1..=parts).map(Piece::Part).collect();
    for pieces in [&fields[..], &[range], &all] {
        let left = redact(bytes, pieces, limits);
        let room = bytes.len() * 10 + 256 * (parts as usize + 1);
        assert!(left.len() <= room, "a redaction grows");
        parse(&left, limits).body(limits);
    }
}
