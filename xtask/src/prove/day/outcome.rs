//! What came of it.

use super::super::lab::text;
use super::super::lock::ids;
use super::super::times::Times;
use super::super::tree::{Visitor, differences, encoded, files, some};
use super::super::{Row, row};
use super::service::Follower;
use super::stretch::{self, Late};
use super::{Day, FOLDER_READERS, LIVE_READERS, Shown};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Bounds of the time until a mail can be read, milliseconds: at the server, in the folder.
const SOON_LIVE: f64 = 1_000.0;
const SOON_IN_FOLDER: f64 = 2_000.0;

impl Day<'_> {
    /// How often each mail is in an archive.
    pub(super) fn there(&self, archive: &Path) -> Result<BTreeMap<String, usize>> {
        let mut all = BTreeMap::new();
        for list in &self.lists {
            for (id, times) in ids(self.lab, archive, list.name)? {
                *all.entry(id).or_default() += times;
            }
        }
        Ok(all)
    }

    /// Whether what was promised is there.
    pub(super) fn promised(&self) -> Result<Row> {
        let there = self.there(&self.archive)?;
        let kept_out = stretch::kept_out(self.lab, &self.archive, &self.lists)?;
        let promised = self.promised.lock().unwrap_or_else(PoisonError::into_inner);
        let lost = |id: &&String| !there.contains_key(*id) && !kept_out.contains(*id);
        let twice = |id: &&String| there.get(*id).is_some_and(|times| *times > 1);
        let (lost, twice) = (
            promised.keys().filter(lost).count(),
            promised.keys().filter(twice).count(),
        );
        let known = |late: &&Late| promised.contains_key(&late.id) || kept_out.contains(&late.id);
        let late = || self.lists.iter().flat_map(|list| &list.late);
        let (all, known) = (late().count(), late().filter(known).count());
        let old: usize = self.lists.iter().map(|list| list.old).sum();
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(row(
            format!(
                "{} days of {} lists in {:.0} minutes, {all} mails into {old}, by LMTP and deliver",
                stretch::days(self.lab),
                self.lists.len(),
                self.long.as_secs_f64() / 60.0
            ),
            format!(
                "{} promised, {} held or not wanted; lost {lost}, twice {twice}, refused {} {}; put off and \
                 brought again {}",
                promised.len(),
                kept_out.len(),
                refused.len(),
                some(&refused),
                self.put_off.load(Relaxed)
            ),
            "all promised, lost 0, twice 0, refused 0",
            lost + twice + refused.len() == 0 && known == all,
        ))
    }

    /// What readers met, and how soon mails could be read.
    pub(super) fn read(&self, shown: Shown) -> Vec<Row> {
        let (wrong, busy) = (self.met.all_wrong(), self.met.busy.load(Relaxed));
        let soon = |what: &str, took: Vec<Duration>, bound: f64| {
            let many = took.len();
            let times = Times::of(took, Duration::ZERO);
            row(
                format!("from the promise of {many} mails until {what}"),
                format!(
                    "median {:.0}, p99 {:.0}, longest {:.0} ms",
                    times.percentile(50),
                    times.percentile(99),
                    times.percentile(100)
                ),
                format!("p99 within {bound:.0} ms"),
                many > 0 && times.percentile(99) <= bound,
            )
        };
        vec![
            row(
                format!("{LIVE_READERS} readers of the live site, {FOLDER_READERS} of the folder"),
                format!(
                    "{} pages, {} links looked at; too much to do {}, wrong {} {}",
                    self.met.pages.load(Relaxed),
                    self.met.links.load(Relaxed),
                    busy,
                    wrong.len(),
                    some(&wrong)
                ),
                "none of either",
                wrong.is_empty() && busy == 0 && self.met.links.load(Relaxed) > 0,
            ),
            soon("the server shows them", shown.live, SOON_LIVE),
            soon("the folder has their pages", shown.folder, SOON_IN_FOLDER),
        ]
    }

    /// Whether all is well in the end, and the folder is what the server says.
    pub(super) fn end(&self, follower: &Mutex<Follower>, log: &Path) -> Result<Vec<Row>> {
        follower
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .stop()?;
        let said = fs::read_to_string(log)?;
        let check = self.lab.posthoc(&self.archive, &["-q", "check"]).output()?;
        let fresh = self.lab.fresh("day-fresh")?;
        self.lab
            .done(&self.archive, &["-q", "publish", text(&fresh)?])?;
        let differ = differences(&self.site, &fresh)?;
        let mut visitor = Visitor::new(self.service.address()?);
        let (mut same, mut other) = (0, Vec::new());
        for (path, file) in files(&self.site)? {
            // Rules for web servers are not pages, nor is what the page searches where no server does.
            if path.starts_with("_rules/") || path.contains("search/shards/") || path == "404.html"
            {
                continue;
            }
            let (status, body) = visitor.get(&encoded(&path))?;
            match status == 200 && body == fs::read(file)? {
                true => same += 1,
                false => other.push(format!("{path} ({status})")),
            }
        }
        let server = self.service.stop().context("the server")?;
        Ok(vec![
            row(
                "check in the end; what publish --follow said",
                format!(
                    "{}; {said:?}; the server ended after {:.1} s",
                    check.status,
                    server.as_secs_f64()
                ),
                "exit status: 0, nothing",
                check.status.success() && said.is_empty(),
            ),
            row(
                "the folder that followed, beside one made anew, and beside the live site",
                format!(
                    "{} differ {}; {same} as live, {} not {}",
                    differ.len(),
                    some(&differ),
                    other.len(),
                    some(&other)
                ),
                "0 differ, all as live",
                differ.is_empty() && other.is_empty() && same > 0,
            ),
        ])
    }
}
