//! `incoming/`: accepted mail, in the shape of a Maildir.
//!
//! A mail is written and synced as `tmp/NAME` and renamed to `new/NAME`. Names sort by the time of the
//! delivery: `RECEIVED.NANOSECONDS.PROCESS-COUNT`. The file's first line is
//! JSON, `{"list":…,"received":…,"bytes":…}`; the mail follows as it came.

use crate::dir::{Access, io_error, sync_dir};
use posthoc_store::{Result, Spool, StoreError};
use serde::{Deserialize, Serialize};
use std::collections::BinaryHeap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

/// Age at which a file in `tmp` is one that a killed delivery left (Maildir's own rule).
const STALE: Duration = Duration::from_secs(36 * 3600);

/// The folder `incoming`.
pub(crate) struct DirSpool {
    tmp: PathBuf,
    new: PathBuf,
    access: Access,
}

/// First line of a spooled mail.
#[derive(Serialize, Deserialize)]
struct Line {
    list: String,
    received: i64,
    bytes: u64,
}

impl DirSpool {
    /// Makes the folders where they are not there.
    pub(crate) fn create(dir: &Path, access: Access) -> Result<()> {
        access.make_dir(dir)?;
        access.make_dir(&dir.join("tmp"))?;
        access.make_dir(&dir.join("new"))
    }

    /// The spool in `dir`.
    pub(crate) fn open(dir: &Path, access: Access) -> DirSpool {
        DirSpool {
            tmp: dir.join("tmp"),
            new: dir.join("new"),
            access,
        }
    }

    /// Removes what killed deliveries left behind. Failure does no harm.
    pub(crate) fn sweep(&self) {
        let Ok(entries) = fs::read_dir(&self.tmp) else {
            return;
        };
        for entry in entries.flatten() {
            let age = entry
                .metadata()
                .and_then(|m| m.modified())
                .ok()
                .and_then(|t| t.elapsed().ok());
            if age.is_some_and(|age| age > STALE) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

impl Spool for DirSpool {
    fn put(&self, list: &str, received: i64, bytes: &[u8]) -> Result<String> {
        let line = Line {
            list: list.to_owned(),
            received,
            bytes: bytes.len() as u64,
        };
        let mut line = serde_json::to_vec(&line).map_err(|e| StoreError::Driver {
            what: "spool",
            message: e.to_string(),
        })?;
        line.push(b'\n');
        let name = new_name(received);
        let (tmp, new) = (self.tmp.join(&name), self.new.join(&name));
        let write = || -> io::Result<()> {
            let mut file = self.access.create_new(&tmp)?;
            file.write_all(&line)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&tmp, &new)
        };
        write()
            .inspect_err(|_| drop(fs::remove_file(&tmp)))
            .map_err(io_error("write", &new))?;
        sync_dir(&self.new)?;
        Ok(name)
    }

    fn names(&self, limit: usize) -> Result<Vec<String>> {
        let mut oldest = BinaryHeap::new();
        for entry in fs::read_dir(&self.new).map_err(io_error("list", &self.new))? {
            let name = entry.map_err(io_error("list", &self.new))?.file_name();
            let Some(name) = name.to_str().filter(|n| is_name(n)) else {
                continue;
            };
            oldest.push(name.to_owned());
            if oldest.len() > limit {
                oldest.pop();
            }
        }
        Ok(oldest.into_sorted_vec())
    }

    fn get(&self, name: &str) -> Result<Option<(String, i64, Vec<u8>)>> {
        if !is_name(name) {
            return Ok(None);
        }
        let path = self.new.join(name);
        let mut bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(io_error("read", &path)(e)),
        };
        let damaged = |what: &str| StoreError::Damaged {
            what: what.to_owned(),
            path: path.clone(),
            offset: 0,
        };
        let end = bytes
            .iter()
            .position(|b| *b == b'\n')
            .ok_or_else(|| damaged("spool line"))?;
        let line: Line =
            serde_json::from_slice(&bytes[..end]).map_err(|_| damaged("spool line"))?;
        bytes.drain(..=end);
        if bytes.len() as u64 != line.bytes {
            return Err(damaged("length of a spooled mail"));
        }
        Ok(Some((line.list, line.received, bytes)))
    }

    fn remove(&self, name: &str) -> Result<()> {
        if !is_name(name) {
            return Ok(());
        }
        let path = self.new.join(name);
        match fs::remove_file(&path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(io_error("remove", &path)(e)),
            _ => Ok(()),
        }
    }
}

/// A name that no other delivery has.
fn new_name(received: i64) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let clock = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
        .as_nanos();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!(
        "{:012}.{clock:020}.{}-{count:06}",
        received.max(0),
        std::process::id()
    )
}

/// Whether a name can be one of ours: it names a file in the folder itself.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b'.' || b == b'-')
        && !name.starts_with('.')
}
