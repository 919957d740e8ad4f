//! What a run has begun to write, line by line, in `.posthoc/writing`. The file is there only while a run
//! writes, so the next run finds in it all that a killed one may have left: half files beside those that
//! they were to become, and files that no table of the manifest names, which would otherwise stay for ever,
//! whatever was taken down meanwhile. Nothing else in the folder is looked at.

use super::write::{delete, file_error, temporary};
use crate::error::Result;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Component, Path};
use std::sync::{Mutex, PoisonError};

/// The file's name, in the manifest's folder.
const NAME: &str = "writing";
/// Before the path of a page, which the manifest owns.
const PAGE: &str = "page ";
/// Before the path of another file.
const FILE: &str = "file ";

/// The open log of a run.
pub(super) struct Log(Mutex<fs::File>);

impl Log {
    /// Goes on with the log that is there, so that a second kill is made good too.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        let path = folder.join(NAME);
        let file = fs::File::options().create(true).append(true).open(&path);
        let mut file = file.map_err(|error| file_error("write", &path, error))?;
        // The last line of a killed run may be half.
        file.write_all(b"\n")
            .map_err(|error| file_error("write", &path, error))?;
        Ok(Log(Mutex::new(file)))
    }

    /// A page is about to be written.
    pub(super) fn page(&self, path: &str) -> Result<()> {
        self.line(PAGE, path)
    }

    /// A file that no table names is about to be written.
    pub(super) fn file(&self, path: &str) -> Result<()> {
        self.line(FILE, path)
    }

    fn line(&self, kind: &str, path: &str) -> Result<()> {
        let line = format!("{kind}{path}\n");
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let written = file.write_all(line.as_bytes());
        written.map_err(|error| file_error("write", Path::new(NAME), error))
    }
}

/// Whether a run was killed.
pub(super) fn is_there(folder: &Path) -> bool {
    folder.join(NAME).exists()
}

/// Takes the log away: all that it names is whole, and named elsewhere.
pub(super) fn remove(folder: &Path) -> Result<()> {
    delete(folder, NAME)
}

/// Deletes the half files of a killed run; answers the pages that it has begun and that are there.
pub(super) fn recover(folder: &Path, out: &Path) -> Result<Vec<String>> {
    if !is_there(folder) {
        return Ok(Vec::new());
    }
    // The manifest's own folders hold nothing of others.
    for own in [folder.to_owned(), folder.join("files")] {
        for entry in fs::read_dir(&own).into_iter().flatten().flatten() {
            if entry
                .file_name()
                .as_encoded_bytes()
                .starts_with(b".posthoc-")
            {
                remove_half(&entry.path())?;
            }
        }
    }
    let path = folder.join(NAME);
    let bytes = fs::read(&path).map_err(|error| file_error("read", &path, error))?;
    let text = String::from_utf8_lossy(&bytes);
    // Behind the last line end may be half a line, of a file that was not begun.
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let mut pages = Vec::new();
    for line in whole.lines() {
        let page = line.strip_prefix(PAGE);
        let Some(path) = page.or_else(|| line.strip_prefix(FILE)) else {
            continue;
        };
        if path.is_empty() || !is_inside(path) {
            continue;
        }
        let file = out.join(path);
        remove_half(&temporary(&file))?;
        if page.is_some() && fs::symlink_metadata(&file).is_ok() {
            pages.push(path.to_owned());
        }
    }
    Ok(pages)
}

fn is_inside(path: &str) -> bool {
    let mut steps = Path::new(path).components();
    steps.all(|step| matches!(step, Component::Normal(_)))
}

fn remove_half(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Err(file_error("delete", file, error))
        }
        _ => Ok(()),
    }
}
