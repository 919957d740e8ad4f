//! Files of the site.

use super::manifest::Manifest;
use crate::error::{ArchiveError, Result};
use posthoc_core::page::Page;
use posthoc_core::route::Route;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What became of one route.
pub(super) enum Outcome {
    /// The file has these bytes already.
    Same(String),
    /// Written; with its validator.
    Written(String, String),
    /// No page any more.
    Gone(String),
    /// Left as it is for a later run.
    Late(String),
}

pub(super) fn file_error(action: &'static str, path: &Path, source: io::Error) -> ArchiveError {
    ArchiveError::File {
        action,
        path: path.to_owned(),
        source,
    }
}

/// Writes a page unless its file has the same bytes: told by the manifest, and by the file itself
/// where the manifest does not know it.
pub(super) fn page(
    out: &Path,
    path: String,
    page: &Page,
    manifest: &Manifest,
    dry_run: bool,
) -> Result<Outcome> {
    let file = out.join(&path);
    let known = manifest.hash(&path)?;
    let is_there = || match manifest.is_doubted() {
        true => fs::read(&file).is_ok_and(|there| there == page.bytes),
        false => file.exists(),
    };
    if known.as_deref() == Some(&page.validator) && is_there() {
        return Ok(Outcome::Same(path));
    }
    if !dry_run {
        manifest.begin_page(&path)?;
    }
    let written = Outcome::Written(path, page.validator.clone());
    match known {
        Some(_) => {}
        None if dry_run => return Ok(written),
        None if matches!(page.route, Route::Attachment(..)) && link(&file, &page.bytes) => {
            return Ok(written);
        }
        None if manifest.is_read() => {
            if fs::read(&file).is_ok_and(|bytes| bytes == page.bytes) {
                return Ok(written);
            }
        }
        // Not known to be ours, in a folder that nobody reads yet, so it may be written in place: half a
        // file, after a crash, is not in the manifest and is replaced.
        None => match create(&file, &page.bytes) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if fs::read(&file).is_ok_and(|bytes| bytes == page.bytes) {
                    return Ok(written);
                }
            }
            Err(error) => return Err(file_error("write", &file, error)),
            Ok(()) => return Ok(written),
        },
    }
    if !dry_run {
        replace(&file, &page.bytes)?;
    }
    Ok(written)
}

/// Gives a file that is not there the bytes of one beside it, when that has the same: an attachment
/// under another name. Whatever forbids it, the file can still be written.
fn link(file: &Path, bytes: &[u8]) -> bool {
    let beside = file.parent().and_then(|folder| fs::read_dir(folder).ok());
    let same = |other: &Path| {
        let length = fs::metadata(other).map(|about| about.len());
        length.is_ok_and(|length| length == bytes.len() as u64)
            && fs::read(other).is_ok_and(|there| there == bytes)
    };
    beside
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .any(|other| other != file && same(&other) && fs::hard_link(&other, file).is_ok())
}

/// Writes a file that is not there, and its folder when need be.
fn create(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let create = || fs::File::create_new(file);
    let mut handle = match create() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(file.parent().unwrap_or(file))?;
            create()?
        }
        other => other?,
    };
    handle.write_all(bytes)
}

/// Puts a file in place whole: a reader meets the old bytes or the new ones.
pub(super) fn replace(file: &Path, bytes: &[u8]) -> Result<()> {
    let temporary = temporary(file);
    let write = || -> io::Result<()> {
        let mut handle = fs::File::create(&temporary)?;
        handle.write_all(bytes)
    };
    let written = match write() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = file.parent().unwrap_or(file);
            fs::create_dir_all(folder).map_err(|error| file_error("create", folder, error))?;
            write()
        }
        other => other,
    };
    if let Err(error) = written.and_then(|()| fs::rename(&temporary, file)) {
        // The half file is of no use to anybody; that it cannot be removed changes nothing.
        let _ = fs::remove_file(&temporary);
        return Err(file_error("write", file, error));
    }
    Ok(())
}

/// Beside a file, what it is until it is whole.
pub(super) fn temporary(file: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".posthoc-");
    name.push(file.file_name().unwrap_or_default());
    file.with_file_name(name)
}

/// Deletes a file, and the folders that are empty then.
pub(super) fn delete(out: &Path, path: &str) -> Result<()> {
    let file = out.join(path);
    match fs::remove_file(&file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(file_error("delete", &file, error));
        }
        _ => {}
    }
    let mut folder = file.parent();
    while let Some(at) = folder.filter(|at| *at != out && at.starts_with(out)) {
        if fs::remove_dir(at).is_err() {
            break;
        }
        folder = at.parent();
    }
    Ok(())
}
