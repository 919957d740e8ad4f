//! Compressed RTF (MS-OXRTFCP): a dictionary of 4,096 bytes that begins with common words of RTF.

use super::mapi::Cursor;

/// Size of the dictionary.
const RING: usize = 4_096;

/// What the dictionary begins with.
const START: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \
\\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\
\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

const COMPRESSED: u32 = 0x7546_5a4c;
const PLAIN: u32 = 0x414c_454d;

/// At most `most` bytes of the RTF, and whether it was whole.
pub(super) fn unpack(packed: &[u8], most: usize) -> (Vec<u8>, bool) {
    let mut cursor = Cursor(packed);
    let head = (|| {
        cursor.u32()?;
        let size = usize::try_from(cursor.u32()?).ok()?;
        let magic = cursor.u32()?;
        cursor.u32()?;
        Some((size, magic))
    })();
    match head {
        Some((size, COMPRESSED)) => decompress(cursor.0, size, most),
        Some((size, PLAIN)) => {
            let length = cursor.0.len().min(size).min(most);
            (cursor.0[..length].to_vec(), length == size)
        }
        _ => (Vec::new(), false),
    }
}

/// Each flag byte tells of eight pieces whether they are a byte (0), or a place and a length in the
/// dictionary (1). A place at the writing position is the end.
fn decompress(packed: &[u8], size: usize, most: usize) -> (Vec<u8>, bool) {
    let mut ring = [b' '; RING];
    ring[..START.len()].copy_from_slice(START);
    let mut write = START.len();
    let most = most.min(size);
    let mut out = Vec::new();
    let mut cursor = Cursor(packed);
    while let Some([flags]) = cursor.take(1) {
        for bit in 0..8 {
            if out.len() >= most {
                out.truncate(most);
                return (out, most == size);
            }
            if flags >> bit & 1 == 0 {
                let Some([byte]) = cursor.take(1) else {
                    return (out, false);
                };
                ring[write] = *byte;
                write = (write + 1) % RING;
                out.push(*byte);
                continue;
            }
            let Some([high, low]) = cursor.take(2) else {
                return (out, false);
            };
            let word = usize::from(*high) << 8 | usize::from(*low);
            let (place, length) = (word >> 4, (word & 15) + 2);
            if place == write {
                let whole = out.len() == size;
                return (out, whole);
            }
            for n in 0..length {
                let byte = ring[(place + n) % RING];
                ring[write] = byte;
                write = (write + 1) % RING;
                out.push(byte);
            }
        }
    }
    out.truncate(most);
    let whole = out.len() == size;
    (out, whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_paper() {
        assert_eq!(START.len(), 207);
        let first: &[u8] = &[
            0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 3, 0,
            0x0a, 0, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68,
            0x65, 0x6c, 0x09, 0, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f,
            0xa0,
        ];
        let text = b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n";
        assert_eq!(unpack(first, 1_000), (text.to_vec(), true));
        assert_eq!(unpack(first, 5), (text[..5].to_vec(), false));
        let second: &[u8] = &[
            0x1a, 0, 0, 0, 0x1c, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xe2, 0xd4, 0x4b, 0x51, 0x41, 0,
            0x04, 0x20, 0x57, 0x58, 0x59, 0x5a, 0x0d, 0x6e, 0x7d, 0x01, 0x0e, 0xb0,
        ];
        assert_eq!(
            unpack(second, 1_000),
            (b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}".to_vec(), true)
        );
        assert_eq!(unpack(b"x", 9), (Vec::new(), false));
    }
}
