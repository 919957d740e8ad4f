//! The search page and the page that looks up a Message-ID.

use super::facets::{Beside, asked, beside};
use super::fault::fault_words;
use super::lists::list_links;
use super::{Around, list_name};
use crate::page::assets::mid_script_route;
use crate::page::clean::{clip, one_line};
use crate::page::frame::{Frame, Link};
use crate::page::line::Line;
use crate::page::question::Question;
use crate::page::strings::{Arg, Text};
use crate::page::{Chrome, SearchHit, SearchView};
use crate::query;
use crate::route::Route;
use minijinja::Value;
use serde::Serialize;

/// Characters of a query that are shown and put into links.
const LONGEST_QUERY: usize = 1_000;
/// The shape in which each thread is one hit.
const THREADS: &str = "threads";

#[derive(Serialize)]
pub(super) struct Search {
    page: Frame,
    title: String,
    query: String,
    asked: bool,
    error: Option<QueryError>,
    refused: Option<String>,
    /// `41 mails in 12 threads, 21 to 40`
    facts: String,
    /// The same mails in other shapes.
    ways: Vec<Way>,
    meant: Option<Meant>,
    /// The shape that the form asks for again.
    shape: &'static str,
    orders: Vec<Order>,
    groups: Vec<Group>,
    beside: Option<Beside>,
    earlier: Option<String>,
    later: Option<String>,
    lists: Vec<Link>,
    list: Option<Link>,
}

/// The query around the character that is at fault.
#[derive(Serialize)]
struct QueryError {
    words: String,
    before: String,
    at: String,
    after: String,
}

#[derive(Serialize)]
struct Order {
    value: &'static str,
    text: String,
    chosen: bool,
}

/// The same mails in another shape.
#[derive(Serialize)]
struct Way {
    text: String,
    href: String,
    /// The name of the file that it is.
    file: Option<&'static str>,
}

/// A query that was probably meant.
#[derive(Serialize)]
struct Meant {
    query: String,
    href: String,
    facts: String,
}

/// Hits under a heading.
#[derive(Serialize)]
struct Group {
    title: Option<String>,
    hits: Vec<Hit>,
}

#[derive(Serialize)]
struct Hit {
    line: Value,
    list: String,
    snippet: Vec<Piece>,
    thread: Option<ThreadLink>,
}

/// The thread that a hit stands for.
#[derive(Serialize)]
struct ThreadLink {
    href: String,
    /// `5 mails of this thread`
    text: String,
}

#[derive(Serialize)]
struct Piece {
    text: String,
    hit: bool,
}

pub(super) fn search(view: &SearchView, around: &Around<'_>) -> Search {
    let list = view.chrome.list.as_ref();
    let title = match list {
        Some(head) => {
            let title = one_line(&head.title);
            around.with(
                Text::SearchList,
                &[("list", Arg::Words(&clip(&title, 100)))],
            )
        }
        None => around.text(Text::SearchAll).to_owned(),
    };
    let query = clip(&one_line(&view.query), LONGEST_QUERY).into_owned();
    let is_asked = !query.is_empty();
    let mut page = around.frame("search", &title, &view.chrome);
    page.noindex |= is_asked;
    if !is_asked {
        // On a static host the same page comes whatever is asked, and answers in the browser.
        page.script = Some(around.links.to(&around.links.strings.scripts().search()));
    }
    page.query.clone_from(&query);
    let shape = if view.threads.is_some() { THREADS } else { "" };
    let question = Question {
        query: &query,
        order: &view.order,
        shape,
        offset: 0,
    };
    let paged = |offset: u64| asked(&Question { offset, ..question }, around);
    let shown = view.hits.len() as u64;
    let partial = view.partial.len() as u64;
    let hits = view.threads.map_or(view.total, |found| found.threads);
    let orders = [
        ("relevance", Text::OrderBest),
        ("new", Text::OrderNew),
        ("old", Text::OrderOld),
    ];
    Search {
        error: view
            .error
            .as_ref()
            .map(|error| query_error(&view.query, error, around)),
        refused: view
            .refused
            .as_ref()
            .map(|told| around.links.strings.told(told)),
        facts: facts(view, hits, around),
        ways: ways(view, question, around),
        meant: view.meant.as_ref().map(|(query, total)| Meant {
            query: query.clone(),
            href: asked(&Question { query, ..question }, around),
            facts: around.links.strings.mails(*total),
        }),
        shape,
        orders: orders
            .map(|(value, text)| Order {
                value,
                text: around.text(text).to_owned(),
                chosen: value == view.order,
            })
            .into(),
        groups: groups(view, around),
        beside: beside(&view.facets, question, around),
        earlier: (view.offset > 0).then(|| paged(view.offset.saturating_sub(view.per_page))),
        later: (view.offset + shown < hits && shown > 0
            || partial > 0 && shown + partial == view.per_page)
            .then(|| paged(view.offset + view.per_page)),
        lists: list_links(&view.lists, around),
        list: list_name(&view.chrome).map(|name| Link {
            text: title.clone(),
            href: around.links.to(&Route::List(name.clone())),
        }),
        page,
        title,
        asked: is_asked,
        query,
    }
}

