//! The archive's folder: its marker, and files that every user of its group can go on with.

use posthoc_store::{Result, StoreError};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Name of the file that makes a folder an archive.
pub const MARKER: &str = "posthoc-archive";
/// Newest format that is known here.
const FORMAT: u32 = 1;
const GROUP_WRITE: u32 = 0o020;
const OTHER_WRITE: u32 = 0o002;
const SETGID: u32 = 0o2000;

/// What the marker file says.
#[derive(Serialize, Deserialize)]
struct Marker {
    kind: String,
    format: u32,
}

/// Adds action and path to an error of the operating system.
pub(crate) fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    move |source| StoreError::Io {
        action,
        path: path.to_owned(),
        source,
    }
}

/// Whether the folder has an archive's marker, of any format.
pub fn is_archive(dir: &Path) -> bool {
    dir.join(MARKER).is_file()
}

/// Reads the marker; [`StoreError::NoArchive`] without one, [`StoreError::Newer`] when a later program
/// made it.
pub(crate) fn check_marker(dir: &Path) -> Result<()> {
    let path = dir.join(MARKER);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(e)
            if matches!(
                e.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Err(StoreError::NoArchive(dir.to_owned()));
        }
        Err(e) => return Err(io_error("read", &path)(e)),
    };
    let marker: Marker = serde_json::from_slice(&bytes).map_err(|e| StoreError::Damaged {
        what: format!("marker: {e}"),
        path: path.clone(),
        offset: 0,
    })?;
    if marker.kind != MARKER {
        return Err(StoreError::NoArchive(dir.to_owned()));
    }
    if marker.format > FORMAT {
        return Err(StoreError::Newer {
            path: dir.to_owned(),
            found: marker.format,
            known: FORMAT,
        });
    }
    Ok(())
}

/// Writes the marker: the last step of making an archive.
pub(crate) fn write_marker(dir: &Path, access: &Access) -> Result<()> {
    let marker = Marker {
        kind: MARKER.to_owned(),
        format: FORMAT,
    };
    let mut text = serde_json::to_vec(&marker).map_err(|e| StoreError::Driver {
        what: "write marker",
        message: e.to_string(),
    })?;
    text.push(b'\n');
    access.replace(&dir.join(MARKER), &text)
}

/// Makes the archive's folder when it is not there. In a folder that a group shares (its group may
/// write, others may not) the new one is shared too, whatever the umask.
pub(crate) fn make_root(dir: &Path) -> Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(dir).map_err(io_error("create", dir))?;
    let parent = dir
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let above = fs::metadata(parent).map_err(io_error("read", parent))?;
    if above.mode() & GROUP_WRITE != 0 && above.mode() & OTHER_WRITE == 0 {
        let access = Access {
            mode: above.mode() | SETGID,
            uid: above.uid(),
            gid: above.gid(),
        };
        access.settle_path(dir, access.mode & 0o2777);
    }
    Ok(())
}

/// How new files and folders are made: as the archive's own folder is. Where its group may write, every
/// file may be written by the group, whatever the umask; what root makes belongs to the folder's owner.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Access {
    mode: u32,
    uid: u32,
    gid: u32,
}

impl Access {
    /// The archive folder's.
    pub(crate) fn of(dir: &Path) -> Result<Access> {
        let meta = fs::metadata(dir).map_err(io_error("open", dir))?;
        Ok(Access {
            mode: meta.mode(),
            uid: meta.uid(),
            gid: meta.gid(),
        })
    }

    fn file_mode(&self) -> u32 {
        self.mode & 0o666
    }

    fn dir_mode(&self) -> u32 {
        let shared = if self.mode & GROUP_WRITE != 0 {
            SETGID
        } else {
            0
        };
        self.mode & 0o2777 | shared
    }

