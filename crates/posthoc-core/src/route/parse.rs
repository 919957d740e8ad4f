//! Parsing: what page a path names.
//!
//! Only Message-IDs are percent-decoded, once; every other name is made of plain characters, so a
//! `%` or a `..` anywhere else names nothing.

use super::{IndexKind, ListName, Route, Volume};
use crate::message::{FileKey, MessageId, MessageKey};

/// Bytes of the longest path that is looked at.
const LONGEST_PATH: usize = 8_192;
/// Bytes of the longest file name that a route can hold.
const LONGEST_NAME: usize = 128;

impl Route {
    /// Reads a path relative to the site's root, without leading slash and query. Accepts what
    /// [`Route::path`] prints, directories (`LIST/`, `LIST/VOLUME/`, `search/`) and message numbers
    /// with more digits than needed. `None` for anything else: unknown, hostile or over-long.
    pub fn parse(path: &str) -> Option<Route> {
        if path.len() > LONGEST_PATH || path.bytes().any(|byte| byte < 0x20 || byte == b'\\') {
            return None;
        }
        let (first, rest) = match path.split_once('/') {
            None => return parse_root(path),
            Some(split) => split,
        };
        match first {
            "assets" => file_name(rest).map(Route::Asset),
            "search" => is_index(rest).then_some(Route::Search(None)),
            "mid" => parse_id(rest).map(|id| Route::Mid(None, id)),
            _ => {
                if let Some(list) = first.strip_suffix(".mbox").filter(|_| first == rest) {
                    let name = ListName::new(list).filter(|name| name.as_str() == list);
                    return name.map(Route::WholeMbox);
                }
                let list = ListName::new(first).filter(|list| list.as_str() == first)?;
                parse_list(list, rest)
            }
        }
    }
}

fn parse_root(path: &str) -> Option<Route> {
    match path {
        "" | "index.html" => Some(Route::Home),
        "mid.html" => Some(Route::MidPage(None)),
        "404.html" => Some(Route::NotFound),
        "robots.txt" => Some(Route::Robots),
        "sitemap.xml" => Some(Route::SitemapIndex),
        "~login" => Some(Route::SignIn),
        "~logout" => Some(Route::SignOut),
        _ => None,
    }
}

fn parse_list(list: ListName, path: &str) -> Option<Route> {
    let (first, rest) = match path.split_once('/') {
        Some(split) => split,
        None => return parse_list_file(list, path),
    };
    match first {
        "thread" => parse_thread(list, rest),
        "author" => parse_author(list, rest),
        "attachments" => {
            let (first, name) = rest.split_once('/')?;
            match name.split_once('/') {
                Some((mail, name)) => parse_scrubbed(list, first, mail, name),
                None => {
                    let key = FileKey::parse(first)?;
                    file_name(name).map(|name| Route::Attachment(list, key, name))
                }
            }
        }
        "search" => is_index(rest).then_some(Route::Search(Some(list))),
        "mid" => parse_id(rest).map(|id| Route::Mid(Some(list), id)),
        "n" => canonical_number(rest).map(|number| Route::Number(list, number)),
        _ => parse_volume_file(list, Volume::parse(first)?, rest),
    }
}

fn parse_list_file(list: ListName, name: &str) -> Option<Route> {
    match name {
        "" | "index.html" => return Some(Route::List(list)),
        "feed.atom" => return Some(Route::Feed(list)),
        "mid.html" => return Some(Route::MidPage(Some(list))),
        "attachments.html" => return Some(Route::Attachments(list)),
        "stats.html" => return Some(Route::Stats(list)),
        _ => {}
    }
    if let Some(volume) = name.strip_suffix(".txt.gz") {
        return Some(Route::TextVolume(list, Volume::parse(volume)?));
    }
    if let Some(volume) = name.strip_suffix(".txt") {
        return Some(Route::PlainVolume(list, Volume::parse(volume)?));
    }
    let volume = name.strip_suffix(".mbox.gz")?;
    Some(Route::MboxVolume(list, Volume::parse(volume)?))
}

fn parse_scrubbed(list: ListName, day: &str, mail: &str, name: &str) -> Option<Route> {
    let is_hash = mail.len() == 8
        && mail
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
    let name = file_name(name).filter(|_| day.len() == 8 && is_hash)?;
    Some(Route::Scrubbed {
        list,
        day: long_number(day, 8)?,
        mail: u32::from_str_radix(mail, 16).ok()?,
        name,
    })
}

