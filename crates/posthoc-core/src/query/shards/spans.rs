//! How numbers are cut into stretches.

/// Numbers of the greatest stretch, which is never merged: what one delivery may have to rewrite is
/// bounded by it, and what a removal has to.
pub const SEALED: u32 = 16_384;
/// Numbers of the smallest full stretch; those after it are in one that is not full.
pub const LEAF: u32 = 64;

/// Numbers from the first on and before the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first.
    pub from: u32,
    /// The one after the last.
    pub to: u32,
}

/// The stretches of a list that has given so many numbers.
///
/// ```
/// use posthoc_core::query::{SEALED, spans};
/// let cut: Vec<u32> = spans(SEALED + 1_100).iter().map(|span| span.to - span.from).collect();
/// assert_eq!(cut, [SEALED, 1_024, 64, 12]);
/// ```
pub fn spans(count: u32) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut from = 0;
    let mut size = SEALED;
    while from < count {
        let left = count - from;
        if left < size && size > LEAF {
            size /= 2;
            continue;
        }
        let to = from + left.min(size);
        spans.push(Span { from, to });
        from = to;
    }
    spans
}

impl Span {
    /// The stretch in which a number stands, of a list that has given so many.
    pub fn of(number: u32, count: u32) -> Option<Span> {
        spans(count).into_iter().find(|span| span.has(number))
    }

    /// Whether a number stands in it.
    pub fn has(self, number: u32) -> bool {
        (self.from..self.to).contains(&number)
    }

    /// How many numbers it has.
    pub fn size(self) -> u32 {
        self.to - self.from
    }
}
