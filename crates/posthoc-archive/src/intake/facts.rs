//! What the rows need to know of a mail: from its bytes, or from what a purge left of it.

use super::apply::chosen_date;
use super::prepare::Prepared;
use crate::tables::MailRow;
use posthoc_core::message::{ContentHash, MessageId, MessageKey, Summary};
use posthoc_core::thread::Name;
use posthoc_store::{MailHead, PurgedHead, Seq, Verdict};

/// A mail as the rows see it.
pub(super) struct Facts {
    pub(super) list: u32,
    pub(super) verdict: Verdict,
    /// It came by a door, not from a source.
    pub(super) by_door: bool,
    /// First half of BLAKE3 of the stored bytes.
    pub(super) bytes: [u8; 16],
    pub(super) name: Name,
    pub(super) references: Vec<Name>,
    /// Keys of the Message-IDs that its text names.
    pub(super) mentions: Vec<MessageKey>,
    /// The row, as if the mail stood alone.
    pub(super) row: MailRow,
}

/// Of a mail that is there.
pub(super) fn of_mail(seq: Seq, head: &MailHead, summary: &Summary, bytes: &[u8; 16]) -> Facts {
    let chosen = chosen_date(head, summary);
    let id = MessageId(head.id.clone());
    let key = MessageKey::parse(&head.key).unwrap_or_else(|| MessageKey::of(&summary.id));
    Facts {
        list: head.list,
        verdict: head.verdict,
        by_door: head.source.is_none(),
        bytes: *bytes,
        references: summary.references.iter().map(Name::from).collect(),
        mentions: summary.mentions.iter().map(MessageKey::of).collect(),
        row: MailRow {
            seq,
            first: seq,
            number: head.number,
            volume: head.volume.clone(),
            key,
            node: key,
            id_key: MessageKey::of(&id),
            id: head.id.clone(),
            subject: summary.subject.clone(),
            author_name: summary.author.name.clone(),
            author_address: summary.author.address.clone(),
            date: chosen.unix,
            offset: chosen.offset,
            received: head.received,
            size: summary.size,
            attachments: summary.attachments,
            mentions: !summary.mentions.is_empty(),
            content: summary.content,
            hidden: false,
            redacted: false,
            purged: false,
            half: head
                .source
                .filter(|_| head.last)
                .map(|source| (source, head.offset)),
        },
        name: Name::from(&id),
    }
}

/// Of a mail whose bytes were destroyed.
pub(super) fn of_purged(seq: Seq, head: &PurgedHead) -> Facts {
    let name = |key: &String| Name {
        key: MessageKey::parse(key).unwrap_or_default(),
        id: String::new(),
    };
    let own = name(&head.id_key);
    let key = name(&head.key).key;
    Facts {
        list: head.list,
        verdict: head.verdict,
        by_door: head.source.is_none(),
        bytes: half_of_hex(&head.bytes),
        references: head.references.iter().map(name).collect(),
        mentions: Vec::new(),
        row: MailRow {
            seq,
            first: seq,
            number: head.number,
            volume: head.volume.clone(),
            key,
            node: key,
            id_key: own.key,
            id: String::new(),
            subject: String::new(),
            author_name: String::new(),
            author_address: String::new(),
            date: head.date,
            offset: head.offset,
            received: head.received,
            size: head.size,
            attachments: 0,
            mentions: false,
            content: ContentHash(half_of_hex(&head.content)),
            hidden: true,
            redacted: false,
            purged: true,
            half: head
                .source
                .filter(|_| head.last)
                .map(|source| (source, head.at)),
        },
        name: own,
    }
}

/// The row of a mail that is there, as if it stood alone.
pub(crate) fn row_of(head: &MailHead, mail: &Prepared) -> MailRow {
    of_mail(0, head, &mail.summary, &mail.hash).row
}

/// The row of a mail whose bytes were destroyed, as if it stood alone.
pub(crate) fn purged_row(seq: Seq, head: &PurgedHead) -> MailRow {
    of_purged(seq, head).row
}

/// Sixteen bytes from their hex digits; zeros for anything else.
pub(crate) fn half_of_hex(hex: &str) -> [u8; 16] {
    u128::from_str_radix(hex, 16).unwrap_or(0).to_be_bytes()
}

/// Hex digits of sixteen bytes.
pub(crate) fn hex_of_half(half: &[u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(*half))
}
