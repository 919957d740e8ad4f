//! Files that are read when they have changed: looked at for each request that needs them, so that
//! whoever was struck out is out at the next one.

use crate::log;
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// Bytes of the largest file that is read; a larger one counts as empty.
const LARGEST: u64 = 32 << 20;
/// A file that was changed just now may change again without looking changed: it is read again.
const SETTLED: Duration = Duration::from_secs(2);

/// What a text says, and what of it cannot be used.
type Parse<T> = fn(&str) -> (T, Vec<String>);

/// What tells one state of a file from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    place: (u64, u64),
    size: u64,
    changed: (i64, i64),
    written: (i64, i64),
}

impl Stamp {
    fn of(about: &Metadata) -> Self {
        Stamp {
            place: (about.dev(), about.ino()),
            size: about.size(),
            changed: (about.ctime(), about.ctime_nsec()),
            written: (about.mtime(), about.mtime_nsec()),
        }
    }
}

struct Kept<T> {
    stamp: Option<Stamp>,
    value: Arc<T>,
    said: Vec<String>,
}

/// Files of one kind. There are as many as the settings name.
pub(crate) struct Watched<T> {
    parse: Parse<T>,
    kept: Mutex<BTreeMap<PathBuf, Kept<T>>>,
}

impl<T: Default> Watched<T> {
    pub(crate) fn new(parse: Parse<T>) -> Self {
        Watched {
            parse,
            kept: Mutex::default(),
        }
    }

    /// What a file says now. One that cannot be read says nothing: nobody is in it.
    pub(crate) fn get(&self, path: &Path) -> Arc<T> {
        let about = std::fs::metadata(path);
        let stamp = about.as_ref().ok().map(Stamp::of);
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = all.get(path)
            && stamp.is_some()
            && kept.stamp == stamp
        {
            return Arc::clone(&kept.value);
        }
        let settled = about.as_ref().is_ok_and(is_settled);
        let (value, wrong) = match read(path, about) {
            Ok(text) => (self.parse)(&text),
            Err(why) => (T::default(), vec![why]),
        };
        let said = all.get(path).map(|kept| &kept.said);
        if said != Some(&wrong) {
            for why in wrong.iter().take(20) {
                log(&format!("{}: {why}", path.display()));
            }
        }
        let value = Arc::new(value);
        let kept = Kept {
            stamp: stamp.filter(|_| settled),
            value: Arc::clone(&value),
            said: wrong,
        };
        all.insert(path.to_owned(), kept);
        value
    }
}

fn is_settled(about: &Metadata) -> bool {
    let changed = u64::try_from(about.ctime()).unwrap_or(0);
    let changed = SystemTime::UNIX_EPOCH + Duration::from_secs(changed);
    SystemTime::now()
        .duration_since(changed)
        .is_ok_and(|since| since > SETTLED)
}

fn read(path: &Path, about: std::io::Result<Metadata>) -> Result<String, String> {
    let about = about.map_err(|error| format!("cannot be read, so nobody is in it: {error}"))?;
    if about.len() > LARGEST {
        return Err(format!(
            "has more than {} MiB and is not read",
            LARGEST >> 20
        ));
    }
    if !about.is_file() {
        return Err("is no file, so nobody is in it".to_owned());
    }
    std::fs::read_to_string(path)
        .map_err(|error| format!("cannot be read, so nobody is in it: {error}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn changes_count_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let watched: Watched<String> = Watched::new(|text| (text.to_owned(), Vec::new()));
        assert_eq!(*watched.get(&path), "");
        // Same size, same moment.
        for text in ["one", "two", "six"] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(*watched.get(&path), text);
        }
        std::fs::remove_file(&path).unwrap();
        assert_eq!(*watched.get(&path), "");
        std::fs::create_dir(&path).unwrap();
        assert_eq!(*watched.get(&path), "");
    }
}
