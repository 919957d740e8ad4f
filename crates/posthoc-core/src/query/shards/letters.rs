//! Bytes as characters that stand in a JavaScript string as they are: two for 13 bits, where base64
//! takes two for 12.

/// Printable ASCII without what a string or a page could take amiss: `"` `&` `<` `\`.
const ALPHABET: &[u8; 91] =
    b" !#$%'()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~";

/// Appends the letters of some bytes.
pub(super) fn push(out: &mut Vec<u8>, bytes: &[u8]) {
    out.reserve(bytes.len() * 16 / 13 + 2);
    let (mut held, mut bits) = (0u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        if bits >= 13 {
            bits -= 13;
            pair(out, held >> bits & 0x1fff);
        }
    }
    if bits > 0 {
        pair(out, held << (13 - bits) & 0x1fff);
    }
}

fn pair(out: &mut Vec<u8>, value: u32) {
    out.push(ALPHABET[(value / 91) as usize]);
    out.push(ALPHABET[(value % 91) as usize]);
}

/// The bytes of some letters, up to one zero byte more; `None` for what are none.
pub(super) fn bytes(letters: &[u8]) -> Option<Vec<u8>> {
    let value = |letter: u8| ALPHABET.binary_search(&letter).ok().map(|at| at as u32);
    let mut out = Vec::with_capacity(letters.len() * 13 / 16 + 1);
    let (mut held, mut bits) = (0u32, 0);
    for pair in letters.chunks(2) {
        let [high, low] = *pair else { return None };
        let pair = value(high)? * 91 + value(low)?;
        if pair > 0x1fff {
            return None;
        }
        held = held << 13 | pair;
        bits += 13;
        while bits >= 8 {
            bits -= 8;
            out.push((held >> bits) as u8);
        }
    }
    Some(out)
}
