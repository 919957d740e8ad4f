//! The static site: `page(route)` for every exported route, written when it changed.
//!
//! 1. The state of OUT says which generation it shows, and of what settings (`marks`); a fresh OUT,
//!    other settings of the site or another program version walk every route, other settings of a list
//!    the routes of that list, else only what was touched since.
//! 2. Pages are made on all cores, all of one state (`passes`). Into a folder that may have readers, new
//!    files are written first, to which no page there links yet, then those that are there, each whole or
//!    not at all. Of each, files that others link to come first (mails, threads, attachments), then what
//!    links to them (indexes, lists), then the page of the lists. A run that holds back leaves the
//!    downloads that are there (`downloads`).
//! 3. Words of the mails are gathered while their pages are made, or once more where only a stretch of
//!    them changed, and become the files of the search page (`shards`).
//! 4. What the manifest owns and is no page any more is deleted last.
//! 5. Then the state is written, so that a killed run does its work again; what it had begun is told by
//!    a `log`.

mod downloads;
mod log;
mod manifest;
mod marks;
mod mhonarc;
mod passes;
mod routes;
mod rules;
mod runs;
mod shards;
mod write;

use crate::error::{ArchiveError, Result};
use crate::lists::known_as;
use crate::load::{Reader, Settings, Status};
use crate::touched::{Touched, changed_since, files_of};
use downloads::Wait;
use manifest::{Manifest, State};
pub use mhonarc::{MhonarcTree, leaves_folder};
use passes::{Pass, Readers};
use posthoc_core::page::{Audience, Site, Visibility};
use posthoc_core::route::{Export, ListName, Route};
use posthoc_store::{Generation, Store};
use routes::Stages;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use write::Outcome;

/// What is to be published.
#[derive(Clone, Debug, Default)]
pub struct PublishOptions {
    /// Only these lists; all public ones when empty.
    pub lists: Vec<ListName>,
    /// For the members of these lists, who read them beside the public ones; for everybody when empty.
    /// A folder is for one audience, for ever.
    pub members: Vec<ListName>,
    /// Report, write nothing.
    pub dry_run: bool,
    /// Take over a folder that is not empty and not ours; files of others stay.
    pub adopt: bool,
    /// Look at every route, whatever the state says.
    pub full: bool,
    /// Write no files for the search page to look into.
    pub no_search: bool,
    /// Of a site that is read meanwhile and published again and again: leave downloads that are there as
    /// they are, unless a new volume of their list begins, and leave what a search page that was opened
    /// before may still look into. A run without this makes up for it. Nothing is left where something
    /// was taken down or a list's settings changed.
    pub hold: bool,
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
    /// Something was held back, now or by a run before.
    pub held: bool,
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
    let audience = audience(store, settings, options)?;
    let (reader, readers) = Readers::open(store, settings, &audience)?;
    manifest.claim(out, &audience, options.dry_run)?;
    let generation = reader.generation();
    let mut report = PublishReport {
        generation: generation.0,
        ..PublishReport::default()
    };
    let lists = chosen_lists(&reader, &audience, options, &mut report)?;
    let mut state = State {
        generation: generation.0,
        fingerprint: marks::site(settings),
        lists: marks::lists(&reader, &lists)?,
        shards: None,
        late: BTreeSet::new(),
        held: false,
    };
    let before = manifest
        .state()
        .filter(|before| before.fingerprint == state.fingerprint && !options.full)
        .cloned();
    if let Some(before) = &before
        && !manifest.is_doubted()
        && before.shows(&state, options)
    {
        report.held = before.held;
        return Ok(report);
    }
    let begun = match options.dry_run {
        true => Vec::new(),
        false => manifest.begin(out)?,
    };
    let mut plan = shards::Plan::new(&reader, &lists, options)?;
    let mut options = options.clone();
    let mut wait = Wait::default();
    let (stages, within) = match &before {
        None => {
            options.hold = false;
            (routes::all(&reader, &lists)?, Within::Site)
        }
        Some(before) => {
            let other = marks::differing(&before.lists, &state.lists);
            let from = Generation(before.generation);
            let changed = changed_since(&reader, store.journal(), from)?;
            plan.keep(before, &other, &changed.mails);
            options.hold &= other.is_empty() && !changed.is_cut;
            if options.hold {
                wait = Wait::of(&reader, &lists, &manifest)?;
                state.late = wait.late(before);
            }
            let mut also = still_pages(&reader, settings.site, &lists, &begun)?;
            also.extend(wait.due(before));
            let (mut stages, stale) = touched(&reader, &lists, &other, changed.mails, also)?;
            stages.linked.extend(plan.work(&other));
            (stages, Within::Folders(other, stale))
        }
    };
    let runs = runs::Runs::new(out, options.dry_run)?;
    let making = Making {
        readers: &readers,
        stages: &stages,
        out,
        manifest: &manifest,
        wait: &wait,
        options: &options,
    };
    let outcomes = making.pages(&plan, &runs, progress)?;
    report.routes = outcomes.len() as u64;
    // What they know of mails takes as much as the files of the search.
    drop(readers);
    let built = shards::write(&reader, out, plan, runs, &options, &mut report)?;
    state.shards = shards::settle(
        out,
        &manifest,
        built,
        before.as_ref(),
        &options,
        &mut report,
    )?;
    let (site, dry_run) = (settings.site, options.dry_run);
    let rules = rules::write_rules(&reader, site, &lists, out, &mut manifest, dry_run)?;
    report.written.extend(rules);
    let ended = Ended { outcomes, begun };
    let late = settle(out, &options, &mut manifest, ended, &within, &mut report)?;
    state.late.extend(late);
    state.held = options.hold;
    report.held = state.held;
    report.written.sort();
    report.deleted.sort();
    if !options.dry_run {
        manifest.save(&state)?;
    }
    Ok(report)
}