    /// Makes a folder; not an error when it is there.
    pub(crate) fn make_dir(&self, path: &Path) -> Result<()> {
        match fs::create_dir(path) {
            Ok(()) => self.settle_path(path, self.dir_mode()),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
            Err(e) => return Err(io_error("create", path)(e)),
        }
        Ok(())
    }

    /// Makes a file that must not be there yet, for writing.
    pub(crate) fn create_new(&self, path: &Path) -> io::Result<File> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(self.file_mode())
            .open(path)?;
        self.settle(&file, self.file_mode());
        Ok(file)
    }

    /// Opens a file for reading and writing, making it when it is not there.
    pub(crate) fn open_or_create(&self, path: &Path) -> io::Result<File> {
        match OpenOptions::new().read(true).write(true).open(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => match self.create_new(path) {
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                    OpenOptions::new().read(true).write(true).open(path)
                }
                made => made,
            },
            opened => opened,
        }
    }

    /// Makes the file hold these bytes, durably: after a crash it is the old one or the new one.
    pub(crate) fn replace(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        self.swap(path, bytes, true)
            .map_err(io_error("write", path))?;
        sync_parent(path)
    }

    /// As [`replace`](Access::replace), but not durable: for what can be derived again.
    pub(crate) fn replace_quickly(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.swap(path, bytes, false)
    }

    fn swap(&self, path: &Path, bytes: &[u8], sync: bool) -> io::Result<()> {
        let temp = temp_name(path);
        let write = || -> io::Result<()> {
            let mut file = self.create_new(&temp)?;
            file.write_all(bytes)?;
            if sync {
                file.sync_all()?;
            }
            fs::rename(&temp, path)
        };
        write().inspect_err(|_| drop(fs::remove_file(&temp)))
    }

    /// Brings a file that another library made to the archive's owner, group and mode.
    pub(crate) fn settle_file(&self, path: &Path) {
        self.settle_path(path, self.file_mode());
    }

    /// Brings a path of ours to the archive's owner, group and mode, as far as this user may: a user
    /// outside the group can do no more, and then the folder is not shared with them anyway.
    pub(crate) fn settle_path(&self, path: &Path, mode: u32) {
        if let Ok(file) = File::open(path) {
            self.settle(&file, mode);
        }
    }

    fn settle(&self, file: &File, mode: u32) {
        let Ok(meta) = file.metadata() else { return };
        if meta.uid() == 0 && (self.uid != 0 || self.gid != meta.gid()) {
            let _ = fchown(file, Some(self.uid), Some(self.gid));
        } else if meta.gid() != self.gid {
            let _ = fchown(file, None, Some(self.gid));
        }
        if meta.mode() & 0o7777 != mode {
            let _ = file.set_permissions(Permissions::from_mode(mode));
        }
    }
}

/// A name beside `path` that nothing else uses.
pub(crate) fn temp_name(path: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(
        ".{}-{}.new",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    ));
    path.with_file_name(name)
}

/// Removes unfinished files (see [`temp_name`]) whose names begin so. Only where all such files are
/// written under a lock that the caller holds. Failure does no harm.
pub(crate) fn sweep(dir: &Path, beginning: &str) {
    let Ok(entries) = fs::read_dir(dir) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(beginning) && name.ends_with(".new") {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Makes a folder's entries durable.
pub(crate) fn sync_dir(dir: &Path) -> Result<()> {
    File::open(dir)
        .and_then(|d| d.sync_all())
        .map_err(io_error("sync", dir))
}

/// Makes the entry of a path durable.
pub(crate) fn sync_parent(path: &Path) -> Result<()> {
    sync_dir(parent_of(path))
}

fn parent_of(path: &Path) -> &Path {
    path.parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::parent_of;
    use std::path::Path;

    #[test]
    fn a_bare_name_lies_here() {
        for (path, parent) in [("archive", "."), ("a/b", "a"), ("/a", "/"), ("/", ".")] {
            assert_eq!(parent_of(Path::new(path)), Path::new(parent));
        }
    }
}
