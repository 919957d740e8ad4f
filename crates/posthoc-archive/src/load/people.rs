//! People of a list: whose mails are whose, and a page of them all.
//!
//! An author is an address; the site's mailmap says which addresses are one person's. Nothing of this is
//! told on a list that shows nothing of addresses, nor of those who want no page.

use super::{Loaded, Reader};
use crate::error::Result;
use crate::tables::{ListRow, MailRow, author_key, is_somebodys};
use posthoc_core::message::MessageKey;
use posthoc_core::page::{
    AUTHOR_PAGE, AuthorView, LayoutName, MailLine, Mask, Person, View, folded,
};
use posthoc_core::route::{ListName, Route};
use posthoc_store::Direction::Forward;
use std::collections::HashMap;
use std::sync::Arc;

/// Pages of authors that a reader keeps at hand, by list and address; then it begins anew.
pub(super) type KnownAuthors = HashMap<(u32, MessageKey), Option<Route>>;

/// How many of them.
const KNOWN: usize = 8_000;

/// The person whose pages a reader made last, by list and first address, with their mails: somebody's pages are
/// made one after the other, and each is a stretch of the same numbers.
pub(super) type LastPerson = Option<((u32, String), Arc<[u32]>)>;

/// The last page of earlier mails of a person who has so many; 0: there is none.
pub(crate) fn last_page(mails: usize) -> u32 {
    (mails / AUTHOR_PAGE).saturating_sub(1) as u32
}

