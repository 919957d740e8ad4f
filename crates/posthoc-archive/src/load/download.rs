//! Downloads: bytes made from many mails.

use super::{Loaded, Reader};
use crate::error::Result;
use crate::tables::{ListRow, MailRow};
use flate2::{Compression, GzBuilder};
use posthoc_core::message::{MessageId, MessageKey};
use posthoc_core::page::{
    FromLine, LayoutName, Person, TextEntry, View, mbox_entry, public_bytes, text_volume_entry,
    without_pgp_frame,
};
use posthoc_core::route::{ListName, Route, Volume};
use posthoc_core::text::TimeZone;
use std::collections::BTreeMap;
use std::io::Write;

/// Deflate level: higher ones take several times as long for a few percent.
const LEVEL: Compression = Compression::fast();
/// Mails in one gzip member: one more mail changes the last member only.
const MEMBER: usize = 128;
/// Bytes of the mails of a list whose whole mailbox is one file, and of those that answer a query: it is
/// made in memory.
pub(crate) const WHOLE_BYTES: u64 = 64 << 20;
/// Mails of a thread's mailbox.
const THREAD_MAILS: usize = 10_000;

impl Reader<'_> {
    /// A volume's mails in order of arrival.
    fn volume_mails(&self, list: &ListRow, volume: &Volume) -> Result<Option<Vec<u32>>> {
        match self.rows.volume(list.list, volume)? {
            Some(_) => Ok(Some(self.rows.volume_numbers(list.list, volume)?)),
            None => Ok(None),
        }
    }

    /// The exported downloads of a volume: in Pipermail's layout its text alone.
    pub(crate) fn download_routes(
        &self,
        list: &ListRow,
        name: &ListName,
        volume: &Volume,
    ) -> Vec<Route> {
        let settings = self.settings_of(list);
        match settings.layout {
            LayoutName::Posthoc => vec![
                Route::TextVolume(name.clone(), volume.clone()),
                Route::MboxVolume(name.clone(), volume.clone()),
            ],
            LayoutName::Pipermail if settings.pipermail.plain_text => {
                vec![Route::PlainVolume(name.clone(), volume.clone())]
            }
            LayoutName::Pipermail => vec![Route::TextVolume(name.clone(), volume.clone())],
        }
    }

    pub(super) fn text_volume(&self, list: &ListRow, volume: &Volume) -> Result<Option<View>> {
        let Some(numbers) = self.volume_mails(list, volume)? else {
            return Ok(None);
        };
        let mails = numbers.iter().map(|number| (list, *number));
        let view = self.packed(mails, |reader, list, row| reader.text_entry(list, row))?;
        Ok(Some(view))
    }

    pub(super) fn mbox_volume(&self, list: &ListRow, volume: &Volume) -> Result<Option<View>> {
        let Some(numbers) = self.volume_mails(list, volume)? else {
            return Ok(None);
        };
        let mails = numbers.iter().map(|number| (list, *number));
        Ok(Some(self.packed_mbox(mails)?))
    }

    /// Whether all mails of a list fit into one file.
    pub(crate) fn fits_whole(&self, list: &ListRow) -> Result<bool> {
        let volumes = self.rows.volumes(list.list)?;
        let bytes: u64 = volumes.iter().map(|(_, row)| row.bytes).sum();
        Ok(bytes <= WHOLE_BYTES && !volumes.is_empty())
    }

    pub(super) fn whole_mbox(&self, list: &ListRow) -> Result<Option<View>> {
        if !self.fits_whole(list)? {
            return Ok(None);
        }
        let drop = self.dropped_fields(list);
        let mut numbers = Vec::new();
        for (volume, _) in self.rows.volumes(list.list)? {
            numbers.extend(self.rows.volume_numbers(list.list, &volume)?);
        }
        numbers.sort_unstable();
        let mut bytes = Vec::new();
        for number in numbers {
            if let Some(row) = self.mail(list.list, number)?.filter(|row| !row.hidden) {
                bytes.extend(self.entry(list, &row, &drop)?);
            }
        }
        Ok(Some(View::File {
            media_type: "application/mbox".to_owned(),
            bytes,
        }))
    }

    pub(super) fn thread_mbox(&self, list: &ListRow, key: MessageKey) -> Result<Option<Loaded>> {
        let Some(member) = self.place(list, key)? else {
            return Ok(None);
        };
        let thread = self.thread_of(list, &member)?;
        let numbers = self.rows.thread(list.list, thread, 0, THREAD_MAILS)?;
        if !self.any_shown(list, &numbers)? {
            return Ok(Some(Loaded::Gone(self.chrome(list))));
        }
        let view = self.packed_mbox(numbers.iter().map(|number| (list, *number)))?;
        Ok(Some(Loaded::View(Box::new(view))))
    }

    /// Whether any of these mails is not taken down.
    pub(super) fn any_shown(&self, list: &ListRow, numbers: &[u32]) -> Result<bool> {
        for number in numbers {
            let row = self.mail(list.list, *number)?;
            if row.is_some_and(|row| !row.hidden) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The public copies of mails as one mailbox.
    pub(crate) fn packed_mbox<'l>(
        &self,
        mails: impl Iterator<Item = (&'l ListRow, u32)> + Clone,
    ) -> Result<View> {
        let mut drop: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for (list, _) in mails.clone() {
            drop.entry(list.list)
                .or_insert_with(|| self.dropped_fields(list));
        }
        let none = Vec::new();
        self.packed(mails, |reader, list, row| {
            reader.entry(list, row, drop.get(&list.list).unwrap_or(&none))
        })
    }

    /// Concatenated gzip members, without a time.
    fn packed<'l>(
        &self,
        mails: impl Iterator<Item = (&'l ListRow, u32)> + Clone,
        entry: impl Fn(&Self, &ListRow, &MailRow) -> Result<Vec<u8>>,
    ) -> Result<View> {
        // About what text takes; a large buffer that grows is moved again and again.
        let mut stored = 0;
        for (list, number) in mails.clone() {
            stored += self
                .mail(list.list, number)?
                .map_or(0, |row| row.size as usize);
        }
        let mut bytes = Vec::with_capacity(stored / 2);
        let mut mails = mails.peekable();
        // Also nothing is one member: no bytes at all are no such file.
        loop {
            let mut packer = GzBuilder::new().mtime(0).write(bytes, LEVEL);
            for (list, number) in mails.by_ref().take(MEMBER) {
                if let Some(row) = self.mail(list.list, number)?.filter(|row| !row.hidden) {
                    // Writing to memory does not fail.
                    let _ = packer.write_all(&entry(self, list, &row)?);
                }
            }
            bytes = packer.finish().unwrap_or_default();
            if mails.peek().is_none() {
                break;
            }
        }
        Ok(View::File {
            media_type: "application/gzip".to_owned(),
            bytes,
        })
    }

    fn text_entry(&self, list: &ListRow, row: &MailRow) -> Result<Vec<u8>> {
        let mask = self.mask(list);
        let parsed = self.parsed(list, row)?;
        let message = &parsed.message;
        let author = message.shown_author();
        let Person { name, .. } = mask.person(&author);
        let written = message.root.field("date").map(|field| field.value());
        let ids = |ids: &[MessageId]| -> Vec<String> {
            let shown = ids.iter().map(|id| mask.reference(id, message).0);
            shown.collect()
        };
        let (answered, references) = (ids(&message.in_reply_to), ids(&message.references));
        let answered: Vec<&str> = answered.iter().map(String::as_str).collect();
        let references: Vec<&str> = references.iter().map(String::as_str).collect();
        Ok(text_volume_entry(&TextEntry {
            address: &mask.address(&author.address),
            name: &name,
            date: list.zone().stamp(row.date),
            written_date: written.map(|date| mask.text(&date).into_owned()).as_deref(),
            subject: &mask.text(&row.subject),
            in_reply_to: &answered,
            references: &references,
            id: &mask.id(&MessageId(row.id.clone()), message).0,
            // The words of HTML are masked only here.
            text: &mask.text(&parsed.view.body.plain_text()),
        }))
    }

    /// The public copy of a mail's bytes.
    fn public_bytes(&self, list: &ListRow, row: &MailRow, drop: &[String]) -> Result<Vec<u8>> {
        let public = |sent: &[u8]| public_bytes(sent, self.mask(list), drop, self.limits());
        match self.at_hand(row) {
            Some(parsed) => Ok(public(&parsed.bytes)),
            None => Ok(public(&self.shown_bytes(list.list, row)?)),
        }
    }

    /// A mail as one mbox entry. The sender's place in its first line is a constant: the real one is
    /// in the mail.
    fn entry(&self, list: &ListRow, row: &MailRow, drop: &[String]) -> Result<Vec<u8>> {
        let bytes = self.public_bytes(list, row, drop)?;
        Ok(mbox_entry(&bytes, &from_line(row)))
    }

    /// A mail as a mailbox of one, for mail programs and `git am`: inline PGP's frame would stand in
    /// the way of a patch.
    pub(super) fn mbox(&self, list: &ListRow, row: &MailRow) -> Result<View> {
        let media_type = "application/mbox".to_owned();
        let bytes = self.public_bytes(list, row, &self.dropped_fields(list))?;
        Ok(View::File {
            media_type,
            bytes: mbox_entry(&without_pgp_frame(&bytes), &from_line(row)),
        })
    }

    pub(super) fn eml(&self, list: &ListRow, row: &MailRow) -> Result<View> {
        let media_type = "message/rfc822".to_owned();
        Ok(View::File {
            media_type,
            bytes: self.public_bytes(list, row, &self.dropped_fields(list))?,
        })
    }
}

/// An entry's first line.
fn from_line(row: &MailRow) -> FromLine<'static> {
    FromLine {
        sender: "mboxrd",
        date: TimeZone::utc().stamp(row.date),
    }
}
