//! Pages as MHonArc writes them.
//!
//! [`Reader::mhonarc_archive`] takes the mails of a list as an archive of MHonArc's under their numbers.
//! [`MhonarcTree`](crate::MhonarcTree) has their pages made by [`mhonarc_pages`].

mod kept;

pub use kept::MhonarcKept;

use super::{Reader, Settings};
use crate::error::Result;
use crate::intake::{Lay, as_it_lay};
use crate::tables::{ListRow, MailRow};
use crate::touched::changed_since;
use posthoc_core::message::parse;
use posthoc_core::page::{Audience, Mask, public_bytes};
use posthoc_core::route::ListName;
use posthoc_mhonarc::{Archive, Mail, Page, Refusal, Resources, Site, Surroundings};
use posthoc_store::{Generation, Store};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Mails that one reader makes the pages of.
const AT_ONCE: usize = 64;

/// The mails of a list as an archive of MHonArc's.
pub struct MhonarcMails {
    /// The archive.
    pub archive: Archive,
    /// What of the resources is not done.
    pub refused: Vec<Refusal>,
    /// What an earlier run left, where mails have only come since.
    pub(crate) kept: Option<MhonarcKept>,
    /// Numbers of mails that something was noted of since, though not so much that they are others.
    pub(crate) changed: BTreeSet<u32>,
}

impl MhonarcMails {
    /// No mails.
    pub fn none(resources: Resources, around: Surroundings) -> Self {
        let (archive, refused) = Archive::new(resources, around);
        MhonarcMails {
            archive,
            refused,
            kept: None,
            changed: BTreeSet::new(),
        }
    }
}

impl Reader<'_> {
    /// The numbers of a list's mails, also of those that are not shown.
    ///
    /// # Errors
    /// A list that is not there, and what storage refuses.
    pub fn mail_numbers(&self, list: &ListName) -> Result<BTreeSet<u32>> {
        let list = self.rows.need_list(list.as_str())?;
        Ok(self.numbers(list.list)?.into_iter().collect())
    }

    /// The mails that are shown of a list; of those that an earlier run left as it knew them, the new ones
    /// alone are read.
    ///
    /// # Errors
    /// A list that is not there, and what storage refuses.
    pub fn mhonarc_archive(
        &self,
        list: &ListName,
        resources: Resources,
        around: Surroundings,
        kept: Option<MhonarcKept>,
    ) -> Result<MhonarcMails> {
        let list = self.rows.need_list(list.as_str())?;
        if let Some(kept) = kept
            && let Some(mails) = self.grown(&list, resources.clone(), around.clone(), kept)?
        {
            return Ok(mails);
        }
        let mut mails = MhonarcMails::none(resources, around);
        for number in self.numbers(list.list)? {
            let Some(row) = self.mail(list.list, number)?.filter(|row| !row.hidden) else {
                continue;
            };
            let came = self.mhonarc_bytes(&list, &row)?;
            // A second mail with an id that the archive has is in none of its pages, as in the original.
            let _ = match came.page() {
                Some(page) => mails.archive.put_page(number, &page, row.date),
                None => {
                    let bytes = came.into_mail();
                    let header = header(&bytes);
                    let message = parse(header, self.limits());
                    mails.archive.put(number, &message, header)
                }
            };
        }
        Ok(mails)
    }

    /// The mails that an earlier run knew, with those that came since; none where more has happened.
    fn grown(
        &self,
        list: &ListRow,
        resources: Resources,
        around: Surroundings,
        kept: MhonarcKept,
    ) -> Result<Option<MhonarcMails>> {
        let Some((mut archive, refused)) = Archive::restored(resources, around, &kept.mails) else {
            return Ok(None);
        };
        let since = changed_since(self, self.store().journal(), Generation(kept.state))?;
        if since.is_cut {
            return Ok(None);
        }
        let mut changed = BTreeSet::new();
        for (_, number) in since.mails.into_iter().filter(|(on, _)| *on == list.list) {
            let Some(row) = self.mail(list.list, number)? else {
                continue;
            };
            let came = self.mhonarc_bytes(list, &row)?;
            if came.page().is_some() {
                // Pages come all at once, when an archive is taken over.
                return Ok(None);
            }
            let bytes = came.into_mail();
            let header = header(&bytes);
            let message = parse(header, self.limits());
            let last = archive.mails().last();
            if last.is_none_or(|last| last.number < number) {
                let _ = archive.put(number, &message, header);
            } else if row.hidden || !archive.knows(number, &message, header) {
                return Ok(None);
            } else {
                changed.insert(number);
            }
        }
        Ok(Some(MhonarcMails {
            archive,
            refused,
            kept: Some(kept),
            changed,
        }))
    }

    /// A mail as this layout shows it: the public copy where the list masks addresses.
    pub(super) fn mhonarc_bytes(&self, list: &ListRow, row: &MailRow) -> Result<Lay> {
        let came = match row.redacted {
            true => Lay::Mail(self.shown_bytes(list.list, row)?),
            false => as_it_lay(self.store(), row.seq)?,
        };
        Ok(match self.mask(list) {
            Mask::None => came,
            mask => {
                let dropped = self.dropped_fields(list);
                let bytes = came.into_mail();
                Lay::Mail(public_bytes(&bytes, mask, &dropped, self.limits()))
            }
        })
    }
}

/// Makes the pages of an archive's mails at these places, on all cores, in no order.
///
/// # Errors
/// What storage refuses, and what `each` answers.
pub(crate) fn mhonarc_pages(
    store: &dyn Store,
    settings: &Settings<'_>,
    list: &ListName,
    (archive, site): (&Archive, &Site<'_>),
    places: &[usize],
    each: &(dyn Fn(&Mail, Page) -> Result<()> + Sync),
) -> Result<()> {
    places.par_chunks(AT_ONCE).try_for_each(|places| {
        let reader = Reader::new(store, settings, Audience::Operator)?;
        let row = reader.rows.need_list(list.as_str())?;
        for at in places {
            let mail = &archive.mails()[*at];
            let Some(own) = reader.mail(row.list, mail.number)? else {
                continue;
            };
            let came = reader.mhonarc_bytes(&row, &own)?;
            let page = match came.page() {
                Some(page) => site.old_page(*at, &page),
                None => site.message(*at, &parse(&came.into_mail(), settings.limits)),
            };
            if let Some(page) = page {
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
