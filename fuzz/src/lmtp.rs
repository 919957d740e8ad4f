//! What a mail system says over LMTP.

use posthoc_core::lmtp::{Command, Data};

/// No line makes a command with an address that could be taken for anything else than one; what is
/// refused gets one line of reply. A mail comes out the same in whatever pieces it comes in, and what is
/// put on the wire comes out as it was.
pub fn lmtp(bytes: &[u8]) {
    for line in bytes.split(|byte| *byte == b'\n') {
        check_line(line);
        for verb in ["MAIL FROM:<", "RCPT TO:<", "MAIL FROM:<> "] {
            check_line(&[verb.as_bytes(), line].concat());
        }
    }
    let whole = pieces(bytes, bytes.len().max(1));
    for size in [1, 2, 7] {
        assert_eq!(pieces(bytes, size), whole, "pieces of {size}");
    }
    let mut mail = bytes.to_vec();
    mail.push(b'\n');
    let wire = wire(&mail);
    let (came, end, bare) = pieces(&wire, 5);
    assert_eq!(came, mail, "another mail than was sent");
    assert_eq!((end, bare), (Some(wire.len()), false));
}

fn check_line(line: &[u8]) {
    match Command::parse(line) {
        Ok(Command::Rcpt(address)) => {
            let postmaster = address.eq_ignore_ascii_case("postmaster");
            assert!(postmaster || is_address(&address), "{address:?}");
        }
        Ok(Command::Mail { from, utf8, .. }) => {
            let ascii = from.as_ref().is_none_or(|from| from.is_ascii());
            assert!(utf8 || ascii, "{from:?} without SMTPUTF8");
            assert!(from.is_none_or(|from| is_address(&from)));
        }
        Ok(_) => {}
        Err(reply) => {
            let code = reply.get(..4).unwrap_or_default();
            let fits = code.starts_with('5') && code.ends_with(' ');
            assert!(fits && !reply.contains(['\r', '\n']), "{reply:?}");
        }
    }
}

fn is_address(address: &str) -> bool {
    let parts = address.rsplit_once('@');
    let whole = parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    whole && !address.chars().any(|c| c.is_control() && c != '\t')
}

/// A mail that comes in pieces: its bytes, where it ends, whether a line feed stood alone.
fn pieces(wire: &[u8], size: usize) -> (Vec<u8>, Option<usize>, bool) {
    let (mut data, mut mail, mut at) = (Data::default(), Vec::new(), 0);
    for piece in wire.chunks(size) {
        if let Some(end) = data.feed(piece, &mut mail) {
            return (mail, Some(at + end), data.has_bare_lf());
        }
        at += piece.len();
    }
    (mail, None, data.has_bare_lf())
}

/// As a client sends it (RFC 5321, 4.5.2).
fn wire(mail: &[u8]) -> Vec<u8> {
    let mut wire = Vec::new();
    for line in mail.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            wire.push(b'.');
        }
        wire.extend_from_slice(line.strip_suffix(b"\n").unwrap_or(line));
        wire.extend_from_slice(b"\r\n");
    }
    wire.extend_from_slice(b".\r\n");
    wire
}
