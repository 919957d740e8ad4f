//! A person's mails.

use super::index::line_items;
use super::{Around, Safe, list_name};
use crate::page::clean::one_line_clipped;
use crate::page::frame::{Frame, Link};
use crate::page::line::{lines, name_words};
use crate::page::strings::{Arg, Text};
use crate::page::{AUTHOR_PAGE, AuthorView};
use crate::route::{IndexKind, Route};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Author {
    page: Frame,
    /// Their name.
    title: String,
    /// `mails 101 to 200`, on a page of earlier ones.
    numbers: Option<String>,
    addresses: Vec<String>,
    messages: u64,
    years: Vec<Year>,
    earlier: Option<Link>,
    later: Option<Link>,
}

#[derive(Serialize)]
struct Year {
    year: i16,
    lines: Safe,
}

/// Which mails stand on a page of earlier ones.
fn numbers(page: u32, around: &Around<'_>) -> String {
    let last = u64::from(page) * AUTHOR_PAGE as u64;
    let first = last.saturating_sub(AUTHOR_PAGE as u64 - 1);
    let args = [("first", Arg::Count(first)), ("last", Arg::Count(last))];
    around.with(Text::MailsNumbered, &args)
}

pub(super) fn author(view: &AuthorView, around: &Around<'_>) -> Author {
    let list = list_name(&view.chrome);
    let name = name_words(&view.person, &around.links.strings).into_owned();
    let own = (view.page > 0).then(|| numbers(view.page, around));
    let title = match &own {
        Some(own) => format!("{name}, {own}"),
        None => name.clone(),
    };
    let mut page = around.frame("person", &title, &view.chrome);
    // People are found by reading the list, not by searching the web for them.
    page.noindex = true;
    let ahead = |text: Text, page: u32| {
        let mails = numbers(page, around);
        around.with(text, &[("mails", Arg::Words(&mails))])
    };
    let link = |page: u32, text: String| {
        let route = Route::Author(list?.clone(), view.key, page);
        let href = around.links.to(&route);
        Some(Link { text, href })
    };
    let earlier = match view.page {
        0 => view.last,
        page => page - 1,
    };
    let years = view.mails.chunk_by(|a, b| a.date.year == b.date.year);
    let year = |mails: &[crate::page::MailLine]| Year {
        year: mails[0].date.year,
        lines: Safe::new(line_items(
            &lines(mails, None, list, &around.links),
            IndexKind::Author,
        )),
    };
    let address = |address: &String| one_line_clipped(address, 200).into_owned();
    Author {
        page,
        title: name,
        numbers: own,
        addresses: view.addresses.iter().map(address).collect(),
        messages: view.messages,
        years: years.map(year).collect(),
        earlier: (earlier > 0)
            .then(|| link(earlier, ahead(Text::EarlierMails, earlier)))
            .flatten(),
        later: match view.page {
            0 => None,
            page if page == view.last => link(0, around.text(Text::NewestMails).to_owned()),
            page => link(page + 1, ahead(Text::LaterMails, page + 1)),
        },
    }
}
