//! How large a picture is, told by its first bytes: one that would take a reader's memory is a link.

/// Bytes of the largest picture that a page shows; larger ones are links.
const PICTURE_BYTES: usize = 8 << 20;
/// Pixels of the largest picture that a page shows: a browser takes four bytes for each.
const PICTURE_PIXELS: u64 = 50_000_000;
/// Bytes at the beginning of a picture in which its size must stand.
const LOOKED_AT: usize = 256 << 10;

/// Width and height of a picture that a page may show; none for what is too large, or does not say how
/// large it is.
pub(super) fn shown_size(bytes: &[u8]) -> Option<(u32, u32)> {
    if bytes.len() > PICTURE_BYTES {
        return None;
    }
    let start = &bytes[..bytes.len().min(LOOKED_AT)];
    let (width, height) = match start {
        [0x89, b'P', b'N', b'G', ..] => (be32(start, 16)?, be32(start, 20)?),
        [b'G', b'I', b'F', b'8', ..] => (le16(start, 6)?, le16(start, 8)?),
        [0xff, 0xd8, ..] => jpeg(start)?,
        _ if start.get(8..12) == Some(b"WEBP") => webp(start)?,
        _ if start.get(4..8) == Some(b"ftyp") => avif(start)?,
        _ => return None,
    };
    let pixels = u64::from(width) * u64::from(height);
    (1..=PICTURE_PIXELS)
        .contains(&pixels)
        .then_some((width, height))
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    let two: [u8; 2] = bytes.get(at..at + 2)?.try_into().ok()?;
    Some(u16::from_be_bytes(two).into())
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_be_bytes(four))
}

fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    let two: [u8; 2] = bytes.get(at..at + 2)?.try_into().ok()?;
    Some(u16::from_le_bytes(two).into())
}

/// Goes from marker to marker up to the frame's header (ITU T.81, B.1).
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    while at + 4 <= bytes.len() {
        let marker = *bytes.get(at + 1)?;
        match (bytes[at], marker) {
            (0xff, 0xff) => at += 1,
            (0xff, 0xc0..=0xcf) if ![0xc4, 0xc8, 0xcc].contains(&marker) => {
                return Some((be16(bytes, at + 7)?, be16(bytes, at + 5)?));
            }
            (0xff, 0x01 | 0xd0..=0xd8) => at += 2,
            (0xff, _) => at += 2 + usize::try_from(be16(bytes, at + 2)?.max(2)).ok()?,
            _ => return None,
        }
    }
    None
}

/// Of the three forms of a first chunk (RFC 9649, section 2).
fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8 " => Some((le16(bytes, 26)? & 0x3fff, le16(bytes, 28)? & 0x3fff)),
        b"VP8L" => {
            let bits = le16(bytes, 21)? | le16(bytes, 23)? << 16;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => {
            let three = |at| Some(le16(bytes, at)? | u32::from(*bytes.get(at + 2)?) << 16);
            Some((three(24)? + 1, three(27)? + 1))
        }
        _ => None,
    }
}

/// The largest of its `ispe` properties (ISO 23008-12, 6.5.3).
fn avif(bytes: &[u8]) -> Option<(u32, u32)> {
    let sizes = memchr::memmem::find_iter(bytes, b"ispe");
    let sizes = sizes.filter_map(|at| Some((be32(bytes, at + 8)?, be32(bytes, at + 12)?)));
    sizes.max_by_key(|(width, height)| u64::from(*width) * u64::from(*height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_pictures() {
        let png = |w: u32, h: u32| {
            [
                b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice(),
                &w.to_be_bytes(),
                &h.to_be_bytes(),
            ]
            .concat()
        };
        let check = |bytes: &[u8], size| assert_eq!(shown_size(bytes), size, "{bytes:?}");
        check(&png(640, 480), Some((640, 480)));
        check(&png(50_000, 50_000), None);
        check(&png(0, 5), None);
        check(b"\x89PNG", None);
        check(b"GIF89a\x40\x01\xf0\0", Some((320, 240)));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc0\0\x11\x08\0\xf0\x01\x40\x03";
        check(jpeg, Some((320, 240)));
        check(b"\xff\xd8\xff\xe0\0\0", None);
        check(&[b"\xff\xd8".as_slice(), &[0xff; 1_000]].concat(), None);
        let webp = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x3f\x01\0\xef\0\0";
        check(webp, Some((320, 240)));
        let webp = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x40\x01\xf0\0";
        check(webp, Some((320, 240)));
        let webp = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x3f\xc1\x3b\0";
        check(webp, Some((320, 240)));
        let avif = b"\0\0\0\x1cftypavif\0\0ispe\0\0\0\0\0\0\x01\x40\0\0\0\xf0";
        check(avif, Some((320, 240)));
        check(b"<svg>", None);
        check(&vec![0; PICTURE_BYTES + 1], None);
    }
}
