//! Which pages a stretch of the journal may have changed.
//!
//! Nothing is logged as mails come in: what a mail touches follows from where it stands now. A page
//! changes when a new or moved mail stands in its window now, and windows are bounded, so the cost is
//! that of the new mails alone. Too many routes are harmless, for equal bytes are not written; a
//! missing one would be a stale page.

use crate::error::Result;
use crate::load::{FILES_CUT_ABOVE, Reader, SITEMAP_CUT_ABOVE, WHOLE, day_cut, last_page};
use crate::tables::keys::{Key, last_u32};
use crate::tables::{CUT_ABOVE, ListRow, MENTIONING, MailRow, index_key, prefixes};
use posthoc_core::message::{MessageId, MessageKey};
use posthoc_core::page::{AUTHOR_PAGE, LayoutName};
use posthoc_core::route::{IndexKind, ListName, Route, Volume};
use posthoc_store::Direction::{Backward, Forward};
use posthoc_store::{Generation, Head, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The five indexes.
pub(crate) const KINDS: [IndexKind; 5] = [
    IndexKind::Thread,
    IndexKind::Subject,
    IndexKind::Author,
    IndexKind::Date,
    IndexKind::Attachments,
];

/// Routes of a list that the records from a state on may have changed.
pub(crate) struct Touched<'r, 'a> {
    reader: &'r Reader<'a>,
    list: &'r ListRow,
    name: ListName,
    pub(crate) routes: BTreeSet<Route>,
    /// Beginnings of paths under which only these routes may stand: what else of ours stands there is
    /// stale.
    sweep: BTreeSet<String>,
    /// Routes that stand under them, and are as they were.
    kept: BTreeSet<Route>,
    /// Changed mails by volume.
    volumes: BTreeMap<String, Vec<Arc<MailRow>>>,
    /// Changed mails by the first address of their author.
    people: BTreeMap<String, Vec<Arc<MailRow>>>,
    /// Changed mails by the first mail of their thread.
    threads: BTreeMap<u32, Vec<Arc<MailRow>>>,
}

/// How the paths of a list's files begin.
pub(crate) fn files_of(name: &ListName) -> String {
    format!("{name}/attachments/")
}

/// What changed since a state.
pub(crate) struct Changed {
    /// Numbers of the mails that came, changed or moved, by list.
    pub(crate) mails: BTreeSet<(u32, u32)>,
    /// Something was taken out of what is shown, or put back.
    pub(crate) is_cut: bool,
}

/// What changed since a state.
pub(crate) fn changed_since(
    reader: &Reader<'_>,
    journal: &dyn posthoc_store::Journal,
    from: Generation,
) -> Result<Changed> {
    let to = reader.generation();
    let mut changed = BTreeSet::new();
    let mut is_cut = false;
    journal.scan(from.0, &mut |seq, record| {
        if seq >= to.0 {
            return false;
        }
        is_cut |= matches!(
            record.head,
            Head::Takedown(_) | Head::Redact(_) | Head::Purged(_)
        );
        match record.head {
            Head::Mail(head) if !matches!(head.verdict, Verdict::Copy(_)) => {
                changed.insert((head.list, head.number));
            }
            Head::Alias(head) => drop(changed.insert((head.list, head.number))),
            Head::Takedown(head) => drop(changed.insert((head.list, head.number))),
            Head::Redact(head) => drop(changed.insert((head.list, head.number))),
            _ => {}
        }
        true
    })?;
    for list in reader.rows.lists()? {
        let (_, end) = Key::of(b'z').u32(list.list).range();
        let begin = Key::of(b'z').u32(list.list).u64(from.0).done();
        for key in reader.rows.keys((begin, end), Forward, usize::MAX)? {
            changed.insert((list.list, last_u32(&key)));
        }
    }
    Ok(Changed {
        mails: changed,
        is_cut,
    })
}

impl<'r, 'a> Touched<'r, 'a> {
    pub(crate) fn new(reader: &'r Reader<'a>, list: &'r ListRow, name: ListName) -> Self {
        let mut routes = BTreeSet::new();
        for route in [Route::List(name.clone()), Route::Feed(name.clone())] {
            routes.insert(route);
        }
        routes.insert(Route::Search(Some(name.clone())));
        Touched {
            reader,
            list,
            name,
            routes,
            sweep: BTreeSet::new(),
            kept: BTreeSet::new(),
            volumes: BTreeMap::new(),
            people: BTreeMap::new(),
            threads: BTreeMap::new(),
        }
    }

    /// What these mails touch: routes, and beginnings of paths under which no other files may stay but
    /// those given.
    pub(crate) fn mails(
        mut self,
        numbers: impl Iterator<Item = u32>,
    ) -> Result<(BTreeSet<Route>, BTreeSet<String>, BTreeSet<Route>)> {
        if self.reader.layout_of(self.list) == LayoutName::Pipermail {
            self.pipermail(numbers)?;
            return Ok((self.routes, self.sweep, self.kept));
        }
        for number in numbers {
            self.mail(number)?;
        }
        self.routes.insert(Route::Stats(self.name.clone()));
        for (thread, rows) in std::mem::take(&mut self.threads) {
            self.thread(thread, &rows)?;
        }
        for rows in std::mem::take(&mut self.people).into_values() {
            self.person(&rows)?;
        }
        for (volume, rows) in std::mem::take(&mut self.volumes) {
            if let Some(volume) = Volume::parse(&volume) {
                self.volume(&volume, &rows)?;
            }
        }
        Ok((self.routes, self.sweep, self.kept))
    }

    /// In Pipermail's layout: the mails' pages and files, those of their neighbours in the order of threads,
    /// and what names a whole volume.
    fn pipermail(&mut self, numbers: impl Iterator<Item = u32>) -> Result<()> {
        let mut volumes: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        let mut less: BTreeSet<String> = BTreeSet::new();
        for number in numbers {
            let Some(found) = self.reader.mail_at(self.list, number)? else {
                continue;
            };
            volumes
                .entry(found.volume().to_owned())
                .or_default()
                .push(number);
            if found.alias.is_some() {
                self.numbered(number)?;
                continue;
            }
            let row = found.row;
            self.page(&row);
            let files = self.reader.file_routes(self.list, &row)?;
            self.routes.extend(files);
            if self.reader.was_removed(self.list, &row)? {
                let (beginnings, kept) =
                    self.reader.scrubbed_beside(self.list, &self.name, &row)?;
                self.sweep.extend(beginnings);
                self.kept.extend(kept);
                less.insert(row.volume.clone());
            }
        }
        if self.reader.links_whole_mbox(self.list) {
            self.routes.insert(Route::WholeMbox(self.name.clone()));
        }
        for (volume, numbers) in volumes {
            let Some(name) = Volume::parse(&volume) else {
                continue;
            };
            self.routes
                .insert(Route::Volume(self.name.clone(), name.clone()));
            for kind in KINDS {
                if kind != IndexKind::Attachments {
                    self.routes.insert(self.index(&name, kind, None));
                }
            }
            self.all_sitemaps(&name)?;
            let downloads = self.reader.download_routes(self.list, &self.name, &name);
            self.routes.extend(downloads);
            let all = match less.contains(&volume) {
                // What was answered or named by a mail that is gone stands elsewhere now.
                true => self.reader.all_numbers(self.list, &name)?,
                false => self.reader.pipermail_beside(self.list, &name, &numbers)?,
            };
            for number in all {
                self.numbered(number)?;
            }
        }
        Ok(())
    }

    fn mail(&mut self, number: u32) -> Result<()> {
        let Some(row) = self.reader.mail(self.list.list, number)? else {
            return Ok(());
        };
        self.page(&row);
        self.routes
            .extend(self.reader.attachment_routes(self.list, &row)?);
        if self.reader.was_removed(self.list, &row)? {
            // Which files are nobody's now is told by those that are somebody's.
            self.sweep.insert(files_of(&self.name));
        }
        for direction in [Backward, Forward] {
            if let Some(beside) = self.reader.number_beside(self.list, &row, direction)? {
                self.numbered(beside)?;
            }
        }
        let id = MessageId(row.id.clone());
        for number in self.reader.rows.bearing(self.list.list, &id)? {
            self.numbered(number)?;
        }
        for number in self.reader.patches_beside(self.list, &row)? {
            self.numbered(number)?;
        }
        self.mentions(&row)?;
        self.author(&row)?;
        let thread = self.reader.thread_of(self.list, &row)?;
        let of_thread = self.threads.entry(thread).or_default();
        of_thread.push(row.clone());
        self.volumes
            .entry(row.volume.clone())
            .or_default()
            .push(row);
        Ok(())
    }

    /// Notes whose a mail is. Where its author was taken out, it may have been anybody's: every person's
    /// pages are looked at.
    fn author(&mut self, row: &Arc<MailRow>) -> Result<()> {
        if row.redacted || row.purged {
            let all = self.reader.all_author_routes(self.list, &self.name)?;
            self.routes.extend(all);
            self.sweep.insert(format!("{}/author/", self.name));
        }
        let addresses = self.reader.addresses_of(self.list, &row.author_address);
        if let Some(first) = addresses.and_then(|addresses| addresses.into_iter().next()) {
            self.people.entry(first).or_default().push(row.clone());
        }
        Ok(())
    }

    /// The pages of a person some of whose mails came or changed.
    fn person(&mut self, changed: &[Arc<MailRow>]) -> Result<()> {
        let address = changed.first().map_or("", |row| &row.author_address);
        let numbers = self.reader.mails_of_person(self.list, address)?;
        let numbers = numbers.unwrap_or_default();
        let earliest = changed.iter().map(|row| row.number).min().unwrap_or(0);
        let at = numbers.partition_point(|number| *number < earliest);
        let mut fewer = false;
        for row in changed {
            if self.reader.was_removed(self.list, row)? {
                self.no_page_by(row.number)?;
                fewer = true;
            }
        }
        let Some(first) = numbers.first() else {
            return Ok(());
        };
        if at == 0 {
            self.renamed(&numbers, changed)?;
        }
        // Those from the first changed one on, the one before, which links there, and those that there
        // are only now.
        let before = numbers.len().saturating_sub(changed.len());
        let from = last_page(before).min((at / AUTHOR_PAGE) as u32);
        let first = self.reader.person_named_by(self.list, *first)?;
        if let Some(Route::Author(list, key, _)) = first {
            for page in 0..=last_page(numbers.len()) {
                let route = Route::Author(list.clone(), key, page);
                if page == 0 || page >= from {
                    self.routes.insert(route);
                } else if fewer {
                    self.kept.insert(route);
                }
            }
            if fewer {
                self.sweep.insert(format!("{list}/author/{key}-"));
            }
        }
        Ok(())
    }

    /// A person's pages may have another name: what links to them is made anew, and none stay under the
    /// name that they had.
    fn renamed(&mut self, numbers: &[u32], changed: &[Arc<MailRow>]) -> Result<()> {
        let is_changed = |number: &u32| changed.iter().any(|row| row.number == *number);
        if let Some(former) = numbers.iter().skip(1).find(|number| !is_changed(number)) {
            self.no_page_by(*former)?;
        }
        for number in numbers {
            let Some(row) = self.reader.mail(self.list.list, *number)? else {
                continue;
            };
            self.page(&row);
            if let Some(volume) = Volume::parse(&row.volume) {
                let kind = IndexKind::Author;
                self.routes.insert(self.index(&volume, kind, None));
                self.piece(&volume, kind, &row, 0)?;
            }
        }
        Ok(())
    }

    /// No person's pages are named by that mail any more, or they are made anew.
    fn no_page_by(&mut self, number: u32) -> Result<()> {
        if let Some(Route::Author(list, key, page)) =
            self.reader.person_named_by(self.list, number)?
        {
            self.sweep.insert(format!("{list}/author/{key}-"));
            self.routes.insert(Route::Author(list, key, page));
        }
        Ok(())
    }

    /// The mails that link to this one because they name it; and of those that name what this one
    /// names, the one that does not link to it any more.
    fn mentions(&mut self, row: &MailRow) -> Result<()> {
        let (list, rows) = (self.list.list, &self.reader.rows);
        let mut numbers = rows.mentioning(list, row.id_key)?;
        numbers.truncate(MENTIONING);
        for id_key in self.reader.named_by(self.list, row)? {
            numbers.extend(rows.mentioning(list, id_key)?.into_iter().skip(MENTIONING));
        }
        for number in numbers {
            let Some(other) = rows.mail(list, number)? else {
                continue;
            };
            self.routes
                .extend(self.reader.message_route(self.list, &other));
            let thread = self.reader.thread_of(self.list, &other)?;
            if let Some(first) = rows.mail(list, thread)? {
                self.thread_pages(&first, thread, number)?;
            }
        }
        Ok(())
    }

    fn page(&mut self, row: &MailRow) {
        self.routes
            .extend(self.reader.message_route(self.list, row));
    }

    fn numbered(&mut self, number: u32) -> Result<()> {
        let found = self.reader.mail_at(self.list, number)?;
        self.routes
            .extend(found.and_then(|found| self.reader.numbered_route(self.list, &found, number)));
        Ok(())
    }

    /// The indexes and downloads of a volume in which mails came or changed; when it is new, its
    /// neighbours link to it.
    fn volume(&mut self, volume: &Volume, changed: &[Arc<MailRow>]) -> Result<()> {
        let rows = &self.reader.rows;
        let mut removed = false;
        for row in changed {
            removed |= self.reader.was_removed(self.list, row)?;
        }
        if removed {
            return self.after_removal(volume);
        }
        let Some(counts) = rows.volume(self.list.list, volume)? else {
            return Ok(());
        };
        let before = counts.messages.saturating_sub(changed.len() as u64);
        let (list, name) = (self.list.list, self.name.clone());
        self.routes.extend([
            Route::Volume(name.clone(), volume.clone()),
            Route::TextVolume(name.clone(), volume.clone()),
            Route::MboxVolume(name, volume.clone()),
        ]);
        self.files(volume, changed)?;
        match before <= SITEMAP_CUT_ABOVE {
            true => self.all_sitemaps(volume)?,
            false => self.sitemaps(volume, changed),
        }
        for kind in KINDS {
            self.routes.insert(self.index(volume, kind, None));
            if kind == IndexKind::Attachments {
                continue;
            }
            if counts.messages <= CUT_ABOVE {
                continue;
            }
            let mut recut = before <= CUT_ABOVE;
            for row in changed {
                recut |= self.piece(volume, kind, row, changed.len() as u64)?;
            }
            if recut {
                for cut in self.reader.cuts(self.list, volume, kind, &counts)? {
                    self.routes.insert(self.index(volume, kind, Some(cut.cut)));
                }
            }
        }
        if before == 0 {
            let (before, after) = rows.volumes_beside(list, volume)?;
            for beside in [before, after].into_iter().flatten() {
                for kind in KINDS {
                    self.routes.insert(self.index(&beside, kind, None));
                }
                self.routes.insert(Route::Volume(self.name.clone(), beside));
            }
        }
        Ok(())
    }

    /// The index of attachments of a volume in which mails came or changed.
    fn files(&mut self, volume: &Volume, changed: &[Arc<MailRow>]) -> Result<()> {
        let fresh = changed.iter().filter(|row| row.attachments > 0).count() as u64;
        if fresh == 0 {
            return Ok(());
        }
        self.routes.insert(Route::Attachments(self.name.clone()));
        let most = FILES_CUT_ABOVE + fresh;
        let now = self.reader.mails_with_files(self.list, volume, most + 1)?;
        if now <= FILES_CUT_ABOVE {
            return Ok(());
        }
        let kind = IndexKind::Attachments;
        let mut days: Vec<String> = changed
            .iter()
            .map(|row| day_cut(volume, self.list.day(row.date)))
            .collect();
        if now <= most {
            let cuts = self.reader.file_cuts(self.list, volume)?;
            days.extend(cuts.into_iter().map(|line| line.cut));
        }
        for day in days {
            self.routes.insert(self.index(volume, kind, Some(day)));
        }
        Ok(())
    }

    /// The sitemaps of a long volume in which mails came or changed.
    fn sitemaps(&mut self, volume: &Volume, changed: &[Arc<MailRow>]) {
        let days = changed.iter().map(|row| self.list.day(row.date));
        let cuts = days.map(|day| Some(day_cut(volume, day)));
        for cut in cuts.chain([None]) {
            let (list, volume) = (self.name.clone(), volume.clone());
            self.routes.insert(Route::Sitemap { list, volume, cut });
        }
    }

    /// Every sitemap of a volume; no other may stay.
    fn all_sitemaps(&mut self, volume: &Volume) -> Result<()> {
        let (list, volume) = (self.name.clone(), volume.clone());
        let counts = self.reader.rows.volume(self.list.list, &volume)?;
        let maps =
            self.reader
                .sitemap_routes(self.list, &list, &volume, &counts.unwrap_or_default());
        self.routes.extend(maps.into_iter().map(|(route, _)| route));
        self.sweep.insert(format!("{list}/{volume}/sitemap-"));
        let cut = None;
        self.routes.insert(Route::Sitemap { list, volume, cut });
        Ok(())
    }

    /// A volume that mails have left may be cut otherwise, or be none any more: every page of it is
    /// looked at, and its neighbours link to other ones.
    fn after_removal(&mut self, volume: &Volume) -> Result<()> {
        let name = self.name.clone();
        self.all_sitemaps(volume)?;
        self.routes.insert(Route::Attachments(name.clone()));
        self.routes.extend([
            Route::Volume(name.clone(), volume.clone()),
            Route::TextVolume(name.clone(), volume.clone()),
            Route::MboxVolume(name, volume.clone()),
        ]);
        for kind in KINDS {
            let whole = self.index(volume, kind, None);
            let path = whole.path();
            self.sweep
                .extend(path.strip_suffix(".html").map(|stem| format!("{stem}-")));
            self.routes.insert(whole);
        }
        let (before, after) = self.reader.rows.volumes_beside(self.list.list, volume)?;
        for volume in [Some(volume.clone()), before, after].into_iter().flatten() {
            self.routes.extend(self.all_indexes(&volume)?);
        }
        Ok(())
    }

    fn index(&self, volume: &Volume, kind: IndexKind, cut: Option<String>) -> Route {
        Route::Index {
            list: self.name.clone(),
            volume: volume.clone(),
            kind,
            cut,
        }
    }

    /// The piece of a long index in which a mail stands; whether pieces were cut anew around it.
    fn piece(
        &mut self,
        volume: &Volume,
        kind: IndexKind,
        row: &MailRow,
        fresh: u64,
    ) -> Result<bool> {
        let day = self.list.day(row.date);
        let text = match kind {
            IndexKind::Date | IndexKind::Attachments => {
                let cut = day_cut(volume, day);
                self.routes.insert(self.index(volume, kind, Some(cut)));
                return Ok(false);
            }
            IndexKind::Thread => {
                let first = self.first_day_in_volume(row, volume)?.unwrap_or(day);
                // A thread that now begins earlier has left the piece of the mail's own day.
                for day in [first, day] {
                    let cut = day_cut(volume, day);
                    self.routes.insert(self.index(volume, kind, Some(cut)));
                }
                return Ok(false);
            }
            IndexKind::Subject => &row.subject,
            IndexKind::Author if row.author_name.is_empty() => &row.author_address,
            IndexKind::Author => &row.author_name,
        };
        let cut = self.reader.key_cut(self.list, volume, kind, text, day)?;
        self.routes.insert(self.index(volume, kind, Some(cut)));
        let pieces = prefixes(&index_key(text), day);
        let mut recut = false;
        for depth in 1..pieces.len() {
            let count = self
                .reader
                .rows
                .piece(self.list.list, volume, kind, &pieces[..depth])?;
            recut |= count > CUT_ABOVE && count.saturating_sub(fresh) <= CUT_ABOVE;
        }
        Ok(recut)
    }

    /// Every index page of a volume.
    pub(crate) fn all_indexes(&self, volume: &Volume) -> Result<Vec<Route>> {
        let Some(counts) = self.reader.rows.volume(self.list.list, volume)? else {
            return Ok(Vec::new());
        };
        let mut routes = vec![Route::Volume(self.name.clone(), volume.clone())];
        let is_pipermail = self.reader.layout_of(self.list) == LayoutName::Pipermail;
        for kind in KINDS {
            if is_pipermail {
                if kind != IndexKind::Attachments {
                    routes.push(self.index(volume, kind, None));
                }
                continue;
            }
            let cuts = self.reader.cuts(self.list, volume, kind, &counts)?;
            let cuts = cuts.into_iter().map(|line| Some(line.cut));
            for cut in std::iter::once(None).chain(cuts) {
                let (list, volume) = (self.name.clone(), volume.clone());
                routes.push(Route::Index {
                    list,
                    volume,
                    kind,
                    cut,
                });
            }
        }
        Ok(routes)
    }

    fn first_day_in_volume(&self, row: &MailRow, volume: &Volume) -> Result<Option<u32>> {
        let thread = self.reader.thread_of(self.list, row)?;
        let here = Key::of(b'w')
            .u32(self.list.list)
            .volume(volume)
            .u32(thread)
            .range();
        let first = self.reader.rows.first(here, Forward)?;
        Ok(match first {
            Some(key) => {
                let number = last_u32(&key);
                self.reader
                    .mail(self.list.list, number)?
                    .map(|first| self.list.day(first.date))
            }
            None => None,
        })
    }

    /// The pages that show these mails in their thread: their own, those near them, the thread's.
    fn thread(&mut self, thread: u32, changed: &[Arc<MailRow>]) -> Result<()> {
        let rows = &self.reader.rows;
        let Some(first) = rows.mail(self.list.list, thread)? else {
            return Ok(());
        };
        for alias in rows.aliases(self.list.list, thread)? {
            self.routes
                .insert(Route::Thread(self.name.clone(), alias, 1));
        }
        // Mails that make a thread long, all together, change every window in it.
        let most = WHOLE + changed.len();
        let numbers = rows.thread(self.list.list, thread, 0, most + 1)?;
        if numbers.len() <= most {
            for number in &numbers {
                self.numbered(*number)?;
            }
        }
        let is_long = numbers.len() > WHOLE;
        for row in changed {
            if is_long {
                for near in self.reader.near(self.list, row)?.into_values() {
                    self.page(&near);
                }
                self.below(row.node)?;
            }
            self.thread_pages(&first, thread, row.number)?;
            self.thread_in_other_volumes(thread, row)?;
        }
        Ok(())
    }

    /// Mails below show their ancestors: as deep as a window reaches up.
    fn below(&mut self, node: MessageKey) -> Result<()> {
        let mut level = vec![node];
        for _ in 0..crate::load::ANCESTORS {
            let mut next = Vec::new();
            for key in level {
                for row in self.reader.answers(self.list, key)? {
                    self.page(&row);
                    next.push(row.node);
                }
            }
            level = next;
        }
        Ok(())
    }

    /// The page of the thread that holds the mail, and the one before it, which links to it.
    fn thread_pages(&mut self, first: &MailRow, thread: u32, number: u32) -> Result<()> {
        let before = Key::of(b'u').u32(self.list.list).u32(thread);
        let begin = before.clone().done();
        let here = before.u32(number).done();
        let at = self
            .reader
            .rows
            .keys((begin, here), Forward, usize::MAX)?
            .len();
        let page = (at / crate::load::PAGE) as u32 + 1;
        for page in [page.saturating_sub(1).max(1), page] {
            self.routes
                .insert(Route::Thread(self.name.clone(), first.key, page));
        }
        Ok(())
    }

    /// A thread that now goes on in this volume says so in the others, and the first mail stands
    /// dimmed above its answers in later ones.
    fn thread_in_other_volumes(&mut self, thread: u32, row: &MailRow) -> Result<()> {
        let here = self.reader.rows.thread(self.list.list, thread, 0, 400)?;
        let mut volumes = BTreeSet::new();
        for number in here {
            if let Some(other) = self.reader.mail(self.list.list, number)?
                && other.volume != row.volume
                && volumes.len() < 8
                && volumes.insert(other.volume.clone())
                && let Some(volume) = Volume::parse(&other.volume)
            {
                let Some(counts) = self.reader.rows.volume(self.list.list, &volume)? else {
                    continue;
                };
                let mut cut = None;
                if counts.messages > CUT_ABOVE {
                    let first = self.first_day_in_volume(&other, &volume)?;
                    cut = first.map(|day| day_cut(&volume, day));
                }
                let (list, kind) = (self.name.clone(), IndexKind::Thread);
                self.routes.insert(Route::Index {
                    list,
                    volume: volume.clone(),
                    kind,
                    cut,
                });
                self.routes.insert(Route::Volume(self.name.clone(), volume));
            }
        }
        Ok(())
    }
}
