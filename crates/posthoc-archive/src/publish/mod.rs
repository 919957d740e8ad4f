//! The static site: `page(route)` for every exported route, written when it changed.
//!
//! 1. The state of OUT says which generation it shows, and of what settings; a fresh OUT, other
//!    settings or another program version walk every route, else only what was touched since.
//! 2. Pages are made on all cores and written atomically: files that others link to first (mails,
//!    threads, attachments), then what links to them (indexes, lists).
//! 3. What the manifest owns and is no page any more is deleted last.
//! 4. Then the state is written, so that a killed run does its work again.

mod manifest;
mod routes;
mod write;

use crate::error::{ArchiveError, Result};
use crate::load::{Reader, Settings, Status};
use crate::touched::{Touched, changed_since};
use manifest::{Manifest, State};
use posthoc_core::page::{Audience, Visibility};
use posthoc_core::route::{Export, ListName, Route};
use posthoc_store::{Generation, Store};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use write::Outcome;

/// What is to be published.
#[derive(Clone, Debug, Default)]
pub struct PublishOptions {
    /// Only these lists; all public ones when empty.
    pub lists: Vec<ListName>,
    /// Report, write nothing.
    pub dry_run: bool,
    /// Take over a folder that is not empty and not ours; files of others stay.
    pub adopt: bool,
    /// Look at every route, whatever the state says.
    pub full: bool,
}

/// What publishing did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublishReport {
    /// Routes looked at.
    pub routes: u64,
    /// Files written (in a dry run: that would be).
    pub written: Vec<String>,
    /// Files deleted.
    pub deleted: Vec<String>,
    /// Lists that are left out, and why they are.
    pub left_out: Vec<(String, String)>,
    /// Lists that were published.
    pub lists: Vec<String>,
    /// The state that OUT shows now.
    pub generation: u64,
}

/// Writes the site to a folder.
///
/// # Errors
/// A folder that is somebody else's, a list that is not there, what storage and the file system
/// refuse.
pub fn publish(
    store: &dyn Store,
    settings: &Settings<'_>,
    out: &Path,
    options: &PublishOptions,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<PublishReport> {
    let mut manifest = Manifest::open(out, options.adopt, options.dry_run)?;
    let reader = Reader::new(store, settings, Audience::Public)?;
    let generation = reader.generation();
    let mut report = PublishReport {
        generation: generation.0,
        ..PublishReport::default()
    };
    let lists = chosen_lists(&reader, options, &mut report)?;
    let fingerprint = fingerprint(&reader, settings, &lists)?;
    let state = State {
        generation: generation.0,
        fingerprint,
    };
    let from = manifest
        .state()
        .filter(|before| before.fingerprint == state.fingerprint && !options.full)
        .map(|before| Generation(before.generation));
    if from == Some(generation) {
        return Ok(report);
    }
    let whole = from.is_none();
    let routes = match from {
        None => routes::all(&reader, &lists)?,
        Some(from) => touched(store, &reader, &lists, from)?,
    };
    report.routes = routes.iter().map(|stage| stage.len() as u64).sum();
    let total = report.routes;
    let done = Mutex::new(0_u64);
    let step = |n: usize| {
        if let Ok(mut done) = done.lock() {
            *done += n as u64;
            progress(*done, total);
        }
    };
    let mut outcomes: Vec<Outcome> = Vec::new();
    for stage in &routes {
        let chunks: Vec<&[Route]> = stage.chunks(CHUNK).collect();
        let made: Result<Vec<Vec<Outcome>>> = chunks
            .into_par_iter()
            .map(|chunk| {
                let reader = Reader::new(store, settings, Audience::Public)?;
                let made = chunk
                    .iter()
                    .map(|route| one(&reader, route, out, &manifest, options));
                let made: Result<Vec<Outcome>> = made.collect();
                step(chunk.len());
                made
            })
            .collect();
        outcomes.extend(made?.into_iter().flatten());
    }
    settle(out, options, &mut manifest, outcomes, whole, &mut report)?;
    if !options.dry_run {
        manifest.save(&state)?;
    }
    Ok(report)
}

/// Routes that one worker takes at once: neighbours in arrival order share blocks of the journal.
const CHUNK: usize = 256;

/// The lists to publish: public ones, and of those the ones that were asked for.
fn chosen_lists(
    reader: &Reader<'_>,
    options: &PublishOptions,
    report: &mut PublishReport,
) -> Result<Vec<ListName>> {
    let mut chosen = Vec::new();
    for name in &options.lists {
        reader.rows.need_list(name.as_str())?;
    }
    for list in reader.rows.lists()? {
        let Some(name) = ListName::new(&list.name) else {
            continue;
        };
        if !options.lists.is_empty() && !options.lists.contains(&name) {
            continue;
        }
        match reader.visibility(&list) {
            Visibility::Public => {
                report.lists.push(name.to_string());
                chosen.push(name);
            }
            closed => report
                .left_out
                .push((name.to_string(), closed.name().to_owned())),
        }
    }
    Ok(chosen)
}

/// What besides the mails shapes pages: when it changes, every page is looked at again.
fn fingerprint(reader: &Reader<'_>, settings: &Settings<'_>, lists: &[ListName]) -> Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    hasher.update(format!("{:?}", settings.site).as_bytes());
    for asset in posthoc_core::page::assets() {
        hasher.update(asset.name.as_bytes());
    }
    for name in lists {
        let list = reader.rows.need_list(name.as_str())?;
        let open = (
            reader.mask(&list),
            reader.downloads(&list),
            reader.dropped_fields(&list),
        );
        hasher.update(format!("{name}\0{open:?}\0").as_bytes());
    }
    Ok(hasher.finalize().to_hex()[..32].to_owned())
}

