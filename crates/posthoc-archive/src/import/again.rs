//! Numbers that Pipermail gave and no mail of ours has. It numbered everything that stood in a mailbox: a mail
//! that stood there twice, and the rest of one whose text it cut at a line that begins with `From `. On a list
//! with its layout the number leads to the mail, so that those behind it have the numbers that they had there.

use super::ImportOptions;
use crate::error::Result;
use crate::intake::Batch;
use posthoc_core::page::LayoutName;
use posthoc_core::route::{ListName, Volume};
use posthoc_store::{AliasHead, Head, Seq, Verdict};

/// Which mail the next rest may belong to.
#[derive(Clone)]
pub(super) struct Again<'a> {
    options: &'a ImportOptions,
    /// The number of the last mail of the source.
    last: Option<u32>,
}

impl<'a> Again<'a> {
    pub(super) fn new(options: &'a ImportOptions) -> Self {
        Again {
            options,
            last: None,
        }
    }

    fn wanted(&self, list: &str) -> bool {
        if self.options.numbers.is_some() {
            return false;
        }
        let settings = ListName::new(list).map(|name| self.options.site.list(&name));
        settings.is_some_and(|settings| settings.layout == LayoutName::Pipermail)
    }

    /// A mail came whose bytes are in that record, at a place of a source.
    pub(super) fn came(
        &mut self,
        batch: &mut Batch<'_>,
        list: &str,
        place: (u64, u64),
        seq: Seq,
    ) -> Result<()> {
        if !self.wanted(list) {
            return Ok(());
        }
        let Some(head) = batch.mail_head(seq)? else {
            return Ok(());
        };
        self.last = Some(head.number);
        let is_first = (head.source, head.offset) == (Some(place.0), place.1)
            && !matches!(head.verdict, Verdict::Copy(_));
        match is_first {
            true => Ok(()),
            false => self.number(batch, list, place, head.number, false),
        }
    }

    /// Bytes without a header came.
    pub(super) fn rest(&self, batch: &mut Batch<'_>, list: &str, place: (u64, u64)) -> Result<()> {
        match self.last.filter(|_| self.wanted(list)) {
            Some(last) => self.number(batch, list, place, last, true),
            None => Ok(()),
        }
    }

    /// Gives the list's next number away, once for each place. Only what the same source repeats has one: a
    /// second run, or another copy of the mailbox, numbers nothing.
    fn number(
        &self,
        batch: &mut Batch<'_>,
        list: &str,
        (source, offset): (u64, u64),
        of: u32,
        rest: bool,
    ) -> Result<()> {
        let list = batch.rows.need_list(list)?;
        let Some(row) = batch.rows.mail(list.list, of)? else {
            return Ok(());
        };
        let first = batch.mail_head(row.first)?;
        if first.is_none_or(|first| first.source != Some(source) || first.offset == offset) {
            return Ok(());
        }
        if let Some(volume) = Volume::parse(&row.volume) {
            for number in batch.rows.volume_aliases(list.list, &volume)? {
                let known = batch.rows.alias(list.list, number)?;
                if known.is_some_and(|known| known.place == (source, offset)) {
                    return Ok(());
                }
            }
        }
        let head = AliasHead {
            list: list.list,
            number: list.next,
            volume: row.volume,
            of,
            source,
            offset,
            rest,
            at: self.options.now,
        };
        batch.push(Head::Alias(head), Vec::new())?;
        Ok(())
    }
}