/// What pages are made of and for.
struct Making<'m, 'a> {
    readers: &'m Readers<'a>,
    stages: &'m Stages,
    out: &'m Path,
    manifest: &'m Manifest,
    wait: &'m Wait,
    options: &'m PublishOptions,
}

impl Making<'_, '_> {
    /// Makes every page of the stages, in as many passes as the folder needs.
    fn pages(
        &self,
        plan: &shards::Plan,
        runs: &runs::Runs,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<Vec<Outcome>> {
        let passes = Pass::of(self.manifest);
        let total = self.stages.size() * passes.len() as u64;
        let done = AtomicU64::new(0);
        let mut outcomes = Vec::new();
        for (nth, pass) in passes.iter().enumerate() {
            self.stages.again();
            outcomes.extend(self.readers.make(self.stages, |reader, works| {
                let mut made = Vec::new();
                // Words are gathered once.
                let mut harvest = (nth == 0).then(|| shards::Harvest::new(plan, runs));
                while let Some(work) = works.next() {
                    self.stages.each(work, reader, harvest.as_mut(), |route| {
                        made.extend(self.one(reader, route, *pass)?);
                        Ok(())
                    })?;
                    progress(done.fetch_add(work.size(), Relaxed) + work.size(), total);
                }
                harvest.map_or(Ok(()), shards::Harvest::finish)?;
                Ok(made)
            })?);
        }
        Ok(outcomes)
    }

    /// Makes one page, when it is in the pass, and writes it if it changed; a route that is none any more
    /// is to be deleted.
    fn one(&self, reader: &Reader<'_>, route: &Route, pass: Pass) -> Result<Option<Outcome>> {
        let path = route.path();
        if !pass.has(self.manifest, &path)? {
            return Ok(None);
        }
        if pass == Pass::Known && self.wait.has(route) {
            return Ok(Some(Outcome::Late(path)));
        }
        let answer = reader.answer(route)?;
        match answer.status {
            Status::NotFound if *route != Route::NotFound => Ok(Some(Outcome::Gone(path))),
            // A tombstone stands where the mail's page stood, and nowhere else.
            Status::Gone if !matches!(route, Route::Message(..) | Route::Old(..)) => {
                Ok(Some(Outcome::Gone(path)))
            }
            // A person's page has one name; a server leads to it from those that it could have.
            Status::Moved(_) if matches!(route, Route::Author(..)) => Ok(Some(Outcome::Gone(path))),
            _ => {
                let dry_run = self.options.dry_run;
                write::page(self.out, path, &answer.page, self.manifest, dry_run).map(Some)
            }
        }
    }
}

/// Who may read what is published: members by the names that their lists have now.
fn audience(
    store: &dyn Store,
    settings: &Settings<'_>,
    options: &PublishOptions,
) -> Result<Audience> {
    if options.members.is_empty() {
        return Ok(Audience::Public);
    }
    let reader = Reader::new(store, settings, Audience::Public)?;
    let mut names = BTreeSet::new();
    for name in &options.members {
        let row = reader.rows.need_list(name.as_str())?;
        names.extend(ListName::new(&row.name));
    }
    Ok(Audience::Members(names.into_iter().collect()))
}

fn is_members(audience: &Audience, name: &ListName) -> bool {
    matches!(audience, Audience::Members(lists) if lists.contains(name))
}

/// The lists to publish: public ones, and of those the ones that were asked for.
fn chosen_lists(
    reader: &Reader<'_>,
    audience: &Audience,
    options: &PublishOptions,
    report: &mut PublishReport,
) -> Result<Vec<ListName>> {
    let mut chosen = Vec::new();
    let mut asked = Vec::new();
    for name in &options.lists {
        asked.push(reader.rows.need_list(name.as_str())?.list);
    }
    for list in reader.rows.lists()? {
        let Some(name) = ListName::new(&list.name) else {
            continue;
        };
        if !asked.is_empty() && !asked.contains(&list.list) {
            continue;
        }
        match reader.visibility(&list) {
            _ if is_members(audience, &name) => {
                report.lists.push(name.to_string());
                chosen.push(name);
            }
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

/// Where every route was looked at, so that what is no page any more can be told.
enum Within {
    Site,
    /// These folders of the site, and what may be stale beside them.
    Folders(BTreeSet<String>, Stale),
}

/// Paths that removals may have left without a page.
#[derive(Default)]
struct Stale {
    /// How they begin.
    beginnings: BTreeSet<String>,
    /// Those among them that are pages still.
    kept: BTreeSet<String>,
}

/// The exported routes that were touched since a state, and others, each once, in stages; all of those
/// folders that are otherwise than they were. And beginnings of paths under which nothing else may stay.
fn touched(
    reader: &Reader<'_>,
    lists: &[ListName],
    other: &BTreeSet<String>,
    changed: BTreeSet<(u32, u32)>,
    also: Vec<Route>,
) -> Result<(Stages, Stale)> {
    let mut by_list: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (list, number) in changed {
        by_list.entry(list).or_default().push(number);
    }
    let mut stages = Stages::default();
    let mut routes: BTreeSet<Route> = [
        Route::Home,
        Route::Search(None),
        Route::SitemapIndex,
        Route::Robots,
    ]
    .into();
    // Those of a folder that is otherwise are looked at anyway.
    let is_elsewhere =
        |route: &Route| (route.list()).is_none_or(|list| !other.contains(list.as_str()));
    routes.extend(also.into_iter().filter(is_elsewhere));
    let mut stale = Stale::default();
    for name in lists {
        if other.contains(name.as_str()) {
            routes.extend(reader.other_names(name)?.into_iter().map(Route::List));
            routes::of_list(reader, name, &mut stages)?;
            continue;
        }
        for name in reader.other_names(name)? {
            if other.contains(name.as_str()) {
                routes.insert(Route::List(name));
            }
        }
        let list = reader.rows.need_list(name.as_str())?;
        if let Some(numbers) = by_list.remove(&list.list) {
            let touched = Touched::new(reader, &list, name.clone());
            let (more, beginnings, kept) = touched.mails(numbers.into_iter())?;
            routes.extend(more);
            stale.kept.extend(kept.iter().map(Route::path));
            if beginnings.contains(&files_of(name)) {
                let kept = reader.all_attachment_routes(&list)?;
                stale.kept.extend(kept.iter().map(Route::path));
            }
            stale.beginnings.extend(beginnings);
        }
    }
    routes.retain(|route| route.export() != Export::Live);
    stages.add(routes);
    Ok((stages, stale))
}

/// Of pages that a killed run has begun, those that may be pages of these lists now.
fn still_pages(
    reader: &Reader<'_>,
    site: &Site,
    lists: &[ListName],
    begun: &[String],
) -> Result<Vec<Route>> {
    let mut routes = Vec::new();
    for route in begun.iter().filter_map(|path| Route::parse(path)) {
        let list = match route.list() {
            Some(name) => known_as(&reader.rows, name, site)?,
            None => None,
        };
        if list.is_none_or(|row| lists.iter().any(|name| name.as_str() == row.name)) {
            routes.push(route);
        }
    }
    Ok(routes)
}

/// What was made of the routes, and what a killed run had begun.
struct Ended {
    outcomes: Vec<Outcome>,
    begun: Vec<String>,
}

/// Enters the outcomes in the manifest and deletes what is no page any more: among all that is ours, or
/// under the beginnings given. Answers which files are of an earlier state.
fn settle(
    out: &Path,
    options: &PublishOptions,
    manifest: &mut Manifest,
    ended: Ended,
    within: &Within,
    report: &mut PublishReport,
) -> Result<Vec<String>> {
    let mut late = Vec::new();
    let mut gone: BTreeSet<String> = BTreeSet::new();
    let mut current: BTreeSet<String> = BTreeSet::new();
    for outcome in ended.outcomes {
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
            Outcome::Late(path) => {
                current.insert(path.clone());
                late.push(path);
            }
        }
    }
    let owned = match within {
        Within::Site => manifest.paths(None)?,
        Within::Folders(folders, stale) => {
            let mut owned = manifest.paths(Some(folders))?;
            for beginning in &stale.beginnings {
                owned.extend(manifest.paths_under(beginning)?);
            }
            owned.extend(ended.begun);
            owned
        }
    };
    let kept = match within {
        Within::Folders(_, stale) => Some(&stale.kept),
        Within::Site => None,
    };
    let stale = |path: &String| {
        let is_kept = kept.is_some_and(|kept| kept.contains(path));
        !is_kept && !current.contains(path) && !path.starts_with("_rules/")
    };
    gone.extend(owned.into_iter().filter(stale));
    for path in gone {
        if manifest.owns(&path)? && !current.contains(&path) {
            if !options.dry_run {
                write::delete(out, &path)?;
            }
            manifest.remove(&path)?;
            report.deleted.push(path);
        }
    }
    Ok(late)
}

/// A folder that cannot be used.
fn foreign(out: &Path) -> ArchiveError {
    ArchiveError::ForeignFolder(out.to_owned())
}
