//! Which date counts: mail lies, and its date decides where it stands for ever.

use super::date::SentDate;
use serde::{Deserialize, Serialize};

/// How far a date may lie after the mail was received, in seconds: 15 days.
const AHEAD: i64 = 15 * 86_400;
/// No clock that is right says less: 2025-01-01, before this was written.
const WRITTEN: i64 = 1_735_689_600;
/// Mails that come together may overtake each other by so much, in seconds.
const JITTER: i64 = 60;
/// For how long a machine may have been switched off whose clock has stopped, in seconds: ten years.
const SWITCHED_OFF: i64 = 10 * 365 * 86_400;

/// The date that a mail is filed under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenDate {
    /// Seconds since 1970-01-01 UTC.
    pub unix: i64,
    /// Minutes east of UTC that its author wrote; 0 unless the date is the author's.
    pub offset: i16,
    /// Where it was found.
    pub origin: DateOrigin,
}

/// Where a chosen date was found, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DateOrigin {
    /// The `Date` field.
    Date,
    /// The oldest sane `Received` field.
    Received,
    /// The mbox From_ line.
    FromLine,
    /// A mail that stands beside it in the source.
    Neighbour,
    /// When it was taken in.
    Arrival,
}

/// Chooses a mail's date. `received` are the readable `Received` dates, `from_line` the From_
/// line's date where it is not the same for the whole source, `neighbour` the chosen date of the
/// mail before (or after) it in the source, `arrival` when the mail was received as
/// [`received_time`] tells, else the clock when it was taken in.
///
/// Sane is what lies after 1970-01-01 00:00 and at most 15 days after `arrival`; so dates of 1904
/// and 2038 never count while anything else is known.
pub fn choose_date(
    sent: Option<SentDate>,
    received: &[i64],
    from_line: Option<i64>,
    neighbour: Option<i64>,
    arrival: i64,
) -> ChosenDate {
    let sane = |unix: i64| unix > 0 && unix <= arrival.saturating_add(AHEAD);
    if let Some(SentDate { unix, offset }) = sent.filter(|s| sane(s.unix)) {
        return ChosenDate {
            unix,
            offset,
            origin: DateOrigin::Date,
        };
    }
    let oldest = received.iter().copied().filter(|r| sane(*r)).min();
    let (unix, origin) = [
        (oldest, DateOrigin::Received),
        (from_line.filter(|f| sane(*f)), DateOrigin::FromLine),
        (neighbour.filter(|n| sane(*n)), DateOrigin::Neighbour),
    ]
    .into_iter()
    .find_map(|(unix, origin)| Some((unix?, origin)))
    .unwrap_or((arrival, DateOrigin::Arrival));
    ChosenDate {
        unix,
        offset: 0,
        origin,
    }
}

/// When a mail that is imported was received: the newest sane `Received` date, else the From_ line
/// (pass it only where it is not constant across the source), else the `Date` field. Sane is what
/// lies after 1970-01-01 00:00 and not after `now`, the clock of the import, plus a day for zones
/// and clocks. `None` when nothing is sane.
pub fn received_time(
    received: &[i64],
    from_line: Option<i64>,
    sent: Option<SentDate>,
    now: i64,
) -> Option<i64> {
    let sane = |unix: &i64| *unix > 0 && *unix <= now.saturating_add(86_400);
    received
        .iter()
        .copied()
        .filter(sane)
        .max()
        .or(from_line.filter(sane))
        .or(sent.map(|s| s.unix).filter(sane))
}

/// When a mail was received that came by a door, whose clock said `clock` then and says `now` as it is taken in:
/// it may have waited. `known` is the time that the list has reached, as [`reached`] tells.
///
/// A clock more than a month before that, or before 2025, is not set: machines begin in 1970 when their battery
/// is flat. Then the mail tells, as one that is imported, and it is later than `known` at least; for a mail is filed
/// once, and would stand in 1970 for ever.
pub fn door_time(
    clock: i64,
    now: i64,
    known: i64,
    received: &[i64],
    sent: Option<SentDate>,
) -> i64 {
    let reaches = |clock: i64, known: i64| clock.saturating_add(2 * AHEAD) >= known;
    if reaches(clock, WRITTEN) && reaches(clock.max(now), known) {
        return clock;
    }
    let known = known.max(WRITTEN);
    let told = received_time(received, None, sent, known.saturating_add(SWITCHED_OFF));
    let next = known.saturating_add(1);
    told.map_or(next, |told| told.max(next))
}