fn parse_volume_file(list: ListName, volume: Volume, name: &str) -> Option<Route> {
    if is_index(name) {
        return Some(Route::Volume(list, volume));
    }
    let (stem, extension) = name.split_once('.')?;
    if let Some(digits) = stem.strip_prefix("msg") {
        let number = long_number(digits, 5)?;
        return match extension {
            "html" => Some(Route::Message(list, volume, number)),
            "eml" => Some(Route::Eml(list, volume, number)),
            "mbox" => Some(Route::Mbox(list, volume, number)),
            _ => None,
        };
    }
    if extension == "xml" {
        let cut = match stem.split_once('-') {
            None if stem == "sitemap" => None,
            Some(("sitemap", cut)) if is_cut(cut) => Some(cut.to_owned()),
            _ => return None,
        };
        return Some(Route::Sitemap { list, volume, cut });
    }
    if extension != "html" {
        return None;
    }
    if stem.starts_with(|c: char| c.is_ascii_digit()) {
        return long_number(stem, 6).map(|number| Route::Old(list, volume, number));
    }
    let (word, cut) = match stem.split_once('-') {
        None => (stem, None),
        Some((word, cut)) => (word, Some(cut)),
    };
    let kind = match word {
        "thread" => IndexKind::Thread,
        "subject" => IndexKind::Subject,
        "author" => IndexKind::Author,
        "date" => IndexKind::Date,
        "attachments" => IndexKind::Attachments,
        _ => return None,
    };
    if cut.is_some_and(|cut| !is_cut(cut)) {
        return None;
    }
    Some(Route::Index {
        list,
        volume,
        kind,
        cut: cut.map(str::to_owned),
    })
}

fn parse_thread(list: ListName, name: &str) -> Option<Route> {
    if let Some(key) = name.strip_suffix(".mbox.gz") {
        return Some(Route::ThreadMbox(list, MessageKey::parse(key)?));
    }
    let (key, page) = keyed_page(name, 2)?;
    Some(Route::Thread(list, key, page.unwrap_or(1)))
}

fn parse_author(list: ListName, name: &str) -> Option<Route> {
    let (key, page) = keyed_page(name, 1)?;
    Some(Route::Author(list, key, page.unwrap_or(0)))
}

/// `KEY.html`, or `KEY-2.html` with its number, from the least one on.
fn keyed_page(name: &str, least: u32) -> Option<(MessageKey, Option<u32>)> {
    let stem = name.strip_suffix(".html")?;
    match stem.split_once('-') {
        None => Some((MessageKey::parse(stem)?, None)),
        Some((key, page)) => {
            let page = canonical_number(page).filter(|page| *page >= least)?;
            Some((MessageKey::parse(key)?, Some(page)))
        }
    }
}

fn is_index(name: &str) -> bool {
    name.is_empty() || name == "index.html"
}

fn is_cut(cut: &str) -> bool {
    (1..=32).contains(&cut.len())
        && cut
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
}

/// A name that is safe as one file on any system and in any URL.
fn file_name(name: &str) -> Option<String> {
    let well_made = (1..=LONGEST_NAME).contains(&name.len())
        && !name.starts_with('.')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    well_made.then(|| name.to_owned())
}

/// Digits without superfluous zeros.
fn canonical_number(digits: &str) -> Option<u32> {
    let number: u32 = long_number(digits, 1)?;
    (digits == "0" || !digits.starts_with('0')).then_some(number)
}

/// At least so many digits, at most 12.
fn long_number(digits: &str, least: usize) -> Option<u32> {
    let well_made =
        (least..=12).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    well_made.then(|| digits.parse().ok())?
}

/// One segment, decoded once. Ids that a path cannot carry (empty, dot segments, with a NUL) name
/// nothing.
fn parse_id(rest: &str) -> Option<MessageId> {
    let segment = rest.strip_suffix('/').unwrap_or(rest);
    if segment.contains('/') {
        return None;
    }
    let mut bytes = Vec::with_capacity(segment.len());
    let mut encoded = segment.bytes();
    while let Some(byte) = encoded.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let (high, low) = (digit(encoded.next())?, digit(encoded.next())?);
        bytes.push((high * 16 + low) as u8);
    }
    let id = String::from_utf8(bytes).ok()?;
    let carried = !id.is_empty() && id != "." && id != ".." && !id.contains('\0');
    carried.then_some(MessageId(id))
}
