//! What a removal changes in the rows: a mail leaves whatever readers look through, and comes back
//! exactly as it was. Its place in the thread stays.

use super::apply::{Read, enter, received_key};
use super::facts::half_of_hex;
use crate::error::Result;
use crate::tables::keys::{Fields, Key, last_u32};
use crate::tables::read::{ANY_CONTENT, EVERYWHERE, closed_key, piece_key};
use crate::tables::{ClosedRow, MailRow, RedactionRow, Rows, prefixes};
use posthoc_core::message::{ContentHash, MessageKey};
use posthoc_core::route::{IndexKind, Volume};
use posthoc_store::Direction::Forward;
use posthoc_store::{RedactHead, Seq, TakedownHead};

pub(super) fn takedown(rows: &mut Rows<'_>, seq: Seq, head: &TakedownHead) -> Result<()> {
    rows.mark(Key::of(b'A').u64(seq).done());
    close(rows, seq, head)?;
    let key = Key::of(b'T').u32(head.list).u32(head.number).done();
    if head.hidden {
        rows.put(key, &seq);
    } else {
        rows.delete(key);
    }
    let Some(mut row) = rows.mail(head.list, head.number)? else {
        return Ok(());
    };
    // What was destroyed cannot be shown again, whatever a record says.
    let hidden = head.hidden || row.purged;
    if row.hidden == hidden {
        return Ok(());
    }
    if hidden {
        leave(rows, head.list, &row)?;
    }
    row.hidden = hidden;
    rows.put_mail(head.list, &row);
    if !hidden {
        enter(rows, head.list, &row)?;
    }
    let thread = rows.node(head.list, row.node)?.and_then(|node| node.thread);
    if let Some((thread, list)) = thread.zip(rows.list(head.list)?) {
        rows.count_in_thread(&list, thread, !hidden)?;
    }
    changed(rows, head.list, seq, head.number);
    Ok(())
}

/// Enters what the takedown says about mails that come later, or takes it back.
fn close(rows: &mut Rows<'_>, seq: Seq, head: &TakedownHead) -> Result<()> {
    let Some(id_key) = head.id_key.as_deref().and_then(MessageKey::parse) else {
        return Ok(());
    };
    let lists = match head.everywhere {
        true => vec![head.list, EVERYWHERE],
        false => vec![head.list],
    };
    if head.hidden {
        let content = head.content.as_deref().map(half_of_hex);
        let key = closed_key(
            id_key,
            lists[lists.len() - 1],
            content.map_or(ANY_CONTENT, ContentHash),
        );
        let purged = head.purge.is_some();
        rows.put(key, &ClosedRow { seq, purged });
        return Ok(());
    }
    for key in rows.keys(Key::of(b't').key(id_key).range(), Forward, 1_000)? {
        let on = Fields(&key[17..]).u32();
        let row: Option<ClosedRow> = rows.get(&key)?;
        if lists.contains(&on) && row.is_none_or(|row| !row.purged) {
            rows.delete(key);
        }
    }
    Ok(())
}

/// `left` is what is left of the mail; none when nothing can be read of it.
pub(super) fn redact(
    rows: &mut Rows<'_>,
    seq: Seq,
    head: &RedactHead,
    left: Option<Read<'_>>,
) -> Result<()> {
    rows.mark(Key::of(b'A').u64(seq).done());
    let pieces = Key::of(b'R').u32(head.list).u32(head.number);
    if head.hidden {
        let row = RedactionRow {
            of: head.of,
            piece: head.piece.clone(),
        };
        rows.put(pieces.u64(seq).done(), &row);
    } else {
        for key in rows.keys(pieces.range(), Forward, usize::MAX)? {
            rows.delete(key);
        }
    }
    let Some(mut row) = rows.mail(head.list, head.number)? else {
        return Ok(());
    };
    row.redacted = head.hidden;
    if let Some(Read { summary, files, .. }) = left.filter(|_| !row.purged) {
        if !row.hidden {
            leave(rows, head.list, &row)?;
        }
        row.subject.clone_from(&summary.subject);
        row.author_name.clone_from(&summary.author.name);
        row.author_address.clone_from(&summary.author.address);
        row.attachments = summary.attachments;
        rows.put_files(head.list, head.number, files);
        if !row.hidden {
            enter(rows, head.list, &row)?;
        }
    }
    rows.put_mail(head.list, &row);
    changed(rows, head.list, seq, head.number);
    Ok(())
}

/// Notes that a mail's pages are to be made again.
fn changed(rows: &mut Rows<'_>, list: u32, seq: Seq, number: u32) {
    rows.mark(Key::of(b'z').u32(list).u64(seq).u32(number).done());
    rows.mark(Key::of(b'e').u32(list).u32(number).done());
}

/// The inverse of [`enter`]. The rows are found by the mail's number and not by its date: the list's
/// zone may have been another when it came.
fn leave(rows: &mut Rows<'_>, list: u32, row: &MailRow) -> Result<()> {
    if let Some(mut list_row) = rows.list(list)? {
        list_row.messages = list_row.messages.saturating_sub(1);
        rows.put_list(&list_row);
    }
    rows.delete(received_key(list, row));
    rows.leave_patch(list, row);
    rows.count_mail(list, row, false)?;
    let Some(volume) = Volume::parse(&row.volume) else {
        return Ok(());
    };
    let of = |rows: &Rows<'_>, table: u8| -> Result<Option<(Vec<u8>, usize)>> {
        let here = Key::of(table).u32(list).volume(&volume);
        let skip = here.clone().done().len();
        let keys = rows.keys(here.range(), Forward, usize::MAX)?;
        let mut mine = keys.into_iter().filter(|key| last_u32(key) == row.number);
        Ok(mine.next().map(|key| (key, skip)))
    };
    if let Some((key, skip)) = of(rows, b'd')? {
        let day = Fields(&key[skip..]).u32();
        let mut among_files = key.clone();
        among_files[0] = b'g';
        rows.delete(among_files);
        rows.delete(key);
        uncount(rows, list, &volume, day, row.size)?;
    }
    for (table, kind) in [(b's', IndexKind::Subject), (b'o', IndexKind::Author)] {
        let Some((key, skip)) = of(rows, table)? else {
            continue;
        };
        let mut fields = Fields(&key[skip..]);
        let (_, sort, day) = (fields.text(), fields.text().to_owned(), fields.u32());
        rows.delete(key);
        let pieces = prefixes(&sort, day);
        for depth in 1..=pieces.len() {
            let key = piece_key(list, &volume, kind, &pieces[..depth]);
            match rows.get::<u64>(&key)?.unwrap_or(0) {
                0 | 1 => rows.delete(key),
                count => rows.put(key, &(count - 1)),
            }
        }
    }
    Ok(())
}

/// Takes a mail out of its volume's counts; a volume without mails is none.
fn uncount(rows: &mut Rows<'_>, list: u32, volume: &Volume, day: u32, size: u64) -> Result<()> {
    let Some(mut counts) = rows.volume(list, volume)? else {
        return Ok(());
    };
    counts.messages = counts.messages.saturating_sub(1);
    counts.bytes = counts.bytes.saturating_sub(size);
    if let Ok(at) = counts.days.binary_search_by_key(&day, |(day, _)| *day) {
        counts.days[at].1 = counts.days[at].1.saturating_sub(1);
        if counts.days[at].1 == 0 {
            counts.days.remove(at);
        }
    }
    if counts.messages == 0 {
        rows.delete(Key::of(b'v').u32(list).volume(volume).done());
    } else {
        rows.put_volume(list, volume, &counts);
    }
    Ok(())
}