/// The time that a list has reached with a mail that was received at `received` and is filed under `date`;
/// `known` is that without it. No clock is believed further than 15 days after what the mail says itself.
pub fn reached(known: i64, received: i64, date: i64) -> i64 {
    known.max(received.min(date.saturating_add(AHEAD)))
}

/// As when a mail counts that comes by a door: [`reached`], and later than all that came before it where its clock
/// or its date is behind them. So the newest mail is the newest, also after a clock that was ahead has been set
/// right.
pub fn arrived(known: i64, received: i64, date: i64) -> i64 {
    let told = received.min(date.saturating_add(AHEAD));
    let is_close = told == received && told >= known.saturating_sub(JITTER);
    match told > known {
        true => told,
        false if is_close => known,
        false => known.saturating_add(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARCH: i64 = 1_078_740_000;
    const NOW: i64 = 1_763_000_000;

    fn chosen(
        sent: i64,
        received: &[i64],
        from_line: Option<i64>,
        neighbour: Option<i64>,
    ) -> (i64, DateOrigin) {
        let sent = Some(SentDate {
            unix: sent,
            offset: 0,
        });
        let arrival = received_time(received, from_line, sent, NOW).unwrap_or(NOW);
        let date = choose_date(sent, received, from_line, neighbour, arrival);
        (date.unix, date.origin)
    }

    #[test]
    fn the_date_chain() {
        let late = MARCH + 14 * 86_400;
        assert_eq!(chosen(late, &[MARCH], None, None), (late, DateOrigin::Date));
        let absurd = [1 << 31, -2_082_844_800, 0, MARCH + 16 * 86_400];
        for sent in absurd {
            let hops = [MARCH, MARCH - 60, -5];
            assert_eq!(
                chosen(sent, &hops, None, None),
                (MARCH - 60, DateOrigin::Received)
            );
            assert_eq!(
                chosen(sent, &[], Some(MARCH), None),
                (MARCH, DateOrigin::FromLine)
            );
        }
        // Without any other trace, a date of the future gives way to the neighbour, then the clock.
        assert_eq!(
            chosen(1 << 31, &[], None, Some(MARCH)),
            (MARCH, DateOrigin::Neighbour)
        );
        assert_eq!(chosen(1 << 31, &[], None, None), (NOW, DateOrigin::Arrival));
        // One hop with a clock of the future does not make the future sane.
        assert_eq!(
            chosen(1 << 31, &[1 << 31, MARCH], None, None),
            (MARCH, DateOrigin::Received)
        );
    }

    #[test]
    fn a_clock_that_is_not_set_does_not_count() {
        const DAY: i64 = 86_400;
        let sent = |unix| Some(SentDate { unix, offset: 0 });
        let told =
            |clock, known, received: &[i64], sent| door_time(clock, clock, known, received, sent);
        assert_eq!(told(NOW, 0, &[], sent(MARCH)), NOW);
        assert_eq!(told(NOW - 9 * DAY, NOW, &[], sent(NOW)), NOW - 9 * DAY);
        for clock in [0, 60, MARCH, NOW - 31 * DAY] {
            assert_eq!(told(clock, NOW, &[NOW + 60], sent(NOW)), NOW + 60);
            assert_eq!(told(clock, NOW, &[], sent(MARCH)), NOW + 1);
            assert_eq!(told(clock, NOW, &[], None), NOW + 1);
        }
        assert_eq!(told(0, 0, &[], sent(NOW)), NOW);
        assert_eq!(told(0, 0, &[], sent(1 << 40)), WRITTEN + 1);
        // One that waited for months, under a clock that was right, and under one that was not.
        let waited = NOW - 90 * DAY;
        assert_eq!(door_time(waited, NOW, NOW, &[], sent(MARCH)), waited);
        assert_eq!(door_time(60, NOW, NOW, &[], sent(MARCH)), NOW + 1);
    }

    #[test]
    fn what_comes_later_counts_as_later() {
        // Clocks that are right, and mails that overtake each other.
        assert_eq!(arrived(NOW, NOW + 60, NOW + 50), NOW + 60);
        assert_eq!(arrived(NOW, NOW - 60, NOW - 70), NOW);
        // One that is years ahead, and is set right.
        let ahead = arrived(NOW, NOW + (1 << 30), NOW + 50);
        assert_eq!(ahead, NOW + 50 + AHEAD);
        assert_eq!(arrived(ahead, NOW + 90, NOW + 80), ahead + 1);
        assert_eq!(arrived(ahead, NOW + (1 << 30), NOW + 50), ahead + 1);
        // An old mail that comes now.
        assert_eq!(arrived(NOW, NOW + 90, MARCH), NOW + 1);
        assert_eq!(reached(NOW, MARCH, MARCH), NOW);
    }
}
