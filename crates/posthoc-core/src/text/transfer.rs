//! Transfer decoding (RFC 2045) that takes what mailers really wrote.

/// Padding, blanks and everything else, in [`TABLE`].
const PAD: u8 = 64;
const BLANK: u8 = 65;
const FOREIGN: u8 = 66;
/// The value of each base64 digit.
const TABLE: [u8; 256] = {
    let mut table = [FOREIGN; 256];
    let mut n = 0;
    while n < 26 {
        table[b'A' as usize + n] = n as u8;
        table[b'a' as usize + n] = n as u8 + 26;
        n += 1;
    }
    n = 0;
    while n < 10 {
        table[b'0' as usize + n] = n as u8 + 52;
        n += 1;
    }
    table[b'+' as usize] = 62;
    table[b'/' as usize] = 63;
    table[b'=' as usize] = PAD;
    table[b' ' as usize] = BLANK;
    table[b'\t' as usize] = BLANK;
    table[b'\r' as usize] = BLANK;
    table[b'\n' as usize] = BLANK;
    table
};

/// Decodes base64. Line ends and blanks are skipped. Answers the bytes and whether the input was
/// clean: foreign characters are skipped, digits after padding are taken as a new run (two encoded
/// files glued together). A footer that a list appended in plain text ends the data: a rule of `_`
/// or `-`, or after padding any line with foreign characters. What stands behind padding and a blank on
/// one line is junk.
pub fn base64(input: &[u8]) -> (Vec<u8>, bool) {
    read_base64(input, true)
}

/// What version 1 of the content's identity takes base64 for: it decodes also what stands behind
/// padding and a blank. So are encoded words and transfer-encoded mails read, which identity rests on.
pub fn base64_version_1(input: &[u8]) -> (Vec<u8>, bool) {
    read_base64(input, false)
}

fn read_base64(input: &[u8], skips_junk: bool) -> (Vec<u8>, bool) {
    let mut out = Vec::with_capacity(input.len() / 4 * 3 + 3);
    let mut clean = true;
    let (mut bits, mut held) = (0u32, 0u8);
    let mut padded = false;
    // Padding stands in this line; a blank behind it.
    let (mut ended, mut junk) = (false, false);
    let mut at = 0;
    while at < input.len() {
        if held == 0 && !padded {
            at += push_groups(&input[at..], &mut out);
        }
        let Some(byte) = input.get(at) else { break };
        match TABLE[usize::from(*byte)] {
            BLANK => {
                ended &= *byte != b'\n';
                junk = skips_junk && ended && *byte != b'\r';
            }
            _ if junk => clean = false,
            PAD => {
                flush(bits, held, &mut out);
                (bits, held, padded, ended) = (0, 0, true, true);
            }
            FOREIGN => {
                clean = false;
                if padded || (held == 0 && is_rule(&input[at..])) {
                    return (out, false);
                }
            }
            value => {
                if padded {
                    if foreign_in_line(&input[at..]) {
                        return (out, false);
                    }
                    (padded, ended) = (false, false);
                }
                bits = (bits << 6) | u32::from(value);
                held += 1;
                if held == 4 {
                    out.extend_from_slice(&[(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]);
                    (bits, held) = (0, 0);
                }
            }
        }
        at += 1;
    }
    clean &= held != 1;
    flush(bits, held, &mut out);
    (out, clean)
}

/// Decodes the groups of four digits at the start, which is most of any file; answers how many bytes
/// they are.
fn push_groups(input: &[u8], out: &mut Vec<u8>) -> usize {
    let mut length = 0;
    for group in input.chunks_exact(4) {
        let digit = |n: usize| TABLE[usize::from(group[n])];
        let (a, b, c, d) = (digit(0), digit(1), digit(2), digit(3));
        // What is no digit has this bit.
        if (a | b | c | d) & PAD != 0 {
            break;
        }
        out.extend_from_slice(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
        length += 4;
    }
    length
}

/// Writes what an unfinished group of four digits holds.
fn flush(bits: u32, held: u8, out: &mut Vec<u8>) {
    match held {
        2 => out.push((bits >> 4) as u8),
        3 => out.extend_from_slice(&[(bits >> 10) as u8, (bits >> 2) as u8]),
        _ => {}
    }
}

/// Whether a line drawn of `_` or `-` begins here.
fn is_rule(input: &[u8]) -> bool {
    [b'_', b'-']
        .iter()
        .any(|c| input.len() >= 8 && input[..8].iter().all(|b| b == c))
}

/// Whether the first line holds anything but base64 digits, padding and blanks at its end.
fn foreign_in_line(input: &[u8]) -> bool {
    // The bound keeps a line of `=A=A=A` linear.
    let input = &input[..input.len().min(200)];
    let end = memchr::memchr(b'\n', input).unwrap_or(input.len());
    let line = input[..end].trim_ascii_end();
    !line
        .iter()
        .all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(b))
}

/// Decodes quoted-printable. A `=` that begins no escape stands for itself; blanks at line ends are
/// kept, since format=flowed needs them and nothing else minds. Answers the bytes and whether the
/// input was clean.
pub fn quoted_printable(input: &[u8]) -> (Vec<u8>, bool) {
    let mut out = Vec::with_capacity(input.len());
    let mut clean = true;
    let mut rest = input;
    while let Some(at) = memchr::memchr(b'=', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        if let [high, low, tail @ ..] = rest
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            out.push(high << 4 | low);
            rest = tail;
            continue;
        }
        match soft_break(rest) {
            Some(length) => rest = &rest[length..],
            None => {
                clean = false;
                out.push(b'=');
            }
        }
    }
    out.extend_from_slice(rest);
    (out, clean)
}

