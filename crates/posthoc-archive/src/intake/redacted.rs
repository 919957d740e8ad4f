//! A mail's bytes without the pieces that were taken out of it: pages, files, words and rows are made of
//! these.

use super::prepare::files_of;
use super::prepare::raw_of;
use super::session::stored;
use crate::error::Result;
use crate::tables::{FilesRow, MailRow, RedactionRow, Rows};
use posthoc_core::message::{Limits, MhonarcPage, Piece, Summary, parse, redact};
use posthoc_store::{DialectTag, Head, Record, RedactHead, Seq, Store};

/// A record's bytes as they were sent, mbox quoting undone; nothing where they were destroyed.
pub(crate) fn sent_bytes(store: &dyn Store, seq: Seq) -> Result<Vec<u8>> {
    let Record { head, body } = stored(store, seq)?;
    let Head::Mail(head) = head else {
        return Ok(body);
    };
    Ok(raw_of(&head, body).into_unquoted())
}

/// What lay in a source.
pub(crate) enum Lay {
    /// A mail, with its mailbox's quoting and the empty line behind, which Pipermail takes for the mail's; of a
    /// delivery as it was sent.
    Mail(Vec<u8>),
    /// The page that MHonArc made of a mail.
    MhonarcPage(Vec<u8>),
}

impl Lay {
    /// The page.
    pub(crate) fn page(&self) -> Option<MhonarcPage<'_>> {
        match self {
            Lay::Mail(_) => None,
            Lay::MhonarcPage(bytes) => MhonarcPage::read(bytes),
        }
    }

    /// The mail, if only as the page tells it.
    pub(crate) fn into_mail(self) -> Vec<u8> {
        match self.page().map(|page| page.mail()) {
            Some(mail) => mail,
            None => match self {
                Lay::Mail(bytes) | Lay::MhonarcPage(bytes) => bytes,
            },
        }
    }
}

/// What of a record lay in its source.
pub(crate) fn as_it_lay(store: &dyn Store, seq: Seq) -> Result<Lay> {
    let Record { head, mut body } = stored(store, seq)?;
    let Head::Mail(head) = head else {
        return Ok(Lay::Mail(body));
    };
    if head.dialect == DialectTag::MhonarcPage {
        return Ok(Lay::MhonarcPage(body));
    }
    if head.from_line.is_some() && !body.is_empty() {
        let crlf = body.ends_with(b"\r\n");
        body.extend_from_slice(if crlf { b"\r\n" } else { b"\n" });
    }
    Ok(Lay::Mail(body))
}

/// A mail's bytes as they are shown.
pub(crate) fn shown_bytes(
    store: &dyn Store,
    rows: &Rows<'_>,
    limits: &Limits,
    list: u32,
    row: &MailRow,
) -> Result<Vec<u8>> {
    let sent = sent_bytes(store, row.seq)?;
    if !row.redacted {
        return Ok(sent);
    }
    let redactions = rows.redactions(list, row.number)?;
    let pieces: Vec<Piece> = redactions.into_iter().map(|row| piece(row.piece)).collect();
    Ok(redact(&sent, &pieces, limits).into_owned())
}

/// What is left of a mail when this redaction is taken in, or what it was when it is taken back; none
/// when its bytes are gone.
pub(super) fn left(
    store: &dyn Store,
    rows: &Rows<'_>,
    limits: &Limits,
    head: &RedactHead,
) -> Result<Option<(Summary, FilesRow)>> {
    let row = rows.mail(head.list, head.number)?;
    let Some(row) = row.filter(|row| !row.purged) else {
        return Ok(None);
    };
    let mut redactions = match head.hidden {
        true => rows.redactions(head.list, head.number)?,
        false => Vec::new(),
    };
    redactions.extend(head.hidden.then(|| RedactionRow {
        of: head.of,
        piece: head.piece.clone(),
    }));
    let sent = sent_bytes(store, row.seq)?;
    let pieces: Vec<Piece> = redactions.into_iter().map(|row| piece(row.piece)).collect();
    let left = parse(&redact(&sent, &pieces, limits), limits);
    let summary = left.summary(row.size);
    let files = files_of(&left, &summary, limits);
    Ok(Some((summary, files)))
}

/// The core's name of a stored piece.
pub(crate) fn piece(stored: posthoc_store::Piece) -> Piece {
    match stored {
        posthoc_store::Piece::Part(number) => Piece::Part(number),
        posthoc_store::Piece::Header(name) => Piece::Header(name),
        posthoc_store::Piece::Bytes(from, to) => Piece::Bytes(from..to),
    }
}
