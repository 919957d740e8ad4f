//! What a published folder holds that is ours: `.posthoc/state.json`, and under `.posthoc/files/` one
//! small table a folder of pages (large folders: one for each first two letters), so that one more
//! mail reads and writes a few small files whatever the archive's size. While a run writes, the `log`
//! beside them names what it has begun.

use super::PublishOptions;
use super::foreign;
use super::log::{self, Log};
use super::shards::Stretch;
use super::write::{delete, file_error, replace};
use crate::error::{ArchiveError, Result};
use posthoc_core::page::Audience;
use posthoc_store::StoreError;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

/// What a folder shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// The journal's state.
    pub(super) generation: u64,
    /// Of the site's settings and the program.
    pub(super) fingerprint: String,
    /// Of what shapes each folder's pages beside that.
    #[serde(default)]
    pub(super) lists: BTreeMap<String, String>,
    /// The stretches of each list that the search page looks into; none when it looks into nothing.
    #[serde(default)]
    pub(super) shards: Option<BTreeMap<String, Vec<Stretch>>>,
    /// Downloads that are of an earlier state.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) late: BTreeSet<String>,
    /// Written by a run that held something back, so that a whole run has something to do.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) held: bool,
}

impl State {
    /// Whether it is a state that was asked for.
    pub(super) fn shows(&self, asked: &State, options: &PublishOptions) -> bool {
        self.shards.is_none() == options.no_search
            && (options.hold || !self.held)
            && (self.generation, &self.fingerprint, &self.lists)
                == (asked.generation, &asked.fingerprint, &asked.lists)
    }
}

type Table = BTreeMap<String, String>;
/// In the place of a validator: the file's own bytes must be looked at.
const UNKNOWN: &str = "-";

/// The files of ours in a folder, and their validators.
pub(super) struct Manifest {
    folder: PathBuf,
    state: Option<State>,
    tables: Mutex<BTreeMap<String, Table>>,
    changed: BTreeSet<String>,
    /// A run before this one was killed: what files hold is told by the files alone.
    doubted: bool,
    /// What this run has begun to write; none before it writes.
    log: Option<Log>,
    /// One run at a time writes a folder.
    _lock: Option<fs::File>,
}

/// How long is waited for another run that writes the same folder.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time between two looks.
const POLL: Duration = Duration::from_millis(20);
/// Waits until no other run writes the folder.
fn lock(folder: &Path) -> Result<fs::File> {
    let path = folder.join("lock");
    let refused = |error| file_error("lock", &path, error);
    let file = fs::File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(refused)?;
    for _ in 0..PATIENCE.as_millis() / POLL.as_millis() {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(fs::TryLockError::WouldBlock) => std::thread::sleep(POLL),
            Err(fs::TryLockError::Error(error)) => return Err(refused(error)),
        }
    }
    Err(ArchiveError::Store(StoreError::Locked))
}

