//! uuencode and `begin-base64` (POSIX `uuencode`), and xxencode, which is uuencode with another
//! alphabet.

use super::Taken;
use crate::message::scan::split_line;
use crate::text::base64;

/// Lines looked at behind junk for the block to go on.
const LOOKAHEAD: usize = 8;

/// Longest `begin` line.
const BEGIN_BYTES: usize = 500;

/// The two alphabets.
#[derive(Clone, Copy, PartialEq)]
enum Alphabet {
    Uu,
    Xx,
}

impl Alphabet {
    /// What a character stands for.
    fn value(self, byte: u8) -> Option<u8> {
        match (self, byte) {
            (Alphabet::Uu, 0x20..=0x60) => Some((byte - 0x20) & 63),
            (Alphabet::Xx, b'+') => Some(0),
            (Alphabet::Xx, b'-') => Some(1),
            (Alphabet::Xx, b'0'..=b'9') => Some(byte - b'0' + 2),
            (Alphabet::Xx, b'A'..=b'Z') => Some(byte - b'A' + 12),
            (Alphabet::Xx, b'a'..=b'z') => Some(byte - b'a' + 38),
            _ => None,
        }
    }
}

/// Decodes the block whose `begin` line stands at `at`. A block without its `end` goes as far as
/// its lines do; a few lines of junk inside (a page break, an empty line) are passed over.
pub(super) fn take(text: &[u8], at: usize, most: usize) -> Option<Taken> {
    let (line, rest) = split_line(&text[at..]);
    if line.len() > BEGIN_BYTES {
        return None;
    }
    if let Some(head) = line.strip_prefix(b"begin-base64 ") {
        return base64_block(text, name(head)?, rest, most);
    }
    let name = name(line.strip_prefix(b"begin ")?)?;
    let mut rest = skip_empty(rest);
    let (first, _) = split_line(rest);
    let alphabet = [Alphabet::Uu, Alphabet::Xx]
        .into_iter()
        .find(|a| data_line(first, *a, false).is_some_and(|n| n > 0))?;
    let mut lines = Lines {
        alphabet,
        blanks: first.contains(&b' '),
        bytes: Vec::new(),
    };
    let mut clean = true;
    let ended = loop {
        let (line, after) = split_line(rest);
        if line.trim_ascii_end() == b"end" {
            rest = after;
            break true;
        }
        if rest.is_empty() || lines.bytes.len() > most {
            break false;
        }
        match data_line(line, alphabet, lines.blanks) {
            Some(0) => rest = after,
            Some(length) => {
                lines.push(&line[1..], length);
                rest = after;
            }
            None => match goes_on(after, alphabet) {
                Some(next) => {
                    clean &= line.trim_ascii().is_empty();
                    rest = next;
                }
                None => break false,
            },
        }
    };
    lines.bytes.truncate(most);
    Some(Taken {
        end: text.len() - rest.len(),
        name,
        bytes: lines.bytes,
        clean: clean && ended,
        piece: None,
    })
}

/// `644 name`: three or four octal digits and a name.
fn name(head: &[u8]) -> Option<Vec<u8>> {
    let digits = head
        .iter()
        .take_while(|b| (b'0'..=b'7').contains(*b))
        .count();
    let name = head[digits..].strip_prefix(b" ")?.trim_ascii();
    let bare = name
        .strip_prefix(b"\"")
        .and_then(|n| n.strip_suffix(b"\""))
        .unwrap_or(name);
    ((3..=4).contains(&digits)).then(|| bare.to_vec())
}

/// The number of bytes that a line holds, if it is a line of data. `blanks`: whether zeros are
/// written as blanks, so that a line may have lost its end on the way.
fn data_line(line: &[u8], alphabet: Alphabet, blanks: bool) -> Option<usize> {
    let (first, digits) = line.split_first()?;
    let length = usize::from(alphabet.value(*first)?);
    let needed = length.div_ceil(3) * 4;
    let shortest = if blanks { 0 } else { needed.saturating_sub(2) };
    // One or two characters of checksum are allowed behind the data.
    let fits = (shortest..=needed + 2).contains(&digits.len());
    (fits && digits.iter().all(|b| alphabet.value(*b).is_some())).then_some(length)
}

/// Where data goes on behind a line of junk: at a full line, or at the end.
fn goes_on(mut rest: &[u8], alphabet: Alphabet) -> Option<&[u8]> {
    for _ in 0..LOOKAHEAD {
        let (line, after) = split_line(rest);
        if line.starts_with(b"begin") || rest.is_empty() {
            return None;
        }
        let full = data_line(line, alphabet, false).is_some_and(|length| length >= 30);
        if full || line.trim_ascii_end() == b"end" {
            return Some(rest);
        }
        rest = after;
    }
    None
}

