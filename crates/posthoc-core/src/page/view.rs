//! Everything that one page needs, already loaded for one audience.

use super::body::Shown;
use super::link_rules::LinkRules;
use super::settings::{Downloads, LayoutName, Mask, Robots, Visibility};
use crate::message::{Body, MessageId, MessageKey};
use crate::query::{Has, QueryError};
use crate::route::{Address, IndexKind, ListName, Route, Volume};
use crate::text::Stamp;
use std::sync::Arc;

/// Who looks. The gate is in loading: a view holds only what its audience may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Anybody.
    Public,
    /// A member of these lists.
    Members(Vec<ListName>),
    /// The operator: everything.
    Operator,
}

/// A finished page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its name.
    pub route: Route,
    /// `text/html; charset=utf-8` and the like.
    pub media_type: String,
    /// A page of another layout than posthoc's own, which may have its style within.
    pub foreign: bool,
    /// The whole body.
    pub bytes: Vec<u8>,
    /// The validator: 32 hex digits of the bytes' BLAKE3 hash.
    pub validator: String,
}

/// One page's content; one variant per kind of page.
#[derive(Clone, Debug)]
pub enum View {
    /// The lists.
    Home(HomeView),
    /// A list.
    List(ListView),
    /// One index of a volume, whole, overview or cut.
    Index(IndexView),
    /// Which volumes of a list have files.
    Attachments(AttachmentsView),
    /// A person's mails.
    Author(AuthorView),
    /// A list in numbers.
    Stats(StatsView),
    /// A mail.
    Message(Box<MessageView>),
    /// A thread, or a hundred mails of it.
    Thread(ThreadView),
    /// The newest mails.
    Feed(FeedView),
    /// What crawlers are asked.
    Robots(RobotsView),
    /// Pages, or sitemaps, that search engines may want.
    Sitemap(SitemapView),
    /// The search page; without a query the same bytes as the static one.
    Search(SearchView),
    /// Finds a Message-ID in the browser.
    MidPage(Chrome),
    /// A form to sign in or out, live only.
    SignIn(SignInView),
    /// A page that says one thing: not found, gone, moved, a choice of variants.
    Notice(NoticeView),
    /// A page that another layout has made already.
    Foreign {
        /// Its type.
        media_type: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// Bytes that are no page of ours: a download, an attachment, an asset.
    File {
        /// Its type.
        media_type: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
}

impl View {
    /// The list that the page is of; none where it is of no list, or is no page of ours.
    pub(super) fn list(&self) -> Option<&ListHead> {
        let chrome = match self {
            View::Home(view) => &view.chrome,
            View::List(view) => &view.chrome,
            View::Index(view) => &view.chrome,
            View::Attachments(view) => &view.chrome,
            View::Author(view) => &view.chrome,
            View::Stats(view) => &view.chrome,
            View::Message(view) => &view.chrome,
            View::Thread(view) => &view.chrome,
            View::Feed(view) => &view.chrome,
            View::Search(view) => &view.chrome,
            View::MidPage(chrome) => chrome,
            View::Notice(view) => &view.chrome,
            View::Robots(_)
            | View::Sitemap(_)
            | View::SignIn(_)
            | View::Foreign { .. }
            | View::File { .. } => return None,
        };
        chrome.list.as_ref()
    }
}

/// What stands around every page.
#[derive(Clone, Debug, Default)]
pub struct Chrome {
    /// The list that the page belongs to.
    pub list: Option<ListHead>,
    /// The way from the site's root, the page itself not included.
    pub crumbs: Vec<Crumb>,
}

/// One step of the way.
#[derive(Clone, Debug)]
pub struct Crumb {
    /// Its words; a volume's are made by the page, in its language.
    pub text: String,
    /// Where it leads.
    pub route: Route,
}

/// A list's facts that its pages show.
#[derive(Clone, Debug)]
pub struct ListHead {
    /// Its name.
    pub name: ListName,
    /// Its title; the name when not set.
    pub title: String,
    /// A sentence about it; may be empty.
    pub description: String,
    /// Where one posts; none: no reply link.
    pub address: Option<String>,
    /// BCP 47 language of the pages: `en`.
    pub language: String,
    /// Who may see it; only lists that the audience may see are ever loaded.
    pub visibility: Visibility,
    /// Which of its files there are.
    pub downloads: Downloads,
    /// What search engines are asked to do with it.
    pub robots: Robots,
}

/// The lists.
#[derive(Clone, Debug)]
pub struct HomeView {
    /// Around.
    pub chrome: Chrome,
    /// In order of their names.
    pub lists: Vec<ListLine>,
}

/// One list among the lists.
#[derive(Clone, Debug)]
pub struct ListLine {
    /// Its facts.
    pub head: ListHead,
    /// Mails on it.
    pub messages: u64,
    /// Threads on it.
    pub threads: u64,
    /// Date of its oldest mail.
    pub first: Option<Stamp>,
    /// Date of its newest mail.
    pub last: Option<Stamp>,
}

/// A list's own page.
#[derive(Clone, Debug)]
pub struct ListView {
    /// Around.
    pub chrome: Chrome,
    /// Its line.
    pub line: ListLine,
    /// Newest first.
    pub volumes: Vec<VolumeLine>,
    /// Threads that its latest mails are of, that with the newest first, at most 12.
    pub recent: Vec<ThreadLine>,
    /// Mails dated within the 7 and the 30 days up to the newest mail's day.
    pub news: (u64, u64),
    /// How one takes part.
    pub part: TakingPart,
}

/// One thread among threads.
#[derive(Clone, Debug)]
pub struct ThreadLine {
    /// Its own name.
    pub key: MessageKey,
    /// The mail that began it, or the first that is shown.
    pub first: MailLine,
    /// The one that was received last.
    pub last: MailLine,
    /// Mails in it.
    pub messages: u64,
    /// There are more.
    pub more: bool,
}

/// How one takes part in a list: as its settings say, else as its newest mail tells (RFC 2369).
#[derive(Clone, Debug, Default)]
pub struct TakingPart {
    /// Where one posts.
    pub address: Option<String>,
    /// Where one subscribes: a URL or an address.
    pub subscribe: Option<String>,
    /// Nobody takes part any more, and why; may be empty.
    pub closed: Option<String>,
}

/// One volume among a list's volumes.
#[derive(Clone, Debug)]
pub struct VolumeLine {
    /// Its name.
    pub volume: Volume,
    /// Mails in it.
    pub messages: u64,
    /// Stored bytes of its mails, for the downloads.
    pub bytes: u64,
}

/// What a page says: words as they are, or a text of ours in the page's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// As they are.
    Words(String),
    /// The text of that name (`strings/en.ftl`), with what is filled in under which name.
    Text(&'static str, Vec<(&'static str, Filling)>),
}

