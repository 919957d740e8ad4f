//! An archive that MHonArc itself made, taken over where it lies: its pages stay, with their numbers and the
//! files beside them, and count as written by this program.

use super::keep::{FRESH, LIST, OLD_DATABASE, list, make, remove_all, site};
use super::resources::{self, surroundings};
use crate::exit::{Exit, Failure};
use crate::open::now;
use crate::term;
use flate2::read::MultiGzDecoder;
use posthoc_archive::source::{Kind, Split};
use posthoc_archive::{
    Decided, Folds, ImportOptions, MhonarcTree, Reader, Settings, import, remove,
};
use posthoc_core::message::Limits;
use posthoc_core::page::Audience;
use posthoc_embedded::EmbeddedStore;
use posthoc_mhonarc::OldArchive;
use posthoc_store::Store;
use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Where the old database goes, within the new archive.
const ASIDE: &str = "mhonarc.db";

/// The file with the number that the next mail has at least.
const NEXT: &str = "mhonarc.next";

/// Bytes of an unpacked page that are read.
const LONGEST_PAGE: u64 = 1 << 30;

/// Pages that are named when they are not there.
const MOST_NAMED: usize = 10;

/// The number that the next mail of an archive has at least, where it was taken over.
pub(super) fn least_number(ground: &Path) -> Option<u32> {
    let text = fs::read_to_string(ground.join(NEXT)).ok()?;
    text.trim().parse().ok()
}

/// Takes the archive of a folder over. It is made beside, and in its place at once.
pub(super) fn take_over(folder: &Path, quiet: bool) -> Result<(), Failure> {
    let database = folder.join(OLD_DATABASE);
    let old = read(&database)?;
    if !quiet {
        term::print(&format!(
            "Taking over {}, which MHonArc made\n",
            folder.display()
        ))?;
    }
    resources::tell(&old.refused);
    let fresh = folder.join(FRESH);
    remove_all(&fresh)?;
    let store = make(&fresh)?;
    let taken = take_pages(&store, folder, &old)?;
    let tree = MhonarcTree {
        out: folder.to_owned(),
        owned: fresh.join("mhonarc.files"),
        packs: old.is_packed,
        ..MhonarcTree::default()
    };
    if taken {
        note_pages(&store, folder, &old, &tree)?;
    }
    drop(store);
    remove_all(&fresh.join("arriving"))?;
    let put = |name: &str, bytes: &[u8]| {
        let file = fresh.join(name);
        fs::write(&file, bytes).map_err(|error| Failure::io("write", &file, &error))
    };
    put("mhonarc.resources", &old.resources.kept())?;
    put(NEXT, old.next.to_string().as_bytes())?;
    let ground = folder.join(".posthoc");
    fs::rename(&fresh, &ground).map_err(|error| Failure::io("rename", &fresh, &error))?;
    fs::rename(&database, ground.join(ASIDE))
        .map_err(|error| Failure::io("rename", &database, &error))
}

fn read(database: &Path) -> Result<OldArchive, Failure> {
    let bytes = fs::read(database).map_err(|error| Failure::io("read", database, &error))?;
    let shown = database.display();
    OldArchive::read(&bytes).map_err(|damaged| {
        let (at, all) = (damaged.offset, bytes.len());
        let said = format!(
            "{shown} is not whole: it goes wrong at byte {at} of {all}; have MHonArc's mha-dbrecover make it anew \
             from the pages, then try again"
        );
        Failure::new(Exit::BadInput, said)
    })
}

