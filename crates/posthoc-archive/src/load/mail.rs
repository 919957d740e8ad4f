//! A mail's page and its files.

use super::Reader;
use crate::error::Result;
use crate::tables::keys::Key;
use crate::tables::{ListRow, MailRow};
use posthoc_core::message::{Body, Mailbox, Message, MessageId};
use posthoc_core::page::{
    BodyView, MailLine, Mask, MessageView, Person, Related, Shown, ShownFile, View,
};
use posthoc_core::route::{Route, Volume};
use posthoc_store::Direction::{Backward, Forward};
use std::sync::Arc;

/// People of To and Cc that a page names.
const PEOPLE: usize = 50;

impl Reader<'_> {
    pub(super) fn message(&self, list: &ListRow, row: &MailRow) -> Result<View> {
        let parsed = self.parsed(list, row)?;
        let message = &parsed.message;
        let mask = self.mask(list);
        let window = self.window(list, row)?;
        let here = window.lines.iter().position(|line| line.current);
        let mails = |line: &&MailLine| line.address.is_some();
        let mut line = self.line(list, row);
        line.current = true;
        let written_date = message.root.field("date").map(|field| field.value());
        let as_written = message.sent.is_some_and(|sent| sent.unix == row.date);
        let mut variants = Vec::new();
        for number in self.rows.bearing(list.list, &MessageId(row.id.clone()))? {
            if number != row.number {
                variants.extend(
                    self.mail(list.list, number)?
                        .filter(|row| !row.hidden)
                        .map(|row| self.line(list, &row)),
                );
            }
        }
        // Numbers follow the order of arrival, which must not show.
        variants.sort_by_key(|line| line.date.unix);
        let volume = Volume::parse(&row.volume);
        Ok(View::Message(Box::new(MessageView {
            chrome: match &volume {
                Some(volume) => self.volume_chrome(list, volume),
                None => self.chrome(list),
            },
            line,
            author_page: self.author_route(list, row)?,
            id: mask.id(&MessageId(row.id.clone()), message),
            to: people(&message.to, mask),
            cc: people(&message.cc, mask),
            body: parsed.view.clone(),
            written_date: written_date
                .filter(|_| !as_written)
                .map(|date| mask.text(&date).into_owned()),
            related: Related {
                earlier: self.beside(list, row, Backward)?,
                later: self.beside(list, row, Forward)?,
                thread_earlier: here
                    .and_then(|here| window.lines[..here].iter().rev().find(mails).cloned()),
                thread_later: here
                    .and_then(|here| window.lines[here + 1..].iter().find(mails).cloned()),
            },
            thread: Arc::new(window.lines),
            thread_counts: window.counts,
            thread_key: window.key,
            series: self.series(list, row)?,
            reply_to: self.posting_address(list, message),
            variants,
        })))
    }

    /// The content with its files' routes.
    pub(super) fn body(
        &self,
        list: &ListRow,
        body: Body,
        mentions: Vec<(String, Route)>,
    ) -> BodyView {
        let name = self.name(list);
        let file = |attachment| Some(ShownFile::of(attachment).route(name.clone()?));
        let files = body.attachments.iter().filter_map(file).collect();
        let mask = self.mask(list);
        BodyView {
            body: Arc::new(body),
            files,
            mentions,
            language: None,
            rules: Arc::clone(&self.settings_of(list).link_rules),
            mask,
            shown: Shown::default(),
        }
    }

    /// Where one posts: as the list's settings say, else as the mail tells. A mail can tell
    /// anything: on a list that masks addresses it is believed only when what it names has the
    /// list's name.
    pub(super) fn posting_address(&self, list: &ListRow, message: &Message) -> Option<String> {
        if self.settings_of(list).closed.is_some() {
            return None;
        }
        if let Some(address) = &self.settings_of(list).address {
            return Some(address.clone());
        }
        let is_ours = |address: &String| {
            self.mask(list) == Mask::None
                || address
                    .split_once('@')
                    .is_some_and(|(local, _)| local.eq_ignore_ascii_case(&list.name))
        };
        list_post(message).filter(is_ours)
    }

    /// The neighbour by date, also across volumes.
    fn beside(
        &self,
        list: &ListRow,
        row: &MailRow,
        direction: posthoc_store::Direction,
    ) -> Result<Option<MailLine>> {
        let number = self.number_beside(list, row, direction)?;
        let Some(number) = number else {
            return Ok(None);
        };
        Ok(self
            .mail(list.list, number)?
            .map(|row| self.line(list, &row)))
    }

    /// The number of the neighbour by date.
    pub(crate) fn number_beside(
        &self,
        list: &ListRow,
        row: &MailRow,
        direction: posthoc_store::Direction,
    ) -> Result<Option<u32>> {
        let Some(volume) = Volume::parse(&row.volume) else {
            return Ok(None);
        };
        let (from, to) = Key::of(b'd').u32(list.list).range();
        let here = Key::of(b'd')
            .u32(list.list)
            .volume(&volume)
            .u32(list.day(row.date));
        let here = here
            .time(row.date)
            .hash(&row.content.0)
            .u32(row.number)
            .done();
        let range = match direction {
            Forward => (crate::tables::keys::after(&here), to),
            Backward => (from, here),
        };
        Ok(self
            .rows
            .first(range, direction)?
            .map(|key| crate::tables::keys::last_u32(&key)))
    }

    /// Whether a removal or redaction has ever concerned a mail, so that files of it may be stale.
    pub(crate) fn was_removed(&self, list: &ListRow, row: &MailRow) -> Result<bool> {
        Ok(row.hidden || row.redacted || self.rows.ever_removed(list.list, row.number)?)
    }
}

fn people(mailboxes: &[Mailbox], mask: Mask) -> Vec<Person> {
    let shown = mailboxes.iter().take(PEOPLE);
    shown.map(|mailbox| mask.person(mailbox)).collect()
}

/// The language that a mail says it is in: one alone, well made (RFC 3282, BCP 47).
pub(super) fn language(message: &Message) -> Option<String> {
    let value = message.root.field("content-language")?.value();
    let tag = value.trim();
    let is_part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let primary = tag.split('-').next().unwrap_or_default();
    let well_made = (2..=3).contains(&primary.len())
        && primary.bytes().all(|b| b.is_ascii_alphabetic())
        && tag.len() <= 35
        && tag.split('-').all(is_part);
    well_made.then(|| tag.to_owned())
}

/// Where one posts, as the list itself told with this mail (RFC 2369).
pub(super) fn list_post(message: &Message) -> Option<String> {
    let value = message.root.field("list-post")?.value();
    let address = value.split_once("<mailto:")?.1.split(['>', '?']).next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || ".@_+-=".contains(c);
    (address.contains('@') && address.len() <= 254 && address.chars().all(plain))
        .then(|| address.to_owned())
}
