//! Rows that lead from a mail to others that it belongs with: parts and versions of a patch, and mails
//! that mention it. All are derived from one mail, and bounded where they are read.

use super::keys::{Fields, Key, last_u32};
use super::{MailRow, Rows};
use crate::error::Result;
use posthoc_core::message::{MessageId, MessageKey};
use posthoc_core::text::patch_subject;
use posthoc_store::Direction::{Backward, Forward};

/// Mails that link to one that they mention; later ones, by their keys, do not.
pub(crate) const MENTIONING: usize = 10;
/// Parts of a series before and after a mail that are looked at.
const NEAR_PARTS: usize = 100;
/// Parts of a series are sent within so many seconds.
const SENT_WITHIN: i64 = 24 * 60 * 60;
/// Mails of the same author and title that are looked at.
const VERSIONS: usize = 32;

/// A part of a patch series.
pub(crate) struct PartRow {
    pub(crate) part: u32,
    pub(crate) date: i64,
    pub(crate) number: u32,
}

/// Another mail of the same author and title.
pub(crate) struct VersionRow {
    pub(crate) version: u32,
    pub(crate) date: i64,
    pub(crate) number: u32,
}

fn hash(text: &str) -> MessageKey {
    MessageKey::of(&MessageId(text.to_owned()))
}

fn author(row: &MailRow) -> String {
    match row.author_address.is_empty() {
        true => row.author_name.to_lowercase(),
        false => row.author_address.to_lowercase(),
    }
}

/// The key of a series' parts, up to their dates.
fn parts_key(list: u32, row: &MailRow) -> Option<Key> {
    let patch = patch_subject(&row.subject).filter(|patch| patch.parts > 1)?;
    let key = Key::of(b'p').u32(list).key(hash(&author(row)));
    Some(key.u32(patch.version).u32(patch.parts))
}

/// The key of a patch's versions, up to their numbers.
fn versions_key(list: u32, row: &MailRow) -> Option<Key> {
    let patch = patch_subject(&row.subject)?;
    let mut name = author(row);
    for word in patch.title.split_whitespace() {
        name.push(' ');
        name.push_str(word);
    }
    Some(Key::of(b'G').u32(list).key(hash(&name)))
}

/// The rows of a mail in these tables: key, and the part that its value says.
fn own_rows(list: u32, row: &MailRow) -> Vec<(Vec<u8>, Option<u32>)> {
    let Some(patch) = patch_subject(&row.subject) else {
        return Vec::new();
    };
    let placed = |key: Key| {
        key.time(row.date)
            .hash(&row.content.0)
            .u32(row.number)
            .done()
    };
    let mut rows = Vec::new();
    if let Some(key) = parts_key(list, row) {
        rows.push((placed(key), Some(patch.part)));
    }
    if let Some(key) = versions_key(list, row) {
        rows.push((placed(key.u32(patch.version)), None));
    }
    rows
}

fn mention_key(list: u32, id_key: MessageKey, row: &MailRow) -> Vec<u8> {
    let key = Key::of(b'M').u32(list).key(id_key).key(row.key);
    key.u32(row.number).done()
}

impl Rows<'_> {
    /// Enters a patch among its series and versions.
    pub(crate) fn enter_patch(&mut self, list: u32, row: &MailRow) {
        for (key, part) in own_rows(list, row) {
            match part {
                Some(part) => self.put(key, &part),
                None => self.mark(key),
            }
        }
    }

    /// The inverse of [`enter_patch`](Self::enter_patch).
    pub(crate) fn leave_patch(&mut self, list: u32, row: &MailRow) {
        for (key, _) in own_rows(list, row) {
            self.delete(key);
        }
    }

    /// Parts of the series that a mail is of, sent within a day of it, itself included; in order of
    /// their keys, which is not that of arrival; those nearest to it when there are many.
    pub(crate) fn parts_near(&self, list: u32, row: &MailRow) -> Result<Vec<PartRow>> {
        let Some(key) = parts_key(list, row) else {
            return Ok(Vec::new());
        };
        let skip = key.clone().done().len();
        let at = |date: i64| key.clone().time(date).done();
        let from = at(row.date.saturating_sub(SENT_WITHIN));
        let to = at(row.date.saturating_add(SENT_WITHIN));
        let here = at(row.date);
        let mut parts: Vec<PartRow> = Vec::new();
        for (range, direction) in [((from, here.clone()), Backward), ((here, to), Forward)] {
            let mut left = NEAR_PARTS;
            self.scan(range, direction, |key, value| {
                parts.extend(postcard::from_bytes(value).ok().map(|part| PartRow {
                    part,
                    date: Fields(&key[skip..]).time(),
                    number: last_u32(key),
                }));
                left -= 1;
                left > 0
            })?;
            if direction == Backward {
                parts.reverse();
            }
        }
        Ok(parts)
    }

    /// Mails of the same author and title, the mail itself among them, by version.
    pub(crate) fn versions_of(&self, list: u32, row: &MailRow) -> Result<Vec<VersionRow>> {
        let Some(key) = versions_key(list, row) else {
            return Ok(Vec::new());
        };
        let skip = key.clone().done().len();
        let keys = self.keys(key.range(), Forward, VERSIONS)?;
        let read = |key: &Vec<u8>| {
            let mut fields = Fields(&key[skip..]);
            VersionRow {
                version: fields.u32(),
                date: fields.time(),
                number: last_u32(key),
            }
        };
        Ok(keys.iter().map(read).collect())
    }

    /// Notes which ids a mail's text names.
    pub(crate) fn enter_mentions(&mut self, list: u32, row: &MailRow, ids: &[MessageKey]) {
        for id_key in ids.iter().filter(|id_key| **id_key != row.id_key) {
            self.mark(mention_key(list, *id_key, row));
        }
    }

    /// Numbers of the mails that link to an id that they mention, and of the next one, which would if
    /// one of them were not there.
    pub(crate) fn mentioning(&self, list: u32, id_key: MessageKey) -> Result<Vec<u32>> {
        let range = Key::of(b'M').u32(list).key(id_key).range();
        let keys = self.keys(range, Forward, MENTIONING + 1)?;
        Ok(keys.iter().map(|key| last_u32(key)).collect())
    }

    /// Whether a mail is one of those that link to an id that they mention.
    pub(crate) fn links_to(&self, list: u32, row: &MailRow, id_key: MessageKey) -> Result<bool> {
        let mut linking = self.mentioning(list, id_key)?;
        linking.truncate(MENTIONING);
        Ok(linking.contains(&row.number))
    }
}
