//! A copy of an archive beside it, and back: the journal and the mail that waits. What is derived is not
//! copied.
//!
//! 1. Mail that waits goes first: what is taken in meanwhile is in the journal by the time that is copied.
//!    A mail that comes by both ways is a duplicate, and kept once.
//! 2. Then the journal's segments, in order. Sealed ones are copied once; one that a purge or packing wrote
//!    anew, and the last one, are copied again. A reader of a segment has it whole, whatever happens beside.
//! 3. Each copy is verified before it takes the older one's place: a damaged file never does.
//! 4. The marker is written last.
//!
//! No lock of the archive is held, so deliveries, imports and the server go on.

use crate::dir::{self, Access, io_error, is_archive, sync_dir, temp_name};
use crate::journal::{self, FileJournal};
use crate::spool::DirSpool;
use crate::{lock, netfs};
use posthoc_store::{Journal, Result, StoreError};
use std::collections::BTreeSet;
use std::fs::{self, File, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long another copy into the same folder is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a copy did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Records of the journal that the copy holds.
    pub records: u64,
    /// Mails that wait in it to be taken in.
    pub waiting: u64,
    /// Files that were written, and their bytes.
    pub files: u64,
    /// See `files`.
    pub bytes: u64,
    /// Files of an earlier copy that had not changed.
    pub unchanged: u64,
    /// What is damaged in the archive copied from, a sentence each. An earlier copy's file stays in the
    /// place of a damaged one.
    pub damage: Vec<String>,
}

/// Why a folder cannot be copied to.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// It is the archive itself.
    #[error("{0} is the archive itself")]
    Same(PathBuf),
    /// It holds other files, and no copy.
    #[error("{dir} holds other files ({file})")]
    Foreign {
        /// The folder.
        dir: PathBuf,
        /// One of the files.
        file: String,
    },
    /// It holds a copy of another archive, or of more than there is here.
    #[error("{0} holds a copy of another archive, or of more than is here")]
    Other(PathBuf),
    /// What storage refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Copies the archive in `from` to the folder `to`: new, empty, or an earlier copy of the same archive, of
/// which only what has changed is written. `settings` are files and folders of the archive's folder that
/// are copied beside, where they are there. `progress` hears bytes done, and of how many.
///
/// The copy is an archive: it can be opened where it lies, and copied back by this function too.
///
/// # Errors
/// [`CopyError`]; damage in `from` is no error, but told in the report.
pub fn copy_archive(
    from: &Path,
    to: &Path,
    settings: &[&str],
    progress: &mut dyn FnMut(u64, u64),
) -> std::result::Result<Copied, CopyError> {
    dir::check_marker(from)?;
    make_folder(from, to)?;
    refuse_others(from, to, settings)?;
    let access = Access::of(to)?;
    let _lock = lock::take(&to.join("lock"), &access, PATIENCE)?;
    refuse_another(from, to, &access)?;
    DirSpool::create(&to.join("incoming"), access)?;
    let mut copy = Copy {
        access,
        done: Copied::default(),
        looked_at: 0,
        total: 0,
        progress,
    };
    let waiting = copy.waiting(from, to)?;
    copy.journal(from, to)?;
    forget_taken_in(to, &waiting)?;
    for name in settings {
        copy.tree(&from.join(name), &to.join(name))?;
    }
    sync_dir(to)?;
    if !is_archive(to) {
        dir::write_marker(to, &access)?;
        dir::sync_parent(to)?;
    }
    copy.done.records = FileJournal::open(&to.join("journal"), access, journal::LIMITS)?
        .generation()?
        .0;
    copy.done.waiting = waiting.len() as u64;
    Ok(copy.done)
}

/// Makes an archive of a copy: as [`copy_archive`], but not on a network file system, where a copy may lie
/// and no archive.
///
/// # Errors
/// As [`copy_archive`], and [`StoreError::NetworkFs`].
pub fn restore_archive(
    from: &Path,
    to: &Path,
    settings: &[&str],
    progress: &mut dyn FnMut(u64, u64),
) -> std::result::Result<Copied, CopyError> {
    dir::check_marker(from)?;
    make_folder(from, to)?;
    netfs::refuse_network(to)?;
    copy_archive(from, to, settings, progress)
}

