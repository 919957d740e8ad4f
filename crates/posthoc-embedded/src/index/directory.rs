//! The engine's files, made so that every user of the archive can go on with them.
//!
//! The engine writes its state through temporary files that only their maker may read; an archive may
//! be shared by a group. And a reader without the right to write must still read.

use super::window::Windowed;
use crate::dir::Access;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};

/// How files are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// Mapped into memory, for questions, which come back to the same pages.
    Mapped,
    /// By pieces, for merges, which go through all of it once.
    Windowed,
}

/// A folder whose files are settled.
#[derive(Clone)]
pub(super) struct Shared {
    inner: MmapDirectory,
    dir: PathBuf,
    access: Access,
    reading: Reading,
}

impl Shared {
    /// Over a folder that is there.
    pub(super) fn open(dir: &Path, access: Access, reading: Reading) -> tantivy::Result<Shared> {
        Ok(Shared {
            inner: MmapDirectory::open(dir)?,
            dir: dir.to_owned(),
            access,
            reading,
        })
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Shared").field(&self.dir).finish()
    }
}

impl Directory for Shared {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        match self.reading {
            Reading::Mapped => self.inner.get_file_handle(path),
            Reading::Windowed => Ok(Arc::new(Windowed::open(&self.dir.join(path))?)),
        }
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let file = self.inner.open_write(path)?;
        self.access.settle_file(&self.dir.join(path));
        Ok(file)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.inner.atomic_write(path, data)?;
        self.access.settle_file(&self.dir.join(path));
        Ok(())
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        let path = self.dir.join(&lock.filepath);
        let is_new = !path.exists();
        match self.inner.acquire_lock(lock) {
            Ok(held) => {
                if is_new {
                    self.access.settle_file(&path);
                }
                Ok(held)
            }
            // A reader that may not write goes without: at worst it sees a file vanish, and looks again.
            Err(LockError::IoError(error)) if lock.is_blocking && is_denied(&error) => {
                Ok(DirectoryLock::from(Box::new(())))
            }
            Err(error) => Err(error),
        }
    }

    fn watch(&self, watch_callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(watch_callback)
    }
}

fn is_denied(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
    )
}
