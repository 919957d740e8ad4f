//! Links between the pages of an index, and from mails to the page that lists them.

use crate::expand::Scope;
use crate::resources::Name;

impl Scope<'_> {
    fn sheet_number(&self, thread: bool) -> usize {
        self.sheet
            .filter(|sheet| sheet.thread == thread)
            .map_or(1, |sheet| sheet.number)
    }

    /// The number of the page that a specification means.
    fn page_number(&self, specification: &str) -> Option<(bool, usize)> {
        let specification = specification.trim();
        let (thread, which) = match specification.strip_prefix('T') {
            Some(which) => (true, which),
            None => (false, specification),
        };
        let (own, count) = (self.sheet_number(thread), self.site.sheet_count());
        let number = match which {
            "FIRST" => 1,
            "LAST" => count,
            "NEXT" => own + 1,
            "PREV" => own.checked_sub(1)?,
            number => number.parse().ok()?,
        };
        (1..=count).contains(&number).then_some((thread, number))
    }

    /// The file of a page.
    pub(crate) fn page_at(&self, specification: &str) -> Option<String> {
        let (thread, number) = self.page_number(specification)?;
        Some(self.site.sheet_name(thread, number))
    }

    /// The page of an index that this page belongs to: of the mail that is shown, else its own.
    pub(crate) fn index_name(&self, thread: bool) -> Vec<u8> {
        let number = match (self.sheet, self.mail) {
            (None, Some(at)) => {
                let place = if thread {
                    self.site.forest.nodes[at].listed
                } else {
                    self.site.place[at]
                };
                self.site.sheet_of(place)
            }
            _ => self.sheet_number(thread),
        };
        self.site.sheet_name(thread, number).into_bytes()
    }

    /// `$PGLINK(NEXT)$`
    pub(crate) fn push_page_link(&self, specification: &str, out: &mut Vec<u8>) {
        let there = self.page_number(specification).is_some();
        let name = match (specification.trim(), there) {
            ("FIRST", _) => Name::FirstPgLink,
            ("LAST", _) => Name::LastPgLink,
            ("TFIRST", _) => Name::TFirstPgLink,
            ("TLAST", _) => Name::TLastPgLink,
            ("NEXT", true) => Name::NextPgLink,
            ("NEXT", false) => Name::NextPgLinkIa,
            ("PREV", true) => Name::PrevPgLink,
            ("PREV", false) => Name::PrevPgLinkIa,
            ("TNEXT", true) => Name::TNextPgLink,
            ("TNEXT", false) => Name::TNextPgLinkIa,
            ("TPREV", true) => Name::TPrevPgLink,
            ("TPREV", false) => Name::TPrevPgLinkIa,
            _ => return,
        };
        let inner = Scope {
            depth: self.depth + 1,
            ..*self
        };
        inner.push(name, out);
    }

    /// `$PGLINKLIST(3;3)$`
    pub(crate) fn push_page_list(&self, argument: &str, out: &mut Vec<u8>) {
        let thread = argument.contains('T')
            || (argument.is_empty() && self.sheet.is_some_and(|sheet| sheet.thread));
        let (own, count) = (self.sheet_number(thread), self.site.sheet_count());
        let number = |text: Option<&str>| {
            text.and_then(|text| text.trim().trim_start_matches('T').parse::<usize>().ok())
        };
        let mut pieces = argument.split(';');
        let before = number(pieces.next()).unwrap_or(count);
        let after = number(pieces.next()).unwrap_or(count);
        let first = own.saturating_sub(before).max(1);
        for page in first..=own.saturating_add(after).min(count) {
            if page > first {
                out.extend_from_slice(b" | ");
            }
            if page == own {
                out.extend_from_slice(page.to_string().as_bytes());
            } else {
                let name = self.site.sheet_name(thread, page);
                out.extend_from_slice(format!("<a href=\"{name}\">{page}</a>").as_bytes());
            }
        }
    }
}

impl crate::archive::Site<'_> {
    /// The page that lists a place.
    pub(crate) fn sheet_of(&self, place: usize) -> usize {
        place / self.sheet_size() + 1
    }
}
