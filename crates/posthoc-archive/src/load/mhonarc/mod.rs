//! Pages as MHonArc writes them.
//!
//! [`Reader::mhonarc_archive`] takes the mails of a list as an archive of MHonArc's under their numbers.
//! `posthoc mhonarc` has all pages of one made by [`mhonarc_pages`].

use super::{Reader, Settings};
use crate::error::Result;
use crate::intake::bytes_as_they_lay;
use crate::tables::{ListRow, MailRow};
use posthoc_core::message::parse;
use posthoc_core::page::{Audience, Mask, public_bytes};
use posthoc_core::route::ListName;
use posthoc_mhonarc::{Archive, Mail, Page, Refusal, Resources, Surroundings};
use posthoc_store::Store;
use rayon::prelude::*;

/// Mails that one reader makes the pages of.
const AT_ONCE: usize = 64;

impl Reader<'_> {
    /// The mails that are shown of a list, and what of the resources is not done.
    ///
    /// # Errors
    /// A list that is not there, and what storage refuses.
    pub fn mhonarc_archive(
        &self,
        list: &ListName,
        resources: Resources,
        around: Surroundings,
    ) -> Result<(Archive, Vec<Refusal>)> {
        let list = self.rows.need_list(list.as_str())?;
        let (mut archive, refused) = Archive::new(resources, around);
        for number in self.numbers(list.list)? {
            let Some(row) = self.mail(list.list, number)?.filter(|row| !row.hidden) else {
                continue;
            };
            let bytes = self.mhonarc_bytes(&list, &row)?;
            let header = header(&bytes);
            // A second mail with an id that the archive has is in none of its pages, as in the original.
            let _ = archive.put(number, &parse(header, self.limits()), header);
        }
        Ok((archive, refused))
    }

    /// A mail's bytes as this layout shows them: the public copy where the list masks addresses.
    pub(super) fn mhonarc_bytes(&self, list: &ListRow, row: &MailRow) -> Result<Vec<u8>> {
        let bytes = match row.redacted {
            true => self.shown_bytes(list.list, row)?,
            false => bytes_as_they_lay(self.store(), row.seq)?,
        };
        Ok(match self.mask(list) {
            Mask::None => bytes,
            mask => public_bytes(&bytes, mask, &self.dropped_fields(list), self.limits()),
        })
    }
}

/// Makes the page of every mail of an archive, on all cores, in no order.
///
/// # Errors
/// What storage refuses, and what `each` answers.
pub fn mhonarc_pages(
    store: &dyn Store,
    settings: &Settings<'_>,
    list: &ListName,
    archive: &Archive,
    each: &(dyn Fn(&Mail, Page) -> Result<()> + Sync),
) -> Result<()> {
    let site = archive.site();
    let places: Vec<usize> = (0..archive.mails().len()).collect();
    places.par_chunks(AT_ONCE).try_for_each(|places| {
        let reader = Reader::new(store, settings, Audience::Operator)?;
        let row = reader.rows.need_list(list.as_str())?;
        for at in places {
            let mail = &archive.mails()[*at];
            let Some(own) = reader.mail(row.list, mail.number)? else {
                continue;
            };
            let bytes = reader.mhonarc_bytes(&row, &own)?;
            if let Some(page) = site.message(*at, &parse(&bytes, settings.limits)) {
                each(mail, page)?;
            }
        }
        Ok(())
    })
}

/// A mail's header with the empty line behind it.
fn header(bytes: &[u8]) -> &[u8] {
    let ends = [&b"\n\n"[..], b"\n\r\n"]
        .map(|end| memchr::memmem::find(bytes, end).map_or(bytes.len(), |at| at + end.len()));
    &bytes[..ends[0].min(ends[1])]
}
