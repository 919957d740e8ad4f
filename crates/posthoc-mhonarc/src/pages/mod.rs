//! Pages.

mod index;
mod message;
mod paging;
mod scan;
mod slice;
mod thread_index;

pub use message::Page;
pub(crate) use message::push_comment;
pub(crate) use slice::MARKUP as SLICE_MARKUP;

use crate::archive::{Archive, Site};
use crate::expand::{Scope, VERSION};
use crate::resources::Name;
use crate::text::push_escaped;

/// Bytes that a mail takes in an index, about: a page that grows is moved again and again.
const ABOUT: usize = 256;

/// Which page of an index.
#[derive(Clone, Copy, Debug)]
pub struct Sheet {
    /// Of the thread index.
    pub(crate) thread: bool,
    /// From 1 on.
    pub(crate) number: usize,
    /// Pages of this index.
    pub(crate) count: usize,
    /// Mails on this page.
    pub(crate) listed: usize,
}

/// A file of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path within the archive.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

fn push_program(out: &mut Vec<u8>) {
    out.extend_from_slice(format!("<!-- MHonArc v{VERSION} -->\n").as_bytes());
}

/// The end of an index: who made it.
fn push_credit(archive: &Archive, out: &mut Vec<u8>) {
    if archive.resources.is_on(Name::Doc) {
        out.extend_from_slice(b"<hr>\n<address>\nMail converted by <a href=\"");
        push_escaped(&archive.resources.value(Name::DocUrl), out);
        out.extend_from_slice(b"\">MHonArc</a>\n</address>\n");
    }
}

/// An icon's URL, and its width and height where they are told.
pub(crate) type Icon = (Vec<u8>, Option<(String, String)>);

/// The icon of a media type (ICONS); none where none is set.
pub(crate) fn icon_of(archive: &Archive, media_type: &str) -> Option<Icon> {
    let lines = archive.resources.lines(Name::Icons);
    let base = media_type.split('/').next().unwrap_or_default();
    let wanted = [media_type.to_owned(), format!("{base}/*"), "*/*".to_owned()];
    let find = |wanted: &String| {
        lines.iter().rev().find_map(|line| {
            let (kind, url) = line.split_once([':', ';'])?;
            kind.trim()
                .eq_ignore_ascii_case(wanted)
                .then(|| url.trim().to_owned())
        })
    };
    let entry = wanted.iter().find_map(find)?;
    let (size, url) = match entry
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    {
        Some((size, url)) => (size.split_once(['x', 'X']), url),
        None => (None, entry.as_str()),
    };
    let mut link = archive.resources.value(Name::IconUrlPrefix).into_owned();
    link.extend_from_slice(url.as_bytes());
    Some((
        link,
        size.map(|(width, height)| (width.to_owned(), height.to_owned())),
    ))
}

/// An icon as an IMG element with attributes before its size.
pub(crate) fn push_icon(icon: &Icon, attributes: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<img src=\"");
    push_escaped(&icon.0, out);
    out.extend_from_slice(format!("\" {attributes}").as_bytes());
    if let Some((width, height)) = &icon.1 {
        out.extend_from_slice(b" width=\"");
        push_escaped(width.as_bytes(), out);
        out.extend_from_slice(b"\" height=\"");
        push_escaped(height.as_bytes(), out);
        out.push(b'"');
    }
    out.push(b'>');
}

impl Site<'_> {
    /// Every page of the main and the thread index, where they are wanted, for [`index`](Self::index).
    pub fn indexes(&self) -> Vec<Sheet> {
        let resources = &self.archive.resources;
        let wanted = [(Name::Main, false), (Name::Thread, true)];
        let wanted = wanted.iter().filter(|(name, _)| resources.is_on(*name));
        wanted
            .flat_map(|(_, thread)| self.sheets(*thread))
            .collect()
    }

    /// A page of an index.
    pub fn index(&self, sheet: &Sheet) -> File {
        File {
            name: self
                .archive
                .resources
                .sheet_file(sheet.thread, sheet.number),
            bytes: match sheet.thread {
                true => self.thread_page(sheet),
                false => self.main_page(sheet),
            },
        }
    }

    /// One page of the main index, by its number from 1 on; none where there is no such page.
    pub fn index_page(&self, number: usize) -> Option<Vec<u8>> {
        let sheet = self.sheets(false).nth(number.checked_sub(1)?)?;
        Some(self.main_page(&sheet))
    }

    /// How many pages each index has.
    pub fn index_pages(&self) -> usize {
        self.sheet_count()
    }

    fn sheet_size(&self) -> usize {
        let resources = &self.archive.resources;
        match resources.number(Name::IdxSize) {
            size if resources.pages_are_cut() => size,
            _ => usize::MAX,
        }
    }

    fn sheets(&self, thread: bool) -> impl Iterator<Item = Sheet> {
        let (all, size) = (self.order.len(), self.sheet_size());
        let count = self.sheet_count();
        (1..=count).map(move |number| Sheet {
            thread,
            number,
            count,
            listed: size.min(all - (number - 1).saturating_mul(size).min(all)),
        })
    }

    pub(crate) fn sheet_count(&self) -> usize {
        self.order.len().div_ceil(self.sheet_size()).max(1)
    }

    /// The mails on a page, by their places in its index.
    fn sheet_range(&self, sheet: &Sheet) -> std::ops::Range<usize> {
        let size = self.sheet_size();
        let start = (sheet.number - 1).saturating_mul(size);
        start..start + sheet.listed
    }

    /// The name of a page of an index.
    pub(crate) fn sheet_name(&self, thread: bool, number: usize) -> String {
        self.archive.resources.sheet_name(thread, number)
    }

    fn index_scope<'a>(&'a self, mail: Option<usize>, sheet: &'a Sheet) -> Scope<'a> {
        Scope::of(self, mail, Some(sheet))
    }
}
