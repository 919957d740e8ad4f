//! Runs of words between gathering and building: in memory, and on the disk when they are many.

use super::write::{file_error, replace};
use crate::error::Result;
use posthoc_core::query::{Run, Span};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Bytes of runs that are kept in memory.
const KEPT: usize = 16 << 20;

/// What a run belongs to: a list's number, and a stretch of its mails.
pub(super) type Of = (u32, Span);

/// All runs of one publishing.
pub(super) struct Runs {
    /// Where those go that are too many; nowhere in a dry run, which writes nothing.
    folder: Option<PathBuf>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    runs: BTreeMap<Of, Vec<Place>>,
    bytes: usize,
    files: usize,
}

enum Place {
    Memory(Run),
    File(PathBuf),
}

impl Runs {
    /// Takes away what a killed run has left.
    pub(super) fn new(out: &Path, dry_run: bool) -> Result<Self> {
        let folder = out.join(".posthoc/runs");
        if !dry_run {
            remove(&folder)?;
        }
        Ok(Runs {
            folder: (!dry_run).then_some(folder),
            held: Mutex::default(),
        })
    }

    pub(super) fn push(&self, of: Of, run: Run) -> Result<()> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let place = match &self.folder {
            Some(folder) if held.bytes + run.0.len() > KEPT => {
                let file = folder.join(held.files.to_string());
                held.files += 1;
                replace(&file, &run.0)?;
                Place::File(file)
            }
            _ => {
                held.bytes += run.0.len();
                Place::Memory(run)
            }
        };
        held.runs.entry(of).or_default().push(place);
        Ok(())
    }

    /// Gives the runs of a stretch away.
    pub(super) fn take(&self, of: Of) -> Result<Vec<Run>> {
        let places = {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            held.runs.remove(&of).unwrap_or_default()
        };
        let run = |place| match place {
            Place::Memory(run) => Ok(run),
            Place::File(file) => match fs::read(&file) {
                Ok(bytes) => Ok(Run(bytes)),
                Err(error) => Err(file_error("read", &file, error)),
            },
        };
        places.into_iter().map(run).collect()
    }

    pub(super) fn finish(self) -> Result<()> {
        self.folder.map_or(Ok(()), |folder| remove(&folder))
    }
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(file_error("delete", folder, error))
        }
        _ => Ok(()),
    }
}