/// What is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filling {
    /// As they are.
    Words(String),
    /// Shown as the language writes numbers; may choose between one and many.
    Count(u64),
}

impl Told {
    /// A text in which nothing is filled in.
    pub const fn text(name: &'static str) -> Self {
        Told::Text(name, Vec::new())
    }
}

impl From<&str> for Told {
    fn from(words: &str) -> Self {
        Told::Words(words.to_owned())
    }
}

/// A person as shown: masked as the list says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Display name; the address's local part when there is none; empty when nothing.
    pub name: String,
    /// The address as the list shows it (`ada at example.org`); empty when hidden or unknown.
    pub address: String,
}

/// One mail in a list of mails.
#[derive(Clone, Debug)]
pub struct MailLine {
    /// Where it stands; none for a ghost: a mail that is not in the archive, or, where it has a
    /// subject, was removed from it.
    pub address: Option<Address>,
    /// Its key (a ghost's is from its Message-ID).
    pub key: MessageKey,
    /// Its subject as decoded; may be empty.
    pub subject: String,
    /// Its author.
    pub author: Person,
    /// Its date in the list's zone.
    pub date: Stamp,
    /// Depth in what is shown, 0 for a root.
    pub depth: u16,
    /// Stands in another volume than the page's (shown dimmed).
    pub elsewhere: bool,
    /// The page's own mail.
    pub current: bool,
    /// Number of attachments.
    pub attachments: u16,
    /// In which layout its page is.
    pub layout: LayoutName,
}

