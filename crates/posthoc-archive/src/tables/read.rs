//! Reading and changing rows by what they mean.

use super::keys::{Fields, Key, last_u32};
use super::{
    AliasRow, ClosedRow, FilesRow, ListRow, MailRow, NodeRow, RedactionRow, Rows, SourceRow,
    VolumeRow,
};
use crate::error::{ArchiveError, Result};
use posthoc_core::message::{ContentHash, FileKey, MessageId, MessageKey};
use posthoc_core::route::{IndexKind, Volume};
use posthoc_core::thread::{Neighbourhood, Node};
use posthoc_store::Direction::{Backward, Forward};

impl Rows<'_> {
    pub(crate) fn list(&self, list: u32) -> Result<Option<ListRow>> {
        self.get(&Key::of(b'L').u32(list).done())
    }

    pub(crate) fn list_named(&self, name: &str) -> Result<Option<ListRow>> {
        let list: Option<u32> = self.get(&Key::of(b'N').text(name).done())?;
        list.map_or(Ok(None), |list| self.list(list))
    }

    /// The list that has a name, or had it last.
    pub(crate) fn list_called(&self, name: &str) -> Result<Option<ListRow>> {
        if let Some(row) = self.list_named(name)? {
            return Ok(Some(row));
        }
        let list: Option<u32> = self.get(&Key::of(b'O').text(name).done())?;
        list.map_or(Ok(None), |list| self.list(list))
    }

    /// The names that a list had and no other has taken, sorted.
    pub(crate) fn former_names(&self, list: u32) -> Result<Vec<String>> {
        let mut names = Vec::new();
        self.scan(Key::of(b'O').range(), Forward, |key, value| {
            if postcard::from_bytes::<u32>(value) == Ok(list) {
                names.push(Fields::of(key).text().to_owned());
            }
            true
        })?;
        Ok(names)
    }

    /// A list that must be there, under its name or a former one.
    pub(crate) fn need_list(&self, name: &str) -> Result<ListRow> {
        self.list_called(name)?
            .ok_or_else(|| ArchiveError::NoList(name.to_owned()))
    }

    /// All lists by name.
    pub(crate) fn lists(&self) -> Result<Vec<ListRow>> {
        let mut numbers = Vec::new();
        self.scan(Key::of(b'N').range(), Forward, |_, value| {
            numbers.extend(postcard::from_bytes::<u32>(value).ok());
            true
        })?;
        let rows: Result<Vec<_>> = numbers.into_iter().map(|list| self.list(list)).collect();
        Ok(rows?.into_iter().flatten().collect())
    }

    pub(crate) fn put_list(&mut self, row: &ListRow) {
        self.put(Key::of(b'L').u32(row.list).done(), row);
    }

    pub(crate) fn mail(&self, list: u32, number: u32) -> Result<Option<MailRow>> {
        self.get(&Key::of(b'm').u32(list).u32(number).done())
    }

    pub(crate) fn put_mail(&mut self, list: u32, row: &MailRow) {
        self.put(Key::of(b'm').u32(list).u32(row.number).done(), row);
    }

    /// A mail's files.
    pub(crate) fn files(&self, list: u32, number: u32) -> Result<FilesRow> {
        let row = self.get(&Key::of(b'F').u32(list).u32(number).done())?;
        Ok(row.unwrap_or_default())
    }

    /// Enters a mail's files in the place of those that it had. What it had stays known as its own, so
    /// that it can be said to be gone.
    pub(crate) fn put_files(&mut self, list: u32, number: u32, files: &FilesRow) {
        let own = Key::of(b'F').u32(list).u32(number).done();
        if files.0.is_empty() {
            self.delete(own);
            return;
        }
        for (key, name) in files.0.iter().flat_map(|file| file.names()) {
            let key = Key::of(b'f').u32(list).file(key).text(name).u32(number);
            self.mark(key.done());
        }
        self.put(own, files);
    }

    /// Forgets every file that a mail ever had.
    pub(crate) fn forget_files(&mut self, list: u32, number: u32) -> Result<()> {
        self.delete(Key::of(b'F').u32(list).u32(number).done());
        for key in self.keys(Key::of(b'f').u32(list).range(), Forward, usize::MAX)? {
            if last_u32(&key) == number {
                self.delete(key);
            }
        }
        Ok(())
    }

    /// The mails of a list that have, or had, a file of that name, by number.
    pub(crate) fn holders(&self, list: u32, key: FileKey, name: &str) -> Result<Vec<u32>> {
        let range = Key::of(b'f').u32(list).file(key).text(name).range();
        let keys = self.keys(range, Forward, usize::MAX)?;
        Ok(keys.iter().map(|key| last_u32(key)).collect())
    }

    /// Where a public name stands: list and number.
    pub(crate) fn places_of(&self, key: MessageKey) -> Result<Vec<(u32, u32)>> {
        let keys = self.keys(Key::of(b'k').key(key).range(), Forward, 64)?;
        Ok(keys
            .iter()
            .map(|bytes| {
                let mut fields = Fields(&bytes[17..]);
                (fields.u32(), fields.u32())
            })
            .collect())
    }

    /// The mails of a list that bear a Message-ID, by number.
    pub(crate) fn bearing(&self, list: u32, id: &MessageId) -> Result<Vec<u32>> {
        self.bearing_key(list, MessageKey::of(id))
    }

    /// The same by the id's key.
    pub(crate) fn bearing_key(&self, list: u32, id_key: MessageKey) -> Result<Vec<u32>> {
        let range = Key::of(b'i').u32(list).key(id_key).range();
        Ok(self
            .keys(range, Forward, 64)?
            .iter()
            .map(|key| last_u32(key))
            .collect())
    }

    /// The takedown that hides what bears this id and content on a list when it comes.
    pub(crate) fn closed(
        &self,
        list: u32,
        id_key: MessageKey,
        content: &ContentHash,
    ) -> Result<Option<ClosedRow>> {
        let mut found: Option<ClosedRow> = None;
        if !self.any_closed()? {
            return Ok(found);
        }
        for on in [list, EVERYWHERE] {
            for content in [*content, ANY_CONTENT] {
                let row: Option<ClosedRow> = self.get(&closed_key(id_key, on, content))?;
                // One that destroys counts before one that hides.
                if let Some(row) = row
                    && found.as_ref().is_none_or(|found| !found.purged)
                {
                    found = Some(row);
                }
            }
        }
        Ok(found)
    }

    /// Whether a mail is taken down; costs nothing where none is.
    pub(crate) fn any_hidden(&self, list: u32, number: u32) -> Result<bool> {
        Ok(self.any_closed()? && self.mail(list, number)?.is_some_and(|row| row.hidden))
    }

    /// The record that took a mail down.
    pub(crate) fn takedown(&self, list: u32, number: u32) -> Result<Option<u64>> {
        self.get(&Key::of(b'T').u32(list).u32(number).done())
    }

    /// Whether a removal or redaction has ever concerned a mail.
    pub(crate) fn ever_removed(&self, list: u32, number: u32) -> Result<bool> {
        let key = Key::of(b'e').u32(list).u32(number).done();
        Ok(self.get_bytes(&key)?.is_some())
    }

    /// Numbers of a list's mails that are taken down, rising.
    pub(crate) fn taken_down(&self, list: u32) -> Result<Vec<u32>> {
        let keys = self.keys(Key::of(b'T').u32(list).range(), Forward, usize::MAX)?;
        Ok(keys.iter().map(|key| last_u32(key)).collect())
    }

    /// The redactions of a mail that hold, oldest first.
    pub(crate) fn redactions(&self, list: u32, number: u32) -> Result<Vec<RedactionRow>> {
        let mut redactions = Vec::new();
        let range = Key::of(b'R').u32(list).u32(number).range();
        self.scan(range, Forward, |_, value| {
            redactions.extend(postcard::from_bytes::<RedactionRow>(value));
            true
        })?;
        Ok(redactions)
    }

    /// The records of a mail: the one with which it came and its copies, rising.
    pub(crate) fn records_of(&self, list: u32, row: &MailRow) -> Result<Vec<u64>> {
        let range = Key::of(b'y').u32(list).u32(row.number).range();
        let mut seqs: Vec<u64> = self
            .keys(range, Forward, usize::MAX)?
            .iter()
            .map(|key| Fields(&key[9..]).u64())
            .collect();
        seqs.push(row.first);
        seqs.sort_unstable();
        Ok(seqs)
    }

    pub(crate) fn volume(&self, list: u32, volume: &Volume) -> Result<Option<VolumeRow>> {
        self.get(&Key::of(b'v').u32(list).volume(volume).done())
    }

    pub(crate) fn put_volume(&mut self, list: u32, volume: &Volume, row: &VolumeRow) {
        self.put(Key::of(b'v').u32(list).volume(volume).done(), row);
    }

    /// A list's volumes in order of time.
    pub(crate) fn volumes(&self, list: u32) -> Result<Vec<(Volume, VolumeRow)>> {
        let mut volumes = Vec::new();
        self.scan(Key::of(b'v').u32(list).range(), Forward, |key, value| {
            let volume = Fields(&key[5..]).volume();
            volumes.extend(volume.zip(postcard::from_bytes(value).ok()));
            true
        })?;
        Ok(volumes)
    }

    /// The numbers of a volume's mails in order of arrival.
    pub(crate) fn volume_numbers(&self, list: u32, volume: &Volume) -> Result<Vec<u32>> {
        let range = Key::of(b'd').u32(list).volume(volume).range();
        let keys = self.keys(range, Forward, usize::MAX)?;
        let mut numbers: Vec<u32> = keys.iter().map(|key| last_u32(key)).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Where a number leads that is no mail's own.
    pub(crate) fn alias(&self, list: u32, number: u32) -> Result<Option<AliasRow>> {
        self.get(&Key::of(b'b').u32(list).u32(number).done())
    }

    /// Numbers of a volume that lead to mails which stand under others, rising.
    pub(crate) fn volume_aliases(&self, list: u32, volume: &Volume) -> Result<Vec<u32>> {
        let range = Key::of(b'B').u32(list).volume(volume).range();
        let keys = self.keys(range, Forward, usize::MAX)?;
        Ok(keys.iter().map(|key| last_u32(key)).collect())
    }

    /// The volumes next to one: before and after.
    pub(crate) fn volumes_beside(
        &self,
        list: u32,
        volume: &Volume,
    ) -> Result<(Option<Volume>, Option<Volume>)> {
        let (all_from, all_to) = Key::of(b'v').u32(list).range();
        let (here, behind) = Key::of(b'v').u32(list).volume(volume).range();
        let read = |key: Vec<u8>| Fields(&key[5..]).volume();
        let before = self.first((all_from, here), Backward)?.and_then(read);
        let after = self.first((behind, all_to), Forward)?.and_then(read);
        Ok((before, after))
    }

    pub(crate) fn node(&self, list: u32, key: MessageKey) -> Result<Option<Node>> {
        let row: Option<NodeRow> = self.get(&Key::of(b'n').u32(list).key(key).done())?;
        Ok(row.map(Node::from))
    }

    /// Walks over the mails of a list's forest: the node, its number, its parent, its thread.
    pub(crate) fn forest(
        &self,
        list: u32,
        mut each: impl FnMut(MessageKey, u32, Option<MessageKey>, Option<u32>),
    ) -> Result<()> {
        self.scan(Key::of(b'n').u32(list).range(), Forward, |key, value| {
            let node = postcard::from_bytes::<NodeRow>(value).map(Node::from);
            if let Ok(Node {
                mail: Some(number),
                parent,
                thread,
                ..
            }) = node
            {
                each(Fields(&key[5..]).key(), number, parent, thread);
            }
            true
        })
    }

    /// Keys of the nodes that wish for this one, rising.
    pub(crate) fn wishing(
        &self,
        list: u32,
        key: MessageKey,
        limit: usize,
    ) -> Result<Vec<MessageKey>> {
        let keys = self.keys(Key::of(b'c').u32(list).key(key).range(), Forward, limit)?;
        Ok(keys
            .iter()
            .map(|bytes| Fields(&bytes[21..]).key())
            .collect())
    }

    /// Numbers of a thread's mails by arrival, `skip` left out, at most `limit`.
    pub(crate) fn thread(
        &self,
        list: u32,
        thread: u32,
        skip: usize,
        limit: usize,
    ) -> Result<Vec<u32>> {
        let range = Key::of(b'u').u32(list).u32(thread).range();
        let keys = self.keys(range, Forward, skip.saturating_add(limit))?;
        Ok(keys.iter().skip(skip).map(|key| last_u32(key)).collect())
    }

    /// Names that a thread had before it was merged.
    pub(crate) fn aliases(&self, list: u32, thread: u32) -> Result<Vec<MessageKey>> {
        let keys = self.keys(Key::of(b'a').u32(list).u32(thread).range(), Forward, 10_000)?;
        Ok(keys.iter().map(|bytes| Fields(&bytes[9..]).key()).collect())
    }

    /// The count of one piece of a subject or author index.
    pub(crate) fn piece(
        &self,
        list: u32,
        volume: &Volume,
        kind: IndexKind,
        path: &[String],
    ) -> Result<u64> {
        Ok(self.get(&piece_key(list, volume, kind, path))?.unwrap_or(0))
    }

    pub(crate) fn source(&self, seq: u64) -> Result<Option<SourceRow>> {
        self.get(&Key::of(b'S').u64(seq).done())
    }

    /// All sources, oldest first.
    pub(crate) fn sources(&self) -> Result<Vec<(u64, SourceRow)>> {
        let mut sources = Vec::new();
        self.scan(Key::of(b'S').range(), Forward, |key, value| {
            sources.extend(
                postcard::from_bytes(value)
                    .ok()
                    .map(|row| (Fields::of(key).u64(), row)),
            );
            true
        })?;
        Ok(sources)
    }

    /// The newest source of a list and path.
    pub(crate) fn source_of(&self, list: u32, path: &str) -> Result<Option<(u64, SourceRow)>> {
        let range = Key::of(b'P').u32(list).key(path_key(path)).range();
        let Some(key) = self.first(range, Backward)? else {
            return Ok(None);
        };
        let seq = Fields(&key[21..]).u64();
        Ok(self.source(seq)?.map(|row| (seq, row)))
    }
}

