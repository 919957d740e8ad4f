//! Printing: a route's path, its links to other routes, its URL.

use super::{Export, IndexKind, Route};
use crate::message::MessageId;
use crate::text::push_padded;
use std::fmt::Write;

impl IndexKind {
    /// The word in the path: `thread`, `subject`, `author`, `date`,
    /// `attachments`.
    pub fn word(self) -> &'static str {
        match self {
            IndexKind::Thread => "thread",
            IndexKind::Subject => "subject",
            IndexKind::Author => "author",
            IndexKind::Date => "date",
            IndexKind::Attachments => "attachments",
        }
    }
}

impl Route {
    /// The path relative to the site's root, without a leading slash, percent-encoded. Ends in a
    /// file's name except for the live-only `mid/MESSAGE-ID/`. [`Route::parse`] is its inverse.
    pub fn path(&self) -> String {
        match self {
            Route::Home => "index.html".to_owned(),
            Route::List(list) => [list.as_str(), "/index.html"].concat(),
            Route::Volume(list, volume) => {
                [list.as_str(), "/", volume.as_str(), "/index.html"].concat()
            }
            Route::Index {
                list,
                volume,
                kind,
                cut,
            } => match cut {
                None => format!("{list}/{volume}/{}.html", kind.word()),
                Some(cut) => format!("{list}/{volume}/{}-{cut}.html", kind.word()),
            },
            Route::Message(list, volume, number) => {
                let mut path = String::with_capacity(list.as_str().len() + 32);
                path.push_str(list.as_str());
                path.push('/');
                path.push_str(volume.as_str());
                path.push_str("/msg");
                push_padded(&mut path, (*number).into(), 5);
                path.push_str(".html");
                path
            }
            Route::Eml(list, volume, number) => format!("{list}/{volume}/msg{number:05}.eml"),
            Route::Mbox(list, volume, number) => format!("{list}/{volume}/msg{number:05}.mbox"),
            Route::Old(list, volume, number) => format!("{list}/{volume}/{number:06}.html"),
            Route::WholeMbox(list) => format!("{list}.mbox/{list}.mbox"),
            Route::PlainVolume(list, volume) => format!("{list}/{volume}.txt"),
            Route::Scrubbed {
                list,
                day,
                mail,
                name,
            } => format!("{list}/attachments/{day:08}/{mail:08x}/{name}"),
            Route::TextVolume(list, volume) => format!("{list}/{volume}.txt.gz"),
            Route::MboxVolume(list, volume) => format!("{list}/{volume}.mbox.gz"),
            Route::Thread(list, key, 1) => {
                [list.as_str(), "/thread/", &key.to_string(), ".html"].concat()
            }
            Route::Thread(list, key, page) => format!("{list}/thread/{key}-{page}.html"),
            Route::ThreadMbox(list, key) => format!("{list}/thread/{key}.mbox.gz"),
            Route::Attachment(list, key, name) => format!("{list}/attachments/{key}/{name}"),
            Route::Attachments(list) => [list.as_str(), "/attachments.html"].concat(),
            Route::Author(list, key, 0) => format!("{list}/author/{key}.html"),
            Route::Author(list, key, page) => format!("{list}/author/{key}-{page}.html"),
            Route::Stats(list) => [list.as_str(), "/stats.html"].concat(),
            Route::Feed(list) => [list.as_str(), "/feed.atom"].concat(),
            Route::Search(None) => "search/index.html".to_owned(),
            Route::Search(Some(list)) => [list.as_str(), "/search/index.html"].concat(),
            Route::MidPage(None) => "mid.html".to_owned(),
            Route::MidPage(Some(list)) => format!("{list}/mid.html"),
            Route::Mid(None, id) => format!("mid/{}/", encode_id(id)),
            Route::Mid(Some(list), id) => format!("{list}/mid/{}/", encode_id(id)),
            Route::Number(list, number) => format!("{list}/n/{number}"),
            Route::Sitemap {
                list,
                volume,
                cut: None,
            } => format!("{list}/{volume}/sitemap.xml"),
            Route::Sitemap {
                list,
                volume,
                cut: Some(cut),
            } => format!("{list}/{volume}/sitemap-{cut}.xml"),
            Route::SitemapIndex => "sitemap.xml".to_owned(),
            Route::Robots => "robots.txt".to_owned(),
            Route::Asset(name) => ["assets/", name].concat(),
            Route::NotFound => "404.html".to_owned(),
            Route::SignIn => "~login".to_owned(),
            Route::SignOut => "~logout".to_owned(),
        }
    }

    /// Where this route is served.
    pub fn export(&self) -> Export {
        match self {
            Route::Home
            | Route::List(_)
            | Route::Volume(..)
            | Route::Index { .. }
            | Route::Message(..)
            | Route::Thread(..)
            | Route::Attachment(..)
            | Route::Attachments(_)
            | Route::Author(..)
            | Route::Stats(_)
            | Route::Feed(_)
            | Route::Search(_)
            | Route::MidPage(_)
            | Route::Sitemap { .. }
            | Route::SitemapIndex
            | Route::Robots
            | Route::Asset(_)
            | Route::NotFound => Export::Always,
            Route::TextVolume(..)
            | Route::MboxVolume(..)
            | Route::PlainVolume(..)
            | Route::WholeMbox(_) => Export::Closed,
            Route::Old(..) | Route::Scrubbed { .. } => Export::Always,
            Route::Eml(..)
            | Route::Mbox(..)
            | Route::ThreadMbox(..)
            | Route::Mid(..)
            | Route::Number(..)
            | Route::SignIn
            | Route::SignOut => Export::Live,
        }
    }

    /// A link from this page to another, relative, so that it works over HTTP under any prefix and
    /// from a folder opened as `file://`.
    pub fn link_to(&self, other: &Route) -> String {
        relative(&self.path(), &other.path())
    }

    /// The absolute URL under a base without trailing slash; a directory's page without its
    /// `index.html`.
    pub fn url(&self, base: &str) -> String {
        let path = self.path();
        let short = match path.strip_suffix("index.html") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
            _ => path.as_str(),
        };
        format!("{}/{short}", base.trim_end_matches('/'))
    }
}

/// The relative link between two paths as [`Route::path`] prints them.
pub(crate) fn relative(from: &str, to: &str) -> String {
    let pairs = from.bytes().zip(to.bytes());
    let shared = pairs.take_while(|(a, b)| a == b).count();
    let folder = memchr::memrchr(b'/', &from.as_bytes()[..shared]);
    let root = folder.map_or(0, |slash| slash + 1);
    let ups = memchr::memchr_iter(b'/', &from.as_bytes()[root..]).count();
    let rest = &to[root..];
    if ups == 0 && rest.is_empty() {
        return "./".to_owned();
    }
    let mut link = String::with_capacity(ups * 3 + rest.len());
    for _ in 0..ups {
        link.push_str("../");
    }
    link.push_str(rest);
    link
}

/// Percent-encodes all but the unreserved characters of RFC 3986 and `@`, which is allowed in a
/// path and makes Message-IDs readable.
fn encode_id(id: &MessageId) -> String {
    let mut out = String::with_capacity(id.0.len() + 8);
    for byte in id.0.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
