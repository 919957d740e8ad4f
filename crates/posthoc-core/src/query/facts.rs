//! What is asked of a mail besides its words: `has:`, `is:`, `size:`.

use super::fault::Known;
use std::fmt;

/// What a mail carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Has {
    /// A file.
    Attachment,
    /// A patch, in its text or as a file.
    Patch,
}

/// Where a mail stands in its thread. It changes with later mails, so a catalog answers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It answers no mail.
    Root,
    /// It answers a mail, be that one here or not.
    Reply,
    /// No mail that is shown answers it.
    Unanswered,
}

/// The values of a field.
pub(super) struct Values<T: 'static> {
    /// Their names, the first name of each value being the canonical one.
    names: &'static [&'static str],
    values: &'static [T],
}

/// Values of `has:`.
pub(super) const HAS: &Values<Has> = &Values {
    names: &["attachment", "patch", "attachments", "file", "files"],
    values: &[
        Has::Attachment,
        Has::Patch,
        Has::Attachment,
        Has::Attachment,
        Has::Attachment,
    ],
};

/// Values of `is:`.
pub(super) const STATES: &Values<State> = &Values {
    names: &["root", "reply", "unanswered"],
    values: &[State::Root, State::Reply, State::Unanswered],
};

impl<T: Copy + PartialEq> Values<T> {
    /// The value of that name in any letter case; else what to write instead.
    pub(super) fn named(&self, typed: &str) -> Result<T, Known> {
        let mut rows = self.names.iter().zip(self.values);
        if let Some((_, value)) = rows.find(|(name, _)| name.eq_ignore_ascii_case(typed)) {
            return Ok(*value);
        }
        let typed = typed.to_ascii_lowercase();
        let near = nearest(&typed, self.names.iter().copied());
        Err(near.map_or(Known::All(self.names), Known::Meant))
    }

    /// The canonical name of a value.
    fn name(&self, value: T) -> &'static str {
        let mut rows = self.names.iter().zip(self.values);
        rows.find(|(_, known)| **known == value)
            .map_or("", |(name, _)| name)
    }
}

impl Has {
    /// As queries write it, and as [`Doc::marks`](super::Doc::marks) has it.
    pub fn name(self) -> &'static str {
        HAS.name(self)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(STATES.name(*self))
    }
}

/// The name that was probably meant: at most a third of its letters are others, more or fewer.
pub(super) fn nearest<'n>(typed: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    names
        .map(|name| (distance(typed, name), name))
        .filter(|(distance, name)| *distance * 3 <= name.chars().count())
        .min()
        .map(|(_, name)| name)
}

/// Letters to change, add, drop or swap with their neighbour (optimal string alignment).
pub(super) fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut rows = [
        Vec::new(),
        Vec::new(),
        (0..=right.len()).collect::<Vec<_>>(),
    ];
    for i in 1..=left.len() {
        rows.rotate_left(1);
        let [before, above, row] = &mut rows;
        row.clear();
        row.push(i);
        for j in 1..=right.len() {
            let other = usize::from(left[i - 1] != right[j - 1]);
            let mut least = (above[j] + 1).min(row[j - 1] + 1).min(above[j - 1] + other);
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
    }
    rows[2][right.len()]
}

/// Bytes as queries write them: `300`, `100k`, `2m`, `1g`, by thousands.
pub(super) fn bytes(text: &str) -> Option<u64> {
    let small = text.trim().to_ascii_lowercase();
    let digits = small.trim_end_matches('b');
    let (digits, unit) = match digits.char_indices().next_back()? {
        (at, 'k') => (&digits[..at], 1_000),
        (at, 'm') => (&digits[..at], 1_000_000),
        (at, 'g') => (&digits[..at], 1_000_000_000),
        _ => (digits, 1),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse::<u64>().ok()?.checked_mul(unit)
}
