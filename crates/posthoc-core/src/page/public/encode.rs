//! Transfer encodings and encoded words, written.

use data_encoding::BASE64;
use std::fmt::Write;

/// Base64 in lines of 76 characters (RFC 2045 section 6.8).
pub(super) fn base64_lines(bytes: &[u8], end: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 57 * 80 + 80);
    for line in bytes.chunks(57) {
        out.extend_from_slice(BASE64.encode(line).as_bytes());
        out.extend_from_slice(end.as_bytes());
    }
    out
}

/// Quoted-printable with lines under 76 characters (RFC 2045 section 6.7). Line ends are taken over.
pub(super) fn quoted_printable_lines(bytes: &[u8], end: &str) -> Vec<u8> {
    let mut out = String::with_capacity(bytes.len() + bytes.len() / 8);
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let (text, line_end) = match line {
            [text @ .., b'\r', b'\n'] => (text, "\r\n"),
            [text @ .., b'\n'] => (text, "\n"),
            text => (text, ""),
        };
        let mut column = 0;
        for (n, byte) in text.iter().enumerate() {
            let last = n + 1 == text.len();
            let plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~')
                || (matches!(byte, b' ' | b'\t') && !last);
            // `From ` at the beginning of a line and a lone dot are not safe on their way.
            let plain = plain && !(n == 0 && matches!(byte, b'F' | b'.'));
            let width = if plain { 1 } else { 3 };
            if column + width > 75 {
                out.push('=');
                out.push_str(end);
                column = 0;
            }
            match plain {
                true => out.push(char::from(*byte)),
                false => {
                    let _ = write!(out, "={byte:02X}");
                }
            }
            column += width;
        }
        out.push_str(line_end);
    }
    out.into_bytes()
}

/// Text as encoded words where it is not ASCII (RFC 2047), each under 75 characters.
pub(super) fn header_words(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut words: Vec<String> = Vec::new();
    let mut piece = String::new();
    for c in text.chars() {
        if piece.len() + c.len_utf8() > 45 {
            words.push(word(&piece));
            piece.clear();
        }
        piece.push(c);
    }
    words.push(word(&piece));
    words.join(" ")
}

fn word(text: &str) -> String {
    format!("=?utf-8?B?{}?=", BASE64.encode(text.as_bytes()))
}

/// Writes a field, folded at blanks where it is long.
pub(super) fn push_field(out: &mut Vec<u8>, name: &str, value: &str, end: &str) {
    out.extend_from_slice(name.as_bytes());
    out.push(b':');
    let mut column = name.len() + 1;
    for (n, piece) in value.trim().split(' ').enumerate() {
        // A line of blanks alone would end the header for some.
        if n > 0 && column > 1 && column + 1 + piece.len() > 76 && !piece.trim().is_empty() {
            out.extend_from_slice(end.as_bytes());
            column = 0;
        }
        out.push(b' ');
        out.extend_from_slice(piece.as_bytes());
        column += 1 + piece.len();
    }
    out.extend_from_slice(end.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{base64, header_text, quoted_printable};

    #[test]
    fn what_is_encoded_can_be_decoded() {
        let texts: [&[u8]; 5] = [
            b"",
            b"a \nFrom b\n.\n = \xe9\t\n",
            &[b'x'; 300],
            &[0xe9; 300],
            b"crlf\r\nend ",
        ];
        for text in texts {
            assert_eq!(base64(&base64_lines(text, "\n")), (text.to_vec(), true));
            let lines = quoted_printable_lines(text, "\n");
            assert_eq!(quoted_printable(&lines), (text.to_vec(), true));
            assert!(lines.split(|b| *b == b'\n').all(|line| line.len() <= 77));
        }
        let long = "žluťoučký kůň ".repeat(20);
        let mut field = Vec::new();
        push_field(&mut field, "Subject", &header_words(&long), "\n");
        let value = &field["Subject:".len()..];
        assert_eq!(header_text(value, None).text, long.trim());
    }
}
