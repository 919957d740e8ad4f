//! A folder of MHonArc's pages: what `posthoc mhonarc` writes.
//!
//! A file of its own beside the archive names every file that was written, and the state that they show:
//! what is no page any more is deleted, and a run that was killed is known by its old state. Another keeps what
//! the next run needs to know of the pages ([`MhonarcKept`]).

use super::write::{delete, file_error, replace};
use crate::error::Result;
use crate::load::{MhonarcKept, MhonarcMails, Settings, mhonarc_pages};
use flate2::{Compression, GzBuilder};
use posthoc_core::route::ListName;
use posthoc_mhonarc::{File, Resources};
use posthoc_store::Store;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// What the file of names begins with; behind it stands the state.
const KEPT: &str = "posthoc: files of MHonArc, 1, state ";

/// How the files are written.
#[derive(Clone, Debug, Default)]
pub struct MhonarcTree {
    /// The folder.
    pub out: PathBuf,
    /// The file that names what was written.
    pub owned: PathBuf,
    /// Files of mails that are gone stay (KEEPONRMM).
    pub keeps: bool,
    /// Pages of mails bear their mail's time (MODTIME).
    pub mail_times: bool,
    /// Pages are packed, with `.gz` behind their names (GZIPFILES).
    pub packs: bool,
    /// Permissions (FILEPERMS); as the system gives them when none.
    pub mode: Option<u32>,
}

impl MhonarcTree {
    /// The state that the folder shows; none where it shows none whole.
    pub fn state(&self) -> Option<u64> {
        let text = fs::read_to_string(&self.owned).ok()?;
        text.lines().next()?.strip_prefix(KEPT)?.parse().ok()
    }

    /// What the run that wrote the folder left for this one; none where the folder is not as that run left it.
    pub fn kept(&self) -> Option<MhonarcKept> {
        let kept = MhonarcKept::from_bytes(&fs::read(self.kept_file()).ok()?)?;
        (self.state() == Some(kept.state)).then_some(kept)
    }

    fn kept_file(&self) -> PathBuf {
        self.owned.with_extension("mails")
    }

    /// Writes the pages of an archive that have other bytes than the files that are there, and its indexes under
    /// other resources beside its own. Returns how many files were written.
    ///
    /// # Errors
    /// What storage and the file system refuse.
    pub fn write(
        &self,
        store: &dyn Store,
        settings: &Settings<'_>,
        list: &ListName,
        mut mails: MhonarcMails,
        others: &[Resources],
        state: u64,
    ) -> Result<usize> {
        let archive = &mails.archive;
        let site = archive.site();
        let mut kept = MhonarcKept::of(archive, &site, state, mails.kept.as_mut());
        let places: Vec<usize> = match &mails.kept {
            Some(before) => before.stale(&kept, archive.mails(), &mails.changed),
            None => (0..archive.mails().len()).collect(),
        };
        let all = places.len() == archive.mails().len();
        let before = self.files();
        // Until all is there, the folder shows no state.
        self.note(&before, None)?;
        let names = Mutex::new(BTreeSet::new());
        let told = Mutex::new(Vec::new());
        let written = AtomicUsize::new(0);
        let put = |file: File, time: Option<i64>| -> Result<()> {
            let is_new = self.put(&file, time)?;
            locked(&names).insert(file.name);
            written.fetch_add(usize::from(is_new), Relaxed);
            Ok(())
        };
        mhonarc_pages(
            store,
            settings,
            list,
            (archive, &site),
            &places,
            &|mail, page| {
                for file in page.files {
                    put(file, None)?;
                }
                for name in page.lying {
                    locked(&names).extend(self.lying(&name));
                }
                locked(&told).push((mail.number, page.unknown));
                put(self.packed(page.page), self.mail_times.then_some(mail.time))
            },
        )?;
        site.indexes()
            .par_iter()
            .try_for_each(|sheet| put(self.packed(site.index(sheet)), None))?;
        for resources in others {
            let (archive, _) = archive.dressed(resources.clone());
            let site = archive.site();
            site.indexes()
                .par_iter()
                .try_for_each(|sheet| put(self.packed(site.index(sheet)), None))?;
        }
        let mut names = names.into_inner().unwrap_or_else(PoisonError::into_inner);
        if !all {
            // Mails only came: what was there is there still.
            names.extend(before.iter().cloned());
        }
        if !self.keeps {
            for gone in before.difference(&names) {
                delete(&self.out, gone)?;
            }
        }
        let told = told.into_inner().unwrap_or_else(PoisonError::into_inner);
        kept.take_unknown(mails.kept, told);
        replace(&self.kept_file(), &kept.to_bytes())?;
        self.note(&names, Some(state))?;
        Ok(written.into_inner())
    }

