//! From bytes and what they claim to be, to text.

use super::escape_charsets as shims;
use super::label::{self, Charset, Label};
use super::mojibake::mend_mojibake;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// Bytes that were turned into text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text: line ends are `\n`; NUL, escape and the other control characters except tab and
    /// line feed are gone, and so is a byte order mark.
    pub text: String,
    /// The charset that was used, lower case.
    pub charset: String,
    /// What was wrong with the label.
    pub trouble: Option<CharsetTrouble>,
    /// The text as it was meant, where it is UTF-8 that was taken for windows-1252.
    pub mended: Option<String>,
}

impl Decoded {
    /// The text to be shown.
    pub fn shown(self) -> String {
        self.mended.unwrap_or(self.text)
    }
}

/// What can be wrong with the charset of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CharsetTrouble {
    /// A label that nothing knows.
    Unknown,
    /// The text is not in the charset that it declares.
    Wrong,
    /// 8-bit text without a declared charset.
    Undeclared,
    /// ISO-2022-JP that lost its escape characters.
    Stripped,
    /// UTF-8 that was taken for windows-1252 and encoded again.
    Mojibake,
}

/// How much of an undeclared text is shown to the detector, in bytes.
const GUESS_BYTES: usize = 1 << 10;

/// Decodes `bytes` by their `label`; `fallback` is a charset to prefer over guessing when the label
/// does not help (a list's or the enclosing mail's). Total and linear.
///
/// The order: a known label that fits; text that is valid UTF-8; the fallback; a guess by
/// statistics; windows-1252, which decodes anything.
pub fn decode(bytes: &[u8], label: Option<&str>, fallback: Option<&str>) -> Decoded {
    let declared = label.map_or(Label::Undeclared, label::read);
    if let Some(text) = stripped_japanese(bytes, &declared) {
        return Decoded {
            text: tidy(Cow::Owned(text)),
            charset: "iso-2022-jp".to_owned(),
            trouble: Some(CharsetTrouble::Stripped),
            mended: None,
        };
    }
    let mut mended = None;
    let mut decoded = decode_declared(bytes, declared, fallback, |text| {
        mended = mend_mojibake(text);
    });
    decoded.mended = mended.map(|text| tidy(Cow::Owned(text)));
    decoded
}

/// What version 1 of the content's identity takes a text for: without what was learnt later.
pub fn decode_version_1(bytes: &[u8], label: Option<&str>, fallback: Option<&str>) -> Decoded {
    let declared = label.map_or(Label::Undeclared, label::read_version_1);
    decode_declared(bytes, declared, fallback, |_| {})
}

/// ISO-2022-JP without its escapes, under its own label or where ASCII is the other choice.
fn stripped_japanese(bytes: &[u8], declared: &Label) -> Option<String> {
    let possible = match declared {
        Label::Undeclared | Label::Known(Charset::Ascii) => true,
        Label::Known(Charset::Web(encoding)) => *encoding == ISO_2022_JP,
        _ => false,
    };
    // Text without a dollar is told apart fast, and the rest by the run's end.
    let marked = possible
        && memchr::memchr(b'$', bytes).is_some()
        && memchr::memmem::find(bytes, b"(B")
            .or(memchr::memmem::find(bytes, b"(J"))
            .is_some();
    (marked && plain_ascii(bytes))
        .then(|| shims::iso_2022_jp_stripped(bytes))
        .flatten()
}

/// Decodes by what a label says; `before` sees the text before control characters go.
fn decode_declared(
    bytes: &[u8],
    declared: Label,
    fallback: Option<&str>,
    before: impl FnOnce(&str),
) -> Decoded {
    let (charset, trouble) = match declared {
        Label::Known(charset) => (Some(charset), CharsetTrouble::Wrong),
        Label::Undeclared => (None, CharsetTrouble::Undeclared),
        Label::Unknown => (None, CharsetTrouble::Unknown),
    };
    if let Some(charset) = charset {
        if let Some(text) = decode_as_declared(charset, bytes) {
            before(&text);
            return Decoded {
                text: tidy(text),
                charset: charset.name(),
                trouble: None,
                mended: None,
            };
        }
    } else if plain_ascii(bytes) {
        let trouble = matches!(declared, Label::Unknown).then_some(CharsetTrouble::Unknown);
        return Decoded {
            text: tidy(ascii(bytes)),
            charset: "us-ascii".to_owned(),
            trouble,
            mended: None,
        };
    }
    let (text, charset) = decode_by_looks(bytes, charset, fallback);
    before(&text);
    Decoded {
        text: tidy(text),
        charset,
        trouble: Some(trouble),
        mended: None,
    }
}