impl MailLine {
    /// Its page on that list; none for a ghost.
    pub fn route(&self, list: &ListName) -> Option<Route> {
        let address = self.address.as_ref()?;
        let volume = address.volume.clone();
        Some(self.layout.message(list.clone(), volume, address.number))
    }
}

/// An index of a volume.
#[derive(Clone, Debug)]
pub struct IndexView {
    /// Around.
    pub chrome: Chrome,
    /// Which volume.
    pub volume: Volume,
    /// Which index.
    pub kind: IndexKind,
    /// The piece this page is; none: the whole index or, with `cuts`, its overview.
    pub cut: Option<String>,
    /// Mails in the volume.
    pub messages: u64,
    /// The pieces of a long index, in order; empty for a short one.
    pub cuts: Vec<CutLine>,
    /// The lines, grouped: a thread, a day, a subject, an author. Empty on an overview.
    pub groups: Vec<IndexGroup>,
    /// Mails per day of the volume (month: 28 to 31 bars; other frequencies: at most 60 bars).
    pub activity: Vec<u32>,
    /// The list's neighbouring volumes in time: earlier, later.
    pub neighbours: (Option<Volume>, Option<Volume>),
    /// Which of its downloads there are.
    pub downloads: Downloads,
}

/// What a piece of an index or a group of its lines is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    /// As it is: a subject, a name, letters.
    Words(String),
    /// A day: `20251103`.
    Day(u32),
    /// Letters, and a day.
    WordsOfDay(String, u32),
    /// What has no letters of its own.
    Others,
}

impl From<&str> for Label {
    fn from(words: &str) -> Self {
        Label::Words(words.to_owned())
    }
}

/// One piece of a long index.
#[derive(Clone, Debug)]
pub struct CutLine {
    /// Its name in the route: `03`, `a`.
    pub cut: String,
    /// Its words: a day, `A`.
    pub label: Label,
    /// Mails in it.
    pub messages: u64,
}

/// Lines that belong together.
#[derive(Clone, Debug)]
pub struct IndexGroup {
    /// Its words: a day, a subject, an author; a thread's subject.
    pub label: Label,
    /// A thread's own page, in the thread index.
    pub thread: Option<MessageKey>,
    /// The author's page, in the index by author; none where several people bear the name.
    pub author: Option<Route>,
    /// The thread goes on in other volumes.
    pub goes_on: bool,
    /// In order.
    pub lines: Vec<MailLine>,
    /// The files of each line's mail, in the index of attachments; empty in the others.
    pub files: Vec<MailFiles>,
}

/// Files of one mail.
#[derive(Clone, Debug, Default)]
pub struct MailFiles {
    /// The first ones.
    pub files: Vec<FileLine>,
    /// How many more the mail has.
    pub more: u64,
}

/// One file among files.
#[derive(Clone, Debug)]
pub struct FileLine {
    /// Where it is.
    pub route: Route,
    /// Its name, masked as the list says.
    pub name: String,
    /// Its declared type.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
}

/// Which volumes of a list have files.
#[derive(Clone, Debug)]
pub struct AttachmentsView {
    /// Around.
    pub chrome: Chrome,
    /// Newest first.
    pub volumes: Vec<Volume>,
}

/// Mails on a page of a person's earlier ones; the first page has those of the last whole hundred too.
pub const AUTHOR_PAGE: usize = 100;

