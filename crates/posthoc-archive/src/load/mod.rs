//! Loads what one page needs, for one audience, and has it rendered.
//!
//! Entry point: [`Reader::answer`], the only caller of [`Layout::render`] outside tests: publishing
//! asks it for every route, the server for one. The gate is here: a view never holds what its
//! audience may not see, and what it may not see is not found.

mod crawl;
mod door;
mod download;
mod examples;
mod files;
mod index;
mod lines;
mod list;
mod mail;
mod mhonarc;
mod people;
mod pipermail;
mod policy;
mod series;
mod standing;
mod stats;
mod thread;
mod trouble;

use crate::error::Result;
use crate::intake::{sent_bytes, shown_bytes};
use crate::tables::{AliasRow, ListRow, MailRow, Rows};
use posthoc_core::message::{Body, Limits, Message, MessageKey, parse};
use posthoc_core::page::{
    Asset, Audience, BodyView, Chrome, Crumb, Downloads, Layout, LayoutName, NoticeView, Page,
    Site, Told, View, Visibility, mask_body,
};
use posthoc_core::route::{ListName, Route, Volume};
use posthoc_store::{Generation, Store};
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

pub(crate) use crawl::SITEMAP_CUT_ABOVE;
pub use door::{Door, Said, door};
pub(crate) use download::WHOLE_BYTES;
pub(crate) use files::FILES_CUT_ABOVE;
pub(crate) use index::day_cut;
pub(crate) use list::{ENTRIES, PER_PAGE};
use mail::language;
pub(crate) use mhonarc::mhonarc_pages;
pub use mhonarc::{MhonarcKept, MhonarcMails};
pub(crate) use people::last_page;
use people::{KnownAuthors, LastPerson};
pub use pipermail::Folds;
use pipermail::{Answered, PipermailList, Scrubbed};
pub use standing::Standing;
use thread::KnownThreads;
pub(crate) use thread::{ANCESTORS, PAGE, WHOLE};
pub use trouble::{Trouble, trouble};

/// What stands behind an answer's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// The page that was asked for.
    Found,
    /// It stands at another route.
    Moved(Route),
    /// Its list has another name now; the same page there, if there is one.
    Renamed(Route),
    /// Nothing there, or nothing that this audience may see.
    NotFound,
    /// It was taken down.
    Gone,
}

/// A page and what it means.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The page; a notice unless found.
    pub page: Page,
    /// What it means.
    pub status: Status,
}

/// What pages are made with.
pub struct Settings<'a> {
    /// The site.
    pub site: &'a Site,
    /// The layout.
    pub layout: &'a dyn Layout,
    /// What one mail may cost.
    pub limits: &'a Limits,
    /// Volumes of lists with Pipermail's layout that are at hand; a fresh one for other settings.
    pub folds: &'a Folds,
}

/// One committed state of an archive, read for one audience.
pub struct Reader<'a> {
    store: &'a dyn Store,
    pub(crate) rows: Rows<'a>,
    settings: &'a Settings<'a>,
    audience: Audience,
    parsed: RefCell<ParsedMails>,
    threads: RefCell<KnownThreads>,
    mails: RefCell<KnownMails>,
    authors: RefCell<KnownAuthors>,
    last_person: RefCell<LastPerson>,
    pipermail_lists: RefCell<HashMap<u32, Arc<PipermailList>>>,
    scrubbed: RefCell<Scrubbed>,
}

/// Rows of mails that a reader keeps at hand, by list and number; then it begins anew. Neighbouring
/// pages name the same mails.
type KnownMails = HashMap<(u32, u32), Arc<MailRow>>;

/// How many of them.
const KNOWN_MAILS: usize = 8_000;

/// A mail, parsed, and what of it is shown, masked as its list says.
pub(crate) struct Parsed {
    /// The bytes as they were sent, without what was taken out: downloads are made of these.
    bytes: Vec<u8>,
    pub(crate) message: Message,
    pub(crate) view: BodyView,
}

/// Mails that were parsed for one page and may be asked for by the next.
#[derive(Default)]
struct ParsedMails {
    mails: HashMap<u64, Arc<Parsed>>,
    /// What is kept, with its size, the oldest first: memory is given back mail by mail, so that the
    /// next one takes it.
    order: VecDeque<(u64, u64)>,
    bytes: u64,
}

/// Stored bytes whose parsed mails are kept; these take a few times as much memory.
const PARSED_BYTES: u64 = 4 << 20;