/// What [`decode`] would find wrong, without decoding more than it must.
pub fn charset_trouble(bytes: &[u8], label: Option<&str>) -> Option<CharsetTrouble> {
    let declared = label.map_or(Label::Undeclared, label::read);
    if stripped_japanese(bytes, &declared).is_some() {
        return Some(CharsetTrouble::Stripped);
    }
    let wrong = match declared {
        Label::Known(Charset::Web(encoding)) if encoding == UTF_8 => std::str::from_utf8(bytes)
            .is_err()
            .then_some(CharsetTrouble::Wrong),
        Label::Known(charset) => match decode_as_declared(charset, bytes) {
            None => Some(CharsetTrouble::Wrong),
            Some(text) => return mend_mojibake(&text).map(|_| CharsetTrouble::Mojibake),
        },
        Label::Undeclared => (!plain_ascii(bytes)).then_some(CharsetTrouble::Undeclared),
        Label::Unknown => Some(CharsetTrouble::Unknown),
    };
    // Text that is valid UTF-8 is read as that, whatever its label.
    let mojibake = || {
        let text = std::str::from_utf8(bytes).ok()?;
        mend_mojibake(text).map(|_| CharsetTrouble::Mojibake)
    };
    mojibake().or(wrong)
}

/// Bytes that are known to be ASCII.
fn ascii(bytes: &[u8]) -> Cow<'_, str> {
    // Strict validation is several times faster than the lossy one, and never fails here.
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// Whether the bytes are 7-bit text without the escapes of ISO 2022.
fn plain_ascii(bytes: &[u8]) -> bool {
    bytes.is_ascii() && memchr::memchr(0x1b, bytes).is_none()
}

/// The text when the bytes fit the charset, else `None`.
fn decode_as_declared(charset: Charset, bytes: &[u8]) -> Option<Cow<'_, str>> {
    match charset {
        Charset::Ascii => bytes.is_ascii().then(|| ascii(bytes)),
        Charset::Iso8859(encoding) => {
            if bytes.is_ascii() {
                return Some(ascii(bytes));
            }
            // ISO 8859 has only controls at 0x80..0xA0. Valid UTF-8 with such bytes is UTF-8.
            let controls = bytes.iter().any(|b| (0x80..0xa0).contains(b));
            if controls && std::str::from_utf8(bytes).is_ok() {
                return None;
            }
            decode_web(encoding, bytes)
        }
        Charset::Web(encoding) => decode_web(encoding, bytes),
        Charset::Oem(page) => Some(Cow::Owned(decode_oem(page, bytes)?)),
        Charset::Shim(_, decode) => {
            let (text, clean) = decode(bytes);
            clean.then_some(Cow::Owned(text))
        }
    }
}

fn decode_web<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Option<Cow<'a, str>> {
    let encoding = match bytes {
        [0xfe, 0xff, ..] if encoding == UTF_16LE => UTF_16BE,
        [0xff, 0xfe, ..] if encoding == UTF_16BE => UTF_16LE,
        _ => encoding,
    };
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    if broken && encoding == ISO_2022_JP {
        // The standard of browsers forbids an escape right behind another; mail is full of them,
        // at the least where two encoded words meet.
        let thinned = without_idle_escapes(bytes);
        let (text, broken) = encoding.decode_without_bom_handling(&thinned);
        return (!broken).then(|| Cow::Owned(text.into_owned()));
    }
    (!broken).then_some(text)
}

/// The bytes without escape sequences of three bytes that are followed by another one at once.
fn without_idle_escapes(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(0x1b, rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        if rest.len() > 3 && rest[3] == 0x1b {
            rest = &rest[3..];
        } else {
            out.push(0x1b);
            rest = &rest[1..];
        }
    }
    out.extend_from_slice(rest);
    out
}

