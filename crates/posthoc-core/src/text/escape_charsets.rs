//! Encodings that browsers gave up and mail still holds: UTF-7, ISO-2022-KR, HZ and UTF-32.
//! Each function answers the text and whether all of it was well made.

use encoding_rs::{EUC_KR, GBK};

/// UTF-7 (RFC 2152): `+` base64 of UTF-16BE `-`.
pub(super) fn utf7(bytes: &[u8]) -> (String, bool) {
    let mut text = String::with_capacity(bytes.len());
    let mut clean = true;
    let mut at = 0;
    while at < bytes.len() {
        let run = memchr::memchr(b'+', &bytes[at..]).map_or(bytes.len(), |n| at + n);
        clean &= bytes[at..run].is_ascii();
        text.push_str(&String::from_utf8_lossy(&bytes[at..run]));
        if run == bytes.len() {
            break;
        }
        at = run + 1;
        let end = bytes[at..]
            .iter()
            .position(|b| !(b.is_ascii_alphanumeric() || *b == b'+' || *b == b'/'))
            .map_or(bytes.len(), |n| at + n);
        let closed = bytes.get(end) == Some(&b'-');
        match (end - at, closed) {
            (0, true) => text.push('+'),
            (0, false) => {
                text.push('+');
                clean = false;
            }
            _ => clean &= push_utf16_base64(&bytes[at..end], &mut text),
        }
        at = end + usize::from(closed);
    }
    (text, clean)
}

/// Decodes base64 digits into UTF-16BE units and appends their characters.
fn push_utf16_base64(digits: &[u8], text: &mut String) -> bool {
    let (mut bits, mut held) = (0u32, 0u32);
    let mut units = Vec::with_capacity(digits.len() * 6 / 16 + 1);
    for digit in digits {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            _ => 63,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 16 {
            held -= 16;
            units.push((bits >> held) as u16);
            bits &= (1 << held) - 1;
        }
    }
    let mut clean = bits == 0;
    for unit in char::decode_utf16(units) {
        clean &= unit.is_ok();
        text.push(unit.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    clean
}

/// ISO-2022-KR (RFC 1557): `SO` and `SI` switch to KS C 5601 and back; a line end switches back.
pub(super) fn iso_2022_kr(bytes: &[u8]) -> (String, bool) {
    const HEADER: &[u8] = b"\x1b$)C";
    let mut eight_bit = Vec::with_capacity(bytes.len());
    let mut shifted = false;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            0x1b if bytes[at..].starts_with(HEADER) => at += HEADER.len() - 1,
            0x0e => shifted = true,
            0x0f => shifted = false,
            b'\n' => {
                shifted = false;
                eight_bit.push(b'\n');
            }
            byte @ 0x21..=0x7e if shifted => eight_bit.push(byte | 0x80),
            byte => eight_bit.push(byte),
        }
        at += 1;
    }
    let (text, broken) = EUC_KR.decode_without_bom_handling(&eight_bit);
    (text.into_owned(), !broken)
}

/// HZ (RFC 1843): `~{` and `~}` switch to GB 2312 and back, `~~` is a tilde, `~` at a line's end
/// joins lines.
pub(super) fn hz(bytes: &[u8]) -> (String, bool) {
    let mut eight_bit = Vec::with_capacity(bytes.len());
    let mut shifted = false;
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        at += 1;
        match (byte, bytes.get(at)) {
            (b'~', Some(b'{')) => (shifted, at) = (true, at + 1),
            (b'~', Some(b'}')) => (shifted, at) = (false, at + 1),
            (b'~', Some(b'~')) if !shifted => {
                eight_bit.push(b'~');
                at += 1;
            }
            (b'~', Some(b'\n')) if !shifted => at += 1,
            (b'~', Some(b'\r')) if !shifted && bytes.get(at + 1) == Some(&b'\n') => at += 2,
            (b'\n', _) => {
                shifted = false;
                eight_bit.push(b'\n');
            }
            (0x21..=0x7e, _) if shifted => eight_bit.push(byte | 0x80),
            _ => eight_bit.push(byte),
        }
    }
    let (text, broken) = GBK.decode_without_bom_handling(&eight_bit);
    (text.into_owned(), !broken)
}

/// UTF-32 with the low byte first; a byte order mark turns it round.
pub(super) fn utf32le(bytes: &[u8]) -> (String, bool) {
    match bytes {
        [0, 0, 0xfe, 0xff, rest @ ..] => utf32(rest, u32::from_be_bytes),
        _ => utf32(bytes, u32::from_le_bytes),
    }
}

