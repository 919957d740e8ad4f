//! How long answers take: rates and percentiles.

use std::time::Duration;

/// How long each answer took, and all of them together.
#[derive(Default)]
pub(super) struct Times {
    took: Vec<Duration>,
    wall: Duration,
}

impl Times {
    pub(super) fn of(mut took: Vec<Duration>, wall: Duration) -> Self {
        took.sort_unstable();
        Times { took, wall }
    }

    pub(super) fn add(&mut self, other: Times) {
        self.took.extend(other.took);
        self.took.sort_unstable();
        self.wall += other.wall;
    }

    /// Answers a second.
    pub(super) fn rate(&self) -> f64 {
        self.took.len() as f64 / self.wall.as_secs_f64()
    }

    /// What that share of answers, of a hundred, took at most, milliseconds.
    pub(super) fn percentile(&self, share: usize) -> f64 {
        let last = self.took.len().saturating_sub(1);
        let at = (self.took.len() * share / 100).min(last);
        let took = self.took.get(at).copied().unwrap_or_default();
        took.as_secs_f64() * 1_000.0
    }
}
