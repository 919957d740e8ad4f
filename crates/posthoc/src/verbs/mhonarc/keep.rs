//! An archive in its folder, and what is done with it.

use super::resources::{self, surroundings};
use super::words::{Mode, Words, usage};
use super::{one_mail, takeover, without_from_line};
use crate::exit::{Exit, Failure};
use crate::open::now;
use crate::term;
use posthoc_archive::source::Kind;
use posthoc_archive::{
    Decided, Folds, ImportOptions, MhonarcKept, MhonarcMails, MhonarcTree, OldNumbers, Reader,
    Settings, import, leaves_folder, mend,
};
use posthoc_core::message::Limits;
use posthoc_core::page::{Audience, ListSettings, Mask, OwnLayout, Site, Visibility};
use posthoc_core::route::ListName;
use posthoc_embedded::{EmbeddedStore, is_archive};
use posthoc_mhonarc::{Archive, Name, Resources};
use posthoc_store::Store;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The database of an archive that MHonArc itself made.
pub(super) const OLD_DATABASE: &str = ".mhonarc.db";

/// The one list of the archive.
pub(super) const LIST: &str = "mail";

/// Where a new archive is made, and where the one before it goes.
pub(super) const FRESH: &str = ".posthoc.new";
const BEFORE: &str = ".posthoc.before";

/// A folder that is to be worked on, locked.
pub(super) struct Keep<'a> {
    words: Words,
    folder: &'a Path,
    list: ListName,
    resources: Resources,
    site: Site,
    layout: OwnLayout,
    limits: Limits,
    folds: Folds,
}

impl<'a> Keep<'a> {
    /// Reads the resources for a folder.
    pub(super) fn new(mut words: Words, folder: &'a Path) -> Result<Self, Failure> {
        undo_half_create(folder)?;
        if folder.join(OLD_DATABASE).exists() && !is_archive(&folder.join(".posthoc")) {
            if words.mode == Mode::Create {
                return Err(Failure::new(
                    Exit::CannotCreate,
                    format!(
                        "{} holds an archive that MHonArc itself made; add to it with -add, or make a new one in an \
                         empty folder",
                        folder.display()
                    ),
                ));
            }
            takeover::take_over(folder, words.quiet)?;
        }
        let is_ours = is_archive(&folder.join(".posthoc"));
        if !is_ours && !matches!(words.mode, Mode::Create | Mode::Add) {
            return Err(Failure::new(
                Exit::NoInput,
                format!(
                    "{} holds no archive; make one with `posthoc mhonarc -outdir FOLDER MAILBOX`",
                    folder.display()
                ),
            ));
        }
        let kept = match words.mode {
            // A new archive begins with new resources.
            Mode::Create => folder.join(".posthoc/none"),
            _ => folder.join(".posthoc/mhonarc.resources"),
        };
        let (mut resources, mut refused) = resources::gather(&words, folder, &kept)?;
        if words.mode == Mode::GenIdx {
            // It stands alone, without a link to the other index.
            resources.set(Name::Thread, b"0");
        }
        refused.extend(words.take_elsewhere(&resources)?);
        resources::tell(&refused);
        if let Some(mask) = words.umask {
            rustix::process::umask(rustix::fs::Mode::from_raw_mode(mask));
        }
        let site = site();
        Ok(Keep {
            words,
            folder,
            list: list()?,
            resources,
            layout: crate::theme::layout(&site, folder)?,
            site,
            limits: Limits::default(),
            folds: Folds::default(),
        })
    }

    fn ground(&self) -> PathBuf {
        self.folder.join(".posthoc")
    }