fn decode_oem(page: u16, bytes: &[u8]) -> Option<String> {
    let table = oem_cp::code_table::DECODING_TABLE_CP_MAP.get(&page)?;
    Some(table.decode_string_lossy(bytes))
}

/// Decodes text whose label is missing or wrong, with the name of what it was taken for.
fn decode_by_looks<'a>(
    bytes: &'a [u8],
    declared: Option<Charset>,
    fallback: Option<&str>,
) -> (Cow<'a, str>, String) {
    if let (Ok(text), None) = (std::str::from_utf8(bytes), memchr::memchr(0x1b, bytes)) {
        return (Cow::Borrowed(text), "utf-8".to_owned());
    }
    if let Some(charset) = declared
        && let Some(text) = decode_slightly_broken(charset, bytes)
    {
        return (text, charset.name());
    }
    if let Some(Label::Known(charset)) = fallback.map(label::read)
        && let Some(text) = decode_as_declared(charset, bytes)
        && !matches!(charset, Charset::Ascii)
    {
        return (text, charset.name());
    }
    if let Some(text) = decode_slightly_broken(Charset::Web(UTF_8), bytes) {
        return (text, "utf-8".to_owned());
    }
    let encoding = guess(bytes);
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    if broken {
        let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
        return (text, WINDOWS_1252.name().to_ascii_lowercase());
    }
    (text, encoding.name().to_ascii_lowercase())
}

/// Text in a multi-byte charset with few broken places (a mail cut in the middle of a character, a
/// footer in another charset): more good characters beyond ASCII than bad ones.
fn decode_slightly_broken<'a>(charset: Charset, bytes: &'a [u8]) -> Option<Cow<'a, str>> {
    let text = match charset {
        Charset::Web(encoding) if !encoding.is_single_byte() => {
            encoding.decode_without_bom_handling(bytes).0
        }
        Charset::Shim(_, decode) => Cow::Owned(decode(bytes).0),
        _ => return None,
    };
    let beyond = text.chars().filter(|c| !c.is_ascii()).count();
    let bad = text
        .chars()
        .filter(|c| *c == char::REPLACEMENT_CHARACTER)
        .count();
    (bad * 4 < beyond).then_some(text)
}

/// The detector's opinion of the first lines that hold 8-bit bytes or escapes: it is slow, and lines
/// of ASCII tell it nothing. CR at their ends is not shown to it, so that a mail with CRLF is taken for
/// what its twin with LF is.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let mut room = GUESS_BYTES;
    for line in bytes
        .split_inclusive(|b| *b == b'\n')
        .filter(|line| !plain_ascii(line))
    {
        let (words, end) = match line.strip_suffix(b"\n") {
            Some(words) => (words, &b"\n"[..]),
            None => (line, &b""[..]),
        };
        let returns = words.iter().rev().take_while(|b| **b == b'\r').count();
        for piece in [&words[..words.len() - returns], end] {
            let shown = &piece[..piece.len().min(room)];
            detector.feed(shown, false);
            room -= shown.len();
        }
        if room == 0 {
            break;
        }
    }
    detector.guess(None, Utf8Detection::Deny)
}

