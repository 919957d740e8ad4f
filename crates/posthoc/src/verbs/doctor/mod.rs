//! `doctor`: what is wrong with the set-up, and what to do about each. Changes nothing.
//!
//! `folder`: files, owners, disks; `mailboxes`: those that are watched; here: settings, lists, and how far the archive is.

mod folder;
mod mailboxes;

use crate::args::Global;
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::open::{place_with_mistakes, site};
use crate::term;
use crate::theme;
use posthoc_archive::{HowFar, Reader, Settings, Store, how_far};
use posthoc_core::page::{Audience, Site};
use posthoc_embedded::EmbeddedStore;
use posthoc_store::StoreError;
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// How long another process may hold the lock before that is worth a word.
const LOCK_PATIENCE: Duration = Duration::from_secs(3);
/// Seconds after which mail that waits is left over.
const LEFT_OVER: i64 = 300;
/// Waiting mails that are looked at.
const MOST_WAITING: usize = 1_000;

/// What was found, and what to do about it.
pub(super) struct Finding {
    /// It loses mail, tells what it should not, or stands still; else it is only to be known.
    problem: bool,
    what: String,
    remedy: String,
}

/// All that was found.
#[derive(Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    pub(super) fn problem(&mut self, what: impl Into<String>, remedy: impl Into<String>) {
        self.add(true, what.into(), remedy.into());
    }

    pub(super) fn advice(&mut self, what: impl Into<String>, remedy: impl Into<String>) {
        self.add(false, what.into(), remedy.into());
    }

    fn add(&mut self, problem: bool, what: String, remedy: String) {
        self.0.push(Finding {
            problem,
            what,
            remedy,
        });
    }

    fn failure(&mut self, failure: &Failure) {
        let words = failure.words();
        let (what, remedy) = words
            .split_once("; ")
            .unwrap_or((words, "see what it says"));
        self.problem(what, remedy);
    }
}

pub(crate) fn doctor(global: &Global) -> Result<Exit, Failure> {
    let (place, wrong) = place_with_mistakes(global)?;
    let mut findings = Findings::default();
    for wrong in &wrong {
        findings.problem(
            wrong.to_string(),
            "mend that line; a running server goes on with what it had",
        );
    }
    let dir = &place.dir;
    folder::look(dir, &place.config, &mut findings);
    mailboxes::look(dir, &place.config, &mut findings);
    match EmbeddedStore::open(dir) {
        Ok(store) => {
            let looked = look(&store, dir, &place.config, &mut findings);
            looked.unwrap_or_else(|failure| findings.failure(&failure));
        }
        Err(error) => findings.failure(&Failure::from(error)),
    }
    tell(global, dir, &findings.0)
}

/// What can be seen of an archive that opens.
fn look(
    store: &EmbeddedStore,
    dir: &Path,
    config: &Config,
    findings: &mut Findings,
) -> Result<(), Failure> {
    match store.lock(LOCK_PATIENCE) {
        Ok(_) => {}
        Err(StoreError::Locked) => findings.advice(
            format!("another process has held the lock of {} for three seconds", dir.display()),
            "an import does that, and mail waits in incoming/ meanwhile; if nothing runs, look who has \
             the file `lock` open: fuser -v lock",
        ),
        Err(error) => findings.failure(&Failure::from(error)),
    }
    let face = theme::of(dir);
    let site = site(config, Some(&face))?;
    let layout = theme::layout(&site, &face)?;
    let limits = config.limits();
    let settings = Settings {
        site: &site,
        layout: &layout,
        limits: &limits,
        folds: &posthoc_archive::Folds::default(),
    };
    let reader = Reader::new(store, &settings, Audience::Operator)?;
    lists(&reader, config, &site, findings)?;
    waiting(store, &reader, findings)?;
    behind(&how_far(store)?, findings);
    Ok(())
}

