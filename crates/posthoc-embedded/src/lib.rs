//! The ports for one machine: journal files, SQLite, a spool folder and a lock.
//!
//! ```text
//! DIR/
//!   posthoc-archive      {"kind":"posthoc-archive","format":1}: makes the folder an archive
//!   lock                 flock(2): one writer at a time
//!   journal/             the truth
//!     00000001.seg       a segment of about 256 MiB: header and frames of records; the last one grows,
//!                        the others never change (but are packed once, when they are sealed)
//!     00000001.idx       its frames' places; derived
//!   catalog.sqlite       derived rows (and -wal, -shm)
//!   index/               words; derived
//!   incoming/            accepted mail that waits: tmp/, new/
//! ```
//!
//! What is derived may be deleted. A plain copy of the folder, taken at any moment, opens at its last whole
//! record.
//!
//! Users: whoever may write the folder may write all in it. To share an archive, make its folder
//! group-writable before `init` (`install -d -g GROUP -m 2775 DIR`); files then are made group-writable
//! whatever the umask is, and what root makes belongs to the folder's owner.

#[cfg(not(unix))]
compile_error!("posthoc-embedded needs flock, positioned reads and file modes");

mod backup;
mod catalog;
mod dir;
#[cfg(test)]
mod formats;
mod index;
mod journal;
mod lock;
mod netfs;
mod spool;
#[cfg(test)]
mod tests;

pub use backup::{Copied, CopyError, copy_archive, restore_archive};
pub use dir::{MARKER, is_archive};
pub use journal::Repaired;

use catalog::SqliteCatalog;
use dir::{Access, io_error};
use index::TantivyIndex;
use journal::FileJournal;
use posthoc_store::{Catalog, Guard, Index, Journal, Result, Spool, Store, StoreError};
use spool::DirSpool;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

/// How long `create` and `open` wait for the lock where they need it.
const OPENING: Duration = Duration::from_secs(10);

/// An archive in a folder.
pub struct EmbeddedStore {
    dir: PathBuf,
    access: Access,
    journal: FileJournal,
    catalog: SqliteCatalog,
    index: TantivyIndex,
    spool: DirSpool,
    swept: Once,
}

impl EmbeddedStore {
    /// Makes an archive in `dir` (made too when it is not there; other files in it are left alone) and opens
    /// it.
    ///
    /// Fails with `AlreadyExists` in [`StoreError::Io`] when there is one, with
    /// [`StoreError::NetworkFs`] on a network file system. The marker is written last: an interrupted
    /// `create` leaves no archive, and can be run again.
    pub fn create(dir: &Path) -> Result<EmbeddedStore> {
        dir::make_root(dir)?;
        netfs::refuse_network(dir)?;
        let access = Access::of(dir)?;
        let _lock = lock::take(&dir.join("lock"), &access, OPENING)?;
        if is_archive(dir) {
            return Err(io_error("create archive in", dir)(
                std::io::ErrorKind::AlreadyExists.into(),
            ));
        }
        FileJournal::create(&dir.join("journal"), access)?;
        DirSpool::create(&dir.join("incoming"), access)?;
        let store = EmbeddedStore::assemble(dir, access)?;
        if !store.catalog.is_usable()? {
            store.catalog.recreate()?;
        }
        dir::sweep(dir, dir::MARKER);
        dir::write_marker(dir, &access)?;
        dir::sync_parent(dir)?;
        Ok(store)
    }

    /// Opens the archive in `dir`, also one that this user may only read.
    ///
    /// Takes the lock only when the catalog must be begun anew (it is missing, damaged or of another
    /// schema). Errors: [`StoreError::NoArchive`], [`StoreError::Newer`], [`StoreError::NetworkFs`].
    pub fn open(dir: &Path) -> Result<EmbeddedStore> {
        dir::check_marker(dir)?;
        netfs::refuse_network(dir)?;
        let store = EmbeddedStore::assemble(dir, Access::of(dir)?)?;
        if !store.catalog.is_usable()? {
            let _lock = lock::take(&dir.join("lock"), &store.access, OPENING)?;
            if !store.catalog.is_usable()? {
                store.catalog.recreate()?;
            }
        }
        Ok(store)
    }

    fn assemble(dir: &Path, access: Access) -> Result<EmbeddedStore> {
        Ok(EmbeddedStore {
            dir: dir.to_owned(),
            access,
            journal: FileJournal::open(&dir.join("journal"), access, journal::LIMITS)?,
            catalog: SqliteCatalog::new(&dir.join("catalog.sqlite"), access),
            index: TantivyIndex::new(&dir.join("index"), access),
            spool: DirSpool::open(&dir.join("incoming"), access),
            swept: Once::new(),
        })
    }

    /// The archive's folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Packs single deliveries in sealed segments into blocks, where that was not done when they were
    /// sealed. Only under the lock.
    pub fn repack(&self) -> Result<()> {
        self.journal.repack()
    }

    /// Mends the journal as far as that can be done: damaged segments from a backup's folder, and a bad end
    /// by setting it aside. The store must be opened anew afterwards, also by other processes.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another writes for as long as `wait`, [`StoreError::NoArchive`] when the
    /// backup is none, and what the file system refuses.
    pub fn repair(&self, backup: Option<&Path>, wait: Duration) -> Result<Repaired> {
        let _lock = lock::take(&self.dir.join("lock"), &self.access, wait)?;
        if let Some(backup) = backup {
            dir::check_marker(backup)?;
        }
        let backup = backup.map(|dir| dir.join("journal"));
        journal::repair(&self.dir.join("journal"), &self.access, backup.as_deref())
    }

    /// A catalog or index that is ahead of the journal was derived from records that are gone: a copy
    /// caught them at different moments. It must go before other records get their numbers. But when the
    /// journal ends in bytes that may be its damaged last batch, nobody may write.
    fn forget_lost_records(&self) -> Result<()> {
        let reached = self.journal.generation()?;
        let catalog_is_ahead = match self.catalog.snapshot() {
            Ok(snapshot) => snapshot.generation() > reached,
            // The verbs see that when they read it.
            Err(StoreError::Damaged { .. }) => false,
            Err(e) => return Err(e),
        };
        let index_is_ahead = self.index.claimed()? > reached;
        if (catalog_is_ahead || index_is_ahead) && self.journal.has_bad_tail() {
            return Err(self.journal.bad_tail());
        }
        if catalog_is_ahead {
            self.catalog.clear()?;
        }
        if index_is_ahead {
            self.index.clear()?;
        }
        Ok(())
    }
}

impl Store for EmbeddedStore {
    fn journal(&self) -> &dyn Journal {
        &self.journal
    }

    fn catalog(&self) -> &dyn Catalog {
        &self.catalog
    }

    fn index(&self) -> &dyn Index {
        &self.index
    }

    fn spool(&self) -> &dyn Spool {
        &self.spool
    }

    fn lock(&self, wait: Duration) -> Result<Box<dyn Guard + '_>> {
        let guard = lock::take(&self.dir.join("lock"), &self.access, wait)?;
        self.swept.call_once(|| {
            self.spool.sweep();
            self.journal.sweep();
        });
        self.forget_lost_records()?;
        Ok(Box::new(guard))
    }
}
