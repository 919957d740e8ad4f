//! yEnc (version 1.3 of its draft): 8-bit text of newsgroups, in one piece or in several.

use super::Taken;
use crate::message::scan::split_line;
use crate::message::{Defect, Packed};
use std::collections::BTreeSet;

/// Longest line of words.
const HEAD_BYTES: usize = 1_000;

/// Decodes the block whose `=ybegin` line stands at `at`.
pub(super) fn take(text: &[u8], at: usize, most: usize) -> Option<Taken> {
    let (line, mut rest) = split_line(&text[at..]);
    let head = line.strip_prefix(b"=ybegin ")?;
    if line.len() > HEAD_BYTES {
        return None;
    }
    let (words, name) = match memchr::memmem::find(head, b"name=") {
        Some(n) => (&head[..n], head[n + 5..].trim_ascii().to_vec()),
        None => (head, Vec::new()),
    };
    number(words, "line", 10)?;
    let mut piece = None;
    if let (part, after) = split_line(rest)
        && let Some(part) = part.strip_prefix(b"=ypart ")
    {
        rest = after;
        piece = number(part, "begin", 10).zip(number(part, "end", 10));
    }
    let end = end_line(rest)?;
    let bytes = decode(&rest[..end], most);
    let (tail, after) = split_line(&rest[end..]);
    let size = number(tail, "size", 10);
    let sum = number(tail, "pcrc32", 16).or(number(tail, "crc32", 16).filter(|_| piece.is_none()));
    let clean =
        size == Some(bytes.len() as u64) && sum.is_none_or(|sum| sum == u64::from(crc32(&bytes)));
    Some(Taken {
        end: text.len() - after.len(),
        name,
        bytes,
        clean,
        piece,
    })
}

/// Where the `=yend` line begins; none when another block begins first. So each byte is looked at
/// for one block only.
fn end_line(data: &[u8]) -> Option<usize> {
    let mut words = memchr::memmem::find_iter(data, b"=y")
        .filter(|n| *n == 0 || data[*n - 1] == b'\n')
        .map(|n| (n, &data[n + 2..]));
    let (at, word) = words.find(|(_, w)| w.starts_with(b"end") || w.starts_with(b"begin"))?;
    word.starts_with(b"end").then_some(at)
}

/// The value of a word `name=…` in a line.
fn number(line: &[u8], name: &str, radix: u32) -> Option<u64> {
    let mut words = line.split(|b| *b == b' ');
    let value = words.find_map(|w| {
        let value = w.strip_prefix(name.as_bytes())?;
        value.strip_prefix(b"=")
    })?;
    u64::from_str_radix(std::str::from_utf8(value).ok()?.trim(), radix).ok()
}

fn decode(data: &[u8], most: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len().min(most));
    let mut escaped = false;
    for byte in data {
        if out.len() == most {
            break;
        }
        match byte {
            b'\r' | b'\n' => escaped = false,
            b'=' if !escaped => escaped = true,
            _ => {
                let shift = if escaped { 42 + 64 } else { 42 };
                out.push(byte.wrapping_sub(shift));
                escaped = false;
            }
        }
    }
    out
}

/// Joins the pieces of one file in their order. The file stands where its first piece stood.
pub(super) fn join(
    found: &mut [Packed],
    pieces: &[Option<(u64, u64)>],
    defects: &mut BTreeSet<Defect>,
) {
    let mut order: Vec<usize> = (0..found.len()).filter(|n| pieces[*n].is_some()).collect();
    let key = |n: &usize| (found[*n].part.filename.clone(), pieces[*n]);
    order.sort_by_key(key);
    let mut files: Vec<Vec<usize>> = Vec::new();
    for n in order {
        match files.last_mut() {
            Some(file) if found[file[0]].part.filename == found[n].part.filename => file.push(n),
            _ => files.push(vec![n]),
        }
    }
    for file in files {
        let mut bytes = Vec::new();
        for n in &file {
            let begin = pieces[*n].map_or(0, |(begin, _)| begin);
            // A piece that is lost, or there twice.
            if begin != bytes.len() as u64 + 1 {
                defects.insert(Defect::BadTransferEncoding);
            }
            bytes.extend_from_slice(&std::mem::take(&mut found[*n].part.bytes));
        }
        let first = file.iter().min().copied().unwrap_or_default();
        found[first].part.bytes = bytes.into();
        for n in file.iter().filter(|n| **n != first) {
            // Marked by having neither name nor bytes.
            found[*n].part.filename = None;
        }
    }
}

/// CRC-32 as in Ethernet and zip.
fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut n = 0;
        while n < 256 {
            let mut value = n as u32;
            let mut bit = 0;
            while bit < 8 {
                value = (value >> 1) ^ (0xedb8_8320 & (value & 1).wrapping_neg());
                bit += 1;
            }
            table[n] = value;
            n += 1;
        }
        table
    };
    !bytes.iter().fold(!0, |sum, byte| {
        (sum >> 8) ^ TABLE[((sum ^ u32::from(*byte)) & 255) as usize]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &[u8], expected: Option<(&str, &[u8], bool)>) {
        let found = take(text, 0, 1_000);
        let found = found.map(|t| {
            (
                String::from_utf8_lossy(&t.name).into_owned(),
                t.bytes,
                t.clean,
            )
        });
        let expected = expected.map(|(name, bytes, clean)| (name.into(), bytes.to_vec(), clean));
        assert_eq!(found, expected);
    }

    #[test]
    fn blocks_of_news() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        check(
            b"=ybegin line=128 size=3 name=a cat.txt\nm\x8b\x9e\n=yend size=3\n",
            Some(("a cat.txt", b"Cat", true)),
        );
        check(
            b"=ybegin line=128 size=3 name=x\r\nm\x8b\x9e\r\n=yend size=3 crc32=00000000\r\n",
            Some(("x", b"Cat", false)),
        );
        check(
            b"=ybegin line=128 size=2 name=x\n=}=J\n=yend size=2",
            Some(("x", b"\x13\xe0", true)),
        );
        check(
            b"=ybegin line=128 size=3 name=x\nm\x8b\n=yend",
            Some(("x", b"Ca", false)),
        );
        check(b"=ybegin line=128 size=3 name=x\nm\x8b", None);
        check(b"=ybegin the day\n", None);
    }
}
