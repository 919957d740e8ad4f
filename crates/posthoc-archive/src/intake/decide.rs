//! Identity and address: what a mail is to its list.

use super::apply::chosen_date;
use super::facts::hex_of_half;
use super::prepare::{Prepared, dialect_tag};
use crate::error::Result;
use crate::tables::keys::{Fields, Key};
use crate::tables::{ListRow, MailRow, Rows};
use posthoc_core::message::MessageKey;
use posthoc_core::route::Volume;
use posthoc_core::text::{ChosenDate, DateOrigin, door_time, parse_from_line, received_time};
use posthoc_store::Direction::Forward;
use posthoc_store::{MailHead, Verdict};

/// How a mail came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrived {
    /// Journal number of its source.
    pub(crate) source: Option<u64>,
    /// The clock at delivery; none at import, where the mail itself tells.
    pub(crate) delivered: Option<i64>,
    /// The clock, for what nothing else tells.
    pub(crate) now: i64,
    /// The From_ line's date says when the mail was received: it is not the same for all.
    pub(crate) from_line_counts: bool,
    /// Chosen date of the mail before it in its source.
    pub(crate) neighbour: Option<i64>,
    /// The volume and number that an old archive gave it.
    pub(crate) old: Option<(String, u32)>,
    /// The number that an old archive without volumes gave it.
    pub(crate) number: Option<u32>,
    /// The least number of a mail that it gave none.
    pub(crate) floor: u32,
}

impl Arrived {
    /// By a door whose clock said `received`.
    pub(crate) fn by_door(received: i64, now: i64) -> Self {
        Arrived {
            delivered: Some(received),
            now,
            ..Arrived::default()
        }
    }
}

/// What a mail is.
pub(crate) enum Decision {
    /// The same bytes as in that record; whether its mail was taken down.
    Duplicate(u64, bool),
    /// A mail whose bytes were destroyed came again: they are not kept.
    Removed,
    /// To be recorded so; the body is left out where another record holds the same bytes. The date
    /// is the next mail's neighbour.
    Record(Box<MailHead>, i64),
}

/// Decides about a mail for a list. Looks at rows only; changes nothing.
pub(crate) fn decide(
    rows: &Rows<'_>,
    list: &ListRow,
    mail: &Prepared,
    arrived: &Arrived,
) -> Result<Decision> {
    let same = same_bytes(rows, list.list, &mail.hash)?;
    if let Some((seq, number)) = same.here {
        return Ok(match rows.mail(list.list, number)? {
            Some(row) if row.purged => Decision::Removed,
            row => Decision::Duplicate(seq, row.is_some_and(|row| row.hidden)),
        });
    }
    let summary = &mail.summary;
    let id_key = MessageKey::of(&summary.id);
    if let Some(closed) = rows.closed(list.list, id_key, &summary.content)?
        && closed.purged
    {
        return Ok(Decision::Removed);
    }
    let mut head = facts(list, mail, arrived);
    head.same_as = same.elsewhere;
    let mut date = chosen_date(&head, summary);
    if let (Some(neighbour), true) = (arrived.neighbour, is_guess(&date)) {
        head.neighbour = Some(neighbour);
        date = chosen_date(&head, summary);
    }
    let bearing = rows.bearing_key(list.list, id_key)?;
    for number in &bearing {
        let Some(held) = rows.mail(list.list, *number)? else {
            continue;
        };
        if held.content == summary.content || completes(&held, &head, mail) {
            if held.purged {
                return Ok(Decision::Removed);
            }
            head.verdict = Verdict::Copy(*number);
            head.number = *number;
            head.volume.clone_from(&held.volume);
            head.key = held.key.to_string();
            return Ok(Decision::Record(Box::new(head), date.unix));
        }
    }
    let volume = Volume::of(&list.zone().stamp(date.unix), list.frequency());
    (head.volume, head.number) = match &arrived.old {
        Some(place) => place.clone(),
        None => {
            let next = || list.next.max(arrived.floor);
            (volume.to_string(), arrived.number.unwrap_or_else(next))
        }
    };
    let key = match bearing.first() {
        Some(first) => {
            head.verdict = Verdict::Variant(*first);
            MessageKey::variant(&summary.id, &summary.content)
        }
        None => MessageKey::of(&summary.id),
    };
    head.key = key.to_string();
    Ok(Decision::Record(Box::new(head), date.unix))
}

/// Records that hold the same bytes.
#[derive(Default)]
struct SameBytes {
    /// On this list, with its mail's number.
    here: Option<(u64, u32)>,
    /// The first on any other list that has not destroyed them.
    elsewhere: Option<u64>,
}

fn same_bytes(rows: &Rows<'_>, list: u32, hash: &[u8; 16]) -> Result<SameBytes> {
    let mut same = SameBytes::default();
    for key in rows.keys(Key::of(b'h').hash(hash).range(), Forward, 256)? {
        let mut fields = Fields(&key[17..]);
        let (on, seq) = (fields.u32(), fields.u64());
        if on != list && same.elsewhere.is_some() {
            continue;
        }
        let number: u32 = rows.get(&key)?.unwrap_or_default();
        if on == list {
            same.here = same.here.or(Some((seq, number)));
        } else if !rows.mail(on, number)?.is_some_and(|row| row.purged) {
            same.elsewhere = Some(seq);
        }
    }
    Ok(same)
}

fn facts(list: &ListRow, mail: &Prepared, arrived: &Arrived) -> MailHead {
    let (raw, summary) = (&mail.raw, &mail.summary);
    let from_line = raw
        .from_line
        .as_deref()
        .filter(|_| arrived.from_line_counts);
    let (known, now) = (list.as_of, arrived.now);
    let by_door = arrived
        .delivered
        .map(|clock| door_time(clock, now, known, &summary.received, summary.sent));
    let received = by_door.unwrap_or_else(|| {
        let from_line = from_line.and_then(parse_from_line);
        received_time(&summary.received, from_line, summary.sent, arrived.now)
            .or(arrived.neighbour)
            .unwrap_or(arrived.now)
    });
    MailHead {
        list: list.list,
        verdict: Verdict::New,
        number: 0,
        volume: String::new(),
        key: String::new(),
        id: summary.id.0.clone(),
        content: hex_of_half(&summary.content.0),
        received,
        neighbour: None,
        source: arrived.source,
        offset: raw.offset,
        file: raw.file.clone(),
        dialect: dialect_tag(raw.dialect),
        from_line: raw
            .from_line
            .as_ref()
            .map(|line| String::from_utf8_lossy(line).into_owned()),
        last: raw.last,
        same_as: None,
    }
}

/// Whether only a neighbour or the clock can date it.
fn is_guess(date: &ChosenDate) -> bool {
    matches!(date.origin, DateOrigin::Arrival | DateOrigin::Neighbour)
}

/// Whether the mail is the whole of one that was cut off at its source's end when it was read.
fn completes(held: &MailRow, head: &MailHead, mail: &Prepared) -> bool {
    held.half.is_some()
        && held.half == head.source.map(|source| (source, head.offset))
        && (mail.raw.bytes.len() as u64) > held.size
}