    fn settings(&self) -> Settings<'_> {
        Settings {
            site: &self.site,
            layout: &self.layout,
            limits: &self.limits,
            folds: &self.folds,
        }
    }

    /// Says something, unless nothing is to be said.
    fn say(&self, line: &str) -> Result<(), Failure> {
        match self.words.quiet {
            true => Ok(()),
            false => term::print(&format!("{line}\n")),
        }
    }

    /// Does what the words say.
    pub(super) fn run(&self) -> Result<Exit, Failure> {
        match self.words.mode {
            Mode::Create => self.create(),
            Mode::Add => self.add(),
            Mode::Rmm => self.remove(),
            Mode::Annotate => self.annotate(),
            Mode::EditIdx => {
                let store = self.open()?;
                self.write(&store)?;
                Ok(Exit::Done)
            }
            Mode::Scan | Mode::GenIdx => self.print(),
            Mode::Single | Mode::Explain => {
                Err(Failure::new(Exit::Bug, "no archive is needed for that"))
            }
        }
    }

    fn open(&self) -> Result<EmbeddedStore, Failure> {
        let store = EmbeddedStore::open(&self.ground())?;
        mend(&store, &self.limits)?;
        Ok(store)
    }

    /// A new archive: made beside the old one, which is kept until the next.
    fn create(&self) -> Result<Exit, Failure> {
        let (ground, fresh) = (self.ground(), self.folder.join(FRESH));
        let before = self.folder.join(BEFORE);
        self.say(&format!("Converting messages to {}", self.folder.display()))?;
        remove_all(&fresh)?;
        let taken = self.take_in(&make(&fresh)?, self.sources()?)?;
        if is_archive(&ground) {
            let owned = "mhonarc.files";
            // What the old archive wrote is this one's to delete.
            if ground.join(owned).is_file() {
                fs::copy(ground.join(owned), fresh.join(owned))
                    .map_err(|error| Failure::io("copy", &ground.join(owned), &error))?;
            }
            remove_all(&before)?;
            fs::rename(&ground, &before).map_err(|error| Failure::io("rename", &ground, &error))?;
        }
        fs::rename(&fresh, &ground).map_err(|error| Failure::io("rename", &fresh, &error))?;
        let all = self.write(&self.open()?)?;
        self.told(taken, all)
    }

    fn add(&self) -> Result<Exit, Failure> {
        self.say(&format!("Adding messages to {}", self.folder.display()))?;
        let store = match is_archive(&self.ground()) {
            true => self.open()?,
            false => make(&self.ground())?,
        };
        let taken = match self.words.operands.is_empty() {
            true => self.take_in_one(&store)?,
            false => self.take_in(&store, self.sources()?)?,
        };
        let changed = taken > 0 || self.tree().state() != Some(store.journal().generation()?.0);
        if !changed {
            self.say("No new messages")?;
            return Ok(Exit::Done);
        }
        let all = self.write(&store)?;
        self.told(taken, all)
    }

    fn told(&self, taken: u64, all: usize) -> Result<Exit, Failure> {
        self.say(&format!("{taken} new messages\n{all} total messages"))?;
        Ok(Exit::Done)
    }

    /// The mailboxes and folders that can be read; of others it is said that they cannot.
    fn sources(&self) -> Result<Vec<PathBuf>, Failure> {
        let mut sources = Vec::new();
        for operand in &self.words.operands {
            let path = PathBuf::from(operand);
            match operand == "-" || path.exists() {
                true => sources.push(path),
                false => eprintln!(
                    "posthoc: there is no {}; it is left out",
                    term::line(operand)
                ),
            }
        }
        Ok(sources)
    }

    /// One mail from standard input, whatever lines it has.
    fn take_in_one(&self, store: &EmbeddedStore) -> Result<u64, Failure> {
        let mail = one_mail(None)?;
        if mail.iter().all(u8::is_ascii_whitespace) {
            return Err(Failure::new(
                Exit::BadInput,
                "no mail on standard input; pipe one in, or name a mailbox",
            ));
        }
        // A folder of one file is one mail; it lies there until it is in the archive.
        let arriving = self.ground().join("arriving");
        remove_all(&arriving)?;
        let file = arriving.join("1");
        let put = make_folder(&arriving).and_then(|()| fs::write(&file, without_from_line(&mail)));
        put.map_err(|error| Failure::io("write", &file, &error))?;
        let taken = self.take_in(store, vec![arriving.clone()])?;
        remove_all(&arriving)?;
        Ok(taken)
    }

    /// Takes mails in; how many are new.
    fn take_in(&self, store: &EmbeddedStore, sources: Vec<PathBuf>) -> Result<u64, Failure> {
        let mut taken = 0;
        for source in sources {
            self.say(&format!("Reading {}", source.display()))?;
            let options = ImportOptions {
                list: Some(self.list.clone()),
                public: false,
                site: self.site.clone(),
                kind: Some(if source.is_dir() {
                    Kind::Mh
                } else {
                    Kind::Mbox
                }),
                split: self.words.split.clone(),
                numbers: takeover::least_number(&self.ground())
                    .map(|next| Arc::new(OldNumbers::above(next))),
                range: None,
                as_mhonarc: Some(Arc::new(self.resources.clone())),
                index: false,
                dry_run: false,
                honour_no_archive: false,
                now: now(),
                limits: self.limits.clone(),
            };
            let report = import(store, &[source], &options, &mut |_| {})?;
            taken += report.counts.stored;
        }
        Ok(taken)
    }

    /// The archive with its notes. What was refused in it is told where its pages are made.
    fn archive(&self, store: &EmbeddedStore) -> Result<Archive, Failure> {
        Ok(self.mails(store, None)?.archive)
    }

    /// The mails with their notes; `kept` is what an earlier run left.
    fn mails(
        &self,
        store: &EmbeddedStore,
        kept: Option<MhonarcKept>,
    ) -> Result<MhonarcMails, Failure> {
        let settings = self.settings();
        let reader = Reader::new(store, &settings, Audience::Operator)?;
        let around = surroundings(self.folder);
        if !reader.lists()?.iter().any(|list| list.name == LIST) {
            return Ok(MhonarcMails::none(self.resources.clone(), around));
        }
        let mut mails = reader.mhonarc_archive(&self.list, self.resources.clone(), around, kept)?;
        let archive = &mut mails.archive;
        let notes = self.notes();
        let mails_of_notes = archive.mails().iter().filter(|_| !notes.is_empty());
        let noted: Vec<(u32, Vec<u8>)> = mails_of_notes
            .filter_map(|mail| {
                Some((
                    mail.number,
                    fs::read(notes.get(&note_name(&mail.id))?).ok()?,
                ))
            })
            .collect();
        for (number, note) in noted {
            archive.annotate(number, &note);
        }
        Ok(mails)
    }

    fn tree(&self) -> MhonarcTree {
        MhonarcTree {
            out: self.folder.to_owned(),
            owned: self.ground().join("mhonarc.files"),
            keeps: self.words.keeps,
            mail_times: self.words.mail_times,
            packs: self.words.packs,
            mode: self.words.mode_bits,
        }
    }

    /// Writes the pages and keeps the resources; how many mails there are.
    fn write(&self, store: &EmbeddedStore) -> Result<usize, Failure> {
        let tree = self.tree();
        // Other runs are there to make every page anew, or change more than what mails that come change.
        let kept = match self.words.mode {
            Mode::Add => tree.kept(),
            _ => None,
        };
        let mut mails = self.mails(store, kept)?;
        let expired = mails.archive.expired();
        if !expired.is_empty() {
            self.take_down(store, &expired, "mhonarc: expired")?;
            mails = self.mails(store, None)?;
        }
        let others = resources::others(&self.resources, &self.words, self.folder)?;
        for resources in [&self.resources].into_iter().chain(&others) {
            if let Some(name) = leaves_folder(resources) {
                return Err(usage(format!(
                    "a page would be called {}; IDXFNAME, TIDXFNAME and the prefixes name files within OUTDIR",
                    term::line(&name)
                )));
            }
        }
        resources::tell(&mails.refused);
        self.say("Writing mail")?;
        let state = store.journal().generation()?.0;
        let all = mails.archive.mails().len();
        tree.write(store, &self.settings(), &self.list, mails, &others, state)?;
        if self.words.saves {
            let kept = self.ground().join("mhonarc.resources");
            let half = kept.with_extension("new");
            let written =
                fs::write(&half, self.resources.kept()).and_then(|()| fs::rename(&half, &kept));
            written.map_err(|error| Failure::io("write", &kept, &error))?;
        }
        Ok(all)
    }

    /// The numbers that the operands mean; of those that mean nothing it is said.
    fn named(&self, archive: &Archive) -> Vec<u32> {
        let mut numbers = Vec::new();
        for operand in &self.words.operands {
            let id = operand.trim_matches(['<', '>']).as_bytes();
            let range = operand
                .split_once('-')
                .and_then(|(from, to)| Some(from.parse::<u32>().ok()?..=to.parse::<u32>().ok()?));
            let single = operand.parse::<u32>().ok();
            let before = numbers.len();
            numbers.extend(archive.mails().iter().filter_map(|mail| {
                let meant = mail.id == id
                    || single == Some(mail.number)
                    || range
                        .as_ref()
                        .is_some_and(|range| range.contains(&mail.number));
                meant.then_some(mail.number)
            }));
            if numbers.len() == before {
                eprintln!("posthoc: \"{}\" is not in the archive", term::line(operand));
            }
        }
        numbers
    }

    fn remove(&self) -> Result<Exit, Failure> {
        self.say(&format!("Removing messages from {}", self.folder.display()))?;
        let store = self.open()?;
        let numbers = self.named(&self.archive(&store)?);
        self.take_down(&store, &numbers, "mhonarc -rmm")?;
        let all = self.write(&store)?;
        self.say(&format!("{all} total messages"))?;
        Ok(Exit::Done)
    }

    /// Takes mails from the pages; their bytes stay in the archive.
    fn take_down(
        &self,
        store: &EmbeddedStore,
        numbers: &[u32],
        reason: &str,
    ) -> Result<(), Failure> {
        if numbers.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = numbers.iter().map(u32::to_string).collect();
        let settings = self.settings();
        let reader = Reader::new(store, &settings, Audience::Operator)?;
        let chosen = reader.removal(&names, None, Some(&self.list), now())?;
        drop(reader);
        let why = Decided {
            reason: reason.to_owned(),
            by: resources::environment("USER").unwrap_or_default(),
            now: now(),
        };
        posthoc_archive::remove(store, &self.limits, &chosen, &why, false)?;
        Ok(())
    }

    /// Notes by the names of their files.
    fn notes(&self) -> BTreeMap<String, PathBuf> {
        let entries = fs::read_dir(self.folder.join("notes"))
            .into_iter()
            .flatten()
            .flatten();
        let named = entries.map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                entry.path(),
            )
        });
        named.collect()
    }

    fn annotate(&self) -> Result<Exit, Failure> {
        self.say(&format!("Annotating messages in {}", self.folder.display()))?;
        let store = self.open()?;
        let note = match &self.words.note {
            Some(note) => note.clone().into_bytes(),
            None => one_mail(None)?,
        };
        let archive = self.archive(&store)?;
        let folder = self.folder.join("notes");
        let numbers = self.named(&archive);
        for mail in archive
            .mails()
            .iter()
            .filter(|mail| numbers.contains(&mail.number))
        {
            let file = folder.join(note_name(&mail.id));
            let done = match note.trim_ascii().is_empty() {
                true if file.exists() => fs::remove_file(&file),
                true => Ok(()),
                false => fs::create_dir_all(&folder).and_then(|()| fs::write(&file, &note)),
            };
            done.map_err(|error| Failure::io("write", &file, &error))?;
        }
        let all = self.write(&store)?;
        self.say(&format!("{all} total messages"))?;
        Ok(Exit::Done)
    }

    /// `-scan` and `-genidx`.
    fn print(&self) -> Result<Exit, Failure> {
        let mails = self.mails(&self.open()?, None)?;
        resources::tell(&mails.refused);
        let site = mails.archive.site();
        if self.words.mode == Mode::Scan {
            term::bytes(&site.scan())?;
            return Ok(Exit::Done);
        }
        let number = match self.words.page.as_deref() {
            None | Some("first") => 1,
            Some("last") => site.index_pages(),
            Some(number) => number.parse().map_err(|_| {
                usage(format!(
                    "-pagenum {number}: write a number, `first` or `last`"
                ))
            })?,
        };
        let page = site.index_page(number).ok_or_else(|| {
            Failure::new(
                Exit::No,
                format!(
                    "the main index has no page {number}; it has {}",
                    site.index_pages()
                ),
            )
        })?;
        term::bytes(&page)?;
        Ok(Exit::Done)
    }
}

