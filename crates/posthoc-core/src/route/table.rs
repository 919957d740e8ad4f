//! The one table of pages.

use super::{ListName, Volume};
use crate::message::{FileKey, MessageId, MessageKey};

/// Which of a volume's five indexes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IndexKind {
    /// `thread.html`, also what a volume's own name shows.
    #[default]
    Thread,
    /// `subject.html`
    Subject,
    /// `author.html`
    Author,
    /// `date.html`
    Date,
    /// `attachments.html`: the volume's files by date.
    Attachments,
}

/// A page's name. Paths are relative to the site's root, without a leading slash.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// `index.html`: the lists.
    Home,
    /// `LIST/index.html`
    List(ListName),
    /// `LIST/VOLUME/index.html`: the same page as the volume's thread index.
    Volume(ListName, Volume),
    /// `LIST/VOLUME/date.html`, or `date-03.html` where `cut` is `03`: a day for thread, date and attachments, a
    /// key (`a`, `ab`, `0`, `other`) for subject and author. Lower-case letters and digits only.
    Index {
        /// The list.
        list: ListName,
        /// The volume.
        volume: Volume,
        /// Which index.
        kind: IndexKind,
        /// The piece of a long index; none for the whole or its overview.
        cut: Option<String>,
    },
    /// `LIST/VOLUME/msg00042.html`
    Message(ListName, Volume, u32),
    /// `LIST/VOLUME/msg00042.eml` (live)
    Eml(ListName, Volume, u32),
    /// `LIST/VOLUME/msg00042.mbox` (live)
    Mbox(ListName, Volume, u32),
    /// `LIST/VOLUME.txt.gz`
    TextVolume(ListName, Volume),
    /// `LIST/VOLUME.mbox.gz`
    MboxVolume(ListName, Volume),
    /// `LIST/thread/KEY.html`, `KEY-2.html`; pages count from 1.
    Thread(ListName, MessageKey, u32),
    /// `LIST/thread/KEY.mbox.gz` (live)
    ThreadMbox(ListName, MessageKey),
    /// `LIST/attachments/KEY/NAME`: named by what is in it, so that a file that many mails have is
    /// there once; the name is inert already (see the page room).
    Attachment(ListName, FileKey, String),
    /// `LIST/attachments.html`: which volumes have files.
    Attachments(ListName),
    /// `LIST/author/KEY.html`, `KEY-2.html`: a person's mails. KEY is that of the first of them to arrive; any
    /// other one's leads there. 0: the newest, and all where they are few; from 1: earlier ones by hundreds
    /// in order of arrival.
    Author(ListName, MessageKey, u32),
    /// `LIST/stats.html`: the list in numbers.
    Stats(ListName),
    /// `LIST/feed.atom`
    Feed(ListName),
    /// `LIST/search/index.html`, or `search/index.html` for the whole site.
    Search(Option<ListName>),
    /// `LIST/mid.html`, `mid.html`: finds a Message-ID in the browser.
    MidPage(Option<ListName>),
    /// `LIST/mid/MESSAGE-ID/`, `mid/MESSAGE-ID/` (live).
    Mid(Option<ListName>, MessageId),
    /// `LIST/n/42` (live).
    Number(ListName, u32),
    /// `LIST/VOLUME/000042.html`, Pipermail's name: the message's page where the list has Pipermail's
    /// layout; else (live) moved to it.
    Old(ListName, Volume, u32),
    /// `LIST.mbox/LIST.mbox`: the public copies of all mails of a list, where Mailman had its mailbox; of lists
    /// that are not too large for one file.
    WholeMbox(ListName),
    /// `LIST/VOLUME.txt`: a text volume of Pipermail's layout as it is.
    PlainVolume(ListName, Volume),
    /// `LIST/attachments/20041231/0123abcd/NAME`: a file that Pipermail's scrubber took out of a mail, by
    /// day, the mail's hash in hexadecimal, and name.
    Scrubbed {
        /// The list.
        list: ListName,
        /// The day that the mail's date names: 20041231.
        day: u32,
        /// What tells the mails of a day apart.
        mail: u32,
        /// The file's name.
        name: String,
    },
    /// `LIST/VOLUME/sitemap.xml`, or `sitemap-03.xml` where `cut` is a day: the volume's pages for search
    /// engines (sitemaps.org, 0.9). Beside the pages that it names, as the protocol demands.
    Sitemap {
        /// The list.
        list: ListName,
        /// The volume.
        volume: Volume,
        /// The day of a long volume; none for the whole, or for what stands above the days.
        cut: Option<String>,
    },
    /// `sitemap.xml`: names every volume's sitemap, when the site owns its host's root.
    SitemapIndex,
    /// `robots.txt` (RFC 9309), when the site owns its host's root.
    Robots,
    /// `assets/HASH.EXT`
    Asset(String),
    /// `404.html`: what answers where nothing is.
    NotFound,
    /// `~login` (live). No list's name can begin so.
    SignIn,
    /// `~logout` (live)
    SignOut,
}

/// Where a route is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// A file of the static site and live.
    Always,
    /// A file when its volume is closed or every 15 minutes; always live: downloads.
    Closed,
    /// Only by the server.
    Live,
}

impl Route {
    /// The list whose page it is.
    pub fn list(&self) -> Option<&ListName> {
        match self {
            Route::List(list)
            | Route::Volume(list, _)
            | Route::Index { list, .. }
            | Route::Message(list, ..)
            | Route::Eml(list, ..)
            | Route::Mbox(list, ..)
            | Route::TextVolume(list, _)
            | Route::MboxVolume(list, _)
            | Route::Thread(list, ..)
            | Route::ThreadMbox(list, _)
            | Route::Attachment(list, ..)
            | Route::Attachments(list)
            | Route::Author(list, ..)
            | Route::Stats(list)
            | Route::Feed(list)
            | Route::Number(list, _)
            | Route::PlainVolume(list, _)
            | Route::WholeMbox(list)
            | Route::Scrubbed { list, .. }
            | Route::Sitemap { list, .. }
            | Route::Old(list, ..) => Some(list),
            Route::Search(list) | Route::MidPage(list) | Route::Mid(list, _) => list.as_ref(),
            Route::Home
            | Route::SitemapIndex
            | Route::Robots
            | Route::Asset(_)
            | Route::NotFound
            | Route::SignIn
            | Route::SignOut => None,
        }
    }
}