impl Manifest {
    /// Opens a folder's manifest. A folder that is not there is made; one that is not empty and has
    /// no manifest is somebody else's, unless it is adopted.
    pub(super) fn open(out: &Path, adopt: bool, dry_run: bool) -> Result<Self> {
        let folder = out.join(".posthoc");
        let state_file = folder.join("state.json");
        let ours = folder.is_dir();
        if !ours && !adopt && fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(foreign(out));
        }
        if !dry_run {
            let files = folder.join("files");
            fs::create_dir_all(&files).map_err(|error| file_error("create", &files, error))?;
        }
        let lock = if dry_run { None } else { Some(lock(&folder)?) };
        let state = fs::read(&state_file).ok();
        let state = state.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Ok(Manifest {
            doubted: log::is_there(&folder),
            log: None,
            folder,
            state,
            tables: Mutex::new(BTreeMap::new()),
            changed: BTreeSet::new(),
            _lock: lock,
        })
    }

    /// Makes the folder that of an audience, before a page is in it; one that is another's is refused,
    /// since its readers would come to see these pages.
    pub(super) fn claim(&self, out: &Path, audience: &Audience, dry_run: bool) -> Result<()> {
        let ours = match audience {
            Audience::Members(lists) => {
                let lists: Vec<&str> = lists.iter().map(|list| list.as_str()).collect();
                format!("members:{}", lists.join(","))
            }
            _ => "public".to_owned(),
        };
        let file = self.folder.join("audience");
        let theirs = match fs::read_to_string(&file) {
            Ok(text) => Some(text.trim().to_owned()),
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(file_error("read", &file, error));
            }
            // What was written before there were others is for everybody.
            Err(_) => self.state.is_some().then(|| "public".to_owned()),
        };
        match theirs {
            Some(theirs) if theirs != ours => Err(ArchiveError::OtherAudience {
                out: out.to_owned(),
                theirs,
            }),
            Some(_) => Ok(()),
            None if dry_run => Ok(()),
            None => replace(&file, format!("{ours}\n").as_bytes()),
        }
    }

    pub(super) fn state(&self) -> Option<&State> {
        self.state.as_ref()
    }

    /// Whether readers may be in the folder already.
    pub(super) fn is_read(&self) -> bool {
        self.state.is_some() || self.doubted
    }

    /// Whether files must be read to know what they hold.
    pub(super) fn is_doubted(&self) -> bool {
        self.doubted
    }

    /// Notes that files are about to be written; [`save`](Self::save) takes the note away. First takes
    /// over what a killed run has begun: its half files go, and its pages are ours, although no table names
    /// them. Answers those pages: nobody knows whether they are any still.
    pub(super) fn begin(&mut self, out: &Path) -> Result<Vec<String>> {
        let mut unknown = Vec::new();
        for path in log::recover(&self.folder, out)? {
            if !self.owns(&path)? {
                self.put(&path, UNKNOWN.to_owned())?;
                unknown.push(path);
            }
        }
        self.log = Some(Log::open(&self.folder)?);
        Ok(unknown)
    }

    /// Must be called before a page's file is written.
    pub(super) fn begin_page(&self, path: &str) -> Result<()> {
        self.log.as_ref().map_or(Ok(()), |log| log.page(path))
    }

    /// The same of a file that no table names.
    pub(super) fn begin_file(&self, path: &str) -> Result<()> {
        self.log.as_ref().map_or(Ok(()), |log| log.file(path))
    }

    /// The validator under which a path was written, where that is known.
    pub(super) fn hash(&self, path: &str) -> Result<Option<String>> {
        let hash = self.with(path, |table| table.get(path).cloned())?;
        Ok(hash.filter(|hash| hash != UNKNOWN))
    }

    pub(super) fn owns(&self, path: &str) -> Result<bool> {
        self.with(path, |table| table.contains_key(path))
    }

    pub(super) fn put(&mut self, path: &str, hash: String) -> Result<()> {
        self.changed.insert(table_of(path));
        self.with(path, |table| {
            table.insert(path.to_owned(), hash);
        })
    }

    pub(super) fn remove(&mut self, path: &str) -> Result<()> {
        self.changed.insert(table_of(path));
        self.with(path, |table| {
            table.remove(path);
        })
    }

    /// Every path that is ours; of these folders of the site, when given.
    pub(super) fn paths(&self, within: Option<&BTreeSet<String>>) -> Result<Vec<String>> {
        let wanted = |name: &str| {
            let folder = name.split(['/', ',']).next().unwrap_or(name);
            within.is_none_or(|folders| folders.contains(folder))
        };
        let folder = self.folder.join("files");
        let mut names: BTreeSet<String> = self.changed.clone();
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            names.insert(entry.file_name().to_string_lossy().into_owned());
        }
        let mut paths = Vec::new();
        for name in names.iter().filter(|name| wanted(name)) {
            self.with_table(name, |table| {
                paths.extend(table.keys().filter(|path| wanted(path)).cloned());
            })?;
        }
        Ok(paths)
    }

    /// The paths of ours that begin so; the beginning names a table, or is that of a list's files.
    pub(super) fn paths_under(&self, beginning: &str) -> Result<Vec<String>> {
        if let Some(list) = beginning.strip_suffix("/attachments/") {
            let mut paths = self.paths(Some(&[list.to_owned()].into()))?;
            paths.retain(|path| path.starts_with(beginning));
            return Ok(paths);
        }
        self.with(beginning, |table| {
            let from = table.range(beginning.to_owned()..);
            from.map(|(path, _)| path)
                .take_while(|path| path.starts_with(beginning))
                .cloned()
                .collect()
        })
    }

    /// Writes the tables that changed, then the state. A table that is empty goes: its name would tell
    /// which list there was.
    pub(super) fn save(&self, state: &State) -> Result<()> {
        for name in &self.changed {
            let text = self.with_table(name, |table| {
                table
                    .iter()
                    .map(|(path, hash)| format!("{hash} {path}\n"))
                    .collect::<String>()
            })?;
            let files = self.folder.join("files");
            match text.is_empty() {
                true => delete(&files, name)?,
                false => replace(&files.join(name), text.as_bytes())?,
            }
        }
        let text = serde_json::to_vec(state).unwrap_or_default();
        replace(&self.folder.join("state.json"), &text)?;
        log::remove(&self.folder)
    }

    fn with<R>(&self, path: &str, act: impl FnOnce(&mut Table) -> R) -> Result<R> {
        self.with_table(&table_of(path), act)
    }

    fn with_table<R>(&self, name: &str, act: impl FnOnce(&mut Table) -> R) -> Result<R> {
        let mut tables = self
            .tables
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if !tables.contains_key(name) {
            let text = fs::read_to_string(self.folder.join("files").join(name)).unwrap_or_default();
            let lines = text.lines().filter_map(|line| line.split_once(' '));
            let table = lines
                .map(|(hash, path)| (path.to_owned(), hash.to_owned()))
                .collect();
            tables.insert(name.to_owned(), table);
        }
        Ok(act(tables.entry(name.to_owned()).or_default()))
    }
}

/// The table of a path: its first two folders, with two letters of the name where the second is
/// `thread` or `attachments`, which hold one entry for each thread or mail of a list.
fn table_of(path: &str) -> String {
    let mut steps = path.split('/');
    let steps: Vec<&str> = [steps.next(), steps.next(), steps.next()]
        .into_iter()
        .flatten()
        .collect();
    match steps[..] {
        [list, kind @ ("thread" | "attachments"), name] => {
            format!("{list},{kind},{}", name.get(..2).unwrap_or("--"))
        }
        [list, folder, _] => format!("{list},{folder}"),
        [list, _] => list.to_owned(),
        _ => "site".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::table_of;

    #[test]
    fn tables_stay_small() {
        assert_eq!(table_of("index.html"), "site");
        assert_eq!(table_of("cats/index.html"), "cats");
        assert_eq!(table_of("cats/2025-May/msg00001.html"), "cats,2025-May");
        assert_eq!(table_of("cats/thread/abcd.html"), "cats,thread,ab");
        assert_eq!(
            table_of("cats/attachments/abcd/cat.png"),
            "cats,attachments,ab"
        );
    }
}
