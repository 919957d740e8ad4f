//! Every exported route, in pieces of work.

use super::shards::Harvest;
use crate::error::Result;
use crate::load::{PAGE, Reader};
use crate::tables::MailRow;
use crate::touched::Touched;
use posthoc_core::page::LayoutName;
use posthoc_core::route::{ListName, Route, Volume};
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// Pages or mails in one piece of work: neighbours in arrival order share blocks of the journal,
/// threads and parsed mails.
pub(super) const PIECE: usize = 512;

/// What a core does at once.
pub(super) enum Work {
    /// These pages.
    Pages(Vec<Route>),
    /// The pages of these mails, their files, and the threads that they began.
    Mails(MailsOf),
    /// The words of these mails, whose pages nobody makes.
    Words(ListName, Vec<u32>),
}

/// Mails of a volume that stand next to each other.
pub(super) struct MailsOf {
    list: ListName,
    volume: Volume,
    numbers: Vec<u32>,
    /// The volume's last mails: its downloads are made with them, while most of it is at hand.
    last: bool,
}

/// Pieces of work: what others link to, what links, and the page by which readers come in.
#[derive(Default)]
pub(super) struct Stages {
    pub(super) linked: Vec<Work>,
    pub(super) linking: Vec<Work>,
    entrance: Vec<Work>,
    /// Files that some core has taken: several mails may have the same.
    files: Mutex<HashSet<Route>>,
}

impl Stages {
    /// Adds pages, each to its stage.
    pub(super) fn add(&mut self, routes: impl IntoIterator<Item = Route>) {
        let (linked, rest): (Vec<_>, Vec<_>) = routes.into_iter().partition(is_linked);
        let (entrance, linking) = rest.into_iter().partition(is_entrance);
        for (stage, routes) in [
            (&mut self.linked, linked),
            (&mut self.linking, linking),
            (&mut self.entrance, entrance),
        ] {
            stage.extend(
                routes
                    .chunks(PIECE)
                    .map(|piece| Work::Pages(piece.to_vec())),
            );
        }
    }

    /// In the order in which they are made.
    pub(super) fn in_order(&self) -> [&[Work]; 3] {
        [&self.linked, &self.linking, &self.entrance]
    }