/// UTF-32 with the high byte first; a byte order mark turns it round.
pub(super) fn utf32be(bytes: &[u8]) -> (String, bool) {
    match bytes {
        [0xff, 0xfe, 0, 0, rest @ ..] => utf32(rest, u32::from_le_bytes),
        _ => utf32(bytes, u32::from_be_bytes),
    }
}

fn utf32(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> (String, bool) {
    let (units, rest) = bytes.as_chunks::<4>();
    let mut clean = rest.is_empty();
    let text = units.iter().map(|four| {
        let c = char::from_u32(unit(*four));
        clean &= c.is_some();
        c.unwrap_or(char::REPLACEMENT_CHARACTER)
    });
    (text.collect(), clean)
}

/// ISO-2022-JP whose escape characters were stripped on the way: `$B` and `(B` are left. `None`
/// unless the whole reads as Japanese: at least one run of pairs, all of them letters.
pub(super) fn iso_2022_jp_stripped(bytes: &[u8]) -> Option<String> {
    let mut escaped = Vec::with_capacity(bytes.len() + 64);
    let mut rest = bytes;
    let mut kana = false;
    while let Some(at) = memchr::memchr(b'$', rest) {
        let (before, run) = rest.split_at(at);
        escaped.extend_from_slice(before);
        let end = match run.get(1) {
            Some(b'B' | b'@') => run_end(&run[2..]),
            _ => None,
        };
        match end {
            Some(length) if length > 0 => {
                let pairs = &run[2..2 + length];
                kana |= pairs.chunks(2).any(|pair| matches!(pair[0], b'$' | b'%'));
                escaped.extend_from_slice(b"\x1b$B");
                escaped.extend_from_slice(pairs);
                escaped.extend_from_slice(b"\x1b(B");
                rest = &run[2 + length + 2..];
            }
            _ => {
                escaped.push(b'$');
                rest = &run[1..];
            }
        }
    }
    escaped.extend_from_slice(rest);
    if !kana {
        return None;
    }
    let (text, broken) = encoding_rs::ISO_2022_JP.decode_without_bom_handling(&escaped);
    (!broken).then(|| text.into_owned())
}

/// Where pairs of 7-bit letters end with `(B` or `(J`, on one line of a bounded length.
fn run_end(run: &[u8]) -> Option<usize> {
    for (n, pair) in run.chunks_exact(2).take(500).enumerate() {
        match pair {
            [b'(', b'B' | b'J'] => return Some(2 * n),
            [0x21..=0x7e, 0x21..=0x7e] => {}
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hz_joins_lines_with_crlf_too() {
        assert_eq!(hz(b"one ~\r\ntwo"), hz(b"one ~\ntwo"));
    }

    #[test]
    fn shims_read_what_their_papers_show() {
        assert_eq!(utf7(b"A+ImIDkQ-."), ("A\u{2262}\u{391}.".to_owned(), true));
        assert_eq!(utf7(b"1 +- 1 = 2"), ("1 + 1 = 2".to_owned(), true));
        assert_eq!(
            utf7(b"+ZeVnLIqe-"),
            ("\u{65e5}\u{672c}\u{8a9e}".to_owned(), true)
        );
        assert!(!utf7(b"a + b").1);
        assert_eq!(
            utf32le(b"A\0\0\0\xac\x20\0\0"),
            ("A\u{20ac}".to_owned(), true)
        );
        assert_eq!(utf32be(b"\0\0\0A\0"), ("A".to_owned(), false));
        let stripped = iso_2022_jp_stripped(b"Hi $B$3$s$K$A$O(B $5 (B)");
        assert_eq!(
            stripped.as_deref(),
            Some("Hi \u{3053}\u{3093}\u{306b}\u{3061}\u{306f} $5 (B)")
        );
        assert_eq!(iso_2022_jp_stripped(b"my $B = foo(B);"), None);
        assert_eq!(iso_2022_jp_stripped(b"$Bab(B"), None);
        assert_eq!(
            iso_2022_kr(b"\x1b$)CHi \x0e>H3g\x0f!\n"),
            ("Hi \u{c548}\u{b155}!\n".to_owned(), true)
        );
        assert_eq!(
            hz(b"~{VPND~} a~~b ~\nc"),
            ("\u{4e2d}\u{6587} a~b c".to_owned(), true)
        );
    }
}
