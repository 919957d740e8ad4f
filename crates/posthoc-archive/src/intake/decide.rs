//! Identity and address: what a mail is to its list.

use super::apply::chosen_date;
use super::prepare::{Prepared, dialect_tag};
use crate::error::Result;
use crate::tables::keys::{Fields, Key};
use crate::tables::{ListRow, MailRow, Rows};
use posthoc_core::message::MessageKey;
use posthoc_core::route::Volume;
use posthoc_core::text::{ChosenDate, DateOrigin, parse_from_line, received_time};
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
}

/// What a mail is.
pub(crate) enum Decision {
    /// The same bytes as that number's, in that record.
    Duplicate(u64),
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
    let (same_here, same_elsewhere) = same_bytes(rows, list.list, &mail.hash)?;
    if let Some(seq) = same_here {
        return Ok(Decision::Duplicate(seq));
    }
    let summary = &mail.summary;
    let mut head = facts(list, mail, arrived);
    head.same_as = same_elsewhere;
    let mut date = chosen_date(&head, summary);
    if let (Some(neighbour), true) = (arrived.neighbour, is_guess(&date)) {
        head.neighbour = Some(neighbour);
        date = chosen_date(&head, summary);
    }
    let bearing = rows.bearing(list.list, &summary.id)?;
    for number in &bearing {
        let Some(held) = rows.mail(list.list, *number)? else {
            continue;
        };
        if held.content == summary.content || completes(&held, &head, mail) {
            head.verdict = Verdict::Copy(*number);
            head.number = *number;
            head.volume.clone_from(&held.volume);
            head.key = held.key.to_string();
            return Ok(Decision::Record(Box::new(head), date.unix));
        }
    }
    let volume = Volume::of(&list.zone().stamp(date.unix), list.frequency());
    head.volume = volume.to_string();
    head.number = list.next;
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

/// The record that holds these bytes on this list, and the first on any other.
fn same_bytes(rows: &Rows<'_>, list: u32, hash: &[u8; 16]) -> Result<(Option<u64>, Option<u64>)> {
    let (mut here, mut elsewhere) = (None, None);
    for key in rows.keys(Key::of(b'h').hash(hash).range(), Forward, 256)? {
        let mut fields = Fields(&key[17..]);
        let (on, seq) = (fields.u32(), fields.u64());
        if on == list {
            here = here.or(Some(seq));
        } else {
            elsewhere = elsewhere.or(Some(seq));
        }
    }
    Ok((here, elsewhere))
}

fn facts(list: &ListRow, mail: &Prepared, arrived: &Arrived) -> MailHead {
    let (raw, summary) = (&mail.raw, &mail.summary);
    let from_line = raw
        .from_line
        .as_deref()
        .filter(|_| arrived.from_line_counts);
    let received = arrived.delivered.unwrap_or_else(|| {
        let from_line = from_line.and_then(parse_from_line);
        received_time(&summary.received, from_line, summary.sent, arrived.now)
            .or(arrived.neighbour)
            .unwrap_or(arrived.now)
    });
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    MailHead {
        list: list.list,
        verdict: Verdict::New,
        number: 0,
        volume: String::new(),
        key: String::new(),
        id: summary.id.0.clone(),
        content: hex(&summary.content.0),
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