/// Makes line ends `\n` and drops control characters. Borrowed text that is clean is copied once.
fn tidy(text: Cow<'_, str>) -> String {
    let text = match text {
        Cow::Owned(text) if !text.starts_with('\u{feff}') => text,
        text => text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned(),
    };
    // Blocks, and no early way out inside one: the compiler makes wide instructions of it.
    let odd = |b: u8| (b < 0x20 && b != b'\n' && b != b'\t') || b == 0x7f || b == 0xc2;
    let any_odd = |block: &[u8]| block.iter().fold(false, |found, b| found | odd(*b));
    if !text.as_bytes().chunks(256).any(any_odd) {
        return text;
    }
    let mut clean = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            // A run of CR before LF is one line end (mail that was converted twice).
            '\r' if matches!(chars.peek(), Some('\n' | '\r')) => {}
            '\r' => clean.push('\n'),
            '\n' | '\t' => clean.push(c),
            _ if c.is_control() => {}
            _ => clean.push(c),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(
        bytes: &[u8],
        label: Option<&str>,
        text: &str,
        charset: &str,
        trouble: Option<CharsetTrouble>,
    ) {
        let decoded = decode(bytes, label, None);
        assert_eq!(
            (
                decoded.text.as_str(),
                decoded.charset.as_str(),
                decoded.trouble
            ),
            (text, charset, trouble),
            "{label:?}"
        );
    }

    #[test]
    fn labels_of_the_wild() {
        use CharsetTrouble::{Undeclared, Unknown, Wrong};
        check(b"abc", None, "abc", "us-ascii", None);
        check(b"abc", Some("klingon"), "abc", "us-ascii", Some(Unknown));
        check(
            b"caf\xe9",
            Some(" \"ISO-8859-1\"; format=flowed"),
            "caf\u{e9}",
            "windows-1252",
            None,
        );
        check(
            b"caf\xe9",
            Some("iso8859_1"),
            "caf\u{e9}",
            "windows-1252",
            None,
        );
        check(
            "caf\u{e9}".as_bytes(),
            None,
            "caf\u{e9}",
            "utf-8",
            Some(Undeclared),
        );
        check(
            "caf\u{e9}".as_bytes(),
            Some("us-ascii"),
            "caf\u{e9}",
            "utf-8",
            Some(Wrong),
        );
        check(
            "it\u{2019}s".as_bytes(),
            Some("iso-8859-1"),
            "it\u{2019}s",
            "utf-8",
            Some(Wrong),
        );
        check(
            b"\xa4\xa4\xa4\xe5",
            Some("bog5"),
            "\u{4e2d}\u{6587}",
            "big5",
            None,
        );
        check(b"\x82\x81", Some("cp437"), "\u{e9}\u{fc}", "cp437", None);
        check(b"\x82\x81", Some("IBM850"), "\u{e9}\u{fc}", "cp850", None);
        check(
            "\u{e9}".as_bytes(),
            Some("x-unknown"),
            "\u{e9}",
            "utf-8",
            Some(Undeclared),
        );
        check(
            b"\xe0\xe1",
            Some("iso-8859-8-i"),
            "\u{5d0}\u{5d1}",
            "iso-8859-8-i",
            None,
        );
        check(
            b"\x1b$B$\"\x1b(B",
            Some("iso-2022-jp"),
            "\u{3042}",
            "iso-2022-jp",
            None,
        );
        check(
            b"\x1b$B$\"\x1b(B\x1b$B$\"\x1b(B",
            Some("iso-2022-jp"),
            "\u{3042}\u{3042}",
            "iso-2022-jp",
            None,
        );
        check(b"\x83A", Some("cp932"), "\u{30a2}", "shift_jis", None);
        check(
            b"a\0b\r\r\nc\rd\x1b[1m",
            Some("us-ascii"),
            "ab\nc\nd[1m",
            "us-ascii",
            None,
        );
    }

    #[test]
    fn a_guess_does_not_follow_line_ends() {
        // The first kilobyte of either twin ends in another line, with other letters.
        let lf = [
            b"za\xbf\xf3\xb3\xe6\n".repeat(134),
            b"caf\xc3\xa9 \xc3\n".repeat(200),
        ]
        .concat();
        let mut crlf = Vec::new();
        for line in lf.split_inclusive(|b| *b == b'\n') {
            crlf.extend_from_slice(&line[..line.len() - 1]);
            crlf.extend_from_slice(b"\r\n");
        }
        assert_eq!(decode(&crlf, None, None), decode(&lf, None, None));
    }

    #[test]
    fn undeclared_text_is_guessed() {
        let russian = encoding_rs::KOI8_R.encode("\u{41f}\u{440}\u{438}\u{432}\u{435}\u{442}, \u{43a}\u{430}\u{43a} \u{434}\u{435}\u{43b}\u{430}? \u{425}\u{43e}\u{440}\u{43e}\u{448}\u{43e}.").0;
        assert_eq!(decode(&russian, None, None).charset, "koi8-u");
        assert_eq!(
            decode(b"\xb9\xe6\xea", None, Some("iso-8859-2")).text,
            "\u{161}\u{107}\u{119}"
        );
    }
}
