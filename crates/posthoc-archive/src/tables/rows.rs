//! What stands in the rows. Derived data: a change of shape raises [`super::VERSION`].

use posthoc_core::message::{Attachment, ContentHash, FileKey, MessageKey};
use posthoc_core::page::{Mask, ShownFile, files_by_mask};
use posthoc_core::text::{Frequency, TimeZone};
use posthoc_core::thread::{Claim, Node};
use posthoc_store::ListHead;
use serde::{Deserialize, Serialize};

/// A list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ListRow {
    pub(crate) list: u32,
    pub(crate) name: String,
    pub(crate) visibility: String,
    pub(crate) time_zone: String,
    /// The zone that it was made in: in this one the days of its indexes are counted for ever, so that
    /// a mail is found on its day also when the zone of later volumes is another.
    pub(crate) first_zone: String,
    pub(crate) volumes: String,
    pub(crate) mask: Option<String>,
    pub(crate) downloads: Option<String>,
    pub(crate) drop: Vec<String>,
    /// The number that the next mail gets.
    pub(crate) next: u32,
    pub(crate) messages: u64,
    pub(crate) threads: u64,
    /// The time that its mails have reached: what is received later is later, whatever a clock says.
    pub(crate) as_of: i64,
}

impl ListRow {
    /// Its facts as a record, to be recorded again with a change.
    pub(crate) fn head(&self, at: i64) -> ListHead {
        ListHead {
            list: self.list,
            name: self.name.clone(),
            visibility: self.visibility.clone(),
            time_zone: self.time_zone.clone(),
            volumes: self.volumes.clone(),
            mask: self.mask.clone(),
            downloads: self.downloads.clone(),
            drop: self.drop.clone(),
            at,
        }
    }

    /// The calendar day of a date in the list's indexes: 20251103.
    pub(crate) fn day(&self, date: i64) -> u32 {
        let zone = TimeZone::named(&self.first_zone).unwrap_or_else(TimeZone::utc);
        let stamp = zone.stamp(date);
        stamp.year.max(0) as u32 * 10_000 + u32::from(stamp.month) * 100 + u32::from(stamp.day)
    }

    pub(crate) fn zone(&self) -> TimeZone {
        TimeZone::named(&self.time_zone).unwrap_or_else(TimeZone::utc)
    }

    pub(crate) fn frequency(&self) -> Frequency {
        Frequency::named(&self.volumes).unwrap_or_default()
    }
}

/// A mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MailRow {
    /// The record whose bytes are shown.
    pub(crate) seq: u64,
    /// The record with which it came.
    pub(crate) first: u64,
    pub(crate) number: u32,
    pub(crate) volume: String,
    pub(crate) key: MessageKey,
    /// Where it stands in the forest.
    pub(crate) node: MessageKey,
    pub(crate) id: String,
    pub(crate) subject: String,
    pub(crate) author_name: String,
    pub(crate) author_address: String,
    /// Chosen date.
    pub(crate) date: i64,
    /// The author's zone, minutes.
    pub(crate) offset: i16,
    /// As when it counts among those that its list received: by the clock at delivery, where that can be.
    pub(crate) received: i64,
    /// Stored bytes of the shown copy.
    pub(crate) size: u64,
    pub(crate) attachments: u16,
    /// Its text names what may be Message-IDs.
    pub(crate) mentions: bool,
    pub(crate) content: ContentHash,
    /// Taken down.
    pub(crate) hidden: bool,
    /// Pieces of it are.
    pub(crate) redacted: bool,
    /// Its bytes were destroyed: no id, subject or author stands here.
    pub(crate) purged: bool,
    /// The key of its Message-ID.
    pub(crate) id_key: MessageKey,
    /// It was the last in its source, so it may be half a mail: where it stood.
    pub(crate) half: Option<(u64, u64)>,
}

/// A mail's files in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FilesRow(pub(crate) Vec<FileRow>);

/// One file, as it is shown without a mask, and under those that show it otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileRow {
    forms: Vec<FileForm>,
    /// Which form each mask shows, from none to full.
    by_mask: [u8; 4],
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct FileForm {
    key: FileKey,
    inert: String,
    name: String,
    media_type: String,
    size: u64,
}

