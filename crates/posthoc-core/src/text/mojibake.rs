//! Text in UTF-8 that somebody took for windows-1252 and encoded again: `Ã©` for `é`.

use std::borrow::Cow;

/// How often a text may have been taken for another.
const ROUNDS: usize = 3;

/// The text as it was meant, or `None` when it seems well as it is. Nearly all that is not ASCII
/// must be broken in this way: a mail that explains the matter is left alone. Linear.
pub fn mend_mojibake(text: &str) -> Option<String> {
    let mut mended = Cow::Borrowed(text);
    for _ in 0..ROUNDS {
        match once(&mended) {
            Some(better) => mended = Cow::Owned(better),
            None => break,
        }
    }
    match mended {
        Cow::Owned(mended) => Some(mended),
        Cow::Borrowed(_) => None,
    }
}

fn once(text: &str) -> Option<String> {
    // Every first sign lies between U+00C2 and U+00F4; in UTF-8 that is 0xC3 and a byte behind it.
    if !memchr::memchr_iter(0xc3, text.as_bytes()).any(|at| sequence(&text[at..]).is_some()) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let (mut broken, mut well) = (0usize, 0usize);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c.is_ascii() {
            let run = rest.bytes().take_while(u8::is_ascii).count();
            out.push_str(&rest[..run]);
            rest = &rest[run..];
        } else if let Some((meant, length)) = sequence(rest) {
            broken += 1;
            out.push(meant);
            rest = &rest[length..];
        } else {
            well += 1;
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    (broken > 0 && well * 4 <= broken).then_some(out)
}

/// The letter that a run of signs stands for, and the run's length in bytes.
fn sequence(text: &str) -> Option<(char, usize)> {
    let mut chars = text.chars();
    let first = chars.next()?;
    let lead = match u32::from(first) {
        code @ 0xc2..=0xf4 => code as u8,
        _ => return None,
    };
    let more = match lead {
        0xc2..=0xdf => 1,
        0xe0..=0xef => 2,
        _ => 3,
    };
    let mut bytes = [lead, 0, 0, 0];
    let mut length = first.len_utf8();
    for place in bytes.iter_mut().skip(1).take(more) {
        let c = chars.next()?;
        let byte = byte_of(c)?;
        if !(0x80..0xc0).contains(&byte) {
            return None;
        }
        *place = byte;
        length += c.len_utf8();
    }
    let meant = std::str::from_utf8(&bytes[..=more]).ok()?.chars().next()?;
    // `Â` before a control character would make one.
    (!meant.is_control()).then_some((meant, length))
}

/// The byte of windows-1252 that is shown as a character; also for bytes that it leaves open.
fn byte_of(c: char) -> Option<u8> {
    const HIGH: [(char, u8); 27] = [
        ('\u{20ac}', 0x80),
        ('\u{201a}', 0x82),
        ('\u{192}', 0x83),
        ('\u{201e}', 0x84),
        ('\u{2026}', 0x85),
        ('\u{2020}', 0x86),
        ('\u{2021}', 0x87),
        ('\u{2c6}', 0x88),
        ('\u{2030}', 0x89),
        ('\u{160}', 0x8a),
        ('\u{2039}', 0x8b),
        ('\u{152}', 0x8c),
        ('\u{17d}', 0x8e),
        ('\u{2018}', 0x91),
        ('\u{2019}', 0x92),
        ('\u{201c}', 0x93),
        ('\u{201d}', 0x94),
        ('\u{2022}', 0x95),
        ('\u{2013}', 0x96),
        ('\u{2014}', 0x97),
        ('\u{2dc}', 0x98),
        ('\u{2122}', 0x99),
        ('\u{161}', 0x9a),
        ('\u{203a}', 0x9b),
        ('\u{153}', 0x9c),
        ('\u{17e}', 0x9e),
        ('\u{178}', 0x9f),
    ];
    match u32::from(c) {
        code @ 0x80..=0xff => Some(code as u8),
        _ => HIGH
            .iter()
            .find(|(shown, _)| *shown == c)
            .map(|(_, byte)| *byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_taken_for_others() {
        for (text, meant) in [
            ("caf\u{c3}\u{a9}", Some("caf\u{e9}")),
            ("it\u{e2}\u{20ac}\u{2122}s", Some("it\u{2019}s")),
            ("\u{c3}\u{192}\u{c2}\u{a9}", Some("\u{e9}")),
            ("\u{f0}\u{178}\u{2dc}\u{20ac}", Some("\u{1f600}")),
            ("\u{c3}\u{81}rbol", Some("\u{c1}rbol")),
            ("caf\u{e9}", None),
            ("N\u{c3}O", None),
            ("\u{e9} is shown as \u{c3}\u{a9}", None),
            ("plain", None),
            ("\u{c3}", None),
        ] {
            assert_eq!(mend_mojibake(text).as_deref(), meant, "{text}");
        }
    }
}
