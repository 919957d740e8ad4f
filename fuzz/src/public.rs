//! What others are shown of a mail.

use posthoc_core::message::{Limits, parse};
use posthoc_core::page::{Mask, mask_body, public_bytes};

/// Any bytes have a public copy under every mask: it is bounded, it is a mail again, and the words of
/// a text that holds no address stay as they are.
pub fn public(bytes: &[u8]) {
    let limits = Limits::default();
    let text = String::from_utf8_lossy(bytes);
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
