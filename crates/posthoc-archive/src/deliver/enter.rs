//! What becomes of a mail at its list: every door comes through here.

use crate::error::Result;
use crate::intake::{Arrived, Batch, Decision, Prepared, decide, hex_of_half};
use crate::tables::ListRow;
use crate::tables::keys::{Key, last_u64};
use posthoc_core::message::{Hold, MessageKey};
use posthoc_store::Direction::Forward;
use posthoc_store::{Head, HoldHead, Verdict};

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entered {
    /// It is recorded.
    Recorded,
    /// It is there already, or was, and its bytes were destroyed.
    Known,
    /// It waits for somebody's decision, now or since it came before.
    Held,
    /// It wants to be in no archive; nothing of it is kept.
    NoArchive,
}

/// Held mails of one Message-ID that are looked at.
const MOST_HELD: usize = 64;

/// Adds one mail to a batch, for one list, by the rules for what arrives: unless it is there already, wants to
/// be in no archive, or is to be held.
pub(crate) fn enter(
    batch: &mut Batch<'_>,
    list: &ListRow,
    mail: Prepared,
    arrived: &Arrived,
) -> Result<Entered> {
    if mail.summary.no_archive {
        return Ok(Entered::NoArchive);
    }
    match decide(&batch.rows, list, &mail, arrived)? {
        Decision::Record(head, date) => match mail.hold {
            // Of a mail that is there, somebody has decided already.
            Some(hold) if !matches!(head.verdict, Verdict::Copy(_)) => {
                hold_back(batch, list, mail, hold, head.received)?;
                Ok(Entered::Held)
            }
            _ => {
                batch.push_mail(Head::Mail(*head), mail, date)?;
                Ok(Entered::Recorded)
            }
        },
        Decision::Duplicate(..) | Decision::Removed => Ok(Entered::Known),
    }
}

/// Keeps a mail aside, once.
fn hold_back(
    batch: &mut Batch<'_>,
    list: &ListRow,
    mail: Prepared,
    hold: Hold,
    received: i64,
) -> Result<()> {
    let id_key = MessageKey::of(&mail.summary.id);
    let content = hex_of_half(&mail.summary.content.0);
    let range = Key::of(b'H').key(id_key).u32(list.list).range();
    for key in batch.rows.keys(range, Forward, MOST_HELD)? {
        let held = batch.head(last_u64(&key))?;
        if matches!(held, Some(Head::Hold(held)) if held.content == content) {
            return Ok(());
        }
    }
    let head = HoldHead {
        list: list.list,
        reason: hold.name().to_owned(),
        id_key: id_key.to_string(),
        content,
        received,
    };
    batch.push(Head::Hold(head), mail.raw.bytes)?;
    Ok(())
}