/// The length of a soft line break after its `=`: blanks and a line end, or the end of the data.
fn soft_break(rest: &[u8]) -> Option<usize> {
    // Transport adds few blanks; the bound keeps a line of `= = =` linear.
    let blanks = rest
        .iter()
        .take(100)
        .take_while(|b| b" \t\r".contains(b))
        .count();
    match rest.get(blanks) {
        Some(b'\n') => Some(blanks + 1),
        None => Some(blanks),
        Some(_) => None,
    }
}

/// The value of a hexadecimal digit of either case.
pub(super) fn hex(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).map(|value| value as u8)
}

/// Decodes the lines of a uuencoded file (POSIX `uuencode`) up to `end`, without the `begin` line.
/// Answers the bytes and whether the input was clean.
pub fn uudecode<'a>(lines: impl Iterator<Item = &'a [u8]>) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    for line in lines {
        let line = line.trim_ascii_end();
        if line == b"end" {
            return (out, true);
        }
        let Some((length, digits)) = line.split_first() else {
            continue;
        };
        let length = usize::from(length.wrapping_sub(b' ') & 63);
        let before = out.len();
        for group in digits.chunks(4) {
            let digit =
                |n: usize| u32::from(group.get(n).copied().unwrap_or(b' ').wrapping_sub(b' ') & 63);
            let bits = digit(0) << 18 | digit(1) << 12 | digit(2) << 6 | digit(3);
            out.extend_from_slice(&[(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]);
        }
        out.truncate(before + length);
    }
    (out, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_the_wild() {
        assert_eq!(base64(b"SGVsbG8="), (b"Hello".to_vec(), true));
        assert_eq!(base64(b"SGVs\r\nbG8"), (b"Hello".to_vec(), true));
        // Groups that a line end cuts, and every digit.
        let all = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let whole = base64(all);
        assert_eq!(whole.0[..6], [0x00, 0x10, 0x83, 0x10, 0x51, 0x87]);
        assert_eq!(whole.0[42..], [0xe3, 0x9e, 0xbb, 0xf3, 0xdf, 0xbf]);
        for width in 1..all.len() {
            let lines: Vec<&[u8]> = all.chunks(width).collect();
            assert_eq!(base64(&lines.join(&b'\n')), whole, "{width}");
        }
        assert_eq!(base64(b"SGVs!bG8="), (b"Hello".to_vec(), false));
        assert_eq!(base64(b"SGVsbG8=SGVsbG8="), (b"HelloHello".to_vec(), true));
        assert_eq!(
            base64(b"SGVsbG8=\n____\nA list\n"),
            (b"Hello".to_vec(), false)
        );
        assert_eq!(
            base64(b"SGVsbG8=\nSent from here\n"),
            (b"Hello".to_vec(), false)
        );
        assert_eq!(
            base64(b"SGVs\n________\nA list\n"),
            (b"Hel".to_vec(), false)
        );
        assert_eq!(
            base64(b"SGVsbG8= ignored, (all)\n SGVsbG8= \n"),
            (b"HelloHello".to_vec(), false)
        );
        assert_eq!(base64(b""), (Vec::new(), true));
    }

    #[test]
    fn quoted_printable_of_the_wild() {
        assert_eq!(
            quoted_printable(b"a=3d=E9= \t\r\nb=\nc="),
            (b"a=\xe9bc".to_vec(), true)
        );
        assert_eq!(
            quoted_printable(b"a=b 100=%"),
            (b"a=b 100=%".to_vec(), false)
        );
        assert_eq!(
            quoted_printable(b"x \ny=20\n"),
            (b"x \ny \n".to_vec(), true)
        );
    }

    #[test]
    fn uuencoded_lines() {
        let lines = [&b"#0V%T"[..], b"`", b"end", b"junk"];
        assert_eq!(uudecode(lines.into_iter()), (b"Cat".to_vec(), true));
    }
}
