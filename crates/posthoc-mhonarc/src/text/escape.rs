//! Bytes made harmless, byte by byte.

/// Appends text as content or attribute: `&`, `<`, `>`, `"` as entities.
pub(crate) fn push_escaped(text: &[u8], out: &mut Vec<u8>) {
    for byte in text {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'"' => out.extend_from_slice(b"&quot;"),
            byte => out.push(*byte),
        }
    }
}

/// Appends text for the inside of a comment: `-`, `&` and `<` as numbers, so that nothing ends the
/// comment and no server reads code in it.
pub(crate) fn commentize(text: &[u8], out: &mut Vec<u8>) {
    for byte in text {
        match byte {
            b'-' | b'&' | b'<' => out.extend_from_slice(format!("&#{byte};").as_bytes()),
            byte => out.push(*byte),
        }
    }
}

/// Text as a part of a URL: everything but letters, digits and `-_.:` as `%XX`.
pub(crate) fn url_escaped(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 8);
    for byte in text {
        if byte.is_ascii_alphanumeric() || b"-_.:".contains(byte) {
            out.push(*byte);
        } else {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_in_a_subject_stays_a_comment() {
        let mut out = Vec::new();
        commentize(b"<?php x ?> --> &", &mut out);
        assert_eq!(out, b"&#60;?php x ?> &#45;&#45;> &#38;");
    }
}
