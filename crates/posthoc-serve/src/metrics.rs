//! What is counted for those who run the server: `/metrics`, in the text form of Prometheus (version
//! 0.0.4). Nothing in it tells of a reader or a list.

use crate::log;
use posthoc_archive::{HowFar, Store, how_far};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper ends of the histograms' buckets, seconds.
const BOUNDS: [f64; 12] = [
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];
/// Files that are looked at for the archive's size.
const MOST_FILES: usize = 100_000;

/// Counts since the server began; a reload leaves them.
#[derive(Default)]
pub(crate) struct Metrics {
    mails: Mutex<BTreeMap<(&'static str, &'static str), u64>>,
    mail_bytes: AtomicU64,
    requests: Mutex<BTreeMap<u16, u64>>,
    answered: Histogram,
    delivered: Histogram,
}

/// How long things took.
#[derive(Default)]
struct Histogram {
    /// By the first bound that is not below; the last for what took longer than all.
    counts: [AtomicU64; BOUNDS.len() + 1],
    micros: AtomicU64,
}

impl Metrics {
    /// So many mails came through a door, and what became of them.
    pub(crate) fn mails(&self, door: &'static str, verdict: &'static str, mails: u64) {
        let mut counts = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((door, verdict)).or_default() += mails;
    }

    /// A mail was answered.
    pub(crate) fn delivered(&self, bytes: usize, took: Duration) {
        self.mail_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        self.delivered.add(took);
    }

    /// A request was answered.
    pub(crate) fn answered(&self, status: u16, took: Duration) {
        let mut counts = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(status).or_default() += 1;
        drop(counts);
        self.answered.add(took);
    }

    /// All of it. `folder` is the archive's, where it is in one.
    pub(crate) fn text(&self, store: &dyn Store, folder: Option<&Path>) -> String {
        let mut text = String::new();
        let about =
            "Mails by the door that they came through and what became of them, for each list";
        head(&mut text, "posthoc_mails_total", "counter", about);
        let mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
        for ((door, verdict), count) in mails.iter() {
            let labels = format!("{{door=\"{door}\",verdict=\"{verdict}\"}}");
            let _ = writeln!(text, "posthoc_mails_total{labels} {count}");
        }
        drop(mails);
        let bytes = self.mail_bytes.load(Ordering::Relaxed);
        one(
            &mut text,
            "posthoc_mail_bytes_total",
            "counter",
            "Bytes of mails that came by LMTP",
            bytes,
        );
        let about = "From the end of a mail to its reply";
        self.delivered
            .text(&mut text, "posthoc_delivery_seconds", about);
        head(
            &mut text,
            "posthoc_requests_total",
            "counter",
            "Requests by status",
        );
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        for (status, count) in requests.iter() {
            let _ = writeln!(
                text,
                "posthoc_requests_total{{status=\"{status}\"}} {count}"
            );
        }
        drop(requests);
        let about = "From a request to the beginning of its answer";
        self.answered
            .text(&mut text, "posthoc_request_seconds", about);
        match how_far(store) {
            Ok(far) => progress(&mut text, &far),
            Err(error) => log(&format!("/metrics: {error}")),
        }
        if let Some(folder) = folder {
            sizes(&mut text, folder);
        }
        text
    }
}

impl Histogram {
    fn add(&self, took: Duration) {
        let seconds = took.as_secs_f64();
        let place = BOUNDS.iter().position(|bound| seconds <= *bound);
        let count = &self.counts[place.unwrap_or(BOUNDS.len())];
        count.fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    fn text(&self, text: &mut String, name: &str, about: &str) {
        head(text, name, "histogram", about);
        let mut below = 0;
        for (place, count) in self.counts.iter().enumerate() {
            below += count.load(Ordering::Relaxed);
            let bound = BOUNDS.get(place).map_or("+Inf".to_owned(), f64::to_string);
            let _ = writeln!(text, "{name}_bucket{{le=\"{bound}\"}} {below}");
        }
        #[expect(clippy::cast_precision_loss, reason = "a sum for people")]
        let sum = self.micros.load(Ordering::Relaxed) as f64 / 1e6;
        let _ = writeln!(text, "{name}_sum {sum}\n{name}_count {below}");
    }
}

fn head(text: &mut String, name: &str, kind: &str, about: &str) {
    let _ = writeln!(text, "# HELP {name} {about}.\n# TYPE {name} {kind}");
}

fn one(text: &mut String, name: &str, kind: &str, about: &str, value: u64) {
    head(text, name, kind, about);
    let _ = writeln!(text, "{name} {value}");
}

fn progress(text: &mut String, far: &HowFar) {
    let HowFar {
        recorded,
        shown,
        searchable,
        waiting,
    } = *far;
    let behind = |reached: u64| recorded.saturating_sub(reached);
    for (name, about, value) in [
        (
            "posthoc_journal_records",
            "Records of the journal",
            recorded,
        ),
        (
            "posthoc_pages_lag_records",
            "Records that pages do not know yet",
            behind(shown),
        ),
        (
            "posthoc_index_lag_records",
            "Records that search does not know yet",
            behind(searchable),
        ),
        (
            "posthoc_waiting_mails",
            "Mails in incoming/, up to 10000",
            waiting as u64,
        ),
    ] {
        one(text, name, "gauge", about, value);
    }
}

/// What the archive's folder holds, and what is left on its disk.
fn sizes(text: &mut String, folder: &Path) {
    head(
        text,
        "posthoc_archive_bytes",
        "gauge",
        "Bytes of the archive's files, by what stands in its folder",
    );
    let mut looked = 0;
    for (part, bytes) in parts(folder, &mut looked) {
        let _ = writeln!(text, "posthoc_archive_bytes{{part={part:?}}} {bytes}");
    }
    if let Ok(disk) = rustix::fs::statvfs(folder) {
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        one(
            text,
            "posthoc_free_bytes",
            "gauge",
            "Bytes left on the archive's disk",
            free,
        );
        one(
            text,
            "posthoc_free_inodes",
            "gauge",
            "Inodes left on it",
            disk.f_favail,
        );
    }
}

/// Bytes below each entry of a folder whose name is plain; no more than so many files are looked at.
fn parts(folder: &Path, looked: &mut usize) -> BTreeMap<String, u64> {
    let mut parts = BTreeMap::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        {
            continue;
        }
        let mut waiting: Vec<PathBuf> = vec![entry.path()];
        let mut bytes = 0;
        while let Some(path) = waiting.pop().filter(|_| *looked < MOST_FILES) {
            *looked += 1;
            match std::fs::symlink_metadata(&path) {
                Ok(about) if about.is_dir() => {
                    let entries = std::fs::read_dir(&path).into_iter().flatten().flatten();
                    waiting.extend(entries.map(|entry| entry.path()));
                }
                Ok(about) => bytes += about.len(),
                // Gone meanwhile.
                Err(_) => {}
            }
        }
        parts.insert(name, bytes);
    }
    parts
}
