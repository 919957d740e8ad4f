//! What an RTF text says: the HTML that Outlook hid in it (MS-OXRTFEX), else its words. Groups are
//! counted, not entered: their depth costs one byte each, up to a bound.

use crate::text::decode;

/// Groups in groups that are told apart; deeper ones count as the deepest.
const DEPTH: usize = 1_000;

/// What was found.
pub(super) struct Text {
    pub(super) text: String,
    /// Whether it is HTML.
    pub(super) html: bool,
}

/// What holds inside a group.
#[derive(Clone, Copy)]
struct State {
    /// A table of fonts, a picture, or anything that is not text.
    hidden: bool,
    /// Inside `\htmlrtf`: what only RTF needs.
    rtf_only: bool,
    /// Replacement bytes behind a `\u`.
    skip: u8,
}

/// Reads RTF; at most `most` bytes come out.
pub(super) fn read(rtf: &[u8], most: usize) -> Text {
    let html = memchr::memmem::find(&rtf[..rtf.len().min(4_096)], b"\\fromhtml").is_some();
    let mut reader = Reader {
        rtf,
        at: 0,
        state: State {
            hidden: false,
            rtf_only: false,
            skip: 1,
        },
        outer: Vec::new(),
        lost: 0,
        bytes: Vec::new(),
        charset: "windows-1252".to_owned(),
        skipping: 0,
        text: String::new(),
    };
    while reader.at < rtf.len() && reader.text.len() + reader.bytes.len() < most {
        reader.step();
    }
    reader.flush();
    Text {
        text: reader.text,
        html,
    }
}

struct Reader<'a> {
    rtf: &'a [u8],
    at: usize,
    state: State,
    outer: Vec<State>,
    /// Groups beyond [`DEPTH`].
    lost: usize,
    /// Text in the document's code page, not yet decoded.
    bytes: Vec<u8>,
    charset: String,
    /// Replacement characters still to be passed over.
    skipping: u8,
    text: String,
}

