//! A mail's content with its addresses masked: once, before any page is made of it.

use crate::message::{Attachment, Block, Body};
use crate::page::Mask;
use std::borrow::Cow;

/// Masks everything in a body that is text. HTML blocks stay: they are masked when it is known what
/// of them is shown, see [`BodyView::mask`](crate::page::BodyView::mask).
pub fn mask_body(body: &mut Body, mask: Mask) {
    if mask == Mask::None {
        return;
    }
    for block in &mut body.blocks {
        match block {
            Block::Flowed(lines)
            | Block::Fixed(lines)
            | Block::Signature(lines)
            | Block::Patch(lines) => {
                lines.iter_mut().for_each(|line| replace(line, mask));
            }
            Block::Quote(lines) => {
                lines
                    .iter_mut()
                    .for_each(|line| replace(&mut line.text, mask));
            }
            Block::Forwarded {
                subject,
                author,
                date,
            } => {
                replace(subject, mask);
                replace(date, mask);
                if let Cow::Owned(masked) = mask.display_name(author) {
                    *author = masked;
                }
            }
            Block::Html(_) | Block::Attachment(_) | Block::Note(_) => {}
        }
    }
    for attachment in &mut body.attachments {
        mask_attachment(attachment, mask);
    }
}

fn replace(text: &mut String, mask: Mask) {
    if let Cow::Owned(masked) = mask.text(text) {
        *text = masked;
    }
}

fn mask_attachment(attachment: &mut Attachment, mask: Mask) {
    replace(&mut attachment.name, mask);
    replace(&mut attachment.media_type, mask);
    match &mut attachment.text {
        Some(text) => {
            if let Cow::Owned(masked) = mask.text(text) {
                attachment.bytes = masked.clone().into_bytes();
                *text = masked;
            }
        }
        None if is_text(&attachment.bytes) => {
            if let Some(masked) = mask_bytes(&attachment.bytes, mask) {
                attachment.bytes = masked;
            }
        }
        None => {}
    }
}

/// Whether bytes are text in a charset that has ASCII at its base, whatever they are declared as.
/// The places of things in a PDF are counted in bytes: it is never text.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    let control = |b: &u8| *b < 0x20 && !b"\t\n\r\x0c\x1b".contains(b);
    !bytes.starts_with(b"%PDF-") && !bytes.iter().any(control)
}

/// Masks text in a charset that has ASCII at its base; none when nothing changes. Bytes that are no
/// UTF-8 are taken one by one: what stands between addresses comes out as it was.
pub(super) fn mask_bytes(bytes: &[u8], mask: Mask) -> Option<Vec<u8>> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return match mask.text(text) {
            Cow::Owned(masked) => Some(masked.into_bytes()),
            Cow::Borrowed(_) => None,
        };
    }
    let text: String = bytes.iter().map(|b| char::from(*b)).collect();
    match mask.text(&text) {
        Cow::Owned(masked) => Some(
            masked
                .chars()
                .map(|c| u8::try_from(c).unwrap_or(b'?'))
                .collect(),
        ),
        Cow::Borrowed(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_between_stay() {
        let check = |bytes: &[u8], expected: Option<&[u8]>| {
            assert_eq!(mask_bytes(bytes, Mask::At).as_deref(), expected);
        };
        check(b"plain \xe9", None);
        check(b"\xe9 a@b.org \xff", Some(b"\xe9 a at b.org \xff"));
        check("é a@b.org".as_bytes(), Some("é a at b.org".as_bytes()));
        assert!(is_text(b"a\tb\r\n") && !is_text(b"a\0") && !is_text(b"%PDF-1.7\n"));
    }
}
