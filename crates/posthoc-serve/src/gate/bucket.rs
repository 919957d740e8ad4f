//! How often a neighbourhood may ask for what is costly: token buckets.

use super::network::neighbourhood;
use super::table::Table;
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// Neighbourhoods that are remembered.
const ROOM: usize = 32_768;

/// How often something may be asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// At once.
    pub burst: u32,
    /// Afterwards, each minute.
    pub per_minute: u32,
}

/// What is left to a neighbourhood, in thousandths of a question, and since when it is that.
#[derive(Clone, Copy, Debug)]
struct Left {
    thousandths: u64,
    at: u64,
}

/// The buckets of one kind of question.
pub(crate) struct Buckets {
    left: Table<Left>,
    began: Instant,
}

impl Buckets {
    /// All full.
    pub(crate) fn new() -> Self {
        Buckets {
            left: Table::new(ROOM),
            began: Instant::now(),
        }
    }

    /// Takes one question from the asker's neighbourhood, or says how long to wait for one.
    pub(crate) fn take(&self, asker: IpAddr, rate: Rate) -> Result<(), Duration> {
        let now = self.began.elapsed().as_millis();
        self.take_at(asker, rate, u64::try_from(now).unwrap_or(u64::MAX))
    }

    /// The same at a moment, in milliseconds.
    fn take_at(&self, asker: IpAddr, rate: Rate, now: u64) -> Result<(), Duration> {
        let full = u64::from(rate.burst.max(1)) * 1_000;
        // Thousandths in a millisecond, times 60.
        let flow = u64::from(rate.per_minute.max(1));
        let time_to_fill = full.saturating_mul(60) / flow;
        let fresh = |before: Option<u64>| {
            // Who comes so often from so many places that buckets are forgotten before they are full
            // again begins with little.
            let hurry = before.is_some_and(|used| now.saturating_sub(used) < time_to_fill);
            let thousandths = if hurry { (full / 8).max(1_000) } else { full };
            Left {
                thousandths,
                at: now,
            }
        };
        self.left.with(neighbourhood(asker), now, fresh, |left| {
            let flown = now.saturating_sub(left.at).saturating_mul(flow) / 60;
            // What is too little to count yet is not lost.
            if flown > 0 {
                left.thousandths = left.thousandths.saturating_add(flown).min(full);
                left.at = now;
            }
            if let Some(rest) = left.thousandths.checked_sub(1_000) {
                left.thousandths = rest;
                return Ok(());
            }
            let missing = 1_000 - left.thousandths;
            Err(Duration::from_millis((missing * 60).div_ceil(flow)))
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const RATE: Rate = Rate {
        burst: 3,
        per_minute: 60,
    };

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_burst_then_a_trickle() {
        let buckets = Buckets::new();
        let ask = |who: &str, now| buckets.take_at(address(who), RATE, now);
        assert!((0..3).all(|_| ask("192.0.2.1", 0).is_ok()));
        assert_eq!(ask("192.0.2.200", 0), Err(Duration::from_secs(1)));
        assert!(ask("192.0.3.1", 0).is_ok(), "others are not held");
        assert_eq!(ask("192.0.2.1", 400), Err(Duration::from_millis(600)));
        assert!(ask("192.0.2.1", 1_000).is_ok());
        assert!(ask("192.0.2.1", 1_001).is_err());
        assert!((0..3).all(|_| ask("192.0.2.1", 3_600_000).is_ok()));
        assert!(ask("192.0.2.1", 3_600_000).is_err());
    }

    #[test]
    fn impatience_does_not_stop_the_flow() {
        let buckets = Buckets::new();
        let ask = |now| buckets.take_at(address("2001:db8::1"), RATE, now);
        let given = (0..10_000).filter(|now| ask(*now).is_ok()).count();
        assert_eq!(given, 3 + 9);
    }

    #[test]
    fn many_places_are_no_way_around() {
        let buckets = Buckets::new();
        let mut given = 0;
        let hoods = 4 * ROOM as u32;
        for round in 0..3 {
            for hood in 0..hoods {
                let asker = IpAddr::from((hood << 8).to_be_bytes());
                let asked = (0..3).filter(|_| buckets.take_at(asker, RATE, round).is_ok());
                given += asked.count();
            }
        }
        // All of them full would be 3 rounds of 3.
        assert!(given < hoods as usize * 4, "{given}");
    }
}
