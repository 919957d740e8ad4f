//! The audit log: who took what down, when and why.

use super::Named;
use crate::error::Result;
use crate::load::Reader;
use crate::tables::keys::{Fields, Key};
use posthoc_core::text::TimeZone;
use posthoc_store::Direction::Forward;
use posthoc_store::{Head, Piece, Purge};
use serde::Serialize;

/// One decision, with what has become of the mail since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LoggedRemoval {
    /// The mail.
    #[serde(flatten)]
    pub mail: Named,
    /// `remove`, `purge`, `redact`, `unremove`.
    pub action: &'static str,
    /// What was redacted: `part 2`, `header X`, `bytes 10..20`; empty otherwise.
    pub piece: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When, RFC 3339 UTC.
    pub at: String,
    /// What the mail is now: `removed`, `purging` (a purge was interrupted), `purged`, `redacted`,
    /// `shown`.
    pub state: &'static str,
}

impl Reader<'_> {
    /// Every removal, purge and redaction, and what was taken back; oldest first.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn removals(&self) -> Result<Vec<LoggedRemoval>> {
        let mut log = Vec::new();
        for key in self.rows.keys(Key::of(b'A').range(), Forward, usize::MAX)? {
            let seq = Fields::of(&key).u64();
            let (list, number, action, piece, reason, by, at) =
                match self.store().journal().read(seq)?.head {
                    // The end of a purge is no decision of its own.
                    Head::Takedown(head) if head.purge == Some(Purge::Done) => continue,
                    Head::Takedown(head) => {
                        let action = match (head.hidden, head.purge) {
                            (true, Some(_)) => "purge",
                            (true, None) => "remove",
                            (false, _) => "unremove",
                        };
                        let piece = String::new();
                        (
                            head.list,
                            head.number,
                            action,
                            piece,
                            head.reason,
                            head.by,
                            head.at,
                        )
                    }
                    Head::Redact(head) if head.hidden => (
                        head.list,
                        head.number,
                        "redact",
                        words(&head.piece),
                        head.reason,
                        head.by,
                        head.at,
                    ),
                    Head::Redact(head) => (
                        head.list,
                        head.number,
                        "unremove",
                        String::new(),
                        head.reason,
                        head.by,
                        head.at,
                    ),
                    _ => continue,
                };
            let (Some(list), Some(row)) = (self.rows.list(list)?, self.rows.mail(list, number)?)
            else {
                continue;
            };
            let state = match (row.purged, row.hidden, row.redacted) {
                (true, ..) => "purged",
                (false, true, _) if self.is_purging(list.list, number)? => "purging",
                (false, true, _) => "removed",
                (false, false, true) => "redacted",
                (false, false, false) => "shown",
            };
            log.push(LoggedRemoval {
                mail: self.named_as(&list, &row),
                action,
                piece,
                reason,
                by,
                at: TimeZone::utc().stamp(at).rfc3339(),
                state,
            });
        }
        Ok(log)
    }

    /// Whether a purge of the mail was begun and not brought to its end.
    pub(crate) fn is_purging(&self, list: u32, number: u32) -> Result<bool> {
        let Some(seq) = self.rows.takedown(list, number)? else {
            return Ok(false);
        };
        Ok(match self.store().journal().read(seq)?.head {
            Head::Takedown(head) => head.purge == Some(Purge::Begun),
            _ => false,
        })
    }
}

/// A piece, in words.
pub(super) fn words(piece: &Piece) -> String {
    match piece {
        Piece::Part(part) => format!("part {part}"),
        Piece::Header(name) => format!("header {name}"),
        Piece::Bytes(from, to) => format!("bytes {from}..{to}"),
    }
}
