//! `backup`, `restore`.

use crate::args::{BackupArgs, Global, RestoreArgs};
use crate::config::{FILE, LISTS};
use crate::exit::{Exit, Failure};
use crate::open::{absolute, place};
use crate::term::{self, Progress};
use crate::theme::{FOLDER, STRINGS};
use posthoc_embedded::{Copied, CopyError, copy_archive, is_archive, restore_archive};
use serde_json::json;
use std::path::Path;

/// What of the archive's folder is settings.
const SETTINGS: [&str; 4] = [FILE, LISTS, FOLDER, STRINGS];

pub(crate) fn backup(global: &Global, backup: &BackupArgs) -> Result<Exit, Failure> {
    let place = place(global)?;
    let to = absolute(&backup.dir);
    let copied = told(global, "backup", |progress| {
        copy_archive(&place.dir, &to, &SETTINGS, progress)
    })?;
    let elsewhere = place.config.file.as_deref().and_then(Path::parent);
    if let Some(home) = elsewhere.filter(|home| *home != place.dir) {
        let home = home.display();
        term::note(
            global,
            &format!(
                "the configuration in {home} is not in the archive's folder: keep a copy of it too"
            ),
        );
    }
    tell(global, &copied, &to, "")
}

pub(crate) fn restore(global: &Global, restore: &RestoreArgs) -> Result<Exit, Failure> {
    let place = place(global)?;
    let from = absolute(&restore.dir);
    if is_archive(&place.dir) {
        return Err(Failure::new(
            Exit::CannotCreate,
            format!(
                "{} is an archive already; name a new or empty folder with -a",
                place.dir.display()
            ),
        ));
    }
    place.refuse_foreign()?;
    let to = place.dir.clone();
    let copied = told(global, "restore", |progress| {
        restore_archive(&from, &to, &SETTINGS, progress)
    })?;
    // What was restored has settings of its own.
    let opened = crate::open::place(&Global {
        archive: Some(to.clone()),
        ..global.clone()
    })?
    .open()?;
    posthoc_archive::rebuild(opened.store.as_ref(), &opened.limits, !restore.no_index)?;
    opened.refresh(global);
    tell(
        global,
        &copied,
        &to,
        "; its rows and words were derived again",
    )
}

/// Copies, with progress; what cannot be copied, in words.
fn told(
    global: &Global,
    verb: &'static str,
    copy: impl FnOnce(&mut dyn FnMut(u64, u64)) -> Result<Copied, CopyError>,
) -> Result<Copied, Failure> {
    let progress = Progress::new(global, verb);
    let copied = copy(&mut |done, of| progress.at(done, of, || term::size(done)));
    copied.map_err(|error| {
        let remedy = match error {
            CopyError::Store(error) => return error.into(),
            CopyError::Same(_) => "name another folder",
            CopyError::Foreign { .. } => "name a new or empty folder, or an earlier backup",
            CopyError::Other(_) => "name a new folder; this one was left as it is",
        };
        Failure::new(Exit::CannotCreate, format!("{error}; {remedy}"))
    })
}

/// Status 1 when what was copied is damaged: it was copied all the same, as far as nothing better was
/// there.
fn tell(global: &Global, copied: &Copied, to: &Path, more: &str) -> Result<Exit, Failure> {
    let exit = match copied.damage.is_empty() {
        true => Exit::Done,
        false => Exit::No,
    };
    if global.json {
        term::json(&json!({
            "folder": to,
            "records": copied.records,
            "waiting": copied.waiting,
            "files": copied.files,
            "bytes": copied.bytes,
            "unchanged": copied.unchanged,
            "damage": copied.damage,
        }))?;
        return Ok(exit);
    }
    for damage in &copied.damage {
        term::print(&format!("damaged: {}\n", term::line(damage)))?;
    }
    if !global.quiet {
        let waiting = match copied.waiting {
            0 => String::new(),
            waiting => format!(" and {}", term::count(waiting, "waiting mail")),
        };
        term::print(&format!(
            "{}{waiting} in {}: {} written in {}, {} unchanged{more}\n",
            term::count(copied.records, "record"),
            term::line(&to.display().to_string()),
            term::size(copied.bytes),
            term::count(copied.files, "file"),
            copied.unchanged,
        ))?;
    }
    Ok(exit)
}
