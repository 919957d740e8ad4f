//! One record's effect on the rows.

use super::facts::{self, Facts};
use super::prepare::Prepared;
use super::removed;
use crate::error::Result;
use crate::tables::keys::{Fields, Key};
use crate::tables::read::{ListForest, path_key, piece_key};
use crate::tables::{
    AliasRow, FilesRow, ListRow, MailRow, NodeRow, Rows, SourceRow, VolumeRow, index_key, prefixes,
};
use posthoc_core::message::{MessageKey, Summary};
use posthoc_core::route::{IndexKind, Volume};
use posthoc_core::text::{ChosenDate, arrived, choose_date, parse_from_line, reached};
use posthoc_core::thread::{Arrival, plan};
use posthoc_store::Direction::Forward;
use posthoc_store::{AliasHead, Head, HoldHead, ListHead, MailHead, Seq, SourceHead, Verdict};

/// What [`super::prepare`] found in a mail's bytes.
#[derive(Clone, Copy)]
pub(crate) struct Read<'a> {
    pub(super) summary: &'a Summary,
    pub(super) files: &'a FilesRow,
    /// Of the stored bytes; zeros where these are not they.
    hash: [u8; 16],
}

impl<'a> Read<'a> {
    /// Of a mail that came.
    pub(super) fn whole(mail: &'a Prepared) -> Self {
        Read {
            summary: &mail.summary,
            files: &mail.files,
            hash: mail.hash,
        }
    }

    /// Of what a redaction left.
    pub(super) fn left((summary, files): &'a (Summary, FilesRow)) -> Self {
        Read {
            summary,
            files,
            hash: [0; 16],
        }
    }
}

/// Applies one record. `mail` is what was found in a mail's bytes; with a redaction, what is found in
/// what is left of the mail.
pub(crate) fn apply(
    rows: &mut Rows<'_>,
    seq: Seq,
    head: &Head,
    mail: Option<Read<'_>>,
) -> Result<()> {
    match (head, mail) {
        (Head::List(head), _) => list(rows, head)?,
        (Head::Mail(head), Some(mail)) => {
            let facts = facts::of_mail(seq, head, mail.summary, &mail.hash);
            arrive(rows, seq, facts, mail.files)?;
        }
        (Head::Purged(head), _) => {
            arrive(rows, seq, facts::of_purged(seq, head), &FilesRow::default())?;
        }
        (Head::Mail(_), None) => {}
        (Head::Source(head), _) => source(rows, seq, head),
        (Head::Spans(head), _) => {
            if let Some(mut row) = rows.source(head.source)? {
                row.spans.retain(|(_, from)| *from < head.from);
                row.spans.push((seq, head.from));
                if !head.open {
                    row.to = head.to;
                    row.sha256.clone_from(&head.sha256);
                    row.read = head.read;
                }
                rows.put(Key::of(b'S').u64(head.source).done(), &row);
            }
        }
        (Head::SourceEnd(head), _) => {
            if let Some(mut row) = rows.source(head.source)? {
                row.end = Some((head.bytes, head.sha256.clone()));
                row.report = Some(head.report.to_string());
                rows.put(Key::of(b'S').u64(head.source).done(), &row);
            }
        }
        (Head::Alias(head), _) => alias(rows, head)?,
        (Head::Quarantine(_), _) => rows.mark(Key::of(b'Q').u64(seq).done()),
        (Head::Hold(head), _) => hold(rows, seq, head),
        (Head::Takedown(head), _) => removed::takedown(rows, seq, head)?,
        (Head::Redact(head), mail) => {
            removed::redact(rows, seq, head, mail)?;
        }
    }
    Ok(())
}

fn arrive(rows: &mut Rows<'_>, seq: Seq, facts: Facts, files: &FilesRow) -> Result<()> {
    let key = Key::of(b'h').hash(&facts.bytes).u32(facts.list).u64(seq);
    rows.put(key.done(), &facts.row.number);
    match facts.verdict {
        Verdict::Copy(_) => copy(rows, seq, &facts, files),
        Verdict::New | Verdict::Variant(_) => new_mail(rows, seq, facts, files),
    }
}

