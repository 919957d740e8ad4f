//! A mail's content with its addresses masked: once, before any page is made of it.

use super::html::mask_source;
use crate::message::{Attachment, Block, Body};
use crate::page::{Mask, ShownFile};
use std::borrow::Cow;

/// Masks everything in a body that is text. HTML is masked as it was sent; what is shown of it is
/// looked at once more, see [`BodyView::mask`](crate::page::BodyView::mask).
pub fn mask_body(body: &mut Body, mask: Mask) {
    if mask == Mask::None {
        return;
    }
    for block in &mut body.blocks {
        match block {
            Block::Flowed(lines)
            | Block::Fixed(lines)
            | Block::Signature(lines)
            | Block::Attribution(lines)
            | Block::Footer(lines)
            | Block::Frame(lines)
            | Block::Patch(lines) => {
                lines.iter_mut().for_each(|line| replace(line, mask));
            }
            Block::Quote(lines) | Block::Original(lines) => {
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
            Block::Html(source) => {
                if let Some(masked) = mask_source(source, mask) {
                    *source = masked;
                }
            }
            Block::Card(card) => {
                replace(&mut card.title, mask);
                for (_, value) in &mut card.rows {
                    value.each_words(&mut |words| replace(words, mask));
                }
            }
            Block::Attachment(_) | Block::Note(_) | Block::Other(_) => {}
        }
    }
    for attachment in &mut body.attachments {
        mask_attachment(attachment, mask);
    }
}

/// An attachment as it is shown under each mask, from none to full.
pub fn files_by_mask(attachment: &Attachment) -> [ShownFile; 4] {
    let bare = ShownFile::of(attachment);
    Mask::ALL.map(|mask| {
        let is_same = mask == Mask::None || !changes(attachment, mask);
        if is_same {
            return bare.clone();
        }
        let mut masked = attachment.clone();
        mask_attachment(&mut masked, mask);
        ShownFile::of(&masked)
    })
}

/// Whether masking may change anything of an attachment.
fn changes(attachment: &Attachment, mask: Mask) -> bool {
    let is_text = attachment.text.is_some() || is_text(&attachment.bytes);
    let changes = |text: &str| matches!(mask.text(text), Cow::Owned(_));
    is_text || changes(&attachment.name) || changes(&attachment.media_type)
}

fn replace(text: &mut String, mask: Mask) {
    if let Cow::Owned(masked) = mask.text(text) {
        *text = masked;
    }
}

fn mask_attachment(attachment: &mut Attachment, mask: Mask) {
    replace(&mut attachment.name, mask);
    replace(&mut attachment.media_type, mask);
    let is_html = is_markup(&attachment.media_type);
    match &mut attachment.text {
        Some(text) => {
            if let Some(masked) = mask_content(text, is_html, mask) {
                attachment.bytes = masked.clone().into_bytes().into();
                *text = masked;
            }
        }
        None if is_text(&attachment.bytes) => {
            if let Some(masked) = mask_bytes(&attachment.bytes, is_html, mask) {
                attachment.bytes = masked.into();
            }
        }
        None => {}
    }
}

/// Whether a type is read with its tags and references.
pub(super) fn is_markup(media_type: &str) -> bool {
    media_type == "text/html" || media_type.ends_with("xml")
}

/// Masks the text of a part; none when nothing changes.
pub(super) fn mask_content(text: &str, is_html: bool, mask: Mask) -> Option<String> {
    if mask == Mask::None {
        return None;
    }
    if is_html {
        return mask_source(text, mask);
    }
    match mask.text(text) {
        Cow::Owned(masked) => Some(masked),
        Cow::Borrowed(_) => None,
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
pub(super) fn mask_bytes(bytes: &[u8], is_html: bool, mask: Mask) -> Option<Vec<u8>> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return mask_content(text, is_html, mask).map(String::into_bytes);
    }
    let text: String = bytes.iter().map(|b| char::from(*b)).collect();
    let masked = mask_content(&text, is_html, mask)?;
    let byte = |c| u8::try_from(c).unwrap_or(b'?');
    Some(masked.chars().map(byte).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_between_stay() {
        let check = |bytes: &[u8], expected: Option<&[u8]>| {
            assert_eq!(mask_bytes(bytes, false, Mask::At).as_deref(), expected);
        };
        check(b"plain \xe9", None);
        check(b"\xe9 a@b.org \xff", Some(b"\xe9 a at b.org \xff"));
        check("é a@b.org".as_bytes(), Some("é a at b.org".as_bytes()));
        assert!(is_text(b"a\tb\r\n") && !is_text(b"a\0") && !is_text(b"%PDF-1.7\n"));
    }
}