/// Files of lists that are not there, names that lead elsewhere than they seem to.
fn lists(
    reader: &Reader<'_>,
    config: &Config,
    site: &Site,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let lists = reader.lists()?;
    let names: BTreeSet<&str> = lists.iter().map(|list| list.name.as_str()).collect();
    if names.is_empty() {
        findings.advice("there is no list yet", "make one: posthoc list add NAME");
    }
    for name in config.lists.keys() {
        match reader.called(name)? {
            Some(called) if called == *name => {}
            Some(called) => findings.problem(
                format!("lists.d/{name}.toml is of a list that is called {called} now: nothing of it counts"),
                format!("rename the file to lists.d/{called}.toml"),
            ),
            None => findings.problem(
                format!("lists.d/{name}.toml is of a list that is not there"),
                format!("make it, posthoc list add {name}, or take the file away"),
            ),
        }
    }
    for (alias, of) in &site.aliases {
        if names.contains(alias.as_str()) {
            findings.problem(
                format!(
                    "{of} has the alias {alias}, which is a list of its own: mail for it goes there"
                ),
                format!("take it out of `aliases` in lists.d/{of}.toml"),
            );
        }
    }
    let public = lists.iter().any(|list| list.visibility == "public");
    if public && site.base_url.is_none() {
        findings.advice(
            "the site's URL is not known: feeds and mails to git have no absolute links",
            "set `url` under [site] in posthoc.toml",
        );
    }
    Ok(())
}

/// Mail that nobody has taken in.
fn waiting(
    store: &EmbeddedStore,
    reader: &Reader<'_>,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let now = crate::open::now();
    let (mut old, mut nowhere) = (0_u64, BTreeSet::new());
    for name in store.spool().names(MOST_WAITING)? {
        match store.spool().get(&name) {
            Ok(Some((list, received, _))) => {
                let known = posthoc_core::route::ListName::new(&list);
                let known = known.map(|list| reader.called(&list)).transpose()?;
                if known.flatten().is_none() {
                    nowhere.insert(list);
                } else if now.saturating_sub(received) > LEFT_OVER {
                    old += 1;
                }
            }
            Ok(None) => {}
            Err(error) => findings.problem(
                format!("incoming/new/{name} cannot be read: {error}"),
                "the disk has damaged it, or somebody wrote it; look at it, and move it away",
            ),
        }
    }
    if old > 0 {
        findings.problem(
            format!("{} in incoming/ for more than five minutes", term::count(old, "mail")),
            "posthoc lists takes them in, and says what keeps it from that; a running server does so by itself",
        );
    }
    for list in nowhere {
        findings.problem(
            format!("mail waits in incoming/ for a list that is not there: {list}"),
            format!("make it: posthoc list add {list}"),
        );
    }
    Ok(())
}

fn behind(far: &HowFar, findings: &mut Findings) {
    let behind = |reached: u64| far.recorded.saturating_sub(reached);
    if behind(far.shown) > 0 {
        findings.problem(
            format!(
                "pages do not know the last {}",
                term::count(behind(far.shown), "record")
            ),
            "any verb derives them, as posthoc lists; if it stays so, posthoc rebuild",
        );
    }
    if behind(far.searchable) > 0 {
        findings.advice(
            format!("search does not know the last {}", term::count(behind(far.searchable), "record")),
            "a running server, or the next verb that writes, goes on with it; if it stays so, posthoc rebuild",
        );
    }
}

fn tell(global: &Global, dir: &Path, findings: &[Finding]) -> Result<Exit, Failure> {
    let problems = findings.iter().filter(|finding| finding.problem).count();
    if global.json {
        let told = findings.iter().map(|finding| {
            let severity = if finding.problem { "problem" } else { "advice" };
            json!({"severity": severity, "what": finding.what, "remedy": finding.remedy})
        });
        let told: Vec<_> = told.collect();
        term::json(&json!({"archive": dir, "problems": problems, "findings": told}))?;
    } else if problems > 0 || !global.quiet {
        let mut text = String::new();
        for finding in findings {
            let word = if finding.problem { "problem" } else { "advice" };
            let (what, remedy) = (term::line(&finding.what), term::line(&finding.remedy));
            let _ = writeln!(text, "{word}: {what}\n    {remedy}");
        }
        if findings.is_empty() {
            let dir = dir.display().to_string();
            let _ = writeln!(text, "{}: nothing to say", term::line(&dir));
        }
        term::print(&text)?;
    }
    Ok(match problems {
        0 => Exit::Done,
        _ => Exit::No,
    })
}

/// Seconds since a time; none for one to come.
pub(super) fn age(time: SystemTime) -> Option<u64> {
    time.elapsed().ok().map(|age| age.as_secs())
}