fn list(rows: &mut Rows<'_>, head: &ListHead) -> Result<()> {
    let mut row = rows.list(head.list)?.unwrap_or_default();
    if row.name != head.name && !row.name.is_empty() {
        rows.delete(Key::of(b'N').text(&row.name).done());
        rows.put(Key::of(b'O').text(&row.name).done(), &row.list);
    }
    // Whoever had the name before has it no more.
    rows.delete(Key::of(b'O').text(&head.name).done());
    row.list = head.list;
    row.name.clone_from(&head.name);
    row.visibility.clone_from(&head.visibility);
    row.time_zone.clone_from(&head.time_zone);
    if row.first_zone.is_empty() {
        row.first_zone.clone_from(&head.time_zone);
    }
    row.volumes.clone_from(&head.volumes);
    row.mask.clone_from(&head.mask);
    row.downloads.clone_from(&head.downloads);
    row.drop.clone_from(&head.drop);
    rows.put(Key::of(b'N').text(&row.name).done(), &row.list);
    rows.put_list(&row);
    Ok(())
}

fn alias(rows: &mut Rows<'_>, head: &AliasHead) -> Result<()> {
    if let Some(mut row) = rows.list(head.list)? {
        row.next = row.next.max(head.number.saturating_add(1));
        rows.put_list(&row);
    }
    let row = AliasRow {
        of: head.of,
        volume: head.volume.clone(),
        place: (head.source, head.offset),
        rest: head.rest,
    };
    rows.put(Key::of(b'b').u32(head.list).u32(head.number).done(), &row);
    if let Some(volume) = Volume::parse(&head.volume) {
        let key = Key::of(b'B').u32(head.list).volume(&volume);
        rows.mark(key.u32(head.number).done());
    }
    Ok(())
}

fn source(rows: &mut Rows<'_>, seq: Seq, head: &SourceHead) {
    let row = SourceRow {
        list: head.list,
        path: head.path.clone(),
        kind: head.kind.clone(),
        split: head.split.clone(),
        from_lines: head.from_lines,
        at: head.at,
        ..SourceRow::default()
    };
    rows.put(Key::of(b'S').u64(seq).done(), &row);
    rows.mark(
        Key::of(b'P')
            .u32(head.list)
            .key(path_key(&head.path))
            .u64(seq)
            .done(),
    );
}

fn hold(rows: &mut Rows<'_>, seq: Seq, head: &HoldHead) {
    rows.mark(Key::of(b'Q').u64(seq).done());
    if let Some(id_key) = MessageKey::parse(&head.id_key) {
        rows.mark(Key::of(b'H').key(id_key).u32(head.list).u64(seq).done());
    }
}

/// A copy is kept; the fullest copy is shown: the longest, then the one with the greater hash.
fn copy(rows: &mut Rows<'_>, seq: Seq, facts: &Facts, files: &FilesRow) -> Result<()> {
    let (list, fresh) = (facts.list, &facts.row);
    rows.mark(Key::of(b'y').u32(list).u32(fresh.number).u64(seq).done());
    let Some(mut row) = rows.mail(list, fresh.number)? else {
        return Ok(());
    };
    // What was taken out of a redacted mail stands at other places in another copy of it.
    let fuller = (fresh.size, fresh.content) > (row.size, row.content);
    if fuller && !row.redacted && !row.purged {
        let volume = Volume::parse(&row.volume).filter(|_| !row.hidden);
        if let Some(volume) = volume
            && let Some(mut counts) = rows.volume(list, &volume)?
        {
            counts.bytes = counts.bytes - row.size + fresh.size;
            rows.put_volume(list, &volume, &counts);
        }
        row.seq = seq;
        row.size = fresh.size;
        row.attachments = fresh.attachments;
        row.half = fresh.half;
        rows.put_mail(list, &row);
        rows.put_files(list, row.number, files);
        if !row.hidden {
            with_files(rows, list, &row)?;
        }
        rows.mark(Key::of(b'z').u32(list).u64(seq).u32(row.number).done());
    }
    Ok(())
}

/// The date a mail stands under: recomputed at each rebuild from its bytes and arrival facts; its
/// volume and number are not.
pub(super) fn chosen_date(head: &MailHead, summary: &Summary) -> ChosenDate {
    let from_line = head
        .from_line
        .as_deref()
        .and_then(|line| parse_from_line(line.as_bytes()));
    choose_date(
        summary.sent,
        &summary.received,
        from_line,
        head.neighbour,
        head.received,
    )
}