/// How many hits there are, of how many threads, and which of them are shown.
fn facts(view: &SearchView, hits: u64, around: &Around<'_>) -> String {
    let mails = around.links.strings.mails(view.total);
    let mut facts = match view.threads {
        Some(found) if found.of < view.total => around.with(
            Text::FoundFirst,
            &[
                ("first", Arg::Count(found.of)),
                ("mails", Arg::Words(&mails)),
            ],
        ),
        _ => mails,
    };
    if let Some(found) = view.threads {
        let threads = Arg::Count(found.threads);
        let args = [("mails", Arg::Words(&facts)), ("threads", threads)];
        facts = around.with(Text::FoundThreads, &args);
    }
    let shown = view.hits.len() as u64;
    if shown > 0 && shown < hits {
        let args = [
            ("found", Arg::Words(&facts)),
            ("first", Arg::Count(view.offset + 1)),
            ("last", Arg::Count(view.offset + shown)),
        ];
        facts = around.with(Text::FoundRange, &args);
    }
    facts
}

/// The other shapes of an answer that has mails.
fn ways(view: &SearchView, question: Question<'_>, around: &Around<'_>) -> Vec<Way> {
    let way = |text, shape, order, file| Way {
        text: around.text(text).to_owned(),
        href: asked(
            &Question {
                shape,
                order,
                ..question
            },
            around,
        ),
        file,
    };
    let mut ways = Vec::new();
    if view.total > 0 {
        ways.push(match view.threads {
            None => way(Text::ByThread, THREADS, question.order, None),
            Some(_) => way(Text::MailByMail, "", question.order, None),
        });
        ways.push(way(Text::FeedLink, "atom", "", None));
    }
    if view.total > 0 && view.mailbox {
        ways.push(way(
            Text::MailboxLink,
            "mbox.gz",
            "",
            Some("search.mbox.gz"),
        ));
    }
    ways
}

/// The mails that answer, then those that have only some of the words.
fn groups(view: &SearchView, around: &Around<'_>) -> Vec<Group> {
    let group = |title, hits: &[SearchHit]| Group {
        title,
        hits: hits.iter().map(|hit| hit_model(hit, around)).collect(),
    };
    let mut groups = vec![group(None, &view.hits)];
    if !view.partial.is_empty() {
        groups.push(group(
            Some(around.text(Text::SomeWords).to_owned()),
            &view.partial,
        ));
    }
    groups
}

fn hit_model(hit: &SearchHit, around: &Around<'_>) -> Hit {
    let piece = |(text, hit): &(String, bool)| Piece {
        // Blanks at the ends hold the pieces apart, so only the characters are cleaned.
        text: text.replace(|c: char| c.is_control(), " "),
        hit: *hit,
    };
    Hit {
        line: Line::new(&hit.line, Some(&hit.list), &around.links).into_value(),
        list: hit.list.to_string(),
        snippet: hit.snippet.iter().map(piece).collect(),
        thread: hit.thread.map(|(key, hits)| ThreadLink {
            href: around.links.to(&Route::Thread(hit.list.clone(), key, 1)),
            text: around.with(
                Text::OfThisThread,
                &[("mails", Arg::Words(&around.links.strings.mails(hits)))],
            ),
        }),
    }
}

/// The fault's place is shown by the characters around it; one past the end means that something is
/// missing there.
fn query_error(query: &str, error: &query::QueryError, around: &Around<'_>) -> QueryError {
    let at = query.get(..error.at).unwrap_or_default().chars().count();
    let cut = |from: usize, to: usize| -> String {
        let piece: String = query.chars().skip(from).take(to - from).collect();
        one_line(&piece).into_owned()
    };
    let from = at.saturating_sub(60);
    QueryError {
        words: fault_words(error, &around.links.strings),
        before: cut(from, at),
        at: cut(at, at.saturating_add(1)),
        after: cut(at.saturating_add(1), at.saturating_add(61)),
    }
}

#[derive(Serialize)]
pub(super) struct Mid {
    page: Frame,
    title: String,
    search: String,
}

pub(super) fn mid(chrome: &Chrome, around: &Around<'_>) -> Mid {
    let title = around.text(Text::FindById).to_owned();
    let mut page = around.frame("mid", &title, chrome);
    page.script = Some(around.links.to(&mid_script_route()));
    page.noindex = true;
    Mid {
        page,
        title,
        search: around.links.to(&Route::Search(list_name(chrome).cloned())),
    }
}