/// The settings of an archive that is its owner's alone until its pages are written.
pub(super) fn site() -> Site {
    Site {
        defaults: ListSettings {
            visibility: Some(Visibility::Private),
            mask: Some(Mask::None),
            ..ListSettings::default()
        },
        ..Site::default()
    }
}

pub(super) fn list() -> Result<ListName, Failure> {
    ListName::new(LIST).ok_or_else(|| Failure::new(Exit::Bug, "the list has no name"))
}

/// The name of a mail's note: its id; what no file's name can be is told by its bytes.
fn note_name(id: &[u8]) -> String {
    let mut name = String::new();
    for c in String::from_utf8_lossy(id).chars() {
        match c {
            '/' => name += "%2F",
            '%' => name += "%25",
            c if c.is_control() => name += "_",
            c => name.push(c),
        }
    }
    match name.starts_with('.') {
        true => format!("%2E{}", &name[1..]),
        false => name,
    }
}

/// Gives the folder its archive back when a run was killed after it had put the old one aside, and before
/// the new one was in its place.
fn undo_half_create(folder: &Path) -> Result<(), Failure> {
    let (ground, before) = (folder.join(".posthoc"), folder.join(BEFORE));
    if ground.exists() || !is_archive(&before) || !is_archive(&folder.join(FRESH)) {
        return Ok(());
    }
    fs::rename(&before, &ground).map_err(|error| Failure::io("rename", &before, &error))
}

/// An empty archive that only its owner may read, and that a web server is told not to show.
pub(super) fn make(ground: &Path) -> Result<EmbeddedStore, Failure> {
    make_folder(ground).map_err(|error| Failure::io("make", ground, &error))?;
    let store = EmbeddedStore::create(ground)?;
    let guard = ground.join(".htaccess");
    fs::write(&guard, "Require all denied\n")
        .map_err(|error| Failure::io("write", &guard, &error))?;
    Ok(store)
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

/// Deletes a folder of ours, if it is there.
pub(super) fn remove_all(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::io("delete", folder, &error))
        }
        _ => Ok(()),
    }
}