fn new_mail(rows: &mut Rows<'_>, seq: Seq, facts: Facts, files: &FilesRow) -> Result<()> {
    let (list, mut row) = (facts.list, facts.row);
    let number = row.number;
    let Some(mut list_row) = rows.list(list)? else {
        return Ok(());
    };
    if let Some(closed) = rows.closed(list, row.id_key, &row.content)? {
        row.hidden = true;
        rows.put(Key::of(b'T').u32(list).u32(number).done(), &closed.seq);
    }
    rows.mark(Key::of(b'k').key(row.key).u32(list).u32(number).done());
    rows.mark(Key::of(b'i').u32(list).key(row.id_key).u32(number).done());
    list_row.next = list_row.next.max(number.saturating_add(1));
    if facts.by_door {
        row.received = arrived(list_row.as_of, row.received, row.date);
        list_row.as_of = list_row.as_of.max(row.received);
    } else {
        list_row.as_of = reached(list_row.as_of, row.received, row.date);
    }
    rows.put_mail(list, &row);
    if !files.0.is_empty() {
        rows.put_files(list, number, files);
    }
    rows.put_list(&list_row);
    rows.enter_mentions(list, &row, &facts.mentions);
    if !row.hidden {
        enter(rows, list, &row)?;
    }
    let arrival = Arrival {
        number,
        id: &facts.name,
        content: row.content,
        date: row.date,
        references: &facts.references,
    };
    in_forest(rows, &row, list, seq, &arrival)
}

/// Enters a mail wherever readers find mails: counts, latest, volume, indexes.
pub(super) fn enter(rows: &mut Rows<'_>, list: u32, row: &MailRow) -> Result<()> {
    let Some(mut list_row) = rows.list(list)? else {
        return Ok(());
    };
    list_row.messages += 1;
    rows.put_list(&list_row);
    rows.mark(received_key(list, row));
    rows.enter_patch(list, row);
    rows.count_mail(list, row, true)?;
    match Volume::parse(&row.volume) {
        Some(volume) => in_volume(rows, &list_row, &volume, row),
        None => Ok(()),
    }
}

/// Enters a mail among those that have files, or takes it out.
fn with_files(rows: &mut Rows<'_>, list: u32, row: &MailRow) -> Result<()> {
    let (Some(volume), Some(list_row)) = (Volume::parse(&row.volume), rows.list(list)?) else {
        return Ok(());
    };
    let key = Key::of(b'g')
        .u32(list)
        .volume(&volume)
        .u32(list_row.day(row.date))
        .time(row.date)
        .hash(&row.content.0)
        .u32(row.number)
        .done();
    match row.attachments > 0 {
        true => rows.mark(key),
        false => rows.delete(key),
    }
    Ok(())
}

/// Enters a mail in its volume's rows and in the subject and author indexes.
/// Where a mail stands among its list's by the time it was received.
pub(super) fn received_key(list: u32, row: &MailRow) -> Vec<u8> {
    let key = Key::of(b'r').u32(list).time(row.received);
    key.hash(&row.content.0).u32(row.number).done()
}

fn in_volume(rows: &mut Rows<'_>, list: &ListRow, volume: &Volume, row: &MailRow) -> Result<()> {
    let day = list.day(row.date);
    let mut counts: VolumeRow = rows.volume(list.list, volume)?.unwrap_or_default();
    counts.messages += 1;
    counts.bytes += row.size;
    match counts.days.binary_search_by_key(&day, |(day, _)| *day) {
        Ok(at) => counts.days[at].1 += 1,
        Err(at) => counts.days.insert(at, (day, 1)),
    }
    rows.put_volume(list.list, volume, &counts);
    let here = |table: u8| Key::of(table).u32(list.list).volume(volume);
    let dated = here(b'd').u32(day).time(row.date).hash(&row.content.0);
    rows.mark(dated.u32(row.number).done());
    if row.attachments > 0 {
        with_files(rows, list.list, row)?;
    }
    let author = if row.author_name.is_empty() {
        &row.author_address
    } else {
        &row.author_name
    };
    for (table, kind, text) in [
        (b's', IndexKind::Subject, &row.subject),
        (b'o', IndexKind::Author, author),
    ] {
        let sort = index_key(text);
        let pieces = prefixes(&sort, day);
        let key = here(table)
            .text(&pieces[2])
            .text(&sort)
            .u32(day)
            .time(row.date)
            .hash(&row.content.0);
        rows.mark(key.u32(row.number).done());
        for depth in 1..=pieces.len() {
            let key = piece_key(list.list, volume, kind, &pieces[..depth]);
            let count: u64 = rows.get(&key)?.unwrap_or(0);
            rows.put(key, &(count + 1));
        }
    }
    Ok(())
}

