//! The one advisory lock: flock(2) on the file `lock`. The system drops it with the process.

use crate::dir::{Access, io_error};
use posthoc_store::{Guard, Result, StoreError};
use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

/// Time between two tries.
const POLL: Duration = Duration::from_millis(5);

/// Holds the lock; each has a file description of its own, so threads of one process exclude each other
/// too.
pub(crate) struct LockGuard {
    _file: File,
}

impl Guard for LockGuard {}

/// Takes the lock, trying for at most `wait`.
pub(crate) fn take(path: &Path, access: &Access, wait: Duration) -> Result<LockGuard> {
    let file = access
        .open_or_create(path)
        .map_err(io_error("lock", path))?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(LockGuard { _file: file }),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(e)) => return Err(io_error("lock", path)(e)),
        }
        let left = wait.saturating_sub(start.elapsed());
        if left.is_zero() {
            return Err(StoreError::Locked);
        }
        std::thread::sleep(POLL.min(left));
    }
}