impl Reader<'_> {
    /// Whether a list has pages of people.
    pub(crate) fn names_people(&self, list: &ListRow) -> bool {
        self.mask(list) != Mask::Full
            && self.layout_of(list) == LayoutName::Posthoc
            && !self.settings_of(list).no_author_pages
    }

    /// The addresses of the person who has one, in lower case; none where they have no page on the list:
    /// they want none, or the address is the list's own, in whose name many write.
    pub(crate) fn addresses_of(&self, list: &ListRow, address: &str) -> Option<Vec<String>> {
        let address = folded(address);
        let head = self.list_head(list)?;
        let is_own = |local: &str| local.eq_ignore_ascii_case(&list.name);
        let is_lists = address.split('@').next().is_some_and(is_own)
            || head.address.is_some_and(|own| folded(&own) == address);
        if !self.names_people(list) || !is_somebodys(&address) || is_lists {
            return None;
        }
        match self.site().people.of(&address) {
            Some(known) => (!known.apart).then(|| known.addresses.clone()),
            None => Some(vec![address]),
        }
    }

    /// Numbers of the shown mails of the person who has an address, rising; none where they have no page.
    pub(crate) fn mails_of_person(
        &self,
        list: &ListRow,
        address: &str,
    ) -> Result<Option<Arc<[u32]>>> {
        let Some(addresses) = self.addresses_of(list, address) else {
            return Ok(None);
        };
        let person = (list.list, addresses.first().cloned().unwrap_or_default());
        if let Some((last, numbers)) = &*self.last_person.borrow()
            && *last == person
        {
            return Ok(Some(numbers.clone()));
        }
        let mut numbers = Vec::new();
        for author in addresses.iter().filter_map(|address| author_key(address)) {
            numbers.extend(self.rows.mails_by(list.list, author)?);
        }
        numbers.sort_unstable();
        let numbers: Arc<[u32]> = numbers.into();
        *self.last_person.borrow_mut() = Some((person, numbers.clone()));
        Ok(Some(numbers))
    }

    /// The page of all mails of a shown mail's author, where there is one: named by the first to arrive
    /// that is shown, so that the name tells nothing of an address or of what was removed.
    pub(crate) fn author_route(&self, list: &ListRow, row: &MailRow) -> Result<Option<Route>> {
        let Some(author) = author_key(&row.author_address).filter(|_| !row.hidden) else {
            return Ok(None);
        };
        if let Some(route) = self.authors.borrow().get(&(list.list, author)) {
            return Ok(route.clone());
        }
        let mut first: Option<u32> = None;
        let addresses = self
            .addresses_of(list, &row.author_address)
            .unwrap_or_default();
        for author in addresses.iter().filter_map(|address| author_key(address)) {
            let number = self.rows.end_by(list.list, author, Forward)?;
            first = number.into_iter().chain(first).min();
        }
        let route = match first {
            Some(number) => self.person_named_by(list, number)?,
            None => None,
        };
        let mut authors = self.authors.borrow_mut();
        if authors.len() >= KNOWN {
            authors.clear();
        }
        authors.insert((list.list, author), route.clone());
        Ok(route)
    }

    /// The first page of the person whose first mail has that number.
    pub(crate) fn person_named_by(&self, list: &ListRow, number: u32) -> Result<Option<Route>> {
        let (name, row) = (self.name(list), self.mail(list.list, number)?);
        Ok(name
            .zip(row)
            .map(|(name, row)| Route::Author(name, row.key, 0)))
    }

    /// All pages of a list's people.
    pub(crate) fn all_author_routes(&self, list: &ListRow, name: &ListName) -> Result<Vec<Route>> {
        let mut routes = Vec::new();
        if !self.names_people(list) {
            return Ok(routes);
        }
        for (first, mails) in self.rows.authors(list.list)? {
            let Some(row) = self.mail(list.list, first)? else {
                continue;
            };
            let mails = match self.addresses_of(list, &row.author_address) {
                None => continue,
                Some(addresses) if addresses.len() == 1 => mails,
                Some(_) => {
                    let numbers = self.mails_of_person(list, &row.author_address)?;
                    let numbers = numbers.unwrap_or_default();
                    if numbers.first() != Some(&first) {
                        continue;
                    }
                    numbers.len()
                }
            };
            let page = |page| Route::Author(name.clone(), row.key, page);
            routes.extend((0..=last_page(mails)).map(page));
        }
        Ok(routes)
    }

    /// A person as one of their mails names them, or as the site is told.
    pub(super) fn person(&self, list: &ListRow, row: &MailRow) -> Person {
        let person = self.line(list, row).author;
        let known = self.site().people.of(&row.author_address);
        match known.filter(|known| !known.name.is_empty()) {
            Some(known) => Person {
                name: self.mask(list).display_name(&known.name).into_owned(),
                ..person
            },
            None => person,
        }
    }

    /// A person's page by any of their shown mails.
    pub(super) fn author(
        &self,
        list: &ListRow,
        key: MessageKey,
        page: u32,
    ) -> Result<Option<Loaded>> {
        let row = match self.names_people(list) {
            true => self.place(list, key)?,
            false => None,
        };
        let Some(row) = row else { return Ok(None) };
        if row.hidden {
            return Ok(Some(Loaded::Gone(self.chrome(list))));
        }
        let Some(numbers) = self.mails_of_person(list, &row.author_address)? else {
            return Ok(None);
        };
        if numbers.first() != Some(&row.number) {
            return Ok(self.author_route(list, &row)?.map(Loaded::Moved));
        }
        let last = last_page(numbers.len());
        let here = match page as usize {
            0 => &numbers[last as usize * AUTHOR_PAGE..],
            _ if page > last => return Ok(None),
            page => &numbers[(page - 1) * AUTHOR_PAGE..page * AUTHOR_PAGE],
        };
        let mut rows: Vec<Arc<MailRow>> = Vec::with_capacity(here.len());
        for number in here {
            rows.extend(self.mail(list.list, *number)?);
        }
        let Some(newest) = rows.last().cloned() else {
            return Ok(None);
        };
        rows.sort_by_key(|row| std::cmp::Reverse((row.date, row.content)));
        let mails: Vec<MailLine> = rows.iter().map(|row| self.line(list, row)).collect();
        let (addresses, messages) = match page {
            0 => (self.shown_addresses(list, &row)?, numbers.len() as u64),
            _ => (Vec::new(), 0),
        };
        Ok(Some(Loaded::View(Box::new(View::Author(AuthorView {
            chrome: self.chrome(list),
            key,
            person: self.person(list, &newest),
            addresses,
            messages,
            page,
            last,
            mails,
        })))))
    }

    /// A person's addresses that have shown mails, by their first ones, as the list shows them.
    fn shown_addresses(&self, list: &ListRow, row: &MailRow) -> Result<Vec<String>> {
        let mut first: Vec<(u32, String)> = Vec::new();
        let addresses = self
            .addresses_of(list, &row.author_address)
            .unwrap_or_default();
        for author in addresses.iter().filter_map(|address| author_key(address)) {
            let Some(number) = self.rows.end_by(list.list, author, Forward)? else {
                continue;
            };
            if let Some(row) = self.mail(list.list, number)? {
                first.push((number, self.line(list, &row).author.address));
            }
        }
        first.sort();
        let mut shown: Vec<String> = Vec::new();
        for (_, address) in first {
            if !address.is_empty() && !shown.contains(&address) {
                shown.push(address);
            }
        }
        Ok(shown)
    }
}
