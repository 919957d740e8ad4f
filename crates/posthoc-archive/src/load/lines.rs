//! Rows as lines of a page.

use super::Reader;
use crate::tables::{ListRow, MailRow};
use posthoc_core::message::{Mailbox, MessageKey};
use posthoc_core::page::{MailLine, Person, mask_at};
use posthoc_core::route::{Address, Volume};
use posthoc_core::text::Stamp;

impl Reader<'_> {
    /// A mail as a line, in its list's zone. A removed one shows neither author nor subject.
    pub(crate) fn line(&self, list: &ListRow, row: &MailRow) -> MailLine {
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
            subject: if row.hidden {
                "[removed]".to_owned()
            } else {
                row.subject.clone()
            },
            author: if row.hidden {
                Person::default()
            } else {
                person(&author)
            },
            date: list.zone().stamp(row.date),
            depth: 0,
            elsewhere: false,
            current: false,
            attachments: if row.hidden { 0 } else { row.attachments },
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
        }
    }
}

/// A mailbox as the list shows it: the address masked, also where it stands in the name's place.
pub(crate) fn person(mailbox: &Mailbox) -> Person {
    let local = mailbox.address.split(['@', ' ']).next().unwrap_or_default();
    let name = match mailbox.name.trim() {
        "" if local.is_empty() => "unknown".to_owned(),
        "" => local.to_owned(),
        name if name.contains('@') => mask_at(name),
        name => name.to_owned(),
    };
    Person {
        name,
        address: mask_at(&mailbox.address),
    }
}
