//! A mail's patch series, and links to mails that its text names.

use super::Reader;
use crate::error::Result;
use crate::tables::{ListRow, MailRow, PartRow};
use posthoc_core::message::{Body, MessageId, MessageKey};
use posthoc_core::page::{MailLine, Mask, Series};
use posthoc_core::route::Route;
use posthoc_core::text::patch_subject;
use std::collections::BTreeMap;

/// A series of up to so many parts is shown whole beside each of them;
const WHOLE: u32 = 20;
/// of a longer one so many before and after.
const NEAR: u32 = 10;
/// Parts that are not in one thread were sent within so many seconds of each other.
const TOGETHER: i64 = 60 * 60;
/// Versions that are shown.
const VERSIONS: usize = 12;
/// Versions of one patch are sent within so many seconds.
const RELATED: i64 = 2 * 366 * 24 * 60 * 60;

impl Reader<'_> {
    /// The series and the versions of a patch; none for what is none or stands alone.
    pub(super) fn series(&self, list: &ListRow, row: &MailRow) -> Result<Option<Series>> {
        let Some(patch) = patch_subject(&row.subject) else {
            return Ok(None);
        };
        let mut series = Series {
            version: patch.version,
            part: patch.part,
            of: patch.parts,
            parts: Vec::new(),
            versions: Vec::new(),
        };
        for (part, number) in self.parts_beside(list, row, patch.part, patch.parts)? {
            let line = self.line_beside(list, row, number)?;
            series.parts.extend(line.map(|line| (part, line)));
        }
        for (version, number) in self.versions_beside(list, row, patch.version)? {
            let line = self.line_beside(list, row, number)?;
            series.versions.extend(line.map(|line| (version, line)));
        }
        Ok((series.parts.len() > 1 || series.versions.len() > 1).then_some(series))
    }

    /// A part or version as a line on the page of another, or of itself; none where it is hidden.
    fn line_beside(&self, list: &ListRow, row: &MailRow, number: u32) -> Result<Option<MailLine>> {
        let mail = self.mail(list.list, number)?.filter(|mail| !mail.hidden);
        Ok(mail.map(|mail| MailLine {
            current: mail.number == row.number,
            ..self.line(list, &mail)
        }))
    }

    /// Parts that a mail's page shows, by their numbers; of several mails with one number the one in
    /// the same thread, then the nearest in time.
    fn parts_beside(
        &self,
        list: &ListRow,
        row: &MailRow,
        own: u32,
        of: u32,
    ) -> Result<BTreeMap<u32, u32>> {
        let mut nearest: BTreeMap<u32, (bool, i64, u32)> = BTreeMap::new();
        let near = self.rows.parts_near(list.list, row)?;
        if near.len() < 2 {
            return Ok(BTreeMap::new());
        }
        let thread = self.thread_of(list, row)?;
        for PartRow { part, date, number } in near {
            if !is_beside(own, part, of) || (part == own && number != row.number) {
                continue;
            }
            let apart = (date - row.date).abs();
            let elsewhere = match self.mail(list.list, number)? {
                Some(mail) => self.thread_of(list, &mail)? != thread,
                None => continue,
            };
            if elsewhere && apart > TOGETHER {
                continue;
            }
            let found = (elsewhere, apart, number);
            let known = nearest.entry(part).or_insert(found);
            // Mails of one moment come in order of their keys' rows, whatever their numbers are.
            if (found.0, found.1) < (known.0, known.1) {
                *known = found;
            }
        }
        let numbers = nearest
            .into_iter()
            .map(|(part, (.., number))| (part, number));
        Ok(numbers.collect())
    }

    /// One mail of each version, its own among them: the nearest in time.
    fn versions_beside(
        &self,
        list: &ListRow,
        row: &MailRow,
        own: u32,
    ) -> Result<BTreeMap<u32, u32>> {
        let mut nearest: BTreeMap<u32, (i64, u32)> = BTreeMap::from([(own, (0, row.number))]);
        for other in self.rows.versions_of(list.list, row)? {
            let apart = (other.date - row.date).abs();
            if other.version == own || apart > RELATED {
                continue;
            }
            let found = (apart, other.number);
            let known = nearest.entry(other.version).or_insert(found);
            if found.0 < known.0 {
                *known = found;
            }
        }
        let numbers = nearest
            .into_iter()
            .map(|(version, (_, number))| (version, number));
        Ok(numbers.take(VERSIONS).collect())
    }

    /// Numbers of the mails whose pages show a patch among their parts and versions.
    pub(crate) fn patches_beside(&self, list: &ListRow, row: &MailRow) -> Result<Vec<u32>> {
        let Some(patch) = patch_subject(&row.subject) else {
            return Ok(Vec::new());
        };
        let parts = self.rows.parts_near(list.list, row)?.into_iter();
        let shown = parts.filter(|other| is_beside(patch.part, other.part, patch.parts));
        let mut numbers: Vec<u32> = shown.map(|other| other.number).collect();
        let versions = self.rows.versions_of(list.list, row)?;
        numbers.extend(versions.iter().map(|other| other.number));
        Ok(numbers)
    }

    /// The mails that a text names by their Message-IDs and that are on the list: the id as pages show
    /// it, and the mail's page.
    pub(super) fn mentions(
        &self,
        list: &ListRow,
        row: &MailRow,
        body: &Body,
    ) -> Result<Vec<(String, Route)>> {
        let mut links = Vec::new();
        if !row.mentions {
            return Ok(links);
        }
        let mask = self.mask(list);
        for id in body.mentions() {
            let id_key = MessageKey::of(&id);
            if id_key != row.id_key
                && let Some(route) = self.held(list, row, id_key)?
                && let Some(shown) = shown_id(&id, mask)
            {
                links.push((shown, route));
            }
        }
        Ok(links)
    }

    /// Keys of the ids that a mail's text names.
    pub(crate) fn named_by(&self, list: &ListRow, row: &MailRow) -> Result<Vec<MessageKey>> {
        if !row.mentions || row.hidden {
            return Ok(Vec::new());
        }
        let (_, body) = self.shown_mail(list.list, row)?;
        Ok(body.mentions().iter().map(MessageKey::of).collect())
    }

    fn held(&self, list: &ListRow, row: &MailRow, id_key: MessageKey) -> Result<Option<Route>> {
        for number in self.rows.bearing_key(list.list, id_key)? {
            let mail = self.mail(list.list, number)?;
            if let Some(mail) = mail.filter(|mail| !mail.hidden) {
                let linked = self.rows.links_to(list.list, row, id_key)?;
                return Ok(self.message_route(list, &mail).filter(|_| linked));
            }
        }
        Ok(None)
    }
}

/// An id as it stands in a masked text; none where a part of it is hidden.
fn shown_id(id: &MessageId, mask: Mask) -> Option<String> {
    let shown = mask.text(&id.0).into_owned();
    (shown == id.0 || !mask.hides()).then_some(shown)
}

fn is_beside(own: u32, part: u32, of: u32) -> bool {
    of <= WHOLE || own.abs_diff(part) <= NEAR
}