    /// Lets every file be taken once more.
    pub(super) fn again(&self) {
        self.files
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// Has every route of a piece of work made, in order, and its words gathered, where a harvest is given.
    pub(super) fn each(
        &self,
        work: &Work,
        reader: &Reader<'_>,
        harvest: Option<&mut Harvest<'_>>,
        mut make: impl FnMut(&Route) -> Result<()>,
    ) -> Result<()> {
        match (work, harvest) {
            (Work::Pages(routes), _) => routes.iter().try_for_each(make),
            (Work::Mails(mails), harvest) => mails.each(reader, &self.files, harvest, &mut make),
            (Work::Words(list, numbers), Some(harvest)) => {
                let list = reader.rows.need_list(list.as_str())?;
                numbers.iter().try_for_each(|number| {
                    let row = reader.mail(list.list, *number)?;
                    row.map_or(Ok(()), |row| harvest.mail(reader, &list, &row))
                })
            }
            (Work::Words(..), None) => Ok(()),
        }
    }

    /// How much there is to do, in mails and other pages.
    pub(super) fn size(&self) -> u64 {
        self.in_order().into_iter().flatten().map(Work::size).sum()
    }
}

/// Whether readers, or crawlers, come in by it.
fn is_entrance(route: &Route) -> bool {
    matches!(route, Route::Home | Route::SitemapIndex | Route::Robots)
}

/// Whether pages of other stages link to it, so that it is written before them.
fn is_linked(route: &Route) -> bool {
    matches!(
        route,
        Route::Message(..)
            | Route::Old(..)
            | Route::Scrubbed { .. }
            | Route::PlainVolume(..)
            | Route::WholeMbox(_)
            | Route::Thread(..)
            | Route::Author(..)
            | Route::Attachment(..)
            | Route::TextVolume(..)
            | Route::MboxVolume(..)
            | Route::Asset(_)
    )
}

impl Work {
    /// How much it is, in mails or other pages.
    pub(super) fn size(&self) -> u64 {
        match self {
            Work::Pages(routes) => routes.len() as u64,
            Work::Mails(mails) => mails.numbers.len() as u64,
            Work::Words(_, numbers) => numbers.len() as u64,
        }
    }
}

impl MailsOf {
    fn each(
        &self,
        reader: &Reader<'_>,
        files: &Mutex<HashSet<Route>>,
        mut harvest: Option<&mut Harvest<'_>>,
        make: &mut impl FnMut(&Route) -> Result<()>,
    ) -> Result<()> {
        let list = reader.rows.need_list(self.list.as_str())?;
        let is_pipermail = reader.layout_of(&list) == LayoutName::Pipermail;
        let mut routes = Vec::new();
        for number in &self.numbers {
            let Some(found) = reader.mail_at(&list, *number)? else {
                continue;
            };
            if found.alias.is_some() {
                let page = reader.numbered_route(&list, &found, *number);
                page.into_iter().try_for_each(|route| make(&route))?;
                continue;
            }
            let row = found.row;
            routes.extend(reader.message_route(&list, &row));
            let of_mail = reader.file_routes(&list, &row)?;
            if !of_mail.is_empty() {
                let mut files = files.lock().unwrap_or_else(PoisonError::into_inner);
                routes.extend(
                    of_mail
                        .into_iter()
                        .filter(|file| files.insert(file.clone())),
                );
            }
            if !is_pipermail && reader.thread_of(&list, &row)? == *number {
                thread(reader, list.list, &self.list, &row, &mut routes)?;
            }
            routes.drain(..).try_for_each(|route| make(&route))?;
            if let Some(harvest) = &mut harvest {
                harvest.mail(reader, &list, &row)?;
            }
        }
        if self.last {
            for route in reader.download_routes(&list, &self.list, &self.volume) {
                make(&route)?;
            }
        }
        Ok(())
    }
}

/// All exported pages of lists.
pub(super) fn all(reader: &Reader<'_>, lists: &[ListName]) -> Result<Stages> {
    let mut stages = Stages::default();
    stages.add([
        Route::Home,
        Route::Search(None),
        Route::MidPage(None),
        Route::NotFound,
        Route::SitemapIndex,
        Route::Robots,
    ]);
    let assets = reader.assets();
    stages.add(
        assets
            .iter()
            .map(|asset| Route::Asset(asset.name.to_owned())),
    );
    for name in lists {
        stages.add(reader.other_names(name)?.into_iter().map(Route::List));
        of_list(reader, name, &mut stages)?;
    }
    Ok(stages)
}

/// All exported pages of one list.
pub(super) fn of_list(reader: &Reader<'_>, name: &ListName, stages: &mut Stages) -> Result<()> {
    let list = reader.rows.need_list(name.as_str())?;
    let is_pipermail = reader.layout_of(&list) == LayoutName::Pipermail;
    let mut routes = vec![
        Route::List(name.clone()),
        Route::Feed(name.clone()),
        Route::Search(Some(name.clone())),
        Route::MidPage(Some(name.clone())),
    ];
    if !is_pipermail {
        routes.extend([Route::Attachments(name.clone()), Route::Stats(name.clone())]);
        routes.extend(reader.all_author_routes(&list, name)?);
    }
    if reader.links_whole_mbox(&list) {
        routes.push(Route::WholeMbox(name.clone()));
    }
    for (volume, counts) in reader.rows.volumes(list.list)? {
        let maps = reader.sitemap_routes(&list, name, &volume, &counts);
        routes.extend(maps.into_iter().map(|(route, _)| route));
        let touched = Touched::new(reader, &list, name.clone());
        routes.extend(touched.all_indexes(&volume)?);
        let numbers = match is_pipermail {
            true => reader.all_numbers(&list, &volume)?,
            false => reader.rows.volume_numbers(list.list, &volume)?,
        };
        let mut pieces = numbers.chunks(PIECE).peekable();
        while let Some(piece) = pieces.next() {
            stages.linked.push(Work::Mails(MailsOf {
                list: name.clone(),
                volume: volume.clone(),
                numbers: piece.to_vec(),
                last: pieces.peek().is_none(),
            }));
        }
    }
    // Tombstones, and the threads that removed mails began.
    for number in reader.rows.taken_down(list.list)? {
        if let Some(row) = reader.mail(list.list, number)? {
            routes.extend(reader.message_route(&list, &row));
            if !is_pipermail && reader.thread_of(&list, &row)? == number {
                thread(reader, list.list, name, &row, &mut routes)?;
            }
        }
    }
    stages.add(routes);
    Ok(())
}

/// A thread's pages and the pages at its former names.
fn thread(
    reader: &Reader<'_>,
    list: u32,
    name: &ListName,
    first: &MailRow,
    routes: &mut Vec<Route>,
) -> Result<()> {
    let mails = reader.rows.thread(list, first.number, 0, usize::MAX)?.len();
    for page in 1..=mails.div_ceil(PAGE).max(1) {
        routes.push(Route::Thread(name.clone(), first.key, page as u32));
    }
    for alias in reader.rows.aliases(list, first.number)? {
        routes.push(Route::Thread(name.clone(), alias, 1));
    }
    Ok(())
}