fn with_settings<R>(act: impl FnOnce(&Settings<'_>) -> Result<R, Failure>) -> Result<R, Failure> {
    let site = site();
    let layout = crate::theme::layout(&site, Path::new("."))?;
    act(&Settings {
        site: &site,
        layout: &layout,
        limits: &Limits::default(),
        folds: &Folds::default(),
    })
}

/// Takes the pages in; whether there are any.
fn take_pages(store: &EmbeddedStore, folder: &Path, old: &OldArchive) -> Result<bool, Failure> {
    if old.mails.is_empty() {
        return Ok(false);
    }
    let source = match old.pages_tell_all {
        true => folder.to_owned(),
        false => completed(folder, old)?,
    };
    let options = ImportOptions {
        list: Some(list()?),
        public: false,
        site: site(),
        kind: Some(Kind::MhonarcPages),
        split: Split::default(),
        numbers: None,
        range: None,
        as_mhonarc: None,
        index: false,
        dry_run: false,
        honour_no_archive: false,
        now: now(),
        limits: Limits::default(),
    };
    import(store, &[source], &options, &mut |_| {})?;
    with_settings(|settings| {
        let reader = Reader::new(store, settings, Audience::Operator)?;
        let is_there = reader.lists()?.iter().any(|list| list.name == LIST);
        let there = match is_there {
            true => reader.mail_numbers(&list()?)?,
            false => BTreeSet::new(),
        };
        drop(reader);
        tell_missing(folder, old, &there)?;
        let others = there
            .iter()
            .filter(|number| !old.mails.contains_key(number));
        let others: Vec<u32> = others.copied().collect();
        take_down(store, settings, &others)?;
        Ok(true)
    })
}

/// The pages with all that the database knows of their mails before each, in a folder of their own.
fn completed(folder: &Path, old: &OldArchive) -> Result<PathBuf, Failure> {
    let whole = folder.join(FRESH).join("arriving");
    fs::create_dir_all(&whole).map_err(|error| Failure::io("make", &whole, &error))?;
    for (number, mail) in &old.mails {
        let name = old.resources.page_name(*number);
        let Some(page) = page_of(folder, &name) else {
            continue;
        };
        let file = whole.join(&name);
        let bytes = [mail.comments(), page].concat();
        fs::write(&file, bytes).map_err(|error| Failure::io("write", &file, &error))?;
    }
    Ok(whole)
}

/// A page, packed or not; none where there is none.
fn page_of(folder: &Path, name: &str) -> Option<Vec<u8>> {
    let plain = fs::read(folder.join(name)).ok();
    let page = plain.or_else(|| fs::read(folder.join(format!("{name}.gz"))).ok())?;
    if !page.starts_with(&[0x1f, 0x8b]) {
        return Some(page);
    }
    let mut unpacked = Vec::new();
    let mut reader = MultiGzDecoder::new(page.as_slice()).take(LONGEST_PAGE);
    reader.read_to_end(&mut unpacked).ok()?;
    Some(unpacked)
}

/// Says which pages are not there; without any there is nothing to take over.
fn tell_missing(folder: &Path, old: &OldArchive, there: &BTreeSet<u32>) -> Result<(), Failure> {
    let numbers = old.mails.keys();
    let missing: Vec<&u32> = numbers.filter(|number| !there.contains(number)).collect();
    if missing.len() == old.mails.len() {
        let said = format!(
            "{} has no page of its {} mails (NOMSGPGS); make the archive anew from its mailboxes in an empty folder",
            folder.display(),
            missing.len()
        );
        return Err(Failure::new(Exit::BadInput, said));
    }
    if !missing.is_empty() {
        let named = missing.iter().take(MOST_NAMED);
        let named: Vec<String> = named.map(|number| format!("{number:05}")).collect();
        let more = match missing.len() {
            all if all > MOST_NAMED => ", …",
            _ => "",
        };
        eprintln!(
            "posthoc: {} mails of the old archive have no page that can be read and are left out: {}{more}",
            missing.len(),
            named.join(", ")
        );
    }
    Ok(())
}

/// Pages that the old archive had removed, and left lying (KEEPONRMM), are none of its mails.
fn take_down(
    store: &EmbeddedStore,
    settings: &Settings<'_>,
    others: &[u32],
) -> Result<(), Failure> {
    if others.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = others.iter().map(u32::to_string).collect();
    let reader = Reader::new(store, settings, Audience::Operator)?;
    let chosen = reader.removal(&names, None, Some(&list()?), now())?;
    drop(reader);
    let why = Decided {
        reason: "mhonarc: not in the old database".to_owned(),
        by: resources::environment("USER").unwrap_or_default(),
        now: now(),
    };
    remove(store, settings.limits, &chosen, &why, false)?;
    Ok(())
}

/// Notes the pages as written by this program.
fn note_pages(
    store: &EmbeddedStore,
    folder: &Path,
    old: &OldArchive,
    tree: &MhonarcTree,
) -> Result<(), Failure> {
    with_settings(|settings| {
        let reader = Reader::new(store, settings, Audience::Operator)?;
        let around = surroundings(folder);
        let mails = reader.mhonarc_archive(&list()?, old.resources.clone(), around, None)?;
        drop(reader);
        let state = store.journal().generation()?.0;
        tree.take_over(store, settings, &list()?, &mails, state)?;
        Ok(())
    })
}
