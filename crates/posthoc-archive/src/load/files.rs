//! Files of mails: one of them, those of a mail, a volume's, a list's.

use super::index::day_cut;
use super::{Loaded, Reader};
use crate::error::Result;
use crate::tables::keys::{Fields, Key};
use crate::tables::{ListRow, MailRow};
use posthoc_core::message::FileKey;
use posthoc_core::page::{
    AttachmentsView, CutLine, FileLine, Label, LayoutName, MailFiles, View, inert_name, served,
};
use posthoc_core::route::{Route, Volume};
use posthoc_store::Direction::Forward;
use std::collections::{BTreeMap, BTreeSet};

/// Mails of the longest index of attachments that is not cut.
pub(crate) const FILES_CUT_ABOVE: u64 = 200;

/// Files of one mail that an index names.
const FILES_OF_A_MAIL: usize = 10;

/// Mails that are read to find one file: all of them have it, unless it was taken out of some.
const TRIED: usize = 100;

impl Reader<'_> {
    /// A file's bytes, from the first mail that shows it.
    pub(super) fn attachment(
        &self,
        list: &ListRow,
        key: FileKey,
        name: &str,
    ) -> Result<Option<Loaded>> {
        let mut removed = false;
        let mut tried = 0;
        for number in self.rows.holders(list.list, key, name)? {
            let Some(row) = self.mail(list.list, number)? else {
                continue;
            };
            removed |= self.was_removed(list, &row)?;
            if row.hidden || tried >= TRIED {
                continue;
            }
            tried += 1;
            if let Some(file) = self.file_of(list, &row, key, name)? {
                return Ok(Some(Loaded::View(Box::new(file))));
            }
        }
        Ok(removed.then(|| Loaded::Gone(self.chrome(list))))
    }

    fn file_of(
        &self,
        list: &ListRow,
        row: &MailRow,
        key: FileKey,
        name: &str,
    ) -> Result<Option<View>> {
        let parsed = self.parsed(list, row)?;
        let view = &parsed.view;
        let is_it = |route: &Route| matches!(route, Route::Attachment(_, of, called) if *of == key && called == name);
        let nth = view.files.iter().position(is_it);
        Ok(nth
            .and_then(|nth| view.body.attachments.get(nth))
            .map(|attachment| {
                let inert = inert_name(attachment);
                View::File {
                    bytes: served(attachment, &inert).to_vec(),
                    media_type: inert.media_type.to_owned(),
                }
            }))
    }

    /// The routes of a mail's attachments, in their order.
    pub(crate) fn attachment_routes(&self, list: &ListRow, row: &MailRow) -> Result<Vec<Route>> {
        if row.attachments == 0 || row.hidden {
            return Ok(Vec::new());
        }
        let (mask, Some(name)) = (self.mask(list), self.name(list)) else {
            return Ok(Vec::new());
        };
        let files = self.rows.files(list.list, row.number)?.0;
        let shown = files.iter().filter_map(|file| file.under(mask));
        Ok(shown.map(|file| file.route(name.clone())).collect())
    }

    /// The routes of a mail's files in its list's layout.
    pub(crate) fn file_routes(&self, list: &ListRow, row: &MailRow) -> Result<Vec<Route>> {
        match (self.layout_of(list), self.name(list)) {
            (LayoutName::Pipermail, Some(name)) => self.scrubbed_routes(list, &name, row),
            _ => self.attachment_routes(list, row),
        }
    }

    /// The routes of all files of a list.
    pub(crate) fn all_attachment_routes(&self, list: &ListRow) -> Result<BTreeSet<Route>> {
        let mut routes = BTreeSet::new();
        for key in self
            .rows
            .keys(Key::of(b'g').u32(list.list).range(), Forward, usize::MAX)?
        {
            let number = crate::tables::keys::last_u32(&key);
            if let Some(row) = self.mail(list.list, number)? {
                routes.extend(self.attachment_routes(list, &row)?);
            }
        }
        Ok(routes)
    }

    /// A mail's files as an index names them.
    pub(super) fn mail_files(&self, list: &ListRow, row: &MailRow) -> Result<MailFiles> {
        let (mask, Some(name)) = (self.mask(list), self.name(list)) else {
            return Ok(MailFiles::default());
        };
        let files = self.rows.files(list.list, row.number)?.0;
        let shown = files.iter().take(FILES_OF_A_MAIL);
        Ok(MailFiles {
            files: shown
                .filter_map(|file| file.under(mask))
                .map(|file| FileLine {
                    route: file.route(name.clone()),
                    name: file.name,
                    media_type: file.media_type,
                    size: file.size,
                })
                .collect(),
            more: files.len().saturating_sub(FILES_OF_A_MAIL) as u64,
        })
    }

    /// How many mails of a volume have files, counted up to a limit.
    pub(crate) fn mails_with_files(
        &self,
        list: &ListRow,
        volume: &Volume,
        limit: u64,
    ) -> Result<u64> {
        let here = Key::of(b'g').u32(list.list).volume(volume);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(self.rows.keys(here.range(), Forward, limit)?.len() as u64)
    }

    /// The pieces of a long index of attachments: days.
    pub(crate) fn file_cuts(&self, list: &ListRow, volume: &Volume) -> Result<Vec<CutLine>> {
        let here = Key::of(b'g').u32(list.list).volume(volume);
        let skip = here.clone().done().len();
        let mut days: BTreeMap<u32, u64> = BTreeMap::new();
        self.rows.scan(here.range(), Forward, |key, _| {
            *days.entry(Fields(&key[skip..]).u32()).or_default() += 1;
            true
        })?;
        if days.values().sum::<u64>() <= FILES_CUT_ABOVE {
            return Ok(Vec::new());
        }
        let line = |(day, messages)| CutLine {
            cut: day_cut(volume, day),
            label: Label::Day(day),
            messages,
        };
        Ok(days.into_iter().map(line).collect())
    }

    /// The volumes of a list that have files. It names no counts, so that it changes only when a volume
    /// gets its first file or loses its last.
    pub(super) fn attachments(&self, list: &ListRow) -> Result<AttachmentsView> {
        let mut volumes = Vec::new();
        for (volume, _) in self.rows.volumes(list.list)?.into_iter().rev() {
            if self.mails_with_files(list, &volume, 1)? > 0 {
                volumes.push(volume);
            }
        }
        Ok(AttachmentsView {
            chrome: self.chrome(list),
            volumes,
        })
    }
}
