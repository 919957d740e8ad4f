//! Wrong passwords: each makes the next try wait longer.
//!
//! Three counts are kept: of a neighbourhood of addresses with one account, of a neighbourhood, and
//! of an account. The first two wait up to a quarter of an hour. The third keeps one who has many
//! addresses from guessing at leisure; since it is also what a stranger could use to lock somebody
//! out, it waits half a minute at most, and does not count where that account has signed in before.

use super::network::neighbourhood;
use super::table::Table;
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// Keys of each count that are remembered.
const ROOM: usize = 16_384;
/// How long wrong tries are remembered, in milliseconds: one is forgotten each time.
const FORGOTTEN: u64 = 15 * 60_000;

/// Wrong tries and when the last was.
#[derive(Clone, Copy, Debug, Default)]
struct Wrong {
    tries: u32,
    at: u64,
}

/// What a kind of count allows.
#[derive(Clone, Copy)]
struct Measure {
    /// Wrong tries that cost nothing.
    free: u32,
    /// The longest wait, in milliseconds.
    most: u64,
}

const PAIR: Measure = Measure {
    free: 4,
    most: 15 * 60_000,
};
const PLACE: Measure = Measure {
    free: 20,
    most: 15 * 60_000,
};
const ACCOUNT: Measure = Measure {
    free: 20,
    most: 30_000,
};

impl Wrong {
    /// Tries that still count.
    fn standing(self, now: u64) -> u32 {
        let gone = now.saturating_sub(self.at) / FORGOTTEN;
        self.tries
            .saturating_sub(u32::try_from(gone).unwrap_or(u32::MAX))
    }

    /// How long to wait before the next, in milliseconds: one second after the first that is not
    /// free, twice as long after each other.
    fn wait(self, measure: Measure, now: u64) -> u64 {
        let over = self.standing(now).saturating_sub(measure.free);
        let wait = match over {
            0 => 0,
            over => 1_000_u64.checked_shl(over - 1).unwrap_or(u64::MAX),
        };
        let until = self.at.saturating_add(wait.min(measure.most));
        until.saturating_sub(now)
    }
}

/// Who tries.
type Who<'a> = (&'a str, Option<IpAddr>);

/// All counts.
pub(crate) struct Throttle {
    pairs: Table<Wrong>,
    places: Table<Wrong>,
    accounts: Table<Wrong>,
    /// Where an account has signed in.
    homes: Table<()>,
    began: Instant,
}