/// Makes the folder of a copy when it is not there. Nobody may read the copy who may not read the archive.
fn make_folder(from: &Path, to: &Path) -> Result<()> {
    if to.is_dir() {
        return Ok(());
    }
    dir::make_root(to)?;
    let mode = fs::metadata(from).map_err(io_error("open", from))?.mode();
    let mode = Permissions::from_mode(mode & 0o7777);
    fs::set_permissions(to, mode).map_err(io_error("create", to))
}

/// A folder with other people's files is not filled by a slip of the finger.
fn refuse_others(from: &Path, to: &Path, settings: &[&str]) -> std::result::Result<(), CopyError> {
    let real = |path: &Path| fs::canonicalize(path).map_err(io_error("open", path));
    if real(from)? == real(to)? {
        return Err(CopyError::Same(to.to_owned()));
    }
    if is_archive(to) {
        return Ok(());
    }
    let ours = ["lock", "journal", "incoming", "lost+found"];
    for entry in fs::read_dir(to).map_err(io_error("list", to))? {
        let name = entry.map_err(io_error("list", to))?.file_name();
        let name = name.to_string_lossy().into_owned();
        let known =
            ours.iter().chain(settings).any(|ours| *ours == name) || name.starts_with(dir::MARKER);
        if !known {
            return Err(CopyError::Foreign {
                dir: to.to_owned(),
                file: name,
            });
        }
    }
    Ok(())
}

/// An earlier copy begins with the record with which the archive begins, and has no more of them.
fn refuse_another(from: &Path, to: &Path, access: &Access) -> std::result::Result<(), CopyError> {
    if !is_archive(to) {
        return Ok(());
    }
    dir::check_marker(to)?;
    let open = |dir: &Path| FileJournal::open(&dir.join("journal"), *access, journal::LIMITS);
    let (here, there) = (open(from)?, open(to)?);
    let (length, copied) = (here.generation()?, there.generation()?);
    if copied.0 == 0 {
        return Ok(());
    }
    let others = match (here.read(0), there.read(0)) {
        (Ok(here), Ok(there)) => here.head != there.head,
        // What is damaged is told when it is copied, and replaces nothing.
        (Err(StoreError::Damaged { .. }), _) | (_, Err(StoreError::Damaged { .. })) => false,
        (Err(StoreError::NoRecord(_)), _) => !here.has_bad_tail(),
        (Err(error), _) | (_, Err(error)) => return Err(error.into()),
    };
    if others || (copied > length && !here.has_bad_tail()) {
        return Err(CopyError::Other(to.to_owned()));
    }
    Ok(())
}

/// A copy on its way.
struct Copy<'a> {
    access: Access,
    done: Copied,
    /// Bytes of the journal that were looked at, and of how many.
    looked_at: u64,
    total: u64,
    progress: &'a mut dyn FnMut(u64, u64),
}