impl ParsedMails {
    fn keep(&mut self, row: &MailRow, parsed: &Arc<Parsed>) {
        if row.size > PARSED_BYTES / 8 {
            return;
        }
        while self.bytes + row.size > PARSED_BYTES
            && let Some((seq, size)) = self.order.pop_front()
        {
            self.mails.remove(&seq);
            self.bytes -= size;
        }
        if self.mails.insert(row.seq, Arc::clone(parsed)).is_none() {
            self.order.push_back((row.seq, row.size));
            self.bytes += row.size;
        }
    }
}

/// A mail, by a number that leads to it.
pub(crate) struct Numbered {
    pub(crate) row: Arc<MailRow>,
    /// Where the number is not its own.
    pub(crate) alias: Option<AliasRow>,
}

impl Numbered {
    /// The volume in which a page of the number stands.
    pub(crate) fn volume(&self) -> &str {
        match &self.alias {
            Some(alias) => &alias.volume,
            None => &self.row.volume,
        }
    }

    /// Whether the number had only the rest of the mail.
    pub(crate) fn is_rest(&self) -> bool {
        self.alias.as_ref().is_some_and(|alias| alias.rest)
    }
}

/// A loaded view, or where to go instead.
pub(crate) enum Loaded {
    View(Box<View>),
    Moved(Route),
    Renamed(Route),
    Gone(Chrome),
}

impl<'a> Reader<'a> {
    /// Opens the newest state.
    pub fn new(
        store: &'a dyn Store,
        settings: &'a Settings<'a>,
        audience: Audience,
    ) -> Result<Self> {
        let rows = Rows::for_reading(store.catalog().snapshot()?);
        // The rows may be another process's work: then the journal must look at its mails too.
        store.journal().generation()?;
        Ok(Reader {
            store,
            rows,
            settings,
            audience,
            parsed: RefCell::default(),
            threads: RefCell::default(),
            mails: RefCell::default(),
            authors: RefCell::default(),
            last_person: RefCell::default(),
            pipermail_lists: RefCell::default(),
            scrubbed: RefCell::default(),
        })
    }

    /// The same state, read for another audience.
    #[must_use]
    pub fn for_audience(self, audience: Audience) -> Self {
        Reader {
            audience,
            parsed: RefCell::default(),
            ..self
        }
    }

