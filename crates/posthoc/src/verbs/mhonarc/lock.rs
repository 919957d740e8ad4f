//! MHonArc's lock, so that its programs and ours keep out of each other's way: the folder `.mhonarc.lck`, or
//! where its method is flock, a file of that name. In the folder lies a file of ours that the system unlocks
//! when its process ends: by that a lock of a dead run is known.

use super::words::Words;
use crate::exit::{Exit, Failure};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const NAME: &str = ".mhonarc.lck";
const OWNER: &str = "posthoc";

/// Time between two looks. The original looks again after LOCKDELAY only, and gives up while others come and go;
/// ours waits as long in all.
const POLL: Duration = Duration::from_millis(40);

/// A lock that is held; dropped, it is free.
pub(super) struct Lock {
    /// The folder to be taken away; none where it is a file.
    folder: Option<PathBuf>,
    _file: File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            // What cannot be taken away is known as a dead run's by the next.
            let _ = fs::remove_file(folder.join(OWNER));
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Locks a folder; none where that is not wanted, or given up with -force.
pub(super) fn take(folder: &Path, words: &Words) -> Result<Option<Lock>, Failure> {
    if !words.locks {
        return Ok(None);
    }
    let path = folder.join(NAME);
    let delay = Duration::from_secs(words.lock_delay);
    let patience = delay.saturating_mul(words.lock_tries.saturating_sub(1));
    let begun = Instant::now();
    loop {
        match attempt(&path) {
            Ok(Some(lock)) => return Ok(Some(lock)),
            Ok(None) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::io("lock", &path, &error)),
        }
        if begun.elapsed() >= patience {
            break;
        }
        std::thread::sleep(POLL);
    }
    if words.force {
        return Ok(None);
    }
    Err(Failure::new(
        Exit::TryLater,
        format!(
            "{} is locked: another program is at it, or one died there; if none runs, delete {}",
            folder.display(),
            path.display()
        ),
    ))
}

fn attempt(path: &Path) -> std::io::Result<Option<Lock>> {
    if path.is_file() {
        let file = File::options().write(true).open(path)?;
        return Ok(file.try_lock().is_ok().then_some(Lock {
            folder: None,
            _file: file,
        }));
    }
    let owner = path.join(OWNER);
    let file = match fs::create_dir(path) {
        Ok(()) => File::create(&owner)?,
        // Without our file in it, it is the original's, which is there until it is taken away.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            match File::options().write(true).open(&owner) {
                Ok(file) => file,
                Err(_) => return Ok(None),
            }
        }
        Err(error) => return Err(error),
    };
    if file.try_lock().is_err() {
        return Ok(None);
    }
    // Whoever held it may have taken it away between.
    let is_there = fs::metadata(&owner).is_ok_and(|about| {
        file.metadata()
            .is_ok_and(|own| (own.dev(), own.ino()) == (about.dev(), about.ino()))
    });
    Ok(is_there.then(|| Lock {
        folder: Some(path.to_owned()),
        _file: file,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_once() -> Words {
        Words {
            lock_tries: 1,
            ..Words::default()
        }
    }

    #[test]
    fn a_lock_is_held_once() {
        let folder = tempfile::tempdir().unwrap();
        let held = take(folder.path(), &at_once()).unwrap();
        assert!(held.is_some());
        assert_eq!(
            take(folder.path(), &at_once()).err().map(|f| f.exit),
            Some(Exit::TryLater)
        );
        drop(held);
        assert!(take(folder.path(), &at_once()).unwrap().is_some());
        assert!(!folder.path().join(NAME).exists());
    }

    #[test]
    fn a_lock_of_a_dead_run_of_ours_is_taken_over_and_one_of_the_originals_is_not() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(NAME)).unwrap();
        assert!(take(folder.path(), &at_once()).is_err());
        fs::write(folder.path().join(NAME).join(OWNER), "").unwrap();
        assert!(take(folder.path(), &at_once()).unwrap().is_some());
    }

    #[test]
    fn flocks_file_counts_too() {
        let folder = tempfile::tempdir().unwrap();
        let file = File::create(folder.path().join(NAME)).unwrap();
        file.lock().unwrap();
        assert!(take(folder.path(), &at_once()).is_err());
        file.unlock().unwrap();
        assert!(take(folder.path(), &at_once()).unwrap().is_some());
        assert!(folder.path().join(NAME).exists());
    }
}
