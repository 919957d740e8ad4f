//! Finding the archive and opening it.

use crate::args::Global;
use crate::config::{Config, Wrong, lists_of, refuse};
use crate::exit::{Exit, Failure};
use crate::{term, theme};
use posthoc_archive::{
    ArchiveError, Folds, Reader, Recorded, Settings, Store, mend, record_settings, take_in_if_free,
};
use posthoc_core::message::Limits;
use posthoc_core::page::{Audience, OwnLayout, People, Site};
use posthoc_embedded::{EmbeddedStore, is_archive};
use posthoc_store::StoreError;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// The archive when nothing names one.
const DEFAULT: &str = "archive";
/// What an archive's folder may hold before there is an archive in it: settings, and what an
/// interrupted creation or the file system leaves.
const OURS: [&str; 11] = [
    crate::config::FILE,
    crate::config::LISTS,
    theme::FOLDER,
    theme::STRINGS,
    "lock",
    "journal",
    "incoming",
    "index",
    "catalog.sqlite",
    "lost+found",
    // The marker, before it got its name.
    "posthoc-archive.",
];

/// Where the archive is, or would be, and the configuration.
pub(crate) struct Place {
    /// Absolute.
    pub(crate) dir: PathBuf,
    pub(crate) config: Config,
}

/// An open archive and what pages are made with.
pub(crate) struct Opened {
    pub(crate) store: Arc<EmbeddedStore>,
    pub(crate) dir: PathBuf,
    pub(crate) config: Config,
    pub(crate) site: Site,
    pub(crate) layout: OwnLayout,
    pub(crate) limits: Limits,
    pub(crate) folds: Folds,
    /// This run made it.
    pub(crate) created: bool,
}

/// A path for people: absolute, without looking at the disk.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// The clock, seconds UTC.
pub(crate) fn now() -> i64 {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs().try_into().unwrap_or(i64::MAX))
}

/// Finds the archive's folder and the configuration: `-a`, the environment, `archive =`,
/// `./archive`.
pub(crate) fn place(global: &Global) -> Result<Place, Failure> {
    let (place, wrong) = place_with_mistakes(global)?;
    refuse(&wrong)?;
    Ok(place)
}

/// The same, with what is wrong in the configuration; the rest of it was read.
pub(crate) fn place_with_mistakes(global: &Global) -> Result<(Place, Vec<Wrong>), Failure> {
    let named = global
        .archive
        .as_deref()
        .filter(|dir| !dir.as_os_str().is_empty());
    let file = global
        .config
        .as_deref()
        .filter(|file| !file.as_os_str().is_empty());
    let mut wrong = Vec::new();
    let mut config = match (file, named) {
        (Some(file), _) => Config::read(file, &mut wrong)?,
        (None, Some(dir)) => Config::find(Some(&absolute(dir)), &mut wrong),
        (None, None) => Config::find(None, &mut wrong),
    };
    let dir = match named {
        Some(dir) => absolute(dir),
        None => config
            .archive()
            .unwrap_or_else(|| absolute(Path::new(DEFAULT))),
    };
    if file.is_none() && named.is_none() {
        wrong.clear();
        config = Config::find(Some(&dir), &mut wrong);
    }
    if global.verbose {
        let file = config.file.as_ref().map(|file| file.display().to_string());
        let file = file.unwrap_or_else(|| "none".to_owned());
        term::note(
            global,
            &format!("archive {}, configuration {file}", dir.display()),
        );
    }
    Ok((Place { dir, config }, wrong))
}

impl Place {
    /// Opens the archive that is there.
    pub(crate) fn open(self) -> Result<Opened, Failure> {
        let store = EmbeddedStore::open(&self.dir)?;
        self.with(store, false)
    }

    /// Opens the archive, made when there is none.
    pub(crate) fn open_or_create(self) -> Result<Opened, Failure> {
        if is_archive(&self.dir) {
            return self.open();
        }
        self.refuse_foreign()?;
        match EmbeddedStore::create(&self.dir) {
            Ok(store) => self.with(store, true),
            // Another posthoc made it meanwhile.
            Err(_) if is_archive(&self.dir) => self.open(),
            Err(error) => Err(error.into()),
        }
    }

    /// A folder with other people's files is not made an archive by a slip of the finger.
    pub(crate) fn refuse_foreign(&self) -> Result<(), Failure> {
        let Ok(entries) = std::fs::read_dir(&self.dir) else {
            return Ok(());
        };
        let foreign = entries
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .find(|name| !OURS.iter().any(|ours| name.starts_with(ours)));
        match foreign {
            None => Ok(()),
            Some(name) => Err(Failure::new(
                Exit::CannotCreate,
                format!(
                    "{} holds other files ({name}); name a new or empty folder with -a",
                    self.dir.display()
                ),
            )),
        }
    }