fn skip_empty(mut rest: &[u8]) -> &[u8] {
    for _ in 0..LOOKAHEAD {
        match split_line(rest) {
            (line, after) if line.trim_ascii().is_empty() && !rest.is_empty() => rest = after,
            _ => break,
        }
    }
    rest
}

/// The data so far.
struct Lines {
    alphabet: Alphabet,
    blanks: bool,
    bytes: Vec<u8>,
}

impl Lines {
    fn push(&mut self, digits: &[u8], length: usize) {
        let before = self.bytes.len();
        self.blanks |= digits.contains(&b' ');
        for group in digits.chunks(4).take(length.div_ceil(3)) {
            let digit = |n: usize| {
                let value = group.get(n).and_then(|b| self.alphabet.value(*b));
                u32::from(value.unwrap_or(0))
            };
            let bits = digit(0) << 18 | digit(1) << 12 | digit(2) << 6 | digit(3);
            let three = [(bits >> 16) as u8, (bits >> 8) as u8, bits as u8];
            self.bytes.extend_from_slice(&three);
        }
        // Zeros at the end that were blanks and were lost.
        self.bytes.resize(before + length, 0);
    }
}

/// Lines of base64 up to `====`.
fn base64_block(text: &[u8], name: Vec<u8>, start: &[u8], most: usize) -> Option<Taken> {
    let mut rest = start;
    let mut ended = false;
    while !rest.is_empty() && start.len() - rest.len() < most.saturating_mul(2) {
        let (line, after) = split_line(rest);
        let line = line.trim_ascii_end();
        if line == b"====" {
            rest = after;
            ended = true;
            break;
        }
        let digits = |b: &u8| b.is_ascii_alphanumeric() || b"+/=".contains(b);
        if line.is_empty() || !line.iter().all(digits) {
            break;
        }
        rest = after;
    }
    let data = &start[..start.len() - rest.len()];
    let data = data.trim_ascii_end();
    let (mut bytes, clean) = base64(data.strip_suffix(b"====").unwrap_or(data));
    bytes.truncate(most);
    (!bytes.is_empty()).then(|| Taken {
        end: text.len() - rest.len(),
        name,
        bytes,
        clean: clean && ended,
        piece: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(&str, &str, bool, &str)>) {
        let found = take(text.as_bytes(), 0, 1_000);
        let found = found.map(|t| {
            (
                String::from_utf8_lossy(&t.name).into_owned(),
                String::from_utf8_lossy(&t.bytes).into_owned(),
                t.clean,
                text[t.end..].to_owned(),
            )
        });
        let expected = expected
            .map(|(name, bytes, clean, rest)| (name.into(), bytes.into(), clean, rest.into()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn blocks_of_the_wild() {
        let cat = Some(("cat.txt", "Cat", true, ""));
        check("begin 644 cat.txt\n#0V%T\n`\nend\n", cat);
        check("begin 0644 \"cat.txt\"\r\n\r\n#0V%T\r\n`\r\nend\r\n", cat);
        check("begin 644 cat.txt\n#0V%T!!\nend", cat);
        // xxencode.
        check(
            "begin 644 cat.txt\n1Eq3o\n+\nend\n",
            Some(("cat.txt", "Cat", true, "")),
        );
        // The end is lost: text goes on.
        check(
            "begin 644 cat.txt\n#0V%T\n\nYours, Ada\n",
            Some(("cat.txt", "Cat", false, "\nYours, Ada\n")),
        );
        // Junk in the middle.
        let full = "M86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A";
        let text = format!("begin 644 a\n{full}\n-- page 2 --\n\n{full}\n`\nend\nx");
        check(&text, Some(("a", &"a".repeat(90), false, "x")));
        // Zeros written as blanks that were lost on the way.
        check(
            "begin 644 z\n#    \n#\n \nend\n",
            Some(("z", "\0\0\0\0\0\0", true, "")),
        );
        check(
            "begin-base64 644 cat.txt\nQ2F0\n====\nx",
            Some(("cat.txt", "Cat", true, "x")),
        );
        check(
            "begin-base64 644 cat.txt\nQ2F0\n\nx",
            Some(("cat.txt", "Cat", false, "\nx")),
        );
    }

    #[test]
    fn words_are_no_blocks() {
        check("begin 644 the day with tea\nIt is good.\n", None);
        check("begin the day\n#0V%T\nend\n", None);
        check("begin 644\n#0V%T\nend\n", None);
        check("begin-base64 644 x\n\nSome words.\n", None);
    }
}