    pub(crate) fn store(&self) -> &'a dyn Store {
        self.store
    }

    pub(crate) fn site(&self) -> &'a Site {
        self.settings.site
    }

    pub(crate) fn audience(&self) -> &Audience {
        &self.audience
    }

    pub(crate) fn limits(&self) -> &'a Limits {
        self.settings.limits
    }

    /// The state that is read.
    pub fn generation(&self) -> Generation {
        self.rows.generation()
    }

    /// The page of a route.
    pub fn answer(&self, route: &Route) -> Result<Answer> {
        let loaded = self.load(route)?;
        let (view, status) = match loaded {
            Some(Loaded::View(view)) => (*view, Status::Found),
            Some(Loaded::Moved(to)) => (moved(&to), Status::Moved(to)),
            Some(Loaded::Renamed(to)) => (moved(&to), Status::Renamed(to)),
            Some(Loaded::Gone(chrome)) => (gone(chrome), Status::Gone),
            None => (not_found(), Status::NotFound),
        };
        let route = if status == Status::NotFound {
            &Route::NotFound
        } else {
            route
        };
        Ok(Answer {
            page: self.render(route, &view),
            status,
        })
    }

    /// The files that pages need besides.
    pub(crate) fn assets(&self) -> Vec<Asset<'a>> {
        self.settings.layout.assets(self.settings.site)
    }

    /// Renders a view that was loaded by hand: the search page with hits.
    pub(crate) fn render(&self, route: &Route, view: &View) -> Page {
        self.settings.layout.render(route, view, self.settings.site)
    }

    fn load(&self, route: &Route) -> Result<Option<Loaded>> {
        let view = match route {
            Route::Home => Some(View::Home(self.home()?)),
            Route::Search(None) => Some(View::Search(self.search_page(None)?)),
            Route::Robots => self.robots()?.map(View::Robots),
            Route::SitemapIndex => self.sitemap_index()?.map(View::Sitemap),
            Route::MidPage(None) => Some(View::MidPage(Chrome::default())),
            Route::Asset(name) => self
                .assets()
                .into_iter()
                .find(|asset| asset.name == name)
                .map(|asset| View::File {
                    media_type: asset.media_type.to_owned(),
                    bytes: asset.bytes.to_vec(),
                }),
            Route::NotFound => Some(not_found()),
            Route::Mid(None, id) => return self.any_bearing(id),
            _ => {
                let Some((list, name)) = self.route_list(route)? else {
                    return Ok(None);
                };
                if route.list() != Some(&name) {
                    return Ok(Some(Loaded::Renamed(route.on(name))));
                }
                return self.load_of_list(&list, route);
            }
        };
        Ok(view.map(|view| Loaded::View(Box::new(view))))
    }

    /// The list of a route and its own name, when the audience may see it.
    fn route_list(&self, route: &Route) -> Result<Option<(ListRow, ListName)>> {
        let Some(name) = route.list() else {
            return Ok(None);
        };
        let row = self.known_as(name)?.filter(|row| self.sees(row));
        Ok(row.and_then(|row| {
            let name = ListName::new(&row.name)?;
            Some((row, name))
        }))
    }

    fn load_of_list(&self, list: &ListRow, route: &Route) -> Result<Option<Loaded>> {
        if !self.may_be_taken(list, route) {
            return Ok(None);
        }
        if self.layout_of(list) == LayoutName::Pipermail
            && let Answered::With(loaded) = self.pipermail(list, route)?
        {
            return Ok(loaded);
        }
        let view = match route {
            Route::List(_) => self.list_page(list)?.map(View::List),
            Route::Volume(_, volume) => self.index(list, volume, Default::default(), None)?,
            Route::Index {
                volume, kind, cut, ..
            } => self.index(list, volume, *kind, cut.as_deref())?,
            Route::Message(_, volume, number) => {
                return self.placed(list, volume, *number, |row| self.message(list, row));
            }
            Route::Eml(_, volume, number) => {
                return self.placed(list, volume, *number, |row| self.eml(list, row));
            }
            Route::Mbox(_, volume, number) => {
                return self.placed(list, volume, *number, |row| self.mbox(list, row));
            }
            Route::Old(_, volume, number) => {
                return self.moved_if_placed(list, Some(volume), *number);
            }
            Route::Number(_, number) => return self.moved_if_placed(list, None, *number),
            Route::TextVolume(_, volume) => self.text_volume(list, volume)?,
            Route::WholeMbox(_) => self.whole_mbox(list)?,
            Route::PlainVolume(name, volume) => {
                let there = self.rows.volume(list.list, volume)?.is_some();
                let packed = Route::TextVolume(name.clone(), volume.clone());
                return Ok(there.then_some(Loaded::Moved(packed)));
            }
            // Also where the layout is another by now: old links lead to it.
            Route::Scrubbed { .. } => return self.scrubbed_file(list, route),
            Route::MboxVolume(_, volume) => self.mbox_volume(list, volume)?,
            Route::Thread(_, key, page) => return self.thread_page(list, *key, *page),
            Route::ThreadMbox(_, key) => return self.thread_mbox(list, *key),
            Route::Attachment(_, key, name) => return self.attachment(list, *key, name),
            Route::Attachments(_) => Some(View::Attachments(self.attachments(list)?)),
            Route::Author(_, key, page) => return self.author(list, *key, *page),
            Route::Stats(_) => Some(View::Stats(self.stats(list)?)),
            Route::Feed(_) => Some(View::Feed(self.feed(list)?)),
            Route::Sitemap { volume, cut, .. } => self
                .sitemap(list, volume, cut.as_deref())?
                .map(View::Sitemap),
            Route::Search(Some(_)) => Some(View::Search(self.search_page(Some(list))?)),
            Route::MidPage(Some(_)) => Some(View::MidPage(self.chrome(list))),
            Route::Mid(Some(_), id) => return self.bearing(list, id),
            _ => None,
        };
        Ok(view.map(|view| Loaded::View(Box::new(view))))
    }

    /// Whether a list's downloads are open for the route: a mail as a file counts as a mailbox of one.
    fn may_be_taken(&self, list: &ListRow, route: &Route) -> bool {
        match route {
            Route::TextVolume(..) | Route::PlainVolume(..) => {
                self.downloads(list) <= Downloads::Text
            }
            Route::MboxVolume(..)
            | Route::WholeMbox(_)
            | Route::ThreadMbox(..)
            | Route::Mbox(..)
            | Route::Eml(..) => self.downloads(list) == Downloads::Mbox,
            _ => true,
        }
    }

    /// Whether the audience may see a list when it asks for it by name.
    pub(crate) fn sees(&self, list: &ListRow) -> bool {
        match &self.audience {
            Audience::Operator => true,
            Audience::Public => self.visibility(list) != Visibility::Private,
            Audience::Members(lists) => {
                self.visibility(list) != Visibility::Private
                    || lists.iter().any(|name| name.as_str() == list.name)
            }
        }
    }

    /// The lists that the audience is shown without asking: those that it sees, but the unlisted.
    pub(crate) fn shown_lists(&self) -> Result<Vec<ListRow>> {
        let shown = |list: &ListRow| match self.audience {
            Audience::Operator => true,
            _ => self.sees(list) && self.visibility(list) != Visibility::Unlisted,
        };
        Ok(self.rows.lists()?.into_iter().filter(shown).collect())
    }

    /// A mail that stands in that volume under that number.
    fn placed(
        &self,
        list: &ListRow,
        volume: &Volume,
        number: u32,
        view: impl FnOnce(&MailRow) -> Result<View>,
    ) -> Result<Option<Loaded>> {
        let Some(row) = self.mail(list.list, number)? else {
            return self.moved_if_placed(list, Some(volume), number);
        };
        if row.volume != volume.as_str() {
            return Ok(None);
        }
        if row.hidden {
            return Ok(Some(Loaded::Gone(self.chrome(list))));
        }
        Ok(Some(Loaded::View(Box::new(view(&row)?))))
    }

    fn moved_if_placed(
        &self,
        list: &ListRow,
        volume: Option<&Volume>,
        number: u32,
    ) -> Result<Option<Loaded>> {
        let found = self.mail_at(list, number)?;
        let found =
            found.filter(|found| volume.is_none_or(|volume| volume.as_str() == found.volume()));
        let row = found.map(|found| found.row);
        if row.as_ref().is_some_and(|row| row.hidden) {
            return Ok(Some(Loaded::Gone(self.chrome(list))));
        }
        Ok(row
            .and_then(|row| self.message_route(list, &row))
            .map(Loaded::Moved))
    }

    /// The record whose bytes a row shows, parsed, its content masked as the list says; kept for the
    /// other pages of the same mail.
    pub(crate) fn parsed(&self, list: &ListRow, row: &MailRow) -> Result<Arc<Parsed>> {
        if let Some(parsed) = self.parsed.borrow().mails.get(&row.seq) {
            return Ok(Arc::clone(parsed));
        }
        let bytes = self.shown_bytes(list.list, row)?;
        let message = parse(&bytes, self.settings.limits);
        let mut body = message.body(self.settings.limits);
        self.settings_of(list).footer_patterns.mark(&mut body);
        let mentions = self.mentions(list, row, &body)?;
        mask_body(&mut body, self.mask(list));
        let view = BodyView {
            language: language(&message),
            ..self.body(list, body, mentions)
        };
        let parsed = Arc::new(Parsed {
            bytes,
            message,
            view,
        });
        self.parsed.borrow_mut().keep(row, &parsed);
        Ok(parsed)
    }

    /// The record whose bytes a row shows, parsed, without what was taken out of it, unmasked: for
    /// operators.
    pub(crate) fn shown_mail(&self, list: u32, row: &MailRow) -> Result<(Message, Body)> {
        let message = parse(&self.shown_bytes(list, row)?, self.settings.limits);
        let body = message.body(self.settings.limits);
        Ok((message, body))
    }

    /// A mail's bytes as they were sent, without what was taken out of it.
    pub(crate) fn shown_bytes(&self, list: u32, row: &MailRow) -> Result<Vec<u8>> {
        shown_bytes(self.store, &self.rows, self.settings.limits, list, row)
    }

    /// What a page of the mail left at hand, for those who need its bytes alone.
    fn at_hand(&self, row: &MailRow) -> Option<Arc<Parsed>> {
        self.parsed.borrow().mails.get(&row.seq).cloned()
    }

    /// A record's bytes as they were sent, with everything; nothing where they were destroyed.
    pub(crate) fn unquoted_bytes(&self, seq: u64) -> Result<Vec<u8>> {
        sent_bytes(self.store, seq)
    }

    /// What stands around a list's pages.
    pub(crate) fn chrome(&self, list: &ListRow) -> Chrome {
        let mut crumbs = Vec::new();
        if let Some(name) = ListName::new(&list.name) {
            crumbs.push(Crumb {
                text: list.name.clone(),
                route: Route::List(name),
            });
        }
        Chrome {
            list: self.list_head(list),
            crumbs,
        }
    }

    /// What stands around a volume's pages.
    fn volume_chrome(&self, list: &ListRow, volume: &Volume) -> Chrome {
        let mut chrome = self.chrome(list);
        if let Some(name) = ListName::new(&list.name) {
            let route = Route::Volume(name, volume.clone());
            chrome.crumbs.push(Crumb {
                text: volume.as_str().to_owned(),
                route,
            });
        }
        chrome
    }

    /// A mail's row.
    pub(crate) fn mail(&self, list: u32, number: u32) -> Result<Option<Arc<MailRow>>> {
        if let Some(row) = self.mails.borrow().get(&(list, number)) {
            return Ok(Some(Arc::clone(row)));
        }
        let Some(row) = self.rows.mail(list, number)?.map(Arc::new) else {
            return Ok(None);
        };
        let mut mails = self.mails.borrow_mut();
        if mails.len() >= KNOWN_MAILS {
            mails.clear();
        }
        mails.insert((list, number), Arc::clone(&row));
        Ok(Some(row))
    }

    /// The mail to which a number leads.
    pub(crate) fn mail_at(&self, list: &ListRow, number: u32) -> Result<Option<Numbered>> {
        if let Some(row) = self.mail(list.list, number)? {
            return Ok(Some(Numbered { row, alias: None }));
        }
        let Some(alias) = self.rows.alias(list.list, number)? else {
            return Ok(None);
        };
        let row = self.mail(list.list, alias.of)?;
        Ok(row.map(|row| Numbered {
            row,
            alias: Some(alias),
        }))
    }

    /// All numbers of a volume, also those that lead to mails which stand under others; rising.
    pub(crate) fn all_numbers(&self, list: &ListRow, volume: &Volume) -> Result<Vec<u32>> {
        let mut numbers = self.rows.volume_numbers(list.list, volume)?;
        numbers.extend(self.rows.volume_aliases(list.list, volume)?);
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Where a mail's page is.
    pub(crate) fn message_route(&self, list: &ListRow, row: &MailRow) -> Option<Route> {
        let name = ListName::new(&list.name)?;
        let volume = Volume::parse(&row.volume)?;
        Some(self.layout_of(list).message(name, volume, row.number))
    }

    /// The same under any number that leads to the mail.
    pub(crate) fn numbered_route(
        &self,
        list: &ListRow,
        found: &Numbered,
        number: u32,
    ) -> Option<Route> {
        let name = ListName::new(&list.name)?;
        let volume = Volume::parse(found.volume())?;
        Some(self.layout_of(list).message(name, volume, number))
    }

    /// The path of a mail's page; empty where it has none.
    pub(crate) fn message_path(&self, list: &ListRow, row: &MailRow) -> String {
        self.message_route(list, row)
            .map_or_else(String::new, |route| route.path())
    }

    /// The place of a public name on a list.
    pub(crate) fn place(&self, list: &ListRow, key: MessageKey) -> Result<Option<Arc<MailRow>>> {
        for (on, number) in self.rows.places_of(key)? {
            if on == list.list {
                return self.mail(on, number);
            }
        }
        Ok(None)
    }
}

/// A page of two texts, by their names.
fn notice(
    chrome: Chrome,
    title: &'static str,
    words: &'static str,
    links: Vec<(Told, Route)>,
) -> NoticeView {
    NoticeView {
        chrome,
        title: Told::text(title),
        words: vec![Told::text(words)],
        links,
        moved: false,
        choices: Vec::new(),
    }
}

fn to_lists() -> (Told, Route) {
    (Told::text("to-lists"), Route::Home)
}

fn not_found() -> View {
    View::Notice(notice(
        Chrome::default(),
        "not-found",
        "not-found-words",
        vec![to_lists()],
    ))
}

fn gone(chrome: Chrome) -> View {
    View::Notice(notice(chrome, "removed", "removed-words", vec![to_lists()]))
}

fn moved(to: &Route) -> View {
    let links = vec![(Told::text("go-there"), to.clone())];
    View::Notice(NoticeView {
        moved: true,
        ..notice(Chrome::default(), "moved", "moved-words", links)
    })
}