/// In the place of a list: all of them.
pub(crate) const EVERYWHERE: u32 = u32::MAX;
/// In the place of a content: whatever bears the id.
pub(crate) const ANY_CONTENT: ContentHash = ContentHash([0; 16]);

/// The key of a takedown that concerns what comes later.
pub(crate) fn closed_key(id_key: MessageKey, list: u32, content: ContentHash) -> Vec<u8> {
    Key::of(b't').key(id_key).u32(list).hash(&content.0).done()
}

/// The key of one piece's count.
pub(crate) fn piece_key(list: u32, volume: &Volume, kind: IndexKind, path: &[String]) -> Vec<u8> {
    let mut key = Key::of(b'q').u32(list).volume(volume).byte(kind as u8);
    for step in path {
        key = key.text(step);
    }
    key.done()
}

/// A path's place in the table of sources.
pub(crate) fn path_key(path: &str) -> MessageKey {
    MessageKey::of(&MessageId(path.to_owned()))
}

/// One list's forest.
pub(crate) struct ListForest<'a, 'b> {
    pub(crate) rows: &'a Rows<'b>,
    pub(crate) list: u32,
}

impl Neighbourhood for ListForest<'_, '_> {
    type Error = ArchiveError;

    fn node(&self, key: MessageKey) -> Result<Option<Node>> {
        self.rows.node(self.list, key)
    }

    fn children(&self, key: MessageKey, limit: usize) -> Result<Vec<MessageKey>> {
        self.rows.wishing(self.list, key, limit)
    }
}