impl Reader<'_> {
    fn step(&mut self) {
        let byte = self.rtf[self.at];
        self.at += 1;
        match byte {
            b'{' if self.outer.len() < DEPTH => self.outer.push(self.state),
            b'{' => self.lost += 1,
            b'}' if self.lost > 0 => self.lost -= 1,
            b'}' => {
                if let Some(state) = self.outer.pop() {
                    self.state = state;
                }
            }
            b'\\' => self.control(),
            b'\r' | b'\n' | 0 => {}
            byte => self.push(byte),
        }
    }

    /// A word or a symbol behind a backslash.
    fn control(&mut self) {
        let rest = &self.rtf[self.at..];
        let letters = rest
            .iter()
            .take(40)
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        if letters == 0 {
            self.symbol(rest);
            return;
        }
        let minus = usize::from(rest.get(letters) == Some(&b'-'));
        let digits = rest[letters + minus..]
            .iter()
            .take(10)
            .take_while(|b| b.is_ascii_digit())
            .count();
        let number = std::str::from_utf8(&rest[letters..letters + minus + digits])
            .ok()
            .and_then(|digits| digits.parse::<i64>().ok());
        let end = letters + if digits > 0 { minus + digits } else { 0 };
        let blank = usize::from(rest.get(end) == Some(&b' '));
        self.at += end + blank;
        self.word(&rest[..letters], number);
    }

    fn symbol(&mut self, rest: &[u8]) {
        let Some(symbol) = rest.first() else { return };
        self.at += 1;
        match symbol {
            b'\'' => {
                let digit = |n: usize| rest.get(n).and_then(|b| (*b as char).to_digit(16));
                if let (Some(high), Some(low)) = (digit(1), digit(2)) {
                    self.at += 2;
                    self.push((high << 4 | low) as u8);
                }
            }
            b'*' => {
                // A destination that may be passed over: `{\*\htmltag64 <p>}` may not.
                let known =
                    rest[1..].starts_with(b"\\htmltag") || rest[1..].starts_with(b"\\mhtmltag");
                self.state.hidden |= !known;
            }
            b'~' => self.push_char('\u{a0}'),
            b'_' => self.push(b'-'),
            b'{' | b'}' | b'\\' => self.push(*symbol),
            b'\r' | b'\n' => self.line(),
            _ => {}
        }
    }

    fn word(&mut self, word: &[u8], number: Option<i64>) {
        match word {
            b"mhtmltag" => self.state.hidden = true,
            b"htmlrtf" => self.state.rtf_only = number != Some(0),
            b"fonttbl" | b"colortbl" | b"stylesheet" | b"info" | b"pict" | b"object"
            | b"header" | b"footer" | b"listtable" | b"listoverridetable" | b"themedata" => {
                self.state.hidden = true;
            }
            b"ansicpg" => {
                self.flush();
                self.charset = format!("cp{}", number.unwrap_or(1252));
            }
            b"uc" => self.state.skip = number.and_then(|n| n.try_into().ok()).unwrap_or(1),
            b"u" => {
                // Numbers are 16 bits with a sign: half of a pair may come.
                let unit = number.unwrap_or(0) as u16;
                self.push_unit(unit);
                self.skipping = self.state.skip;
            }
            b"par" | b"line" | b"row" => self.line(),
            b"tab" | b"cell" => self.push(b'\t'),
            b"lquote" => self.push_char('\u{2018}'),
            b"rquote" => self.push_char('\u{2019}'),
            b"ldblquote" => self.push_char('\u{201c}'),
            b"rdblquote" => self.push_char('\u{201d}'),
            b"bullet" => self.push_char('\u{2022}'),
            b"endash" => self.push_char('\u{2013}'),
            b"emdash" => self.push_char('\u{2014}'),
            // Binary data: its bytes are no text.
            b"bin" => {
                let length = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
                self.at = self.at.saturating_add(length).min(self.rtf.len());
            }
            _ => {}
        }
    }

    fn is_shown(&self) -> bool {
        !self.state.hidden && !self.state.rtf_only
    }

    fn push(&mut self, byte: u8) {
        if self.skipping > 0 {
            self.skipping -= 1;
        } else if self.is_shown() {
            self.bytes.push(byte);
        }
    }

    fn push_char(&mut self, c: char) {
        if self.is_shown() {
            self.flush();
            self.text.push(c);
        }
    }

    fn line(&mut self) {
        if self.is_shown() {
            self.bytes.push(b'\n');
        }
    }

    /// A UTF-16 unit; two halves of a pair are joined.
    fn push_unit(&mut self, unit: u16) {
        if !self.is_shown() {
            return;
        }
        self.flush();
        // The first half waits in the text as a private sign that no decoder makes.
        match unit {
            0xd800..=0xdbff => self.text.push(held(unit)),
            0xdc00..=0xdfff => {
                let first = self.text.pop().map_or(0, u32::from).wrapping_sub(HELD);
                let pair = first
                    .checked_mul(0x400)
                    .map(|n| n + u32::from(unit - 0xdc00) + 0x1_0000);
                let joined = pair.filter(|_| first < 0x400).and_then(char::from_u32);
                self.text
                    .push(joined.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            unit => self.text.extend(char::from_u32(u32::from(unit))),
        }
    }

    fn flush(&mut self) {
        if !self.bytes.is_empty() {
            let decoded = decode(&self.bytes, Some(&self.charset), None).text;
            self.text.push_str(&decoded);
            self.bytes.clear();
        }
    }
}

/// Where first halves of pairs are kept: the last plane of private use.
const HELD: u32 = 0x10_f000;

fn held(unit: u16) -> char {
    char::from_u32(HELD + u32::from(unit - 0xd800)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rtf: &str, text: &str, html: bool) {
        let found = read(rtf.as_bytes(), 1_000);
        assert_eq!((found.text.as_str(), found.html), (text, html), "{rtf}");
    }

    #[test]
    fn words_of_rtf() {
        check(
            "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}\\pard caf\\'e9\\par {\\b bold}\\tab x}",
            "caf\u{e9}\nbold\tx",
            false,
        );
        check(
            "{\\rtf1 \\u8364?\\uc0\\u8364 \\{x\\}",
            "\u{20ac}\u{20ac}{x}",
            false,
        );
        check("{\\rtf1 \\u-10179?\\u-8704?", "\u{1f600}", false);
        check(
            "{\\rtf1{\\*\\generator Word}\\ldblquote x\\rdblquote\\bin3 abcy",
            "\u{201c}x\u{201d}y",
            false,
        );
    }

    #[test]
    fn html_in_rtf() {
        check(
            "{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag64 <p>}\\htmlrtf \\par\\htmlrtf0 caf\\'e9 \
             {\\*\\htmltag84 &nbsp;}\\htmlrtf \\'a0\\htmlrtf0 {\\*\\mhtmltag64 <q>}{\\*\\htmltag72 </p>}}",
            "<p>caf\u{e9} &nbsp;</p>",
            true,
        );
    }

    #[test]
    fn depth_costs_nothing() {
        let deep = "{".repeat(1_000_000);
        assert_eq!(read(deep.as_bytes(), 10).text, "");
        let closed = "}".repeat(1_000_000);
        assert_eq!(read(format!("x{closed}y").as_bytes(), 10).text, "xy");
    }
}
