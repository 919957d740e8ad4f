//! What processes use while they stay: memory of their own, and files that they hold.

use super::super::crawl::memory;
use super::super::{Row, row};
use anyhow::Result;
use std::fs;
use std::time::{Duration, Instant};

/// A process's own memory in the words of proc(5).
const OWN: &str = "RssAnon:";
/// Of the memory, what it may grow by; and how many files more may be held.
const MOST_GROWN: f64 = 0.2;
const MOST_FILES: u64 = 16;
/// Where the early part of a life begins and ends, and the late one begins: shares of it.
const EARLY: (f64, f64) = (0.1, 0.2);
const LATE: f64 = 0.9;

/// What was seen of the processes of one kind.
#[derive(Default)]
pub(super) struct Gauge(Vec<Sample>);

#[derive(Clone, Copy)]
struct Sample {
    pid: u32,
    when: Instant,
    own: u64,
    files: u64,
}

impl Gauge {
    /// Looks at a process; one that has just ended is passed over.
    pub(super) fn look(&mut self, pid: Option<u32>) {
        let Some(pid) = pid else { return };
        let seen = || -> Result<(u64, u64)> {
            let files = fs::read_dir(format!("/proc/{pid}/fd"))?.count() as u64;
            Ok((memory(pid, OWN)?, files))
        };
        if let Ok((own, files)) = seen() {
            let when = Instant::now();
            self.0.push(Sample {
                pid,
                when,
                own,
                files,
            });
        }
    }

    /// Whether the last process, which lived long, used the same early and late.
    pub(super) fn flat(&self, what: &str) -> Row {
        let life = self.0.last().map_or(&[][..], |last| {
            let begin = self.0.iter().position(|sample| sample.pid == last.pid);
            &self.0[begin.unwrap_or(0)..]
        });
        let part = |from: f64, to: f64| {
            let at = |share: f64| (life.len() as f64 * share) as usize;
            &life[at(from).min(life.len().saturating_sub(1))..at(to).min(life.len())]
        };
        let (early, late) = (part(EARLY.0, EARLY.1), part(LATE, 1.0));
        let median = |part: &[Sample], value: fn(&Sample) -> u64| {
            let mut values: Vec<u64> = part.iter().map(value).collect();
            values.sort_unstable();
            values.get(values.len() / 2).copied().unwrap_or(0)
        };
        let own = [early, late].map(|part| median(part, |sample| sample.own));
        let files = [early, late].map(|part| median(part, |sample| sample.files));
        let most = life.iter().map(|sample| sample.own).max().unwrap_or(0);
        let lived = match life {
            [first, .., last] => last.when - first.when,
            _ => Duration::ZERO,
        };
        let grown = own[1] as f64 / own[0].max(1) as f64 - 1.0;
        row(
            format!(
                "{what}, early and late in {:.0} s: memory of its own, open files",
                lived.as_secs_f64()
            ),
            format!(
                "{} and {} MB ({:+.0} %, most {}), {} and {} files",
                own[0] / 1_000,
                own[1] / 1_000,
                grown * 100.0,
                most / 1_000,
                files[0],
                files[1]
            ),
            format!("{:.0} % and {MOST_FILES} files more", MOST_GROWN * 100.0),
            own[0] > 0 && grown <= MOST_GROWN && files[1] <= files[0] + MOST_FILES,
        )
    }
}