/// A person's mails on a list.
#[derive(Clone, Debug)]
pub struct AuthorView {
    /// Around.
    pub chrome: Chrome,
    /// The key by which their page is named.
    pub key: MessageKey,
    /// As their newest mail here names them.
    pub person: Person,
    /// Their addresses that have mails here, as the list shows them. On the first page only.
    pub addresses: Vec<String>,
    /// All their mails, on the first page only: an earlier one does not change when one more comes.
    pub messages: u64,
    /// As in [`Route::Author`].
    pub page: u32,
    /// The last page of earlier mails; 0: there is none.
    pub last: u32,
    /// Those of this page, newest first.
    pub mails: Vec<MailLine>,
}

/// A list in numbers: of its shown mails.
#[derive(Clone, Debug)]
pub struct StatsView {
    /// Around.
    pub chrome: Chrome,
    /// Mails.
    pub messages: u64,
    /// Threads with a mail.
    pub threads: u64,
    /// Addresses that have written; none where the list shows nothing of addresses.
    pub authors: Option<u64>,
    /// From the first month that has something to the last, each once; rising.
    pub months: Vec<MonthLine>,
    /// Mails by the hour on their authors' clocks.
    pub hours: [u64; 24],
    /// Longest threads, longest first.
    pub longest: Vec<LongThread>,
    /// Those who have written most, first.
    pub busiest: Vec<Busy>,
}

/// A month of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MonthLine {
    /// 202511
    pub month: u32,
    /// Mails dated in it.
    pub messages: u64,
    /// Threads whose first mail is.
    pub threads: u64,
}

/// A thread among the longest.
#[derive(Clone, Debug)]
pub struct LongThread {
    /// Its own name.
    pub key: MessageKey,
    /// The mail that began it, or the first that is shown.
    pub first: MailLine,
    /// Its shown mails.
    pub messages: u64,
}

/// Somebody who writes much.
#[derive(Clone, Debug)]
pub struct Busy {
    /// As their newest mail names them, or as the site says.
    pub person: Person,
    /// Their page, where they have one.
    pub route: Option<Route>,
    /// Their mails.
    pub messages: u64,
}

/// A mail's page.
#[derive(Clone, Debug)]
pub struct MessageView {
    /// Around.
    pub chrome: Chrome,
    /// The mail's line.
    pub line: MailLine,
    /// The page of all its author's mails, where there is one.
    pub author_page: Option<Route>,
    /// Its Message-ID.
    pub id: MessageId,
    /// To.
    pub to: Vec<Person>,
    /// Cc.
    pub cc: Vec<Person>,
    /// Its content.
    pub body: BodyView,
    /// The date as its author wrote it, when it differs from the chosen one.
    pub written_date: Option<String>,
    /// A window of its thread in display order.
    pub thread: Arc<Vec<MailLine>>,
    /// Mails and people in the thread, where the window holds it whole.
    pub thread_counts: Option<(u32, u32)>,
    /// The thread's own name.
    pub thread_key: MessageKey,
    /// Neighbours.
    pub related: Related,
    /// The patch series that it is of, or the other versions of the patch.
    pub series: Option<Series>,
    /// `mailto:` address to answer to, with subject and In-Reply-To put in by the layout; none where
    /// the list's address is not known.
    pub reply_to: Option<String>,
    /// Other mails with the same Message-ID.
    pub variants: Vec<MailLine>,
}

/// The mails of a patch series, as far as they are shown beside one of them.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// The mail's own version; 1 when its subject names none.
    pub version: u32,
    /// Its own number; 0 is the letter that comes with the patches.
    pub part: u32,
    /// How many patches there are.
    pub of: u32,
    /// Parts by their numbers, its own among them; none for a patch alone.
    pub parts: Vec<(u32, MailLine)>,
    /// The same part in each version, its own among them.
    pub versions: Vec<(u32, MailLine)>,
}