impl Copy<'_> {
    /// The mails that wait; answers their names.
    fn waiting(&mut self, from: &Path, to: &Path) -> Result<BTreeSet<String>> {
        let (from, to) = (from.join("incoming/new"), to.join("incoming/new"));
        let mut names = BTreeSet::new();
        for name in names_in(&from)? {
            match self.file(&from.join(&name), &to.join(&name), &mut |_| Ok(true)) {
                Ok(()) => {
                    names.insert(name);
                }
                // It was taken in just now.
                Err(StoreError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        sync_dir(&to)?;
        Ok(names)
    }

    /// The segments, in order. One that is begun meanwhile belongs to the next copy.
    fn journal(&mut self, from: &Path, to: &Path) -> Result<()> {
        let (from, to) = (from.join("journal"), to.join("journal"));
        self.access.make_dir(&to)?;
        let segments = journal::segments(&from)?;
        for (_, path) in &segments {
            self.total += fs::metadata(path).map_or(0, |about| about.len());
        }
        for (nth, (number, path)) in segments.iter().enumerate() {
            let Some(name) = path.file_name() else {
                continue;
            };
            let last = nth + 1 == segments.len();
            let there = to.join(name);
            let mut damage = Vec::new();
            self.file(path, &there, &mut |copy| {
                journal::verify_segment_file(copy, *number, last, &mut |found| {
                    damage.push(found.to_string());
                })?;
                Ok(damage.is_empty() || !there.exists())
            })?;
            self.done.damage.extend(damage);
            self.looked_at += fs::metadata(path).map_or(0, |about| about.len());
            (self.progress)(self.looked_at, self.total.max(self.looked_at));
        }
        sync_dir(&to)
    }

    /// A file or folder of settings.
    fn tree(&mut self, from: &Path, to: &Path) -> Result<()> {
        let mut waiting = vec![(from.to_owned(), to.to_owned())];
        while let Some((from, to)) = waiting.pop() {
            if from.is_dir() {
                self.access.make_dir(&to)?;
                let here = names_in(&from)?;
                for gone in names_in(&to)?
                    .into_iter()
                    .filter(|name| !here.contains(name))
                {
                    let gone = to.join(gone);
                    if gone.is_file() {
                        fs::remove_file(&gone).map_err(io_error("remove", &gone))?;
                    }
                }
                waiting.extend(here.iter().map(|name| (from.join(name), to.join(name))));
                sync_dir(&to)?;
            } else if from.is_file() {
                // There may be secrets in it: who may read it is its own affair.
                let about = fs::metadata(&from).map_err(io_error("read", &from))?;
                self.file(&from, &to, &mut |copy| {
                    fs::set_permissions(copy, about.permissions())
                        .map_err(io_error("write", copy))?;
                    Ok(true)
                })?;
            }
        }
        Ok(())
    }

    /// One file, whole or not at all, where the one that is there is another: told by length and time of
    /// writing, which the copy keeps. `keep` looks at the copy before it takes the other's place.
    fn file(
        &mut self,
        from: &Path,
        to: &Path,
        keep: &mut dyn FnMut(&Path) -> Result<bool>,
    ) -> Result<()> {
        let source = File::open(from).map_err(io_error("open", from))?;
        let about = source.metadata().map_err(io_error("read", from))?;
        let written = about.modified().map_err(io_error("read", from))?;
        let same = fs::metadata(to).is_ok_and(|there| {
            there.len() == about.len() && there.modified().ok() == Some(written)
        });
        if same {
            self.done.unchanged += 1;
            return Ok(());
        }
        let temp = temp_name(to);
        let copied = (|| -> Result<bool> {
            let mut file = self
                .access
                .create_new(&temp)
                .map_err(io_error("write", &temp))?;
            // What is appended meanwhile is for the next copy.
            let mut source = source.take(about.len());
            io::copy(&mut source, &mut file).map_err(io_error("copy", from))?;
            file.set_modified(written)
                .map_err(io_error("write", &temp))?;
            file.sync_all().map_err(io_error("write", &temp))?;
            keep(&temp)
        })();
        let kept = copied.and_then(|kept| match kept {
            true => fs::rename(&temp, to)
                .map(|()| true)
                .map_err(io_error("write", to)),
            false => Ok(false),
        });
        if !matches!(kept, Ok(true)) {
            // The half file is of no use; that it cannot be removed changes nothing.
            let _ = fs::remove_file(&temp);
        }
        if kept? {
            self.done.files += 1;
            self.done.bytes += about.len();
        }
        Ok(())
    }
}

/// Removes mails of an earlier copy that have been taken in since: the journal has them now.
fn forget_taken_in(to: &Path, waiting: &BTreeSet<String>) -> Result<()> {
    let folder = to.join("incoming/new");
    for name in names_in(&folder)? {
        let path = folder.join(&name);
        if !waiting.contains(&name) {
            fs::remove_file(&path).map_err(io_error("remove", &path))?;
        }
    }
    sync_dir(&folder)
}

/// Names in a folder, rising; none when there is no folder.
fn names_in(dir: &Path) -> Result<BTreeSet<String>> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        entries => entries.map_err(io_error("list", dir))?,
    };
    let mut names = BTreeSet::new();
    for entry in entries {
        let name = entry.map_err(io_error("list", dir))?.file_name();
        names.extend(name.to_str().map(str::to_owned));
    }
    Ok(names)
}