/// The exported routes that were touched since a state, in stages.
fn touched(
    store: &dyn Store,
    reader: &Reader<'_>,
    lists: &[ListName],
    from: Generation,
) -> Result<[Vec<Route>; 2]> {
    let mut by_list: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (list, number) in changed_since(reader, store.journal(), from)? {
        by_list.entry(list).or_default().push(number);
    }
    let mut routes: BTreeSet<Route> = [Route::Home, Route::Search(None)].into();
    for name in lists {
        let list = reader.rows.need_list(name.as_str())?;
        if let Some(numbers) = by_list.remove(&list.list) {
            let touched = Touched::new(reader, &list, name.clone());
            routes.extend(touched.mails(numbers.into_iter())?);
        }
    }
    routes.retain(|route| route.export() != Export::Live);
    Ok(routes::stages(routes.into_iter().collect()))
}

/// Makes one page and writes it if it changed; a route that is none any more is to be deleted.
fn one(
    reader: &Reader<'_>,
    route: &Route,
    out: &Path,
    manifest: &Manifest,
    options: &PublishOptions,
) -> Result<Outcome> {
    let answer = reader.answer(route)?;
    let path = route.path();
    match answer.status {
        Status::NotFound if *route != Route::NotFound => Ok(Outcome::Gone(path)),
        _ => write::page(out, path, &answer.page, manifest, options.dry_run),
    }
}

/// Enters the outcomes in the manifest and deletes what is no page any more.
fn settle(
    out: &Path,
    options: &PublishOptions,
    manifest: &mut Manifest,
    outcomes: Vec<Outcome>,
    whole: bool,
    report: &mut PublishReport,
) -> Result<()> {
    let mut gone: BTreeSet<String> = BTreeSet::new();
    let mut current: BTreeSet<String> = BTreeSet::new();
    for outcome in outcomes {
        match outcome {
            Outcome::Same(path) => {
                current.insert(path);
            }
            Outcome::Written(path, hash) => {
                manifest.put(&path, hash)?;
                report.written.push(path.clone());
                current.insert(path);
            }
            Outcome::Gone(path) => {
                gone.insert(path);
            }
        }
    }
    if whole {
        gone.extend(
            manifest
                .paths()?
                .into_iter()
                .filter(|path| !current.contains(path)),
        );
    }
    for path in gone {
        if manifest.owns(&path)? && !current.contains(&path) {
            if !options.dry_run {
                write::delete(out, &path)?;
            }
            manifest.remove(&path)?;
            report.deleted.push(path);
        }
    }
    report.written.sort();
    Ok(())
}

/// A folder that cannot be used.
fn foreign(out: &Path) -> ArchiveError {
    ArchiveError::ForeignFolder(out.to_owned())
}
