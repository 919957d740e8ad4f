//! What a mail's age adds to its rank.

/// What a mail of today weighs more than one of long ago.
const MOST: f32 = 0.25;
/// Days after which half of it is left, a third after twice as many, and so on: so it tells apart mails
/// of last week and of last year, and hardly those of two distant years.
const HALF: f32 = 365.0;

/// Weighs mails by their age in days.
#[derive(Clone, Copy, Debug)]
pub(super) struct Freshness {
    today: i64,
}

impl Freshness {
    /// The greatest weight.
    pub(super) const GREATEST: f32 = 1.0 + MOST;

    /// As of an instant, seconds UTC.
    pub(super) fn at(now: i64) -> Self {
        Freshness {
            today: now.div_euclid(86_400),
        }
    }

    /// The weight of a mail by its date, seconds UTC: from 1 to [`GREATEST`](Self::GREATEST). A date after
    /// tomorrow is nobody's merit.
    pub(super) fn weight(self, date: i64) -> f32 {
        match self.today.saturating_sub(date.div_euclid(86_400)) {
            ..-1 => 1.0,
            days => 1.0 + MOST / (1.0 + days.max(0) as f32 / HALF),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Freshness;

    #[test]
    fn weight_falls_with_age() {
        let day = 86_400;
        let now = 20_000 * day + 5;
        let weight = |date| Freshness::at(now).weight(date);
        assert_eq!(weight(now), Freshness::GREATEST);
        assert_eq!(weight(now + day), Freshness::GREATEST);
        assert_eq!(weight(now + 3 * day), 1.0);
        assert_eq!(weight(now - 365 * day), 1.125);
        assert!(weight(0) > 1.0 && weight(0) < weight(5_000 * day));
        assert!(weight(i64::MIN) >= 1.0);
        assert_eq!(weight(i64::MAX), 1.0);
    }
}
