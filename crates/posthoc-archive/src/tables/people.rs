//! Who wrote what, and how much: rows of shown mails, counted as they come and go, so that nobody has to
//! read a list to tell it in numbers.

use super::keys::{Fields, Key, last_u32};
use super::{ListRow, MailRow, Rows};
use crate::error::Result;
use posthoc_core::message::{MessageId, MessageKey, NOBODYS_ADDRESS};
use posthoc_core::page::folded;
use posthoc_store::Direction::{self, Forward};

/// What the counts of a list are of.
#[derive(Clone, Copy)]
pub(crate) enum Counted {
    /// Mails by the hour on their authors' clocks: 0 to 23.
    Hour = b'h' as isize,
    /// Threads with a shown mail, by the month of their first one: 202511.
    Month = b'm' as isize,
    /// Addresses that have a shown mail: 0.
    Authors = b'a' as isize,
}

/// An author of a list: an address.
pub(crate) type AuthorKey = MessageKey;

/// The key of an address; none where it is no person's.
pub(crate) fn author_key(address: &str) -> Option<AuthorKey> {
    let address = folded(address);
    is_somebodys(&address).then(|| MessageKey::of(&MessageId(address)))
}

/// Whether an address may tell a person: a word without an @ is a name at best, and a name makes nobody
/// the same; nor does what stands for an author who was taken out.
pub(crate) fn is_somebodys(address: &str) -> bool {
    address.contains('@') && address != NOBODYS_ADDRESS
}

/// From how many on a count stands in the order of counts: most authors write once, and most threads
/// stay alone.
const RANKED: u32 = 2;

/// Hours on the author's clock.
fn hour(row: &MailRow) -> u32 {
    let local = row.date.saturating_add(i64::from(row.offset) * 60);
    (local.rem_euclid(86_400) / 3_600) as u32
}

fn ranked(table: u8, list: u32, count: u32) -> Key {
    Key::of(table).u32(list).u32(!count)
}

impl Rows<'_> {
    /// Enters a shown mail among its author's and by its hour, or takes it out.
    pub(crate) fn count_mail(&mut self, list: u32, row: &MailRow, comes: bool) -> Result<()> {
        self.count(counted_key(list, Counted::Hour, hour(row)), comes)?;
        let Some(author) = author_key(&row.author_address) else {
            return Ok(());
        };
        let own = Key::of(b'W').u32(list).key(author).u32(row.number).done();
        match comes {
            true => self.mark(own),
            false => self.delete(own),
        }
        let (before, after) = self.count(Key::of(b'D').u32(list).key(author).done(), comes)?;
        self.rank(before, after, |count| {
            ranked(b'Y', list, count).key(author).done()
        });
        if before.min(after) == 0 {
            self.count(counted_key(list, Counted::Authors, 0), comes)?;
        }
        Ok(())
    }

    /// Enters a shown mail in its thread's count, or takes it out.
    pub(crate) fn count_in_thread(
        &mut self,
        list: &ListRow,
        thread: u32,
        comes: bool,
    ) -> Result<()> {
        let own = Key::of(b'C').u32(list.list).u32(thread).done();
        let (before, after) = self.count(own, comes)?;
        self.rank(before, after, |count| {
            ranked(b'l', list.list, count).u32(thread).done()
        });
        if before.min(after) > 0 {
            return Ok(());
        }
        if let Some(first) = self.mail(list.list, thread)? {
            let month = list.day(first.date) / 100;
            self.count(counted_key(list.list, Counted::Month, month), comes)?;
        }
        Ok(())
    }

    /// One more or one less; answers what it was and is.
    fn count(&mut self, key: Vec<u8>, comes: bool) -> Result<(u32, u32)> {
        let before: u32 = self.get(&key)?.unwrap_or(0);
        let after = match comes {
            true => before.saturating_add(1),
            false => before.saturating_sub(1),
        };
        match after {
            0 => self.delete(key),
            _ => self.put(key, &after),
        }
        Ok((before, after))
    }

    fn rank(&mut self, before: u32, after: u32, key: impl Fn(u32) -> Vec<u8>) {
        if before >= RANKED {
            self.delete(key(before));
        }
        if after >= RANKED {
            self.mark(key(after));
        }
    }

    /// Numbers of an author's shown mails, rising.
    pub(crate) fn mails_by(&self, list: u32, author: AuthorKey) -> Result<Vec<u32>> {
        let range = Key::of(b'W').u32(list).key(author).range();
        let keys = self.keys(range, Forward, usize::MAX)?;
        Ok(keys.iter().map(|key| last_u32(key)).collect())
    }

    /// The first or the last of an author's shown mails to arrive.
    pub(crate) fn end_by(
        &self,
        list: u32,
        author: AuthorKey,
        direction: Direction,
    ) -> Result<Option<u32>> {
        let key = self.first(Key::of(b'W').u32(list).key(author).range(), direction)?;
        Ok(key.map(|key| last_u32(&key)))
    }

    /// Each author's first shown mail and how many there are.
    pub(crate) fn authors(&self, list: u32) -> Result<Vec<(u32, usize)>> {
        let mut authors: Vec<(AuthorKey, u32, usize)> = Vec::new();
        self.scan(Key::of(b'W').u32(list).range(), Forward, |key, _| {
            let mut fields = Fields(&key[5..]);
            let (author, number) = (fields.key(), fields.u32());
            match authors.last_mut() {
                Some((last, _, mails)) if *last == author => *mails += 1,
                _ => authors.push((author, number, 1)),
            }
            true
        })?;
        let authors = authors.into_iter();
        Ok(authors.map(|(_, first, mails)| (first, mails)).collect())
    }

    /// How many shown mails an author has.
    pub(crate) fn written_by(&self, list: u32, author: AuthorKey) -> Result<u32> {
        Ok(self
            .get(&Key::of(b'D').u32(list).key(author).done())?
            .unwrap_or(0))
    }

    /// The authors who have written most, at least twice.
    pub(crate) fn busiest(&self, list: u32, most: usize) -> Result<Vec<AuthorKey>> {
        let keys = self.keys(Key::of(b'Y').u32(list).range(), Forward, most)?;
        // Behind the list stands the count.
        Ok(keys.iter().map(|key| Fields(&key[9..]).key()).collect())
    }

    /// The longest threads, of at least two shown mails: how long, and which.
    pub(crate) fn longest(&self, list: u32, most: usize) -> Result<Vec<(u32, u32)>> {
        let keys = self.keys(Key::of(b'l').u32(list).range(), Forward, most)?;
        let read = |key: &Vec<u8>| {
            let mut fields = Fields(&key[5..]);
            (!fields.u32(), fields.u32())
        };
        Ok(keys.iter().map(read).collect())
    }

    /// The counts of one kind, rising by what they are of.
    pub(crate) fn counts(&self, list: u32, of: Counted) -> Result<Vec<(u32, u64)>> {
        let mut counts = Vec::new();
        let range = Key::of(b'J').u32(list).byte(of as u8).range();
        self.scan(range, Forward, |key, value| {
            let count = postcard::from_bytes::<u32>(value).unwrap_or(0);
            counts.push((last_u32(key), u64::from(count)));
            true
        })?;
        Ok(counts)
    }
}

fn counted_key(list: u32, of: Counted, nth: u32) -> Vec<u8> {
    Key::of(b'J').u32(list).byte(of as u8).u32(nth).done()
}
