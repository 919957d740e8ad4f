//! Pieces taken out of mails: recorded, and from then on no page, file, feed or word has them. The bytes
//! stay in the journal.

use super::{Choice, Chosen, Decided};
use crate::error::{ArchiveError, Result};
use crate::intake::{Intake, PATIENCE, piece as of_core, sent_bytes};
use crate::load::Reader;
use posthoc_core::message::{Limits, RedactablePart, redact as without, redactable_parts};
use posthoc_store::{Head, Packing, Piece, RedactHead, Store};

/// Fields by which a mail is read and found: what they say is taken out with the part, or with the mail.
const NEEDED: [&str; 4] = [
    "message-id",
    "content-type",
    "content-transfer-encoding",
    "mime-version",
];

impl Reader<'_> {
    /// The parts of a chosen mail, by whose numbers, from 1, they are taken out.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn redactable(&self, choice: &Choice) -> Result<Vec<RedactablePart>> {
        let sent = self.unquoted_bytes(choice.row.seq)?;
        Ok(redactable_parts(&sent, self.limits()))
    }
}

/// Takes pieces out of the chosen mails. Returns of how many.
///
/// # Errors
/// [`ArchiveError::NoPiece`] when one of the mails has no such piece; [`ArchiveError::Purged`]; what
/// storage refuses. Then nothing is recorded.
pub fn redact(
    store: &dyn Store,
    limits: &Limits,
    chosen: &Chosen,
    pieces: &[Piece],
    why: &Decided,
) -> Result<u64> {
    let mut first: Option<Vec<u8>> = None;
    for choice in &chosen.mails {
        if choice.row.purged {
            return Err(ArchiveError::Purged(choice.row.key.to_string()));
        }
        let sent = sent_bytes(store, choice.row.seq)?;
        for piece in pieces {
            let others = first.as_deref().unwrap_or(&sent);
            judge(&sent, others, piece, limits).map_err(|why| ArchiveError::NoPiece {
                mail: choice.row.key.to_string(),
                piece: super::log::words(piece),
                why,
            })?;
        }
        first = first.or(Some(sent));
    }
    let mut intake = Intake::new(store, limits).with_words()?;
    let redacted = intake.batch(PATIENCE, Packing::Single, |batch| {
        let mut redacted = 0;
        for choice in &chosen.mails {
            let row = batch.rows.mail(choice.list, choice.row.number)?;
            // Another copy that came meanwhile has its pieces elsewhere.
            let Some(row) = row.filter(|row| row.seq == choice.row.seq && !row.purged) else {
                return Err(ArchiveError::Unknown(choice.row.key.to_string()));
            };
            let known = batch.rows.redactions(choice.list, row.number)?;
            for piece in pieces {
                if known.iter().any(|known| known.piece == *piece) {
                    continue;
                }
                let head = RedactHead {
                    list: choice.list,
                    number: row.number,
                    of: row.seq,
                    piece: piece.clone(),
                    hidden: true,
                    reason: why.reason.clone(),
                    by: why.by.clone(),
                    at: why.now,
                };
                batch.push(Head::Redact(head), Vec::new())?;
            }
            redacted += 1;
        }
        Ok(redacted)
    })?;
    intake.finish()?;
    Ok(redacted)
}

/// Whether the piece can be taken out of these bytes, and is the same in those of the other lists.
fn judge(
    sent: &[u8],
    others: &[u8],
    piece: &Piece,
    limits: &Limits,
) -> std::result::Result<(), &'static str> {
    match piece {
        Piece::Header(name)
            if NEEDED
                .iter()
                .any(|needed| name.eq_ignore_ascii_case(needed)) =>
        {
            return Err("a mail needs it; take out the part, or remove the mail");
        }
        Piece::Bytes(from, to) => {
            let bytes = |all: &[u8]| all.get(*from as usize..*to as usize).map(<[u8]>::to_vec);
            if from >= to || bytes(sent).is_none() {
                return Err("the mail does not have these bytes");
            }
            if bytes(sent) != bytes(others) {
                return Err("other bytes stand there on another list; say --list");
            }
        }
        _ => {}
    }
    match without(sent, &[of_core(piece.clone())], limits) == sent {
        true => Err("the mail does not have it"),
        false => Ok(()),
    }
}
