//! MAPI properties as they stand in TNEF (MS-OXTNEF section 2.1.3.5): typed values under numbers.

/// Reads little-endian values from the front of a slice.
pub(super) struct Cursor<'a>(pub(super) &'a [u8]);

impl<'a> Cursor<'a> {
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    /// A number of things or bytes.
    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.u32()?).ok()
    }

    /// Bytes padded to a multiple of four. The padding may lack at the very end.
    fn padded(&mut self, length: usize) -> Option<&'a [u8]> {
        let taken = self.take(length)?;
        let padding = (length.wrapping_neg() & 3).min(self.0.len());
        self.take(padding)?;
        Some(taken)
    }
}

/// Numbers of the properties that are read.
pub(super) mod id {
    pub(crate) const BODY: u16 = 0x1000;
    pub(crate) const RTF_COMPRESSED: u16 = 0x1009;
    pub(crate) const BODY_HTML: u16 = 0x1013;
    pub(crate) const DISPLAY_NAME: u16 = 0x3001;
    pub(crate) const ATTACH_DATA: u16 = 0x3701;
    pub(crate) const ATTACH_FILENAME: u16 = 0x3704;
    pub(crate) const ATTACH_LONG_FILENAME: u16 = 0x3707;
    pub(crate) const ATTACH_MIME_TAG: u16 = 0x370e;
    pub(crate) const ATTACH_CONTENT_ID: u16 = 0x3712;
    pub(crate) const INTERNET_CODE_PAGE: u16 = 0x3fde;
}

/// Types of values.
const LONG: u16 = 0x03;
/// An object: 16 bytes that name its interface, then its data.
pub(super) const OBJECT: u16 = 0x0d;
const STRING_8: u16 = 0x1e;
/// UTF-16LE text.
pub(super) const UNICODE: u16 = 0x1f;
const BINARY: u16 = 0x102;
/// More than one value.
const MULTI: u16 = 0x1000;

/// A property with its first value.
pub(super) struct Property<'a> {
    pub(super) id: u16,
    pub(super) kind: u16,
    pub(super) value: &'a [u8],
}

/// Calls `each` with every property, until they end or make no sense. Answers whether all of them
/// could be read.
pub(super) fn read<'a>(bytes: &'a [u8], mut each: impl FnMut(Property<'a>)) -> bool {
    let mut cursor = Cursor(bytes);
    let Some(count) = cursor.count() else {
        return false;
    };
    for _ in 0..count {
        match property(&mut cursor) {
            Some(property) => each(property),
            None => return false,
        }
    }
    true
}

fn property<'a>(cursor: &mut Cursor<'a>) -> Option<Property<'a>> {
    let kind = cursor.u16()?;
    let id = cursor.u16()?;
    // A named property: a GUID, then a number or a name.
    if id >= 0x8000 {
        cursor.take(16)?;
        if cursor.u32()? == 0 {
            cursor.take(4)?;
        } else {
            let length = cursor.count()?;
            cursor.padded(length)?;
        }
    }
    let plain = kind & !MULTI;
    let varies = matches!(plain, OBJECT | STRING_8 | UNICODE | BINARY);
    let values = if kind & MULTI != 0 || varies {
        cursor.count()?
    } else {
        1
    };
    let mut first = None;
    for _ in 0..values {
        let value = if varies {
            let length = cursor.count()?;
            cursor.padded(length)?
        } else {
            cursor.take(width(plain)?)?
        };
        first.get_or_insert(value);
    }
    Some(Property {
        id,
        kind: plain,
        value: first.unwrap_or_default(),
    })
}

/// Bytes of a value of fixed size.
fn width(kind: u16) -> Option<usize> {
    Some(match kind {
        0x01 => 0,
        0x02 | LONG | 0x04 | 0x0a | 0x0b => 4,
        0x05 | 0x06 | 0x07 | 0x14 | 0x40 => 8,
        0x48 => 16,
        _ => return None,
    })
}