/// A mail's neighbours.
#[derive(Clone, Debug, Default)]
pub struct Related {
    /// The one before by date.
    pub earlier: Option<MailLine>,
    /// The one after by date.
    pub later: Option<MailLine>,
    /// The one before in the thread's display order.
    pub thread_earlier: Option<MailLine>,
    /// The one after in the thread's display order.
    pub thread_later: Option<MailLine>,
}

/// A mail's content with the names of its files.
#[derive(Clone, Debug, Default)]
pub struct BodyView {
    /// Blocks and attachments; several pages of one mail share them.
    pub body: Arc<Body>,
    /// For each attachment its route, inert by name.
    pub files: Vec<Route>,
    /// Message-IDs that its text names, as they stand there, and the pages of these mails.
    pub mentions: Vec<(String, Route)>,
    /// What else in its text is a link, as its list says.
    pub rules: Arc<LinkRules>,
    /// BCP 47 language of its text, where the mail tells one (`Content-Language`, RFC 3282).
    pub language: Option<String>,
    /// How the addresses in its HTML are shown; everything else in it is masked already.
    pub mask: Mask,
    /// What the first page made of all this, for the next ones; empty in a new view.
    pub shown: Shown,
}

/// A thread's page.
#[derive(Clone, Debug)]
pub struct ThreadView {
    /// Around.
    pub chrome: Chrome,
    /// Its own name.
    pub key: MessageKey,
    /// The root's subject.
    pub subject: String,
    /// This page, from 1.
    pub page: u32,
    /// Whether there is a next page.
    pub more: bool,
    /// In display order (nested in itself on each page of a long thread).
    pub mails: Vec<ThreadMail>,
}

/// One mail on a thread's page; a ghost has no content.
#[derive(Clone, Debug)]
pub struct ThreadMail {
    /// Its line.
    pub line: MailLine,
    /// Its content; none for a ghost.
    pub body: Option<BodyView>,
}

/// A feed (Atom, RFC 4287).
#[derive(Clone, Debug)]
pub struct FeedView {
    /// Whose.
    pub chrome: Chrome,
    /// The query whose answer it is; none for the feed of a list.
    pub query: Option<String>,
    /// Newest first, at most 30: by received time, the mails of a query by date.
    pub entries: Vec<FeedEntry>,
}

/// One entry of a feed.
#[derive(Clone, Debug)]
pub struct FeedEntry {
    /// Its line.
    pub line: MailLine,
    /// The list it is on.
    pub list: ListName,
    /// When it was received: the order of a list's feed.
    pub received: Stamp,
    /// Its Message-ID.
    pub id: MessageId,
    /// Its content.
    pub body: BodyView,
}

/// What crawlers are asked (RFC 9309).
#[derive(Clone, Debug)]
pub struct RobotsView {
    /// Nothing here is for them.
    pub closed: bool,
    /// The lists that everybody is shown: a name that is not is not told here either. At most 2,000.
    pub lists: Vec<ListHead>,
}

/// A sitemap, or the index of them (sitemaps.org, 0.9).
#[derive(Clone, Debug)]
pub struct SitemapView {
    /// The entries are sitemaps.
    pub index: bool,
    /// What there is, and when it last became more, at most 50,000.
    pub entries: Vec<(Route, Option<Lastmod>)>,
}

/// When something last became more.
#[derive(Clone, Copy, Debug)]
pub enum Lastmod {
    /// On a day, as 20251103.
    On(u32),
    /// At an instant.
    At(Stamp),
}

impl Lastmod {
    /// As the W3C's profile of ISO 8601 writes it (sitemaps.org): `2025-11-03`, or RFC 3339's form.
    pub fn w3c(&self) -> String {
        match self {
            Lastmod::On(day) => {
                let (year, month, day) = (day / 10_000, day / 100 % 100, day % 100);
                format!("{year:04}-{month:02}-{day:02}")
            }
            Lastmod::At(stamp) => stamp.rfc3339(),
        }
    }
}

