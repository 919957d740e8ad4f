//! Files that Pipermail's scrubber took out of mails. Their addresses name the mail's day and a hash of
//! its id, so that the mail is found again without a table of them.

use crate::error::Result;
use crate::load::{Loaded, Reader};
use crate::tables::keys::{Key, last_u32};
use crate::tables::{ListRow, MailRow};
use posthoc_core::page::View;
use posthoc_core::route::{ListName, Route};
use posthoc_core::text::TimeZone;
use posthoc_pipermail::file_hash;
use posthoc_store::Direction::Forward;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Mails of one day that are read for a file whose mail's id tells nothing.
const TRIED: usize = 1_000;

impl Reader<'_> {
    /// A file by its address.
    pub(in crate::load) fn scrubbed_file(
        &self,
        list: &ListRow,
        route: &Route,
    ) -> Result<Option<Loaded>> {
        let Route::Scrubbed { day, mail, .. } = route else {
            return Ok(None);
        };
        let mut others = Vec::new();
        let mut removed = false;
        for row in self.mails_around(list, *day)? {
            let placed = self.placed_in_pipermail(list, &row)?;
            let id = format!("<{}>", row.id);
            if file_hash(id.as_bytes(), &placed) != *mail {
                others.push(row);
                continue;
            }
            if let Some(view) = self.scrubbed_view(list, &row, route)? {
                return Ok(Some(Loaded::View(Box::new(view))));
            }
        }
        // Ids may be written otherwise than they are read.
        for row in others.iter().take(TRIED) {
            if let Some(view) = self.scrubbed_view(list, row, route)? {
                return Ok(Some(Loaded::View(Box::new(view))));
            }
        }
        // Those that were taken down stand on no day.
        for number in self.rows.taken_down(list.list)? {
            if let Some(row) = self.mail(list.list, number)?.filter(|row| row.hidden) {
                let placed = self.placed_in_pipermail(list, &row)?;
                removed |= file_hash(format!("<{}>", row.id).as_bytes(), &placed) == *mail;
            }
        }
        Ok(removed.then(|| Loaded::Gone(self.chrome(list))))
    }

    fn scrubbed_view(&self, list: &ListRow, row: &MailRow, route: &Route) -> Result<Option<View>> {
        let path = route.path();
        let path = path.split_once('/').map_or("", |(_, path)| path);
        let scrubbed = self.scrubbed(list, row)?;
        let file = scrubbed.attachments.iter();
        let file = file.clone().find(|file| file.path == path);
        Ok(file.map(|file| View::File {
            media_type: media_type(path).to_owned(),
            bytes: file.bytes.clone(),
        }))
    }

    /// The routes of the files that were taken out of a mail.
    pub(crate) fn scrubbed_routes(
        &self,
        list: &ListRow,
        name: &ListName,
        row: &MailRow,
    ) -> Result<Vec<Route>> {
        if row.hidden {
            return Ok(Vec::new());
        }
        let scrubbed = self.scrubbed(list, row)?;
        let files = scrubbed.attachments.iter();
        Ok(files
            .filter_map(|file| Route::parse(&format!("{name}/{}", file.path)))
            .collect())
    }

    /// Mails whose files may stand below a day: those of that day in any zone.
    fn mails_around(&self, list: &ListRow, day: u32) -> Result<Vec<Arc<MailRow>>> {
        let days = days_beside(day);
        let mut rows = Vec::new();
        for (volume, counts) in self.rows.volumes(list.list)? {
            for day in days {
                if counts
                    .days
                    .binary_search_by_key(&day, |(day, _)| *day)
                    .is_err()
                {
                    continue;
                }
                let key = Key::of(b'd').u32(list.list).volume(&volume).u32(day);
                for key in self.rows.keys(key.range(), Forward, usize::MAX)? {
                    rows.extend(self.mail(list.list, last_u32(&key))?);
                }
            }
        }
        Ok(rows)
    }

    /// Where the files of mails that were removed may still stand: beginnings of their paths, and the files
    /// of other mails below these.
    pub(crate) fn scrubbed_beside(
        &self,
        list: &ListRow,
        name: &ListName,
        row: &MailRow,
    ) -> Result<(Vec<String>, BTreeSet<Route>)> {
        let days = days_beside(list.day(row.date));
        let beginnings = days.map(|day| format!("{name}/attachments/{day:08}/"));
        let mut kept = BTreeSet::new();
        for day in days {
            for row in self.mails_around(list, day)? {
                kept.extend(self.scrubbed_routes(list, name, &row)?);
            }
        }
        Ok((beginnings.to_vec(), kept))
    }
}

/// A day with those before and after it, each as 20041231.
fn days_beside(day: u32) -> [u32; 3] {
    let utc = TimeZone::utc();
    let year = i16::try_from(day / 10_000).unwrap_or(i16::MAX);
    let begin = utc.day_start(year, (day / 100 % 100) as u8, (day % 100) as u8);
    [-1, 0, 1].map(|step| {
        let Some(begin) = begin else { return day };
        let stamp = utc.stamp(begin + step * 86_400);
        stamp.year.max(0) as u32 * 10_000 + u32::from(stamp.month) * 100 + u32::from(stamp.day)
    })
}

/// What a server says of a file: by its name, and nothing that a browser would run. HTML among them is
/// escaped.
fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "htm" | "html" => "text/html; charset=us-ascii",
        "gif" => "image/gif",
        "jpe" | "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "pdf" => "application/pdf",
        "c" | "h" | "txt" | "text" | "pl" | "py" | "sh" | "ksh" | "bat" | "asc" | "sig" | "pgp"
        | "key" | "diff" | "patch" | "eml" => "text/plain",
        _ => "application/octet-stream",
    }
}
