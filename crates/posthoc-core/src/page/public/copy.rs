//! A mail's bytes as others may have them.

use super::body::mask_bytes;
use super::header::is_left_out;
use crate::page::Mask;

/// The public copy of a mail that is given out as a file: fields that tell of its way and of its
/// people's machines are left out ([`LEFT_OUT`](super::LEFT_OUT) and `own`), addresses are masked.
pub fn public_bytes(bytes: &[u8], mask: Mask, own: &[String]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    let mut left_out = false;
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |n| n + 1);
        let (line, after) = rest.split_at(end);
        if line.trim_ascii().is_empty() {
            break;
        }
        if !matches!(line[0], b' ' | b'\t') {
            let colon = memchr::memchr(b':', line).unwrap_or(0);
            let name = String::from_utf8_lossy(line[..colon].trim_ascii_end());
            left_out = is_left_out(&name, own);
        }
        if !left_out {
            out.extend_from_slice(line);
        }
        rest = after;
    }
    out.extend_from_slice(rest);
    mask_bytes(&out, mask).unwrap_or(out)
}
