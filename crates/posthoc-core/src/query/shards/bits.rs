//! Numbers as bits, the highest first.

/// Writes.
#[derive(Debug, Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
    held: u64,
    bits: u32,
}

impl Writer {
    /// The low bits of a number; at most 32.
    pub(super) fn bits(&mut self, value: u32, bits: u32) {
        self.held = self.held << bits | u64::from(value);
        self.bits += bits;
        while self.bits >= 8 {
            self.bits -= 8;
            self.bytes.push((self.held >> self.bits) as u8);
        }
    }

    /// A number in Exp-Golomb code of order `k`: short where it is near 2^k or less.
    pub(super) fn number(&mut self, value: u32, k: u32) {
        let high = (value >> k) + 1;
        let length = high.ilog2();
        self.bits(0, length);
        self.bits(high, length + 1);
        self.bits(value & ((1 << k) - 1), k);
    }

    /// Begins anew, in the same memory.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        (self.held, self.bits) = (0, 0);
    }

    /// Appends another's bits.
    pub(super) fn append(&mut self, other: &Writer) {
        for byte in &other.bytes {
            self.bits(u32::from(*byte), 8);
        }
        let rest = (other.held & ((1 << other.bits) - 1)) as u32;
        self.bits(rest, other.bits);
    }

    /// How many bits there are.
    pub(super) fn len(&self) -> usize {
        self.bytes.len() * 8 + self.bits as usize
    }

    /// All of them, filled up to a whole byte.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.bits > 0 {
            self.bits(0, 8 - self.bits);
        }
        self.bytes
    }
}

/// The order in which some numbers take the fewest bits, about, by how many there are of each length
/// in bits.
pub(super) fn best_order(lengths: &[u32; 33]) -> u32 {
    // In sixteenths: of numbers of one length more than k, one in eight or so takes a step more.
    let cost = |k: u32| -> u64 {
        let of = |(length, count): (usize, &u32)| {
            let above = (length as u64).saturating_sub(u64::from(k));
            let code = match above {
                0 => 16,
                above => 16 + 32 * above - 18,
            };
            u64::from(*count) * (code + 16 * u64::from(k))
        };
        lengths.iter().enumerate().map(of).sum()
    };
    (0..15).min_by_key(|k| cost(*k)).unwrap_or(0)
}

/// Reads what a [`Writer`] wrote. Past the end there are zeros, and `None` where a number cannot be.
pub(super) struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Reader { bytes, at: 0 }
    }

    /// Which bit is next.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Goes to a bit.
    pub(super) fn seek(&mut self, at: usize) {
        self.at = at;
    }

    /// So many bits, at most 32.
    pub(super) fn bits(&mut self, bits: u32) -> Option<u32> {
        let mut value = 0;
        for _ in 0..bits {
            let byte = self.bytes.get(self.at / 8)?;
            value = value << 1 | u32::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Some(value)
    }

    /// A number of order `k`.
    pub(super) fn number(&mut self, k: u32) -> Option<u32> {
        let mut length = 0;
        while self.bits(1)? == 0 {
            length += 1;
            if length > 24 {
                return None;
            }
        }
        let high = (1 << length | self.bits(length)?) - 1;
        Some(high << k | self.bits(k)?)
    }
}
