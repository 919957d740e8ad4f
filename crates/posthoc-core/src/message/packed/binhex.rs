//! BinHex 4.0 (RFC 1741): a file of the old Macintosh. The data fork is the file; the resource fork
//! is left out.

use super::Taken;
use std::ops::Range;

/// What begins a BinHex file.
pub(super) const MARK: &[u8] = b"(This file must be converted with BinHex";

/// Marks the digits' start and end.
const COLON: u8 = b':';

/// Stands for "repeat the last byte".
const REPEAT: u8 = 0x90;

/// Longest header: a name of 63 bytes and the rest, with a repeat mark for each.
const DIGITS: &[u8; 64] = b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr";

/// Bytes behind the name in the header: version, type, creator, flags, two lengths.
const FACTS: usize = 1 + 4 + 4 + 2 + 4 + 4;

/// Decodes the file whose [`MARK`] stands at `at`.
pub(super) fn take(text: &[u8], at: usize, most: usize) -> Option<Taken> {
    let line_end = memchr::memchr(b'\n', &text[at..])? + at;
    // A CR before a line end counts for nothing: with CRLF it is the same file.
    let gap = text[line_end..]
        .iter()
        .enumerate()
        .filter(|(_, b)| **b != b'\r');
    let mut gap = gap.take(10);
    let start = gap.find(|(_, b)| **b == COLON)?.0 + line_end + 1;
    let length = memchr::memchr(COLON, &text[start..]);
    let stop = length.map_or(text.len(), |n| start + n);
    // The header tells how much there is; nothing behind it is unpacked.
    let head = unpacked(&text[start..stop], 64 + 1 + FACTS + 2);
    let name_length = usize::from(*head.first()?);
    let facts = 1 + name_length;
    let number = |at: usize| -> Option<usize> {
        let bytes: [u8; 4] = head.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_be_bytes(bytes)).ok()
    };
    let data_length = number(facts + 11)?;
    let fork = facts + FACTS + 2;
    if name_length == 0 || name_length > 63 {
        return None;
    }
    let name = head.get(1..facts)?.to_vec();
    let wanted = fork.saturating_add(data_length.min(most)).saturating_add(2);
    let all = unpacked(&text[start..stop], wanted);
    let data: Range<usize> = fork.min(all.len())..fork.saturating_add(data_length).min(all.len());
    let sum = all.get(data.end..data.end + 2);
    let whole = data.len() == data_length
        && length.is_some()
        && sum.is_some_and(|sum| sum == crc16(&all[data.clone()]).to_be_bytes());
    let mut bytes = all[data].to_vec();
    bytes.truncate(most);
    let after = &text[stop..];
    let line = memchr::memchr(b'\n', after).map_or(after.len(), |n| n + 1);
    Some(Taken {
        end: stop + line,
        name,
        bytes,
        clean: whole,
        piece: None,
    })
}

/// The first `most` bytes that the digits stand for, runs written out.
fn unpacked(digits: &[u8], most: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut bits, mut held) = (0u32, 0u32);
    let mut repeat = false;
    for digit in digits {
        let Some(value) = VALUES[usize::from(*digit)] else {
            continue;
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held < 8 {
            continue;
        }
        held -= 8;
        let byte = (bits >> held) as u8;
        bits &= (1 << held) - 1;
        match (repeat, byte) {
            (false, REPEAT) => repeat = true,
            (false, byte) => out.push(byte),
            (true, 0) => {
                out.push(REPEAT);
                repeat = false;
            }
            (true, count) => {
                let last = out.last().copied().unwrap_or_default();
                out.resize(out.len() + usize::from(count) - 1, last);
                repeat = false;
            }
        }
        if out.len() >= most {
            break;
        }
    }
    out.truncate(most);
    out
}

/// The value of each digit.
const VALUES: [Option<u8>; 256] = {
    let mut table = [None; 256];
    let mut n = 0;
    while n < 64 {
        table[DIGITS[n] as usize] = Some(n as u8);
        n += 1;
    }
    table
};

/// CRC-16 of BinHex: CCITT's polynomial, begun with zero.
fn crc16(bytes: &[u8]) -> u16 {
    let mut sum = 0u16;
    for byte in bytes {
        sum ^= u16::from(*byte) << 8;
        for _ in 0..8 {
            let carry = sum & 0x8000 != 0;
            sum <<= 1;
            if carry {
                sum ^= 0x1021;
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Digits of a file, without runs.
    fn pack(name: &str, data: &[u8]) -> String {
        let mut bytes = vec![name.len() as u8];
        bytes.extend(name.bytes());
        bytes.extend(b"\0TEXTttxt\0\0");
        bytes.extend((data.len() as u32).to_be_bytes());
        bytes.extend([0; 4]);
        let sum = crc16(&bytes);
        bytes.extend(sum.to_be_bytes());
        bytes.extend(data);
        bytes.extend(crc16(data).to_be_bytes());
        bytes.extend([0; 2]);
        let mut digits = String::new();
        for group in bytes.chunks(3) {
            let byte = |n: usize| u32::from(group.get(n).copied().unwrap_or(0));
            let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
            for n in 0..=group.len() {
                digits.push(DIGITS[(bits >> (18 - 6 * n) & 63) as usize] as char);
            }
        }
        format!("(This file must be converted with BinHex 4.0)\n\n:{digits}:\nrest")
    }

    #[test]
    fn files_of_the_macintosh() {
        let text = pack("cat.txt", b"A cat");
        let taken = take(text.as_bytes(), 0, 100).unwrap();
        assert_eq!(
            (&*taken.name, &*taken.bytes, taken.clean),
            (&b"cat.txt"[..], &b"A cat"[..], true)
        );
        assert_eq!(&text[taken.end..], "rest");
        let cut = &text[..text.len() - 12];
        let taken = take(cut.as_bytes(), 0, 100).unwrap();
        assert!(!taken.clean);
        assert!(take(b"(This file must be converted with BinHex 4.0)\nno", 0, 9).is_none());
        // RFC 1741's example of runs: FF 04 90 00 is two bytes.
        assert_eq!(crc16(b"123456789"), 0x31c3);
    }

    #[test]
    fn a_gap_before_the_digits_is_as_long_with_crlf() {
        let text = pack("cat.txt", b"A cat").replace("\n\n:", "\n\n\n\n\n\n:");
        let twin = text.replace('\n', "\r\n");
        assert!(take(text.as_bytes(), 0, 100).is_some());
        assert!(take(twin.as_bytes(), 0, 100).is_some());
    }

    #[test]
    fn runs_are_bounded() {
        // Each four digits of a bomb say: repeat 255 times.
        let bomb = [REPEAT, 255].repeat(30);
        let mut digits = Vec::new();
        for group in bomb.chunks(3) {
            let bits = u32::from(group[0]) << 16 | u32::from(group[1]) << 8 | u32::from(group[2]);
            digits.extend((0..4).map(|n| DIGITS[(bits >> (18 - 6 * n) & 63) as usize]));
        }
        assert_eq!(unpacked(&digits, 1_000).len(), 1_000);
        assert!(unpacked(&digits, usize::MAX).len() <= 30 * 255);
    }
}