/// The search page. Its form and its links name the parameters `q`, `order`, `as` and `offset`; what is
/// as usual (`relevance`, mail by mail, from the first) is not named in a link.
#[derive(Clone, Debug)]
pub struct SearchView {
    /// Around; the list searched, if one.
    pub chrome: Chrome,
    /// The query as typed; empty for the query-less page.
    pub query: String,
    /// What is wrong with the query.
    pub error: Option<QueryError>,
    /// Why the mails cannot be had in the shape that was asked for, in words.
    pub refused: Option<Told>,
    /// All hits that the audience may see.
    pub total: u64,
    /// The threads that they are of, where each thread is one hit.
    pub threads: Option<Threads>,
    /// This page's number of the first hit, from 0.
    pub offset: u64,
    /// Hits a page.
    pub per_page: u64,
    /// By relevance or by date, as asked (`relevance`, `new`, `old`).
    pub order: String,
    /// This page's hits.
    pub hits: Vec<SearchHit>,
    /// Mails that follow them with only some of the words.
    pub partial: Vec<SearchHit>,
    /// What narrows the query down.
    pub facets: Facets,
    /// A query that was probably meant, and how many mails answer it.
    pub meant: Option<(String, u64)>,
    /// Whether the mails may be taken as a mailbox.
    pub mailbox: bool,
    /// The lists that a reader without search can go to.
    pub lists: Vec<ListLine>,
}

/// How many threads the hits of a search are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threads {
    /// Threads.
    pub threads: u64,
    /// The first hits, whose threads these are: all of them, or as many as are looked at.
    pub of: u64,
}

/// How the mails that answer a query are spread, counted for the audience. Empty where nothing is
/// worth saying.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// Months, as 202511, and how many are of each: all that have any, in order.
    pub months: Vec<(u32, u64)>,
    /// Lists and how many are on each, those with most first.
    pub lists: Vec<(ListName, u64)>,
    /// Authors by name, as shown, and how many `from:` that name finds, those with most first.
    pub authors: Vec<(String, u64)>,
    /// What some of them carry.
    pub carried: Vec<(Has, u64)>,
}

/// A hit.
#[derive(Clone, Debug)]
pub struct SearchHit {
    /// The list it is on.
    pub list: ListName,
    /// Its line.
    pub line: MailLine,
    /// Pieces of text and whether they are hits.
    pub snippet: Vec<(String, bool)>,
    /// The thread that it stands for, and how many hits are of it; none where it is itself alone.
    pub thread: Option<(MessageKey, u64)>,
}

/// A page of the door; never part of a static site.
#[derive(Clone, Debug)]
pub struct SignInView {
    /// Its heading.
    pub title: Told,
    /// Its sentences.
    pub words: Vec<Told>,
    /// What can be done.
    pub form: SignInForm,
}

/// What can be done at the door.
#[derive(Clone, Debug)]
pub enum SignInForm {
    /// Go to the form.
    Link {
        /// Where to go afterwards: a route's path.
        next: String,
    },
    /// Give a name and a password.
    In {
        /// Says that the form is ours.
        token: String,
        /// Where to go afterwards: a route's path; may be empty.
        next: String,
    },
    /// Sign out.
    Out {
        /// Says that the form is ours.
        token: String,
    },
    /// Nothing.
    None,
}

/// A page that says one thing.
#[derive(Clone, Debug)]
pub struct NoticeView {
    /// Around.
    pub chrome: Chrome,
    /// Its heading.
    pub title: Told,
    /// Its sentences.
    pub words: Vec<Told>,
    /// Where to go: words and route; the first is also followed by itself for a moved page.
    pub links: Vec<(Told, Route)>,
    /// The page has moved to the first link (static: a refresh in the head).
    pub moved: bool,
    /// Mails to choose from.
    pub choices: Vec<MailLine>,
}