    fn with(self, store: EmbeddedStore, created: bool) -> Result<Opened, Failure> {
        let face = theme::of(&self.dir);
        let site = site(&self.config, Some(&face))?;
        let layout = theme::layout(&site, &face)?;
        let limits = self.config.limits();
        Ok(Opened {
            store: Arc::new(store),
            dir: self.dir,
            config: self.config,
            site,
            layout,
            limits,
            folds: Folds::default(),
            created,
        })
    }
}

/// The settings that shape pages; `face` is a folder of templates, if there is any.
pub(crate) fn site(config: &Config, face: Option<&Path>) -> Result<Site, Failure> {
    let mut site = Site {
        title: config.site.text("title").unwrap_or_default().to_owned(),
        base_url: config.url(),
        people: people(config)?,
        ..Site::default()
    };
    if let Some(face) = face {
        theme::read(face, &mut site)?;
    }
    lists_of(config, &mut site);
    crate::mailman_templates::read(config, &mut site)?;
    Ok(site)
}

/// What the site is told of people.
fn people(config: &Config) -> Result<People, Failure> {
    let mailmap = match config.site.path("mailmap") {
        Some(path) => std::fs::read(&path).map_err(|error| Failure::io("read", &path, &error))?,
        None => Vec::new(),
    };
    let apart = config.site.texts("no_author_page").unwrap_or_default();
    Ok(People::parse(&String::from_utf8_lossy(&mailmap), apart))
}

impl Opened {
    /// What a reader needs; keep it as long as the reader.
    pub(crate) fn settings(&self) -> Settings<'_> {
        Settings {
            site: &self.site,
            layout: &self.layout,
            limits: &self.limits,
            folds: &self.folds,
        }
    }

    /// Reads as the operator, who sees everything.
    pub(crate) fn reader<'a>(&'a self, settings: &'a Settings<'a>) -> Result<Reader<'a>, Failure> {
        Ok(Reader::new(
            self.store.as_ref(),
            settings,
            Audience::Operator,
        )?)
    }

    /// Finishes what a killed run left and takes in the mail that waits, where this user may and
    /// nobody else is at it; reading goes on when not.
    pub(crate) fn refresh(&self, global: &Global) {
        let mended = mend(self.store.as_ref(), &self.limits);
        record(global, self.store.as_ref(), &self.site, &self.limits);
        let fresh = mended.and_then(|()| take_in_if_free(self.store.as_ref(), now(), &self.limits));
        match fresh {
            Ok(0) => {}
            Ok(mails) if global.verbose => {
                term::note(global, &format!("{mails} waiting mails taken in"));
            }
            Ok(_) => {}
            Err(error) if may_not_write(&error) => {}
            Err(error) => term::note(
                global,
                &format!("waiting mail could not be taken in: {error}"),
            ),
        }
    }

    /// The same archive with the settings as they are now.
    pub(crate) fn reread(self, global: &Global) -> Result<Opened, Failure> {
        let config = place(global)?.config;
        let face = theme::of(&self.dir);
        let site = site(&config, Some(&face))?;
        Ok(Opened {
            layout: theme::layout(&site, &face)?,
            limits: config.limits(),
            folds: Folds::default(),
            site,
            config,
            ..self
        })
    }

    /// A path of the site as people may use it: a URL when the site's is known.
    pub(crate) fn url(&self, path: &str) -> String {
        match &self.site.base_url {
            Some(base) if !path.is_empty() => format!("{base}/{path}"),
            _ => path.to_owned(),
        }
    }
}

/// Whether it is only that this user may not write.
pub(crate) fn may_not_write(error: &ArchiveError) -> bool {
    use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
    match error {
        ArchiveError::Store(StoreError::Io { source, .. }) => {
            matches!(source.kind(), PermissionDenied | ReadOnlyFilesystem)
        }
        _ => false,
    }
}

/// Records what the settings say of the lists that are there, where this user may and nobody else is
/// writing: the lock is tried once. Until it is recorded the closer of the two counts.
pub(crate) fn record(global: &Global, store: &dyn Store, site: &Site, limits: &Limits) {
    match record_settings(store, site, Duration::ZERO, now(), limits) {
        Ok(recorded) => {
            for change in recorded {
                told_of(global, &change);
            }
        }
        Err(ArchiveError::Store(StoreError::Locked)) => {}
        Err(error) if may_not_write(&error) => {}
        Err(error) => term::note(global, &format!("settings could not be recorded: {error}")),
    }
}

/// One line on a setting that was recorded: always where it shapes URLs, else on request.
pub(crate) fn told_of(global: &Global, change: &Recorded) {
    let Recorded {
        list,
        key,
        from,
        to,
    } = change;
    let words = format!("{list}: {key} is {to} from now on, was {from}");
    match *key {
        "volumes" | "time_zone" => term::note(
            global,
            &format!("{words}; for new mail only: mails that are there keep their addresses"),
        ),
        _ if global.verbose => term::note(global, &words),
        _ => {}
    }
}

/// Opens the archive for a verb that reads.
pub(crate) fn reading(global: &Global) -> Result<Opened, Failure> {
    let opened = place(global)?.open()?;
    opened.refresh(global);
    Ok(opened)
}