/// Plans the mail's place in the forest and enters what changes.
fn in_forest(
    rows: &mut Rows<'_>,
    arrived: &MailRow,
    list: u32,
    seq: Seq,
    arrival: &Arrival<'_>,
) -> Result<()> {
    let changes = plan(arrival, &ListForest { rows, list })?;
    for (key, node) in changes.nodes {
        rows.put(
            Key::of(b'n').u32(list).key(key).done(),
            &NodeRow::from(node),
        );
    }
    for ((parent, child), comes) in changes.links {
        let key = Key::of(b'c').u32(list).key(parent).key(child).done();
        if comes {
            rows.mark(key)
        } else {
            rows.delete(key)
        }
    }
    for (number, node) in changes.placed {
        // The row of the mail that arrived says so already, but for variants.
        if number == arrived.number && node == arrived.node {
            continue;
        }
        if let Some(mut row) = rows.mail(list, number)? {
            row.node = node;
            rows.put_mail(list, &row);
        }
    }
    for (number, from, to) in changes.moved {
        let held = match number == arrived.number {
            true => None,
            false => rows.mail(list, number)?,
        };
        let row = match &held {
            None if number == arrived.number => arrived,
            None => continue,
            Some(row) => row,
        };
        if let Some(thread) = from {
            leave(rows, list, thread, row, to)?;
        }
        if let Some(thread) = to {
            join(rows, list, thread, row)?;
        }
        if from.is_some() {
            rows.mark(Key::of(b'z').u32(list).u64(seq).u32(number).done());
        }
    }
    Ok(())
}

fn join(rows: &mut Rows<'_>, list: u32, thread: u32, row: &MailRow) -> Result<()> {
    let members = Key::of(b'u').u32(list).u32(thread);
    if !rows.any(members.clone().range())? {
        count_threads(rows, list, 1)?;
    }
    rows.mark(members.u32(row.number).done());
    count_in_thread(rows, list, thread, row, true)?;
    in_volume_thread(rows, list, thread, row, true)
}

fn leave(
    rows: &mut Rows<'_>,
    list: u32,
    thread: u32,
    row: &MailRow,
    to: Option<u32>,
) -> Result<()> {
    let members = Key::of(b'u').u32(list).u32(thread);
    rows.delete(members.clone().u32(row.number).done());
    count_in_thread(rows, list, thread, row, false)?;
    in_volume_thread(rows, list, thread, row, false)?;
    if rows.any(members.range())? {
        return Ok(());
    }
    count_threads(rows, list, -1)?;
    // The thread is gone: its name, and the names it had taken over, lead to where it went.
    let Some(to) = to else { return Ok(()) };
    let mut names = rows.aliases(list, thread)?;
    for name in &names {
        rows.delete(Key::of(b'a').u32(list).u32(thread).key(*name).done());
    }
    names.extend(rows.mail(list, thread)?.map(|first| first.key));
    for name in names {
        rows.mark(Key::of(b'a').u32(list).u32(to).key(name).done());
    }
    Ok(())
}

/// Counts a mail of a thread, when it is shown.
fn count_in_thread(
    rows: &mut Rows<'_>,
    list: u32,
    thread: u32,
    row: &MailRow,
    comes: bool,
) -> Result<()> {
    match rows.list(list)? {
        Some(list) if !row.hidden => rows.count_in_thread(&list, thread, comes),
        _ => Ok(()),
    }
}

fn count_threads(rows: &mut Rows<'_>, list: u32, by: i64) -> Result<()> {
    if let Some(mut row) = rows.list(list)? {
        row.threads = row.threads.saturating_add_signed(by);
        rows.put_list(&row);
    }
    Ok(())
}

/// Keeps a volume's threads in the order of their first mail there.
fn in_volume_thread(
    rows: &mut Rows<'_>,
    list: u32,
    thread: u32,
    row: &MailRow,
    joins: bool,
) -> Result<()> {
    let Some(volume) = Volume::parse(&row.volume) else {
        return Ok(());
    };
    let Some(list_row) = rows.list(list)? else {
        return Ok(());
    };
    let members = Key::of(b'w').u32(list).volume(&volume).u32(thread);
    let first = |rows: &Rows<'_>| -> Result<Option<(i64, [u8; 16])>> {
        let key = rows.first(members.clone().range(), Forward)?;
        Ok(key.map(|key| {
            let mut fields = Fields(&key[key.len() - 28..]);
            (fields.time(), fields.hash())
        }))
    };
    let head = |(date, content): (i64, [u8; 16])| {
        let day = list_row.day(date);
        Key::of(b'x')
            .u32(list)
            .volume(&volume)
            .u32(day)
            .time(date)
            .hash(&content)
            .u32(thread)
            .done()
    };
    let before = first(rows)?;
    let own = (row.date, row.content.0);
    let key = members.clone().time(own.0).hash(&own.1).u32(row.number);
    let after = if joins {
        rows.mark(key.done());
        Some(before.map_or(own, |first| first.min(own)))
    } else {
        rows.delete(key.done());
        first(rows)?
    };
    if before != after {
        if let Some(first) = before {
            rows.delete(head(first));
        }
        if let Some(first) = after {
            rows.mark(head(first));
        }
    }
    Ok(())
}