impl Throttle {
    pub(crate) fn new() -> Self {
        Throttle {
            pairs: Table::new(ROOM),
            places: Table::new(ROOM),
            accounts: Table::new(ROOM),
            homes: Table::new(ROOM),
            began: Instant::now(),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// How long this one must wait before a password is looked at. Counts the try as a wrong one, so
    /// that many at once are not one; [`Throttle::right`] takes that back.
    pub(crate) fn enter(&self, name: &str, address: Option<IpAddr>) -> Result<(), Duration> {
        self.enter_at((name, address), self.now())
    }

    fn enter_at(&self, who: Who<'_>, now: u64) -> Result<(), Duration> {
        let (name, place) = folded(who);
        let known = |table: &Table<Wrong>, measure, key: &(Option<IpAddr>, &str)| {
            table.get(key).map_or(0, |wrong| wrong.wait(measure, now))
        };
        let (pair, of_place, of_name) = ((place, &*name), (place, ""), (None, &*name));
        let mut wait = known(&self.pairs, PAIR, &pair);
        // Addresses that are not known are not one neighbourhood.
        if place.is_some() {
            wait = wait.max(known(&self.places, PLACE, &of_place));
        }
        if self.homes.get(pair).is_none() {
            wait = wait.max(known(&self.accounts, ACCOUNT, &of_name));
        }
        if wait > 0 {
            return Err(Duration::from_millis(wait));
        }
        let counts = [
            (&self.pairs, pair, PAIR),
            (&self.places, of_place, PLACE),
            (&self.accounts, of_name, ACCOUNT),
        ];
        for (table, key, measure) in counts {
            // Who makes us forget others on purpose gains nothing by it.
            let fresh = |before: Option<u64>| {
                let hurry = before.is_some_and(|used| now.saturating_sub(used) < FORGOTTEN);
                Wrong {
                    tries: if hurry { measure.free } else { 0 },
                    at: now,
                }
            };
            table.with(key, now, fresh, |wrong| {
                wrong.tries = wrong.standing(now).saturating_add(1);
                wrong.at = now;
            });
        }
        Ok(())
    }

    /// The password was right.
    pub(crate) fn right(&self, name: &str, address: Option<IpAddr>) {
        self.unseen(name, address);
        let (name, place) = folded((name, address));
        self.pairs.forget((place, &*name));
        self.homes
            .with((place, &*name), self.now(), |_| (), |()| ());
    }

    /// The password was not looked at.
    pub(crate) fn unseen(&self, name: &str, address: Option<IpAddr>) {
        let now = self.now();
        let (name, place) = folded((name, address));
        for (table, key) in [
            (&self.pairs, (place, &*name)),
            (&self.places, (place, "")),
            (&self.accounts, (None, &*name)),
        ] {
            let fresh = |_| Wrong::default();
            table.with(key, now, fresh, |wrong| {
                wrong.tries = wrong.tries.saturating_sub(1);
            });
        }
    }
}

fn folded((name, address): Who<'_>) -> (String, Option<IpAddr>) {
    (name.to_lowercase(), address.map(neighbourhood))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn each_wrong_try_waits_longer() {
        let throttle = Throttle::new();
        let mut now = 0;
        let mut waits = Vec::new();
        for _ in 0..30 {
            let who = ("ada", address("192.0.2.1"));
            match throttle.enter_at(who, now) {
                Ok(()) => {}
                Err(wait) => {
                    let other = ("ADA", address("192.0.2.99"));
                    assert_eq!(throttle.enter_at(other, now), Err(wait));
                    waits.push(wait.as_secs());
                    now += wait.as_secs() * 1_000;
                }
            }
        }
        assert_eq!(waits[..8], [1, 2, 4, 8, 16, 32, 64, 128]);
        assert!(waits.iter().all(|wait| *wait <= 900));
    }

    #[test]
    fn nobody_is_locked_out_by_others() {
        let throttle = Throttle::new();
        throttle.right("ada", address("192.0.2.1"));
        // A stranger guesses from everywhere.
        for n in 0..200_u8 {
            let _ = throttle.enter_at(("ada", address(&format!("198.51.{n}.1"))), 0);
            let _ = throttle.enter_at(("grace", address(&format!("198.51.{n}.1"))), 0);
        }
        let wait = throttle.enter_at(("ada", address("203.0.113.1")), 0);
        assert_eq!(wait, Err(Duration::from_secs(1)));
        for second in 0..600 {
            let from = address(&format!("198.51.{}.1", second % 200));
            let _ = throttle.enter_at(("grace", from), second * 1_000);
        }
        let wait = throttle.enter_at(("grace", address("203.0.113.1")), 600_000);
        assert!(wait.err().unwrap_or_default() <= Duration::from_secs(30));
        assert!(throttle.enter_at(("ada", address("192.0.2.1")), 0).is_ok());
        assert!(
            throttle
                .enter_at(("bob", address("203.0.113.9")), 0)
                .is_ok()
        );
    }

    #[test]
    fn one_place_with_many_names() {
        let throttle = Throttle::new();
        let tried = (0..100).filter(|n| {
            let name = format!("name-{n}");
            throttle.enter_at((&name, address("192.0.2.1")), 0).is_ok()
        });
        assert_eq!(tried.count(), PLACE.free as usize + 1);
    }
}