impl FileRow {
    pub(crate) fn of(attachment: &Attachment) -> Self {
        let mut forms: Vec<FileForm> = Vec::with_capacity(1);
        let by_mask = files_by_mask(attachment).map(|shown| {
            let form = FileForm {
                key: shown.key,
                inert: shown.inert,
                name: shown.name,
                media_type: shown.media_type,
                size: shown.size,
            };
            let at = forms.iter().position(|known| *known == form);
            let at = at.unwrap_or_else(|| {
                forms.push(form);
                forms.len() - 1
            });
            at as u8
        });
        FileRow { forms, by_mask }
    }

    /// As a mask shows it.
    pub(crate) fn under(&self, mask: Mask) -> Option<ShownFile> {
        let nth = Mask::ALL.iter().position(|known| *known == mask)?;
        let form = self.forms.get(usize::from(self.by_mask[nth]))?.clone();
        Some(ShownFile {
            key: form.key,
            inert: form.inert,
            name: form.name,
            media_type: form.media_type,
            size: form.size,
        })
    }

    /// The names under which it is served, whatever the mask.
    pub(crate) fn names(&self) -> impl Iterator<Item = (FileKey, &str)> {
        self.forms
            .iter()
            .map(|form| (form.key, form.inert.as_str()))
    }
}

/// A takedown that also concerns what comes later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClosedRow {
    /// Its record.
    pub(crate) seq: u64,
    /// Bytes that come again are not kept.
    pub(crate) purged: bool,
}

/// A number that leads to a mail which stands under another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AliasRow {
    /// The mail's number.
    pub(crate) of: u32,
    /// Where a page of this number stands.
    pub(crate) volume: String,
    /// The source in which the mail stood again, and where.
    pub(crate) place: (u64, u64),
    /// Only the rest of the mail stood there.
    pub(crate) rest: bool,
}

/// A redaction that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RedactionRow {
    /// The record whose bytes the piece is of.
    pub(crate) of: u64,
    pub(crate) piece: posthoc_store::Piece,
}

/// A volume.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VolumeRow {
    pub(crate) messages: u64,
    pub(crate) bytes: u64,
    /// Mails on each day that has some: day as 20251103, count; rising.
    pub(crate) days: Vec<(u32, u32)>,
}

/// A node of the forest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NodeRow {
    mail: Option<u32>,
    rank: Option<(i64, ContentHash)>,
    own: Option<MessageKey>,
    claim: Option<(i64, ContentHash, MessageKey)>,
    wish: Option<MessageKey>,
    parent: Option<MessageKey>,
    thread: Option<u32>,
}

impl From<Node> for NodeRow {
    fn from(node: Node) -> Self {
        let Node {
            id: _,
            mail,
            rank,
            own,
            claim,
            wish,
            parent,
            thread,
        } = node;
        let claim = claim.map(|claim| (claim.date, claim.by, claim.parent));
        NodeRow {
            mail,
            rank,
            own,
            claim,
            wish,
            parent,
            thread,
        }
    }
}

impl From<NodeRow> for Node {
    fn from(row: NodeRow) -> Self {
        let NodeRow {
            mail,
            rank,
            own,
            claim,
            wish,
            parent,
            thread,
        } = row;
        let claim = claim.map(|(date, by, parent)| Claim { date, by, parent });
        Node {
            // A forest keeps no ids: those of mails stand in their rows, others only in bytes.
            id: String::new(),
            mail,
            rank,
            own,
            claim,
            wish,
            parent,
            thread,
        }
    }
}

/// A source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SourceRow {
    pub(crate) list: u32,
    pub(crate) path: String,
    pub(crate) kind: String,
    pub(crate) split: String,
    /// Its From_ lines say when its mails came.
    pub(crate) from_lines: bool,
    pub(crate) at: i64,
    /// Decompressed bytes taken in for good: the next run goes on from here.
    pub(crate) to: u64,
    /// SHA-256 of them, hex.
    pub(crate) sha256: String,
    /// Mails read up to there.
    pub(crate) read: u64,
    /// Records that hold its spans, and the byte each begins at, in order.
    pub(crate) spans: Vec<(u64, u64)>,
    /// Its length and SHA-256 when it was read to its end.
    pub(crate) end: Option<(u64, String)>,
    /// The report of the run that read it to its end, as JSON text.
    pub(crate) report: Option<String>,
}
