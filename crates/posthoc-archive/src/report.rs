//! What an import tells: it balances to the mail.

use posthoc_core::message::Defect;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The counts of one source, or of all. `read = stored + copy + duplicate + removed + held + refused
/// + quarantined`; `repaired` are among the stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Mails found.
    pub read: u64,
    /// Kept as mails of their own, variants among them.
    pub stored: u64,
    /// The same mail in other bytes: kept, shown once.
    pub copy: u64,
    /// The same bytes as a mail that is there already.
    pub duplicate: u64,
    /// Copies or duplicates of a mail that was taken down.
    pub removed: u64,
    /// Waiting for a decision.
    pub held: u64,
    /// Not taken, see `reasons`.
    pub refused: u64,
    /// Put aside, see `reasons`.
    pub quarantined: u64,
    /// Stored mails that had a defect, see `defects`.
    pub repaired: u64,
    /// Decompressed bytes.
    pub bytes: u64,
    /// How often each defect was seen in stored mails.
    pub defects: BTreeMap<String, u64>,
    /// Why mails were refused or quarantined.
    pub reasons: BTreeMap<String, u64>,
}

impl Counts {
    /// Whether every mail read is accounted for.
    pub fn balances(&self) -> bool {
        let Counts {
            stored,
            copy,
            duplicate,
            removed,
            held,
            refused,
            quarantined,
            ..
        } = self;
        self.read == stored + copy + duplicate + removed + held + refused + quarantined
    }

    pub(crate) fn defects(&mut self, defects: &[Defect]) {
        self.repaired += u64::from(!defects.is_empty());
        for defect in defects {
            *self.defects.entry(defect.name().to_owned()).or_default() += 1;
        }
    }

    pub(crate) fn reason(&mut self, reason: &str) {
        *self.reasons.entry(reason.to_owned()).or_default() += 1;
    }

    pub(crate) fn add(&mut self, other: &Counts) {
        self.read += other.read;
        self.stored += other.stored;
        self.copy += other.copy;
        self.duplicate += other.duplicate;
        self.removed += other.removed;
        self.held += other.held;
        self.refused += other.refused;
        self.quarantined += other.quarantined;
        self.repaired += other.repaired;
        self.bytes += other.bytes;
        for (from, to) in [
            (&other.defects, &mut self.defects),
            (&other.reasons, &mut self.reasons),
        ] {
            for (name, count) in from {
                *to.entry(name.clone()).or_default() += count;
            }
        }
    }
}

/// One source's report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceReport {
    /// The source's name for `export --as-imported`; 0 in a dry run.
    pub id: u64,
    /// Absolute path, `-` for standard input.
    pub path: String,
    /// SHA-256 of the decompressed source.
    pub sha256: String,
    /// `mbox`, `maildir`, `mh`, `numbered`, `files`.
    pub kind: String,
    /// The commonest dialect; none for folders.
    pub dialect: Option<String>,
    /// How it was split.
    pub split: String,
    /// The list it fills.
    pub list: String,
    /// The counts.
    #[serde(flatten)]
    pub counts: Counts,
    /// Date of the oldest stored mail, RFC 3339 UTC.
    pub first_date: Option<String>,
    /// Date of the newest.
    pub last_date: Option<String>,
}

/// A whole run's report.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ImportReport {
    /// Each source.
    pub sources: Vec<SourceReport>,
    /// The sums.
    #[serde(flatten)]
    pub counts: Counts,
    /// How long it took.
    pub seconds: f64,
    /// Mails read in a second.
    pub messages_per_second: f64,
}

impl ImportReport {
    /// Sums up the sources.
    pub fn of(sources: Vec<SourceReport>, seconds: f64) -> Self {
        let mut counts = Counts::default();
        for source in &sources {
            counts.add(&source.counts);
        }
        let messages_per_second = if seconds > 0.0 {
            counts.read as f64 / seconds
        } else {
            0.0
        };
        ImportReport {
            sources,
            counts,
            seconds,
            messages_per_second,
        }
    }
}