    /// Takes over a folder whose pages another program wrote: they count as what an earlier run of this one
    /// wrote, and no file changes.
    ///
    /// # Errors
    /// What storage and the file system refuse.
    pub fn take_over(
        &self,
        store: &dyn Store,
        settings: &Settings<'_>,
        list: &ListName,
        mails: &MhonarcMails,
        state: u64,
    ) -> Result<()> {
        let archive = &mails.archive;
        let site = archive.site();
        let mut kept = MhonarcKept::of(archive, &site, state, None);
        let names = Mutex::new(BTreeSet::new());
        let told = Mutex::new(Vec::new());
        let places: Vec<usize> = (0..archive.mails().len()).collect();
        mhonarc_pages(
            store,
            settings,
            list,
            (archive, &site),
            &places,
            &|mail, page| {
                let files = page.files.into_iter().map(|file| file.name);
                let files = files.chain([self.page_name(page.page.name)]);
                let lying = page.lying.iter().flat_map(|name| self.lying(name));
                locked(&names).extend(files.chain(lying));
                locked(&told).push((mail.number, page.unknown));
                Ok(())
            },
        )?;
        let mut names = names.into_inner().unwrap_or_else(PoisonError::into_inner);
        let indexes = site.indexes();
        let indexes = indexes.iter().map(|sheet| site.index(sheet).name);
        names.extend(indexes.map(|name| self.page_name(name)));
        let told = told.into_inner().unwrap_or_else(PoisonError::into_inner);
        kept.take_unknown(None, told);
        replace(&self.kept_file(), &kept.to_bytes())?;
        self.note(&names, Some(state))
    }

    /// The file of a page.
    fn page_name(&self, name: String) -> String {
        match self.packs && !name.ends_with(".gz") {
            true => name + ".gz",
            false => name,
        }
    }

    /// A page as its file holds it.
    fn packed(&self, page: File) -> File {
        if !self.packs {
            return page;
        }
        let mut packer = GzBuilder::new()
            .mtime(0)
            .write(Vec::new(), Compression::default());
        // Writing to memory does not fail.
        let _ = packer.write_all(&page.bytes);
        File {
            name: self.page_name(page.name),
            bytes: packer.finish().unwrap_or_default(),
        }
    }

    /// A file that an earlier program took out of a mail, by its name; of a folder all that is in it.
    fn lying(&self, name: &str) -> Vec<String> {
        let path = self.out.join(name);
        let within = match fs::read_dir(&path) {
            Ok(entries) => entries.flatten(),
            Err(_) => return vec![name.to_owned()],
        };
        let names = within.map(|entry| format!("{name}/{}", entry.file_name().to_string_lossy()));
        names.filter(|name| is_inside(name)).collect()
    }

    fn put(&self, file: &File, time: Option<i64>) -> Result<bool> {
        let path = self.out.join(&file.name);
        let same = fs::metadata(&path).is_ok_and(|about| about.len() == file.bytes.len() as u64)
            && fs::read(&path).is_ok_and(|bytes| bytes == file.bytes);
        if !same {
            replace(&path, &file.bytes)?;
        }
        let failed = |error| file_error("set the time or permissions of", &path, error);
        if let Some(time) = time.and_then(|time| u64::try_from(time).ok()) {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(time);
            let handle = fs::File::options()
                .write(true)
                .open(&path)
                .map_err(failed)?;
            handle.set_modified(time).map_err(failed)?;
        }
        if let (Some(mode), false) = (self.mode, same) {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).map_err(failed)?;
        }
        Ok(!same)
    }

    /// What an earlier run wrote.
    fn files(&self) -> BTreeSet<String> {
        let text = fs::read_to_string(&self.owned).unwrap_or_default();
        let names = text.lines().skip(1).filter(|name| is_inside(name));
        names.map(str::to_owned).collect()
    }

    fn note(&self, names: &BTreeSet<String>, state: Option<u64>) -> Result<()> {
        let state = state.map_or_else(|| "unknown".to_owned(), |state| state.to_string());
        let mut text = format!("{KEPT}{state}\n");
        for name in names {
            text += name;
            text.push('\n');
        }
        replace(&self.owned, text.as_bytes())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether a name stays in its folder and is none of a program's own files.
fn is_inside(name: &str) -> bool {
    name.split('/')
        .all(|piece| !piece.is_empty() && !piece.starts_with('.'))
        && !name.contains(char::is_control)
}

/// Whether every page that resources name stays in its folder; else the name that does not.
pub fn leaves_folder(resources: &Resources) -> Option<String> {
    let names = resources.file_names();
    names.into_iter().find(|name| !is_inside(name))
}
