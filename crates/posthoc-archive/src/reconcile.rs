//! What of a source is not in the archive.

use crate::error::Result;
use crate::load::Reader;
use crate::source::Source;
use posthoc_core::message::{Limits, parse};
use posthoc_core::route::ListName;
use serde::Serialize;

/// A mail of a source that the archive does not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// Its Message-ID without brackets, or the one made from its content.
    pub id: String,
    /// Byte offset in the decompressed source.
    pub offset: u64,
    /// The file in a folder.
    pub file: Option<String>,
    /// Its subject.
    pub subject: String,
}

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reconciled {
    /// Mails of the source.
    pub read: u64,
    /// Those that are not on the list.
    pub missing: Vec<Missing>,
}

/// Compares a source with a list by Message-ID; changes nothing.
///
/// # Errors
/// A source that breaks off; a list that is not there.
pub fn reconcile(
    reader: &Reader<'_>,
    list: &ListName,
    source: Source,
    limits: &Limits,
) -> Result<Reconciled> {
    let list = reader.rows.need_list(list.as_str())?;
    let mut answer = Reconciled::default();
    for piece in source {
        let Some(raw) = piece?.mail else { continue };
        answer.read += 1;
        let message = parse(&raw.unquoted(), limits);
        if reader.rows.bearing(list.list, &message.id)?.is_empty() {
            answer.missing.push(Missing {
                id: message.id.0,
                offset: raw.offset,
                file: raw.file,
                subject: message.subject,
            });
        }
    }
    Ok(answer)
}

/// Where the archive's mails came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownSource {
    /// For `export --as-imported`.
    pub id: u64,
    /// Absolute path.
    pub path: String,
    /// The list it filled.
    pub list: String,
    /// Its kind.
    pub kind: String,
    /// How it was split.
    pub split: String,
    /// When it was first read, seconds UTC.
    pub at: i64,
    /// Decompressed bytes taken in.
    pub bytes: u64,
    /// SHA-256 at its end; none while it was never read to its end.
    pub sha256: Option<String>,
    /// Whether it was read to its end.
    pub complete: bool,
    /// The report of the run that did.
    pub report: Option<serde_json::Value>,
}

impl Reader<'_> {
    /// All sources, oldest first.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn sources(&self) -> Result<Vec<ShownSource>> {
        let mut shown = Vec::new();
        for (id, row) in self.rows.sources()? {
            let list = self
                .rows
                .list(row.list)?
                .map(|list| list.name)
                .unwrap_or_default();
            let bytes = row.end.as_ref().map_or(row.to, |(bytes, _)| *bytes);
            shown.push(ShownSource {
                id,
                list,
                bytes,
                complete: row.end.is_some(),
                sha256: row.end.map(|(_, sha256)| sha256),
                report: row
                    .report
                    .as_deref()
                    .and_then(|text| serde_json::from_str(text).ok()),
                path: row.path,
                kind: row.kind,
                split: row.split,
                at: row.at,
            });
        }
        Ok(shown)
    }
}
