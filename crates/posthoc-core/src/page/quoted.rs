//! The way from a quote to the mail that it quotes.

use super::MailLine;
use super::clean::one_line_clipped;
use super::line::name_words;
use super::strings::{Arg, Strings, Text};
use crate::text::Html;

/// Mails above that are looked at for whom a quote names.
pub(super) const MOST_ABOVE: usize = 12;
/// Letters of the shortest name that is looked for in an attribution.
const SHORTEST_NAME: usize = 3;

/// A mail above, which the mail on the page may quote.
#[derive(Clone, Debug)]
pub(super) struct Quoted {
    /// Its author's name.
    pub(super) name: String,
    /// Where it is: its page, or its place on this page.
    pub(super) href: String,
    /// `2 Nov 2025`
    pub(super) date: String,
}

impl Quoted {
    pub(super) fn new(mail: &MailLine, href: String, strings: &Strings) -> Self {
        Quoted {
            name: name_words(&mail.author, strings).into_owned(),
            href,
            date: strings.date(&mail.date),
        }
    }
}

/// The mail that an attribution speaks of: the nearest above whose author it names; where it names
/// nobody and is the only one (`alone`), the mail that is answered.
pub(super) fn quoted_by<'q>(told: &str, above: &'q [Quoted], alone: bool) -> Option<&'q Quoted> {
    let told = told.to_lowercase();
    let named = |quoted: &&Quoted| {
        let name = quoted.name.to_lowercase();
        name.chars().count() >= SHORTEST_NAME && told.contains(&name)
    };
    let named = above.iter().find(named);
    named.or_else(|| above.first().filter(|_| alone))
}

/// Appends the link to a quoted mail behind its attribution.
pub(super) fn push_origin(html: &mut Html, origin: &Quoted, strings: &Strings) {
    html.push_literal(" <a class=\"origin\" href=\"");
    html.push_text(&origin.href);
    html.push_literal("\" aria-label=\"");
    let name = one_line_clipped(&origin.name, 60);
    let args = [
        ("author", Arg::Words(&name)),
        ("date", Arg::Words(&origin.date)),
    ];
    strings.push_html(html, Text::OriginLabel, &args);
    html.push_literal("\">");
    html.push_text(strings.get(Text::OriginLink));
    html.push_literal("</a>");
}

/// The mails above each mail of lines in display order, the nearest first: positions among the lines,
/// ghosts left out, at most [`MOST_ABOVE`].
pub(super) fn above(mails: &[&MailLine]) -> Vec<Vec<usize>> {
    // The way from a root to the line before; what is no shallower than a line is not above it.
    let mut way: Vec<usize> = Vec::new();
    let mut all = Vec::with_capacity(mails.len());
    for (at, mail) in mails.iter().enumerate() {
        while way
            .last()
            .is_some_and(|above| mails[*above].depth >= mail.depth)
        {
            way.pop();
        }
        let near = way.iter().rev().copied();
        let held = near.filter(|above| mails[*above].address.is_some());
        all.push(held.take(MOST_ABOVE).collect());
        way.push(at);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(name: &str) -> Quoted {
        Quoted {
            name: name.into(),
            href: format!("#{name}"),
            date: String::new(),
        }
    }

    #[test]
    fn the_nearest_who_is_named() {
        let above = [mail("Ada"), mail("Bob Builder"), mail("Ada"), mail("Jo")];
        let find = |told, alone| quoted_by(told, &above, alone).map(|mail| &*mail.name);
        assert_eq!(
            find("On Monday, BOB BUILDER wrote:", false),
            Some("Bob Builder")
        );
        assert_eq!(find("ada <ada at x> wrote:", false), Some("Ada"));
        assert_eq!(find("Somebody wrote:", true), Some("Ada"));
        assert_eq!(find("Somebody wrote:", false), None);
        assert_eq!(
            find("Jo wrote:", false),
            None,
            "too short a name to be sure"
        );
        assert!(quoted_by("Ada wrote:", &[], true).is_none());
    }
}
