//! Rows as lines of a page.

use super::Reader;
use crate::tables::{ListRow, MailRow};
use posthoc_core::message::{Mailbox, MessageKey};
use posthoc_core::page::{LayoutName, MailLine, Mask, Person};
use posthoc_core::route::{Address, Volume};
use posthoc_core::text::Stamp;

/// What stands in the place of a removed mail, or of a piece of one.
pub(crate) const REMOVED: &str = "[removed]";

impl Reader<'_> {
    /// A mail as a line, in its list's zone, masked as the list says. A removed one is a place in its
    /// thread, nothing more.
    pub(crate) fn line(&self, list: &ListRow, row: &MailRow) -> MailLine {
        self.line_masked(list, row, self.mask(list))
    }

    /// A mail as a line for an operator.
    pub(crate) fn line_as_sent(&self, list: &ListRow, row: &MailRow) -> MailLine {
        self.line_masked(list, row, Mask::None)
    }

    fn line_masked(&self, list: &ListRow, row: &MailRow, mask: Mask) -> MailLine {
        if row.hidden {
            return MailLine {
                subject: REMOVED.to_owned(),
                ..self.ghost(row.key)
            };
        }
        let volume = Volume::parse(&row.volume);
        let author = Mailbox {
            name: row.author_name.clone(),
            address: row.author_address.clone(),
        };
        MailLine {
            address: volume.map(|volume| Address {
                volume,
                number: row.number,
            }),
            key: row.key,
            subject: mask.text(&row.subject).into_owned(),
            author: mask.person(&author),
            date: list.zone().stamp(row.date),
            depth: 0,
            elsewhere: false,
            current: false,
            attachments: row.attachments,
            layout: self.settings_of(list).layout,
        }
    }

    /// A mail that is not in the archive.
    pub(crate) fn ghost(&self, key: MessageKey) -> MailLine {
        MailLine {
            address: None,
            key,
            subject: String::new(),
            author: Person::default(),
            date: Stamp::default(),
            depth: 0,
            elsewhere: false,
            current: false,
            attachments: 0,
            layout: LayoutName::default(),
        }
    }
}
